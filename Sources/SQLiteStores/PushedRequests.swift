import Foundation
import GRDB
package import OpenID
package import SignOn
package import Vocabulary

/// Pushed requests (RFC 9126). A row outlives the time in which browsers may bring it, so that of the tabs that did one completes the login.
extension SQLiteStore: PushedRequestStore {
    package func push(
        _ request: PushedRequest, claiming claims: [AssertionClaim], at now: Timestamp
    ) async throws -> PushedOutcome {
        let claims = claims.map { Claim($0.key, scope: $0.scope, until: $0.until, at: now) }
        let body = request.json.text
        return try await write { database in
            for (place, claim) in claims.enumerated() where try !claim.isFirst(database) { return .replayed(place) }
            try database.cachedStatement(sql: "INSERT INTO pushed_requests (digest, body, usable, expires) VALUES (?, ?, ?, ?)")
                .execute(arguments: [Data(request.digest), body, request.usableUntil.milliseconds, request.keptUntil.milliseconds])
            return .kept
        }
    }

    package func pushed(_ digest: [UInt8], at now: Timestamp) async throws -> PushedRequest? {
        let body = try await read { database in
            try String.fetchOne(
                database.cachedStatement(sql: "SELECT body FROM pushed_requests WHERE digest = ? AND finished IS NULL AND usable > ?"),
                arguments: [Data(digest), now.milliseconds])
        }
        return try body.flatMap { PushedRequest(json: try StoredText.json($0)) }
    }

    package func finish(_ digest: [UInt8], recording record: Vocabulary.Record, at now: Timestamp) async throws -> Bool {
        let trace = record.json.text
        return try await write { [tail = writer.tail] database in
            guard try Self.finish(digest, database, at: now) else { return false }
            try Self.append(trace, after: tail, to: database)
            return true
        }
    }

    package func issue(
        _ code: CodeRecord, recording record: Vocabulary.Record, joining: Joining, finishing digest: [UInt8], at now: Timestamp
    ) async throws -> PushedIssue {
        let body = code.json.text
        let trace = record.json.text
        let issued: PushedIssue = try await self.joining(joining, joined: .issued, refused: .sessionEnded) {
            [tail = writer.tail] database, join in
            guard try join.isPossible(database) else { return .sessionEnded }
            guard try Self.finish(digest, database, at: now) else { return .finished }
            try join.keep(database)
            try Self.insert(code, body, database)
            try Self.append(trace, after: tail, to: database)
            return .issued
        }
        if issued == .issued { codes.keep(code, for: code.codeDigest) }
        return issued
    }

    private static func finish(_ digest: [UInt8], _ database: Database, at now: Timestamp) throws -> Bool {
        try database.cachedStatement(
            sql: "UPDATE pushed_requests SET finished = ? WHERE digest = ? AND finished IS NULL AND expires > ?"
        ).execute(arguments: [now.milliseconds, Data(digest), now.milliseconds])
        return database.changesCount == 1
    }
}

extension Schema {
    /// `usable`: until when a browser may bring it. `finished`: when a login came of it.
    static func pushedRequests(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE pushed_requests (digest BLOB PRIMARY KEY, body TEXT NOT NULL, usable INTEGER NOT NULL, finished INTEGER,
                    expires INTEGER NOT NULL) STRICT
                """)
        try database.execute(sql: "CREATE INDEX pushed_requests_expires ON pushed_requests (expires)")
    }
}
