package import TrustFramework
package import Vocabulary

/// What policy permits to tell one member about the citizen of one session; still without the citizen's identifier.
package struct Permit: Sendable {
    package let member: Member
    package let purpose: Purpose
    package let subject: SubjectID
    package let context: AssuranceContext
    package let facts: AssuranceFacts
    package let attributes: [ReleasedAttribute]
    package let decision: Decision
    /// Unguessable, differs from member to member (checklist S44).
    package let sessionIndex: String
    package let sessionExpires: Timestamp
    /// To the session that the grant comes from.
    package let tie: SessionTie

    /// The grant, once the store has told the identifier that this sector knows the citizen by. A member that named the citizen it
    /// expects and would get another is refused.
    package func grant(to pairwise: PairwiseID, for ask: Ask) throws(SignOnRefusal) -> Grant {
        if let expected = ask.expected, expected != pairwise { throw .otherCitizen }
        return Grant(
            pairwise: pairwise, member: member, purpose: purpose, subject: subject, context: context, facts: facts, attributes: attributes,
            decision: decision, sessionIndex: sessionIndex, sessionExpires: sessionExpires, tie: tie)
    }
}

/// Proof that policy, session and identifier agree: the only thing a protocol room may turn into an assertion or a token.
package struct Grant: Sendable {
    package let pairwise: PairwiseID
    package let member: Member
    package let purpose: Purpose
    /// Stays inside the platform.
    package let subject: SubjectID
    package let context: AssuranceContext
    package let facts: AssuranceFacts
    package let attributes: [ReleasedAttribute]
    package let decision: Decision
    package let sessionIndex: String
    package let sessionExpires: Timestamp
    package let tie: SessionTie

    fileprivate init(
        pairwise: PairwiseID, member: Member, purpose: Purpose, subject: SubjectID, context: AssuranceContext, facts: AssuranceFacts,
        attributes: [ReleasedAttribute], decision: Decision, sessionIndex: String, sessionExpires: Timestamp, tie: SessionTie
    ) {
        self.pairwise = pairwise
        self.member = member
        self.purpose = purpose
        self.subject = subject
        self.context = context
        self.facts = facts
        self.attributes = attributes
        self.decision = decision
        self.sessionIndex = sessionIndex
        self.sessionExpires = sessionExpires
        self.tie = tie
    }
}
