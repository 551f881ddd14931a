import Foundation
import GRDB
package import SignOn
package import TrustFramework
package import Vocabulary

/// What citizens agreed to: one row for each citizen, member and purpose.
extension SQLiteStore: ConsentStore {
    package func consent(of subject: SubjectID, member: MemberID, purpose: Purpose) async throws -> Consent? {
        try await read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM consents WHERE subject = ? AND member = ? AND purpose = ?"),
                arguments: [subject.text, member.text, purpose.text]
            ).flatMap(Consent.init(row:))
        }
    }

    package func give(_ consent: Consent, recording record: Vocabulary.Record) async throws {
        let trace = record.json.text
        try await write { [tail = writer.tail] database in
            try database.cachedStatement(
                sql: """
                    INSERT OR REPLACE INTO consents (subject, member, purpose, given, declined, meaning, policy, at)
                    VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                    """
            ).execute(arguments: [
                consent.subject.text, consent.member.text, consent.purpose.text, AttributeList.text(consent.given),
                AttributeList.text(consent.declined), Data(consent.meaning), consent.policyVersion, consent.at.milliseconds,
            ])
            try Self.append(trace, after: tail, to: database)
        }
    }

    package func withdraw(
        of subject: SubjectID, member: MemberID, purpose: Purpose, recording record: Vocabulary.Record
    ) async throws -> Bool {
        let trace = record.json.text
        return try await write { [tail = writer.tail] database in
            try database.cachedStatement(sql: "DELETE FROM consents WHERE subject = ? AND member = ? AND purpose = ?")
                .execute(arguments: [subject.text, member.text, purpose.text])
            guard database.changesCount == 1 else { return false }
            try Self.append(trace, after: tail, to: database)
            return true
        }
    }

    package func consents(of subject: SubjectID) async throws -> [Consent] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(sql: "SELECT * FROM consents WHERE subject = ? ORDER BY at DESC, member, purpose LIMIT 500"),
                arguments: [subject.text]
            ).compactMap(Consent.init(row:))
        }
    }
}

extension Consent {
    /// Nil when the row cannot be read whole: then the citizen is asked again.
    init?(row: Row) {
        let meaning: Data = row["meaning"]
        guard let subject = SubjectID(row["subject"]), let member = MemberID(row["member"]), let purpose = Purpose(row["purpose"]),
            let given = AttributeList.sources(row["given"]), let declined = AttributeList.sources(row["declined"])
        else { return nil }
        self.init(
            subject: subject, member: member, purpose: purpose, given: given, declined: declined, meaning: [UInt8](meaning),
            policyVersion: row["policy"], at: Timestamp(milliseconds: row["at"]))
    }
}

/// Attributes by their names, between spaces, in one order.
enum AttributeList {
    static func text(_ sources: Set<AttributeSource>) -> String { sources.map(\.rawValue).sorted().joined(separator: " ") }

    static func sources(_ text: String) -> Set<AttributeSource>? {
        let words = text.split(separator: " ")
        let sources = words.compactMap { AttributeSource(rawValue: String($0)) }
        return sources.count == words.count ? Set(sources) : nil
    }
}

extension Schema {
    static func consents(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE consents (subject TEXT NOT NULL, member TEXT NOT NULL, purpose TEXT NOT NULL, given TEXT NOT NULL,
                    declined TEXT NOT NULL, meaning BLOB NOT NULL, policy TEXT NOT NULL, at INTEGER NOT NULL,
                    PRIMARY KEY (subject, member, purpose)) STRICT, WITHOUT ROWID
                """)
    }
}
