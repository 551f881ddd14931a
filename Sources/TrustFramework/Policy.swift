package import Vocabulary

/// One rule of the trust framework. A condition left out (nil) matches everything.
package struct Rule: Hashable, Sendable {
    package enum Effect: String, Sendable, CaseIterable {
        case permit, forbid
    }

    package let id: String
    package let effect: Effect
    package let kinds: Set<MemberKind>?
    package let members: Set<MemberID>?
    package let purposes: Set<Purpose>?
    /// For a permit: the lowest context of the ladder under which it holds. For a forbid: unused.
    package let floor: String?
    /// For a permit: revocation data may be at most this many seconds old at the login.
    package let maximumStatusAge: Int64?
    package let release: Set<AttributeSource>
    /// The law or guideline the rule stands on; comes back with the decision.
    package let basis: String

    package init(
        id: String, effect: Effect, kinds: Set<MemberKind>? = nil, members: Set<MemberID>? = nil, purposes: Set<Purpose>? = nil,
        floor: String? = nil, maximumStatusAge: Int64? = nil, release: Set<AttributeSource> = [], basis: String
    ) {
        self.id = id
        self.effect = effect
        self.kinds = kinds
        self.members = members
        self.purposes = purposes
        self.floor = floor
        self.maximumStatusAge = maximumStatusAge
        self.release = release
        self.basis = basis
    }

    func concerns(_ member: Member, _ purpose: Purpose) -> Bool {
        (kinds.map { $0.contains(member.kind) } ?? true)
            && (members.map { $0.contains(member.id) } ?? true)
            && (purposes.map { $0.contains(purpose) } ?? true)
    }
}

/// May this member learn this of a citizen who authenticated so?
package struct Question: Sendable {
    package let member: Member
    package let purpose: Purpose
    /// Nil before any login: then the answer says whether a login could help, and which.
    package let facts: AssuranceFacts?
    package let requirement: ContextRequirement?
    package let now: Timestamp

    package init(member: Member, purpose: Purpose, facts: AssuranceFacts?, requirement: ContextRequirement?, now: Timestamp) {
        self.member = member
        self.purpose = purpose
        self.facts = facts
        self.requirement = requirement
        self.now = now
    }
}

/// The answer, with its reasons.
package struct Decision: Sendable {
    package enum Outcome: Sendable {
        case permit(context: AssuranceContext, release: Set<AttributeSource>)
        /// A login that reaches one of these contexts would be permitted. Never empty.
        case authenticate(acceptable: [AssuranceContext])
        case deny(Denial)
    }

    package enum Denial: Sendable, Hashable {
        case standing(Standing)
        case purposeNotAccredited
        case forbidden
        case noPermit
        /// The ladder has no context that satisfies both the request and a permit.
        case contextOutOfReach
    }

    package let outcome: Outcome
    /// Rules that made the outcome, by id, sorted.
    package let determining: [String]
    package let bases: [String]
    package let policyVersion: String
}

/// Every rule and the ladder, under one version.
package struct Policy: Sendable {
    package let rules: [Rule]
    package let ladder: AssuranceLadder
    /// Digest of the policy's files; the same rules give the same version whatever their order.
    package let version: String

    package init(rules: [Rule], ladder: AssuranceLadder, version: String) {
        self.rules = rules
        self.ladder = ladder
        self.version = version
    }

    package func decide(_ question: Question) -> Decision {
        let standing = question.member.standing(at: question.now)
        guard standing == .inForce else { return decision(.deny(.standing(standing)), by: []) }
        guard question.member.accreditation.purposes.contains(question.purpose) else {
            return decision(.deny(.purposeNotAccredited), by: [])
        }
        let concerned = rules.filter { $0.concerns(question.member, question.purpose) }
        let forbids = concerned.filter { $0.effect == .forbid }
        guard forbids.isEmpty else { return decision(.deny(.forbidden), by: forbids) }
        let permits = concerned.filter { $0.effect == .permit }
        guard !permits.isEmpty else { return decision(.deny(.noPermit), by: []) }
        return weigh(permits, question)
    }

    private func weigh(_ permits: [Rule], _ question: Question) -> Decision {
        let asked = question.requirement.map(ladder.satisfying)
        let essential = question.requirement?.essential ?? false
        func isAsked(_ context: AssuranceContext) -> Bool {
            guard let asked, essential || !asked.isEmpty else { return true }
            return asked.contains(context)
        }
        if let facts = question.facts, let context = best(for: facts, isAsked) {
            let holding = permits.filter { holds($0, facts, in: context) }
            if !holding.isEmpty {
                let release = holding.reduce(into: Set()) { $0.formUnion($1.release) }
                return decision(.permit(context: context, release: release), by: holding)
            }
        }
        let floors = permits.compactMap { $0.floor.flatMap { ladder[$0] }.flatMap(ladder.rank) ?? ($0.floor == nil ? 0 : nil) }
        guard let floor = floors.min() else { return decision(.deny(.contextOutOfReach), by: permits) }
        let acceptable = ladder.contexts[floor...].filter(isAsked)
        guard !acceptable.isEmpty else { return decision(.deny(.contextOutOfReach), by: permits) }
        return decision(.authenticate(acceptable: acceptable), by: permits)
    }

    /// The highest reached context that was asked for; the facts may reach several contexts of one mode.
    private func best(for facts: AssuranceFacts, _ isAsked: (AssuranceContext) -> Bool) -> AssuranceContext? {
        ladder.contexts.last { $0.isReached(by: facts) && isAsked($0) }
    }

    private func holds(_ rule: Rule, _ facts: AssuranceFacts, in context: AssuranceContext) -> Bool {
        if let floor = rule.floor {
            guard let least = ladder[floor].flatMap(ladder.rank), let reached = ladder.rank(of: context), reached >= least else {
                return false
            }
        }
        if let maximum = rule.maximumStatusAge {
            guard facts.authenticatedAt.seconds(since: facts.statusAt) <= maximum else { return false }
        }
        return true
    }

    private func decision(_ outcome: Decision.Outcome, by rules: [Rule]) -> Decision {
        Decision(
            outcome: outcome, determining: rules.map(\.id).sorted(), bases: Set(rules.map(\.basis)).sorted(), policyVersion: version)
    }
}
