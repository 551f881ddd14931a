import TrustFramework
import Vocabulary

/// A file of rules in `Policies/`: any `.yaml` but the ladder. Its definitions are read before the rules of any file.
struct RulesFile {
    /// A rule, and where it stands: what it names is looked up when the members are known.
    struct Placed {
        let rule: Rule
        let file: String
        let line: Int
        let lines: [String: Int]
        let mentions: [Mention]
        let usedDefinitions: Set<String>
    }

    static let mostRules = 2000
    static let mostExceptions = 64

    let file: String
    private let whole: Section
    private let definitions: Section?
    private let rules: [Section]
    let cases: [Case]

    /// Nil when the file is no mapping, or too large.
    init?(reading text: String, file: String, to findings: Findings) {
        guard let whole = Section(reading: text, file: file, to: findings) else { return nil }
        self.whole = whole
        self.file = file
        definitions = whole.section("definitions")
        // A file of definitions alone has no rules.
        rules = whole.sections("rules", required: definitions == nil)
        let cases = whole.sections("cases")
        whole.finish()
        guard rules.count <= Self.mostRules, cases.count <= Self.mostRules else {
            whole.report(
                "rules.size", at: nil, "the file has more than \(Self.mostRules) rules or cases", "write rules for kinds, not for members")
            return nil
        }
        self.cases = cases.compactMap { Case($0) }
    }

    func define(_ known: inout Definitions, _ words: PolicyWords) -> Bool {
        definitions.map { known.add($0, words) } ?? true
    }

    /// Those that could be read. Stops where all rules together weigh too much.
    func rules(_ words: PolicyWords, _ known: Definitions, _ weight: inout PolicyWeight) -> [Placed] {
        var placed: [Placed] = []
        for section in rules {
            guard let item = Self.rule(section, words, known, &weight) else { continue }
            guard weight.add(item.rule.weight) else {
                section.report(
                    "rules.weight", at: nil, "all rules together have more than \(PolicyWeight.most) words",
                    "write rules for kinds and sectors, not for lists of members")
                return placed
            }
            placed.append(item)
        }
        return placed
    }

    private static func rule(
        _ section: Section, _ words: PolicyWords, _ known: Definitions, _ weight: inout PolicyWeight
    ) -> Placed? {
        let id = section.text("id", required: true, limit: 128)
        let effect = section.choice("effect", Rule.Effect.self, required: true)
        let says = section.section("says").map(sentence) ?? [:]
        let raw = ConditionSection.read(section, words)
        let condition = known.applied(to: raw, in: section, &weight)
        let blocks = section.sections("unless")
        if blocks.count > mostExceptions {
            section.report(
                "rules.size", at: section.line(of: "unless"), "the rule has more than \(mostExceptions) exceptions", "split the rule")
        }
        var mentions = raw.mentions
        var names = Set(raw.names.map(\.name))
        let exceptions = blocks.prefix(mostExceptions).compactMap { block -> Condition? in
            let inner = ConditionSection.read(block, words)
            block.finish()
            mentions += inner.mentions
            names.formUnion(inner.names.map(\.name))
            guard let exception = known.applied(to: inner, in: block, &weight) else { return nil }
            guard !exception.domains.isEmpty else {
                block.report("rules.nothing", at: nil, "an exception without conditions always holds, so the rule never does", "remove it")
                return nil
            }
            return exception
        }
        let release = section.choices("release", AttributeSource.self)
        let obligations = section.section("obligations").map(Obligations.read) ?? .none
        let basis = section.text("basis", required: true)
        section.finish()
        if effect == .forbid { refuseOnForbid(section) }
        guard let id, let effect, let basis, let condition, exceptions.count == blocks.count else { return nil }
        let rule = Rule(
            id: id, effect: effect, says: says, condition: condition, exceptions: exceptions, release: release ?? [],
            obligations: obligations, basis: basis, place: RulePlace(file: section.file, line: section.line))
        return Placed(
            rule: rule, file: section.file, line: section.line,
            lines: Dictionary(section.keys.map { ($0, section.line(of: $0)) }) { first, _ in first },
            mentions: mentions + known.mentions(of: names), usedDefinitions: names)
    }

    /// Words that say what it takes. In a forbid they would say the opposite of what they seem to.
    private static func refuseOnForbid(_ section: Section) {
        for key in ["floor", "maximum-status-age", "maximum-login-age"] where section.has(key) {
            section.report(
                "rules.forbid", at: section.line(of: key),
                "a forbid has no `" + key + "`: it would hold for the logins that are good enough",
                "write it under `unless`, remove the line, or write a permit")
        }
        for key in ["release", "obligations"] where section.has(key) {
            section.report(
                "rules.forbid", at: section.line(of: key), "a forbid has no `" + key + "`: nothing is told under it",
                "remove the line, or write a permit")
        }
    }

    private static func sentence(_ section: Section) -> [String: String] {
        var says: [String: String] = [:]
        for language in ["ja", "en", "ja-easy"] { says[language] = section.text(language) }
        section.finish()
        return says
    }
}

enum PurposeWord {
    static func refuse(_ text: String, _ line: Int, _ section: Section) -> Purpose? {
        section.report(
            "purpose.word", at: line, "`" + Explanation.redacted(text) + "` is no purpose",
            "use 1 to 64 lower-case letters, digits and hyphens")
        return nil
    }
}
