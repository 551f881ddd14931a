import Credentials
import Cryptography
import SQLiteStores
import SignOn
import Testing
import Trust
import Vocabulary

/// Several processes that answer from one file (decision 0063). Each store here is opened as another process would open it.
@Suite struct `Nodes on one store` {
    private typealias F = Fixture

    private func nodes(_ room: Room, isShared: Bool = true) throws -> (SQLiteStore, SQLiteStore) {
        (
            try SQLiteStore(path: room.path, durability: .normal, isShared: isShared),
            try SQLiteStore(path: room.path, durability: .normal, isShared: isShared)
        )
    }

    @Test func `a session that one node ends is over at the other at once`() async throws {
        let room = try Room()
        let (one, other) = try nodes(room)
        let session = try F.session()
        try await one.start(session, replacing: nil, expires: F.afterwards)
        #expect(try await other.session(session.id, at: F.now) == session)
        try await one.end(session.id)
        #expect(try await other.session(session.id, at: F.now) == nil)
    }

    /// Why a file that is not shared is locked by its server.
    @Test func `a store that owns its file would go on with it`() async throws {
        let room = try Room()
        let (one, other) = try nodes(room, isShared: false)
        let session = try F.session()
        try await one.start(session, replacing: nil, expires: F.afterwards)
        _ = try await other.session(session.id, at: F.now)
        try await one.end(session.id)
        #expect(try await other.session(session.id, at: F.now) == session)
    }

    @Test func `a step-up at one node is what the other sees`() async throws {
        let room = try Room()
        let (one, other) = try nodes(room)
        let first = try F.session(1, logins: [.face])
        try await one.start(first, replacing: nil, expires: F.afterwards)
        #expect(try await other.session(first.id, at: F.now) == first)
        let second = try F.session(2, logins: [.face, .pin])
        #expect(try await other.start(second, replacing: first.id, expires: F.afterwards))
        #expect(try await one.session(first.id, at: F.now) == nil)
        #expect(try await one.session(second.id, at: F.now)?.authentications.count == 2)
    }

    @Test func `the trail that both write is one chain`() async throws {
        let room = try Room()
        let (one, other) = try nodes(room)
        let stores = [one, other]
        _ = try await atOnce(100) { number in try await stores[number % 2].append(F.record(number)) }
        guard case .holds(let records, _) = try await one.verifyAudit() else {
            Issue.record("the chain does not hold")
            return
        }
        #expect(records == 100)
    }

    @Test func `a revocation that one node saw is known at the other`() async throws {
        let room = try Room()
        let (one, other) = try nodes(room)
        let (first, second) = (try await SQLiteRevocationMemory(one), try await SQLiteRevocationMemory(other))
        let key = try #require(RevocationKey(digest: F.bytes(1, "revoked")))
        #expect(try await second.recall(key) == nil)
        let revocation = RememberedRevocation(
            key: key, reason: .keyCompromise, revokedAt: F.now, source: .ocsp, thisUpdate: F.now, expiresAt: F.afterwards)
        try await first.remember(revocation)
        #expect(try await second.recall(key) == revocation)
    }

    @Test func `what an app proved at one node is taken at the other, once, and its tries are counted together`() async throws {
        let room = try Room()
        let (one, other) = try nodes(room)
        let note = PassingNote(.appAnswer, key: F.bytes(1), proof: F.bytes(2), tries: 3, body: [1], expiresAt: F.later)
        #expect(try await one.leave(note, at: F.now))
        #expect(try await other.guessPassing(.appAnswer, note.key, proof: F.bytes(3), at: F.now) == .wrong(left: 2))
        #expect(try await one.guessPassing(.appAnswer, note.key, proof: F.bytes(3), at: F.now) == .wrong(left: 1))
        guard case .right = try await other.guessPassing(.appAnswer, note.key, proof: F.bytes(2), at: F.now) else {
            Issue.record("the right proof was not taken")
            return
        }
        #expect(try await one.guessPassing(.appAnswer, note.key, proof: F.bytes(2), at: F.now) == .nothing)
    }

    @Test func `so many notes of a kind wait, and what has run out makes room`() async throws {
        let room = try Room()
        let store = try room.store()
        let most = PassingNote.Kind.sandboxCode.most
        @Sendable func note(_ number: Int) -> PassingNote {
            PassingNote(.sandboxCode, key: F.bytes(number, "many"), expiresAt: F.later)
        }
        let left = try await atOnce(most) { try await store.leave(note($0), at: F.now) }
        #expect(left.allSatisfy { $0 })
        #expect(try await !store.leave(note(most), at: F.now))
        #expect(try await store.leave(note(0), at: F.now), "its own place is its own")
        #expect(try await store.takePassing(.sandboxCode, note(0).key, at: F.now) == note(0))
        #expect(try await store.leave(note(0), at: F.now), "what was taken made room for one")
        #expect(try await !store.leave(note(most), at: F.now))
        #expect(
            try await store.leave(PassingNote(.sandboxToken, key: F.bytes(1), expiresAt: F.later), at: F.now), "other kinds have theirs")
        #expect(try await store.leave(PassingNote(.sandboxCode, key: F.bytes(most, "many"), expiresAt: F.afterwards), at: F.later))
        #expect(try await store.sweep(at: F.afterwards, limit: 5_000) >= 2)
        #expect(try await store.counts()["passing"] == 0)
    }

    @Test func `a file of before the counts learns how many wait`() async throws {
        let room = try Room()
        let most = PassingNote.Kind.sandboxCode.most
        @Sendable func note(_ number: Int) -> PassingNote {
            PassingNote(.sandboxCode, key: F.bytes(number, "many"), expiresAt: F.later)
        }
        do {
            let store = try room.store()
            _ = try await atOnce(most - 1) { try await store.leave(note($0), at: F.now) }
        }
        try room.tamper(
            "DROP INDEX logout_legs_member", "DROP INDEX awaited_client", "DROP TRIGGER passing_is_replaced", "DROP TRIGGER passing_comes",
            "DROP TRIGGER passing_goes", "DROP TABLE passing_counts", "DROP TRIGGER signals_come", "DROP TRIGGER signals_go",
            "ALTER TABLE signal_streams DROP COLUMN waiting",
            "DELETE FROM grdb_migrations WHERE identifier = '24 queues by receiver, counts of what waits'")
        let store = try room.store()
        #expect(try await store.leave(note(most - 1), at: F.now))
        #expect(try await !store.leave(note(most), at: F.now))
    }
}
