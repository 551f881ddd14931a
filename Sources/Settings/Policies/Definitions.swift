import TrustFramework
import Vocabulary

/// A named block of conditions, `definitions:` in any file of rules, with those that it names put in.
struct PlacedDefinition {
    let name: String
    let condition: Condition
    let file: String
    let line: Int
    /// The definitions that it names itself.
    let uses: [String]
}

/// All definitions of all files. A definition may name others; what names itself in the end is no definition.
struct Definitions {
    static let most = 1000
    /// How long a chain may be.
    static let deepest = 32

    private struct Written {
        let raw: ConditionSection.Raw
        let file: String
        let line: Int
    }

    private var written: [String: Written] = [:]
    private var order: [String] = []
    private var resolved: [String: Condition?] = [:]

    /// The members that these definitions name, and those that they name in turn.
    func mentions(of names: Set<String>) -> [Mention] {
        var seen: Set<String> = []
        var rest = Array(names)
        var found: [Mention] = []
        while let name = rest.popLast() {
            guard seen.insert(name).inserted, let item = written[name] else { continue }
            found += item.raw.mentions
            rest += item.raw.names.map(\.name)
        }
        return found
    }

    /// Those that could be resolved, in the order of files and lines.
    var placed: [PlacedDefinition] {
        order.compactMap { name in
            guard let item = written[name], let condition = resolved[name] ?? nil else { return nil }
            return PlacedDefinition(
                name: name, condition: condition, file: item.file, line: item.line, uses: item.raw.names.map(\.name).sorted())
        }
    }

    /// Reads `definitions:` of one file. False when there are too many to go on.
    mutating func add(_ section: Section, _ words: PolicyWords) -> Bool {
        for pair in section.entries() {
            guard order.count < Self.most else {
                section.report("definitions.size", at: pair.line, "there are more than \(Self.most) definitions", "join some")
                return false
            }
            guard Purpose(pair.key) != nil else {
                section.report(
                    "definitions.name", at: pair.line, "`" + Explanation.redacted(pair.key) + "` is no name",
                    "use 1 to 64 lower-case letters, digits and hyphens")
                continue
            }
            if let earlier = written[pair.key] {
                section.report(
                    "definitions.duplicate", at: pair.line, "`\(pair.key)` is defined in \(earlier.file):\(earlier.line)",
                    "rename one of them")
                continue
            }
            guard let block = section.section(pair.key) else { continue }
            let raw = ConditionSection.read(block, words)
            block.finish()
            written[pair.key] = Written(raw: raw, file: section.file, line: pair.line)
            order.append(pair.key)
        }
        return true
    }

    /// Puts definitions into each other. Each is worked out once, so the work is what they weigh together.
    mutating func resolve(_ weight: inout PolicyWeight, _ findings: Findings) {
        for name in order {
            var path: [String] = []
            _ = resolve(name, &path, &weight, findings)
        }
    }

    private mutating func resolve(
        _ name: String, _ path: inout [String], _ weight: inout PolicyWeight, _ findings: Findings
    ) -> Condition? {
        if let known = resolved[name] { return known }
        guard let item = written[name] else { return nil }
        func refuse(_ code: String, _ line: Int, _ message: String, _ remedy: String) {
            findings.report(Problem(file: item.file, line: line, code: code, message: message, remedy: remedy))
        }
        path.append(name)
        defer { path.removeLast() }
        guard path.count <= Self.deepest else {
            refuse(
                "definitions.depth", item.line, "definitions name each other over more than \(Self.deepest) steps", "write some of them out"
            )
            resolved[name] = .some(nil)
            return nil
        }
        var condition: Condition? = item.raw.isWhole ? item.raw.condition : nil
        for (other, line) in item.raw.names {
            if let start = path.firstIndex(of: other) {
                let cycle = (path[start...] + [other]).map { "`\($0)`" }.joined(separator: " is ")
                refuse("definitions.cycle", line, "a definition comes back to itself: " + cycle, "take one of these steps out")
                condition = nil
                continue
            }
            guard written[other] != nil else {
                refuse("definitions.unknown", line, "no definition is called `\(Explanation.redacted(other))`", suggestion(other))
                condition = nil
                continue
            }
            guard let inner = resolve(other, &path, &weight, findings), let own = condition else {
                condition = nil
                continue
            }
            condition = Self.join(own, inner, other, file: item.file, line: line, &weight, findings)
        }
        resolved[name] = .some(condition)
        return condition
    }

    /// The block with the definitions that it names put in. Nil, with a problem told, when that cannot be done.
    func applied(to raw: ConditionSection.Raw, in section: Section, _ weight: inout PolicyWeight) -> Condition? {
        var condition: Condition? = raw.isWhole ? raw.condition : nil
        for (name, line) in raw.names {
            guard let inner = resolved[name] else {
                section.report(
                    "definitions.unknown", at: line, "no definition is called `\(Explanation.redacted(name))`", suggestion(name))
                condition = nil
                continue
            }
            // A definition that is wrong was told where it stands.
            guard let inner, let own = condition else {
                condition = nil
                continue
            }
            condition = Self.join(own, inner, name, file: section.file, line: line, &weight, section.findings)
        }
        return condition
    }

    private func suggestion(_ name: String) -> String {
        Suggestion.nearest(to: name, among: order.sorted()).map { "did you mean `\($0)`?" }
            ?? (order.isEmpty
                ? "write it under `definitions:`" : "define it, or choose among " + order.sorted().prefix(20).joined(separator: ", "))
    }

    private static func join(
        _ own: Condition, _ inner: Condition, _ name: String, file: String, line: Int, _ weight: inout PolicyWeight, _ findings: Findings
    ) -> Condition? {
        guard weight.add(own.weight + inner.weight) else {
            findings.report(
                Problem(
                    file: file, line: line, code: "rules.weight",
                    message: "definitions and exceptions multiply to more than \(PolicyWeight.most) words",
                    remedy: "write rules for kinds and sectors, not for lists of members"))
            return nil
        }
        guard let both = own.intersection(inner) else { return nil }
        if !own.isEmpty, !inner.isEmpty, both.isEmpty {
            let facts = both.facts.filter { both[$0]?.isEmpty == true }.map { "`\($0.rawValue)`" }.joined(separator: ", ")
            findings.report(
                Problem(
                    file: file, line: line, code: "rules.nothing", message: "nothing is both this and `\(name)`: \(facts) cannot hold",
                    remedy: "take the definition out, or the condition that contradicts it"))
            return nil
        }
        return both
    }
}
