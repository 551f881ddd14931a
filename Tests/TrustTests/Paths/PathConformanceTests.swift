import Cryptography
import Testing
import Trust
import Vocabulary

/// RFC 5280 §4 where a profile asks for it: one fault each, refused by its rule, and let through by §6.1 alone.
@Suite struct `Rules for issuers` {
    struct Fault: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let rules: IssuerRules
        let isInLeaf: Bool
        let plant: @Sendable (inout CertificateDraft) -> Void

        init(_ name: String, _ rules: IssuerRules, inLeaf: Bool = false, _ plant: @escaping @Sendable (inout CertificateDraft) -> Void) {
            testDescription = name
            self.rules = rules
            isInLeaf = inLeaf
            self.plant = plant
        }
    }

    static let faults: [Fault] = [
        Fault("an authority without keyUsage", .authority) { $0.extensions.remove(at: 0) },
        Fault("a leaf that says keyCertSign", .authority, inLeaf: true) { $0.extensions[0] = Extension.keyUsage([.keyCertSign]) },
        Fault("a leaf with a path length", .authority, inLeaf: true) { draft in
            draft.extensions.append(Extension.raw(.basicConstraints) { writer in writer.sequence { $0.integer(0) } })
        },
        Fault("a leaf with name constraints", .authority, inLeaf: true) {
            $0.extensions.append(Extension.nameConstraints(permitted: [.dns("example.jp")]))
        },
        Fault("basicConstraints that are not critical", .criticality) { draft in
            draft.extensions[1] = Extension.raw(.basicConstraints) { writer in writer.sequence { $0.boolean(true) } }
        },
        Fault("policyConstraints that are not critical", .criticality) { draft in
            draft.extensions.append(Extension.raw(.policyConstraints) { writer in writer.sequence { $0.context(1, content: [0]) } })
        },
        Fault("a critical subjectKeyIdentifier", .criticality, inLeaf: true) { draft in
            draft.extensions[1] = Extension.raw(.subjectKeyIdentifier, critical: true) { $0.octetString([1]) }
        },
        Fault("a leaf without authorityKeyIdentifier", .keyIdentifiers, inLeaf: true) { $0.extensions.remove(at: 2) },
        Fault("an authority without subjectKeyIdentifier", .keyIdentifiers) { $0.extensions.remove(at: 2) },
        Fault("a serial of zero", .serial, inLeaf: true) { $0.serial = [0] },
        Fault("a negative serial", .serial, inLeaf: true) { $0.serial = [0x80] },
        Fault("a serial of 21 octets", .serial, inLeaf: true) { $0.serial = [UInt8](repeating: 1, count: 21) },
        Fault("a host with an underscore", .names, inLeaf: true) {
            $0.extensions.append(Extension.alternativeNames([.dns("a_b.example.jp")]))
        },
        Fault("a mailbox without a host", .names, inLeaf: true) { $0.extensions.append(Extension.alternativeNames([.email("hanako")])) },
        Fault("a constraint on hosts with a dot in front", .names) {
            $0.extensions.append(Extension.nameConstraints(excluded: [.dns(".example.com")]))
        },
    ]

    @Test(arguments: faults) func `are asked by the profile that names them`(fault: Fault) throws {
        let (root, middle) = (try Node("Root"), try Node("Middle"))
        let authority = try root.certify(middle) { if !fault.isInLeaf { fault.plant(&$0) } }
        let leaf = try middle.leaf { if fault.isInLeaf { fault.plant(&$0) } }
        let store = TrustStore(anchors: [try root.root().anchor])
        func verdict(_ rules: IssuerRules, _ leaf: Certificate, _ authority: Certificate) -> TrustVerdict {
            PathSearch(store: store, profile: PathProfile(name: "x", issuers: rules)).verdict(on: leaf, with: [authority], at: Moment.now)
        }
        for rules in [fault.rules, .all] {
            let found = verdict(rules, leaf, authority).fault
            #expect(found?.reason == .conformance && found?.depth == (fault.isInLeaf ? 0 : 1))
        }
        #expect(verdict(IssuerRules.all.subtracting(fault.rules), leaf, authority).chain != nil)
        #expect(verdict(.all, try middle.leaf(), try root.certify(middle)).chain != nil)
    }

    @Test func `may ask an anchor for basicConstraints`() throws {
        let root = try Node("Root")
        let anchor = try root.certify(root) { $0.extensions.remove(at: 1) }
        let leaf = try root.leaf()
        func reason(_ profile: PathProfile) -> PathFault.Reason? {
            PathSearch(store: TrustStore(anchors: [anchor.anchor]), profile: profile).verdict(on: leaf, with: [], at: Moment.now).reason
        }
        #expect(reason(PathProfile(name: "x")) == nil && reason(PathProfile(name: "x", anchors: [], issuers: .all)) == nil)
        #expect(reason(PathProfile(name: "x", issuers: .authority)) == .authority)
    }
}
