import Yams

/// A YAML value with the line it stands on. Scalars stay text: what `no` or `1.0` means is decided by who asks for it, so that a
/// client identifier never turns into a number.
struct YAML {
    indirect enum Value {
        case scalar(String, isPlain: Bool)
        case list([YAML])
        case map([Pair])
    }

    struct Pair {
        let key: String
        let line: Int
        let value: YAML
    }

    let line: Int
    let value: Value

    /// `key:` with nothing behind it, or a plain `null` or `~`.
    var isAbsent: Bool {
        guard case .scalar(let text, isPlain: true) = value else { return false }
        return ["", "~", "null", "Null", "NULL"].contains(text)
    }

    var kind: String {
        switch value {
        case .scalar: isAbsent ? "nothing" : "a single value"
        case .list: "a list"
        case .map: "a mapping"
        }
    }
}

extension YAML {
    /// Values in one file; the largest sensible file has some thousands.
    static let mostValues = 50_000
    static let deepest = 24
    /// Aliases repeat what they name; a few of them in each other are enough to fill the memory of a machine. Files that contain more
    /// than this number of what could be an alias are not composed at all; those that contain one are refused afterwards.
    private static let mostStars = 8

    /// Reads one document. Reports what is wrong with its syntax, its duplicate keys, or its size, and then gives nil.
    init?(reading text: String, file: String, to findings: Findings) {
        func refuse(_ code: String, _ line: Int?, _ message: String, _ remedy: String) {
            findings.report(Problem(file: file, line: line, code: code, message: message, remedy: remedy))
        }
        guard Self.stars(in: text) <= Self.mostStars else {
            refuse("yaml.alias", nil, "the file is full of `*`", "write values out; anchors and aliases are not read")
            return nil
        }
        let node: Node
        do {
            guard let root = try Yams.Parser(yaml: text, encoding: .utf8).singleRoot() else {
                refuse("yaml.empty", nil, "the file is empty", "write its keys, or remove it")
                return nil
            }
            node = root
        } catch {
            let fault = Self.fault(error)
            refuse(fault.code, fault.line, fault.message, fault.remedy)
            return nil
        }
        var walk = Walk()
        guard let tree = walk.tree(of: node, depth: 0) else {
            let line = walk.lastLine == 0 ? nil : walk.lastLine
            switch walk.fault {
            case .alias: refuse("yaml.alias", line, "an alias stands here", "write the value out; anchors and aliases are not read")
            case .tooLarge: refuse("yaml.size", line, "the file holds too many values", "split it")
            case .tooDeep: refuse("yaml.depth", line, "values are nested too deeply", "flatten the file")
            case .key, nil: refuse("yaml.key", line, "a key is no plain word", "use a word as key")
            }
            return nil
        }
        self = tree
    }

    /// What could be an alias: `*` at the start of a word. Too many is safe, too few is not, so neither quotes nor comments are looked at.
    private static func stars(in text: String) -> Int {
        var count = 0
        var before: UInt8 = 0x0a
        var isCandidate = false
        for byte in text.utf8 {
            if isCandidate, byte > 0x20 { count += 1 }
            isCandidate = byte == 0x2a && (before <= 0x20 || [0x5b, 0x7b, 0x2c, 0x3a, 0x2d, 0x3f].contains(before))
            before = byte
        }
        return count
    }

    private static func fault(_ error: any Error) -> (code: String, line: Int?, message: String, remedy: String) {
        let repair = "repair the syntax; look at indentation and quotes first"
        switch error {
        case YamlError.scanner(_, let problem, let mark, _), YamlError.parser(_, let problem, let mark, _),
            YamlError.composer(_, let problem, let mark, _):
            return ("yaml.syntax", mark.line, problem, repair)
        case YamlError.duplicatedKeysInMapping(let duplicates, let context):
            let names = duplicates.map { "`" + $0 + "`" }.joined(separator: ", ")
            return ("yaml.key.duplicate", context.mark.line, "the key " + names + " comes twice", "keep one of them")
        default:
            return ("yaml.syntax", nil, "the file is no YAML text", "save it as UTF-8 without control characters")
        }
    }
}

/// Turns nodes into values, once each, in the order of the file.
private struct Walk {
    enum Fault {
        case alias, tooLarge, tooDeep, key
    }

    private(set) var fault: Fault?
    private(set) var lastLine = 0
    private var lastColumn = 0
    private var lastWasScalar = false
    private var count = 0

    mutating func tree(of node: Node, depth: Int) -> YAML? {
        guard let line = enter(node, depth: depth) else { return nil }
        switch node {
        case .scalar(let scalar):
            return YAML(line: line, value: .scalar(scalar.string, isPlain: scalar.style == .plain))
        case .sequence(let sequence):
            var items: [YAML] = []
            for item in sequence {
                guard let tree = tree(of: item, depth: depth + 1) else { return nil }
                items.append(tree)
            }
            return YAML(line: line, value: .list(items))
        case .mapping(let mapping):
            var pairs: [YAML.Pair] = []
            for (key, value) in mapping {
                guard let keyLine = enter(key, depth: depth) else { return nil }
                guard case .scalar(let name) = key else {
                    fault = .key
                    return nil
                }
                guard let tree = tree(of: value, depth: depth + 1) else { return nil }
                pairs.append(YAML.Pair(key: name.string, line: keyLine, value: tree))
            }
            return YAML(line: line, value: .map(pairs))
        case .alias:
            fault = .alias
            return nil
        }
    }

    /// Nodes come in the order of the text. One that stands before its predecessor is the target of an alias, repeated.
    private mutating func enter(_ node: Node, depth: Int) -> Int? {
        count += 1
        guard count <= YAML.mostValues else { return stop(.tooLarge) }
        guard depth < YAML.deepest else { return stop(.tooDeep) }
        guard let mark = node.mark else { return stop(.alias) }
        let (here, last) = ((mark.line, mark.column), (lastLine, lastColumn))
        // Only the first node within a collection may stand where its predecessor, the collection, stands.
        guard lastWasScalar ? here > last : here >= last else { return stop(.alias) }
        (lastLine, lastColumn) = here
        if case .scalar = node { lastWasScalar = true } else { lastWasScalar = false }
        return mark.line
    }

    private mutating func stop(_ fault: Fault) -> Int? {
        self.fault = fault
        return nil
    }
}
