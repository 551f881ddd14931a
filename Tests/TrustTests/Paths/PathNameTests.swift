import Cryptography
import Testing
import Trust
import Vocabulary

/// RFC 5280 §4.2.1.10, form by form: root → constrained authority → leaf.
@Suite struct `Name constraints` {
    private static let world = Result { (root: try Node("Root"), below: try Node("Below")) }

    private static func reason(
        _ names: [GeneralName], permitted: [GeneralName] = [], excluded: [GeneralName] = [],
        subject: DistinguishedName = DistinguishedName([(.country, "JP"), (.commonName, "Hanako")])
    ) throws -> PathFault.Reason? {
        let (root, below) = try world.get()
        let constrained = try root.certify(below, extensions: [Extension.nameConstraints(permitted: permitted, excluded: excluded)])
        let leaf = try below.leaf(subject, extensions: names.isEmpty ? [] : [Extension.alternativeNames(names)])
        let search = PathSearch(store: TrustStore(anchors: [try root.root().anchor]))
        let verdict = search.verdict(on: leaf, with: [constrained], at: Moment.now)
        guard case .refused = verdict else { return nil }
        return verdict.reason
    }

    struct Pair: Sendable, CustomTestStringConvertible {
        let name: GeneralName
        let base: GeneralName
        let isInside: Bool
        var testDescription: String { "\(name) \(isInside ? "in" : "not in") \(base)" }

        init(_ name: GeneralName, _ base: GeneralName, _ isInside: Bool) {
            self.name = name
            self.base = base
            self.isInside = isInside
        }
    }

    static let pairs: [Pair] = [
        Pair(.dns("example.jp"), .dns("example.jp"), true), Pair(.dns("www.EXAMPLE.jp"), .dns("Example.JP"), true),
        Pair(.dns("badexample.jp"), .dns("example.jp"), false), Pair(.dns("jp"), .dns("example.jp"), false),
        Pair(.dns("a.b.example.jp"), .dns(""), true), Pair(.dns("*.example.jp"), .dns("example.jp"), true),
        Pair(.email("hanako@example.jp"), .email("example.jp"), true), Pair(.email("hanako@www.example.jp"), .email("example.jp"), false),
        Pair(.email("hanako@www.example.jp"), .email(".example.jp"), true), Pair(.email("hanako@example.jp"), .email(".example.jp"), false),
        Pair(.email("hanako@EXAMPLE.jp"), .email("hanako@example.jp"), true),
        Pair(.email("Hanako@example.jp"), .email("hanako@example.jp"), false),
        Pair(.email("\"hanako\"@example.jp"), .email("hanako@example.jp"), true),
        Pair(.email("\"a@b\"@example.jp"), .email("example.jp"), true),
        Pair(.uri("https://example.jp/path"), .uri("example.jp"), true), Pair(.uri("https://www.example.jp"), .uri("example.jp"), false),
        Pair(.uri("ldap://user@www.EXAMPLE.jp:389/o=x?y#z"), .uri(".example.jp"), true),
        Pair(.uri("https://example.jp"), .uri(".example.jp"), false),
        Pair(.address([192, 0, 2, 7]), .address([192, 0, 2, 0, 255, 255, 255, 0]), true),
        Pair(.address([192, 0, 3, 7]), .address([192, 0, 2, 0, 255, 255, 255, 0]), false),
        Pair(.address([192, 0, 2, 7]), .address([192, 0, 2, 99, 255, 255, 255, 128]), true),
        Pair(.address([UInt8](repeating: 1, count: 16)), .address([192, 0, 2, 0, 0, 0, 0, 0]), false),
        Pair(
            .directory(DistinguishedName([(.country, "JP"), (.organization, "Ministry  of X"), (.commonName, "x")])),
            .directory(DistinguishedName([(.country, "jp"), (.organization, "ministry of x")])), true),
        Pair(
            .directory(DistinguishedName([(.country, "JP"), (.commonName, "x")])),
            .directory(DistinguishedName([(.country, "JP"), (.organization, "X")])), false),
    ]

    @Test(arguments: pairs) func `know what lies in a subtree`(pair: Pair) throws {
        // The subject has a directory name too: it is let through by itself.
        let subject = GeneralName.directory(DistinguishedName([(.country, "JP"), (.commonName, "Hanako")]))
        #expect(try Self.reason([pair.name], permitted: [subject, pair.base]) == (pair.isInside ? nil : .nameConstraint))
        #expect(try Self.reason([pair.name], excluded: [pair.base]) == (pair.isInside ? .nameConstraint : nil))
    }

    static let unreadable: [(GeneralName, GeneralName)] = [
        (.dns("example.jp"), .dns("*.example.jp")), (.dns("www.example.jp"), .dns(".example.jp")),
        (.dns(".example.jp"), .dns("example.jp")),
        (.dns("example.jp."), .dns("example.jp")), (.dns("a..example.jp"), .dns("example.jp")), (.email("no at"), .email("example.jp")),
        (.email("a@b@example.jp"), .email("example.jp")), (.email("a@example.jp"), .email("a@b@example.jp")),
        (.uri("urn:oid:1.2"), .uri("example.jp")), (.uri("https://192.0.2.1/"), .uri("example.jp")),
        (.uri("https://[2001:db8::1]/"), .uri("example.jp")), (.address([192, 0, 2, 1]), .address([192, 0, 2, 0, 255, 0, 255, 0])),
        (.registered(.anyPolicy), .registered(.anyPolicy)),
        (.otherName(.anyPolicy, value: [5, 0]), .otherName(.anyPolicy, value: [5, 0])), (.other(tag: 0xa3), .other(tag: 0xa3)),
        (.otherName(.internationalMailbox, value: [0x0c, 1, 0x78]), .email("example.jp")),
    ]

    @Test(arguments: unreadable.indices) func `refuse what cannot be held against them`(index: Int) throws {
        let (name, base) = Self.unreadable[index]
        #expect(try Self.reason([name], permitted: [base]) == .nameConstraint)
        #expect(try Self.reason([name], excluded: [base]) == .nameConstraint)
        // Nobody minds when the form does not occur.
        #expect(try Self.reason([], excluded: [base]) == nil)
        #expect(try Self.reason([name], excluded: [.dns("elsewhere.example")]) == (name.isBrokenHost ? .nameConstraint : nil))
    }

    @Test func `forbid a wildcard that reaches into what is excluded`() throws {
        #expect(try Self.reason([.dns("*.example.jp")], excluded: [.dns("secret.example.jp")]) == .nameConstraint)
        #expect(try Self.reason([.dns("*.example.jp")], excluded: [.dns("a.secret.example.jp")]) == nil)
        #expect(try Self.reason([.dns("*.example.jp")], permitted: [.dns("secret.example.jp")]) == .nameConstraint)
        #expect(try Self.reason([.dns("www.example.jp")], excluded: [.dns("secret.example.jp")]) == nil)
    }

    @Test func `bind the e-mail address in a subject`() throws {
        let name = try DistinguishedName(
            der: DERWriter.build { writer in
                writer.sequence { writer in
                    writer.set { writer in
                        writer.sequence {
                            $0.objectIdentifier(.emailAddress)
                            $0.ia5String("hanako@example.jp")
                        }
                    }
                }
            })
        #expect(try Self.reason([], permitted: [.email("example.jp")], subject: name) == nil)
        #expect(try Self.reason([], permitted: [.email("example.com")], subject: name) == .nameConstraint)
        #expect(try Self.reason([.email("a@example.com")], permitted: [.email("example.com")], subject: name) == .nameConstraint)
    }

    @Test func `narrow from authority to authority, and never widen`() throws {
        let (root, below) = try Self.world.get()
        let deeper = try Node("Deeper")
        let store = TrustStore(anchors: [try root.root().anchor])
        func reason(_ first: [GeneralName], _ second: [GeneralName], _ name: GeneralName) throws -> PathFault.Reason? {
            let others = [
                try root.certify(below, extensions: [Extension.nameConstraints(permitted: first)]),
                try below.certify(deeper, extensions: [Extension.nameConstraints(permitted: second)]),
            ]
            let leaf = try deeper.leaf(extensions: [Extension.alternativeNames([name])])
            let verdict = PathSearch(store: store).verdict(on: leaf, with: others, at: Moment.now)
            return verdict.chain == nil ? verdict.reason ?? .noPath : nil
        }
        #expect(try reason([.dns("jp")], [.dns("example.jp")], .dns("www.example.jp")) == nil)
        #expect(try reason([.dns("jp")], [.dns("example.jp")], .dns("other.jp")) == .nameConstraint)
        #expect(try reason([.dns("example.jp")], [.dns("jp")], .dns("other.jp")) == .nameConstraint)
    }

    @Test func `leave self-issued authorities alone, but not a self-issued leaf`() throws {
        let (root, _) = try Self.world.get()
        let next = try root.rolled()
        let constraint = Extension.nameConstraints(permitted: [.directory(DistinguishedName([(.country, "US")])), .dns("example.jp")])
        let anchor = try root.root(extensions: [constraint])
        let link = try root.certify(next)
        func verdict(_ leaf: Certificate) -> TrustVerdict {
            PathSearch(store: TrustStore(anchors: [anchor.anchor]), profile: PathProfile(name: "x"))
                .verdict(on: leaf, with: [link], at: Moment.now)
        }
        let abroad = DistinguishedName([(.country, "US"), (.commonName, "Hanako")])
        #expect(verdict(try next.leaf(abroad)).chain?.path.count == 3)
        #expect(verdict(try next.leaf(root.name)).reason == .nameConstraint)
    }
}

extension GeneralName {
    /// A dNSName in no host's syntax: it cannot be held against any constraint on hosts.
    fileprivate var isBrokenHost: Bool {
        guard case .dns(let text) = self else { return false }
        return text.hasPrefix(".") || text.hasSuffix(".") || text.contains("..")
    }
}
