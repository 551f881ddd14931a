/// Rules that a walk over a deployment's members says nothing about.
extension Impact {
    /// Rules that differ between the two, and speak only of purposes for which none of the members is accredited: a rule for a service that
    /// is yet to come. By their names, sorted.
    package static func unwalked(from old: Policy, to new: Policy, members: [Member]) -> [String] {
        let covered = Set(members.flatMap { $0.accreditation.purposes.map(\.text) })
        func isForNobody(_ rule: Rule) -> Bool {
            guard case .among(let purposes)? = rule.condition[.purpose] else { return false }
            return purposes.isDisjoint(with: covered)
        }
        func changed(_ rules: [Rule], beside others: [Rule]) -> [String] {
            let others = Set(others.map(\.deciding))
            return rules.filter { isForNobody($0) && !others.contains($0.deciding) }.map(\.id)
        }
        return Set(changed(old.rules, beside: new.rules) + changed(new.rules, beside: old.rules)).sorted()
    }
}

extension Rule {
    /// The rule without what changes no decision: where it stands, and what it says to people.
    fileprivate var deciding: Rule {
        Rule(
            id: id, effect: effect, condition: condition, exceptions: exceptions, release: release, obligations: obligations, basis: basis)
    }
}
