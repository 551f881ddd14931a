package import Credentials
import Cryptography
import Foundation
import GRDB
import SignOn
package import TrustFramework
package import Vocabulary

/// What citizens' signature certificates said, sealed. A row names its citizen, so that everything of one citizen can be deleted, and
/// neither the member nor the purpose.
extension SQLiteStore: IdentityRecordStore {
    package func keep(
        _ record: IdentityRecord, of subject: SubjectID, relinkTie needed: IdentityTie, recording trace: Vocabulary.Record
    ) async throws {
        let slot = identitySeal.slot(subject, record.member, record.presentedFor)
        let sealed = try identitySeal.close(record, of: subject, slot: slot)
        let text = trace.json.text
        let expires = record.expiresAt.milliseconds
        // A weaker one may say what another's certificate says: whoever has that card would become this citizen (decision 0063).
        let print = record.tie >= needed ? identitySeal.print(of: record.attributes) : nil
        try await write { [tail = writer.tail] database in
            try database.cachedStatement(
                sql: "INSERT OR REPLACE INTO identity_records (slot, subject, sealed, expires) VALUES (?, ?, ?, ?)"
            ).execute(arguments: [Data(slot), subject.text, Data(sealed), expires])
            if let print { try Self.note(print, of: slot, database) }
            try Self.append(text, after: tail, to: database)
        }
    }

    package func record(
        of subject: SubjectID, for purpose: Purpose, member: MemberID, at now: Timestamp
    ) async throws -> IdentityRecord? {
        let slot = identitySeal.slot(subject, member, purpose)
        let sealed = try await read { database in
            try Data.fetchOne(
                database.cachedStatement(sql: "SELECT sealed FROM identity_records WHERE slot = ? AND subject = ? AND expires > ?"),
                arguments: [Data(slot), subject.text, now.milliseconds])
        }
        guard let sealed, let record = identitySeal.open([UInt8](sealed), of: subject, slot: slot), record.member == member,
            record.presentedFor == purpose, record.isAlive(at: now)
        else { return nil }
        return record
    }

    package func kept(of subject: SubjectID, at now: Timestamp) async throws -> [KeptIdentity] {
        try await records(of: subject, at: now).map {
            KeptIdentity(member: $0.member, purpose: $0.presentedFor, at: $0.at, expiresAt: $0.expiresAt)
        }.sorted { $0.at > $1.at }
    }

    package func births(of subject: SubjectID, at now: Timestamp) async throws -> [BirthDate] {
        try await records(of: subject, at: now).map(\.attributes.birth)
    }

    /// A citizen has one for each member and purpose: a few.
    private static let most = 256

    private func records(of subject: SubjectID, at now: Timestamp) async throws -> [IdentityRecord] {
        let rows = try await read { database in
            try Row.fetchAll(
                database.cachedStatement(sql: "SELECT slot, sealed FROM identity_records WHERE subject = ? AND expires > ? LIMIT ?"),
                arguments: [subject.text, now.milliseconds, Self.most]
            ).map { row -> (slot: [UInt8], sealed: [UInt8]) in
                let slot: Data = row["slot"]
                let sealed: Data = row["sealed"]
                return ([UInt8](slot), [UInt8](sealed))
            }
        }
        return rows.compactMap { identitySeal.open($0.sealed, of: subject, slot: $0.slot) }
    }

    package func forget(
        of subject: SubjectID, for purpose: Purpose?, member: MemberID?, recording trace: Vocabulary.Record
    ) async throws -> Int {
        let text = trace.json.text
        let slots: [[UInt8]]?
        switch (purpose, member) {
        case (let purpose?, let member?): slots = [identitySeal.slot(subject, member, purpose)]
        case (nil, nil): slots = nil
        default:
            slots = try await records(of: subject, at: Timestamp(milliseconds: .min)).filter {
                (purpose == nil || $0.presentedFor == purpose) && (member == nil || $0.member == member)
            }.map { identitySeal.slot(subject, $0.member, $0.presentedFor) }
        }
        return try await write { [tail = writer.tail] database in
            var gone = 0
            if let slots {
                for slot in slots {
                    try database.cachedStatement(sql: "DELETE FROM identity_records WHERE slot = ?").execute(arguments: [Data(slot)])
                    gone += database.changesCount
                }
            } else {
                try database.cachedStatement(sql: "DELETE FROM identity_records WHERE subject = ?").execute(arguments: [subject.text])
                gone = database.changesCount
            }
            try Self.append(text, after: tail, to: database)
            return gone
        }
    }
}

extension SQLiteStore: IdentityChallengeStore {
    package func issue(_ challenge: IdentityChallenge) async throws {
        let body = String(decoding: try JSONEncoder().encode(challenge), as: UTF8.self)
        try await write { database in
            try database.cachedStatement(sql: "INSERT INTO identity_challenges (id, body, expires) VALUES (?, ?, ?)")
                .execute(arguments: [challenge.id.text, body, challenge.expiresAt.milliseconds])
        }
    }

    package func consume(identity id: ChallengeID, at now: Timestamp) async throws -> IdentityChallenge? {
        let body = try await write { database in
            try String.fetchOne(
                database.cachedStatement(sql: "DELETE FROM identity_challenges WHERE id = ? AND expires > ? RETURNING body"),
                arguments: [id.text, now.milliseconds])
        }
        return try body.map { try JSONDecoder().decode(IdentityChallenge.self, from: Data($0.utf8)) }
    }
}

extension Schema {
    static func identityRecords(_ database: Database) throws {
        try database.execute(
            sql: """
                CREATE TABLE identity_records (slot BLOB PRIMARY KEY, subject TEXT NOT NULL, sealed BLOB NOT NULL,
                    expires INTEGER NOT NULL) STRICT
                """)
        try database.execute(sql: "CREATE INDEX identity_records_subject ON identity_records (subject)")
        try database.execute(sql: "CREATE INDEX identity_records_expires ON identity_records (expires)")
        try database.execute(
            sql: "CREATE TABLE identity_challenges (id TEXT PRIMARY KEY, body TEXT NOT NULL, expires INTEGER NOT NULL) STRICT")
        try database.execute(sql: "CREATE INDEX identity_challenges_expires ON identity_challenges (expires)")
    }

    /// How they are tied is sealed. Those kept before lead nobody back; what they say stays.
    static func clearedPrints(_ database: Database) throws {
        try database.execute(sql: "UPDATE identity_records SET print = NULL")
    }
}
