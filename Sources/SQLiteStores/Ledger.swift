import Foundation
import GRDB
package import SignOn
import TrustFramework
package import Vocabulary

/// The citizen's ledger. Most entries are written by `Join.keep` and by the gates of tokens, in the commit of the answer that they tell of.
extension SQLiteStore: LedgerStore {
    package func note(_ entry: LedgerEntry, recording record: Vocabulary.Record) async throws -> Bool {
        let trace = record.json.text
        return try await write { [tail = writer.tail] database in
            guard try LedgerRow.keep(entry, database) else { return false }
            try Self.append(trace, after: tail, to: database)
            return true
        }
    }

    package func hasEntry(_ reference: LedgerReference) async throws -> Bool {
        try await read { database in
            try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT 1 FROM ledger WHERE reference = ?"), arguments: [reference.text]) == true
        }
    }

    package func entries(of subject: SubjectID, before moment: Timestamp, limit: Int) async throws -> [LedgerEntry] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT * FROM ledger WHERE subject = ? AND at < ? ORDER BY at DESC, reference LIMIT ?"),
                arguments: [subject.text, moment.milliseconds, limit]
            ).compactMap(LedgerRow.entry)
        }
    }

    package func entry(_ reference: LedgerReference) async throws -> LedgerEntry? {
        try await read { database in
            try Row.fetchOne(database.cachedStatement(sql: "SELECT * FROM ledger WHERE reference = ?"), arguments: [reference.text])
                .flatMap(LedgerRow.entry)
        }
    }

    package func counts(from start: Timestamp, until end: Timestamp) async throws -> [LedgerCount] {
        try await read { database in
            try Row.fetchAll(
                database,
                sql: """
                    SELECT member, purpose, told, count(*) AS entries FROM ledger WHERE at >= ? AND at < ?
                    GROUP BY member, purpose, told ORDER BY member, purpose, told
                    """, arguments: [start.milliseconds, end.milliseconds]
            ).compactMap { row in
                guard let member = MemberID(row["member"]), let purpose = Purpose(row["purpose"]) else { return nil }
                let told: String = row["told"]
                return LedgerCount(member: member, purpose: purpose, told: LedgerRow.words(told), entries: row["entries"])
            }
        }
    }

    package func forget(before moment: Timestamp, limit: Int, recording record: @escaping @Sendable (Int) -> Vocabulary.Record)
        async throws -> Int
    {
        try await write { [tail = writer.tail] database in
            try database.cachedStatement(
                sql: "DELETE FROM ledger WHERE reference IN (SELECT reference FROM ledger WHERE at < ? ORDER BY at LIMIT ?)"
            ).execute(arguments: [moment.milliseconds, limit])
            let gone = database.changesCount
            if gone > 0 { try Self.append(record(gone).json.text, after: tail, to: database) }
            return gone
        }
    }
}

enum LedgerRow {
    /// False when the reference is there already.
    @discardableResult static func keep(_ entry: LedgerEntry, _ database: Database) throws -> Bool {
        try database.cachedStatement(
            sql: """
                INSERT INTO ledger (reference, subject, member, purpose, told, rules, bases, policy, protocol, path, consented, at)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT (reference) DO NOTHING
                """
        ).execute(arguments: [
            entry.reference.text, entry.subject.text, entry.member.text, entry.purpose.text, entry.told.joined(separator: " "),
            JSON.array(entry.rules.map { .string($0) }).text, JSON.array(entry.bases.map { .string($0) }).text, entry.policyVersion,
            entry.protocolName, entry.path.rawValue, entry.consentedAt?.milliseconds, entry.at.milliseconds,
        ])
        return database.changesCount == 1
    }

    static func words(_ text: String) -> [String] { text.split(separator: " ").map(String.init) }

    static func entry(_ row: Row) -> LedgerEntry? {
        func texts(_ column: String) -> [String]? {
            let text: String = row[column]
            return (try? StoredText.json(text))?.strings
        }
        guard let reference = LedgerReference(row["reference"]), let subject = SubjectID(row["subject"]),
            let member = MemberID(row["member"]), let purpose = Purpose(row["purpose"]), let rules = texts("rules"),
            let bases = texts("bases"), let path = IssuancePath(rawValue: row["path"])
        else { return nil }
        let consented: Int64? = row["consented"]
        return LedgerEntry(
            reference: reference, subject: subject, member: member, purpose: purpose, told: words(row["told"]), rules: rules, bases: bases,
            policyVersion: row["policy"], protocolName: row["protocol"], path: path,
            consentedAt: consented.map { Timestamp(milliseconds: $0) }, at: Timestamp(milliseconds: row["at"]))
    }
}

extension Schema {
    /// Never a value of an attribute. `told`: names between spaces; `reference`: stands in the audit record of the same commit too.
    static func ledger(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE ledger (reference TEXT PRIMARY KEY, subject TEXT NOT NULL, member TEXT NOT NULL, purpose TEXT NOT NULL,
                    told TEXT NOT NULL, rules TEXT NOT NULL, bases TEXT NOT NULL, policy TEXT NOT NULL, protocol TEXT NOT NULL,
                    path TEXT NOT NULL, consented INTEGER, at INTEGER NOT NULL) STRICT, WITHOUT ROWID
                """)
        try database.execute(sql: "CREATE INDEX ledger_subject ON ledger (subject, at)")
        try database.execute(sql: "CREATE INDEX ledger_at ON ledger (at)")
    }
}
