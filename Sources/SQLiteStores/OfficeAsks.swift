import Foundation
import GRDB
package import SignOn
package import Vocabulary

/// One-time codes and what waits for officers. Codes are kept as digests; an ask holds nothing secret.
extension SQLiteStore {
    package func offer(_ code: OfficerCode) async throws {
        try await write { database in
            try database.execute(sql: "DELETE FROM officer_codes")
            try database.execute(
                sql: "INSERT INTO officer_codes (digest, officer, expires) VALUES (?, ?, ?)",
                arguments: [Data(code.digest), code.officer, code.expiresAt.milliseconds])
        }
    }

    package func redeem(
        _ digest: [UInt8], recording record: @escaping @Sendable (OfficerCode) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> OfficerCode? {
        try await write { [tail = writer.tail] database in
            let row = try Row.fetchOne(
                database, sql: "DELETE FROM officer_codes WHERE digest = ? RETURNING officer, expires", arguments: [Data(digest)])
            guard let row else { return nil }
            let code = OfficerCode(digest: digest, officer: row["officer"], expiresAt: Timestamp(milliseconds: row["expires"]))
            guard now < code.expiresAt else { return nil }
            try Self.append(record(code).json.text, after: tail, to: database)
            return code
        }
    }

    package func ask(
        _ ask: OfficeAsk, most: Int, displacing: Bool, recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> Bool {
        try await write { [tail = writer.tail] database in
            try database.execute(
                sql: "DELETE FROM office_asks WHERE kind = ? AND (expires <= ? OR (asker = ? AND name <> ?))",
                arguments: [ask.kind.rawValue, now.milliseconds, ask.by, ask.name])
            let held = try Row.fetchOne(
                database, sql: "SELECT count(*) AS n, ifnull(sum(name = ?), 0) AS same FROM office_asks WHERE kind = ?",
                arguments: [ask.name, ask.kind.rawValue])
            let count: Int = held?["n"] ?? 0
            let same: Int = held?["same"] ?? 0
            if same > 0 { return true }
            if count >= most, displacing {
                try database.execute(
                    sql: """
                        DELETE FROM office_asks WHERE kind = ?1 AND name = (SELECT name FROM office_asks WHERE kind = ?1 AND signed = ''
                            ORDER BY asked, name LIMIT 1)
                        """, arguments: [ask.kind.rawValue])
            }
            guard count < most || displacing && database.changesCount == 1 else { return false }
            try database.execute(
                sql: "INSERT INTO office_asks (name, kind, asker, body, signed, asked, expires) VALUES (?, ?, ?, ?, ?, ?, ?)",
                arguments: [
                    ask.name, ask.kind.rawValue, ask.by, ask.body.text, ask.signed.joined(separator: "\n"), ask.askedAt.milliseconds,
                    ask.expiresAt.milliseconds,
                ])
            try Self.append(record.json.text, after: tail, to: database)
            return true
        }
    }

    package func asks(_ kind: OfficeAsk.Kind, at now: Timestamp) async throws -> [OfficeAsk] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM office_asks WHERE kind = ? AND expires > ? ORDER BY asked, name",
                arguments: [kind.rawValue, now.milliseconds]
            ).compactMap(Self.ask)
        }
    }

    package func sign(
        _ name: String, _ kind: OfficeAsk.Kind, with line: String, recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> OfficeAsk? {
        try await write { [tail = writer.tail] database in
            let row = try Row.fetchOne(
                database, sql: "SELECT * FROM office_asks WHERE name = ? AND kind = ? AND expires > ?",
                arguments: [name, kind.rawValue, now.milliseconds])
            guard let ask = row.flatMap(Self.ask) else { return nil }
            guard !ask.signed.contains(line) else { return ask }
            let signed = ask.signed + [line]
            try database.execute(
                sql: "UPDATE office_asks SET signed = ? WHERE name = ? AND kind = ?",
                arguments: [signed.joined(separator: "\n"), name, kind.rawValue])
            try Self.append(record.json.text, after: tail, to: database)
            return OfficeAsk(
                name: ask.name, kind: ask.kind, by: ask.by, body: ask.body, signed: signed, askedAt: ask.askedAt, expiresAt: ask.expiresAt)
        }
    }

    package func close(_ name: String, _ kind: OfficeAsk.Kind, recording record: Vocabulary.Record) async throws -> Bool {
        try await write { [tail = writer.tail] database in
            try database.execute(sql: "DELETE FROM office_asks WHERE name = ? AND kind = ?", arguments: [name, kind.rawValue])
            guard database.changesCount > 0 else { return false }
            try Self.append(record.json.text, after: tail, to: database)
            return true
        }
    }

    private static func ask(_ row: Row) -> OfficeAsk? {
        let body: String = row["body"]
        let lines: String = row["signed"]
        guard let kind = OfficeAsk.Kind(rawValue: row["kind"]), let json = try? JSON(reading: Array(body.utf8), limit: OfficeAsk.largest)
        else {
            return nil
        }
        return OfficeAsk(
            name: row["name"], kind: kind, by: row["asker"], body: json, signed: lines.split(separator: "\n").map(String.init),
            askedAt: Timestamp(milliseconds: row["asked"]), expiresAt: Timestamp(milliseconds: row["expires"]))
    }
}

extension Schema {
    static func office(_ database: Database) throws {
        for statement in [
            "CREATE TABLE officer_codes (digest BLOB PRIMARY KEY, officer TEXT NOT NULL, expires INTEGER NOT NULL) STRICT",
            """
            CREATE TABLE office_asks (name TEXT NOT NULL, kind TEXT NOT NULL, asker TEXT NOT NULL, body TEXT NOT NULL,
                signed TEXT NOT NULL, asked INTEGER NOT NULL, expires INTEGER NOT NULL, PRIMARY KEY (kind, name)) STRICT
            """,
            """
            CREATE TABLE metering (month TEXT NOT NULL, member TEXT NOT NULL, kind TEXT NOT NULL, count INTEGER NOT NULL,
                PRIMARY KEY (month, member, kind)) STRICT, WITHOUT ROWID
            """,
            // One row: up to which record of the trail was counted.
            "CREATE TABLE metered (one INTEGER PRIMARY KEY CHECK (one = 1), sequence INTEGER NOT NULL) STRICT",
            "INSERT INTO metered (one, sequence) VALUES (1, 0)",
        ] { try database.execute(sql: statement) }
    }
}
