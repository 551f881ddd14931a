import Credentials
import SignOn
import TrustFramework
import Vocabulary

extension Interfering {
    func certificates(of subject: SubjectID) async throws -> [LinkedCertificate] {
        try await call { try await inner.certificates(of: subject) }
    }
    func block(of certificate: CertificateIdentity) async throws -> CertificateBlock? {
        try await call { try await inner.block(of: certificate) }
    }
    func blocks(of subject: SubjectID?, limit: Int) async throws -> [CertificateBlock] {
        try await call { try await inner.blocks(of: subject, limit: limit) }
    }
    func report(
        _ report: LossReport, telling: [Announcement], recording record: @escaping @Sendable (LossOutcome) -> Vocabulary.Record
    ) async throws -> LossOutcome {
        try await call { try await inner.report(report, telling: telling, recording: record) }
    }
    func lift(
        _ certificate: CertificateIdentity, of subject: SubjectID, telling: [Announcement], recording record: Vocabulary.Record
    ) async throws -> Bool {
        try await call { try await inner.lift(certificate, of: subject, telling: telling, recording: record) }
    }
    func noteUse(of blocked: CertificateIdentity, recording record: Vocabulary.Record, at now: Timestamp) async throws {
        try await call { try await inner.noteUse(of: blocked, recording: record, at: now) }
    }
    func visits(of subject: SubjectID, at now: Timestamp) async throws -> [CitizenVisit] {
        try await call { try await inner.visits(of: subject, at: now) }
    }
    func disavow(_ disavowal: Disavowal, recording record: @escaping @Sendable (Int) -> Vocabulary.Record) async throws -> Bool {
        try await call { try await inner.disavow(disavowal, recording: record) }
    }
    func disavowals(of subject: SubjectID?, limit: Int) async throws -> [Disavowal] {
        try await call { try await inner.disavowals(of: subject, limit: limit) }
    }
    func sectors(of subject: SubjectID) async throws -> [KnownSector] { try await call { try await inner.sectors(of: subject) } }
    func accesses(of subject: SubjectID, at now: Timestamp) async throws -> [StandingAccess] {
        try await call { try await inner.accesses(of: subject, at: now) }
    }
    func endAccess(
        of member: MemberID, to subject: SubjectID, recording record: @escaping @Sendable (Int) -> Vocabulary.Record
    ) async throws -> Int {
        try await call { try await inner.endAccess(of: member, to: subject, recording: record) }
    }
    func stop(
        _ which: (member: MemberID, purpose: Purpose)?, of subject: SubjectID,
        recording record: @escaping @Sendable (Consent) -> Vocabulary.Record
    ) async throws -> StoppedConsents {
        try await call { try await inner.stop(which, of: subject, recording: record) }
    }
    func owners(ofSerial serial: String) async throws -> [LinkedCertificate] {
        try await call { try await inner.owners(ofSerial: serial) }
    }
    func entries(of subject: SubjectID, after last: LedgerPlace?, limit: Int) async throws -> [LedgerEntry] {
        try await call { try await inner.entries(of: subject, after: last, limit: limit) }
    }
}
