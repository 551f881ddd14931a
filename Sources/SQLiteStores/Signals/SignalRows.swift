import Cryptography
import Foundation
import GRDB
import SignOn
import Signals
import Vocabulary

/// Events on their way into queues, in anybody's commit.
enum SignalRow {
    /// Puts each signal into every stream of its member that takes it; one that at least one took has its ledger entry kept. How many were
    /// queued. Where no member has a stream it is one look for each signal.
    @discardableResult static func queue(
        _ signals: [Signal], _ rules: SignalRules, _ database: Database
    ) throws -> Int {
        guard rules.isOffered else { return 0 }
        var queued = 0
        for signal in signals {
            var taken = 0
            for row in try Row.fetchAll(
                database.cachedStatement(sql: "SELECT id, endpoint, requested, status FROM signal_streams WHERE member = ?"),
                arguments: [signal.member.text])
            where try takes(row, signal, database) {
                let stream: String = row["id"]
                guard try hasRoom(stream, rules, database) else { continue }
                let isDue = row["endpoint"] != nil && row["status"] == StreamStatus.enabled.rawValue
                try insert(
                    stream, signal.type, signal.subject, signal.session, signal.body, at: signal.at, isDue: isDue,
                    expires: signal.at.adding(seconds: rules.keep), database)
                taken += 1
            }
            if taken > 0, let entry = signal.ledger { try LedgerRow.keep(entry, database) }
            queued += taken
        }
        return queued
    }

    private static func takes(_ row: Row, _ signal: Signal, _ database: Database) throws -> Bool {
        let (requested, status): (String, String) = (row["requested"], row["status"])
        guard status != StreamStatus.disabled.rawValue,
            (try? StoredText.json(requested))?.strings?.contains(signal.type) == true
        else { return false }
        let stream: String = row["id"]
        return try Bool.fetchOne(
            database.cachedStatement(
                sql: """
                    SELECT 1 FROM signal_exclusions
                    WHERE stream = ?1 AND (subject = ?2 OR subject IN (SELECT id FROM pairwise WHERE subject = ?3)) LIMIT 1
                    """),
            arguments: [stream, signal.subject, signal.citizen?.text]) != true
    }

    /// What finds the queue full is counted and not kept: a receiver that takes nothing for days does not fill the disk.
    private static func hasRoom(_ stream: String, _ rules: SignalRules, _ database: Database) throws -> Bool {
        let waiting =
            try Int.fetchOne(database.cachedStatement(sql: "SELECT waiting FROM signal_streams WHERE id = ?"), arguments: [stream]) ?? 0
        guard waiting >= rules.queue else { return true }
        try database.cachedStatement(sql: "UPDATE signal_streams SET dropped = dropped + 1 WHERE id = ?").execute(arguments: [stream])
        return false
    }

    /// An event of the stream itself, made with its id already.
    static func insert(_ signal: QueuedSignal, isDue: Bool, _ database: Database) throws {
        try insert(
            signal.stream.text, signal.type.rawValue, signal.subject, signal.session, signal.body, id: signal.id, at: signal.at,
            isDue: isDue,
            expires: signal.expiresAt, database)
    }

    private static func insert(
        _ stream: String, _ type: String, _ subject: String?, _ session: String?, _ body: JSON, id: String? = nil, at: Timestamp,
        isDue: Bool, expires: Timestamp, _ database: Database
    ) throws {
        var random = SystemRandom()
        try database.cachedStatement(
            sql: """
                INSERT INTO signals (id, stream, type, subject, session, body, at, attempts, due, expires)
                VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?)
                """
        ).execute(arguments: [
            id ?? Base64url.encode(random.bytes(20)), stream, type, subject, session, body.text, at.milliseconds,
            isDue ? at.milliseconds : nil, expires.milliseconds,
        ])
    }
}

extension QueuedSignal {
    /// `row` has the columns of `signals` and the stream's member. Nil when it cannot be read whole.
    init?(row: Row) {
        let body: String = row["body"]
        guard let stream = StreamID(row["stream"]), let member = MemberID(row["member"]), let type = EventType(rawValue: row["type"]),
            let body = try? StoredText.json(body)
        else { return nil }
        self.init(
            id: row["id"], stream: stream, member: member, type: type, subject: row["subject"], session: row["session"], body: body,
            at: Timestamp(milliseconds: row["at"]), attempts: row["attempts"], expiresAt: Timestamp(milliseconds: row["expires"]))
    }
}

extension Schema {
    /// `due`: when an event is pushed next; nil where it is polled, or its stream is not enabled. `authorization` is sealed. `requested`: a
    /// JSON list. `signature_watches` has what the sealed record lacks: which certificate it was, sealed too; it goes with its record.
    static func signals(_ database: Database) throws {
        for statement in signalTables { try database.execute(sql: statement) }
    }

    /// `author`: whose word the status is. `active`: when the receiver was last heard of.
    static func streamAuthors(_ database: Database) throws {
        try database.execute(sql: "ALTER TABLE signal_streams ADD COLUMN author TEXT NOT NULL DEFAULT 'receiver'")
        try database.execute(sql: "ALTER TABLE signal_streams ADD COLUMN active INTEGER NOT NULL DEFAULT 0")
        try database.execute(sql: "UPDATE signal_streams SET active = max(changed, ifnull(verified, 0))")
    }

    /// How many events wait in a stream, kept by the rows themselves, so that queueing one counts none.
    static func countedSignals(_ database: Database) throws {
        for statement in [
            "ALTER TABLE signal_streams ADD COLUMN waiting INTEGER NOT NULL DEFAULT 0",
            "UPDATE signal_streams SET waiting = (SELECT count(*) FROM signals WHERE signals.stream = signal_streams.id)",
            """
            CREATE TRIGGER signals_come AFTER INSERT ON signals
                BEGIN UPDATE signal_streams SET waiting = waiting + 1 WHERE id = NEW.stream; END
            """,
            """
            CREATE TRIGGER signals_go AFTER DELETE ON signals
                BEGIN UPDATE signal_streams SET waiting = waiting - 1 WHERE id = OLD.stream; END
            """,
        ] { try database.execute(sql: statement) }
    }

    private static let signalTables = [
        """
        CREATE TABLE signal_streams (id TEXT PRIMARY KEY, member TEXT NOT NULL, endpoint TEXT, authorization BLOB, requested TEXT NOT NULL,
            description TEXT, status TEXT NOT NULL, reason TEXT, created INTEGER NOT NULL, changed INTEGER NOT NULL, verified INTEGER,
            dropped INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX signal_streams_member ON signal_streams (member, created)",
        """
        CREATE TABLE signal_exclusions (stream TEXT NOT NULL, subject TEXT NOT NULL, PRIMARY KEY (stream, subject)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE signals (sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, stream TEXT NOT NULL, type TEXT NOT NULL,
            subject TEXT, session TEXT, body TEXT NOT NULL, at INTEGER NOT NULL, attempts INTEGER NOT NULL, due INTEGER,
            expires INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX signals_stream ON signals (stream, sequence)",
        "CREATE INDEX signals_due ON signals (due) WHERE due IS NOT NULL",
        "CREATE INDEX signals_stream_due ON signals (stream, due, sequence) WHERE due IS NOT NULL",
        "CREATE INDEX signals_expires ON signals (expires)",
        "CREATE TABLE service_tokens (digest BLOB PRIMARY KEY, body TEXT NOT NULL, expires INTEGER NOT NULL) STRICT",
        "CREATE INDEX service_tokens_expires ON service_tokens (expires)",
        """
        CREATE TABLE certificate_states (issuer TEXT NOT NULL, serial TEXT NOT NULL, state TEXT NOT NULL, at INTEGER NOT NULL,
            known INTEGER NOT NULL, list TEXT, changed INTEGER NOT NULL, PRIMARY KEY (issuer, serial)) STRICT, WITHOUT ROWID
        """,
        """
        CREATE TABLE signature_watches (slot BLOB PRIMARY KEY, subject TEXT NOT NULL, sealed BLOB NOT NULL, state TEXT,
            expires INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX signature_watches_subject ON signature_watches (subject)",
        "CREATE INDEX signature_watches_expires ON signature_watches (expires)",
        """
        CREATE TRIGGER signature_watches_go_with_records AFTER DELETE ON identity_records
            BEGIN DELETE FROM signature_watches WHERE slot = OLD.slot; END
        """,
    ]
}
