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
    ///
    /// Reads `page` records at a time: one read of a long trail would hold up the checkpoints for as long as it takes.
    package func verifyAudit(expecting kept: AuditHead? = nil, page: Int = AuditWalk.page) async throws -> AuditVerdict {
        var walk = AuditWalk(expecting: kept)
        while true {
            let (further, verdict) = try await read { [walk] database in
                var walk = walk
                let verdict = try walk.take(page, of: database)
                return (walk, verdict)
            }
            if let verdict { return verdict }
            walk = further
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
package struct AuditHead: Sendable, Hashable, CustomStringConvertible {
    package let records: Int64
    /// Lower-case hexadecimal.
    package let hash: String

    package init(records: Int64, hash: String) {
        self.records = records
        self.hash = hash
    }

    /// As operators keep it: `RECORDS:HASH`.
    package init?(_ text: String) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, let records = Int64(parts[0]), records >= 0, "\(records)" == parts[0],
            let hash = Hexadecimal.decode(String(parts[1])), hash.count == AuditChain.start.count
        else { return nil }
        self.init(records: records, hash: Hexadecimal.encode(hash))
    }

    package var description: String { "\(records):\(hash)" }
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
