import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `Published lists` {
    /// One authority below the anchor, both with a fresh list, and what a path search says by them.
    struct Town {
        var scene: Scene
        let authority: Node
        let leaf: Certificate
        var chain: TrustedChain {
            get throws {
                try #require(PathSearch(store: scene.store).verdict(on: leaf, with: scene.certificates, at: Moment.now).chain)
            }
        }

        init(points: [PointDraft] = []) throws {
            scene = try Scene()
            authority = try scene.authority("Town CA")
            leaf = try scene.person(authority, points: points)
        }

        func verified(
            scope: ScopeDraft? = nil, at now: Timestamp = Moment.now, _ change: (inout ListDraft) -> Void = { _ in }
        ) throws -> VerifiedRevocationList {
            try UnverifiedRevocationList(der: Scene.list(by: authority, scope: scope, change))
                .verified(issuer: scene.certificates[0], at: now)
        }

        func word(_ lists: RevocationLists) throws -> Word {
            Word(
                PathSearch(store: scene.store).verdict(
                    on: leaf, with: scene.certificates, at: Moment.now, status: .evidence(lists, unknownRefuses: true)))
        }

        /// The anchor's own list, fresh or as given.
        func anchorList(_ change: (inout ListDraft) -> Void = { _ in }) throws -> VerifiedRevocationList {
            try UnverifiedRevocationList(der: Scene.list(by: scene.root, change)).verified(issuer: scene.anchor, at: Moment.now)
        }
    }

    @Test func `answer for every authority of a path`() throws {
        let town = try Town()
        let own = try town.verified()
        let serial = town.scene.certificates[0].serial
        #expect(try town.word(RevocationLists([own, town.anchorList()])) == .valid)
        #expect(try town.word(RevocationLists([own])) == .unknown)
        #expect(try town.word(RevocationLists([own, town.anchorList { $0.entries = [.revoked(serial)] }])) == .revoked)
        #expect(
            try town.word(RevocationLists([town.verified { $0.entries = [.revoked()] }, town.anchorList()])) == .revoked)
    }

    @Test func `are as old as they were published for, unless a question says otherwise`() throws {
        let town = try Town()
        let lists = [try town.verified(), try town.anchorList()]
        #expect(try town.word(RevocationLists(lists, maximumAge: 86_400)) == .valid)
        #expect(try town.word(RevocationLists(lists, maximumAge: 86_399)) == .unknown)
        let strict = RevocationLists(lists, maximumAge: 86_399)
        #expect(try strict.status(of: town.chain, at: Moment.now, maximumAge: 86_400).verdict == .good)
        #expect(try strict.status(of: town.chain, at: Moment.now).verdict == .unknown)
    }

    @Test func `may be ahead by the skew`() throws {
        let town = try Town()
        let early = try UnverifiedRevocationList(der: Scene.list(by: town.authority) { $0.thisUpdate = Moment.minutes(2) })
        #expect(throws: RevocationRefusal.future(thisUpdate: Moment.minutes(2), now: Moment.now)) {
            try early.verified(issuer: town.scene.certificates[0], at: Moment.now)
        }
        let verified = try early.verified(issuer: town.scene.certificates[0], at: Moment.now, skew: 120)
        for (skew, expected) in [(Int64(120), StatusVerdict.good), (119, .unknown)] {
            #expect(try RevocationLists([verified], skew: skew).status(of: town.chain, at: Moment.now).verdict == expected)
        }
    }

    @Test func `that grew stale are kept up to date by their deltas`() throws {
        let town = try Town()
        let base = try town.verified(at: Moment.days(-4)) { draft in
            draft.number = 5
            draft.thisUpdate = Moment.days(-5)
            draft.nextUpdate = Moment.days(-3)
            draft.entries = [.revoked([9])]
        }
        func delta(_ entries: [ListDraft.Entry]) throws -> VerifiedRevocationList {
            try town.verified { draft in
                draft.number = 8
                draft.extensions.append(Extension.delta(from: 5))
                draft.entries = entries
            }
        }
        #expect(try RevocationLists([base]).status(of: town.chain, at: Moment.now).verdict == .unknown)
        let good = try RevocationLists([base, delta([])]).status(of: town.chain, at: Moment.now)
        #expect(good.verdict == .good && good.thisUpdate == Moment.days(-1))
        let revoked = try RevocationLists([base, delta([.revoked([7], .superseded)])]).status(of: town.chain, at: Moment.now)
        #expect(revoked.verdict == .revoked(.superseded, Moment.days(-3)))
    }

    @Test func `of a nation's municipalities: the one of the card is asked, and no other is even remarked on`() throws {
        func points(_ number: Int) -> NamesDraft { .directory("City-\(number) CRLDP") }
        let town = try Town(points: [.init(names: points(41))])
        let lists = RevocationLists(
            try (0..<60).map { number in
                try town.verified(scope: .init(names: points(number))) { $0.entries = number == 41 ? [] : [.revoked()] }
            })
        let status = try lists.status(of: town.chain, at: Moment.now)
        #expect(status.verdict == .good && status.remarks.count == 1)
        guard case .list(let head)? = status.remarks.first?.subject else { return #expect(Bool(false), "no list") }
        #expect(head.scope?.point?.directoryNames == [.named("City-41 CRLDP")])
        #expect(status.remarks.first?.finding == .decided(.good))
        let other = try Town(points: [.init(names: points(60))])
        #expect(try lists.status(of: other.chain, at: Moment.now).verdict == .unknown)
    }

    @Test func `by another key count while they say themselves that its certificate is good`() throws {
        var town = try Town()
        let rolled = try town.authority.rolled()
        let link = try town.scene.certify(rolled, by: town.scene.root)
        let signer = try #require(
            PathSearch(store: town.scene.store).verdict(on: link, with: town.scene.certificates, at: Moment.now).chain)
        let list = try UnverifiedRevocationList(der: Scene.list(by: rolled)).verified(by: signer, at: Moment.now)
        #expect(try town.word(RevocationLists([list, town.anchorList()])) == .valid)
        let revoking = try town.anchorList { $0.entries = [.revoked(link.serial)] }
        let status = try RevocationLists([list, revoking]).status(of: town.chain, at: Moment.now)
        #expect(status.verdict == .unknown)
        #expect(
            status.remarks.map(\.finding) == [.refused(.signerStatus(.revoked(.keyCompromise, Moment.days(-3))))])
        // Without its chain nothing is known of another key of the name.
        let loose = try UnverifiedRevocationList(der: Scene.list(by: rolled)).verified(issuer: link, at: Moment.now)
        #expect(try RevocationLists([loose, town.anchorList()]).status(of: town.chain, at: Moment.now).verdict == .unknown)
    }
}
