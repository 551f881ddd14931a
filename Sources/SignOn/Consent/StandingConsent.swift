package import TrustFramework
package import Vocabulary

/// A consent that the rules of today still stand on: what they say, and the question they say it to.
package struct StandingConsent: Sendable {
    package let consent: Consent
    package let member: Member
    package let question: Question
    package let decision: Decision

    fileprivate init(consent: Consent, member: Member, question: Question, decision: Decision) {
        self.consent = consent
        self.member = member
        self.question = question
        self.decision = decision
    }
}

extension Consent {
    /// Whether the member may be told `asked` later, without the citizen: he agreed to it, the member is as it has to be, and some login that
    /// he could have agreed with is permitted today by the very rules he agreed to, as they were worded then. Nil when any of it is not so.
    ///
    /// The login itself is not kept with the consent, so each kind is asked about, at the age that it has by now. At most a few dozen
    /// decisions.
    package func stands(
        for member: Member, toTell asked: Set<AttributeSource>, under policy: Policy, circumstances: Circumstances = Circumstances(),
        at now: Timestamp
    ) -> StandingConsent? {
        guard member.id == self.member, !asked.isEmpty, asked.isSubset(of: given) else { return nil }
        for facts in logins(under: policy) {
            let question = Question(
                member: member, purpose: purpose, facts: facts, requirement: nil, now: now,
                request: RequestFacts(protocol: .openid, path: .refresh, asked: asked), circumstances: circumstances)
            let decision = policy.decide(question)
            guard case .permit(_, let release) = decision.outcome, asked.isSubset(of: release),
                ConsentMeaning.digest(of: policy.determining(decision), for: purpose) == meaning
            else { continue }
            return StandingConsent(consent: self, member: member, question: question, decision: decision)
        }
        return nil
    }

    private func logins(under policy: Policy) -> [AssuranceFacts] {
        let classes: [String?] = [nil] + policy.ladder.terminalClasses.map { $0 }
        return CardMode.allCases.flatMap { mode in
            Carrier.allCases.flatMap { carrier in
                Door.allCases.flatMap { door in
                    classes.map {
                        AssuranceFacts(
                            mode: mode, modeIsStated: true, carrier: carrier, door: door, statusSource: .ocsp, statusAt: at,
                            authenticatedAt: at, terminalClass: $0)
                    }
                }
            }
        }
    }
}
