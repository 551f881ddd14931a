import Vocabulary

/// What permits ask for while they hold together.
extension PolicyReview {
    func obligations(besides dead: Set<Int>) -> [PolicyFinding] {
        let permits = indexes(.permit, besides: dead)
        let asking = permits.filter { !rules[$0].rule.obligations.isEmpty }
        var found: [PolicyFinding] = []
        for (number, one) in asking.enumerated() {
            for other in asking[(number + 1)...] { found += contradictions(other, one, dead) }
        }
        for index in asking { found += idle(index, permits) }
        return found
    }

    private func contradictions(_ index: Int, _ other: Int, _ dead: Set<Int>) -> [PolicyFinding] {
        let (rule, second) = (rules[index].rule, rules[other].rule)
        let clashes = second.obligations.contradictions(with: rule.obligations)
        guard !clashes.isEmpty else { return [] }
        var budget = Budget("boxes", limit: limits.boxes)
        do throws(BudgetExceeded) {
            guard try !together(index, other, dead, within: &budget).isEmpty else { return [] }
        } catch {
            return [undecided(index, "whether it can hold together with `\(second.id)`")]
        }
        return clashes.map { clash in
            PolicyFinding(
                .error, "policy.obligations.contradiction", rule, key: "obligations", others: [second.id],
                "`\(rule.id)` and `\(second.id)` can hold together and ask for what does not go together: \(clash)",
                "ask for the same in both, or write `unless` so that only one holds")
        }
    }

    /// Where both hold and nothing forbids it.
    private func together(_ one: Int, _ other: Int, _ dead: Set<Int>, within budget: inout Budget) throws(BudgetExceeded) -> [Region] {
        var both: [Region] = []
        for a in parts[one] ?? [] {
            for b in parts[other] ?? [] where a.intersects(b) {
                try budget.spend()
                both.append(a.intersection(b))
            }
        }
        guard !both.isEmpty else { return [] }
        return try Cover.rest(of: both, without: indexes(.forbid, besides: dead).map { parts[$0] ?? [] }, within: &budget)
    }

    /// Consent to what is never told, forms of what is never told, and forms that are made from something else.
    private func idle(_ index: Int, _ permits: [Int]) -> [PolicyFinding] {
        let rule = rules[index].rule
        let company = permits.filter { other in
            (parts[other] ?? []).contains { part in (parts[index] ?? []).contains { $0.intersects(part) } }
        }
        let told = company.reduce(into: Set<AttributeSource>()) { $0.formUnion(rules[$1].rule.release) }
        // What is told in place of it is told as well.
        let forms = Set(told.compactMap { rule.obligations.derived[$0] })
        var found: [PolicyFinding] = []
        for source in rule.obligations.consent.subtracting(told).subtracting(forms).sorted(by: { $0.rawValue < $1.rawValue }) {
            found.append(
                PolicyFinding(
                    .error, "policy.consent.idle", rule, key: "obligations",
                    "`\(rule.id)` asks consent to `\(source.rawValue)`, which no rule that holds with it releases",
                    "release it, or take it out of `consent`"))
        }
        for (source, form) in rule.obligations.derived.sorted(by: { $0.key.rawValue < $1.key.rawValue }) {
            if form.derivedFrom != source {
                found.append(
                    PolicyFinding(
                        .error, "policy.derive.foreign", rule, key: "obligations",
                        "`\(rule.id)` tells `\(form.rawValue)` in place of `\(source.rawValue)`, from which it is not made",
                        "choose among "
                            + AttributeSource.allCases.filter { $0.derivedFrom == source }.map(\.rawValue).joined(separator: ", ")))
            } else if !told.contains(source) {
                found.append(
                    PolicyFinding(
                        .warning, "policy.derive.idle", rule, key: "obligations",
                        "`\(rule.id)` tells `\(form.rawValue)` in place of `\(source.rawValue)`, which no rule that holds with it releases",
                        "release `\(source.rawValue)`, or release `\(form.rawValue)` itself"))
            }
        }
        return found
    }
}
