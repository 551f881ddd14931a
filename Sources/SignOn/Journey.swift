package import TrustFramework
package import Vocabulary

/// What the shell does next.
package enum Step: Sendable {
    /// Show the login page: one of these contexts would do, and in a step-up only the same citizen.
    case authenticate(Need)
    case permit(Permit)
    case refuse(SignOnRefusal)
}

/// A login that is missing.
package struct Need: Sendable {
    /// Never empty; lowest first.
    package let acceptable: [AssuranceContext]
    /// Set in a step-up: the citizen who is here already.
    package let samePerson: SubjectID?

    /// The weakest mode of the card that can satisfy the need: what the page and the card client are told.
    package var weakestMode: CardMode {
        let modes = acceptable.reduce(into: Set<CardMode>()) { $0.formUnion($1.modes) }
        return modes.contains(.presence) ? .presence : modes.contains(.face) ? .face : .pin
    }
}

/// The protocol-neutral decision: from an ask and a session to the next step.
package enum SignOn {
    package static func next(
        for ask: Ask, by member: Member, in session: Session?, under policy: Policy, sessions rules: SessionRules, at now: Timestamp
    ) -> Step {
        let purpose = ask.purpose ?? member.defaultPurpose
        let session = session.flatMap { $0.isAlive(at: now, under: rules) ? $0 : nil }
        let usable = session?.authentications.filter { ask.accepts($0, at: now) } ?? []
        // The latest first: among equals the fresher login is the one to tell about.
        let decisions = usable.reversed().map { authentication in
            (authentication, policy.decide(question(ask, member, purpose, authentication.facts, now)))
        }
        if let session, let (authentication, decision, context, release) = strongest(decisions, policy.ladder) {
            let tie = session.tie
            return .permit(
                Permit(
                    member: member, purpose: purpose, subject: session.subject, context: context, facts: authentication.facts,
                    attributes: AttributeSource.allCases.filter(release.contains).map {
                        ReleasedAttribute(source: $0, value: $0.value(from: authentication.facts, in: context))
                    },
                    decision: decision, sessionIndex: tie.index(for: member.id), sessionExpires: session.expires(under: rules), tie: tie))
        }
        let decision = policy.decide(question(ask, member, purpose, nil, now))
        switch decision.outcome {
        case .deny(let denial): return .refuse(.denied(denial, member: member.id, purpose: purpose, policyVersion: decision.policyVersion))
        case .permit: return .refuse(.denied(.noPermit, member: member.id, purpose: purpose, policyVersion: decision.policyVersion))
        case .authenticate(let acceptable):
            if ask.passive { return .refuse(.passive(sessionExists: session != nil)) }
            return .authenticate(Need(acceptable: acceptable, samePerson: session?.subject))
        }
    }

    private static func question(
        _ ask: Ask, _ member: Member, _ purpose: Purpose, _ facts: AssuranceFacts?, _ now: Timestamp
    ) -> Question {
        Question(member: member, purpose: purpose, facts: facts, requirement: ask.requirement, now: now)
    }

    private static func strongest(
        _ decisions: [(SessionAuthentication, Decision)], _ ladder: AssuranceLadder
    ) -> (SessionAuthentication, Decision, AssuranceContext, Set<AttributeSource>)? {
        var best: (SessionAuthentication, Decision, AssuranceContext, Set<AttributeSource>)?
        var bestRank = -1
        for (authentication, decision) in decisions {
            guard case .permit(let context, let release) = decision.outcome, let rank = ladder.rank(of: context) else { continue }
            if rank > bestRank {
                best = (authentication, decision, context, release)
                bestRank = rank
            }
        }
        return best
    }
}
