import SQLiteStores
import Testing
import Vocabulary

/// Decision 0002: a commit waits for the requests in progress, for a moment.
@Suite struct `Gathering a commit` {
    private typealias F = Fixture

    @Test func `answers one alone, and one who waits for somebody that never comes`() async throws {
        let attendance = Attendance()
        let room = try Room()
        let store = try SQLiteStore(path: room.path, durability: .normal, attendance: attendance)
        try await store.append(F.record(1))
        for _ in 0..<1000 { attendance.enter() }
        try await store.append(F.record(2))
        for _ in 0..<1000 { attendance.leave() }
        #expect(attendance.count == 0)
        guard case .holds(records: 2, _) = try await store.verifyAudit() else { throw Missing(what: "2 records") }
    }

    @Test func `answers everybody of a crowd, each after its own write`() async throws {
        let attendance = Attendance()
        let room = try Room()
        let store = try SQLiteStore(path: room.path, durability: .normal, attendance: attendance)
        _ = try await atOnce(300) { number in
            attendance.enter()
            defer { attendance.leave() }
            try await store.append(F.record(number))
        }
        guard case .holds(records: 300, _) = try await store.verifyAudit() else { throw Missing(what: "300 records") }
    }
}
