import Foundation
import GRDB
package import OpenID
package import Vocabulary

/// Codes stay for an hour after they ran out, and as long as a token made from them lives, so that a code that comes a second time is
/// known for what it is and ends those tokens (RFC 6749 §4.1.2).
extension SQLiteStore: CodeStore {
    private static let memory: Int64 = 3600

    package func issue(_ record: CodeRecord) async throws {
        let body = record.json.text
        try await write { database in try Self.insert(record, body, database) }
    }

    static func insert(_ record: CodeRecord, _ body: String, _ database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO codes (digest, body, redeemable, expires) VALUES (?, ?, ?, ?)")
            .execute(arguments: [
                Data(record.codeDigest), body, record.expiresAt.milliseconds, record.expiresAt.adding(seconds: memory).milliseconds,
            ])
    }

    package func consume(_ codeDigest: [UInt8], at now: Timestamp) async throws -> CodeConsumption {
        try await write { database in try Self.consume(codeDigest, database, at: now) }
    }

    /// `known` is the record when it is remembered already: then its text is not read again.
    static func consume(
        _ codeDigest: [UInt8], known: CodeRecord? = nil, _ database: Database, at now: Timestamp
    ) throws -> CodeConsumption {
        let digest = Data(codeDigest)
        if let code = try taken(digest, known, database, at: now) {
            guard try Join.holds(code.client, code.pairwise.text, sid: code.sid, database) else { return .unknown }
            return .first(code)
        }
        try database.cachedStatement(sql: "UPDATE codes SET replayed = 1 WHERE digest = ? AND used IS NOT NULL")
            .execute(arguments: [digest])
        guard database.changesCount == 1 else { return .unknown }
        try database.cachedStatement(sql: "DELETE FROM access_tokens WHERE code = ?").execute(arguments: [digest])
        try database.cachedStatement(sql: "DELETE FROM refresh_tokens WHERE family = ?").execute(arguments: [digest])
        return .replayed
    }

    private static func taken(_ digest: Data, _ known: CodeRecord?, _ database: Database, at now: Timestamp) throws -> CodeRecord? {
        if let known {
            try database.cachedStatement(sql: "UPDATE codes SET used = ? WHERE digest = ? AND used IS NULL AND redeemable > ?")
                .execute(arguments: [now.milliseconds, digest, now.milliseconds])
            return database.changesCount == 1 ? known : nil
        }
        let body = try String.fetchOne(
            database.cachedStatement(
                sql: "UPDATE codes SET used = ? WHERE digest = ? AND used IS NULL AND redeemable > ? RETURNING body"),
            arguments: [now.milliseconds, digest, now.milliseconds])
        guard let body else { return nil }
        // A row we cannot read is a fault of ours: nothing is changed, and nobody gets a token for it.
        guard let code = CodeRecord(json: try StoredText.json(body)) else { throw DatabaseError(message: "a code's row is not readable") }
        return code
    }
}

extension SQLiteStore: AccessTokenStore {
    package func issue(_ record: AccessTokenRecord) async throws {
        let body = record.json.text
        try await write { database in try Self.insert(record, body, database) }
    }

    static func insert(_ record: AccessTokenRecord, _ body: String, _ database: Database) throws {
        let code = record.codeDigest.map { Data($0) }
        if let code { try remember(code, until: record.expiresAt, database) }
        try database.cachedStatement(
            sql: """
                INSERT INTO access_tokens (digest, code, body, expires) SELECT ?, ?, ?, ?
                WHERE NOT EXISTS (SELECT 1 FROM codes WHERE digest = ? AND replayed = 1)
                """
        ).execute(arguments: [Data(record.tokenDigest), code, body, record.expiresAt.milliseconds, code])
    }

    /// The token of a code that was taken a moment ago, in this transaction: nobody can have replayed it, and its row is remembered longer
    /// than most tokens live.
    private static func insertFirst(
        _ record: AccessTokenRecord, _ body: String, of code: CodeRecord, _ database: Database
    ) throws {
        let digest = Data(code.codeDigest)
        if record.expiresAt > code.expiresAt.adding(seconds: memory) { try remember(digest, until: record.expiresAt, database) }
        try database.cachedStatement(sql: "INSERT INTO access_tokens (digest, code, body, expires) VALUES (?, ?, ?, ?)")
            .execute(arguments: [Data(record.tokenDigest), record.codeDigest.map { Data($0) }, body, record.expiresAt.milliseconds])
    }

    package func find(_ digest: [UInt8], at now: Timestamp) async throws -> AccessTokenRecord? {
        try await read { database in
            let body = try String.fetchOne(
                database.cachedStatement(sql: "SELECT body FROM access_tokens WHERE digest = ? AND expires > ?"),
                arguments: [Data(digest), now.milliseconds])
            guard let record = try body.flatMap({ AccessTokenRecord(json: try StoredText.json($0)) }) else { return nil }
            return try Join.holds(record.client, record.pairwise.text, sid: record.sid, database) ? record : nil
        }
    }

    package func issueRefresh(_ record: RefreshTokenRecord) async throws {
        let body = record.json.text
        try await write { database in try Self.insertFirst(record, body, database) }
    }

    static func insertFirst(_ record: RefreshTokenRecord, _ body: String, _ database: Database) throws {
        let family = Data(record.family)
        let isReplayed = try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM codes WHERE digest = ? AND replayed = 1"), arguments: [family])
        if isReplayed == true { return }
        try remember(family, until: record.expiresAt, database)
        try insert(record, body, database)
    }

    package func refresh(_ digest: [UInt8], at now: Timestamp) async throws -> RefreshTokenRecord? {
        try await read { database in
            let body = try String.fetchOne(
                database.cachedStatement(sql: "SELECT body FROM refresh_tokens WHERE digest = ? AND expires > ?"),
                arguments: [Data(digest), now.milliseconds])
            guard let record = try body.flatMap({ RefreshTokenRecord(json: try StoredText.json($0)) }) else { return nil }
            return try Join.holds(record.client, record.pairwise.text, sid: record.sid, database) ? record : nil
        }
    }

    package func rotate(
        _ old: [UInt8], to new: RefreshTokenRecord?, within grace: Int64, at now: Timestamp
    ) async throws -> RefreshRotation {
        let rotation = Rotation(old, to: new, within: grace, at: now)
        return try await write { database in try rotation.done(database) }
    }

    /// The code is remembered as long as what follows from it lives.
    static func remember(_ code: Data, until moment: Timestamp, _ database: Database) throws {
        try database.cachedStatement(sql: "UPDATE codes SET expires = max(expires, ?) WHERE digest = ?")
            .execute(arguments: [moment.milliseconds, code])
    }

    static func insert(_ record: RefreshTokenRecord, _ body: String, _ database: Database) throws {
        try database.cachedStatement(sql: "INSERT INTO refresh_tokens (digest, family, body, expires, pairwise) VALUES (?, ?, ?, ?, ?)")
            .execute(arguments: [
                Data(record.tokenDigest), Data(record.family), body, record.expiresAt.milliseconds, record.entitlement.pairwise.text,
            ])
    }
}

enum StoredText {
    /// A text of our own: larger than what a stranger may send, for a request may be 64 KiB and grows when it is written down.
    static func json(_ text: String) throws(JSONRefusal) -> JSON { try JSON(reading: text, limit: 1 << 20) }
}

extension SQLiteStore: RecordingIssuer {
    package func consume(
        _ codeDigest: [UInt8], claiming claims: [AssertionClaim], at now: Timestamp
    ) async throws -> CodeConsumption {
        let claims = Claims(claims, at: now)
        return try await write { database in
            if let taken = try claims.firstTaken(database) { return .taken(taken) }
            return try Self.consume(codeDigest, database, at: now)
        }
    }

    /// What a code stands for never changes; what was done with it is not part of it.
    package func code(_ codeDigest: [UInt8]) async throws -> CodeRecord? {
        try await codes.value(codeDigest) {
            let body = try await read { database in
                try String.fetchOne(
                    database.cachedStatement(sql: "SELECT body FROM codes WHERE digest = ?"), arguments: [Data(codeDigest)])
            }
            return try body.flatMap { CodeRecord(json: try StoredText.json($0)) }
        }
    }

    package func redeem(
        _ codeDigest: [UInt8], claiming claims: [AssertionClaim], for issued: IssuedTokens, at now: Timestamp
    ) async throws -> CodeConsumption {
        let claims = Claims(claims, at: now)
        let access = issued.access.json.text
        let refresh = issued.refresh.map { (record: $0, body: $0.json.text) }
        let trace = issued.record.json.text
        let known = codes.kept(codeDigest)
        return try await codes.changing(codeDigest) {
            try await write { [tail = writer.tail] database in
                if let taken = try claims.firstTaken(database) { return .taken(taken) }
                let consumption = try Self.consume(codeDigest, known: known, database, at: now)
                guard case .first(let code) = consumption else { return consumption }
                if let refresh { try Self.insertFirst(refresh.record, refresh.body, database) }
                try Self.insertFirst(issued.access, access, of: code, database)
                if let ledger = issued.ledger { try LedgerRow.keep(ledger, database) }
                try Self.append(trace, after: tail, to: database)
                return consumption
            }
        }
    }

    package func exchange(
        _ old: [UInt8], claiming claims: [AssertionClaim], for issued: IssuedTokens, within grace: Int64, at now: Timestamp
    ) async throws -> RefreshRotation {
        let claims = Claims(claims, at: now)
        let rotation = Rotation(old, to: issued.refresh, within: grace, at: now)
        let access = issued.access.json.text
        let trace = issued.record.json.text
        return try await write { [tail = writer.tail] database in
            if let taken = try claims.firstTaken(database) { return .taken(taken) }
            let outcome = try rotation.done(database)
            switch outcome {
            case .rotated, .repeated, .kept:
                try Self.insert(issued.access, access, database)
                if let ledger = issued.ledger { try LedgerRow.keep(ledger, database) }
                try Self.append(trace, after: tail, to: database)
            case .reused, .unknown, .taken: break
            }
            return outcome
        }
    }

    package func issue(_ code: CodeRecord, recording record: Vocabulary.Record) async throws {
        let body = code.json.text
        let trace = record.json.text
        try await write { [tail = writer.tail] database in
            try Self.insert(code, body, database)
            try Self.append(trace, after: tail, to: database)
        }
        // Its service comes for it within the minute.
        codes.keep(code, for: code.codeDigest)
    }

    package func issue(_ token: AccessTokenRecord, recording record: Vocabulary.Record) async throws {
        let body = token.json.text
        let trace = record.json.text
        try await write { [tail = writer.tail] database in
            try Self.insert(token, body, database)
            try Self.append(trace, after: tail, to: database)
        }
    }
}
