import TrustFramework

/// All cases of a set of rules, decided, and what they leave untried.
package struct PolicyTrial: Sendable {
    /// In the order of files and lines.
    package let cases: [CaseResult]
    package let failed: Int
    package let rules: Int
    /// Rules that made no outcome of any case, and without which every case would come out as it does: nobody would notice if they were
    /// gone. (A forbid that leaves only another login open makes no outcome by itself, and matters.)
    package let untouched: [(id: String, file: String, line: Int)]

    package init(_ set: PolicySet) {
        cases = set.cases.sorted { ($0.file, $0.line, $0.says) < ($1.file, $1.line, $1.says) }
        failed = cases.count { $0.fault != nil }
        rules = set.placed.count
        let touched = cases.reduce(into: Set<String>()) { $0.formUnion($1.answer.rules) }
        untouched = set.placed.filter { !touched.contains($0.rule.id) && !Self.matters($0.rule, in: set) }.map {
            ($0.rule.id, $0.file, $0.line)
        }
        .sorted { ($0.file, $0.line) < ($1.file, $1.line) }
    }

    /// Some case would come out otherwise without the rule.
    private static func matters(_ rule: Rule, in set: PolicySet) -> Bool {
        guard let policy = set.policy else { return false }
        let without = Policy(rules: policy.rules.filter { $0.id != rule.id }, ladder: policy.ladder, version: policy.version)
        return set.cases.contains { Answer(without.decide($0.question)) != $0.answer }
    }
}
