import Cryptography
import Foundation
import GRDB
import SignOn
package import Vocabulary

/// The trail as a chain: each hash covers the one before it and the record's own text, so that a record changed, dropped or moved
/// breaks every later hash.
extension SQLiteStore: AuditTrail {
    package func append(_ record: Vocabulary.Record) async throws {
        let body = record.json.text
        try await write { database in try Self.append(body, to: database) }
    }

    static func append(_ body: String, to database: Database) throws {
        let last = try Row.fetchOne(
            try database.cachedStatement(sql: "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1"))
        let sequence: Int64 = last?["sequence"] ?? 0
        let previous: Data = last?["hash"] ?? Data(AuditChain.start)
        let hash = AuditChain.link([UInt8](previous), body)
        try database.cachedStatement(sql: "INSERT INTO audit (sequence, body, hash) VALUES (?, ?, ?)")
            .execute(arguments: [sequence + 1, body, Data(hash)])
    }

    /// Walks the whole chain. `head` names the last record, for keeping outside the machine: a trail cut short still verifies, but
    /// no longer holds a head that was written down elsewhere.
    package func verifyAudit() async throws -> AuditVerdict {
        try await read { database in
            var previous = AuditChain.start
            var expected: Int64 = 1
            let rows = try Row.fetchCursor(database, sql: "SELECT sequence, body, hash FROM audit ORDER BY sequence")
            while let row = try rows.next() {
                let sequence: Int64 = row["sequence"]
                let body: String = row["body"]
                let hash: Data = row["hash"]
                guard sequence == expected else { return .broken(at: expected, "the record is missing") }
                previous = AuditChain.link(previous, body)
                guard ConstantTime.equal([UInt8](hash), previous) else { return .broken(at: sequence, "the hash does not fit the record") }
                expected += 1
            }
            return .holds(records: expected - 1, head: Hexadecimal.encode(previous))
        }
    }

    /// Records from `sequence` on, oldest first.
    package func audit(from sequence: Int64, limit: Int) async throws -> [(sequence: Int64, body: String)] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT sequence, body FROM audit WHERE sequence >= ? ORDER BY sequence LIMIT ?",
                arguments: [sequence, limit]
            ).map { ($0["sequence"], $0["body"]) }
        }
    }
}

package enum AuditVerdict: Sendable, Equatable {
    case holds(records: Int64, head: String)
    case broken(at: Int64, String)
}

enum AuditChain {
    static let start = Digest.sha256(Array("sekisho audit trail 1".utf8))

    static func link(_ previous: [UInt8], _ body: String) -> [UInt8] {
        Digest.sha256(previous + Array(body.utf8))
    }
}
