import Credentials
import SQLiteStores
import SignOn
import TrustFramework
import Vocabulary

extension FailingStores {
    func certificates(of subject: SubjectID) async throws -> [LinkedCertificate] {
        try gate()
        return try await store.certificates(of: subject)
    }

    func block(of certificate: CertificateIdentity) async throws -> CertificateBlock? {
        try gate()
        return try await store.block(of: certificate)
    }

    func blocks(of subject: SubjectID?, limit: Int) async throws -> [CertificateBlock] {
        try gate()
        return try await store.blocks(of: subject, limit: limit)
    }

    func report(
        _ report: LossReport, telling: [Announcement], recording record: @escaping @Sendable (LossOutcome) -> Record
    ) async throws -> LossOutcome {
        try gate()
        return try await store.report(report, telling: telling, recording: record)
    }

    func lift(
        _ certificate: CertificateIdentity, of subject: SubjectID, telling: [Announcement], recording record: Record
    ) async throws -> Bool {
        try gate()
        return try await store.lift(certificate, of: subject, telling: telling, recording: record)
    }

    func noteUse(of blocked: CertificateIdentity, recording record: Record, at now: Timestamp) async throws {
        try gate()
        try await store.noteUse(of: blocked, recording: record, at: now)
    }

    func visits(of subject: SubjectID, at now: Timestamp) async throws -> [CitizenVisit] {
        try gate()
        return try await store.visits(of: subject, at: now)
    }

    func disavow(_ disavowal: Disavowal, recording record: @escaping @Sendable (Int) -> Record) async throws -> Bool {
        try gate()
        return try await store.disavow(disavowal, recording: record)
    }

    func disavowals(of subject: SubjectID?, limit: Int) async throws -> [Disavowal] {
        try gate()
        return try await store.disavowals(of: subject, limit: limit)
    }

    func sectors(of subject: SubjectID) async throws -> [KnownSector] {
        try gate()
        return try await store.sectors(of: subject)
    }

    func accesses(of subject: SubjectID, at now: Timestamp) async throws -> [StandingAccess] {
        try gate()
        return try await store.accesses(of: subject, at: now)
    }

    func endAccess(
        of member: MemberID, to subject: SubjectID, recording record: @escaping @Sendable (Int) -> Record
    ) async throws -> Int {
        try gate()
        return try await store.endAccess(of: member, to: subject, recording: record)
    }

    func stop(
        _ which: (member: MemberID, purpose: Purpose)?, of subject: SubjectID, recording record: @escaping @Sendable (Consent) -> Record
    ) async throws -> StoppedConsents {
        try gate()
        return try await store.stop(which, of: subject, recording: record)
    }

    func owners(ofSerial serial: String) async throws -> [LinkedCertificate] {
        try gate()
        return try await store.owners(ofSerial: serial)
    }

    func entries(of subject: SubjectID, after last: LedgerPlace?, limit: Int) async throws -> [LedgerEntry] {
        try gate()
        return try await store.entries(of: subject, after: last, limit: limit)
    }
}
