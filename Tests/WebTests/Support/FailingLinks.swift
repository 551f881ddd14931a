import Credentials
import SQLiteStores
import SignOn
import Vocabulary

extension FailingStores {
    func propose(
        _ lines: [LinkProposal], under terms: ProposalTerms, recording record: @escaping @Sendable ([ProposalOutcome.Word: Int]) -> Record,
        at now: Timestamp
    ) async throws -> [ProposalOutcome] {
        try gate()
        return try await store.propose(lines, under: terms, recording: record, at: now)
    }

    func confirm(
        _ customers: [CustomerID], of member: MemberID, by subject: SubjectID,
        recording record: @escaping @Sendable (CustomerLink) -> Record, at now: Timestamp
    ) async throws -> [CustomerLink] {
        try gate()
        return try await store.confirm(customers, of: member, by: subject, recording: record, at: now)
    }

    func redeem(_ code: [UInt8], by subject: SubjectID, recording record: @escaping @Sendable (CustomerLink) -> Record, at now: Timestamp)
        async throws -> CodeOutcome
    {
        try gate()
        return try await store.redeem(code, by: subject, recording: record, at: now)
    }

    func end(
        _ customer: CustomerID, of member: MemberID, by subject: SubjectID, telling: [Announcement], recording record: Record,
        at now: Timestamp
    ) async throws -> CustomerLink? {
        try gate()
        return try await store.end(customer, of: member, by: subject, telling: telling, recording: record, at: now)
    }

    func customerLinks(of subject: SubjectID) async throws -> [CustomerLink] {
        try gate()
        return try await store.customerLinks(of: subject)
    }

    func customerLinks(of member: MemberID, after: CustomerID?, limit: Int) async throws -> [CustomerLink] {
        try gate()
        return try await store.customerLinks(of: member, after: after, limit: limit)
    }

    func customers(of subject: SubjectID, member: MemberID) async throws -> [CustomerID] {
        try gate()
        return try await store.customers(of: subject, member: member)
    }

    func countCustomerLinks() async throws -> [CustomerLinkCount] {
        try gate()
        return try await store.countCustomerLinks()
    }

    func keep(_ newcomer: Newcomer) async throws {
        try gate()
        try await store.keep(newcomer)
    }

    func newcomer(_ transaction: TransactionID, at now: Timestamp) async throws -> Newcomer? {
        try gate()
        return try await store.newcomer(transaction, at: now)
    }

    func consume(newcomer transaction: TransactionID, at now: Timestamp) async throws -> Newcomer? {
        try gate()
        return try await store.consume(newcomer: transaction, at: now)
    }

    func certificateLink(_ certificate: CertificateIdentity) async throws -> CertificateLink? {
        try gate()
        return try await store.certificateLink(certificate)
    }

    func certificateLinks(of subject: SubjectID) async throws -> [CertificateLink] {
        try gate()
        return try await store.certificateLinks(of: subject)
    }

    func link(
        _ certificate: CertificateIdentity, by evidence: LinkEvidence, card: CertificateIdentity?, telling: [Announcement],
        recording record: Record
    ) async throws -> SubjectID? {
        try gate()
        return try await store.link(certificate, by: evidence, card: card, telling: telling, recording: record)
    }

    func endPhones(of card: CertificateIdentity, recording record: @escaping @Sendable (CertificateLink) -> Record, at now: Timestamp)
        async throws -> [CertificateLink]
    {
        try gate()
        return try await store.endPhones(of: card, recording: record, at: now)
    }

    func phonesOfEndedCards() async throws -> [CertificateLink] {
        try gate()
        return try await store.phonesOfEndedCards()
    }

    @discardableResult func retie(
        _ phone: CertificateIdentity, from card: CertificateIdentity, to next: CertificateIdentity, recording record: Record
    ) async throws -> Bool {
        try gate()
        return try await store.retie(phone, from: card, to: next, recording: record)
    }

    func evidence(of subject: SubjectID?) async throws -> [KeptEvidence] {
        try gate()
        return try await store.evidence(of: subject)
    }

    func subjects(recorded attributes: BasicAttributes, at now: Timestamp) async throws -> [SubjectID] {
        try gate()
        return try await store.subjects(recorded: attributes, at: now)
    }

    func merge(
        _ id: MergeID, _ from: SubjectID, into: SubjectID, keeping sectors: Set<String>, evidence: LinkEvidence,
        telling: [Announcement], recording record: Record, at now: Timestamp
    ) async throws -> MergeOutcome {
        try gate()
        return try await store.merge(
            id, from, into: into, keeping: sectors, evidence: evidence, telling: telling, recording: record, at: now)
    }

    func undo(_ id: MergeID, recording record: @escaping @Sendable (Merge) -> Record, at now: Timestamp) async throws -> UndoOutcome {
        try gate()
        return try await store.undo(id, recording: record, at: now)
    }

    func merges(of subject: SubjectID) async throws -> [Merge] {
        try gate()
        return try await store.merges(of: subject)
    }

    func allMerges(limit: Int) async throws -> [Merge] {
        try gate()
        return try await store.allMerges(limit: limit)
    }

    func sharedSectors(_ one: SubjectID, _ other: SubjectID) async throws -> [String] {
        try gate()
        return try await store.sharedSectors(one, other)
    }

    func parts(of subject: SubjectID) async throws -> [SubjectID] {
        try gate()
        return try await store.parts(of: subject)
    }

    func present(_ subject: SubjectID) async throws -> SubjectID {
        try gate()
        return try await store.present(subject)
    }

    func orderUndo(_ id: MergeID, at now: Timestamp) async throws {
        try gate()
        try await store.orderUndo(id, at: now)
    }

    func undoOrders() async throws -> [MergeID] {
        try gate()
        return try await store.undoOrders()
    }
}
