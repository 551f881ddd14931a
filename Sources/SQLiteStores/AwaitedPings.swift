import Foundation
import GRDB
package import OpenID
package import Vocabulary

/// The queue of clients to be told: rows, so that nothing of it is lost with the process.
extension SQLiteStore {
    package func takePings(lease: Timestamp, limit: Int, at now: Timestamp) async throws -> [AwaitedPing] {
        let isDue = try await read { database in
            try Bool.fetchOne(
                database.cachedStatement(
                    sql: "SELECT EXISTS (SELECT 1 FROM awaited WHERE due <= ?) OR EXISTS (SELECT 1 FROM awaited WHERE \(Self.stale))"),
                arguments: [now.milliseconds, now.milliseconds]) == true
        }
        // Most seconds nobody is due, and the writer is left alone.
        guard isDue else { return [] }
        return try await write { database in
            // Nobody decided in time, so nobody is told: what a ping would have needed goes.
            try database.cachedStatement(sql: "UPDATE awaited SET token = NULL, request = NULL, due = NULL WHERE \(Self.stale)")
                .execute(arguments: [now.milliseconds])
            return try Row.fetchAll(
                database.cachedStatement(
                    sql: "UPDATE awaited SET due = ?1, attempts = attempts + 1 WHERE rowid IN (\(Self.duePings)) RETURNING *"),
                arguments: [lease.milliseconds, now.milliseconds, limit]
            ).compactMap(AwaitedPing.init(row:))
        }
    }

    private static let duePings = ReceiverQueue.due(
        in: "awaited", by: "client", where: "due <= ?2 AND token IS NOT NULL", limit: "?3")
    private static let stale = "token IS NOT NULL AND lapses <= ?"

    package func endPing(_ secretDigest: [UInt8], recording record: Vocabulary.Record, at now: Timestamp) async throws {
        let trace = record.json.text
        try await write { [tail = writer.tail] database in
            try database.cachedStatement(sql: "UPDATE awaited SET token = NULL, request = NULL, due = NULL WHERE digest = ?")
                .execute(arguments: [Data(secretDigest)])
            try Self.append(trace, after: tail, to: database)
        }
    }

    package func postponePing(_ secretDigest: [UInt8], until: Timestamp, attempts: Int) async throws {
        try await write { database in
            try database.cachedStatement(sql: "UPDATE awaited SET due = ?, attempts = ? WHERE digest = ? AND token IS NOT NULL")
                .execute(arguments: [until.milliseconds, attempts, Data(secretDigest)])
        }
    }
}

extension AwaitedPing {
    fileprivate init?(row: Row) {
        let digest: Data = row["digest"]
        let (token, request): (String?, String?) = (row["token"], row["request"])
        guard let client = MemberID(row["client"]), let token, let request else { return nil }
        self.init(
            secretDigest: [UInt8](digest), client: client, notification: .init(token: token, requestID: request), attempts: row["attempts"],
            expiresAt: Timestamp(milliseconds: row["lapses"]))
    }
}
