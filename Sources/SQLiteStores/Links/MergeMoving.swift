import Foundation
import GRDB
import SignOn
import Vocabulary

/// The rows of one merge, within one transaction. What is sealed under a citizen's name (what signature certificates said) stays where it is:
/// it is shown anew, or runs out.
struct MergeMoving {
    /// What a row of `merge_rows` names.
    private enum What: String {
        case certificate, identifier
        /// Changed places with the other's.
        case exchanged
        case customer, consent, entry
    }

    let id: MergeID
    let from: SubjectID
    let into: SubjectID
    let database: Database

    func run(keeping sectors: Set<String>) throws {
        try exchange(sectors)
        try move(
            .identifier,
            """
            UPDATE pairwise SET subject = ?1 WHERE subject = ?2 AND sector NOT IN (SELECT sector FROM pairwise WHERE subject = ?1)
            RETURNING id
            """)
        try move(.certificate, "UPDATE links SET subject = ?1 WHERE subject = ?2 RETURNING issuer || ' ' || serial")
        try move(.customer, "UPDATE customer_links SET subject = ?1 WHERE subject = ?2 RETURNING member || char(10) || customer")
        try move(
            .consent,
            """
            UPDATE consents SET subject = ?1 WHERE subject = ?2 AND NOT EXISTS (SELECT 1 FROM consents other WHERE other.subject = ?1
                AND other.member = consents.member AND other.purpose = consents.purpose)
            RETURNING member || char(10) || purpose || char(10) || at
            """)
        try move(.entry, "UPDATE ledger SET subject = ?1 WHERE subject = ?2 RETURNING reference")
    }

    /// In these sectors the other's identifier goes on.
    private func exchange(_ sectors: Set<String>) throws {
        for sector in sectors.sorted() {
            let ids = try String.fetchAll(
                database.cachedStatement(sql: "SELECT id FROM pairwise WHERE sector = ? AND subject IN (?, ?)"),
                arguments: [sector, from.text, into.text])
            guard ids.count == 2 else { continue }
            try swap(sector)
            try note(.exchanged, sector)
        }
    }

    /// Under a name that nobody has, so that the two never meet.
    private func swap(_ sector: String) throws {
        let aside = "merge " + id.text
        for (new, old) in [(aside, from.text), (from.text, into.text), (into.text, aside)] {
            try database.cachedStatement(sql: "UPDATE pairwise SET subject = ? WHERE subject = ? AND sector = ?")
                .execute(arguments: [new, old, sector])
        }
    }

    private func move(_ what: What, _ sql: String) throws {
        for key in try String.fetchAll(database.cachedStatement(sql: sql), arguments: [into.text, from.text]) { try note(what, key) }
    }

    private func note(_ what: What, _ key: String) throws {
        try database.cachedStatement(sql: "INSERT INTO merge_rows (merge, what, key) VALUES (?, ?, ?)")
            .execute(arguments: [id.text, what.rawValue, key])
    }

    // MARK: Back

    func back() throws {
        for row in try Row.fetchAll(
            database.cachedStatement(sql: "SELECT what, key FROM merge_rows WHERE merge = ? ORDER BY rowid DESC"), arguments: [id.text])
        {
            guard let what = What(rawValue: row["what"]) else { continue }
            let key: String = row["key"]
            let parts = key.split(separator: what == .certificate ? " " : "\n", omittingEmptySubsequences: false).map(String.init)
            switch what {
            case .exchanged: try swap(key)
            case .identifier: try move(back: "UPDATE pairwise SET subject = ?1 WHERE subject = ?2 AND id = ?3", [key])
            case .entry: try move(back: "UPDATE ledger SET subject = ?1 WHERE subject = ?2 AND reference = ?3", [key])
            case .certificate:
                try move(back: "UPDATE links SET subject = ?1 WHERE subject = ?2 AND issuer = ?3 AND serial = ?4", parts)
            case .customer:
                try move(back: "UPDATE customer_links SET subject = ?1 WHERE subject = ?2 AND member = ?3 AND customer = ?4", parts)
            // One that was given since is the whole person's, and stays.
            case .consent:
                try move(
                    back:
                        "UPDATE consents SET subject = ?1 WHERE subject = ?2 AND member = ?3 AND purpose = ?4 AND at = CAST(?5 AS INTEGER)",
                    parts)
            }
        }
        try database.cachedStatement(sql: "DELETE FROM merge_rows WHERE merge = ?").execute(arguments: [id.text])
    }

    private func move(back sql: String, _ key: [String]) throws {
        try database.cachedStatement(sql: sql).execute(arguments: StatementArguments([from.text, into.text] + key))
    }
}

enum MergeRow {
    /// Longer than any row of merges that people make.
    private static let longest = 64

    /// The citizen that this one is today.
    static func present(_ subject: SubjectID, _ database: Database) throws -> SubjectID {
        var one = subject
        for _ in 0..<longest {
            let next = try String.fetchOne(
                database.cachedStatement(sql: "SELECT into_subject FROM merges WHERE from_subject = ? AND undone IS NULL"),
                arguments: [one.text])
            guard let next = next.flatMap({ SubjectID($0) }) else { return one }
            one = next
        }
        return one
    }

    /// Not part of another.
    static func isPresent(_ subject: SubjectID, _ database: Database) throws -> Bool { try present(subject, database) == subject }

    static func find(_ id: MergeID, _ database: Database) throws -> Merge? {
        try Row.fetchOne(database.cachedStatement(sql: "SELECT * FROM merges WHERE id = ?"), arguments: [id.text]).flatMap(Merge.init(row:))
    }

    /// The latest that stands and touches either of the two after this one: its rows lie on top.
    static func later(than merge: Merge, _ database: Database) throws -> MergeID? {
        try String.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT id FROM merges WHERE undone IS NULL AND rowid > (SELECT rowid FROM merges WHERE id = ?1)
                        AND (from_subject IN (?2, ?3) OR into_subject IN (?2, ?3)) ORDER BY rowid DESC LIMIT 1
                    """), arguments: [merge.id.text, merge.from.text, merge.into.text]
        ).flatMap { MergeID($0) }
    }
}

extension Merge {
    init?(row: Row) {
        guard let id = MergeID(row["id"]), let from = SubjectID(row["from_subject"]), let into = SubjectID(row["into_subject"]) else {
            return nil
        }
        let undone: Int64? = row["undone"]
        self.init(
            id: id, from: from, into: into, at: Timestamp(milliseconds: row["at"]), undoneAt: undone.map { Timestamp(milliseconds: $0) })
    }
}

extension Schema {
    static func merges(_ database: Database) throws {
        for statement in [
            """
            CREATE TABLE merges (id TEXT NOT NULL UNIQUE, from_subject TEXT NOT NULL, into_subject TEXT NOT NULL, at INTEGER NOT NULL,
                undone INTEGER) STRICT
            """,
            "CREATE UNIQUE INDEX merges_from ON merges (from_subject) WHERE undone IS NULL",
            "CREATE INDEX merges_into ON merges (into_subject)",
            "CREATE TABLE merge_rows (merge TEXT NOT NULL, what TEXT NOT NULL, key TEXT NOT NULL) STRICT",
            "CREATE INDEX merge_rows_merge ON merge_rows (merge)",
            "CREATE TABLE undo_orders (merge TEXT PRIMARY KEY, at INTEGER NOT NULL) STRICT",
        ] { try database.execute(sql: statement) }
    }
}
