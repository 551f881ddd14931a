import Foundation
import GRDB
package import OpenID
package import SignOn
package import Vocabulary

/// Tokens exchanged for others, by a row from each to the one before. Nothing has to be told to end: whoever looks for a token walks to the
/// login's own and finds it only if every one on the way lives.
extension SQLiteStore: ExchangeStore {
    package func owner(of pairwise: PairwiseID) async throws -> PairwiseOwner? {
        try await read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "SELECT subject, sector FROM pairwise WHERE id = ?"), arguments: [pairwise.text]
            ).flatMap { row in SubjectID(row["subject"]).map { PairwiseOwner(subject: $0, sector: row["sector"]) } }
        }
    }

    package func living(_ digest: [UInt8], at now: Timestamp) async throws -> AccessTokenRecord? {
        try await read { database in try Self.living(digest, database, at: now) }
    }

    package func issue(
        _ token: AccessTokenRecord, exchangedFor parent: [UInt8], claiming claims: [AssertionClaim],
        recording record: Vocabulary.Record, ledger: LedgerEntry?, at now: Timestamp
    ) async throws -> ExchangeIssue {
        let taking = claims.map { Claim($0.key, scope: $0.scope, until: $0.until, at: now) }
        let body = token.json.text
        let trace = record.json.text
        return try await write { [tail = writer.tail] database in
            for (claim, taken) in zip(claims, taking) where try !taken.isFirst(database) { return .replayed(claim) }
            guard try Self.living(parent, database, at: now) != nil else { return .parentEnded }
            try database.cachedStatement(sql: "INSERT INTO exchanges (child, parent, expires) VALUES (?, ?, ?)")
                .execute(arguments: [Data(token.tokenDigest), Data(parent), token.expiresAt.milliseconds])
            try database.cachedStatement(sql: "INSERT INTO access_tokens (digest, code, body, expires) VALUES (?, ?, ?, ?)")
                .execute(arguments: [
                    Data(token.tokenDigest), token.codeDigest.map { Data($0) }, body, token.expiresAt.milliseconds,
                ])
            if let ledger { try LedgerRow.keep(ledger, database) }
            try Self.append(trace, after: tail, to: database)
            return .issued
        }
    }

    /// No chain is longer than its `act`; a row too many is a fault of ours and finds nothing.
    private static let longestChain = 10

    private static func living(_ digest: [UInt8], _ database: Database, at now: Timestamp) throws -> AccessTokenRecord? {
        guard let token = try alive(Data(digest), database, at: now) else { return nil }
        var record = token
        for _ in 0..<longestChain {
            guard record.act != nil else { return token }
            let parent = try Data.fetchOne(
                database.cachedStatement(sql: "SELECT parent FROM exchanges WHERE child = ?"), arguments: [Data(record.tokenDigest)])
            guard let parent, let next = try alive(parent, database, at: now) else { return nil }
            record = next
        }
        return nil
    }

    private static func alive(_ digest: Data, _ database: Database, at now: Timestamp) throws -> AccessTokenRecord? {
        let body = try String.fetchOne(
            database.cachedStatement(sql: "SELECT body FROM access_tokens WHERE digest = ? AND expires > ?"),
            arguments: [digest, now.milliseconds])
        guard let record = try body.flatMap({ AccessTokenRecord(json: try StoredText.json($0)) }),
            try Join.holds(record.client, record.pairwise.text, sid: record.sid, database)
        else { return nil }
        return record
    }
}

extension SQLiteStore: RevocationStore {
    package func revoke(accessToken digest: [UInt8], recording record: Vocabulary.Record, at now: Timestamp) async throws {
        let trace = record.json.text
        try await write { [tail = writer.tail] database in
            try database.cachedStatement(
                sql: """
                    WITH RECURSIVE gone (digest) AS
                        (SELECT ? UNION SELECT exchanges.child FROM exchanges JOIN gone ON exchanges.parent = gone.digest)
                    DELETE FROM access_tokens WHERE digest IN (SELECT digest FROM gone)
                    """
            ).execute(arguments: [Data(digest)])
            try Self.append(trace, after: tail, to: database)
        }
    }

    package func revoke(family: [UInt8], recording record: Vocabulary.Record, at now: Timestamp) async throws {
        let trace = record.json.text
        try await write { [tail = writer.tail] database in
            try RefreshFamilies.end(Data(family), database)
            try Self.append(trace, after: tail, to: database)
        }
    }

    package func isFresh(refreshToken digest: [UInt8], at now: Timestamp) async throws -> Bool {
        try await read { database in
            try Bool.fetchOne(
                database.cachedStatement(sql: "SELECT 1 FROM refresh_tokens WHERE digest = ? AND used IS NULL AND expires > ?"),
                arguments: [Data(digest), now.milliseconds]) == true
        }
    }
}

extension Schema {
    static func exchanges(_ database: Database) throws {
        try database.execute(sql: "CREATE TABLE exchanges (child BLOB PRIMARY KEY, parent BLOB NOT NULL, expires INTEGER NOT NULL) STRICT")
        try database.execute(sql: "CREATE INDEX exchanges_parent ON exchanges (parent)")
        try database.execute(sql: "CREATE INDEX exchanges_expires ON exchanges (expires)")
    }
}
