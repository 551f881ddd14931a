package import Vocabulary

/// Reads all rules of a policy together: which can never apply, which are overridden wherever they hold, which add nothing, which ask for
/// things that do not go together. Exact on the picture of all questions from `now` on, within limits; a question that runs into one is
/// told as undecided, never as good.
package struct PolicyReview {
    let space: Space
    let ladder: AssuranceLadder
    let rules: [Pictured]
    /// Where each rule counts; nil where the limit was reached before that was known.
    let parts: [[Region]?]
    let limits: AnalysisLimits
    private var picturing: Picturing
    /// Logins that reach a context: without one no permit holds.
    private let reaching: Region

    package init(_ policy: Policy, at now: Timestamp, limits: AnalysisLimits = AnalysisLimits()) throws(AnalysisRefusal) {
        let space = try Space(of: [policy], population: .kinds, from: now, limits: limits)
        var picturing = Picturing(space, under: policy.ladder)
        var reaching = space.whole
        reaching.axes[7] = space.reaching(under: policy.ladder)
        let rules = policy.rules.sorted { $0.order < $1.order }.map { rule in
            let pictured = picturing.pictured(rule)
            guard rule.effect == .permit else { return pictured }
            return Pictured(rule: rule, box: pictured.box.intersection(reaching), exceptions: pictured.exceptions)
        }
        self.space = space
        self.ladder = policy.ladder
        self.limits = limits
        self.picturing = picturing
        self.reaching = reaching
        self.rules = rules
        parts = rules.map { rule in
            var budget = Budget("boxes", limit: limits.boxes)
            return try? rule.parts(within: &budget)
        }
    }

    /// Everything that was found, in the order of files and lines, then of codes.
    package mutating func findings() -> [PolicyFinding] {
        var found: [PolicyFinding] = []
        for index in rules.indices { found += emptiness(index) }
        let dead = Set(rules.indices.filter { parts[$0]?.isEmpty == true })
        let shadows = shadowed(besides: dead)
        found += shadows.findings
        found += redundant(besides: dead.union(shadows.rules))
        found += obligations(besides: dead)
        for index in rules.indices where parts[index] == nil {
            found.append(undecided(index, "whether its exceptions leave anything of it"))
        }
        let order = Dictionary(rules.enumerated().map { ($1.rule.id, $0) }) { first, _ in first }
        return found.sorted {
            (order[$0.rule] ?? 0, $0.severity.rawValue, $0.code, $0.message) < (
                order[$1.rule] ?? 0, $1.severity.rawValue, $1.code, $1.message
            )
        }
    }

    func undecided(_ index: Int, _ what: String) -> PolicyFinding {
        PolicyFinding(
            .warning, "policy.undecided", rules[index].rule,
            "`\(rules[index].rule.id)`: \(what) was not found out within \(limits.boxes) boxes",
            "write fewer exceptions and shorter lists, or raise --boxes")
    }

    // MARK: Rules that never apply

    private mutating func emptiness(_ index: Int) -> [PolicyFinding] {
        let pictured = rules[index]
        let rule = pictured.rule
        guard !pictured.box.isEmpty else { return [contradiction(of: rule)] }
        var found: [PolicyFinding] = []
        if parts[index]?.isEmpty == true {
            found.append(
                PolicyFinding(
                    .error, "policy.never", rule, key: "unless", "`\(rule.id)` never applies: its exceptions take out everything",
                    "narrow `unless`, or remove the rule"))
        }
        for (number, exception) in rule.exceptions.enumerated() {
            guard !picturing.region(exception, doubtful: true).intersects(pictured.box) else { continue }
            found.append(
                PolicyFinding(
                    .warning, "policy.exception.idle", rule, key: "unless",
                    "`\(rule.id)`: its exception\(rule.exceptions.count > 1 ? " \(number + 1)" : "") never meets the rule ("
                        + exception.words + ")", "remove it, or say what it was meant to take out"))
        }
        return found
    }

    /// The fewest conditions that cannot hold together.
    private mutating func contradiction(of rule: Rule) -> PolicyFinding {
        func isEmpty(_ facts: [Fact]) -> Bool {
            let condition = Condition(
                Dictionary(uniqueKeysWithValues: facts.compactMap { fact in rule.condition[fact].map { (fact, $0) } }))
            let region = picturing.region(condition, doubtful: rule.effect == .forbid)
            return (rule.effect == .permit ? region.intersection(reaching) : region).isEmpty
        }
        var core = rule.condition.facts
        for fact in core where isEmpty(core.filter { $0 != fact }) { core.removeAll { $0 == fact } }
        let words = core.map { "`\($0.rawValue): \(rule.condition[$0]?.words($0) ?? "")`" }
        if core == [.date] {
            return PolicyFinding(
                .warning, "policy.over", rule, key: Fact.date.rawValue, "`\(rule.id)` never applies any more: \(words[0]) is over",
                "remove it, or give it a new term")
        }
        guard let first = core.first else {
            return PolicyFinding(
                .error, "policy.never", rule, "`\(rule.id)` never applies: no login reaches a context of the ladder", "repair the ladder")
        }
        let key = core.last { $0.isEvidence } ?? first
        let what = core.count == 1 ? words[0] + " holds for nothing" : words.joined(separator: " and ") + " never hold together"
        return PolicyFinding(
            .error, "policy.never", rule, key: key.rawValue, "`\(rule.id)` never applies: \(what)", remedy(rule, core))
    }

    /// For floors that no login of the rule's reaches: the one it does.
    private mutating func remedy(_ rule: Rule, _ core: [Fact]) -> String {
        guard core.contains(.floor), core.count > 1 else {
            return core.count == 1 ? "write one that there is, or remove the rule" : "change one of them"
        }
        var rest = Condition(Dictionary(uniqueKeysWithValues: core.compactMap { fact in rule.condition[fact].map { (fact, $0) } }))
        rest[.floor] = nil
        let region = picturing.region(rest, doubtful: false).intersection(reaching)
        let highest = ladder.contexts.last { context in
            var lower = rest
            lower[.floor] = .includes([context.name])
            return !picturing.region(lower, doubtful: false).intersection(reaching).isEmpty
        }
        guard !region.isEmpty, let highest else { return "change one of them" }
        return "the highest that such a login reaches is `\(highest.name)`; change one of them"
    }
}

extension Space {
    /// Logins that reach some context of the ladder.
    func reaching(under ladder: AssuranceLadder) -> ClassSet {
        let moment = moments.classes.first?.moment ?? Timestamp(milliseconds: 0)
        let contexts = logins.asked.map { requirement -> Set<String>? in
            guard let requirement else { return nil }
            return Set(ladder.satisfying(requirement).map(\.name))
        }
        return ClassSet(of: logins.rows.count) { row in
            guard let facts = logins.facts(row, at: moment) else { return false }
            let asked = contexts[logins.rows[row][LoginSpace.Column.asked.rawValue]]
            return ladder.contexts.contains { (asked?.contains($0.name) ?? true) && $0.isReached(by: facts, at: moment) }
        }
    }
}

extension Rule {
    /// As they are written; the id where nobody knows the place.
    fileprivate var order: String {
        let line = String(place?.line ?? 0)
        return (place?.file ?? "") + "\u{1}" + String(repeating: "0", count: max(0, 9 - line.utf8.count)) + line + "\u{1}" + id
    }
}
