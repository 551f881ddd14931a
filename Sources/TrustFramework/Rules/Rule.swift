package import Vocabulary

/// One rule of the trust framework: it speaks when its condition holds and none of its exceptions does.
package struct Rule: Hashable, Sendable {
    package enum Effect: String, Sendable, CaseIterable {
        case permit, forbid
    }

    package let id: String
    package let effect: Effect
    /// The rule in a sentence, by language tag.
    package let says: [String: String]
    package let condition: Condition
    /// `unless`: any of these takes the rule out.
    package let exceptions: [Condition]
    package let release: Set<AttributeSource>
    package let obligations: Obligations
    /// The law or guideline the rule stands on; comes back with the decision.
    package let basis: String
    package let place: RulePlace?

    package init(
        id: String, effect: Effect, says: [String: String] = [:], condition: Condition, exceptions: [Condition] = [],
        release: Set<AttributeSource> = [], obligations: Obligations = .none, basis: String, place: RulePlace? = nil
    ) {
        self.id = id
        self.effect = effect
        self.says = says
        self.condition = condition
        self.exceptions = exceptions
        self.release = release
        self.obligations = obligations
        self.basis = basis
        self.place = place
    }

    /// A rule in the words that most rules need. A forbid has no floor and no freshness: it holds whatever the login.
    package init(
        id: String, effect: Effect, kinds: Set<MemberKind>? = nil, members: Set<MemberID>? = nil, purposes: Set<Purpose>? = nil,
        floor: String? = nil, maximumStatusAge: Int64? = nil, release: Set<AttributeSource> = [], basis: String
    ) {
        var domains: [Fact: Domain] = [:]
        domains[.kind] = kinds.map { .among(Set($0.map(\.rawValue))) }
        domains[.member] = members.map { .among(Set($0.map(\.text))) }
        domains[.purpose] = purposes.map { .among(Set($0.map(\.text))) }
        if effect == .permit {
            domains[.floor] = floor.map { .includes([$0]) }
            domains[.maximumStatusAge] = maximumStatusAge.map { .range(least: .min, most: $0) }
        }
        self.init(id: id, effect: effect, condition: Condition(domains), release: release, basis: basis)
    }

    /// Every fact that the rule turns on, in the order of `Fact.allCases`.
    package var facts: [Fact] {
        Fact.allCases.filter { fact in condition[fact] != nil || exceptions.contains { $0[fact] != nil } }
    }

    package var weight: Int { exceptions.reduce(condition.weight) { $0 + $1.weight } }
}

/// Where a rule is written.
package struct RulePlace: Hashable, Sendable {
    /// Relative to the deployment folder.
    package let file: String
    package let line: Int

    package init(file: String, line: Int) {
        self.file = file
        self.line = line
    }
}
