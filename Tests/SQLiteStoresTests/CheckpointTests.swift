import Foundation
import SQLiteStores
import Testing
import Vocabulary

@Suite struct `The log of the store` {
    private typealias F = Fixture

    /// Bytes of the log after `commits` transactions, one after the other.
    private func log(after commits: Int, _ rules: Checkpoints.Rules) async throws -> Int {
        let room = try Room()
        let store = try SQLiteStore(path: room.path, durability: .normal, checkpoints: rules)
        for number in 0..<commits {
            try await store.append(
                Record("test", at: F.now, [("text", .string(String(repeating: "x", count: 3000))), ("n", .integer(Int64(number)))]))
        }
        return try #require(FileManager.default.attributesOfItem(atPath: room.path + "-wal")[.size] as? Int)
    }

    @Test func `it begins anew while commits go on, and grows without passes`() async throws {
        let carried = try await log(after: 1500, Checkpoints.Rules(limit: 1_000_000, worthwhile: 40, pace: 8))
        let left = try await log(after: 1500, Checkpoints.Rules(limit: 1_000_000, worthwhile: 40, pace: 1_000_000))
        #expect(carried * 3 < left, "\(carried) of \(left) bytes")
    }

    @Test func `where no pass comes the limit holds`() async throws {
        let limited = try await log(after: 1500, Checkpoints.Rules(limit: 200, worthwhile: 1_000_000, pace: 1_000_000))
        #expect(limited < 300 * 4200)
    }

    @Test func `what was committed is there after it was carried over`() async throws {
        let room = try Room()
        do {
            let store = try SQLiteStore(
                path: room.path, durability: .normal, checkpoints: Checkpoints.Rules(limit: 100_000, worthwhile: 10, pace: 2))
            try await withThrowingTaskGroup(of: Void.self) { group in
                for number in 0..<400 {
                    group.addTask { try await store.append(Record("test", at: F.now, [("n", .integer(Int64(number)))])) }
                }
                try await group.waitForAll()
            }
        }
        #expect(try await SQLiteStore(path: room.path, durability: .normal).counts()["audit"] == 400)
    }
}
