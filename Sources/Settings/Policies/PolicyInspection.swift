package import TrustFramework
package import Vocabulary

/// Everything that a reading of rules finds, by severity, each with its file and line.
package struct PolicyInspection: Sendable {
    package struct Finding: Hashable, Sendable {
        package let severity: PolicyFinding.Severity
        package let problem: Problem
        package let rule: String?
        package let others: [String]
    }

    /// In the order of files and lines.
    package let findings: [Finding]

    package var errors: Int { findings.count { $0.severity == .error } }

    /// Reads `set` as a whole: its files, its rules among each other, and its words beside the members of the deployment.
    package init(_ set: PolicySet, at now: Timestamp, limits: AnalysisLimits = AnalysisLimits()) {
        var found = set.problems.map { Finding(severity: .error, problem: $0, rule: nil, others: []) }
        let placed = Dictionary(set.placed.map { ($0.rule.id, $0) }) { first, _ in first }
        if let policy = set.policy {
            do throws(AnalysisRefusal) {
                var review = try PolicyReview(policy, at: now, limits: limits)
                found += review.findings().map { Self.finding($0, placed[$0.rule]) }
            } catch {
                found.append(
                    Finding(
                        severity: .error,
                        problem: Problem(
                            file: PolicyFolder.name, code: "policy.unbounded",
                            message: "the rules were not held against each other: \(error)",
                            remedy: "name fewer values, or raise --classes or --boxes"), rule: nil, others: []))
            }
        }
        let words = PolicyDictionary(set, now)
        found += words.findings()
        findings = found.sorted { Self.order($0) < Self.order($1) }
    }

    private static func order(_ finding: Finding) -> (String, Int, String, String, String) {
        let problem = finding.problem
        return (problem.file, problem.line ?? 0, finding.severity.rawValue, problem.code, problem.message)
    }

    private static func finding(_ finding: PolicyFinding, _ placed: RulesFile.Placed?) -> Finding {
        let line = placed.map { placed in finding.key.flatMap { placed.lines[$0] } ?? placed.line }
        return Finding(
            severity: finding.severity,
            problem: Problem(
                file: placed?.file ?? PolicyFolder.name, line: line, code: finding.code, message: finding.message, remedy: finding.remedy),
            rule: finding.rule, others: finding.others)
    }
}

/// The words of rules beside those that the deployment has.
private struct PolicyDictionary {
    let set: PolicySet
    let now: Timestamp

    init(_ set: PolicySet, _ now: Timestamp) {
        self.set = set
        self.now = now
    }

    func findings() -> [PolicyInspection.Finding] {
        var found = unusedDefinitions()
        guard let members = set.members, !members.isEmpty else { return found }
        found += orphanedPurposes(members)
        if set.isClosed {
            found += unknown(.sector, among: Set(members.map(\.sector)), "no member is in the sector")
            found += unknown(.operator, among: Set(members.compactMap { $0.operatedBy?.text }), "no member is served by")
            found += unknown(.member, among: Set(members.map(\.id.text)), "no member is registered as")
            let providers =
                members.filter { $0.kind == .identityProvider }.map(\.id.text) + (set.policy?.ladder.upstreams.map(\.text) ?? [])
            found += unknown(.upstream, among: Set(providers), "nobody authenticates in our place as")
        }
        return found
    }

    /// What is defined and never named is mostly what a rule was meant to name.
    private func unusedDefinitions() -> [PolicyInspection.Finding] {
        var used: Set<String> = []
        var next = Array(set.placed.reduce(into: Set<String>()) { $0.formUnion($1.usedDefinitions) })
        let uses = Dictionary(set.definitions.map { ($0.name, $0.uses) }) { first, _ in first }
        while let name = next.popLast() {
            guard used.insert(name).inserted else { continue }
            next += uses[name] ?? []
        }
        return set.definitions.filter { !used.contains($0.name) }.map { item in
            warning(
                item.file, item.line, "policy.definition.unused", nil, "the definition `\(item.name)` is used by no rule",
                "name it in a rule with `is`, or remove it")
        }
    }

    private func orphanedPurposes(_ members: [Member]) -> [PolicyInspection.Finding] {
        let covered = members.reduce(into: Set<String>()) { $0.formUnion($1.accreditation.purposes.map(\.text)) }
        var told: Set<String> = []
        return named(.purpose).compactMap { item, word in
            guard !covered.contains(word), told.insert(word).inserted else { return nil }
            return warning(
                item.file, line(item, .purpose), "policy.purpose.orphan", item.rule.id, "no member is accredited for the purpose `\(word)`",
                suggestion(word, covered) ?? "accredit a member for it, or remove it from the rule")
        }
    }

    private func unknown(_ fact: Fact, among known: Set<String>, _ what: String) -> [PolicyInspection.Finding] {
        named(fact).compactMap { item, word in
            guard !known.contains(word), word != Fact.none else { return nil }
            return warning(
                item.file, line(item, fact), "policy.\(fact.rawValue).unknown", item.rule.id, "\(what) `\(word)`",
                suggestion(word, known) ?? "register it first, or remove it from the rule")
        }
    }

    private func named(_ fact: Fact) -> [(RulesFile.Placed, String)] {
        set.placed.flatMap { item in
            let words = ([item.rule.condition] + item.rule.exceptions).flatMap { $0[fact]?.named ?? [] }
            return Set(words).sorted().map { (item, $0) }
        }
    }

    private func line(_ item: RulesFile.Placed, _ fact: Fact) -> Int { item.lines[fact.rawValue] ?? item.lines["is"] ?? item.line }

    private func suggestion(_ word: String, _ known: Set<String>) -> String? {
        Suggestion.nearest(to: word, among: known.sorted()).map { "did you mean `\($0)`?" }
    }

    private func warning(
        _ file: String, _ line: Int, _ code: String, _ rule: String?, _ message: String, _ remedy: String
    ) -> PolicyInspection.Finding {
        PolicyInspection.Finding(
            severity: .warning, problem: Problem(file: file, line: line, code: code, message: message, remedy: remedy), rule: rule,
            others: [])
    }
}
