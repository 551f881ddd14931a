import Dispatch
import Foundation
import GRDB
import SQLiteStores
import Synchronization
import Testing
import Vocabulary

@Suite(.serialized) struct `A store that others hold` {
    /// What each of so many writes at once is refused with; nil for one that is not.
    private static func refusals(of store: SQLiteStore, _ count: Int) async throws -> [ResultCode?] {
        try await atOnce(count) { number -> ResultCode? in
            do {
                try await store.append(F.record(number))
                return nil
            } catch let error as DatabaseError {
                return error.resultCode
            }
        }
    }

    @Test func `refuses writes in time, not one after the other, and goes on when it is let go`() async throws {
        let room = try Room()
        let store = try SQLiteStore(path: room.path, durability: .normal, lockPatience: 0.2)
        // From the first record on the end of the trail is remembered.
        try await store.append(F.record(0))
        let stranger = try room.lock()
        let clock = ContinuousClock()
        let began = clock.now
        let refusals = try await Self.refusals(of: store, 60)
        // Two commits wait; sixty would wait for twelve seconds.
        #expect(began.duration(to: clock.now) < .seconds(6))
        #expect(refusals.allSatisfy { $0 == .SQLITE_BUSY })
        try stranger.close()
        try await store.append(F.record(1))
        guard case .holds(records: 2, _) = try await store.verifyAudit() else { throw Missing(what: "two records") }
    }

    @Test func `waits for a lock that is let go in time`() async throws {
        let room = try Room()
        let store = try room.store()
        try await store.append(F.record(0))
        let stranger = try room.lock()
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.3) { try? stranger.close() }
        #expect(try await Self.refusals(of: store, 20).allSatisfy { $0 == nil })
        guard case .holds(records: 21, _) = try await store.verifyAudit() else { throw Missing(what: "21 records") }
    }

    @Test func `refuses every write when its file was spoiled, and the process goes on`() async throws {
        let room = try Room()
        let store = try room.store()
        try await store.append(F.record(0))
        // What the connections remember of the file is out of date, and nothing of it is in the log.
        try room.tamper("PRAGMA user_version = 7", "PRAGMA wal_checkpoint(TRUNCATE)")
        let file = try FileHandle(forWritingTo: URL(fileURLWithPath: room.path))
        try file.write(contentsOf: Data(repeating: 0x58, count: 4096))
        try file.close()
        for count in [1, 20, 1] {
            #expect(try await Self.refusals(of: store, count).allSatisfy { $0 == .SQLITE_NOTADB })
        }
    }

    @Test func `is opened when they let it go, however short writes wait`() throws {
        let room = try Room()
        _ = try room.store()
        let stranger = try room.seize()
        DispatchQueue.global().asyncAfter(deadline: .now() + 0.7) { try? stranger.close() }
        let store = try SQLiteStore(path: room.path, durability: .normal, lockPatience: 0.1)
        #expect(try store.durability() == .normal)
    }

    @Test func `is opened by everybody while others open and close it`() throws {
        let room = try Room()
        _ = try room.store()
        let refused = Mutex<[String]>([])
        for round in 0..<25 {
            DispatchQueue.concurrentPerform(iterations: 4) { number in
                do {
                    _ = try room.store().durability()
                } catch {
                    refused.withLock { $0.append("\(round), \(number): \(error)") }
                }
            }
        }
        let all = refused.withLock { $0 }
        #expect(all == [])
    }

    @Test func `is made by whoever comes first, and by all of them together`() throws {
        let refused = Mutex<[String]>([])
        for round in 0..<12 {
            let room = try Room()
            DispatchQueue.concurrentPerform(iterations: 4) { number in
                do {
                    _ = try room.store().durability()
                } catch {
                    refused.withLock { $0.append("\(round), \(number): \(error)") }
                }
            }
        }
        let all = refused.withLock { $0 }
        #expect(all == [])
    }
}
