import Cryptography
import Foundation
import GRDB
import SQLiteStores
import Synchronization
import Testing
import Trust
import Vocabulary

/// The promises of a memory of revocations, to be held by every store that keeps one.
@Suite struct `The memory of revocations` {
    struct Promise: Sendable, CustomTestStringConvertible {
        let testDescription: String
        let hold: @Sendable (any RevocationMemory) async throws -> Void

        init(_ words: String, hold: @escaping @Sendable (any RevocationMemory) async throws -> Void) {
            testDescription = words
            self.hold = hold
        }
    }

    static func revocation(
        _ number: Int = 1, _ reason: RevocationReason = .keyCompromise, thisUpdate: Timestamp = F.now, expires: Timestamp = F.afterwards
    ) throws -> RememberedRevocation {
        RememberedRevocation(
            key: try F.some(RevocationKey(digest: F.bytes(number, "revoked")), "a key"), reason: reason,
            revokedAt: F.now.adding(seconds: -3600), source: .ocsp, thisUpdate: thisUpdate, expiresAt: expires)
    }

    static let promises = [
        Promise("what is remembered is recalled as it was, and nothing else is") { memory in
            for (number, reason) in RevocationReason.allCases.enumerated() {
                let seen = try revocation(number, reason)
                #expect(try await memory.remember(seen) == seen)
                #expect(try await memory.recall(seen.key) == seen)
            }
            #expect(try await memory.recall(try revocation(99).key) == nil)
        },
        Promise("the first revocation for good stays") { memory in
            let first = try revocation(1, .superseded)
            #expect(try await memory.remember(first) == first)
            for reason in [RevocationReason.keyCompromise, .certificateHold] {
                #expect(try await memory.remember(try revocation(1, reason, thisUpdate: F.later)) == first)
            }
            #expect(try await memory.recall(first.key) == first)
        },
        Promise("a hold gives way to a later hold and to a revocation, never to an earlier hold") { memory in
            let hold = try revocation(1, .certificateHold)
            try await memory.remember(hold)
            let earlier = try revocation(1, .certificateHold, thisUpdate: F.now.adding(seconds: -1))
            #expect(try await memory.remember(earlier) == hold)
            let later = try revocation(1, .certificateHold, thisUpdate: F.later)
            #expect(try await memory.remember(later) == later)
            let final = try revocation(1, .affiliationChanged, thisUpdate: F.now.adding(seconds: -1000))
            #expect(try await memory.remember(final) == final)
            #expect(try await memory.recall(hold.key) == final)
        },
        Promise("of 100 that remember at once, all are told of the worst from then on") { memory in
            let kept = try await atOnce { number in
                try await memory.remember(
                    try revocation(1, number == 50 ? .keyCompromise : .certificateHold, thisUpdate: F.now.adding(seconds: Int64(number))))
            }
            #expect(kept.contains { $0.reason == .keyCompromise })
            #expect(try await memory.recall(try revocation().key)?.reason == .keyCompromise)
        },
    ]

    @Test(arguments: promises) func `in SQLite`(promise: Promise) async throws {
        let room = try Room()
        try await promise.hold(try await SQLiteRevocationMemory(room.store()))
    }

    @Test(arguments: promises) func `in SQLite, when too many are remembered to hold their names`(promise: Promise) async throws {
        let room = try Room()
        try await promise.hold(try await SQLiteRevocationMemory(room.store(), capacity: 0))
    }

    /// One after the other: a second memory of one file does not see what the first remembers meanwhile.
    @Test(arguments: promises.dropLast()) func `in SQLite, read anew for every call`(promise: Promise) async throws {
        let room = try Room()
        try await promise.hold(Reopened(path: room.path))
    }

    /// A memory that starts anew before every call.
    private struct Reopened: RevocationMemory {
        let path: String

        private func memory() async throws -> SQLiteRevocationMemory {
            try await SQLiteRevocationMemory(SQLiteStore(path: path, durability: .normal))
        }
        func remember(_ revocation: RememberedRevocation) async throws -> RememberedRevocation {
            try await memory().remember(revocation)
        }
        func recall(_ key: RevocationKey) async throws -> RememberedRevocation? { try await memory().recall(key) }
    }

    @Test func `reads no disk for a certificate that was never revoked`() async throws {
        let room = try Room()
        let memory = try await SQLiteRevocationMemory(room.store())
        try await memory.remember(try Self.revocation(1))
        // With the table gone, only a call that reads it can fail.
        try room.tamper("DROP TABLE revocations")
        #expect(try await memory.recall(try Self.revocation(2).key) == nil)
        await #expect(throws: DatabaseError.self) { try await memory.recall(try Self.revocation(1).key) }
        await #expect(throws: DatabaseError.self) { try await memory.remember(try Self.revocation(2)) }
    }

    @Test func `a revocation that could not be written is looked for on the disk ever after`() async throws {
        let room = try Room()
        let memory = try await SQLiteRevocationMemory(room.store())
        try room.tamper(
            "CREATE TRIGGER outage BEFORE INSERT ON revocations BEGIN SELECT RAISE(ABORT, 'the disk is full'); END")
        await #expect(throws: DatabaseError.self) { try await memory.remember(try Self.revocation(1)) }
        #expect(try await memory.recall(try Self.revocation(1).key) == nil)
        try room.tamper("DROP TRIGGER outage")
        try await memory.remember(try Self.revocation(1))
        #expect(try await memory.recall(try Self.revocation(1).key) == Self.revocation(1))
    }

    @Test func `a row nobody can read is still a revocation`() async throws {
        let room = try Room()
        let memory = try await SQLiteRevocationMemory(room.store())
        try await memory.remember(try Self.revocation(1, .certificateHold))
        try room.tamper("UPDATE revocations SET reason = 7, source = 'elsewhere'")
        let found = try #require(try await memory.recall(try Self.revocation(1).key))
        #expect(found.reason == .unspecified && found.reason.isPermanent)
    }

    @Test func `the sweep takes those whose certificate has expired`() async throws {
        let room = try Room()
        let store = try room.store()
        let memory = try await SQLiteRevocationMemory(store)
        try await memory.remember(try Self.revocation(1, expires: F.later))
        try await memory.remember(try Self.revocation(2))
        #expect(try await store.sweep(at: F.later.adding(milliseconds: -1)) == 0)
        #expect(try await store.sweep(at: F.later) == 1)
        #expect(try await memory.recall(try Self.revocation(1).key) == nil)
        #expect(try await memory.recall(try Self.revocation(2).key) != nil)
        #expect(try await store.counts()["revocations"] == 1)
    }

    @Test func `a store of the version before gets its table`() async throws {
        let room = try Room()
        _ = try room.store()
        try room.tamper("DROP TABLE revocations", "DELETE FROM grdb_migrations WHERE identifier = '2 memory of revocations'")
        let memory = try await SQLiteRevocationMemory(room.store())
        try await memory.remember(try Self.revocation(1))
        #expect(try await memory.recall(try Self.revocation(1).key) != nil)
    }

    @Test func `no serial is in the file`() async throws {
        let room = try Room()
        let memory = try await SQLiteRevocationMemory(room.store())
        let seen = try Self.revocation(1)
        try await memory.remember(seen)
        let queue = try DatabaseQueue(path: room.path)
        let columns = try await queue.read { try Row.fetchOne($0, sql: "SELECT * FROM revocations").map { Array($0.columnNames) } }
        #expect(columns == ["key", "reason", "revoked", "source", "known", "expires"])
    }
}
