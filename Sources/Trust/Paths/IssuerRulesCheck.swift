import Cryptography

extension IssuerRules {
    /// One rule of RFC 5280 §4: its name, and whether a certificate breaks it.
    private struct Rule: Sendable {
        let set: IssuerRules
        let clause: String
        let isBroken: @Sendable (Certificate, _ isAnchor: Bool) -> Bool
    }

    /// The first rule of those in this set that a certificate breaks.
    func clause(brokenBy certificate: Certificate, isAnchor: Bool) -> String? {
        guard !isEmpty else { return nil }
        return Self.rules.first { contains($0.set) && $0.isBroken(certificate, isAnchor) }?.clause
    }

    private static let rules: [Rule] = [
        Rule(set: .authority, clause: "§4.1.2.1 version 3") { one, isAnchor in one.version != 3 && !isAnchor },
        Rule(set: .authority, clause: "§4.2.1.9 pathLenConstraint without cA") { one, _ in one.pathLength != nil && !one.isAuthority },
        Rule(set: .authority, clause: "§4.2.1.9 pathLenConstraint without keyCertSign") { one, _ in
            one.pathLength != nil && !(one.keyUsage?.contains(.keyCertSign) ?? false)
        },
        Rule(set: .authority, clause: "§4.2.1.3 keyCertSign without cA") { one, _ in
            one.keyUsage?.contains(.keyCertSign) ?? false && !one.isAuthority
        },
        Rule(set: .authority, clause: "§4.2.1.3 cA without keyUsage") { one, _ in one.isAuthority && one.keyUsage == nil },
        Rule(set: .authority, clause: "§4.2.1.10 nameConstraints without cA") { one, _ in
            one.nameConstraints != nil && !one.isAuthority
        },
        Rule(set: .criticality, clause: "§4.2.1.9 basicConstraints of an authority not critical") { one, _ in
            one.isAuthority && !one.criticalExtensions.contains(.basicConstraints)
        },
        Rule(set: .criticality, clause: "§4.2 not critical where it must be") { one, _ in
            !one.extensions.intersection([.nameConstraints, .policyConstraints, .inhibitAnyPolicy]).isSubset(of: one.criticalExtensions)
        },
        Rule(set: .criticality, clause: "§4.2 critical where it must not be") { one, _ in
            !one.criticalExtensions.isDisjoint(with: [
                .authorityKeyIdentifier, .subjectKeyIdentifier, .freshestCRL, .authorityInformationAccess, .subjectInformationAccess,
            ])
        },
        // An anchor that signed itself may leave it out, and whoever chose an anchor knows its key.
        Rule(set: .keyIdentifiers, clause: "§4.2.1.1 no authorityKeyIdentifier") { one, isAnchor in
            one.authorityKeyIdentifier == nil && !(isAnchor && one.isSelfIssued)
        },
        Rule(set: .keyIdentifiers, clause: "§4.2.1.2 an authority without subjectKeyIdentifier") { one, _ in
            one.isAuthority && one.subjectKeyIdentifier == nil
        },
        Rule(set: .serial, clause: "§4.1.2.2 serial number") { one, _ in
            let isPositive = one.serial.first.map { $0 < 0x80 } ?? false && one.serial.contains { $0 != 0 }
            return !isPositive || one.serial.count > 20
        },
        Rule(set: .names, clause: "§4.2.1.6 name syntax") { one, _ in
            one.alternativeNames.contains { name in
                switch name {
                case .dns(let text): text.utf8.contains(0x5f) || HostName(text.utf8, allowsWildcard: true) == nil
                case .email(let text): Mailbox(text) == nil
                default: false
                }
            }
        },
        Rule(set: .names, clause: "§4.2.1.10 constraint syntax") { one, _ in
            let bases = (one.nameConstraints?.permitted ?? []) + (one.nameConstraints?.excluded ?? [])
            return bases.contains { base in
                switch (NameForm(base), NameSubtree(base)) {
                case (.otherName, _), (.registered, _), (.other, _): false
                case (_, .unreadable): true
                default: false
                }
            }
        },
    ]
}
