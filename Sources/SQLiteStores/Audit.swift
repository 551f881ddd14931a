import Cryptography
import Foundation
import GRDB
import SignOn
import Synchronization
package import Vocabulary

/// The trail as a chain: each hash covers the one before it and the record's own text, so that a record changed, dropped or moved
/// breaks every later hash.
extension SQLiteStore: AuditTrail {
    package func append(_ record: Vocabulary.Record) async throws {
        let body = record.json.text
        try await write { [tail = writer.tail] database in try Self.append(body, after: tail, to: database) }
    }

    static func append(_ body: String, after tail: AuditTail, to database: Database) throws {
        let last = try tail.last ?? Self.lastRecord(database)
        let next = AuditTail.Last(sequence: last.sequence + 1, hash: AuditChain.link(last.hash, Array(body.utf8)))
        try database.cachedStatement(sql: "INSERT INTO audit (sequence, body, hash) VALUES (?, ?, ?)")
            .execute(arguments: [next.sequence, body, Data(next.hash)])
        tail.last = next
    }

    private static func lastRecord(_ database: Database) throws -> AuditTail.Last {
        let last = try Row.fetchOne(
            try database.cachedStatement(sql: "SELECT sequence, hash FROM audit ORDER BY sequence DESC LIMIT 1"))
        guard let last else { return AuditTail.Last(sequence: 0, hash: AuditChain.start) }
        let hash: Data = last["hash"]
        return AuditTail.Last(sequence: last["sequence"], hash: [UInt8](hash))
    }

    /// Walks the whole chain. `head` names the last record, for keeping outside the machine: whoever can write the file can also cut the
    /// trail short or forge its end so that it verifies, but not so that it still holds a head that was `kept` elsewhere.
    package func verifyAudit(expecting kept: AuditHead? = nil) async throws -> AuditVerdict {
        try await read { database in
            var previous = AuditChain.start
            var expected: Int64 = 1
            // As bytes: a text would be read up to its first NUL only, and hide what somebody put behind it.
            let rows = try Row.fetchCursor(database, sql: "SELECT sequence, CAST(body AS BLOB) AS body, hash FROM audit ORDER BY sequence")
            while let row = try rows.next() {
                let sequence: Int64 = row["sequence"]
                let body: Data = row["body"]
                let hash: Data = row["hash"]
                guard sequence == expected else { return .broken(at: expected, "the record is missing") }
                previous = AuditChain.link(previous, [UInt8](body))
                guard ConstantTime.equal([UInt8](hash), previous) else { return .broken(at: sequence, "the hash does not fit the record") }
                if let kept, kept.records == sequence, kept.hash != Hexadecimal.encode(previous) {
                    return .broken(at: sequence, "the chain up to here is not the one whose head was kept")
                }
                expected += 1
            }
            if let kept, kept.records >= expected { return .broken(at: expected, "the trail is shorter than when its head was kept") }
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

/// How long the trail was and what its last hash was, at some moment, kept where the trail's writer cannot reach.
package struct AuditHead: Sendable, Hashable {
    package let records: Int64
    /// Lower-case hexadecimal.
    package let hash: String

    package init(records: Int64, hash: String) {
        self.records = records
        self.hash = hash
    }
}

package enum AuditVerdict: Sendable, Equatable {
    case holds(records: Int64, head: String)
    case broken(at: Int64, String)
}

/// The end of the chain as the writer left it, so that each append need not read it back.
///
/// INVARIANT: only the writer changes it, inside a transaction, and forgets it when that transaction is rolled back.
final class AuditTail: Sendable {
    struct Last: Sendable {
        let sequence: Int64
        let hash: [UInt8]
    }

    private let kept = Mutex<Last?>(nil)

    var last: Last? {
        get { kept.withLock { $0 } }
        set { kept.withLock { $0 = newValue } }
    }
}

enum AuditChain {
    static let start = Digest.sha256(Array("sekisho audit trail 1".utf8))

    static func link(_ previous: [UInt8], _ body: [UInt8]) -> [UInt8] {
        Digest.sha256(previous + body)
    }
}
