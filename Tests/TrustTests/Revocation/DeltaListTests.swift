import Cryptography
import Testing
import Trust
import Vocabulary

/// The situations of PKITS §4.15, made anew, and what RFC 5280 §5.2.4 says besides.
@Suite struct `Delta lists, RFC 5280 §5.2.4 and §6.3.3 (c) and (h) to (k)` {
    /// What one list says: its number, when it was made, and the entry of the person.
    struct Edition: Sendable {
        var number = 5
        var from: Int64 = -2
        var until: Int64? = 1
        var entry: RevocationReason?
        /// The number of the base; nil for a complete list.
        var base: Int?
        var scope: ScopeDraft?
        var keyIdentifier: [UInt8]?
        /// Another key of the authority signs.
        var isForeign = false
    }

    static func story(_ name: String, _ expected: Word, _ editions: Edition..., points: [PointDraft] = []) -> Situation {
        Situation(name, expected) { scene in
            let authority = try scene.authority("deltaCRL CA")
            // Another key of the same authority, certified by the anchor.
            let other = try authority.rolled()
            try scene.certify(other, by: scene.root)
            for edition in editions {
                try scene.list(by: edition.isForeign ? other : authority, scope: edition.scope) { draft in
                    draft.number = edition.number
                    draft.thisUpdate = Moment.days(edition.from)
                    draft.nextUpdate = edition.until.map { Moment.days($0) }
                    if let base = edition.base { draft.extensions.append(Extension.delta(from: base)) }
                    if let entry = edition.entry { draft.entries = [.revoked([7], entry)] }
                    if let identifier = edition.keyIdentifier { draft.keyIdentifier = identifier }
                }
            }
            return try scene.person(authority, points: points)
        }
    }

    static let full = Edition()
    static let delta = Edition(number: 8, from: -1, base: 5)

    static func full(_ entry: RevocationReason) -> Edition { Edition(entry: entry) }
    static func delta(_ entry: RevocationReason) -> Edition { Edition(number: 8, from: -1, entry: entry, base: 5) }

    private static let town = ScopeDraft(names: .directory("Kiyose CRLDP"))

    static let stories: [Situation] = [
        story("4.15.1 a delta without its base", .unknown, delta),
        story("4.15.2 neither list holds it", .valid, full, delta),
        story("4.15.3 the complete list holds it", .revoked, full(.keyCompromise), delta),
        story("4.15.4 the delta holds it", .revoked, full, delta(.keyCompromise)),
        story("4.15.5 held, then removed", .valid, full(.certificateHold), delta(.removeFromCRL)),
        story("4.15.6 held, then revoked", .revoked, full(.certificateHold), delta(.keyCompromise)),
        story("4.15.7 not held yet, then removed", .valid, full, delta(.removeFromCRL)),
        story("held in the delta", .revoked, full, delta(.certificateHold)),
        story("held and not removed", .revoked, full(.certificateHold), delta),
        story("4.15.8 a complete list later than the delta's base", .valid, Edition(number: 6), delta),
        story("4.15.9 and the delta holds it", .revoked, Edition(number: 6), delta(.keyCompromise)),
        story(
            "4.15.10 a stale complete list earlier than the delta's base", .unknown, Edition(number: 4, from: -9, until: -1), delta),
        story("a stale complete list that the delta brings up to date", .valid, Edition(from: -9, until: -1), delta),
        story("and holds it", .revoked, Edition(from: -9, until: -1), delta(.superseded)),
        story("and held it before", .revoked, Edition(from: -9, until: -1, entry: .certificateHold), delta),
        story(
            "a stale complete list and a stale delta", .unknown, Edition(from: -9, until: -1),
            Edition(number: 8, from: -8, until: -1, base: 5)),
        story("a complete list, and a stale delta beside it", .valid, full, Edition(number: 8, from: -8, until: -1, base: 5)),
        story("a complete list from the future", .unknown, Edition(from: 1, until: 3), Edition(number: 8, from: -1, base: 5)),
        story("a delta from the future", .valid, full, Edition(number: 8, from: 1, until: 2, entry: .keyCompromise, base: 5)),
        story("a complete list as new as the delta", .valid, Edition(number: 8, from: -1), delta),
        story("a stale complete list as new as the delta", .unknown, Edition(number: 8, from: -9, until: -1), delta),
        story("a complete list newer than the delta", .valid, Edition(number: 9, from: -1), delta),
        story("a complete list without a hold that an older delta has", .valid, Edition(number: 9, from: 0), delta(.certificateHold)),
        story(
            "a stale complete list, and a delta of another scope", .unknown, Edition(from: -9, until: -1),
            Edition(number: 8, from: -1, base: 5, scope: .init(onlyUsers: true))),
        story(
            "a stale complete list, and a delta of no scope", .unknown, Edition(from: -9, until: -1, scope: .init(onlyUsers: true)), delta),
        story(
            "a stale complete list, and a delta by another key", .unknown, Edition(from: -9, until: -1),
            Edition(number: 8, from: -1, base: 5, isForeign: true)),
        story(
            "a partition with its delta", .valid, Edition(from: -9, until: -1, scope: town),
            Edition(number: 8, from: -1, base: 5, scope: town), points: [.init(names: town.names)]),
        story(
            "a partition with its delta, which holds it", .revoked, Edition(scope: town),
            Edition(number: 8, from: -1, entry: .superseded, base: 5, scope: town), points: [.init(names: town.names)]),
        story(
            "several deltas: the newest ends the hold", .valid, full, Edition(number: 6, from: -1, entry: .certificateHold, base: 5),
            Edition(number: 7, from: -1, entry: .removeFromCRL, base: 5)),
        story(
            "several deltas: the newest no longer has the hold", .valid, full,
            Edition(number: 6, from: -1, entry: .certificateHold, base: 5),
            Edition(number: 7, from: -1, base: 5)),
        story(
            "several deltas: the newest has the hold", .revoked, full, Edition(number: 6, from: -1, entry: .removeFromCRL, base: 5),
            Edition(number: 7, from: -1, entry: .certificateHold, base: 5)),
    ]

    @Test(arguments: stories) func `bring a complete list up to date`(situation: Situation) throws {
        var scene = try Scene()
        let leaf = try situation.make(&scene)
        #expect(try scene.word(on: leaf) == situation.expected, "\(situation.name)")
    }

    /// Beyond the letter of (k): what was revoked for good never comes back.
    static let forGood: [Situation] = [
        story("removed after a revocation for good", .revoked, full(.keyCompromise), delta(.removeFromCRL)),
        story("removed after a revocation without a reason", .revoked, full(.unspecified), delta(.removeFromCRL)),
        story("held after a revocation for good", .revoked, full(.keyCompromise), delta(.certificateHold)),
        story(
            "gone from a newer delta", .revoked, full, Edition(number: 6, from: -1, entry: .superseded, base: 5),
            Edition(number: 7, from: -1, base: 5)),
        story("gone from a newer complete list", .revoked, full(.superseded), Edition(number: 9, from: -1)),
        story("in a delta that no list at hand fits", .revoked, Edition(number: 3), delta(.superseded)),
        story("in a delta alone", .revoked, delta(.superseded)),
        story("held in a delta alone", .revoked, delta(.certificateHold)),
        story("removed in a delta alone", .unknown, delta(.removeFromCRL)),
        story("removed in a complete list", .unknown, full(.removeFromCRL)),
    ]

    @Test(arguments: forGood) func `never bring back what was revoked for good`(situation: Situation) throws {
        var scene = try Scene()
        let leaf = try situation.make(&scene)
        #expect(try scene.word(on: leaf) == situation.expected, "\(situation.name)")
    }

    @Test(arguments: [.keyCompromise, .affiliationChanged, .superseded, .cessationOfOperation, .certificateHold] as [RevocationReason])
    func `keep the reason, and are as fresh as themselves`(reason: RevocationReason) throws {
        var scene = try Scene()
        let leaf = try Self.story("", .revoked, Self.full, Self.delta(reason)).make(&scene)
        let status = try scene.status(of: leaf)
        #expect(status.verdict == .revoked(reason, Moment.days(-3)))
        #expect(status.thisUpdate == Moment.days(-1) && status.nextUpdate == Moment.days(1) && status.source == .crl)
    }

    @Test func `of an indirect list belong to the issuers it names`() throws {
        for (owner, expected) in [("delta CA2", Word.revoked), ("delta CA3", .valid)] {
            var scene = try Scene()
            let maker = try scene.authority("delta CA1")
            let authority = try scene.authority("delta CA2")
            try scene.list(by: maker, scope: .init(isIndirect: true)) { $0.number = 5 }
            try scene.list(by: maker, scope: .init(isIndirect: true)) { draft in
                draft.number = 6
                draft.extensions.append(Extension.delta(from: 5))
                draft.entries = [.revoked([7], .superseded, of: .named(owner))]
            }
            let leaf = try scene.person(authority, points: [.init(issuers: [maker.name])])
            #expect(try scene.word(on: leaf) == expected)
            #expect(try scene.published(of: leaf) == expected)
        }
    }

    @Test(arguments: [("a delta that is no critical one", false), ("a critical one", true)])
    func `say so critically`(name: String, critical: Bool) throws {
        let node = try Node("delta CA")
        let der = try Scene.list(by: node) { $0.extensions.append(Extension.raw(.deltaCRLIndicator, critical: critical) { $0.integer(5) }) }
        if critical {
            let list = try UnverifiedRevocationList(der: der)
            #expect(list.head.isDelta && list.head.base == [5])
        } else {
            #expect(throws: RevocationRefusal.list(.extension(.deltaCRLIndicator, .value))) { try UnverifiedRevocationList(der: der) }
        }
    }
}
