import Cryptography

/// The extensions of certificates and lists, one function each. What stands where is `jpki.md` §1; how it is written, RFC 5280 §4.2.
extension DERWriter {
    mutating func element(_ identifier: ObjectIdentifier, critical: Bool = false, _ value: (inout DERWriter) -> Void) {
        sequence { item in
            item.objectIdentifier(identifier)
            if critical { item.boolean(true) }
            item.octetString(value)
        }
    }

    mutating func directoryName(_ name: DistinguishedName) { context(4) { $0.raw(name.der) } }

    mutating func keyUsage(_ bits: [Int]) {
        element(.keyUsage, critical: true) { $0.namedBits(bits.reduce(0) { $0 | 1 << UInt16($1) }) }
    }

    mutating func authorityConstraints() {
        element(.basicConstraints, critical: true) { $0.sequence { $0.boolean(true) } }
    }

    mutating func subjectKeyIdentifier(_ key: PublicKey) {
        element(.subjectKeyIdentifier) { $0.octetString(key.keyIdentifier) }
    }

    mutating func authorityKeyIdentifier(_ key: PublicKey) {
        element(.authorityKeyIdentifier) { $0.sequence { $0.context(0, content: key.keyIdentifier) } }
    }

    mutating func policy(_ policy: ObjectIdentifier, cps: String) {
        element(.certificatePolicies, critical: true) {
            $0.sequence {
                $0.sequence { information in
                    information.objectIdentifier(policy)
                    information.sequence {
                        $0.sequence { qualifier in
                            qualifier.objectIdentifier(.cpsQualifier)
                            qualifier.ia5String(cps)
                        }
                    }
                }
            }
        }
    }

    mutating func subjectAltName(directory name: DistinguishedName) {
        element(.subjectAlternativeName) { $0.sequence { $0.directoryName(name) } }
    }

    /// The attributes in the order in which real certificates have them.
    mutating func subjectAltName(attributes: [(number: Int, text: String)]) {
        element(.subjectAlternativeName) {
            $0.sequence { names in
                for attribute in attributes {
                    names.context(0) { other in
                        other.objectIdentifier(OID.attribute(attribute.number))
                        other.context(0) { $0.utf8String(attribute.text) }
                    }
                }
            }
        }
    }

    mutating func issuerAltName(directory name: DistinguishedName) {
        element(.issuerAlternativeName) { $0.sequence { $0.directoryName(name) } }
    }

    mutating func distributionPoint(_ name: DistinguishedName) {
        element(.crlDistributionPoints) {
            $0.sequence { $0.sequence { $0.context(0) { $0.context(0) { $0.directoryName(name) } } } }
        }
    }

    mutating func ocspAddress(_ address: String) {
        element(.authorityInformationAccess) {
            $0.sequence {
                $0.sequence { description in
                    description.objectIdentifier(.ocspAccess)
                    description.context(6, content: Array(address.utf8))
                }
            }
        }
    }

    /// RFC 6960 §4.2.2.2: this certificate answers for its issuer, and its own revocation is not asked for.
    mutating func answersForIssuer() {
        element(.extendedKeyUsage, critical: true) { $0.sequence { $0.objectIdentifier(.ocspSigning) } }
        element(.ocspNoCheck) { $0.null() }
    }

    mutating func crlNumber(_ number: Int64) {
        element(.crlNumber) { $0.integer(Int(number)) }
    }

    mutating func issuingDistributionPoint(_ name: DistinguishedName) {
        element(.issuingDistributionPoint, critical: true) {
            $0.sequence { $0.context(0) { $0.context(0) { $0.directoryName(name) } } }
        }
    }

    mutating func reason(_ reason: RevocationReason) {
        element(.reasonCode) { $0.enumerated(UInt8(clamping: reason.rawValue)) }
    }

    mutating func nonce(_ value: [UInt8]) {
        element(.ocspNonce) { $0.raw(value) }
    }
}
