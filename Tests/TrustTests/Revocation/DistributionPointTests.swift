import Cryptography
import Testing
import Trust
import Vocabulary

/// The situations of PKITS §4.14, made anew: distribution points, partitions, kinds of certificates, reasons and indirect lists.
@Suite struct `A list's scope, RFC 5280 §6.3.3 (b) and (d), as PKITS 4.14 has it` {
    @Test(arguments: partitions) func `distribution points and partitions`(situation: Situation) throws { try Self.judge(situation) }
    @Test(arguments: kinds) func `users' and authorities' certificates`(situation: Situation) throws { try Self.judge(situation) }
    @Test(arguments: reasons) func `some reasons`(situation: Situation) throws { try Self.judge(situation) }
    @Test(arguments: indirect) func `indirect lists`(situation: Situation) throws { try Self.judge(situation) }

    @Test func `a name relative to two list issuers is no name`() throws {
        let authority = try Node("Relative CA")
        for (issuers, isRead) in [(["A"], true), (["A", "B"], false)] {
            let point = PointDraft(names: .relative("CRL1"), issuers: issuers.map { .named($0) })
            if isRead {
                let points = try authority.leaf(extensions: [Extension.points([point])]).crlDistributionPoints
                #expect(points.first?.directoryNames == [.named("CRL1", below: "A")])
            } else {
                #expect(throws: CertificateRefusal.extension(.crlDistributionPoints, .value)) {
                    try authority.leaf(extensions: [Extension.points([point])])
                }
            }
        }
    }

    @Test(arguments: [1_024, 1_025]) func `a list's point has a bounded number of names`(count: Int) throws {
        let names = NamesDraft.directory((0..<count).map { .named("A\($0)") })
        let der = try Scene.list(by: Node("Verbose CA"), scope: .init(names: names))
        if count == 1_024 {
            #expect(try UnverifiedRevocationList(der: der).head.scope?.point?.directoryNames.count == count)
        } else {
            #expect(throws: RevocationRefusal.list(.extension(.issuingDistributionPoint, .value))) {
                try UnverifiedRevocationList(der: der)
            }
        }
    }

    /// Once by evidence that is verified as it is used, once by lists that were verified and published before.
    static func judge(_ situation: Situation) throws {
        var scene = try Scene()
        let leaf = try situation.make(&scene)
        #expect(try scene.word(on: leaf) == situation.expected, "\(situation.name)")
        #expect(try scene.published(of: leaf) == situation.expected, "\(situation.name), published")
    }

    private static let town = NamesDraft.directory("Kiyose CRLDP")
    private static let otherTown = NamesDraft.directory("Higashimurayama CRLDP")

    /// One authority, one person with `points`, one list with `scope` that revokes the person or not.
    private static func simple(
        _ name: String, _ expected: Word, points: @escaping @Sendable (Node) -> [PointDraft], scope: ScopeDraft?,
        revokes: Bool = false
    ) -> Situation {
        Situation(name, expected) { scene in
            let authority = try scene.authority("distributionPoint CA")
            try scene.list(by: authority, scope: scope) { if revokes { $0.entries = [.revoked()] } }
            return try scene.person(authority, points: points(authority))
        }
    }

    static let partitions: [Situation] = [
        simple("4.14.1 the same directory name", .valid, points: { _ in [.init(names: town)] }, scope: .init(names: town)),
        simple("4.14.2 and revoked there", .revoked, points: { _ in [.init(names: town)] }, scope: .init(names: town), revokes: true),
        simple("4.14.3 another partition", .unknown, points: { _ in [.init(names: town)] }, scope: .init(names: otherTown)),
        simple(
            "another partition that holds the serial", .unknown, points: { _ in [.init(names: town)] }, scope: .init(names: otherTown),
            revokes: true),
        simple(
            "4.14.4 relative names in both", .valid, points: { _ in [.init(names: .relative("CRL1"))] },
            scope: .init(names: .relative("CRL1"))),
        simple(
            "4.14.5 relative in the list, full in the certificate", .valid,
            points: { _ in [.init(names: .directory([.named("CRL1", below: "distributionPoint CA")]))] },
            scope: .init(names: .relative("CRL1"))),
        simple(
            "4.14.6 and revoked there", .revoked,
            points: { _ in [.init(names: .directory([.named("CRL1", below: "distributionPoint CA")]))] },
            scope: .init(names: .relative("CRL1")), revokes: true),
        simple(
            "4.14.7 full in the list, relative in the certificate", .valid, points: { _ in [.init(names: .relative("CRL1"))] },
            scope: .init(names: .directory([.named("CRL1", below: "distributionPoint CA")]))),
        simple(
            "4.14.8 relative names that differ", .unknown, points: { _ in [.init(names: .relative("CRL1"))] },
            scope: .init(names: .relative("CRL2"))),
        simple("4.14.9 a partition, and a certificate without points", .unknown, points: { _ in [] }, scope: .init(names: town)),
        simple("4.14.10 a full list", .valid, points: { _ in [.init(names: town)] }, scope: nil),
        simple("a full list that revokes", .revoked, points: { _ in [.init(names: town)] }, scope: nil, revokes: true),
        simple(
            "one of several names", .valid,
            points: { _ in [.init(names: .directory([.named("A"), .named("B")])), .init(names: .uri("http://crl.example/c"))] },
            scope: .init(names: .directory([.named("X"), .named("B")]))),
        simple(
            "none of several names", .unknown,
            points: { _ in [.init(names: .directory([.named("A"), .named("B")])), .init(names: .uri("http://crl.example/c"))] },
            scope: .init(names: .directory([.named("X"), .named("Y")]))),
        simple(
            "many names in both", .valid, points: { _ in [.init(names: .directory((0..<9).map { .named("A\($0)") }))] },
            scope: .init(names: .directory((8..<17).map { .named("A\($0)") }))),
        simple(
            "many names in both that differ", .unknown, points: { _ in [.init(names: .directory((0..<9).map { .named("A\($0)") }))] },
            scope: .init(names: .directory((9..<17).map { .named("A\($0)") }))),
        // §6.3.3, last paragraph: without a point, the certificate's issuer is taken for one. JPKI's own authorities are written so.
        simple(
            "the issuer's own name as the point", .valid, points: { _ in [] },
            scope: .init(names: .directory("distributionPoint CA"))),
        simple(
            "the same URI", .valid, points: { _ in [.init(names: .uri("http://crl.example/a"))] },
            scope: .init(names: .uri("http://crl.example/a"))),
        simple(
            "another URI", .unknown, points: { _ in [.init(names: .uri("http://crl.example/a"))] },
            scope: .init(names: .uri("http://crl.example/b"))),
    ]

    static let kinds: [Situation] = [
        simple("a list of users, a user", .valid, points: { _ in [] }, scope: .init(onlyUsers: true)),
        simple("4.14.12 a list of authorities, a user", .unknown, points: { _ in [] }, scope: .init(onlyAuthorities: true)),
        Situation("4.14.11 a list of users, an authority", .unknown) { scene in
            let authority = try scene.authority("onlyContainsUserCerts CA")
            try scene.list(by: authority, scope: .init(onlyUsers: true))
            let below = try Node("sub")
            return try scene.certify(below, by: authority)
        },
        Situation("4.14.13 a list of authorities, an authority", .valid) { scene in
            let authority = try scene.authority("onlyContainsCACerts CA")
            try scene.list(by: authority, scope: .init(onlyAuthorities: true))
            let below = try Node("sub")
            return try scene.certify(below, by: authority)
        },
        Situation("users' and authorities' lists together, as a bridge keeps its CRL and ARL", .valid) { scene in
            let authority = try scene.authority("both CA")
            let below = try scene.authority("below", by: authority)
            try scene.list(by: authority, scope: .init(onlyAuthorities: true))
            try scene.list(by: below, scope: .init(onlyUsers: true))
            return try scene.person(below)
        },
        Situation("and the authority revoked in the ARL", .revoked) { scene in
            let authority = try scene.authority("both CA")
            let below = try scene.authority("below", by: authority)
            let serial = scene.certificates[1].serial
            try scene.list(by: authority, scope: .init(onlyAuthorities: true)) { $0.entries = [.revoked(serial, .cACompromise)] }
            try scene.list(by: below, scope: .init(onlyUsers: true))
            return try scene.person(below)
        },
    ]

    private static let compromised: ReasonFlags = [.keyCompromise, .cACompromise]
    private static let rest = ReasonFlags.all.subtracting(compromised)

    private static func halves(
        _ name: String, _ expected: Word, first: RevocationReason? = nil, second: RevocationReason? = nil,
        reasons: (ReasonFlags, ReasonFlags) = (compromised, rest)
    ) -> Situation {
        Situation(name, expected) { scene in
            let authority = try scene.authority("onlySomeReasons CA")
            try scene.list(by: authority, scope: .init(reasons: reasons.0)) { if let first { $0.entries = [.revoked([7], first)] } }
            try scene.list(by: authority, scope: .init(reasons: reasons.1)) { if let second { $0.entries = [.revoked([7], second)] } }
            return try scene.person(authority)
        }
    }

    /// Two points, each for some reasons, each with its list.
    private static func pointed(
        _ name: String, _ expected: Word, first: RevocationReason? = nil, second: RevocationReason? = nil, pointReasons: ReasonFlags = rest
    ) -> Situation {
        Situation(name, expected) { scene in
            let authority = try scene.authority("onlySomeReasons CA4")
            try scene.list(by: authority, scope: .init(names: .directory("CRL1"), reasons: compromised)) {
                if let first { $0.entries = [.revoked([7], first)] }
            }
            try scene.list(by: authority, scope: .init(names: .directory("CRL2"), reasons: rest)) {
                if let second { $0.entries = [.revoked([7], second)] }
            }
            return try scene.person(
                authority,
                points: [
                    .init(names: .directory("CRL1"), reasons: compromised), .init(names: .directory("CRL2"), reasons: pointReasons),
                ])
        }
    }

    static let reasons: [Situation] = [
        halves("4.14.15 revoked for one of the first half's reasons", .revoked, first: .keyCompromise),
        halves("4.14.16 held in the second half", .revoked, second: .certificateHold),
        halves(
            "4.14.17 two lists that together leave reasons out", .unknown,
            reasons: ([.keyCompromise], [.cACompromise, .affiliationChanged, .superseded, .cessationOfOperation])),
        halves("one half alone, twice", .unknown, reasons: (compromised, compromised)),
        halves("4.14.18 two lists that together cover all reasons", .valid),
        halves("all reasons but the hold", .unknown, reasons: (compromised, rest.subtracting(.certificateHold))),
        pointed("4.14.19 two points with a list each", .valid),
        pointed("4.14.20 revoked at the first", .revoked, first: .keyCompromise),
        pointed("4.14.21 revoked at the second", .revoked, second: .affiliationChanged),
        pointed("the second point for fewer reasons than its list", .unknown, pointReasons: rest.subtracting(.superseded)),
        simple(
            "a point for some reasons narrows a full list", .unknown, points: { _ in [.init(names: town, reasons: compromised)] },
            scope: .init(names: town)),
        simple(
            "revoked at a point for some reasons", .revoked, points: { _ in [.init(names: town, reasons: compromised)] },
            scope: .init(names: town), revokes: true),
    ]

    /// A person below CA2 whose point names CA1 as the issuer of its lists; CA1 signs an indirect list.
    private static func foreign(
        _ name: String, _ expected: Word, scope: ScopeDraft = .init(isIndirect: true), names: NamesDraft? = nil,
        entries: @escaping @Sendable (_ own: DistinguishedName, _ other: DistinguishedName) -> [ListDraft.Entry] = { _, _ in [] }
    ) -> Situation {
        Situation(name, expected) { scene in
            let maker = try scene.authority("indirectCRL CA1")
            let authority = try scene.authority("indirectCRL CA2")
            try scene.list(by: maker, scope: scope) { $0.entries = entries(authority.name, maker.name) }
            return try scene.person(authority, points: [.init(names: names, issuers: [maker.name])])
        }
    }

    /// A list issuer with a certificate of its own, from the authority it makes lists for.
    private static func appointed(
        _ name: String, _ expected: Word, usage: KeyUsage = [.cRLSign], revoked: Bool = false, signer: RevocationReason? = nil,
        names: NamesDraft = .directory("CRL1"), listNames: NamesDraft = .directory("CRL1"), isIndirect: Bool = true,
        hasSignerStatus: Bool = true
    ) -> Situation {
        Situation(name, expected) { scene in
            let authority = try scene.authority("indirectCRL CA3")
            let maker = try scene.authority("indirectCRL CA3 cRLIssuer", by: authority, usage: usage)
            let serial = scene.certificates[1].serial
            if hasSignerStatus {
                try scene.list(by: authority) { if let signer { $0.entries = [.revoked(serial, signer)] } }
            }
            try scene.list(by: maker, scope: .init(names: listNames, isIndirect: isIndirect)) { draft in
                if revoked { draft.entries = [.revoked([7], .superseded, of: authority.name)] }
            }
            return try scene.person(authority, points: [.init(names: names, issuers: [maker.name])])
        }
    }

    /// The list issuer's own certificate sends its readers to the list it signs.
    private static func selfVouching(_ name: String, _ expected: Word, isSent: Bool, isRevoked: Bool = false) -> Situation {
        Situation(name, expected) { scene in
            let authority = try scene.authority("indirectCRL CA4")
            let makerName = DistinguishedName.named("indirectCRL CA4 cRLIssuer")
            let maker = try scene.authority(
                "indirectCRL CA4 cRLIssuer", by: authority, usage: [.cRLSign],
                points: isSent ? [.init(names: .directory("CRL4"), issuers: [makerName])] : [])
            let serial = scene.certificates[1].serial
            try scene.list(by: maker, scope: .init(names: .directory("CRL4"), isIndirect: true)) { draft in
                if isRevoked { draft.entries = [.revoked(serial, .keyCompromise, of: authority.name)] }
            }
            return try scene.person(authority, points: [.init(names: .directory("CRL4"), issuers: [makerName])])
        }
    }

    static let indirect: [Situation] = [
        simple("4.14.22 the issuer's own list, that also holds others", .valid, points: { _ in [] }, scope: .init(isIndirect: true)),
        simple("4.14.23 revoked in it", .revoked, points: { _ in [] }, scope: .init(isIndirect: true), revokes: true),
        foreign("4.14.24 a list of another authority", .valid),
        foreign("4.14.25 that revokes its own certificate of the same serial", .valid, entries: { _, _ in [.revoked()] }),
        foreign("that revokes it by its issuer", .revoked, entries: { own, _ in [.revoked([7], .superseded, of: own)] }),
        foreign(
            "that revokes it after an entry that named its issuer", .revoked,
            entries: { own, _ in [.revoked([3], .superseded, of: own), .revoked([7], .keyCompromise)] }),
        foreign(
            "that revokes its own again behind ours", .valid,
            entries: { own, other in [.revoked([3], .superseded, of: own), .revoked([7], .keyCompromise, of: other)] }),
        foreign("4.14.27 a list that does not say it is indirect", .unknown, scope: .init(onlyUsers: true)),
        foreign("a list of another authority without a scope, but no indirect one", .unknown, scope: .init(reasons: .all)),
        Situation("4.14.26 no list of whom the certificate names", .unknown) { scene in
            let maker = try scene.authority("indirectCRL CA1")
            let authority = try scene.authority("indirectCRL CA2")
            try scene.list(by: maker, scope: .init(isIndirect: true))
            return try scene.person(authority, points: [.init(issuers: [.named("indirectCRL CA9")])])
        },
        Situation("a list of another authority that the certificate does not name", .unknown) { scene in
            let maker = try scene.authority("indirectCRL CA1")
            let authority = try scene.authority("indirectCRL CA2")
            try scene.list(by: maker, scope: .init(isIndirect: true))
            return try scene.person(authority)
        },
        appointed("4.14.28 a list issuer with a certificate of its own", .valid),
        appointed("and revoked there", .revoked, revoked: true),
        appointed("4.14.29 names relative to the list issuer", .valid, names: .relative("CRL1"), listNames: .relative("CRL1")),
        appointed("names relative to the list issuer that differ", .unknown, names: .relative("CRL1"), listNames: .relative("CRL2")),
        appointed(
            "a name below the certificate's issuer, where the list's issuer was meant", .unknown,
            names: .directory([.named("CRL1", below: "indirectCRL CA3")]), listNames: .relative("CRL1")),
        appointed("a list issuer that may not sign lists", .unknown, usage: [.digitalSignature]),
        appointed("a list issuer that was revoked", .unknown, signer: .keyCompromise),
        appointed("a list issuer on hold", .unknown, signer: .certificateHold),
        appointed("a list issuer of whom nothing is known", .unknown, hasSignerStatus: false),
        appointed("4.14.35 a list for another point", .unknown, names: .directory("CRL2")),
        appointed("a list issuer's list that is not indirect", .unknown, isIndirect: false),
        selfVouching("4.14.30 a list issuer sent to its own list", .valid, isSent: true),
        selfVouching("and revoked in it", .unknown, isSent: true, isRevoked: true),
        selfVouching("a list issuer that vouches for itself unasked", .unknown, isSent: false),
        Situation("4.14.33 two authorities in one list", .valid) { scene in try several(&scene, revoked: nil, of: 6) },
        Situation("4.14.31 revoked in it, of the first", .revoked) { scene in try several(&scene, revoked: 6, of: 6) },
        Situation("4.14.32 revoked in it, of the second", .revoked) { scene in try several(&scene, revoked: 7, of: 7) },
        Situation("4.14.34 revoked in it, of its own", .revoked) { scene in try several(&scene, revoked: 5, of: 5) },
        Situation("revoked in it, but the other one's", .valid) { scene in try several(&scene, revoked: 6, of: 7) },
        Situation("a list of an issuer without a directory name", .unknown) { scene in
            let authority = try scene.authority("strange CA")
            try scene.list(by: authority)
            return try authority.leaf { draft in
                let point = Extension.distributionPoints([{ $0.context(2) { $0.context(6, content: Array("http://crl.example".utf8)) } }])
                draft.extensions.append(point)
            }
        },
    ]

    /// CA5 makes the list for itself, CA6 and CA7; `revoked` says in whose name serial 7 stands there.
    private static func several(_ scene: inout Scene, revoked: Int?, of number: Int) throws -> Certificate {
        let maker = try scene.authority("indirectCRL CA5")
        let authorities = [5: maker, 6: try scene.authority("indirectCRL CA6"), 7: try scene.authority("indirectCRL CA7")]
        try scene.list(by: maker, scope: .init(names: .directory("indirectCRL CA5"), isIndirect: true)) { draft in
            for number in [5, 6, 7] {
                let name = DistinguishedName.named("indirectCRL CA\(number)")
                let serial: [UInt8] = number == revoked ? [7] : [0x33]
                draft.entries.append(.revoked(serial, .superseded, of: number == 5 ? nil : name))
            }
        }
        let authority = try #require(authorities[number])
        let points = number == 5 ? [] : [PointDraft(issuers: [maker.name])]
        return try scene.person(authority, points: points)
    }
}
