import Credentials
import OpenID
import SignOn
import Testing
import Vocabulary

/// One promise of the protocols, to be held by every store that Sekisho runs on.
struct Promise: Sendable, CustomTestStringConvertible {
    let testDescription: String
    /// Whether a call of it must throw.
    let expectsRefusal: Bool
    let hold: @Sendable (any Stores) async throws -> Void

    init(_ words: String, refused: Bool = false, hold: @escaping @Sendable (any Stores) async throws -> Void) {
        testDescription = words
        expectsRefusal = refused
        self.hold = hold
    }

    static let all =
        transactions + sessions + subjects + challenges + claims + codes + tokens + redemptions + trail + graph + logouts + artifacts
        + pushed
        + waiting
        + exchanges
        + consents + ledgers
        + identities
        + links
        + care
        + signals
        + passing
}

typealias F = Fixture

extension Promise {
    static let transactions = [
        Promise("a transaction comes back as it was opened") { (store) async throws in
            let opened = try F.transaction()
            try await store.open(opened)
            #expect(try await store.transaction(opened.id, at: F.now) == opened)
            #expect(try await store.transaction(try F.transactionID(2), at: F.now) == nil)
        },
        Promise("a transaction is taken out once") { (store) async throws in
            let opened = try F.transaction()
            try await store.open(opened)
            #expect(try await store.consume(opened.id, at: F.now) == opened)
            #expect(try await store.consume(opened.id, at: F.now) == nil)
            #expect(try await store.transaction(opened.id, at: F.now) == nil)
        },
        Promise("of 100 that take a transaction out one gets it") { (store) async throws in
            let opened = try F.transaction()
            try await store.open(opened)
            #expect(try await atOnce { _ in try await store.consume(opened.id, at: F.now) }.compactMap { $0 } == [opened])
        },
        Promise("a transaction ends with its last moment") { (store) async throws in
            let opened = try F.transaction()
            try await store.open(opened)
            let last = opened.expiresAt.adding(milliseconds: -1)
            #expect(try await store.transaction(opened.id, at: opened.expiresAt) == nil)
            #expect(try await store.consume(opened.id, at: opened.expiresAt) == nil)
            #expect(try await store.transaction(opened.id, at: last) == opened)
            #expect(try await store.consume(opened.id, at: last) == opened)
        },
        Promise("a transaction's id serves once", refused: true) { (store) async throws in
            try await store.open(try F.transaction())
            await #expect(throws: (any Error).self) { try await store.open(try F.transaction(1, expires: F.afterwards)) }
            #expect(try await store.transaction(try F.transactionID(), at: F.now) == F.transaction())
        },
    ]

    static let sessions = [
        Promise("a session comes back as it was started") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            #expect(try await store.session(session.id, at: F.now) == session)
            #expect(try await store.session(try F.sessionID(2), at: F.now) == nil)
        },
        Promise("a session that replaces another ends it in the same step (checklist H2)") { (store) async throws in
            let (old, new) = (try F.session(1), try F.session(2))
            try await store.start(old, replacing: nil, expires: F.later)
            try await store.start(new, replacing: old.id, expires: F.later)
            #expect(try await store.session(old.id, at: F.now) == nil)
            #expect(try await store.session(new.id, at: F.now) == new)
        },
        Promise("a session does not replace one that ended meanwhile: the logout holds (checklist H2)") { (store) async throws in
            let (old, new) = (try F.session(1), try F.session(2))
            #expect(try await store.start(old, replacing: nil, expires: F.later))
            try await store.end(old.id)
            #expect(try await !store.start(new, replacing: old.id, expires: F.later))
            #expect(try await store.session(new.id, at: F.now) == nil)
        },
        Promise("a session that replaces none ends none") { (store) async throws in
            let (old, new) = (try F.session(1), try F.session(2))
            try await store.start(old, replacing: nil, expires: F.later)
            try await store.start(new, replacing: nil, expires: F.later)
            #expect(try await store.session(old.id, at: F.now) == old)
        },
        Promise("a session that cannot start ends none", refused: true) { (store) async throws in
            let (old, other) = (try F.session(1), try F.session(2))
            try await store.start(old, replacing: nil, expires: F.later)
            try await store.start(other, replacing: nil, expires: F.later)
            await #expect(throws: (any Error).self) { try await store.start(other, replacing: old.id, expires: F.later) }
            #expect(try await store.session(old.id, at: F.now) == old)
        },
        Promise("touching a session moves its last use, never backwards, and no other's") { (store) async throws in
            let (session, other) = (try F.session(1), try F.session(2))
            try await store.start(session, replacing: nil, expires: F.afterwards)
            try await store.start(other, replacing: nil, expires: F.afterwards)
            try await store.touch(session.id, at: F.later)
            try await store.touch(session.id, at: F.now)
            #expect(try await store.session(session.id, at: F.now)?.lastSeenAt == F.later)
            #expect(try await store.session(other.id, at: F.now)?.lastSeenAt == F.now)
        },
        Promise("touching a session that ended does not bring it back") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            try await store.end(session.id)
            try await store.touch(session.id, at: F.now)
            #expect(try await store.session(session.id, at: F.now) == nil)
        },
        Promise("ending a session ends that one") { (store) async throws in
            let (session, other) = (try F.session(1), try F.session(2))
            try await store.start(session, replacing: nil, expires: F.later)
            try await store.start(other, replacing: nil, expires: F.later)
            try await store.end(session.id)
            try await store.end(session.id)
            #expect(try await store.session(session.id, at: F.now) == nil)
            #expect(try await store.session(other.id, at: F.now) == other)
        },
        Promise("a session ends with its last moment, however lately it was used") { (store) async throws in
            let session = try F.session()
            try await store.start(session, replacing: nil, expires: F.later)
            try await store.touch(session.id, at: F.afterwards)
            #expect(try await store.session(session.id, at: F.later) == nil)
            #expect(try await store.session(session.id, at: F.later.adding(milliseconds: -1)) != nil)
        },
    ]

    static let subjects = [
        Promise("a certificate is linked once and for good") { (store) async throws in
            #expect(try await store.subject(linkedTo: F.certificate()) == nil)
            #expect(try await store.link(F.certificate(), to: F.subject(1), at: F.now) == F.subject(1))
            #expect(try await store.link(F.certificate(), to: F.subject(2), at: F.later) == F.subject(1))
            #expect(try await store.subject(linkedTo: F.certificate()) == F.subject(1))
        },
        Promise("another serial number or another authority is another certificate") { (store) async throws in
            _ = try await store.link(F.certificate(1), to: F.subject(1), at: F.now)
            #expect(try await store.subject(linkedTo: F.certificate(2)) == nil)
            #expect(try await store.subject(linkedTo: F.certificate(1, issuer: "b")) == nil)
            #expect(try await store.link(F.certificate(1, issuer: "b"), to: F.subject(2), at: F.now) == F.subject(2))
        },
        Promise("100 first logins with one card make one citizen") { (store) async throws in
            let subjects = try await atOnce { try await store.link(F.certificate(), to: F.subject($0), at: F.now) }
            #expect(Set(subjects).count == 1 && subjects.count == 100)
            #expect(try await store.subject(linkedTo: F.certificate()) == subjects.first)
        },
        Promise("a citizen keeps the identifier of a sector") { (store) async throws in
            #expect(try await store.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(1), at: F.now) == F.pairwise(1))
            #expect(try await store.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(2), at: F.later) == F.pairwise(1))
        },
        Promise("two sectors and two citizens never share an identifier", refused: true) { (store) async throws in
            let first = try await store.pairwise(try F.subject(1), sector: "a", orElse: F.pairwise(1), at: F.now)
            #expect(try await store.pairwise(try F.subject(1), sector: "A", orElse: F.pairwise(2), at: F.now) == F.pairwise(2))
            #expect(try await store.pairwise(try F.subject(2), sector: "a", orElse: F.pairwise(3), at: F.now) == F.pairwise(3))
            // A generator that repeats itself must not make two citizens one.
            await #expect(throws: (any Error).self) {
                try await store.pairwise(try F.subject(3), sector: "a", orElse: first, at: F.now)
            }
        },
        Promise("sectors that only look alike are two (checklist E1)") { (store) async throws in
            _ = try await store.pairwise(try F.subject(), sector: "caf\u{e9}", orElse: F.pairwise(1), at: F.now)
            #expect(try await store.pairwise(try F.subject(), sector: "cafe\u{301}", orElse: F.pairwise(2), at: F.now) == F.pairwise(2))
        },
        Promise("100 first visits to one sector get one identifier") { (store) async throws in
            let subject = try F.subject()
            let made = try await atOnce { try await store.pairwise(subject, sector: "a", orElse: F.pairwise($0), at: F.now) }
            #expect(Set(made).count == 1 && made.count == 100)
        },
    ]

    static let challenges = [
        Promise("a challenge is taken out once, as it was issued (checklist H7)") { (store) async throws in
            let challenge = try F.challenge()
            try await store.issue(challenge)
            let other = try F.challenge()
            #expect(try await store.consume(other.id, at: F.now) == nil)
            #expect(try await store.consume(challenge.id, at: F.now) == challenge)
            #expect(try await store.consume(challenge.id, at: F.now) == nil)
        },
        Promise("of 100 that take a challenge out one gets it") { (store) async throws in
            let challenge = try F.challenge()
            try await store.issue(challenge)
            #expect(try await atOnce { _ in try await store.consume(challenge.id, at: F.now) }.compactMap { $0 } == [challenge])
        },
        Promise("a challenge ends with its last moment") { (store) async throws in
            let challenge = try F.challenge()
            try await store.issue(challenge)
            #expect(try await store.consume(challenge.id, at: challenge.expiresAt) == nil)
            #expect(try await store.consume(challenge.id, at: challenge.expiresAt.adding(milliseconds: -1)) == challenge)
        },
        Promise("a hand-over is taken out once, as it was issued") { (store) async throws in
            let handover = try F.handover()
            try await store.issue(handover)
            #expect(try await store.consume(handover: F.bytes(2, "handover"), at: F.now) == nil)
            #expect(try await store.consume(handover: handover.code, at: F.now) == handover)
            #expect(try await store.consume(handover: handover.code, at: F.now) == nil)
        },
        Promise("of 100 that take a hand-over out one gets it") { (store) async throws in
            let handover = try F.handover()
            try await store.issue(handover)
            #expect(try await atOnce { _ in try await store.consume(handover: handover.code, at: F.now) }.compactMap { $0 } == [handover])
        },
        Promise("a hand-over ends with its last moment") { (store) async throws in
            let handover = try F.handover()
            try await store.issue(handover)
            #expect(try await store.consume(handover: handover.code, at: handover.expiresAt) == nil)
            #expect(try await store.consume(handover: handover.code, at: handover.expiresAt.adding(milliseconds: -1)) == handover)
        },
    ]

    static let claims = [
        Promise("a key is claimed once until its moment, and may be claimed again after it") { (store) async throws in
            #expect(try await store.claim("k", scope: "s", until: F.later, at: F.now))
            #expect(try await !store.claim("k", scope: "s", until: F.afterwards, at: F.now))
            #expect(try await !store.claim("k", scope: "s", until: F.afterwards, at: F.later.adding(milliseconds: -1)))
            #expect(try await store.claim("k", scope: "s", until: F.afterwards, at: F.later))
            #expect(try await !store.claim("k", scope: "s", until: F.afterwards, at: F.later))
        },
        Promise("of 100 claims of one key one wins") { (store) async throws in
            #expect(try await atOnce { _ in try await store.claim("k", scope: "s", until: F.later, at: F.now) }.count { $0 } == 1)
        },
        Promise("100 keys claimed at once are claimed by all") { (store) async throws in
            #expect(try await atOnce { try await store.claim("k\($0)", scope: "s", until: F.later, at: F.now) }.allSatisfy { $0 })
        },
        Promise("keys and scopes differ by every byte") { (store) async throws in
            let keys = [
                ("s", "k"), ("s", "K"), ("S", "k"), ("sk", ""), ("", "sk"), ("s", "k\u{0}"), ("s", "k\u{0}a"), ("s", "caf\u{e9}"),
                ("s", "cafe\u{301}"), ("s ", "k"), ("s", " k"), ("1", "2 3"), ("1 2", "3"), ("s", String(repeating: "k", count: 20_000)),
            ]
            for (scope, key) in keys {
                #expect(
                    try await store.claim(key, scope: scope, until: F.later, at: F.now), "first \(scope.debugDescription) \(key.prefix(9))")
            }
            for (scope, key) in keys { #expect(try await !store.claim(key, scope: scope, until: F.later, at: F.now)) }
        },
    ]

    static let trail = [
        Promise("the trail takes every record, also equal ones") { (store) async throws in
            for number in [1, 2, 2] { try await store.append(F.record(number)) }
            _ = try await atOnce { try await store.append(F.record($0)) }
        }
    ]
}
