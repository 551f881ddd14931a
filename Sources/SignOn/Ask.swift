package import TrustFramework
package import Vocabulary

/// What a member asks of us, freed from its protocol. Made only from a verified request.
package struct Ask: Sendable, Hashable {
    package let member: MemberID
    /// Nil: the member's default purpose.
    package let purpose: Purpose?
    /// `ForceAuthn` (SAML Core §3.4.1), `prompt=login` (OpenID Connect Core §3.1.2.1): a new use of the card, not just a click.
    package let forceAuthentication: Bool
    /// `IsPassive`, `prompt=none`: answer without showing any page.
    package let passive: Bool
    /// `max_age` in seconds: an older login must be renewed.
    package let maximumAge: Int64?
    package let requirement: ContextRequirement?
    /// The citizen the member expects, by the pairwise identifier it knows (`id_token_hint`, SAML `Subject`).
    package let expected: PairwiseID?
    /// When the request came in; stays the same when a paused journey is taken up again.
    package let askedAt: Timestamp
    /// Do not make a new identifier of the citizen for this member (SAML Core §3.4.1.1 `AllowCreate="false"`).
    package let forbidsNewIdentifier: Bool
    /// What it asks to be told.
    package let wish: ReleaseWish
    /// What rules may speak of: protocol, path, the attributes that are named, for whom the citizen acts.
    package let request: RequestFacts
    /// The paused journey that it belongs to; nil before it was paused.
    package private(set) var journey: TransactionID?

    /// `protocol` and `path`: on which wire and by which way the answer goes.
    package init(
        member: MemberID, purpose: Purpose? = nil, forceAuthentication: Bool = false, passive: Bool = false,
        maximumAge: Int64? = nil, requirement: ContextRequirement? = nil, expected: PairwiseID? = nil, askedAt: Timestamp,
        forbidsNewIdentifier: Bool = false, wish: ReleaseWish = .unsaid, by protocol: RequestProtocol? = nil,
        path: IssuancePath = .signOn, actingFor: ActingFor = .nobody
    ) {
        self.member = member
        self.purpose = purpose
        self.forceAuthentication = forceAuthentication
        self.passive = passive
        self.maximumAge = maximumAge
        self.requirement = requirement
        self.expected = expected
        self.askedAt = askedAt
        self.forbidsNewIdentifier = forbidsNewIdentifier
        self.wish = wish
        request = RequestFacts(protocol: `protocol`, path: path, asked: wish.named, actingFor: actingFor)
    }

    /// The same ask, as the journey in which it waits for the citizen.
    package func during(_ journey: TransactionID) -> Ask {
        var copy = self
        copy.journey = journey
        return copy
    }

    /// Whether an authentication is recent enough for this request. A demand for a new use of the card is met by the use that was made in
    /// this very journey: one that waits in the next tab has to have its own.
    func accepts(_ authentication: SessionAuthentication, at now: Timestamp) -> Bool {
        if forceAuthentication { return journey != nil && authentication.journey == journey }
        let facts = authentication.facts
        if facts.authenticatedAt >= askedAt { return true }
        guard let maximumAge else { return true }
        return now <= facts.authenticatedAt.adding(seconds: maximumAge)
    }
}
