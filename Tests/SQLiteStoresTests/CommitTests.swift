import GRDB
import OpenID
import SQLiteStores
import Testing
import Vocabulary

@Suite struct `Group commit` {
    @Test func `lets a write that fails harm no neighbour`() async throws {
        let room = try Room()
        let store = try room.store()
        // Every second one opens the same transaction: one of them may, the others break the rule that an id serves once.
        let opened = try await atOnce(400) { number in
            do {
                try await store.open(try F.transaction(number.isMultiple(of: 2) ? 0 : number))
                return number.isMultiple(of: 2) ? 0 : number
            } catch is DatabaseError {
                return -1
            }
        }
        #expect(opened.filter { $0 > 0 }.sorted() == Array(stride(from: 1, to: 400, by: 2)))
        #expect(opened.count { $0 == 0 } == 1)
        #expect(try await store.counts()["transactions"] == 201)
    }

    @Test func `keeps the trail whole when neighbours fail`() async throws {
        let room = try Room()
        let store = try room.store()
        _ = try await atOnce(300) { number in
            if number.isMultiple(of: 3) {
                try? await store.open(try F.transaction(0))
            } else {
                try await store.append(F.record(number))
            }
        }
        guard case .holds(records: 200, _) = try await store.verifyAudit() else { throw Missing(what: "200 records") }
    }

    @Test func `answers after the commit: another connection sees what was answered`() async throws {
        let room = try Room()
        let store = try room.store()
        let stranger = try DatabaseQueue(path: room.path)
        let seen = try await atOnce(50) { number in
            try await store.open(try F.transaction(number))
            let id = try F.transactionID(number).text
            return try await stranger.read { try Int.fetchOne($0, sql: "SELECT count(*) FROM transactions WHERE id = ?", arguments: [id]) }
        }
        #expect(seen.allSatisfy { $0 == 1 })
    }

    @Test func `holds between two programs on one file`() async throws {
        let room = try Room()
        let stores = [try room.store(), try room.store()]
        let code = try F.code()
        try await stores[0].issue(code)
        let outcomes = try await atOnce { number in
            try await stores[number % 2].append(F.record(number))
            return try await stores[number % 2].consume(code.codeDigest, at: F.now)
        }
        #expect(outcomes.count { $0 == .first(code) } == 1)
        guard case .holds(records: 100, _) = try await stores[0].verifyAudit() else { throw Missing(what: "100 records") }
    }

    @Test func `waits for the disk unless it is told otherwise`() throws {
        let room = try Room()
        #expect(try SQLiteStore(path: room.path).durability() == .full)
        #expect(try SQLiteStore(path: room.path, durability: .normal).durability() == .normal)
    }
}
