import Foundation
import GRDB
package import OpenID
import SignOn
package import Vocabulary

/// What clients wait for while a citizen decides elsewhere: device codes and back-channel requests in one table, since they are decided and
/// redeemed alike. `lapses`: until when it can be decided; `expires`: until when a late client is told that it has run out.
extension SQLiteStore: AwaitedStore {
    private static let memory: Int64 = 3600

    package func open(
        _ grant: AwaitedGrant, claiming claims: [AssertionClaim], mostWaiting: Int, recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> AwaitedOpening {
        let claims = Claims(claims, at: now)
        let (body, trace) = (grant.json.text, record.json.text)
        return try await write { [tail = writer.tail] database in
            if let taken = try claims.firstTaken(database) { return .taken(taken) }
            guard try Self.waiting(beside: grant, database, at: now) < mostWaiting else { return .tooMany }
            try database.cachedStatement(
                sql: """
                    INSERT INTO awaited (digest, kind, handle, client, sector, pairwise, state, body, pace, token, request, lapses, expires)
                    VALUES (?, ?, ?, ?, ?, ?, 'waiting', ?, ?, ?, ?, ?, ?) ON CONFLICT (kind, handle) DO NOTHING
                    """
            ).execute(arguments: [
                Data(grant.secretDigest), grant.kind.rawValue, Data(grant.handle), grant.client.text, grant.addressee?.sector,
                grant.addressee?.pairwise.text, body, grant.interval, grant.notification?.token, grant.notification?.requestID,
                grant.expiresAt.milliseconds, grant.expiresAt.adding(seconds: Self.memory).milliseconds,
            ])
            guard database.changesCount == 1 else { return .handleTaken }
            try Self.append(trace, after: tail, to: database)
            return .opened
        }
    }

    package func awaited(
        _ handle: [UInt8], _ kind: AwaitedGrant.Kind, at now: Timestamp
    ) async throws -> (grant: AwaitedGrant, state: AwaitedState)? {
        try await read { database in
            let row = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM awaited WHERE kind = ? AND handle = ? AND lapses > ?"),
                arguments: [kind.rawValue, Data(handle), now.milliseconds])
            guard let row, let grant = try Self.grant(row), let state = AwaitedState(rawValue: row["state"]) else { return nil }
            return (grant, state)
        }
    }

    /// The addressee is whoever has that identifier in that sector; found from the citizen's side only, so that nothing at all is done for a
    /// name that nobody has.
    private static let addressed = """
        FROM awaited JOIN pairwise ON pairwise.id = awaited.pairwise AND pairwise.sector = awaited.sector
        WHERE pairwise.subject = ? AND awaited.state = 'waiting' AND awaited.lapses > ?
        """

    package func waiting(for subject: SubjectID, limit: Int, at now: Timestamp) async throws -> [AwaitedGrant] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(sql: "SELECT awaited.* \(Self.addressed) ORDER BY awaited.lapses, awaited.rowid LIMIT ?"),
                arguments: [subject.text, now.milliseconds, limit]
            ).compactMap(Self.grant)
        }
    }

    package func countWaiting(for subject: SubjectID, at now: Timestamp) async throws -> Int {
        try await read { database in
            try Int.fetchOne(
                database.cachedStatement(sql: "SELECT count(*) \(Self.addressed)"), arguments: [subject.text, now.milliseconds]) ?? 0
        }
    }

    package func settle(
        _ handle: [UInt8], _ kind: AwaitedGrant.Kind, as verdict: AwaitedVerdict, recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> AwaitedSettlement {
        let (key, trace) = (Data(handle), record.json.text)
        let approval: AwaitedApproval? = if case .approved(let approval) = verdict { approval } else { nil }
        let entitlement = approval?.entitlement.json.text
        let spent = approval?.spending.map(SpentLogin.init)
        // The session in the browser changes only where a login of it is used up; `changing` of nil costs nothing.
        return try await sessions.changing(approval?.spending?.session) {
            try await write { [tail = writer.tail] database in
                try Self.settle(key, kind, approval, entitlement, spent, trace, tail, database, at: now)
            }
        }
    }

    private static func settle(
        _ key: Data, _ kind: AwaitedGrant.Kind, _ approval: AwaitedApproval?, _ entitlement: String?, _ spent: SpentLogin?, _ trace: String,
        _ tail: AuditTail, _ database: Database, at now: Timestamp
    ) throws -> AwaitedSettlement {
        if let approval, try !Self.isPossible(approval, database) { return .sessionEnded }
        if let spent, try !spent.isThere(database) { return .sessionEnded }
        try database.cachedStatement(
            sql: """
                UPDATE awaited SET state = ?, entitlement = ?, due = iif(token IS NULL, NULL, ?)
                WHERE kind = ? AND handle = ? AND state = 'waiting' AND lapses > ?
                """
        ).execute(arguments: [
            (approval == nil ? AwaitedState.denied : .approved).rawValue, entitlement, now.milliseconds, kind.rawValue, key,
            now.milliseconds,
        ])
        guard database.changesCount == 1 else {
            let state = try String.fetchOne(
                database.cachedStatement(sql: "SELECT state FROM awaited WHERE kind = ? AND handle = ? AND lapses > ?"),
                arguments: [kind.rawValue, key, now.milliseconds])
            return state.flatMap(AwaitedState.init(rawValue:)).map { .settledBefore($0) } ?? .gone
        }
        if let approval {
            try Self.insert(approval.session, expires: approval.sessionExpires, database)
            try Join(approval.joining, isKnown: false).keep(database)
            try spent?.keep(database)
        }
        try Self.append(trace, after: tail, to: database)
        return .settled
    }

    /// The session that the yes is kept with starts under the same conditions as any: no card of it was reported lost meanwhile, and its
    /// citizen has not become part of another.
    private static func isPossible(_ approval: AwaitedApproval, _ database: Database) throws -> Bool {
        guard try Join.isAlive(approval.approver, database), try MergeRow.isPresent(approval.session.subject, database) else {
            return false
        }
        return try !approval.session.authentications.contains { try CareRow.isBlocked($0.certificate, database) }
    }

    package func poll(
        _ secretDigest: [UInt8], _ kind: AwaitedGrant.Kind, by client: MemberID, claiming claims: [AssertionClaim], at now: Timestamp
    ) async throws -> AwaitedPoll {
        let claims = Claims(claims, at: now)
        return try await write { database in
            if let taken = try claims.firstTaken(database) { return .taken(taken) }
            let row = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM awaited WHERE digest = ? AND kind = ? AND client = ? AND expires > ?"),
                arguments: [Data(secretDigest), kind.rawValue, client.text, now.milliseconds])
            guard let row, let state = AwaitedState(rawValue: row["state"]) else { return .unknown }
            let lapses: Int64 = row["lapses"]
            switch state {
            case .redeemed: return .redeemed
            case .denied: return .denied
            // What was approved in time has to be fetched in time too (CIBA Core §7.3 `expires_in`).
            case .waiting, .approved:
                guard now.milliseconds < lapses else { return .expired }
            }
            if state == .approved {
                guard let entitlement = try Self.entitlement(row), try Self.holds(entitlement, database) else { return .unknown }
                return .approved(entitlement)
            }
            let lastAsked: Int64? = row["asked"]
            var pace = AwaitedPace(interval: row["pace"], lastAsked: lastAsked.map { Timestamp(milliseconds: $0) })
            let isInTime = pace.asked(at: now)
            try database.cachedStatement(sql: "UPDATE awaited SET pace = ?, asked = ? WHERE digest = ?")
                .execute(arguments: [pace.interval, now.milliseconds, Data(secretDigest)])
            return isInTime ? .pending : .slowDown
        }
    }

    package func redeem(
        _ secretDigest: [UInt8], _ kind: AwaitedGrant.Kind, by client: MemberID, for issued: IssuedTokens, at now: Timestamp
    ) async throws -> Bool {
        let access = issued.access.json.text
        let refresh = issued.refresh.map { (record: $0, body: $0.json.text) }
        let trace = issued.record.json.text
        return try await write { [tail = writer.tail] database in
            // Between the poll and this the citizen or an administrator may have ended the login.
            guard try Join.holds(client, issued.access.pairwise.text, sid: issued.access.sid, database) else { return false }
            let taken = try String.fetchOne(
                database.cachedStatement(
                    sql: """
                        UPDATE awaited SET state = 'redeemed', entitlement = NULL, token = NULL, request = NULL, due = NULL
                        WHERE digest = ? AND kind = ? AND client = ? AND state = 'approved' AND lapses > ? RETURNING body
                        """),
                arguments: [Data(secretDigest), kind.rawValue, client.text, now.milliseconds])
            guard taken != nil else { return false }
            if let refresh { try Self.insertFirst(refresh.record, refresh.body, database) }
            try Self.insert(issued.access, access, database)
            try Self.append(trace, after: tail, to: database)
            return true
        }
    }

    /// What waits of the same client already: for the same citizen, or, where nobody is named, for anybody.
    private static func waiting(beside grant: AwaitedGrant, _ database: Database, at now: Timestamp) throws -> Int {
        let open = "SELECT count(*) FROM awaited WHERE client = ? AND state = 'waiting' AND lapses > ? AND "
        let count =
            if let addressee = grant.addressee {
                try Int.fetchOne(
                    database.cachedStatement(sql: open + "pairwise = ?"),
                    arguments: [grant.client.text, now.milliseconds, addressee.pairwise.text])
            } else {
                try Int.fetchOne(
                    database.cachedStatement(sql: open + "pairwise IS NULL"), arguments: [grant.client.text, now.milliseconds])
            }
        return count ?? 0
    }

    private static func grant(_ row: Row) throws -> AwaitedGrant? {
        let body: String = row["body"]
        let (token, request): (String?, String?) = (row["token"], row["request"])
        let notification = token.flatMap { token in request.map { AwaitedGrant.Notification(token: token, requestID: $0) } }
        return AwaitedGrant(json: try StoredText.json(body), notification: notification)
    }

    private static func entitlement(_ row: Row) throws -> Entitlement? {
        let text: String? = row["entitlement"]
        return try text.flatMap { Entitlement(json: try StoredText.json($0)) }
    }

    private static func holds(_ entitlement: Entitlement, _ database: Database) throws -> Bool {
        try Join.holds(entitlement.client, entitlement.pairwise.text, sid: entitlement.sid, database)
    }
}

extension Schema {
    static func awaited(_ database: Database) throws {
        for statement in awaitedGrants { try database.execute(sql: statement) }
    }

    static func waitingDevices(_ database: Database) throws {
        try database.execute(
            sql: "CREATE INDEX awaited_device ON awaited (client, lapses) WHERE pairwise IS NULL AND state = 'waiting'")
    }

    /// `token`, `request`: what a ping needs, forgotten with it; `due`: when it is to be sent.
    private static let awaitedGrants = [
        """
        CREATE TABLE awaited (digest BLOB PRIMARY KEY, kind TEXT NOT NULL, handle BLOB NOT NULL, client TEXT NOT NULL, sector TEXT,
            pairwise TEXT, state TEXT NOT NULL, body TEXT NOT NULL, entitlement TEXT, pace INTEGER NOT NULL, asked INTEGER, token TEXT,
            request TEXT, attempts INTEGER NOT NULL DEFAULT 0, due INTEGER, lapses INTEGER NOT NULL, expires INTEGER NOT NULL) STRICT
        """,
        "CREATE UNIQUE INDEX awaited_handle ON awaited (kind, handle)",
        "CREATE INDEX awaited_pairwise ON awaited (pairwise) WHERE pairwise IS NOT NULL",
        "CREATE INDEX awaited_due ON awaited (due) WHERE due IS NOT NULL",
        "CREATE INDEX awaited_token ON awaited (lapses) WHERE token IS NOT NULL",
        "CREATE INDEX awaited_expires ON awaited (expires)",
    ]
}
