import Cryptography
import Testing
import Trust
import Vocabulary

/// Who may have signed a list: RFC 5280 §6.3.3 (f) and (g).
@Suite struct `A list's signer` {
    @Test(arguments: stories) func `stands in the certificate's path, or joins it`(situation: Situation) throws {
        try `A list's scope, RFC 5280 §6.3.3 (b) and (d), as PKITS 4.14 has it`.judge(situation)
    }

    /// An authority that rolled its key over; a person below the old key; a list by the new key. `link` certifies the new key.
    private static func rolled(
        _ name: String, _ expected: Word, revokes: Bool = false,
        link: @escaping @Sendable (_ scene: inout Scene, _ old: Node, _ new: Node) throws -> Void
    ) -> Situation {
        Situation(name, expected) { scene in
            let old = try scene.authority("Rolled CA")
            let new = try old.rolled()
            try link(&scene, old, new)
            try scene.list(by: new) { if revokes { $0.entries = [.revoked()] } }
            return try scene.person(old)
        }
    }

    /// The list that is about the link certificate alone, by the old key.
    private static func linkList(_ scene: inout Scene, by old: Node, revokes: Bool) throws {
        let serial = scene.certificates[scene.certificates.count - 1].serial
        try scene.list(by: old, scope: .init(onlyAuthorities: true)) { if revokes { $0.entries = [.revoked(serial)] } }
    }

    static let stories: [Situation] = [
        rolled("a new key that the authority above certified", .valid) { try $0.certify($2, by: $0.root) },
        rolled("and revokes", .revoked, revokes: true) { try $0.certify($2, by: $0.root) },
        rolled("a new key that nobody certified", .unknown) { _, _, _ in },
        rolled("a new key that may not sign lists", .unknown) { try $0.certify($2, by: $0.root, usage: [.keyCertSign]) },
        rolled("a new key whose certificate is over", .unknown) { scene, _, new in
            try scene.certify(new, by: scene.root) { $0.notAfter = Moment.days(-1) }
        },
        rolled("a new key whose certificate was revoked", .unknown) { scene, _, new in
            let serial = try scene.certify(new, by: scene.root).serial
            scene.lists = []
            try scene.list(by: scene.root) { $0.entries = [.revoked(serial)] }
        },
        rolled("a link certificate: the old key certified the new one", .valid) { scene, old, new in
            try scene.certify(new, by: old)
            try linkList(&scene, by: old, revokes: false)
        },
        rolled("a link certificate that was revoked", .unknown) { scene, old, new in
            try scene.certify(new, by: old)
            try linkList(&scene, by: old, revokes: true)
        },
        rolled("a link certificate whose status hangs on the new key's own list", .unknown) { scene, old, new in
            try scene.certify(new, by: old)
        },
        Situation("a person below the new key, a list by the old one", .valid) { scene in
            let old = try scene.authority("Rolled CA")
            let new = try old.rolled()
            try scene.certify(new, by: old)
            try scene.list(by: old)
            return try scene.person(new)
        },
        Situation("and revokes, by the old one", .revoked) { scene in
            let old = try scene.authority("Rolled CA")
            let new = try old.rolled()
            try scene.certify(new, by: old)
            try scene.list(by: old) { $0.entries = [.revoked()] }
            return try scene.person(new)
        },
        Situation("a key for certificates and a key for lists", .valid) { scene in
            let authority = try scene.authority("Separate CA", usage: [.keyCertSign])
            let lists = try authority.rolled()
            try scene.certify(lists, by: scene.root, usage: [.cRLSign])
            try scene.list(by: lists)
            return try scene.person(authority)
        },
        Situation("a key for certificates that signs lists all the same", .unknown) { scene in
            let authority = try scene.authority("Separate CA", usage: [.keyCertSign])
            try scene.list(by: authority)
            return try scene.person(authority)
        },
        Situation("a twin: an authority of the same name below another one", .unknown) { scene in
            let authority = try scene.authority("Twin CA")
            let evil = try scene.authority("Evil CA")
            let twin = try scene.authority("Twin CA", by: evil)
            try scene.list(by: authority) {
                $0.entries = [.revoked([7], .certificateHold)]; $0.nextUpdate = Moment.minutes(-1)
            }
            try scene.list(by: evil)
            try scene.list(by: twin)
            return try scene.person(authority)
        },
        Situation("a twin of a list issuer below another authority", .unknown) { scene in
            let authority = try scene.authority("Plain CA")
            let evil = try scene.authority("Evil CA")
            let twin = try scene.authority("List Issuer", by: evil)
            try scene.list(by: evil)
            try scene.list(by: twin, scope: .init(isIndirect: true))
            return try scene.person(authority, points: [.init(issuers: [twin.name])])
        },
        Situation("a list issuer below the anchor", .valid) { scene in
            let authority = try scene.authority("Plain CA")
            let maker = try scene.authority("List Issuer", usage: [.cRLSign])
            try scene.list(by: maker, scope: .init(isIndirect: true))
            return try scene.person(authority, points: [.init(issuers: [maker.name])])
        },
        Situation("the anchor's indirect list for the authorities below it", .revoked) { scene in
            let authority = try scene.authority("Plain CA")
            scene.lists = []
            let serial = scene.certificates[0].serial
            try scene.list(by: scene.root, scope: .init(isIndirect: true)) { draft in
                draft.entries = [.revoked([0x55]), .revoked([7], .superseded, of: authority.name)]
            }
            #expect(serial != [7])
            return try scene.person(authority, points: [.init(issuers: [scene.root.name])])
        },
        Situation("two list issuers that vouch for each other", .unknown) { scene in
            let authority = try scene.authority("Plain CA")
            let names = ("List Issuer A", "List Issuer B")
            let first = try scene.authority(names.0, usage: [.cRLSign], points: [.init(issuers: [.named(names.1)])])
            let second = try scene.authority(names.1, usage: [.cRLSign], points: [.init(issuers: [.named(names.0)])])
            for maker in [first, second] { try scene.list(by: maker, scope: .init(isIndirect: true)) }
            return try scene.person(authority, points: [.init(issuers: [first.name])])
        },
        Situation("a chain of list issuers, each known by the next", .valid) { scene in try chain(&scene, length: 3) },
        Situation("a chain of list issuers that is too long", .unknown) { scene in try chain(&scene, length: 7) },
    ]

    /// Each list issuer's certificate sends its readers to the next; the last one's status is on the anchor's list.
    private static func chain(_ scene: inout Scene, length: Int) throws -> Certificate {
        let authority = try scene.authority("Plain CA")
        for number in 1...length {
            let points = number < length ? [PointDraft(issuers: [.named("List Issuer \(number + 1)")])] : []
            let maker = try scene.authority("List Issuer \(number)", usage: [.cRLSign], points: points)
            try scene.list(by: maker, scope: .init(isIndirect: true))
        }
        return try scene.person(authority, points: [.init(issuers: [.named("List Issuer 1")])])
    }

    @Test func `of another anchor is nobody, even when both anchors are trusted`() throws {
        var scene = try Scene()
        let authority = try scene.authority("Shared CA")
        let other = try Node("Other Anchor")
        let twin = try authority.rolled()
        try scene.certify(twin, by: other)
        try scene.list(by: other)
        try scene.list(by: twin)
        let leaf = try scene.person(authority)
        let store = TrustStore(anchors: [scene.anchor.anchor, try other.root().anchor])
        let evidence = try RevocationEvidence(
            lists: scene.lists.map { try UnverifiedRevocationList(der: $0) }, certificates: scene.certificates, store: store)
        let verdict = PathSearch(store: store).verdict(
            on: leaf, with: scene.certificates, at: Moment.now, status: .evidence(evidence, unknownRefuses: true))
        #expect(Word(verdict) == .unknown)
        // The same with a list by the authority's own key.
        try scene.list(by: authority)
        #expect(try scene.word(on: leaf) == .valid)
    }

    @Test func `is proven in advance by its chain, and by no other`() throws {
        var scene = try Scene()
        let old = try scene.authority("Rolled CA")
        let new = try old.rolled()
        try scene.certify(new, by: scene.root)
        let list = try UnverifiedRevocationList(der: Scene.list(by: new))
        let chains = try scene.certificates.map {
            try #require(PathSearch(store: scene.store).verdict(on: $0, with: scene.certificates, at: Moment.now).chain)
        }
        #expect(try list.verified(by: chains[1], at: Moment.now).issuer == scene.certificates[1])
        #expect(throws: RevocationRefusal.issuer) { try list.verified(by: chains[0], at: Moment.now) }
        #expect(throws: RevocationRefusal.stale(nextUpdate: Moment.days(1), now: Moment.days(2))) {
            try list.verified(by: chains[1], at: Moment.days(2))
        }
        #expect(throws: RevocationRefusal.future(thisUpdate: Moment.days(-1), now: Moment.days(-2))) {
            try list.verified(by: chains[1], at: Moment.days(-2))
        }
    }
}
