import Credentials
import SignOn
import Vocabulary

extension Interfering {
    func propose(
        _ lines: [LinkProposal], under terms: ProposalTerms,
        recording record: @escaping @Sendable ([ProposalOutcome.Word: Int]) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> [ProposalOutcome] {
        try await call { try await inner.propose(lines, under: terms, recording: record, at: now) }
    }
    func confirm(
        _ customers: [CustomerID], of member: MemberID, by subject: SubjectID,
        recording record: @escaping @Sendable (CustomerLink) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> [CustomerLink] {
        try await call { try await inner.confirm(customers, of: member, by: subject, recording: record, at: now) }
    }
    func redeem(
        _ code: [UInt8], by subject: SubjectID, recording record: @escaping @Sendable (CustomerLink) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> CodeOutcome {
        try await call { try await inner.redeem(code, by: subject, recording: record, at: now) }
    }
    func end(
        _ customer: CustomerID, of member: MemberID, by subject: SubjectID, telling: [Announcement], recording record: Vocabulary.Record,
        at now: Timestamp
    ) async throws -> CustomerLink? {
        try await call { try await inner.end(customer, of: member, by: subject, telling: telling, recording: record, at: now) }
    }
    func customerLinks(of subject: SubjectID) async throws -> [CustomerLink] {
        try await call { try await inner.customerLinks(of: subject) }
    }
    func customerLinks(of member: MemberID, after: CustomerID?, limit: Int) async throws -> [CustomerLink] {
        try await call { try await inner.customerLinks(of: member, after: after, limit: limit) }
    }
    func customers(of subject: SubjectID, member: MemberID) async throws -> [CustomerID] {
        try await call { try await inner.customers(of: subject, member: member) }
    }
    func countCustomerLinks() async throws -> [CustomerLinkCount] {
        try await call { try await inner.countCustomerLinks() }
    }
    func keep(_ newcomer: Newcomer) async throws {
        try await call { try await inner.keep(newcomer) }
    }
    func newcomer(_ transaction: TransactionID, at now: Timestamp) async throws -> Newcomer? {
        try await call { try await inner.newcomer(transaction, at: now) }
    }
    func consume(newcomer transaction: TransactionID, at now: Timestamp) async throws -> Newcomer? {
        try await call { try await inner.consume(newcomer: transaction, at: now) }
    }
    func certificateLink(_ certificate: CertificateIdentity) async throws -> CertificateLink? {
        try await call { try await inner.certificateLink(certificate) }
    }
    func certificateLinks(of subject: SubjectID) async throws -> [CertificateLink] {
        try await call { try await inner.certificateLinks(of: subject) }
    }
    func link(
        _ certificate: CertificateIdentity, by evidence: LinkEvidence, card: CertificateIdentity?, telling: [Announcement],
        recording record: Vocabulary.Record
    ) async throws -> SubjectID? {
        try await call { try await inner.link(certificate, by: evidence, card: card, telling: telling, recording: record) }
    }
    func endPhones(
        of card: CertificateIdentity, recording record: @escaping @Sendable (CertificateLink) -> Vocabulary.Record, at now: Timestamp
    ) async throws -> [CertificateLink] {
        try await call { try await inner.endPhones(of: card, recording: record, at: now) }
    }
    func phonesOfEndedCards() async throws -> [CertificateLink] {
        try await call { try await inner.phonesOfEndedCards() }
    }
    @discardableResult func retie(
        _ phone: CertificateIdentity, from card: CertificateIdentity, to next: CertificateIdentity, recording record: Vocabulary.Record
    ) async throws -> Bool {
        try await call { try await inner.retie(phone, from: card, to: next, recording: record) }
    }
    func evidence(of subject: SubjectID?) async throws -> [KeptEvidence] {
        try await call { try await inner.evidence(of: subject) }
    }
    func subjects(recorded attributes: BasicAttributes, at now: Timestamp) async throws -> [SubjectID] {
        try await call { try await inner.subjects(recorded: attributes, at: now) }
    }
    func merge(
        _ id: MergeID, _ from: SubjectID, into: SubjectID, keeping sectors: Set<String>, evidence: LinkEvidence,
        telling: [Announcement], recording record: Vocabulary.Record, at now: Timestamp
    ) async throws -> MergeOutcome {
        try await call {
            try await inner.merge(
                id, from, into: into, keeping: sectors, evidence: evidence, telling: telling, recording: record, at: now)
        }
    }
    func undo(_ id: MergeID, recording record: @escaping @Sendable (Merge) -> Vocabulary.Record, at now: Timestamp) async throws
        -> UndoOutcome
    {
        try await call { try await inner.undo(id, recording: record, at: now) }
    }
    func merges(of subject: SubjectID) async throws -> [Merge] {
        try await call { try await inner.merges(of: subject) }
    }
    func allMerges(limit: Int) async throws -> [Merge] {
        try await call { try await inner.allMerges(limit: limit) }
    }
    func sharedSectors(_ one: SubjectID, _ other: SubjectID) async throws -> [String] {
        try await call { try await inner.sharedSectors(one, other) }
    }
    func parts(of subject: SubjectID) async throws -> [SubjectID] {
        try await call { try await inner.parts(of: subject) }
    }
    func present(_ subject: SubjectID) async throws -> SubjectID {
        try await call { try await inner.present(subject) }
    }
    func orderUndo(_ id: MergeID, at now: Timestamp) async throws {
        try await call { try await inner.orderUndo(id, at: now) }
    }
    func undoOrders() async throws -> [MergeID] {
        try await call { try await inner.undoOrders() }
    }
}
