/// A request that was denied for what it asks for: the same request for less, which the rules would not deny. Costs one decision for each
/// attribute asked for, so it is worked out for denials only.
struct LesserRequest {
    /// What would have to be left out, never empty; the fewest, where each of them is one too many by itself.
    let without: Set<AttributeSource>
    /// The answer then: a permit, or a login that would be permitted.
    let decision: Decision

    /// Nil where the decision denied nothing, or would deny the request whatever it asked for.
    init?(_ denied: Decision, _ policy: Policy) {
        guard case .deny = denied.outcome, let asked = denied.question.request.asked, !asked.isEmpty else { return nil }
        func answer(to attributes: Set<AttributeSource>) -> Decision? {
            let decision = policy.decide(denied.question.asking(attributes))
            if case .deny = decision.outcome { return nil }
            return decision
        }
        let fine = asked.filter { answer(to: [$0]) != nil }
        if !fine.isEmpty, fine != asked, let decision = answer(to: fine) {
            without = asked.subtracting(fine)
            self.decision = decision
        } else if let decision = answer(to: []) {
            without = asked
            self.decision = decision
        } else {
            return nil
        }
    }
}

extension Question {
    /// The same question of a request that names these attributes.
    fileprivate func asking(_ attributes: Set<AttributeSource>) -> Question {
        Question(
            member: member, standing: standing, purpose: purpose, facts: facts, requirement: requirement, now: now,
            request: RequestFacts(protocol: request.protocol, path: request.path, asked: attributes, actingFor: request.actingFor),
            circumstances: circumstances)
    }
}
