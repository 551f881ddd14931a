import GRDB

/// The tables, in migrations that only ever grow. Times are milliseconds since 1970.
enum Schema {
    /// `SEKI`: marks a SQLite file as ours.
    static let application = 0x5345_4b49

    /// The tables whose rows run out, each with a column `expires` and a rowid; claims run out too and are
    /// swept by their key. Never the trail, the links, the identifiers.
    static let swept = [
        "transactions", "sessions", "challenges", "handovers", "artifacts", "codes", "access_tokens", "refresh_tokens", "revocations",
        "participations", "logouts", "logout_legs", "logout_orders", "pushed_requests", "awaited", "exchanges",
        "initial_access",
        "identity_records", "identity_challenges",
        "officer_codes", "office_asks",
        "newcomers",
        "service_tokens", "signature_watches",
        "passing",
    ]

    /// What of a table stays though it ran out: that a member was never told of a logout is recorded first.
    static let sweptOnly = ["logout_legs": "due IS NULL"]

    static let migrator: DatabaseMigrator = {
        var migrator = DatabaseMigrator()
        migrator.registerMigration("1 sign-on, codes, trail") { database in
            try database.execute(sql: "PRAGMA application_id = \(application)")
            for statement in first { try database.execute(sql: statement) }
        }
        migrator.registerMigration("2 memory of revocations") { database in
            for statement in second { try database.execute(sql: statement) }
        }
        migrator.registerMigration("3 claims by key") { database in
            for statement in third { try database.execute(sql: statement) }
        }
        migrator.registerMigration("4 artifacts") { database in try artifacts(database) }
        migrator.registerMigration("5 participations") { database in try participations(database) }
        migrator.registerMigration("7 pushed requests") { database in try pushedRequests(database) }
        migrator.registerMigration("9 exchanges") { database in try exchanges(database) }
        migrator.registerMigration("13 identity records") { database in try identityRecords(database) }
        migrator.registerMigration("8 device, backchannel") { database in try awaited(database) }
        migrator.registerMigration("10 registrations") { database in try registrations(database) }
        migrator.registerMigration("11 consents") { database in try consents(database) }
        migrator.registerMigration("12 ledger") { database in try ledger(database) }
        migrator.registerMigration("14 waiting devices") { database in try waitingDevices(database) }
        migrator.registerMigration("15 care") { database in try care(database) }
        migrator.registerMigration("16 customer links") { database in try customerLinks(database) }
        migrator.registerMigration("17 link evidence") { database in try linkEvidence(database) }
        migrator.registerMigration("18 merges") { database in try merges(database) }
        migrator.registerMigration("20 console, metering") { database in try office(database) }
        migrator.registerMigration("19 signals") { database in try signals(database) }
        migrator.registerMigration("21 passing notes") { database in try passing(database) }
        migrator.registerMigration("22 whose word a stream's status is") { database in try streamAuthors(database) }
        migrator.registerMigration("23 no print of a weak tie") { database in try clearedPrints(database) }
        migrator.registerMigration("24 queues by receiver, counts of what waits") { database in
            for statement in queues { try database.execute(sql: statement) }
            try countedPassing(database)
            try countedSignals(database)
        }
        return migrator
    }()

    /// The next of each receiver is found without reading what waits for the others.
    private static let queues = [
        "CREATE INDEX logout_legs_member ON logout_legs (member, due) WHERE due IS NOT NULL",
        "CREATE INDEX awaited_client ON awaited (client, due) WHERE due IS NOT NULL",
    ]

    /// A claim's key is random: in one tree it touches one page of its own per commit, in a table with an index of its own two.
    private static let third = [
        "CREATE TABLE claims_by_key (key BLOB PRIMARY KEY, expires INTEGER NOT NULL) STRICT, WITHOUT ROWID",
        "INSERT INTO claims_by_key SELECT key, expires FROM claims",
        "DROP TABLE claims",
        "ALTER TABLE claims_by_key RENAME TO claims",
        "CREATE INDEX claims_expires ON claims (expires)",
    ]

    /// `known`: when the source said so. `expires`: when the certificate does, and no path accepts it any more.
    private static let second = [
        """
        CREATE TABLE revocations (key BLOB PRIMARY KEY, reason INTEGER NOT NULL, revoked INTEGER NOT NULL, source TEXT NOT NULL,
            known INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX revocations_expires ON revocations (expires)",
    ]

    private static let first = [
        """
        CREATE TABLE transactions (id TEXT PRIMARY KEY, browser BLOB NOT NULL, origin TEXT NOT NULL, message BLOB NOT NULL,
            member TEXT NOT NULL, received INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX transactions_expires ON transactions (expires)",
        """
        CREATE TABLE sessions (id BLOB PRIMARY KEY, subject TEXT NOT NULL, authentications TEXT NOT NULL, created INTEGER NOT NULL,
            seen INTEGER NOT NULL, seed BLOB NOT NULL, expires INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX sessions_expires ON sessions (expires)",
        "CREATE INDEX sessions_subject ON sessions (subject)",
        """
        CREATE TABLE links (issuer TEXT NOT NULL, serial TEXT NOT NULL, subject TEXT NOT NULL, created INTEGER NOT NULL,
            PRIMARY KEY (issuer, serial)) STRICT, WITHOUT ROWID
        """,
        "CREATE INDEX links_subject ON links (subject)",
        """
        CREATE TABLE pairwise (subject TEXT NOT NULL, sector TEXT NOT NULL, id TEXT NOT NULL UNIQUE, created INTEGER NOT NULL,
            PRIMARY KEY (subject, sector)) STRICT, WITHOUT ROWID
        """,
        "CREATE TABLE challenges (id TEXT PRIMARY KEY, body TEXT NOT NULL, expires INTEGER NOT NULL) STRICT",
        "CREATE INDEX challenges_expires ON challenges (expires)",
        """
        CREATE TABLE handovers (code BLOB PRIMARY KEY, origin TEXT NOT NULL, certificate BLOB NOT NULL, presented INTEGER NOT NULL,
            expires INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX handovers_expires ON handovers (expires)",
        "CREATE TABLE claims (key BLOB PRIMARY KEY, expires INTEGER NOT NULL) STRICT",
        "CREATE INDEX claims_expires ON claims (expires)",
        """
        CREATE TABLE codes (digest BLOB PRIMARY KEY, body TEXT NOT NULL, redeemable INTEGER NOT NULL, used INTEGER, replayed INTEGER,
            expires INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX codes_expires ON codes (expires)",
        """
        CREATE TABLE access_tokens (digest BLOB PRIMARY KEY, code BLOB, body TEXT NOT NULL, expires INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX access_tokens_expires ON access_tokens (expires)",
        "CREATE INDEX access_tokens_code ON access_tokens (code)",
        """
        CREATE TABLE refresh_tokens (digest BLOB PRIMARY KEY, family BLOB NOT NULL, body TEXT NOT NULL, used INTEGER,
            expires INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX refresh_tokens_expires ON refresh_tokens (expires)",
        "CREATE INDEX refresh_tokens_family ON refresh_tokens (family)",
        "CREATE TABLE audit (sequence INTEGER PRIMARY KEY, body TEXT NOT NULL, hash BLOB NOT NULL) STRICT",
        "CREATE TRIGGER audit_keeps_rows BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        "CREATE TRIGGER audit_keeps_text BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END",
        // Without it INSERT OR REPLACE would put another record in the place of one, past both triggers above.
        """
        CREATE TRIGGER audit_grows_at_its_end BEFORE INSERT ON audit
            WHEN NEW.sequence IS NOT (SELECT ifnull(max(sequence), 0) + 1 FROM audit)
            BEGIN SELECT RAISE(ABORT, 'the audit trail is append-only'); END
        """,
    ]
}
