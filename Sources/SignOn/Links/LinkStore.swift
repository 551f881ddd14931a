package import Credentials
package import Vocabulary

/// Customers of members and certificates of citizens. Every verb is one atomic gate, in one commit with its record in the trail.
package protocol CustomerLinkStore: Sendable {
    /// Takes at most `ProposalTerms.most` lines in one commit; a longer list is cut by the caller, and what was taken stays taken. Returns
    /// an outcome for each line, in order. `record` is made of how many there were of each word.
    func propose(
        _ lines: [LinkProposal], under terms: ProposalTerms, recording record: @escaping @Sendable ([ProposalOutcome.Word: Int]) -> Record,
        at now: Timestamp
    ) async throws -> [ProposalOutcome]
    /// The citizen's yes to proposals that name him. Returns those that are confirmed by it; what was confirmed before is not among them.
    func confirm(
        _ customers: [CustomerID], of member: MemberID, by subject: SubjectID,
        recording record: @escaping @Sendable (CustomerLink) -> Record, at now: Timestamp
    ) async throws -> [CustomerLink]
    /// The citizen enters a letter's code.
    func redeem(
        _ code: [UInt8], by subject: SubjectID, recording record: @escaping @Sendable (CustomerLink) -> Record, at now: Timestamp
    ) async throws -> CodeOutcome
    /// The citizen takes a link back, or refuses a proposal. Nil when there is nothing of his to end. `telling` is told of a link that was
    /// confirmed, and not of a proposal.
    func end(
        _ customer: CustomerID, of member: MemberID, by subject: SubjectID, telling: [Announcement], recording record: Record,
        at now: Timestamp
    ) async throws -> CustomerLink?
    /// Of one citizen, by member and customer, ended ones left out; 1,000 at most.
    func customerLinks(of subject: SubjectID) async throws -> [CustomerLink]
    /// Of one member, in the order of customers, behind `after`.
    func customerLinks(of member: MemberID, after: CustomerID?, limit: Int) async throws -> [CustomerLink]
    /// The confirmed ones of one citizen with one member, in order: what may be told.
    func customers(of subject: SubjectID, member: MemberID) async throws -> [CustomerID]
    func countCustomerLinks() async throws -> [CustomerLinkCount]
}

package struct CustomerLinkCount: Hashable, Sendable {
    package let member: MemberID
    package let state: CustomerLink.State
    package let links: Int

    package init(member: MemberID, state: CustomerLink.State, links: Int) {
        self.member = member
        self.state = state
        self.links = links
    }
}

package protocol CertificateLinkStore: Sendable {
    /// A certificate that waits for its citizen's answer; one for each journey, a later one takes its place.
    func keep(_ newcomer: Newcomer) async throws
    func newcomer(_ transaction: TransactionID, at now: Timestamp) async throws -> Newcomer?
    /// Takes it out; of two callers one gets it.
    func consume(newcomer transaction: TransactionID, at now: Timestamp) async throws -> Newcomer?

    /// Where the certificate stands, ended or not.
    func certificateLink(_ certificate: CertificateIdentity) async throws -> CertificateLink?
    func certificateLinks(of subject: SubjectID) async throws -> [CertificateLink]
    /// Makes the certificate the citizen's, with the evidence behind the chain that there is, unless it is somebody's already; returns whose
    /// it is now. The same again is no new evidence, and nobody is told. Nil where it has ended.
    func link(
        _ certificate: CertificateIdentity, by evidence: LinkEvidence, card: CertificateIdentity?, telling: [Announcement],
        recording record: Record
    ) async throws -> SubjectID?
    /// Ends the phones that belong to this card, with a record for each. Returns them; once only.
    func endPhones(
        of card: CertificateIdentity, recording record: @escaping @Sendable (CertificateLink) -> Record, at now: Timestamp
    ) async throws -> [CertificateLink]
    /// Phones that log in and belong to a card that was seen to be revoked for good; 500 at most.
    func phonesOfEndedCards() async throws -> [CertificateLink]
    /// The phone belongs to another card from now on; false where it does not belong to `card` any more.
    @discardableResult func retie(
        _ phone: CertificateIdentity, from card: CertificateIdentity, to next: CertificateIdentity, recording record: Record
    ) async throws -> Bool
    /// A citizen's chain, oldest first; with nil the newest pieces of all, 1,000 at most.
    func evidence(of subject: SubjectID?) async throws -> [KeptEvidence]
    /// Whose kept record of a signature certificate has these four attributes, marks included; each once, 4 at most.
    func subjects(recorded attributes: BasicAttributes, at now: Timestamp) async throws -> [SubjectID]
}

package protocol MergeStore: Sendable {
    /// Moves everything of `from` to `into`. Where both have an identifier in one sector, `into`'s goes on, but in the sectors named by
    /// `keeping`; the other stays behind with `from`, so that tokens under it go on. Where `from` has sessions, the order `MergeID.ending` is
    /// left to end them.
    func merge(
        _ id: MergeID, _ from: SubjectID, into: SubjectID, keeping sectors: Set<String>, evidence: LinkEvidence, telling: [Announcement],
        recording record: Record, at now: Timestamp
    ) async throws -> MergeOutcome
    /// Moves back what moved and is still where it went. Evidence is added to both chains, and the order `MergeID.undoing` is left to end the
    /// person's sessions.
    func undo(_ id: MergeID, recording record: @escaping @Sendable (Merge) -> Record, at now: Timestamp) async throws -> UndoOutcome
    /// Merges into or from this citizen, latest first.
    func merges(of subject: SubjectID) async throws -> [Merge]
    func allMerges(limit: Int) async throws -> [Merge]
    /// Sectors in which both have an identifier.
    func sharedSectors(_ one: SubjectID, _ other: SubjectID) async throws -> [String]
    /// This citizen and everybody who is part of him today, himself first; 64 at most. What is counted for a person is counted for all of
    /// them, so that neither a merge nor its undoing begins anew.
    func parts(of subject: SubjectID) async throws -> [SubjectID]
    /// The citizen that this one is today.
    func present(_ subject: SubjectID) async throws -> SubjectID
    /// An operator's wish to undo, for the server that runs; it waits until `undo` of that merge, whatever that finds.
    func orderUndo(_ id: MergeID, at now: Timestamp) async throws
    func undoOrders() async throws -> [MergeID]
}

extension CustomerLinkStore {
    /// Where nobody is told.
    package func end(
        _ customer: CustomerID, of member: MemberID, by subject: SubjectID, recording record: Record, at now: Timestamp
    ) async throws -> CustomerLink? { try await end(customer, of: member, by: subject, telling: [], recording: record, at: now) }
}

extension CertificateLinkStore {
    /// Where nobody is told: a citizen who is new here.
    package func link(
        _ certificate: CertificateIdentity, by evidence: LinkEvidence, card: CertificateIdentity?, recording record: Record
    ) async throws -> SubjectID? { try await link(certificate, by: evidence, card: card, telling: [], recording: record) }
}

extension MergeStore {
    /// Where nobody is told: the two have no identifier in one sector.
    package func merge(
        _ id: MergeID, _ from: SubjectID, into: SubjectID, keeping sectors: Set<String>, evidence: LinkEvidence, recording record: Record,
        at now: Timestamp
    ) async throws -> MergeOutcome {
        try await merge(id, from, into: into, keeping: sectors, evidence: evidence, telling: [], recording: record, at: now)
    }
}

/// Everything about links.
package typealias LinkStore = CustomerLinkStore & CertificateLinkStore & MergeStore
