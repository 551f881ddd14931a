import Foundation
import GRDB
package import OpenID
import Synchronization
package import Vocabulary

/// Registered clients and initial access tokens. The clients are not swept by their age: whoever uses one keeps it.
extension SQLiteStore: RegistrationStore {
    package func keep(_ token: InitialAccess, recording record: Vocabulary.Record) async throws {
        let (terms, trace) = (token.terms.json.text, record.json.text)
        try await write { [tail = writer.tail] database in
            try database.execute(
                sql: "INSERT INTO initial_access (digest, terms, uses, note, made, expires) VALUES (?, ?, ?, ?, ?, ?)",
                arguments: [Data(token.digest), terms, token.uses, token.note, token.madeAt.milliseconds, token.expiresAt.milliseconds])
            try Self.append(trace, after: tail, to: database)
        }
    }

    package func initialAccess(_ digest: [UInt8], at now: Timestamp) async throws -> InitialAccess? {
        try await read { database in
            try Row.fetchOne(
                database, sql: "SELECT * FROM initial_access WHERE digest = ? AND expires > ?", arguments: [Data(digest), now.milliseconds]
            ).map(Self.token)
        }
    }

    package func initialAccesses(at now: Timestamp) async throws -> [InitialAccess] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM initial_access WHERE expires > ? ORDER BY made DESC LIMIT 1000", arguments: [now.milliseconds]
            ).map(Self.token)
        }
    }

    package func withdraw(initialAccess digest: [UInt8], recording record: Vocabulary.Record) async throws -> Bool {
        let trace = record.json.text
        return try await write { [tail = writer.tail] database in
            try database.execute(sql: "DELETE FROM initial_access WHERE digest = ?", arguments: [Data(digest)])
            guard database.changesCount == 1 else { return false }
            try Self.append(trace, after: tail, to: database)
            return true
        }
    }

    private static func token(_ row: Row) throws -> InitialAccess {
        let (digest, terms): (Data, String) = (row["digest"], row["terms"])
        guard let terms = RegistrationTerms(json: try StoredText.json(terms)) else {
            throw DatabaseError(message: "the terms of an initial access token cannot be read")
        }
        return InitialAccess(
            digest: [UInt8](digest), terms: terms, uses: row["uses"], madeAt: Timestamp(milliseconds: row["made"]),
            expiresAt: Timestamp(milliseconds: row["expires"]), note: row["note"])
    }

    package func register(
        _ registration: RegistrationRecord, using token: [UInt8]?, within bounds: RegistrationBounds, recording record: Vocabulary.Record,
        at now: Timestamp
    ) async throws -> RegistrationOutcome {
        let (body, trace) = (registration.json.text, record.json.text)
        let (id, sponsor) = (registration.id.text, registration.terms.sponsor.text)
        let keysDue = registration.keysAt == nil ? nil : now.adding(seconds: 3_600).milliseconds
        let outcome: RegistrationOutcome = try await write { [tail = writer.tail] database in
            if let refused = try Self.bound(bounds, sponsor, database, at: now) { return refused }
            if let token {
                try database.execute(
                    sql: "UPDATE initial_access SET uses = uses - 1 WHERE digest = ? AND uses > 0 AND expires > ?",
                    arguments: [Data(token), now.milliseconds])
                guard database.changesCount == 1 else { return .tokenSpent }
            }
            try database.execute(
                sql: """
                    INSERT INTO registrations (id, sponsor, body, access, version, registered, used, keys_due)
                    VALUES (?, ?, ?, ?, 1, ?, ?, ?)
                    """,
                arguments: [
                    id, sponsor, body, Data(registration.accessDigest), now.milliseconds, now.milliseconds, keysDue,
                ])
            try Self.append(trace, after: tail, to: database)
            return .registered
        }
        registered.add(1, ordering: .acquiringAndReleasing)
        return outcome
    }

    private static func bound(
        _ bounds: RegistrationBounds, _ sponsor: String, _ database: Database, at now: Timestamp
    ) throws -> RegistrationOutcome? {
        let all = try Int.fetchOne(database, sql: "SELECT count(*) FROM registrations") ?? 0
        guard all < bounds.most else { return .full(bounds.most) }
        let own = try Int.fetchOne(database, sql: "SELECT count(*) FROM registrations WHERE sponsor = ?", arguments: [sponsor]) ?? 0
        guard own < bounds.mostOfSponsor else { return .full(bounds.mostOfSponsor) }
        // Those that were removed since count too: whoever registers and removes is as much work as whoever keeps.
        let hour = now.adding(seconds: -3_600).milliseconds
        try database.execute(sql: "DELETE FROM registration_pace WHERE at <= ?", arguments: [hour])
        let recent = try Int.fetchOne(database, sql: "SELECT count(*) FROM registration_pace WHERE sponsor = ?", arguments: [sponsor]) ?? 0
        if recent >= bounds.perHour {
            let oldest = try Int64.fetchOne(database, sql: "SELECT min(at) FROM registration_pace WHERE sponsor = ?", arguments: [sponsor])
            return .tooFast(max(1, ((oldest ?? hour) - hour) / 1_000 + 1))
        }
        try database.execute(sql: "INSERT INTO registration_pace (sponsor, at) VALUES (?, ?)", arguments: [sponsor, now.milliseconds])
        return nil
    }

    package func registration(_ id: MemberID) throws -> RegistrationRecord? {
        let found: (String, Int64)? = try atOnce.read { database in
            try Row.fetchOne(database.cachedStatement(sql: "SELECT body, version FROM registrations WHERE id = ?"), arguments: [id.text])
                .map { ($0["body"], $0["version"]) }
        }
        guard let (body, version) = found else { return nil }
        return RegistrationRecord(json: try StoredText.json(body), version: version)
    }

    package func registrationVersion(_ id: MemberID) throws -> Int64? {
        try atOnce.read { database in
            try Int64.fetchOne(database.cachedStatement(sql: "SELECT version FROM registrations WHERE id = ?"), arguments: [id.text])
        }
    }

    package var registrationChanges: Int64 { registered.load(ordering: .acquiring) }

    package func replace(
        _ registration: RegistrationRecord, knowing access: [UInt8], recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> Bool {
        let (body, trace) = (registration.json.text, record.json.text)
        let keysDue = registration.keysAt == nil ? nil : now.adding(seconds: 3_600).milliseconds
        let isDone: Bool = try await write { [tail = writer.tail] database in
            try database.execute(
                sql: """
                    UPDATE registrations SET body = ?, access = ?, version = version + 1, used = ?, keys_due = ?
                    WHERE id = ? AND access = ?
                    """,
                arguments: [
                    body, Data(registration.accessDigest), now.milliseconds, keysDue, registration.id.text, Data(access),
                ])
            guard database.changesCount == 1 else { return false }
            try Self.append(trace, after: tail, to: database)
            return true
        }
        registered.add(1, ordering: .acquiringAndReleasing)
        return isDone
    }

    package func remove(
        _ id: MemberID, knowing access: [UInt8]?, recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> Bool {
        let trace = record.json.text
        let isDone: Bool = try await write { [tail = writer.tail] database in
            try Self.remove(id.text, access.map { Data($0) }, trace, tail, database)
        }
        registered.add(1, ordering: .acquiringAndReleasing)
        return isDone
    }

    private static func remove(_ id: String, _ access: Data?, _ trace: String, _ tail: AuditTail, _ database: Database) throws -> Bool {
        try database.execute(sql: "DELETE FROM registrations WHERE id = ? AND access = ifnull(?, access)", arguments: [id, access])
        guard database.changesCount == 1 else { return false }
        try database.execute(sql: "DELETE FROM participations WHERE member = ?", arguments: [id])
        try append(trace, after: tail, to: database)
        return true
    }

    package func registrations(limit: Int, skip: Int) async throws -> [(record: RegistrationRecord, usedAt: Timestamp)] {
        let rows: [(String, Int64, Int64)] = try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT body, version, used FROM registrations ORDER BY registered DESC, id LIMIT ? OFFSET ?",
                arguments: [limit, skip]
            ).map { ($0["body"], $0["version"], $0["used"]) }
        }
        return try rows.compactMap { body, version, used in
            RegistrationRecord(json: try StoredText.json(body), version: version).map { ($0, Timestamp(milliseconds: used)) }
        }
    }

    package func takeDueKeys(lease: Timestamp, limit: Int, at now: Timestamp) async throws -> [RegistrationRecord] {
        // Nearly always there is none, and a look costs no commit.
        let isDue = try await read { database in
            try Bool.fetchOne(
                database, sql: "SELECT EXISTS (SELECT 1 FROM registrations WHERE keys_due <= ?)", arguments: [now.milliseconds])
        }
        guard isDue == true else { return [] }
        let rows: [(String, Int64)] = try await write { database in
            try Row.fetchAll(
                database,
                sql: """
                    UPDATE registrations SET keys_due = ? WHERE id IN
                        (SELECT id FROM registrations WHERE keys_due <= ? ORDER BY keys_due LIMIT ?)
                    RETURNING body, version
                    """,
                arguments: [lease.milliseconds, now.milliseconds, limit]
            ).map { ($0["body"], $0["version"]) }
        }
        return try rows.compactMap { body, version in RegistrationRecord(json: try StoredText.json(body), version: version) }
    }

    package func keep(
        keys: Vocabulary.JSON?, of id: MemberID, version: Int64, due: Timestamp, recording record: Vocabulary.Record?, at now: Timestamp
    ) async throws {
        let (text, trace) = (keys?.text, record?.json.text)
        try await write { [tail = writer.tail] database in
            if let text {
                try database.execute(
                    sql: """
                        UPDATE registrations SET body = json_set(body, '$.keys', json(?), '$."keys-at"', ?), version = version + ?, keys_due = ?
                        WHERE id = ? AND version = ? AND keys_due IS NOT NULL
                        """,
                    arguments: [text, now.milliseconds, trace == nil ? 0 : 1, due.milliseconds, id.text, version])
            } else {
                try database.execute(
                    sql: "UPDATE registrations SET keys_due = ? WHERE id = ? AND version = ? AND keys_due IS NOT NULL",
                    arguments: [due.milliseconds, id.text, version])
            }
            if database.changesCount == 1, let trace { try Self.append(trace, after: tail, to: database) }
        }
        registered.add(1, ordering: .acquiringAndReleasing)
    }

    package func noteUse(of ids: Set<MemberID>, at now: Timestamp) async throws {
        let texts = ids.map(\.text)
        try await write { database in
            for id in texts {
                try database.cachedStatement(sql: "UPDATE registrations SET used = ? WHERE id = ?").execute(arguments: [
                    now.milliseconds, id,
                ])
            }
        }
    }

    package func sweepUnused(
        since moment: Timestamp, limit: Int, recording record: @escaping @Sendable (MemberID) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> Int {
        let ids = try await read { database in
            try String.fetchAll(
                database, sql: "SELECT id FROM registrations WHERE used < ? ORDER BY used LIMIT ?", arguments: [moment.milliseconds, limit])
        }
        guard !ids.isEmpty else { return 0 }
        let swept: Int = try await write { [tail = writer.tail] database in
            var swept = 0
            for text in ids {
                // It may have been used since it was looked for.
                let isUnused = try Bool.fetchOne(
                    database, sql: "SELECT used < ? FROM registrations WHERE id = ?", arguments: [moment.milliseconds, text])
                guard isUnused == true, let id = MemberID(text) else { continue }
                if try Self.remove(text, nil, record(id).json.text, tail, database) { swept += 1 }
            }
            return swept
        }
        registered.add(1, ordering: .acquiringAndReleasing)
        return swept
    }
}

extension Schema {
    /// `access`: the digest of the registration access token that counts. `used`: when it was last. `keys_due`: null where nothing is
    /// fetched. An initial access token that is used up stays until it runs out.
    static func registrations(_ database: Database) throws {
        for statement in [
            """
            CREATE TABLE registrations (id TEXT PRIMARY KEY, sponsor TEXT NOT NULL, body TEXT NOT NULL, access BLOB NOT NULL,
                version INTEGER NOT NULL, registered INTEGER NOT NULL, used INTEGER NOT NULL, keys_due INTEGER) STRICT
            """,
            "CREATE INDEX registrations_sponsor ON registrations (sponsor)",
            "CREATE INDEX registrations_used ON registrations (used)",
            "CREATE INDEX registrations_keys ON registrations (keys_due) WHERE keys_due IS NOT NULL",
            """
            CREATE TABLE initial_access (digest BLOB PRIMARY KEY, terms TEXT NOT NULL, uses INTEGER NOT NULL, note TEXT NOT NULL,
                made INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT
            """,
            "CREATE INDEX initial_access_expires ON initial_access (expires)",
            "CREATE TABLE registration_pace (sponsor TEXT NOT NULL, at INTEGER NOT NULL) STRICT",
            "CREATE INDEX registration_pace_sponsor ON registration_pace (sponsor, at)",
        ] { try database.execute(sql: statement) }
    }
}
