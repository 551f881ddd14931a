import TrustFramework
import Vocabulary

/// Reads the facts of a block of conditions: of a rule, of an exception, of a definition. The keys are the names of facts, and `is`.
struct ConditionSection {
    static let mostWords = 4096
    static let mostNames = 32

    /// A block as it is written, before the definitions that it names are put in.
    struct Raw {
        var condition: Condition
        /// `is`, with lines.
        var names: [(name: String, line: Int)]
        var mentions: [Mention]
        /// False when something in it could not be read: then nothing is concluded from what is left.
        var isWhole: Bool
    }

    let section: Section
    let words: PolicyWords
    private var mentions: [Mention] = []
    private var isWhole = true

    static func read(_ section: Section, _ words: PolicyWords) -> Raw {
        var reader = ConditionSection(section: section, words: words)
        return reader.raw()
    }

    private init(section: Section, words: PolicyWords) {
        self.section = section
        self.words = words
    }

    private mutating func raw() -> Raw {
        var condition = Condition()
        // Every key is known, so that a slip in one of them finds its neighbour.
        for fact in Fact.allCases {
            guard let value = section.value(fact.rawValue) else {
                if section.has(fact.rawValue) { isWhole = false }
                continue
            }
            guard let domain = domain(fact, value) else {
                isWhole = false
                continue
            }
            if domain.isEmpty {
                section.report(
                    "rules.nothing", at: section.line(of: fact.rawValue),
                    "`\(section.name(fact.rawValue))` names nothing, so the rule never holds", "name one, or remove the key")
                isWhole = false
            }
            condition[fact] = domain
        }
        let names = section.texts("is", limit: 64) ?? []
        if names.count > Self.mostNames {
            section.report("rules.size", at: section.line(of: "is"), "`is` names more than \(Self.mostNames) definitions", "join some")
            isWhole = false
        }
        return Raw(
            condition: condition, names: names.prefix(Self.mostNames).map { ($0.text, $0.line) }, mentions: mentions, isWhole: isWhole)
    }

    // MARK: Domains

    private mutating func domain(_ fact: Fact, _ value: YAML) -> Domain? {
        switch fact.kind {
        case .word: return wordDomain(fact, value)
        case .words: return wordsDomain(fact, value)
        case .flag:
            switch value.value {
            case .scalar("true", isPlain: true): return .among(["true"])
            case .scalar("false", isPlain: true): return .among(["false"])
            default: return wrong(fact, value.line, "is neither true nor false", "write `true` or `false`")
            }
        case .number(.seconds): return section.duration(fact.rawValue, in: 1...400 * 86_400).map { .range(least: .min, most: $0) }
        case .number(.level): return level(fact, value)
        case .number(.day): return DayRange.read(section, fact.rawValue, value)
        case .number(.minute): return HourRange.read(section, fact.rawValue, value)
        }
    }

    /// `a`, `[a, b]` or `{not: [a]}`.
    private mutating func wordDomain(_ fact: Fact, _ value: YAML) -> Domain? {
        guard case .map = value.value else {
            return section.texts(fact.rawValue).flatMap { texts(fact, $0) }.map { .among($0) }
        }
        guard let inner = section.section(fact.rawValue) else { return nil }
        let found = inner.texts("not", required: true)
        inner.finish()
        guard let found, let words = texts(fact, found) else { return nil }
        guard !words.isEmpty else {
            return wrong(fact, value.line, "excludes nothing", "name what is excluded, or remove the key")
        }
        return .besides(words)
    }

    /// `a` or `[a, b]`: all of these; `{includes: [a], only: [a, b]}`.
    private mutating func wordsDomain(_ fact: Fact, _ value: YAML) -> Domain? {
        guard case .map = value.value else {
            guard let found = section.texts(fact.rawValue), let words = texts(fact, found) else { return nil }
            guard !words.isEmpty else { return .among([]) }
            return .includes(words)
        }
        guard fact != .floor else {
            return wrong(fact, value.line, "is a mapping", "name one context")
        }
        guard let inner = section.section(fact.rawValue) else { return nil }
        let least = inner.texts("includes")
        let most = inner.texts("only")
        inner.finish()
        guard least != nil || most != nil else {
            return wrong(fact, value.line, "says neither `includes` nor `only`", "write `{includes: [..]}` or `{only: [..]}`")
        }
        let included = least.flatMap { texts(fact, $0) }
        let allowed = most.flatMap { texts(fact, $0) }
        guard (least == nil) == (included == nil), (most == nil) == (allowed == nil) else { return nil }
        switch (included, allowed) {
        case (let included?, let allowed?): return .between(includes: included, only: allowed)
        case (let included?, nil):
            guard !included.isEmpty else { return wrong(fact, value.line, "includes nothing", "name one, or remove the key") }
            return .includes(included)
        case (nil, let allowed?): return .only(allowed)
        case (nil, nil): return nil
        }
    }

    /// Nil when one of them is no word for the fact: a rule with a word missing would say something else.
    private mutating func texts(_ fact: Fact, _ found: [(text: String, line: Int)]) -> Set<String>? {
        guard found.count <= Self.mostWords else {
            return wrong(
                fact, section.line(of: fact.rawValue), "has more than \(Self.mostWords) words", "write rules for kinds, not for members")
        }
        if fact == .floor, found.count > 1 {
            return wrong(fact, section.line(of: fact.rawValue), "names several contexts", "name the lowest that will do")
        }
        var words: Set<String> = []
        for (text, line) in found {
            guard let word = word(fact, text, line) else {
                isWhole = false
                return nil
            }
            words.insert(word)
        }
        return words
    }

    private mutating func word(_ fact: Fact, _ text: String, _ line: Int) -> String? {
        switch fact {
        case .member: return member(text, line)
        case .operator, .upstream: return text == Fact.none ? text : member(text, line)
        case .purpose: return (Purpose(text) ?? PurposeWord.refuse(text, line, section))?.text
        case .floor: return context(text, line, words.contexts)
        case .levelAsked: return context(text, line, words.contexts.map { $0 + [Fact.none] })
        case .terminal:
            guard let terminals = words.terminals else {
                guard Purpose(text) != nil else { return closed(text, line, [], fact) }
                return text
            }
            return closed(text, line, terminals + [Fact.none], fact)
        case .sector: return text
        default:
            switch fact.kind {
            case .word(let known?), .words(let known?): return closed(text, line, known, fact)
            default: return text
            }
        }
    }

    private mutating func member(_ text: String, _ line: Int) -> String? {
        guard let id = MemberID(text) else {
            section.report(
                "rules.member", at: line, "`" + Explanation.redacted(text) + "` is no member's id", "copy it from the member's file")
            return nil
        }
        mentions.append(Mention(member: id, file: section.file, line: line))
        return text
    }

    private func context(_ text: String, _ line: Int, _ known: [String]?) -> String? {
        guard let known, !known.contains(text) else { return text }
        section.report(
            "rules.floor.unknown", at: line, "the ladder has no context `\(Explanation.redacted(text))`",
            Suggestion.nearest(to: text, among: known).map { "did you mean `\($0)`?" } ?? "choose among " + known.joined(separator: ", "))
        return nil
    }

    private func closed(_ text: String, _ line: Int, _ known: [String], _ fact: Fact) -> String? {
        if known.contains(text) { return text }
        let near = Suggestion.nearest(to: text, among: known).map { "did you mean `" + $0 + "`? " } ?? ""
        section.report(
            "yaml.value", at: line, "`" + section.name(fact.rawValue) + "` cannot be `" + Explanation.redacted(text) + "`",
            known.isEmpty ? "use lower-case letters, digits and hyphens" : near + "choose among " + known.joined(separator: ", "))
        return nil
    }

    /// `3`, `at least 2`, `at most 2`.
    private func level(_ fact: Fact, _ value: YAML) -> Domain? {
        guard let text = section.text(fact.rawValue, limit: 32) else { return nil }
        let parts = text.split(separator: " ").map(String.init)
        guard let digit = parts.last, let number = Int64(digit), digit.utf8.count == 1, (0...3).contains(number),
            parts.count == 1 || parts.count == 3
        else {
            return wrong(fact, value.line, "is no level", "write `at least 2`, `at most 2` or `2`, from 0 to 3")
        }
        switch parts.dropLast() {
        case []: return .range(least: number, most: number)
        case ["at", "least"]: return .range(least: number, most: 3)
        case ["at", "most"]: return .range(least: 0, most: number)
        default: return wrong(fact, value.line, "is no level", "write `at least 2`, `at most 2` or `2`, from 0 to 3")
        }
    }

    private func wrong<Value>(_ fact: Fact, _ line: Int, _ what: String, _ remedy: String) -> Value? {
        section.report("yaml.value", at: line, "`" + section.name(fact.rawValue) + "` " + what, remedy)
        return nil
    }
}
