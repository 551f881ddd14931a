import Foundation
import GRDB
package import OpenID
package import SignOn
import Synchronization
package import Vocabulary

/// The session graph. A row per session, member and name, written in the commit of the answer that tells the member of the citizen.
extension SQLiteStore: ParticipationStore {
    package func claim(
        _ key: String, scope: String, until: Timestamp, at now: Timestamp, recording record: Vocabulary.Record, joining: Joining
    ) async throws -> JoinedClaim {
        let claim = Claim(key, scope: scope, until: until, at: now)
        let body = record.json.text
        return try await self.joining(joining, joined: .first, refused: .sessionEnded) { [tail = writer.tail] database, join in
            guard try join.isPossible(database) else { return .sessionEnded }
            guard try claim.isFirst(database) else { return .taken }
            try join.keep(database)
            try Self.append(body, after: tail, to: database)
            return .first
        }
    }

    package func join(_ joining: Joining, recording record: Vocabulary.Record) async throws -> Bool {
        let body = record.json.text
        return try await self.joining(joining, joined: true, refused: false) { [tail = writer.tail] database, join in
            guard try join.isPossible(database) else { return false }
            try join.keep(database)
            try Self.append(body, after: tail, to: database)
            return true
        }
    }

    /// Runs `change`, in which the member joins, in the next commit. What joined before, and to no earlier end, is remembered with the
    /// session: then nothing is looked up and nothing written, but for what the citizen's ledger and a login that is used up ask for.
    /// `refused` when the session ended before the commit; `joined` is the one result of `change` with which the participation was kept.
    func joining<Result: Sendable & Equatable>(
        _ joining: Joining, joined: Result, refused: Result, _ change: @escaping @Sendable (Database, Join) throws -> Result
    ) async throws -> Result {
        guard joining.spending == nil else {
            let join = Join(joining, isKnown: false)
            return try await sessions.changing(joining.tie.session) { try await write { database in try change(database, join) } }
        }
        let key = JoinedMembers.Key(member: joining.member, name: joining.name)
        let known = try await sessions.value(joining.tie.session) { nil }?.joined
        if known?.contains(key, until: joining.expiresAt) == true {
            let join = Join(joining, isKnown: true)
            let result = try await write { database in try change(database, join) }
            // Whoever ends a session makes it forgotten here first. Where it still is, it had not ended at our commit.
            if try await sessions.value(joining.tie.session, orRead: { nil }) != nil { return result }
            let thread = joining.tie.thread
            return try await read { database in try Join.isAlive(thread, database) } ? result : refused
        }
        let join = Join(joining, isKnown: false)
        let result = try await write { database in try change(database, join) }
        if result == joined { known?.insert(key, until: joining.expiresAt) }
        return result
    }

    package func participations(of member: MemberID, named name: String) async throws -> [Participation] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT * FROM participations WHERE member = ? AND name = ?
                        AND EXISTS (SELECT 1 FROM sessions WHERE sessions.thread = participations.thread) LIMIT 64
                        """),
                arguments: [member.text, name]
            ).compactMap(Participation.init(row:))
        }
    }

    package func participations(in thread: SessionThread) async throws -> [Participation] {
        try await read { database in try Self.participations(in: thread, database) }
    }

    static func participations(in thread: SessionThread, _ database: Database) throws -> [Participation] {
        try Row.fetchAll(
            database.cachedStatement(sql: "SELECT * FROM participations WHERE thread = ? ORDER BY joined, rowid"),
            arguments: [Data(thread.bytes)]
        ).compactMap(Participation.init(row:))
    }
}

extension SQLiteStore {
    /// Keeps the code, its trace and the participation in one step; false when the session has ended.
    package func issue(_ code: CodeRecord, recording record: Vocabulary.Record, joining: Joining) async throws -> Bool {
        let body = code.json.text
        let trace = record.json.text
        let issued = try await self.joining(joining, joined: true, refused: false) { [tail = writer.tail] database, join in
            guard try join.isPossible(database) else { return false }
            try join.keep(database)
            try Self.insert(code, body, database)
            try Self.append(trace, after: tail, to: database)
            return true
        }
        // Its service comes for it within the minute.
        if issued { codes.keep(code, for: code.codeDigest) }
        return issued
    }
}

/// A participation on its way into the graph, with what goes into the same commit.
struct Join: Sendable {
    /// Nil: it is there already.
    private let participation: Participation?
    private let ledger: LedgerEntry?
    private let spending: SpentLogin?

    init(_ joining: Joining, isKnown: Bool) {
        participation = isKnown ? nil : joining.participation
        ledger = joining.ledger
        spending = joining.spending.map(SpentLogin.init)
    }

    /// False when the session has ended, or the login that is used up was used up by another answer.
    func isPossible(_ database: Database) throws -> Bool {
        guard let participation else { return true }
        guard try Self.isAlive(participation.thread, database) else { return false }
        return try spending?.isThere(database) ?? true
    }

    static func isAlive(_ thread: SessionThread, _ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM sessions WHERE thread = ? LIMIT 1"), arguments: [Data(thread.bytes)]) == true
    }

    /// Whether what was issued under this `sid` still counts: a code or token ends with the session it comes from. What names no session
    /// lives by its own times.
    static func holds(_ member: MemberID, _ name: String, sid: String?, _ database: Database) throws -> Bool {
        guard let sid else { return true }
        return try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM participations WHERE member = ? AND name = ? AND session_index = ?"),
            arguments: [member.text, name, sid]) == true
    }

    func keep(_ database: Database) throws {
        if let ledger { try LedgerRow.keep(ledger, database) }
        try spending?.keep(database)
        guard let participation else { return }
        let name = participation.name
        // A later answer may reach further, and what it issued counts as long as this row is there. None shortens what was told before.
        try database.cachedStatement(
            sql: """
                INSERT INTO participations (thread, member, name, tongue, format, qualifier, sp_qualifier, session_index, subject, joined,
                    expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (thread, member, name) DO UPDATE SET expires = excluded.expires WHERE excluded.expires > participations.expires
                """
        ).execute(arguments: [
            Data(participation.thread.bytes), participation.member.text, name.text, name.tongue.rawValue, name.format, name.nameQualifier,
            name.spNameQualifier, participation.sessionIndex, participation.subject.text, participation.joinedAt.milliseconds,
            participation.expiresAt.milliseconds,
        ])
    }
}

/// A login that is used up by the answer of the same commit.
struct SpentLogin: Sendable {
    private let session: Data
    private let before: String
    private let after: String

    init(_ spending: Spending) {
        session = Data(spending.session.bytes)
        before = SessionRow.text(of: spending.before)
        after = SessionRow.text(of: spending.after)
    }

    /// False when another answer has used it up, or the session is another one by now.
    func isThere(_ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM sessions WHERE id = ? AND authentications = ?"), arguments: [session, before])
            == true
    }

    func keep(_ database: Database) throws {
        try database.cachedStatement(sql: "UPDATE sessions SET authentications = ? WHERE id = ? AND authentications = ?")
            .execute(arguments: [after, session, before])
    }
}

/// Who is known to have joined a session, remembered as long as the session is.
final class JoinedMembers: Sendable {
    struct Key: Hashable, Sendable {
        let member: MemberID
        let name: MemberName
    }

    /// With the end that is kept of each.
    private let known = Mutex<[Key: Timestamp]>([:])
    /// Nobody uses more services in a day; beyond it the memory starts anew.
    private static let most = 256

    /// Whether it joined to this end or a later one.
    func contains(_ key: Key, until end: Timestamp) -> Bool { known.withLock { known in known[key].map { end <= $0 } ?? false } }

    func insert(_ key: Key, until end: Timestamp) {
        known.withLock { known in
            if known.count >= Self.most { known.removeAll() }
            known[key] = known[key].map { max($0, end) } ?? end
        }
    }
}

extension Participation {
    init?(row: Row) {
        let thread: Data = row["thread"]
        let expires: Int64 = row["expires"]
        self.init(row: row, thread: [UInt8](thread), expires: expires)
    }

    init?(row: Row, thread: [UInt8], expires: Int64) {
        guard let thread = SessionThread(thread), let subject = SubjectID(row["subject"]), let member = MemberID(row["member"]),
            let tongue = MemberName.Tongue(rawValue: row["tongue"])
        else { return nil }
        self.init(
            thread: thread, subject: subject, member: member,
            name: MemberName(
                tongue: tongue, text: row["name"], format: row["format"], nameQualifier: row["qualifier"],
                spNameQualifier: row["sp_qualifier"]),
            sessionIndex: row["session_index"], joinedAt: Timestamp(milliseconds: row["joined"]),
            expiresAt: Timestamp(milliseconds: expires))
    }
}

extension Schema {
    /// `thread`: what stays of a session while its id is renewed. Legs keep what the participation was; `due`: when the member is to be told
    /// next, nil where nobody has to.
    static func participations(_ database: Database) throws {
        for statement in graph { try database.execute(sql: statement) }
        let rows = try Row.fetchAll(database, sql: "SELECT rowid AS row, seed FROM sessions")
        for row in rows {
            let seed: Data = row["seed"]
            let number: Int64 = row["row"]
            try database.execute(
                sql: "UPDATE sessions SET thread = ? WHERE rowid = ?", arguments: [Data(SessionThread(seed: [UInt8](seed)).bytes), number])
        }
    }

    private static let name = """
        name TEXT NOT NULL, tongue TEXT NOT NULL, format TEXT, qualifier TEXT, sp_qualifier TEXT, session_index TEXT NOT NULL,
            subject TEXT NOT NULL, joined INTEGER NOT NULL
        """

    private static let graph = [
        "ALTER TABLE sessions ADD COLUMN thread BLOB",
        "CREATE INDEX sessions_thread ON sessions (thread)",
        "CREATE TABLE participations (thread BLOB NOT NULL, member TEXT NOT NULL, \(name), expires INTEGER NOT NULL) STRICT",
        "CREATE UNIQUE INDEX participations_thread ON participations (thread, member, name)",
        "CREATE INDEX participations_name ON participations (member, name)",
        "CREATE INDEX participations_expires ON participations (expires)",
        """
        CREATE TABLE logouts (id TEXT PRIMARY KEY, browser BLOB, origin TEXT NOT NULL, message BLOB NOT NULL, initiator TEXT,
            propagates INTEGER NOT NULL, started INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX logouts_expires ON logouts (expires)",
        """
        CREATE TABLE logout_legs (logout TEXT NOT NULL, number INTEGER NOT NULL, thread BLOB NOT NULL, member TEXT NOT NULL, \(name),
            session_expires INTEGER NOT NULL, channel TEXT NOT NULL, state TEXT NOT NULL, reason TEXT, request TEXT,
            attempts INTEGER NOT NULL, changed INTEGER NOT NULL, due INTEGER, expires INTEGER NOT NULL) STRICT
        """,
        "CREATE UNIQUE INDEX logout_legs_number ON logout_legs (logout, number)",
        "CREATE INDEX logout_legs_request ON logout_legs (request) WHERE request IS NOT NULL",
        "CREATE INDEX logout_legs_due ON logout_legs (due) WHERE due IS NOT NULL",
        "CREATE INDEX logout_legs_expires ON logout_legs (expires)",
        """
        CREATE TABLE logout_orders (id TEXT PRIMARY KEY, thread BLOB, subject TEXT, at INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT
        """,
        "CREATE INDEX logout_orders_expires ON logout_orders (expires)",
    ]
}
