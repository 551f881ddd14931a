import Vocabulary

/// Writes a tree as YAML in one stable form: known keys in the order of Metadata/README.md, others by their letters, sets sorted, comments
/// above and beside a value kept. The same tree gives the same bytes, so that what officers sign and what a diff shows is what changed.
struct YAMLWriter {
    /// The text the tree was read from, for its comments.
    let source: [Substring]
    private var taken: Set<Int> = []
    private var beside: Set<Int> = []
    private var out = ""

    init(source: String = "") { self.source = source.split(separator: "\n", omittingEmptySubsequences: false) }

    /// Nil when the text would not be read back as the same tree: then nothing may be written over the old file.
    static func text(of tree: YAML, source: String = "") -> String? {
        guard case .map(let pairs) = tree.value else { return nil }
        var writer = YAMLWriter(source: source)
        writer.map(pairs, path: "", indent: 0)
        writer.tail()
        guard let again = YAML(reading: writer.out, file: "", to: Findings()), again.means(tree) else { return nil }
        return writer.out
    }

    // MARK: Values

    private mutating func map(_ pairs: [YAML.Pair], path: String, indent: Int, isFirstInItem: Bool = false) {
        var isFirst = isFirstInItem
        for pair in YAMLOrder.sorted(pairs, at: path) {
            let beside = isFirst ? nil : comments(above: pair.line, indent)
            if let beside { out += beside }
            if !isFirst { out += String(repeating: " ", count: indent) }
            isFirst = false
            out += Self.scalar(pair.key, isPlain: false) + ":"
            value(pair.value, line: pair.line, path: path.isEmpty ? pair.key : path + "." + pair.key, indent: indent)
        }
    }

    private mutating func value(_ tree: YAML, line: Int, path: String, indent: Int) {
        switch tree.value {
        case .scalar(let text, let isPlain):
            if let block = Self.block(text, indent: indent + 2) {
                out += " " + block
                return
            }
            let written = Self.scalar(text, isPlain: isPlain)
            out += (written.isEmpty ? "" : " " + written) + comment(beside: tree.line == 0 ? line : tree.line) + "\n"
        case .map(let pairs) where pairs.isEmpty: out += " {}\n"
        case .map(let pairs):
            out += comment(beside: line) + "\n"
            map(pairs, path: path, indent: indent + 2)
        case .list(let items):
            let sorted = YAMLOrder.isSet(path) ? items.sorted { $0.scalarText < $1.scalarText } : items
            if let flow = Self.flow(sorted, room: 118 - indent - path.utf8.count) {
                out += " " + flow + comment(beside: line) + "\n"
                return
            }
            out += comment(beside: line) + "\n"
            for item in sorted { self.item(item, path: path + "[]", indent: indent + 2) }
        }
    }

    private mutating func item(_ tree: YAML, path: String, indent: Int) {
        out += comments(above: tree.line, indent)
        out += String(repeating: " ", count: indent) + "-"
        if case .map(let pairs) = tree.value, !pairs.isEmpty {
            out += " "
            map(pairs, path: path, indent: indent + 2, isFirstInItem: true)
        } else {
            value(tree, line: tree.line, path: path, indent: indent)
        }
    }

    /// `[a, b]` for a short list of simple words.
    private static func flow(_ items: [YAML], room: Int) -> String? {
        if items.isEmpty { return "[]" }
        var words: [String] = []
        for item in items {
            guard case .scalar(let text, let isPlain) = item.value, isSimple(text) || !isPlain, !text.contains("\n") else { return nil }
            words.append(isSimple(text) && (isPlain || !isWord(text)) ? text : quoted(text))
        }
        let flow = "[" + words.joined(separator: ", ") + "]"
        return flow.utf8.count <= room ? flow : nil
    }

    static func scalar(_ text: String, isPlain: Bool) -> String {
        // What was plain in its place may stand there plain again, unless it was folded over lines.
        if isPlain, !text.contains("\n") { return text }
        return isSimple(text) && !isWord(text) ? text : quoted(text)
    }

    /// A text of several lines, readable: `|` with what was there.
    private static func block(_ text: String, indent: Int) -> String? {
        let lines = text.split(separator: "\n", omittingEmptySubsequences: false)
        guard lines.count > 2 || (lines.count == 2 && lines.last?.isEmpty == false), lines.first?.first.map({ $0 != " " }) == true,
            text.unicodeScalars.allSatisfy({ $0 == "\n" || (0x20...0x7e).contains($0.value) })
        else { return nil }
        let endsOnce = text.hasSuffix("\n") && !text.hasSuffix("\n\n")
        guard endsOnce || !text.hasSuffix("\n") else { return nil }
        let body = endsOnce ? lines.dropLast() : lines[...]
        let pad = String(repeating: " ", count: indent)
        return (endsOnce ? "|\n" : "|-\n") + body.map { $0.isEmpty ? "\n" : pad + $0 + "\n" }.joined()
    }

    /// Means the same in every place without quotes.
    private static func isSimple(_ text: String) -> Bool {
        guard let first = text.utf8.first, let last = text.utf8.last, first.isBase64url, first != 0x2d, last != 0x3a,
            text.utf8.count <= 1024
        else { return false }
        return text.utf8.allSatisfy { $0.isBase64url || [0x2e, 0x2f, 0x3a, 0x2b, 0x40].contains($0) } && !text.contains(": ")
    }

    /// Would be read as something else than a text by one reader or another.
    private static func isWord(_ text: String) -> Bool {
        ["true", "false", "null", "Null", "NULL", "yes", "no", "on", "off", "~"].contains(text)
            || text.utf8.allSatisfy { (0x30...0x39).contains($0) }
    }

    private static func quoted(_ text: String) -> String {
        var out = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"": out += "\\\""
            case "\\": out += "\\\\"
            case "\n": out += "\\n"
            case "\t": out += "\\t"
            default:
                let value = scalar.value
                if value < 0x20 || (0x7f...0x9f).contains(value) || value == 0x2028 || value == 0x2029 || value == 0xfeff {
                    let digits = String(value, radix: 16)
                    out += "\\u" + String(repeating: "0", count: 4 - digits.utf8.count) + digits
                } else {
                    out.unicodeScalars.append(scalar)
                }
            }
        }
        return out + "\""
    }

    // MARK: Comments

    /// The lines of comment right above a line of the source, at the indentation they get now.
    private mutating func comments(above line: Int, _ indent: Int) -> String {
        guard line >= 2, line <= source.count else { return "" }
        var found: [String] = []
        var index = line - 2
        while index >= 0, !taken.contains(index) {
            let text = source[index].drop { $0 == " " || $0 == "\t" }
            guard text.isEmpty || text.hasPrefix("#") else { break }
            taken.insert(index)
            if !text.isEmpty { found.append(String(repeating: " ", count: indent) + text + "\n") }
            index -= 1
        }
        return found.reversed().joined()
    }

    /// `key: value  # this`: kept where no quote makes it doubtful what is a comment.
    private mutating func comment(beside line: Int) -> String {
        guard line >= 1, line <= source.count, beside.insert(line).inserted else { return "" }
        let text = source[line - 1]
        guard let mark = text.firstRange(of: " #"), !text[..<mark.lowerBound].contains(where: { "\"'|>".contains($0) }) else { return "" }
        return "  " + text[mark.lowerBound...].drop { $0 == " " }
    }

    /// What stands below the last value.
    private mutating func tail() {
        guard let last = source.lastIndex(where: { !$0.drop(while: { $0 == " " }).isEmpty }) else { return }
        out += comments(above: last + 2, 0)
    }
}

/// Which key comes first, and which lists are sets.
enum YAMLOrder {
    private static let known: [String: [String]] = [
        "": [
            "id", "version", "kind", "names", "sector", "operated-by", "contacts", "applicant-sha256", "accreditation", "default-purpose",
            "certificate-profile", "saml", "openid",
        ],
        "names": ["ja", "en"],
        "version": ["number", "after", "restores"],
        "contacts[]": ["role", "name", "mail", "telephone"],
        "accreditation": [
            "state", "not-before", "not-after", "purposes", "attributes", "modes", "permissions", "note", "documents", "history",
        ],
        "accreditation.documents[]": ["title", "sha256", "date"],
        "accreditation.history[]": ["state", "at", "by", "reason", "not-before", "not-after"],
    ]

    private static let sets: Set<String> = [
        "accreditation.purposes", "accreditation.attributes", "accreditation.modes", "accreditation.permissions",
    ]

    static func isSet(_ path: String) -> Bool { sets.contains(path) }

    static func sorted(_ pairs: [YAML.Pair], at path: String) -> [YAML.Pair] {
        let order = known[path] ?? []
        func rank(_ key: String) -> Int { order.firstIndex(of: key) ?? order.count }
        return pairs.sorted { (rank($0.key), $0.key) < (rank($1.key), $1.key) }
    }
}
