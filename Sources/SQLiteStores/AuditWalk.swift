import Cryptography
import Foundation
import GRDB
import Vocabulary

/// A walk along the chain from its start, some records in each read; what it carries from one read to the next.
package struct AuditWalk: Sendable {
    /// Records in one read: some tens of milliseconds.
    package static let page = 20_000

    private let kept: AuditHead?
    private var previous = AuditChain.start
    private var expected: Int64 = 1
    /// The first read also sees what was put before the first record.
    private var lowest = Int64.min

    init(expecting kept: AuditHead? = nil) { self.kept = kept }

    /// The next records, `limit` at most; the verdict when the trail ends or breaks here.
    mutating func take(_ limit: Int, of database: Database) throws -> AuditVerdict? {
        // As bytes: a text would be read up to its first NUL only, and hide what somebody put behind it.
        let rows = try Row.fetchCursor(
            database, sql: "SELECT sequence, CAST(body AS BLOB) AS body, hash FROM audit WHERE sequence >= ? ORDER BY sequence LIMIT ?",
            arguments: [lowest, limit])
        var taken = 0
        while let row = try rows.next() {
            if let verdict = step(row["sequence"], body: row["body"], hash: row["hash"]) { return verdict }
            taken += 1
        }
        lowest = expected
        guard taken < limit else { return nil }
        if let kept, kept.records >= expected { return .broken(at: expected, "the trail is shorter than when its head was kept") }
        return .holds(records: expected - 1, head: Hexadecimal.encode(previous))
    }

    private mutating func step(_ sequence: Int64, body: Data, hash: Data) -> AuditVerdict? {
        guard sequence == expected else { return .broken(at: expected, "the record is missing") }
        previous = AuditChain.link(previous, [UInt8](body))
        guard ConstantTime.equal([UInt8](hash), previous) else { return .broken(at: sequence, "the hash does not fit the record") }
        if let kept, kept.records == sequence, kept.hash != Hexadecimal.encode(previous) {
            return .broken(at: sequence, "the chain up to here is not the one whose head was kept")
        }
        expected += 1
        return nil
    }
}
