import Foundation
import GRDB
import OpenID
import Vocabulary

/// One exchange of a refresh token, within the writer's transaction.
struct Rotation: Sendable {
    private let old: Data
    private let new: (record: RefreshTokenRecord, body: String)?
    private let grace: Int64
    private let now: Timestamp

    init(_ old: [UInt8], to new: RefreshTokenRecord?, within grace: Int64, at now: Timestamp) {
        self.old = Data(old)
        self.new = new.map { ($0, $0.json.text) }
        self.grace = grace
        self.now = now
    }

    func done(_ database: Database) throws -> RefreshRotation {
        guard
            let row = try Row.fetchOne(
                database.cachedStatement(sql: "SELECT family, used, body FROM refresh_tokens WHERE digest = ? AND expires > ?"),
                arguments: [old, now.milliseconds])
        else { return .unknown }
        let family: Data = row["family"]
        let used: Int64? = row["used"]
        guard new.map({ Data($0.record.family) == family }) ?? true, try holds(row["body"], database) else { return .unknown }
        guard let used else { return try exchange(in: family, database) }
        if let new, now < Timestamp(milliseconds: used).adding(seconds: grace), try isWaiting(new.record, in: family, database) {
            return .repeated
        }
        try RefreshFamilies.end(family, database)
        return .reused
    }

    private func exchange(in family: Data, _ database: Database) throws -> RefreshRotation {
        guard let new else { return .kept }
        try database.cachedStatement(sql: "UPDATE refresh_tokens SET used = ? WHERE digest = ? AND used IS NULL")
            .execute(arguments: [now.milliseconds, old])
        try SQLiteStore.remember(family, until: new.record.expiresAt, database)
        try SQLiteStore.insert(new.record, new.body, database)
        return .rotated
    }

    /// Whether the session it comes from lives; the successor's own word for it, or the row's.
    private func holds(_ body: String, _ database: Database) throws -> Bool {
        guard let record = try new?.record ?? RefreshTokenRecord(json: StoredText.json(body)) else { return false }
        return try Join.holds(record.client, record.pairwise.text, sid: record.sid, database)
    }

    /// Whether the successor is this one, and nobody has come with it yet: who has it needs no second copy.
    private func isWaiting(_ successor: RefreshTokenRecord, in family: Data, _ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM refresh_tokens WHERE digest = ? AND family = ? AND used IS NULL"),
            arguments: [Data(successor.tokenDigest), family]) == true
    }
}

/// What a request claims before it gets anything, digested outside of the writer.
struct Claims: Sendable {
    private let claims: [(claim: AssertionClaim, row: Claim)]

    init(_ claims: [AssertionClaim], at now: Timestamp) {
        self.claims = claims.map { ($0, Claim($0.key, scope: $0.scope, until: $0.until, at: now)) }
    }

    /// The first that was taken before, or nil: then all are taken now.
    func firstTaken(_ database: Database) throws -> AssertionClaim? {
        try claims.first { try !$0.row.isFirst(database) }?.claim
    }
}
