import Vocabulary

/// A mapping under reading. Each getter names a key; `finish` reports the keys nobody asked for. A getter that reports gives nil or its
/// default, so that reading goes on and everything is found in one pass.
final class Section {
    let file: String
    let line: Int
    /// Dotted, for messages: `card.doors.tls`; empty for the whole file.
    let path: String
    let findings: Findings
    private let pairs: [YAML.Pair]
    private(set) var known: [String] = []

    init(_ pairs: [YAML.Pair], file: String, line: Int, path: String, findings: Findings) {
        self.pairs = pairs
        self.file = file
        self.line = line
        self.path = path
        self.findings = findings
    }

    /// The mapping that a whole file is.
    convenience init?(reading text: String, file: String, to findings: Findings) {
        guard let tree = YAML(reading: text, file: file, to: findings) else { return nil }
        self.init(tree, file: file, path: "", findings: findings)
    }

    convenience init?(_ tree: YAML, file: String, line: Int? = nil, path: String, findings: Findings) {
        guard case .map(let pairs) = tree.value else {
            findings.report(
                Problem(
                    file: file, line: tree.line, code: "yaml.type",
                    message: (path.isEmpty ? "the file" : "`" + path + "`") + " is \(tree.kind), not a mapping",
                    remedy: "write `key: value` lines"))
            return nil
        }
        self.init(pairs, file: file, line: line ?? tree.line, path: path, findings: findings)
    }

    func report(_ code: String, at line: Int?, _ message: String, _ remedy: String) {
        findings.report(Problem(file: file, line: line ?? self.line, code: code, message: message, remedy: remedy))
    }

    func name(_ key: String) -> String { path.isEmpty ? key : path + "." + key }

    func has(_ key: String) -> Bool { pairs.contains { $0.key == key } }

    /// The keys that are written here, in their order.
    var keys: [String] { pairs.map(\.key) }

    func line(of key: String) -> Int { pairs.first { $0.key == key }?.line ?? line }

    /// The value of a key; nil when it is left out. A key without a value is a problem: nobody can tell what was meant.
    func value(_ key: String, required: Bool = false) -> YAML? {
        if !known.contains(key) { known.append(key) }
        guard let pair = pairs.first(where: { $0.key == key }) else {
            if required { report("yaml.key.missing", at: line, "`" + name(key) + "` is missing", "add it") }
            return nil
        }
        guard !pair.value.isAbsent else {
            report("yaml.value.missing", at: pair.line, "`" + name(key) + "` has no value", "write one, or remove the line")
            return nil
        }
        return pair.value
    }

    /// Keys that no getter named: a misspelt key would otherwise be a rule that quietly does not hold.
    func finish() {
        for pair in pairs where !known.contains(pair.key) {
            let near = Suggestion.nearest(to: pair.key, among: known)
            report(
                "yaml.key.unknown", at: pair.line, "`" + Explanation.redacted(name(pair.key)) + "` is no key here",
                near.map { "did you mean `" + $0 + "`?" } ?? "known keys: " + known.sorted().joined(separator: ", "))
        }
    }

    /// All entries, for a mapping whose keys are data.
    func entries() -> [YAML.Pair] {
        known += pairs.map(\.key).filter { !known.contains($0) }
        return pairs
    }

    func section(_ key: String, required: Bool = false) -> Section? {
        value(key, required: required).flatMap {
            Section($0, file: file, line: line(of: key), path: name(key), findings: findings)
        }
    }

    /// The items of a list; a single value counts as a list of one.
    func items(_ key: String, required: Bool = false) -> [YAML]? {
        guard let value = value(key, required: required) else { return nil }
        if case .list(let items) = value.value { return items }
        return [value]
    }

    /// A list of mappings.
    func sections(_ key: String, required: Bool = false) -> [Section] {
        (items(key, required: required) ?? []).enumerated().compactMap { index, item in
            Section(item, file: file, path: name(key) + "[\(index + 1)]", findings: findings)
        }
    }

    func text(of item: YAML, _ key: String) -> String? {
        guard case .scalar(let text, _) = item.value, !item.isAbsent else {
            report("yaml.type", at: item.line, "`" + name(key) + "` has \(item.kind) where a text is due", "write one value")
            return nil
        }
        return text
    }
}

/// The nearest known word, when it is near enough to be a slip.
enum Suggestion {
    static func nearest(to word: String, among known: [String]) -> String? {
        let (distance, best) =
            known.map { (Self.distance(Array(word.utf8.prefix(64)), Array($0.utf8.prefix(64))), $0) }.min { $0 < $1 } ?? (.max, "")
        return distance <= max(1, min(word.utf8.count, best.utf8.count) / 3) ? best : nil
    }

    /// How many letters have to be added, removed, replaced or exchanged with their neighbour; over at most 64 bytes each.
    private static func distance(_ one: [UInt8], _ other: [UInt8]) -> Int {
        var before: [Int] = []
        var last = Array(0...other.count)
        for (i, a) in one.enumerated() {
            var row = [i + 1]
            for (j, b) in other.enumerated() {
                var best = min(last[j + 1] + 1, row[j] + 1, last[j] + (a == b ? 0 : 1))
                if i > 0, j > 0, a == other[j - 1], one[i - 1] == b { best = min(best, before[j - 1] + 1) }
                row.append(best)
            }
            (before, last) = (last, row)
        }
        return last[other.count]
    }
}
