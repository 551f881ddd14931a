package import Cryptography

/// The extensions that only a bridge needs (RFC 5280 §4.2.1.4–4.2.1.15, §4.2.2, §5.2).
extension DERWriter {
    mutating func authorityConstraints(pathLength: Int) {
        element(.basicConstraints, critical: true) {
            $0.sequence { constraints in
                constraints.boolean(true)
                constraints.integer(pathLength)
            }
        }
    }

    mutating func policies(_ policies: [ObjectIdentifier]) {
        element(.certificatePolicies, critical: true) {
            $0.sequence { list in for policy in policies { list.sequence { $0.objectIdentifier(policy) } } }
        }
    }

    mutating func policyMappings(_ pairs: [(issuer: ObjectIdentifier, subject: ObjectIdentifier)]) {
        element(.policyMappings, critical: true) {
            $0.sequence { list in
                for pair in pairs {
                    list.sequence { mapping in
                        mapping.objectIdentifier(pair.issuer)
                        mapping.objectIdentifier(pair.subject)
                    }
                }
            }
        }
    }

    mutating func policyConstraints(explicit: Int, mapping: Int?) {
        element(.policyConstraints, critical: true) {
            $0.sequence { constraints in
                constraints.context(0, content: [UInt8(clamping: explicit)])
                if let mapping { constraints.context(1, content: [UInt8(clamping: mapping)]) }
            }
        }
    }

    mutating func inhibitAnyPolicy(_ count: Int) {
        element(.inhibitAnyPolicy, critical: true) { $0.integer(count) }
    }

    mutating func nameConstraints(permitted: [BridgeSubtree], excluded: [BridgeSubtree]) {
        element(.nameConstraints, critical: true) {
            $0.sequence { constraints in
                for (number, trees) in [(UInt8(0), permitted), (1, excluded)] where !trees.isEmpty {
                    constraints.context(number) { list in for tree in trees { list.sequence { $0.subtree(tree) } } }
                }
            }
        }
    }

    private mutating func subtree(_ tree: BridgeSubtree) {
        switch tree {
        case .directory(let name): directoryName(name)
        case .dns(let name): context(2, content: Array(name.utf8))
        }
    }

    mutating func subjectAltName(dns name: String) {
        element(.subjectAlternativeName) { $0.sequence { $0.context(2, content: Array(name.utf8)) } }
    }

    mutating func purposes(_ purposes: [ObjectIdentifier]) {
        element(.extendedKeyUsage) { $0.sequence { list in for purpose in purposes { list.objectIdentifier(purpose) } } }
    }

    /// One point, by its address, and by whoever makes the list there when that is another (§4.2.1.13).
    mutating func distributionPoint(_ address: String, listMaker: DistinguishedName? = nil, freshest: Bool = false) {
        element(freshest ? .freshestCRL : .crlDistributionPoints) {
            $0.sequence {
                $0.sequence { point in
                    point.context(0) { $0.context(0) { $0.address(address) } }
                    if let listMaker { point.context(2) { $0.directoryName(listMaker) } }
                }
            }
        }
    }

    private mutating func address(_ address: String) { context(6, content: Array(address.utf8)) }

    /// Where certificates issued to this certificate's issuer are (§4.2.2.1).
    mutating func authorityAddresses(_ addresses: [String]) {
        element(.authorityInformationAccess) {
            $0.sequence { list in
                for address in addresses {
                    list.sequence { description in
                        description.objectIdentifier(OID.authoritiesAccess)
                        description.address(address)
                    }
                }
            }
        }
    }

    /// §5.2.5.
    mutating func issuingDistributionPoint(_ address: String, onlyUsers: Bool, onlyAuthorities: Bool, isIndirect: Bool) {
        element(.issuingDistributionPoint, critical: true) {
            $0.sequence { point in
                point.context(0) { $0.context(0) { $0.address(address) } }
                for (number, flag) in [(UInt8(1), onlyUsers), (2, onlyAuthorities), (4, isIndirect)] where flag {
                    point.context(number, content: [0xff])
                }
            }
        }
    }

    /// §5.2.4.
    mutating func deltaIndicator(base number: Int64) {
        element(.deltaCRLIndicator, critical: true) { $0.integer(Int(number)) }
    }

    /// §5.3.3.
    mutating func certificateIssuer(_ name: DistinguishedName) {
        element(.certificateIssuer, critical: true) { $0.sequence { $0.directoryName(name) } }
    }
}

/// A part of the space of names.
package enum BridgeSubtree: Hashable, Sendable {
    case directory(DistinguishedName)
    case dns(String)
}
