package import TrustFramework
package import Vocabulary

/// What policy permits to tell one member about the citizen of one session, every obligation met; still without the citizen's identifier.
package struct Permit: Sendable {
    /// What was asked of the policy: asked again it decides the same.
    package let question: Question
    package let subject: SubjectID
    package let context: AssuranceContext
    package let facts: AssuranceFacts
    package let decision: Decision
    package let met: ObligationsMet
    /// Unguessable, differs from member to member (checklist S44).
    package let sessionIndex: String
    /// What the member is told: the end of the session, or an earlier one that a rule sets for it.
    package let sessionExpires: Timestamp
    /// When the session ends at the latest: until then a logout can name it.
    package let sessionEnds: Timestamp
    /// To the session that the grant comes from.
    package let tie: SessionTie
    /// The login is forgotten with the answer; nil: it stays.
    package let spending: Spending?

    package var member: Member { question.member }
    package var attributes: [ReleasedAttribute] { met.attributes }

    /// The grant, once the store has told the identifier that this sector knows the citizen by. A member that named the citizen it
    /// expects and would get another is refused.
    package func grant(to pairwise: PairwiseID, for ask: Ask) throws(SignOnRefusal) -> Grant {
        if let expected = ask.expected, expected != pairwise { throw .otherCitizen }
        return Grant(pairwise: pairwise, permit: self)
    }
}

/// Proof that policy, session and identifier agree and every obligation is met: the only thing a protocol room may turn into an assertion
/// or a token.
package struct Grant: Sendable {
    package let pairwise: PairwiseID
    /// What was asked of the policy.
    package let question: Question
    /// Stays inside the platform.
    package let subject: SubjectID
    package let context: AssuranceContext
    package let facts: AssuranceFacts
    package let attributes: [ReleasedAttribute]
    package let decision: Decision
    package let obligations: Obligations
    /// The citizen's yes it rests on, where one was asked for.
    package let consent: Consent?
    package let sessionIndex: String
    /// What the member is told.
    package let sessionExpires: Timestamp
    /// When the session ends at the latest.
    package let sessionEnds: Timestamp
    package let tie: SessionTie
    package let spending: Spending?

    package var member: Member { question.member }
    package var purpose: Purpose { question.purpose }

    fileprivate init(pairwise: PairwiseID, permit: Permit) {
        self.pairwise = pairwise
        question = permit.question
        subject = permit.subject
        context = permit.context
        facts = permit.facts
        attributes = permit.met.attributes
        decision = permit.decision
        obligations = permit.met.obligations
        consent = permit.met.consent
        sessionIndex = permit.sessionIndex
        sessionExpires = permit.sessionExpires
        sessionEnds = permit.sessionEnds
        tie = permit.tie
        spending = permit.spending
    }
}

extension Grant {
    /// What was asked for in place of this attribute, which a rule put there; nil where it stands for itself.
    package func original(of source: AttributeSource) -> AttributeSource? {
        obligations.derived.isEmpty ? nil : obligations.derived.first { $0.value == source }?.key
    }

    /// The attributes that were told under the citizen's consent: they may be told again only while it stands.
    package var consented: Set<AttributeSource> {
        guard let consent else { return [] }
        return consent.given.intersection(attributes.map(\.source))
    }

    /// Whether this answer goes into the citizen's ledger: by the rule's word, and whenever something of the person is told or the
    /// citizen was asked for it.
    package var writesLedger: Bool {
        obligations.writesLedger || consent != nil || attributes.contains { $0.source.isPersonal }
    }

    /// The entry for `told`, by the names of attributes; nil where none is due.
    package func ledgerEntry(
        telling told: [String], at now: Timestamp, using random: inout some RandomNumberGenerator
    ) -> LedgerEntry? {
        guard writesLedger, let reference = LedgerReference.fresh(using: &random) else { return nil }
        return LedgerEntry(
            reference: reference, subject: subject, question: question, decision: decision, told: told, consentedAt: consent?.at, at: now)
    }
}
