package import Credentials
import Foundation
import GRDB
import OpenID
package import SignOn
package import TrustFramework
package import Vocabulary

/// What citizens do about their own logins, cards and consents.
extension SQLiteStore: CareStore {
    package func certificates(of subject: SubjectID) async throws -> [LinkedCertificate] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: CareRow.linked + " WHERE links.subject = ? ORDER BY links.created, links.issuer, links.serial"),
                arguments: [subject.text]
            ).compactMap(CareRow.certificate)
        }
    }

    package func owners(ofSerial serial: String) async throws -> [LinkedCertificate] {
        try await read { database in
            try Row.fetchAll(database, sql: CareRow.linked + " WHERE links.serial = ? LIMIT 5", arguments: [serial])
                .compactMap(CareRow.certificate)
        }
    }

    package func block(of certificate: CertificateIdentity) async throws -> CertificateBlock? {
        try await read { database in try CareRow.block(of: certificate, database) }
    }

    package func blocks(of subject: SubjectID?, limit: Int) async throws -> [CertificateBlock] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: CareRow.blocks + " WHERE ? IS NULL OR owner = ? ORDER BY block.at DESC, block.issuer, block.serial LIMIT ?"),
                arguments: [subject?.text, subject?.text, limit]
            ).compactMap(CareRow.block)
        }
    }

    package func report(
        _ report: LossReport, telling announcements: [Announcement],
        recording record: @escaping @Sendable (LossOutcome) -> Vocabulary.Record
    ) async throws -> LossOutcome {
        try await announcing { [tail = writer.tail] database, announcing in
            let outcome = try report.carriedOut(database)
            guard !outcome.isNothing else { return outcome }
            if outcome.sessions > 0 { try CareRow.order(report.logout, .subject(report.subject), at: report.at, database) }
            try Self.append(record(outcome).json.text, after: tail, to: database)
            if !outcome.blocked.isEmpty { try announcing.tell(announcements) }
            return outcome
        }
    }

    package func lift(
        _ certificate: CertificateIdentity, of subject: SubjectID, telling announcements: [Announcement],
        recording record: Vocabulary.Record
    ) async throws -> Bool {
        let trace = record.json.text
        return try await announcing { [tail = writer.tail] database, announcing in
            try database.cachedStatement(
                sql: """
                    DELETE FROM certificate_blocks WHERE issuer = ?1 AND serial = ?2
                    AND EXISTS (SELECT 1 FROM links WHERE issuer = ?1 AND serial = ?2 AND subject = ?3)
                    """
            ).execute(arguments: [certificate.issuer, certificate.serial, subject.text])
            guard database.changesCount == 1 else { return false }
            try Self.append(trace, after: tail, to: database)
            try announcing.tell(announcements)
            return true
        }
    }

    package func noteUse(of blocked: CertificateIdentity, recording record: Vocabulary.Record, at now: Timestamp) async throws {
        let trace = record.json.text
        try await write { [tail = writer.tail] database in
            try database.cachedStatement(
                sql: "UPDATE certificate_blocks SET uses = min(uses + 1, 1000000), used = ? WHERE issuer = ? AND serial = ?"
            ).execute(arguments: [now.milliseconds, blocked.issuer, blocked.serial])
            try Self.append(trace, after: tail, to: database)
        }
    }

    /// One person has a handful; beyond it the oldest are not shown, and "end all" ends them too.
    private static let mostVisits = 64

    package func visits(of subject: SubjectID, at now: Timestamp) async throws -> [CitizenVisit] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: "SELECT * FROM sessions WHERE subject = ? AND expires > ? ORDER BY created DESC, rowid DESC LIMIT ?"),
                arguments: [subject.text, now.milliseconds, Self.mostVisits]
            ).compactMap { row in
                let id: Data = row["id"]
                guard let id = SessionID([UInt8](id)), let session = SessionRow.session(id, row) else { return nil }
                return CitizenVisit(session: session, participations: try Self.participations(in: session.thread, database))
            }
        }
    }

    package func disavow(
        _ disavowal: Disavowal, recording record: @escaping @Sendable (Int) -> Vocabulary.Record
    ) async throws -> Bool {
        try await write { [tail = writer.tail] database in
            guard let services = try CareRow.services(behind: disavowal, database) else { return false }
            try database.cachedStatement(
                sql: """
                    INSERT INTO disavowals (kind, name, subject, happened, at) VALUES (?, ?, ?, ?, ?)
                    ON CONFLICT (kind, name) DO NOTHING
                    """
            ).execute(arguments: [
                disavowal.what.kind, disavowal.what.name, disavowal.subject.text, disavowal.happenedAt.milliseconds,
                disavowal.at.milliseconds,
            ])
            guard database.changesCount == 1 else { return false }
            let families = try RefreshFamilies.of(disavowal.subject, database).filter { services.contains($0.client) }
            try RefreshFamilies.end(families, database)
            if case .session(let thread) = disavowal.what, let logout = disavowal.logout {
                try CareRow.order(logout, .thread(thread), at: disavowal.at, database)
            }
            try Self.append(record(Set(families.map(\.family)).count).json.text, after: tail, to: database)
            return true
        }
    }

    package func disavowals(of subject: SubjectID?, limit: Int) async throws -> [Disavowal] {
        try await read { database in
            guard let subject else {
                return try Row.fetchAll(
                    database.cachedStatement(sql: "SELECT * FROM disavowals ORDER BY at DESC, kind, name LIMIT ?"), arguments: [limit]
                ).compactMap(CareRow.disavowal)
            }
            return try Row.fetchAll(
                database.cachedStatement(sql: "SELECT * FROM disavowals WHERE subject = ? ORDER BY at DESC, kind, name LIMIT ?"),
                arguments: [subject.text, limit]
            ).compactMap(CareRow.disavowal)
        }
    }

    package func sectors(of subject: SubjectID) async throws -> [KnownSector] {
        try await read { database in
            try Row.fetchAll(
                database.cachedStatement(sql: "SELECT sector, id, created FROM pairwise WHERE subject = ? ORDER BY created DESC, sector"),
                arguments: [subject.text]
            ).compactMap { row in
                PairwiseID(row["id"]).map {
                    KnownSector(sector: row["sector"], pairwise: $0, since: Timestamp(milliseconds: row["created"]))
                }
            }
        }
    }

    package func accesses(of subject: SubjectID, at now: Timestamp) async throws -> [StandingAccess] {
        let tokens = try await read { database in try RefreshFamilies.of(subject, database) }
        // Used tokens stay for a while, so that a second use is known for what it is; their successors say how long it goes on.
        return Dictionary(grouping: tokens.filter { $0.expiresAt > now }, by: \.client).compactMap { member, tokens in
            guard let since = tokens.map(\.entitlement.authenticatedAt).min(), let until = tokens.map(\.expiresAt).max() else { return nil }
            return StandingAccess(member: member, since: since, until: until)
        }.sorted { $0.member.text < $1.member.text }
    }

    package func endAccess(
        of member: MemberID, to subject: SubjectID, recording record: @escaping @Sendable (Int) -> Vocabulary.Record
    ) async throws -> Int {
        try await write { [tail = writer.tail] database in
            let tokens = try RefreshFamilies.of(subject, database).filter { $0.client == member }
            let families = try RefreshFamilies.end(tokens, database)
            if families > 0 { try Self.append(record(families).json.text, after: tail, to: database) }
            return families
        }
    }

    package func stop(
        _ which: (member: MemberID, purpose: Purpose)?, of subject: SubjectID,
        recording record: @escaping @Sendable (Consent) -> Vocabulary.Record
    ) async throws -> StoppedConsents {
        let (member, purpose) = (which?.member.text, which?.purpose.text)
        return try await write { [tail = writer.tail] database in
            let consents = try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        DELETE FROM consents WHERE subject = ? AND (? IS NULL OR member = ? AND purpose = ?) RETURNING *
                        """), arguments: [subject.text, member, member, purpose]
            ).compactMap(Consent.init(row:))
            guard !consents.isEmpty else { return StoppedConsents(consents: [], families: 0) }
            let families = try RefreshFamilies.of(subject, database).filter { token in
                token.entitlement.citizen?.consented.isEmpty == false
                    && consents.contains { $0.member == token.client && $0.purpose == token.entitlement.assurance?.purpose }
            }
            try RefreshFamilies.end(families, database)
            for consent in consents.sorted(by: { $0.at < $1.at }) {
                try Self.append(record(consent).json.text, after: tail, to: database)
            }
            return StoppedConsents(consents: consents, families: Set(families.map(\.family)).count)
        }
    }

    package func entries(of subject: SubjectID, after last: LedgerPlace?, limit: Int) async throws -> [LedgerEntry] {
        let (moment, reference) = (last?.at.milliseconds ?? .max, last?.reference.text ?? "")
        return try await read { database in
            try Row.fetchAll(
                database.cachedStatement(
                    sql: """
                        SELECT * FROM ledger WHERE subject = ? AND at <= ? AND (at < ? OR reference > ?)
                        ORDER BY at DESC, reference LIMIT ?
                        """), arguments: [subject.text, moment, moment, reference, limit]
            ).compactMap(LedgerRow.entry)
        }
    }
}
