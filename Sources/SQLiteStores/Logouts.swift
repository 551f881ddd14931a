import Foundation
import GRDB
package import SignOn
import Signals
import Synchronization
package import Vocabulary

/// Logouts under way and the queue of members to be told: rows, so that nothing of it is lost with the process.
extension SQLiteStore: LogoutStore {
    package func begin(
        _ logout: Logout, ending threads: [SessionThread], recording record: Vocabulary.Record,
        planning: @escaping @Sendable (Participation) -> LogoutPlan?
    ) async throws -> [LogoutLeg] {
        let body = record.json.text
        let known = try await read { database in try threads.flatMap { try Self.sessions(of: $0, database) } }
        let rules = signalRules.current
        let (legs, ended) = try await forgetting(known[...]) {
            try await write { [tail = writer.tail] database -> ([LogoutLeg], [SessionID]) in
                try database.cachedStatement(sql: "DELETE FROM logout_orders WHERE id = ?").execute(arguments: [logout.id.text])
                guard let begun = try Self.begin(logout, ending: threads, planning: planning, rules, database) else {
                    return (try Self.legs(of: logout.id, database), [])
                }
                try Self.append(body, after: tail, to: database)
                return begun
            }
        }
        signalsQueued.add(1, ordering: .relaxed)
        // A session whose id was renewed between the look and the commit.
        try await forgetting(ended[...]) {}
        return legs
    }

    /// In somebody's commit: the sessions end, their members become legs, and those that asked for it hear of the end by their streams. Nil
    /// when the logout was begun before.
    static func begin(
        _ logout: Logout, ending threads: [SessionThread], because cause: SignalEvent.SessionCause? = nil,
        planning: (Participation) -> LogoutPlan?, _ rules: SignalRules, _ database: Database
    ) throws -> (legs: [LogoutLeg], ended: [SessionID])? {
        try Self.insert(logout, database)
        guard database.changesCount == 1 else { return nil }
        var legs: [LogoutLeg] = []
        var ended: [SessionID] = []
        for thread in threads {
            ended += try Self.sessions(of: thread, database)
            for participation in try Self.participations(in: thread, database) {
                if let signal = Signal(ending: participation, by: logout, cause, at: logout.startedAt) {
                    try SignalRow.queue([signal], rules, database)
                }
                guard let plan = planning(participation)?.under(logout) else { continue }
                let leg = LogoutLeg(
                    id: LogoutLegID(logout: logout.id, number: legs.count + 1), participation: participation,
                    channel: plan.channel, state: .open, reason: plan.reason, request: nil, attempts: 0, changedAt: logout.startedAt)
                try Self.insert(leg, until: logout.expiresAt, database)
                legs.append(leg)
            }
            let key = Data(thread.bytes)
            try database.cachedStatement(sql: "DELETE FROM participations WHERE thread = ?").execute(arguments: [key])
            try database.cachedStatement(sql: "DELETE FROM sessions WHERE thread = ?").execute(arguments: [key])
        }
        return (legs, ended)
    }

    func forgetting<Result>(_ ids: ArraySlice<SessionID>, _ change: () async throws -> Result) async throws -> Result {
        guard let id = ids.first else { return try await change() }
        return try await sessions.changing(id) { try await forgetting(ids.dropFirst(), change) }
    }

    private static func sessions(of thread: SessionThread, _ database: Database) throws -> [SessionID] {
        try Data.fetchAll(
            database.cachedStatement(sql: "SELECT id FROM sessions WHERE thread = ?"), arguments: [Data(thread.bytes)]
        ).compactMap { SessionID([UInt8]($0)) }
    }

    package func progress(of id: LogoutID, at now: Timestamp) async throws -> LogoutProgress? {
        try await read { database in
            let row = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM logouts WHERE id = ? AND expires > ?"), arguments: [id.text, now.milliseconds])
            guard let logout = row.flatMap(Logout.init(row:)) else { return nil }
            return LogoutProgress(logout, try Self.legs(of: id, database))
        }
    }

    private static func legs(of id: LogoutID, _ database: Database) throws -> [LogoutLeg] {
        try Row.fetchAll(
            database.cachedStatement(sql: "SELECT * FROM logout_legs WHERE logout = ? ORDER BY number"), arguments: [id.text]
        ).compactMap(LogoutLeg.init(row:))
    }

    package func leg(asking request: String, at now: Timestamp) async throws -> LogoutLeg? {
        try await read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM logout_legs WHERE request = ? AND expires > ?"),
                arguments: [request, now.milliseconds]
            ).flatMap(LogoutLeg.init(row:))
        }
    }

    package func ask(_ leg: LogoutLegID, by request: String, at now: Timestamp) async throws -> Bool {
        try await change(
            leg, "SET state = 'asked', reason = NULL, request = ?, attempts = attempts + 1, changed = ?", [request, now.milliseconds])
    }

    package func settle(
        _ leg: LogoutLegID, as state: LogoutLeg.State, _ reason: LogoutReason?, recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> Bool {
        let body = record.json.text
        return try await write { [tail = writer.tail] database in
            let arguments: [(any DatabaseValueConvertible)?] = [state.rawValue, reason?.rawValue, now.milliseconds]
            guard try Self.change(leg, "SET state = ?, reason = ?, due = NULL, changed = ?", arguments, database) else { return false }
            try Self.append(body, after: tail, to: database)
            return true
        }
    }

    package func skip(_ leg: LogoutLegID, at now: Timestamp) async throws {
        _ = try await change(
            leg, "SET state = 'open', reason = ?, changed = ?", [LogoutReason.skipped.rawValue, now.milliseconds])
    }

    package func postpone(_ leg: LogoutLegID, until: Timestamp, _ reason: LogoutReason?, at now: Timestamp) async throws {
        try await write { database in
            _ = try Self.change(
                leg, "SET state = 'open', reason = ?, due = ?, changed = ?", [reason?.rawValue, until.milliseconds, now.milliseconds],
                database)
        }
    }

    /// Changes a leg that has not been settled.
    private func change(
        _ leg: LogoutLegID, _ what: String, _ arguments: [any DatabaseValueConvertible & Sendable]
    ) async throws -> Bool {
        try await write { database in try Self.change(leg, what, arguments, database) }
    }

    private static func change(
        _ leg: LogoutLegID, _ what: String, _ arguments: [(any DatabaseValueConvertible)?], _ database: Database
    ) throws -> Bool {
        try database.cachedStatement(
            sql: "UPDATE logout_legs " + what + " WHERE logout = ? AND number = ? AND state IN ('open', 'asked')"
        ).execute(arguments: StatementArguments(arguments + [leg.logout.text, leg.number]))
        return database.changesCount == 1
    }

    private static let dueLegs = ReceiverQueue.due(
        in: "logout_legs", by: "member", where: "due <= ?2 AND expires > ?2 AND (?3 IS NULL OR logout = ?3)", limit: "?4")

    package func takeDue(
        of id: LogoutID?, lease: Timestamp, limit: Int, at now: Timestamp
    ) async throws -> [(logout: Logout, leg: LogoutLeg)] {
        let isDue = try await read { database in
            try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT 1 FROM logout_legs WHERE due <= ? LIMIT 1"), arguments: [now.milliseconds]) == true
        }
        // Most seconds nobody is due, and the writer is left alone.
        guard isDue else { return [] }
        return try await write { database in
            let rows = try Row.fetchAll(
                database.cachedStatement(
                    sql: "UPDATE logout_legs SET due = ?1 WHERE rowid IN (\(Self.dueLegs)) RETURNING *"),
                arguments: [lease.milliseconds, now.milliseconds, id?.text, limit])
            return try rows.compactMap(LogoutLeg.init(row:)).compactMap { leg in
                let logout = try Row.fetchOne(
                    database.cachedStatement(sql: "SELECT * FROM logouts WHERE id = ?"), arguments: [leg.id.logout.text])
                return logout.flatMap(Logout.init(row:)).map { ($0, leg) }
            }
        }
    }

    package func expireLegs(
        limit: Int, recording record: @escaping @Sendable (LogoutLeg) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> Int {
        let over = "FROM logout_legs INDEXED BY logout_legs_expires WHERE expires <= ?1 AND due <= ?1 LIMIT ?2"
        let isAny = try await read { database in
            try Bool.fetchOne(database.cachedStatement(sql: "SELECT 1 " + over), arguments: [now.milliseconds, 1]) == true
        }
        guard isAny else { return 0 }
        return try await write { [tail = writer.tail] database in
            let rows = try Row.fetchAll(
                database.cachedStatement(sql: "SELECT rowid AS row, * " + over), arguments: [now.milliseconds, limit])
            for row in rows {
                let number: Int64 = row["row"]
                try database.cachedStatement(
                    sql: "UPDATE logout_legs SET state = ?, reason = ?, due = NULL, changed = ? WHERE rowid = ?"
                ).execute(arguments: [
                    LogoutLeg.State.failed.rawValue, LogoutReason.expired.rawValue, now.milliseconds, number,
                ])
                // As it was: its reason says what became of the last try.
                if let leg = LogoutLeg(row: row) { try Self.append(record(leg).json.text, after: tail, to: database) }
            }
            return rows.count
        }
    }
}

extension SQLiteStore {
    package func liveSessions(limit: Int, at now: Timestamp) async throws -> [LiveSession] {
        try await read { database in
            try Row.fetchAll(
                database, sql: "SELECT * FROM sessions WHERE expires > ? ORDER BY created DESC LIMIT ?",
                arguments: [now.milliseconds, limit]
            ).compactMap { row in
                let thread: Data? = row["thread"]
                guard let thread = thread.flatMap({ SessionThread([UInt8]($0)) }), let subject = SubjectID(row["subject"]) else {
                    return nil
                }
                return LiveSession(
                    thread: thread, subject: subject, createdAt: Timestamp(milliseconds: row["created"]),
                    lastSeenAt: Timestamp(milliseconds: row["seen"]),
                    members: try Self.participations(in: thread, database).map(\.member))
            }
        }
    }

    package func threads(of subject: SubjectID, at now: Timestamp) async throws -> [SessionThread] {
        try await read { database in
            try Data.fetchAll(
                database, sql: "SELECT thread FROM sessions WHERE subject = ? AND expires > ? AND thread IS NOT NULL",
                arguments: [subject.text, now.milliseconds]
            ).compactMap { SessionThread([UInt8]($0)) }
        }
    }

    package func order(_ order: LogoutOrder, until: Timestamp) async throws {
        let (thread, subject): (Data?, String?) =
            switch order.target {
            case .thread(let thread): (Data(thread.bytes), nil)
            case .subject(let subject): (nil, subject.text)
            }
        try await write { database in
            try database.execute(
                sql: "INSERT INTO logout_orders (id, thread, subject, at, expires) VALUES (?, ?, ?, ?, ?)",
                arguments: [order.id.text, thread, subject, order.at.milliseconds, until.milliseconds])
        }
    }

    package func orders(limit: Int, at now: Timestamp) async throws -> [LogoutOrder] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(sql: "SELECT * FROM logout_orders WHERE expires > ? ORDER BY at LIMIT ?"),
                arguments: [now.milliseconds, limit]
            ).compactMap { row in
                let thread: Data? = row["thread"]
                let subject: String? = row["subject"]
                guard let id = LogoutID(row["id"]),
                    let target = thread.flatMap({ SessionThread([UInt8]($0)) }).map(LogoutOrder.Target.thread)
                        ?? subject.flatMap({ SubjectID($0) }).map(LogoutOrder.Target.subject)
                else { return nil }
                return LogoutOrder(id: id, target: target, at: Timestamp(milliseconds: row["at"]))
            }
        }
    }

    private static func insert(_ logout: Logout, _ database: Database) throws {
        try database.cachedStatement(
            sql: """
                INSERT INTO logouts (id, browser, origin, message, initiator, propagates, started, expires) VALUES (?, ?, ?, ?, ?, ?, ?, ?)
                ON CONFLICT (id) DO NOTHING
                """
        ).execute(arguments: [
            logout.id.text, logout.browser.map { Data($0) }, logout.origin.rawValue, Data(logout.message), logout.initiator?.text,
            logout.propagates, logout.startedAt.milliseconds, logout.expiresAt.milliseconds,
        ])
    }

    private static func insert(_ leg: LogoutLeg, until expires: Timestamp, _ database: Database) throws {
        let participation = leg.participation
        let name = participation.name
        // A member that we tell ourselves is due at once.
        let due = leg.channel == .back ? leg.changedAt.milliseconds : nil
        try database.cachedStatement(
            sql: """
                INSERT INTO logout_legs (logout, number, thread, member, name, tongue, format, qualifier, sp_qualifier, session_index, subject,
                    joined, session_expires, channel, state, reason, attempts, changed, due, expires)
                VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)
                """
        ).execute(arguments: [
            leg.id.logout.text, leg.id.number, Data(participation.thread.bytes), participation.member.text, name.text, name.tongue.rawValue,
            name.format, name.nameQualifier, name.spNameQualifier, participation.sessionIndex, participation.subject.text,
            participation.joinedAt.milliseconds, participation.expiresAt.milliseconds, leg.channel.rawValue, leg.state.rawValue,
            leg.reason?.rawValue, leg.attempts, leg.changedAt.milliseconds, due, expires.milliseconds,
        ])
    }
}

extension Logout {
    fileprivate init?(row: Row) {
        guard let id = LogoutID(row["id"]), let origin = Origin(rawValue: row["origin"]) else { return nil }
        let browser: Data? = row["browser"]
        let message: Data = row["message"]
        let initiator: String? = row["initiator"]
        self.init(
            id: id, browser: browser.map { [UInt8]($0) }, origin: origin, message: [UInt8](message),
            initiator: initiator.flatMap { MemberID($0) }, propagates: row["propagates"],
            startedAt: Timestamp(milliseconds: row["started"]), expiresAt: Timestamp(milliseconds: row["expires"]))
    }
}

extension LogoutLeg {
    fileprivate init?(row: Row) {
        let thread: Data = row["thread"]
        let reason: String? = row["reason"]
        guard let logout = LogoutID(row["logout"]), let channel = LogoutChannel(rawValue: row["channel"]),
            let state = State(rawValue: row["state"]),
            let participation = Participation(row: row, thread: [UInt8](thread), expires: row["session_expires"])
        else { return nil }
        self.init(
            id: LogoutLegID(logout: logout, number: row["number"]), participation: participation, channel: channel, state: state,
            reason: reason.flatMap { LogoutReason(rawValue: $0) }, request: row["request"], attempts: row["attempts"],
            changedAt: Timestamp(milliseconds: row["changed"]))
    }
}
