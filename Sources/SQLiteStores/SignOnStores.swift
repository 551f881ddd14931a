package import Credentials
import Cryptography
import Foundation
import GRDB
package import SignOn
import TrustFramework
package import Vocabulary

extension SQLiteStore: TransactionStore {
    package func open(_ transaction: Transaction) async throws {
        try await write { database in
            try database.cachedStatement(
                sql: "INSERT INTO transactions (id, browser, origin, message, member, received, expires) VALUES (?, ?, ?, ?, ?, ?, ?)"
            ).execute(arguments: [
                transaction.id.text, Data(transaction.browser), transaction.origin.rawValue, Data(transaction.message),
                transaction.member.text, transaction.receivedAt.milliseconds, transaction.expiresAt.milliseconds,
            ])
        }
    }

    package func transaction(_ id: TransactionID, at now: Timestamp) async throws -> Transaction? {
        try await read { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "SELECT * FROM transactions WHERE id = ? AND expires > ?"),
                arguments: [id.text, now.milliseconds]
            ).flatMap(Transaction.init(row:))
        }
    }

    package func consume(_ id: TransactionID, at now: Timestamp) async throws -> Transaction? {
        try await write { database in
            try Row.fetchOne(
                database.cachedStatement(sql: "DELETE FROM transactions WHERE id = ? AND expires > ? RETURNING *"),
                arguments: [id.text, now.milliseconds]
            ).flatMap(Transaction.init(row:))
        }
    }
}

extension Transaction {
    fileprivate init?(row: Row) {
        guard let id = TransactionID(row["id"]), let origin = Origin(rawValue: row["origin"]), let member = MemberID(row["member"]) else {
            return nil
        }
        let browser: Data = row["browser"]
        let message: Data = row["message"]
        self.init(
            id: id, browser: [UInt8](browser), origin: origin, message: [UInt8](message), member: member,
            receivedAt: Timestamp(milliseconds: row["received"]), expiresAt: Timestamp(milliseconds: row["expires"]))
    }
}

extension SQLiteStore: SubjectStore {
    package func subject(linkedTo certificate: CertificateIdentity) async throws -> SubjectID? {
        try await read { database in try Self.subject(linkedTo: certificate, database) }
    }

    package func link(_ certificate: CertificateIdentity, to fresh: SubjectID, at now: Timestamp) async throws -> SubjectID {
        try await write { database in
            if let known = try Self.subject(linkedTo: certificate, database) { return known }
            try database.cachedStatement(sql: "INSERT INTO links (issuer, serial, subject, created) VALUES (?, ?, ?, ?)")
                .execute(arguments: [certificate.issuer, certificate.serial, fresh.text, now.milliseconds])
            return fresh
        }
    }

    private static func subject(linkedTo certificate: CertificateIdentity, _ database: Database) throws -> SubjectID? {
        try String.fetchOne(
            database.cachedStatement(sql: "SELECT subject FROM links WHERE issuer = ? AND serial = ? AND ended IS NULL"),
            arguments: [certificate.issuer, certificate.serial]
        ).flatMap(SubjectID.init)
    }

    package func pairwise(
        _ subject: SubjectID, sector: String, orElse fresh: @autoclosure @Sendable () throws -> PairwiseID, at now: Timestamp
    ) async throws -> PairwiseID {
        let key = PairwiseKey(subject: subject, sector: sector)
        let known = try await identifiers.value(key) { try await read { database in try Self.pairwise(subject, sector, database) } }
        if let known { return known }
        let fresh = try fresh()
        return try await write { database in
            if let known = try Self.pairwise(subject, sector, database) { return known }
            // Whoever is part of another gets no name of his own: it would stand in the way when the two are parted again.
            guard try MergeRow.isPresent(subject, database) else { throw DatabaseError(message: "the citizen is part of another") }
            try database.cachedStatement(sql: "INSERT INTO pairwise (subject, sector, id, created) VALUES (?, ?, ?, ?)")
                .execute(arguments: [subject.text, sector, fresh.text, now.milliseconds])
            return fresh
        }
    }

    private static func pairwise(_ subject: SubjectID, _ sector: String, _ database: Database) throws -> PairwiseID? {
        try String.fetchOne(
            database.cachedStatement(sql: "SELECT id FROM pairwise WHERE subject = ? AND sector = ?"), arguments: [subject.text, sector]
        ).flatMap(PairwiseID.init)
    }
}

/// One citizen in one sector. Its identifier never changes once it is there.
struct PairwiseKey: Hashable, Sendable {
    let subject: SubjectID
    let sector: String
}

extension SQLiteStore: ChallengeStore {
    package func issue(_ challenge: CardChallenge) async throws {
        let body = String(decoding: try JSONEncoder().encode(challenge), as: UTF8.self)
        try await write { database in
            try database.cachedStatement(sql: "INSERT INTO challenges (id, body, expires) VALUES (?, ?, ?)")
                .execute(arguments: [challenge.id.text, body, challenge.expiresAt.milliseconds])
        }
    }

    package func consume(_ id: ChallengeID, at now: Timestamp) async throws -> CardChallenge? {
        let body = try await write { database in
            try String.fetchOne(
                database.cachedStatement(sql: "DELETE FROM challenges WHERE id = ? AND expires > ? RETURNING body"),
                arguments: [id.text, now.milliseconds])
        }
        return try body.map { try JSONDecoder().decode(CardChallenge.self, from: Data($0.utf8)) }
    }

    package func issue(_ handover: Handover) async throws {
        try await write { database in
            try database.cachedStatement(
                sql: "INSERT INTO handovers (code, origin, certificate, presented, expires) VALUES (?, ?, ?, ?, ?)"
            ).execute(arguments: [
                Data(handover.code), handover.transaction.text, Data(handover.certificate), handover.presentedAt.milliseconds,
                handover.expiresAt.milliseconds,
            ])
        }
    }

    package func consume(handover code: [UInt8], at now: Timestamp) async throws -> Handover? {
        try await write { database in
            let row = try Row.fetchOne(
                database.cachedStatement(sql: "DELETE FROM handovers WHERE code = ? AND expires > ? RETURNING *"),
                arguments: [Data(code), now.milliseconds])
            guard let row, let transaction = TransactionID(row["origin"]) else { return nil }
            let certificate: Data = row["certificate"]
            return Handover(
                code: code, transaction: transaction, certificate: [UInt8](certificate),
                presentedAt: Timestamp(milliseconds: row["presented"]), expiresAt: Timestamp(milliseconds: row["expires"]))
        }
    }
}

extension SQLiteStore: ReplayGuard {
    package func claim(_ key: String, scope: String, until: Timestamp, at now: Timestamp) async throws -> Bool {
        let claim = Claim(key, scope: scope, until: until, at: now)
        return try await write { database in try claim.isFirst(database) }
    }
}

extension SQLiteStore: RecordingGuard {
    package func claim(
        _ key: String, scope: String, until: Timestamp, at now: Timestamp, recording record: Vocabulary.Record
    ) async throws -> Bool {
        let claim = Claim(key, scope: scope, until: until, at: now)
        let body = record.json.text
        return try await write { [tail = writer.tail] database in
            guard try claim.isFirst(database) else { return false }
            try Self.append(body, after: tail, to: database)
            return true
        }
    }
}

struct Claim: Sendable {
    private let digest: Data
    private let until: Timestamp
    private let now: Timestamp

    init(_ key: String, scope: String, until: Timestamp, at now: Timestamp) {
        // Strangers choose keys, of any length and with any characters; GRDB would end a text at its first NUL.
        digest = Data(Digest.sha256(Array("\(scope.utf8.count) \(scope)\(key)".utf8)))
        self.until = until
        self.now = now
    }

    /// Nobody holds it.
    func isFree(_ database: Database) throws -> Bool {
        try Bool.fetchOne(
            database.cachedStatement(sql: "SELECT 1 FROM claims WHERE key = ? AND expires > ?"), arguments: [digest, now.milliseconds])
            != true
    }

    func isFirst(_ database: Database) throws -> Bool {
        // A claim that has run out no longer holds anybody off.
        try database.cachedStatement(
            sql: """
                INSERT INTO claims (key, expires) VALUES (?, ?)
                ON CONFLICT (key) DO UPDATE SET expires = excluded.expires WHERE expires <= ?
                """
        ).execute(arguments: [digest, until.milliseconds, now.milliseconds])
        return database.changesCount == 1
    }
}
