import Cryptography
import Foundation
import GRDB
package import SignOn
package import Vocabulary

/// Small things for minutes, which any node of the deployment goes on with.
extension SQLiteStore: PassingStore {
    package func leave(_ note: PassingNote, at now: Timestamp) async throws -> Bool {
        let login = note.login.map { SessionRow.text(of: [$0]) }
        return try await write { database in
            guard try Self.hasRoom(for: note, database, at: now) else { return false }
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO passing (kind, key, proof, tries, login, body, expires) VALUES (?, ?, ?, ?, ?, ?, ?)"
            ).execute(arguments: [
                note.kind.rawValue, Data(note.key), note.proof.map { Data($0) }, note.tries, login, Data(note.body),
                note.expiresAt.milliseconds,
            ])
            return true
        }
    }

    /// What has run out makes room before anybody is turned away, and a note in the place of another needs none. No row is counted for it:
    /// triggers keep the count.
    private static func hasRoom(for note: PassingNote, _ database: Database, at now: Timestamp) throws -> Bool {
        func isRoom() throws -> Bool {
            try Bool.fetchOne(
                database.cachedStatement(
                    sql: """
                        SELECT ifnull((SELECT waiting FROM passing_counts WHERE kind = ?1), 0) < ?2
                            OR EXISTS (SELECT 1 FROM passing WHERE kind = ?1 AND key = ?3)
                        """), arguments: [note.kind.rawValue, note.kind.most, Data(note.key)]) == true
        }
        if try isRoom() { return true }
        try database.cachedStatement(sql: "DELETE FROM passing INDEXED BY passing_expires WHERE kind = ? AND expires <= ?")
            .execute(arguments: [note.kind.rawValue, now.milliseconds])
        return try isRoom()
    }

    package func passing(_ kind: PassingNote.Kind, _ key: [UInt8], at now: Timestamp) async throws -> PassingNote? {
        try await read { database in try Self.note(kind, key, database, at: now) }
    }

    package func takePassing(_ kind: PassingNote.Kind, _ key: [UInt8], at now: Timestamp) async throws -> PassingNote? {
        try await write { database in
            try Row.fetchOne(
                database.cachedStatement(
                    sql: "DELETE FROM passing WHERE kind = ? AND key = ? AND proof IS NULL AND expires > ? RETURNING *"),
                arguments: [kind.rawValue, Data(key), now.milliseconds]
            ).flatMap { PassingNote(kind, row: $0) }
        }
    }

    package func guessPassing(
        _ kind: PassingNote.Kind, _ key: [UInt8], proof: [UInt8], at now: Timestamp
    ) async throws -> PassingGuess {
        try await write { database in
            guard let note = try Self.note(kind, key, database, at: now), let expected = note.proof else { return .nothing }
            let isRight = ConstantTime.equal(expected, proof)
            let left = isRight ? 0 : max(note.tries - 1, 0)
            let statement =
                left > 0
                ? "UPDATE passing SET tries = tries - 1 WHERE kind = ? AND key = ?" : "DELETE FROM passing WHERE kind = ? AND key = ?"
            try database.cachedStatement(sql: statement).execute(arguments: [kind.rawValue, Data(key)])
            return isRight ? .right(note) : .wrong(left: left)
        }
    }

    private static func note(
        _ kind: PassingNote.Kind, _ key: [UInt8], _ database: Database, at now: Timestamp
    ) throws -> PassingNote? {
        try Row.fetchOne(
            database.cachedStatement(sql: "SELECT * FROM passing WHERE kind = ? AND key = ? AND expires > ?"),
            arguments: [kind.rawValue, Data(key), now.milliseconds]
        ).flatMap { PassingNote(kind, row: $0) }
    }
}

extension PassingNote {
    /// Nil for a row whose login cannot be read whole: better another try than a guessed one.
    fileprivate init?(_ kind: Kind, row: Row) {
        let (key, proof, body): (Data, Data?, Data) = (row["key"], row["proof"], row["body"])
        let text: String? = row["login"]
        let login = text.flatMap { SessionRow.only($0) }
        guard (text == nil) == (login == nil) else { return nil }
        self.init(
            kind, key: [UInt8](key), proof: proof.map { [UInt8]($0) }, tries: row["tries"], login: login, body: [UInt8](body),
            expiresAt: Timestamp(milliseconds: row["expires"]))
    }
}

extension Schema {
    static func passing(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE passing (kind TEXT NOT NULL, key BLOB NOT NULL, proof BLOB, tries INTEGER NOT NULL, login TEXT,
                    body BLOB NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (kind, key)) STRICT
                """)
        try database.execute(sql: "CREATE INDEX passing_expires ON passing (expires)")
    }

    /// How many of each kind wait, kept by the rows themselves. REPLACE fires no trigger for the row that goes, so the first looks for it.
    static func countedPassing(_ database: Database) throws {
        for statement in [
            "CREATE TABLE passing_counts (kind TEXT PRIMARY KEY, waiting INTEGER NOT NULL) STRICT, WITHOUT ROWID",
            "INSERT INTO passing_counts SELECT kind, count(*) FROM passing GROUP BY kind",
            """
            CREATE TRIGGER passing_is_replaced BEFORE INSERT ON passing
                WHEN EXISTS (SELECT 1 FROM passing WHERE kind = NEW.kind AND key = NEW.key)
                BEGIN UPDATE passing_counts SET waiting = waiting - 1 WHERE kind = NEW.kind; END
            """,
            """
            CREATE TRIGGER passing_comes AFTER INSERT ON passing BEGIN
                INSERT INTO passing_counts SELECT NEW.kind, 0 WHERE NOT EXISTS (SELECT 1 FROM passing_counts WHERE kind = NEW.kind);
                UPDATE passing_counts SET waiting = waiting + 1 WHERE kind = NEW.kind;
            END
            """,
            """
            CREATE TRIGGER passing_goes AFTER DELETE ON passing
                BEGIN UPDATE passing_counts SET waiting = waiting - 1 WHERE kind = OLD.kind; END
            """,
        ] { try database.execute(sql: statement) }
    }
}
