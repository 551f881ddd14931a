package import Credentials
package import TrustFramework
package import Vocabulary

/// What a citizen does about his own logins, cards and consents. Every verb is one atomic gate, with its record in the same commit, and names
/// the citizen: nobody reaches what is another's (checklist H17).
package protocol CareStore: Sendable {
    /// Cards and phones, first linked first.
    func certificates(of subject: SubjectID) async throws -> [LinkedCertificate]
    /// The block that keeps a certificate from logging in; nil when there is none. `SessionStore.start` asks by itself, in its own commit.
    func block(of certificate: CertificateIdentity) async throws -> CertificateBlock?
    /// Latest first; of one citizen or of all.
    func blocks(of subject: SubjectID?, limit: Int) async throws -> [CertificateBlock]
    /// Carries a loss report out. `record` hears what it ended; for a report that found everything done already nothing is recorded, and
    /// `telling` is told where it blocked something.
    func report(
        _ report: LossReport, telling: [Announcement], recording record: @escaping @Sendable (LossOutcome) -> Record
    ) async throws -> LossOutcome
    /// False, and nothing is recorded or told, when this citizen has no block on it.
    func lift(
        _ certificate: CertificateIdentity, of subject: SubjectID, telling: [Announcement], recording record: Record
    ) async throws -> Bool
    /// Somebody tried to log in with a blocked certificate.
    func noteUse(of blocked: CertificateIdentity, recording record: Record, at now: Timestamp) async throws
    /// Sessions that live, youngest first, and who was told in each.
    func visits(of subject: SubjectID, at now: Timestamp) async throws -> [CitizenVisit]
    /// Keeps it once for each thing; false, and nothing is recorded, when it was said before, or the thing is not this citizen's. With a
    /// session or an entry go the refresh tokens of the services that it was used for.
    func disavow(_ disavowal: Disavowal, recording record: @escaping @Sendable (_ families: Int) -> Record) async throws -> Bool
    /// Latest first; of one citizen or of all.
    func disavowals(of subject: SubjectID?, limit: Int) async throws -> [Disavowal]
    /// Which sectors know the citizen, latest first.
    func sectors(of subject: SubjectID) async throws -> [KnownSector]
    /// Services that may go on asking without the citizen (refresh tokens), each once.
    func accesses(of subject: SubjectID, at now: Timestamp) async throws -> [StandingAccess]
    /// Ends what one service may go on asking; how many families of refresh tokens went. For none nothing is recorded.
    func endAccess(
        of member: MemberID, to subject: SubjectID, recording record: @escaping @Sendable (_ families: Int) -> Record
    ) async throws -> Int
    /// Takes consents back and ends the refresh tokens that told something under them; nil means all. A record for each consent.
    func stop(
        _ which: (member: MemberID, purpose: Purpose)?, of subject: SubjectID,
        recording record: @escaping @Sendable (Consent) -> Record
    ) async throws -> StoppedConsents
    /// Who uses the certificates with this serial number, for an officer who has it from the town office; of any authority. Five at most.
    func owners(ofSerial serial: String) async throws -> [LinkedCertificate]
    /// Entries of the ledger, latest first, from behind `last` on.
    func entries(of subject: SubjectID, after last: LedgerPlace?, limit: Int) async throws -> [LedgerEntry]
}

extension CareStore {
    /// Where nobody is told.
    package func report(
        _ report: LossReport, recording record: @escaping @Sendable (LossOutcome) -> Record
    ) async throws -> LossOutcome { try await self.report(report, telling: [], recording: record) }

    /// Where nobody is told.
    package func lift(_ certificate: CertificateIdentity, of subject: SubjectID, recording record: Record) async throws -> Bool {
        try await lift(certificate, of: subject, telling: [], recording: record)
    }
}

/// A place in a citizen's ledger: pages begin behind it, and no entry of the same moment is lost between two of them.
package struct LedgerPlace: Hashable, Sendable {
    package let at: Timestamp
    package let reference: LedgerReference

    package init(at: Timestamp, reference: LedgerReference) {
        self.at = at
        self.reference = reference
    }

    package init(_ entry: LedgerEntry) { self.init(at: entry.at, reference: entry.reference) }

    /// `MILLISECONDS-REFERENCE`, as it stands in the address of a page.
    package init?(_ text: String) {
        let parts = text.split(separator: "-", maxSplits: 1)
        guard parts.count == 2, let milliseconds = Int64(parts[0]), let reference = LedgerReference(String(parts[1])) else { return nil }
        self.init(at: Timestamp(milliseconds: milliseconds), reference: reference)
    }

    package var text: String { String(at.milliseconds) + "-" + reference.text }
}
