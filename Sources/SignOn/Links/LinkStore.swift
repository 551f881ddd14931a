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
    /// The citizen takes a link back, or refuses a proposal. Nil when there is nothing of his to end.
    func end(
        _ customer: CustomerID, of member: MemberID, by subject: SubjectID, recording record: Record, at now: Timestamp
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
    /// it is now. The same again is no new evidence. Nil where it has ended.
    func link(
        _ certificate: CertificateIdentity, by evidence: LinkEvidence, card: CertificateIdentity?, recording record: Record
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
    /// `keeping`; the other stays behind with `from`, so that tokens under it go on.
    func merge(
        _ id: MergeID, _ from: SubjectID, into: SubjectID, keeping sectors: Set<String>, evidence: LinkEvidence, recording record: Record,
        at now: Timestamp
    ) async throws -> MergeOutcome
    /// Moves back what moved and is still where it went. Evidence is added to both chains.
    func undo(_ id: MergeID, recording record: @escaping @Sendable (Merge) -> Record, at now: Timestamp) async throws -> UndoOutcome
    /// Merges into or from this citizen, latest first.
    func merges(of subject: SubjectID) async throws -> [Merge]
    func allMerges(limit: Int) async throws -> [Merge]
    /// Sectors in which both have an identifier.
    func sharedSectors(_ one: SubjectID, _ other: SubjectID) async throws -> [String]
    /// The citizen that this one is today.
    func present(_ subject: SubjectID) async throws -> SubjectID
    /// An operator's wish to undo, for the server that runs; taken out by `takeUndoOrders`.
    func orderUndo(_ id: MergeID, at now: Timestamp) async throws
    func takeUndoOrders(at now: Timestamp) async throws -> [MergeID]
}

/// Everything about links.
package typealias LinkStore = CustomerLinkStore & CertificateLinkStore & MergeStore
