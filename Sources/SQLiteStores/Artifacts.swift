import Foundation
import GRDB
package import SAML
package import SignOn
package import Vocabulary

/// Answers by artifact. Whoever steals the file can neither read them nor tell what would resolve them: see `SealedAnswer`.
extension SQLiteStore: ArtifactStore {
    package func keep(
        _ answer: SealedAnswer, claiming key: ReplayKey?, joining: Joining?, recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> JoinedClaim {
        let claim = key.map { Claim($0.key, scope: $0.scope, until: $0.until, at: now) }
        let body = record.json.text
        let keep: @Sendable (Database, Join?) throws -> JoinedClaim = { [tail = writer.tail] database, join in
            if let join, try !join.isPossible(database) { return .sessionEnded }
            if let claim, try !claim.isFirst(database) { return .taken }
            try join?.keep(database)
            try database.cachedStatement(sql: "INSERT INTO artifacts (digest, member, sealed, expires) VALUES (?, ?, ?, ?)")
                .execute(arguments: [Data(answer.digest), answer.member.text, Data(answer.sealed), answer.expiresAt.milliseconds])
            try Self.append(body, after: tail, to: database)
            return .first
        }
        guard let joining else { return try await write { database in try keep(database, nil) } }
        return try await self.joining(joining, joined: .first, refused: .sessionEnded) { database, join in try keep(database, join) }
    }

    package func take(
        _ digest: [UInt8], for member: MemberID, claiming key: ReplayKey, at now: Timestamp,
        recording: @escaping @Sendable (ArtifactTaking) -> Vocabulary.Record
    ) async throws -> ArtifactTaking {
        let claim = Claim(key.key, scope: key.scope, until: key.until, at: now)
        return try await write { [tail = writer.tail] database in
            let taking = try claim.isFirst(database) ? try Self.take(digest, for: member, database, at: now) : .replayed
            try Self.append(recording(taking).json.text, after: tail, to: database)
            return taking
        }
    }

    private static func take(
        _ digest: [UInt8], for member: MemberID, _ database: Database, at now: Timestamp
    ) throws -> ArtifactTaking {
        let row = try Row.fetchOne(
            database.cachedStatement(
                sql: "DELETE FROM artifacts WHERE digest = ? AND member = ? AND expires > ? RETURNING sealed, expires"),
            arguments: [Data(digest), member.text, now.milliseconds])
        if let row {
            let sealed: Data = row["sealed"]
            return .answer(
                SealedAnswer(
                    digest: digest, member: member, sealed: [UInt8](sealed), expiresAt: Timestamp(milliseconds: row["expires"])))
        }
        let other = try String.fetchOne(
            database.cachedStatement(sql: "SELECT member FROM artifacts WHERE digest = ? AND member <> ? AND expires > ?"),
            arguments: [Data(digest), member.text, now.milliseconds])
        return other.flatMap { MemberID($0) }.map(ArtifactTaking.otherMember) ?? .unknown
    }
}

extension SQLiteStore: ThreadedSessions {
    package func session(in thread: SessionThread, at now: Timestamp) async throws -> Session? {
        let id = try await read { database in
            try Data.fetchOne(
                database.cachedStatement(sql: "SELECT id FROM sessions WHERE thread = ? AND expires > ?"),
                arguments: [Data(thread.bytes), now.milliseconds])
        }
        guard let id, let key = SessionID([UInt8](id)) else { return nil }
        return try await session(key, at: now)
    }
}

extension Schema {
    static func artifacts(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE artifacts (digest BLOB PRIMARY KEY, member TEXT NOT NULL, sealed BLOB NOT NULL, expires INTEGER NOT NULL)
                    STRICT
                """)
        try database.execute(sql: "CREATE INDEX artifacts_expires ON artifacts (expires)")
    }
}
