import Foundation
import GRDB
import Vocabulary

/// Looks for single records of the trail, for the commands of an operator. No door does.
extension SQLiteStore {
    /// One record, with the proof that it stands in the chain where it says: its hash follows from the record before it.
    package struct FoundRecord: Sendable, Hashable {
        package let sequence: Int64
        package let body: String
        /// False: the record, or the one before it, was changed.
        package let isLinked: Bool
    }

    package func audit(at sequence: Int64) async throws -> FoundRecord? {
        try await read { database in
            guard
                let row = try Row.fetchOne(
                    database, sql: "SELECT body, CAST(body AS BLOB) AS bytes, hash FROM audit WHERE sequence = ?", arguments: [sequence])
            else { return nil }
            let before = try Data.fetchOne(database, sql: "SELECT hash FROM audit WHERE sequence = ?", arguments: [sequence - 1])
            let start: [UInt8]? = sequence == 1 ? AuditChain.start : before.map { [UInt8]($0) }
            let body: Data = row["bytes"]
            let hash: Data = row["hash"]
            return FoundRecord(
                sequence: sequence, body: row["body"], isLinked: start.map { AuditChain.link($0, [UInt8](body)) == [UInt8](hash) } ?? false)
        }
    }

    /// Sequences of records that hold one of `texts`, the newest first, `limit` at most. Reads the trail from its end: a look at a record of
    /// last year takes as long as it takes to read a year.
    package func audit(holding texts: [String], event: String? = nil, limit: Int) async throws -> [Int64] {
        try await read { database in
            let wanted = texts.map { _ in "instr(body, ?) > 0" }.joined(separator: " OR ")
            var arguments = StatementArguments(texts)
            if let event { arguments += ["{\"event\":\"" + event + "\","] }
            arguments += [limit]
            let named = event == nil ? "" : " AND instr(body, ?) = 1"
            return try Int64.fetchAll(
                database, sql: "SELECT sequence FROM audit WHERE (\(texts.isEmpty ? "1" : wanted))\(named) ORDER BY sequence DESC LIMIT ?",
                arguments: arguments)
        }
    }
}
