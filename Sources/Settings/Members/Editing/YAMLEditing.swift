import Vocabulary

/// New trees from old ones. What is made here stands on line 0: it was in no file.
extension YAML {
    static func text(_ text: String) -> YAML { YAML(line: 0, value: .scalar(text, isPlain: false)) }

    static func list(_ items: [YAML]) -> YAML { YAML(line: 0, value: .list(items)) }

    static func words(_ words: some Sequence<String>) -> YAML { .list(words.sorted().map(YAML.text)) }

    static func map(_ pairs: [(key: String, value: YAML?)]) -> YAML {
        YAML(line: 0, value: .map(pairs.compactMap { pair in pair.value.map { Pair(key: pair.key, line: 0, value: $0) } }))
    }

    subscript(key: String) -> YAML? {
        guard case .map(let pairs) = value else { return nil }
        return pairs.first { $0.key == key }?.value
    }

    /// With another value under a key, which keeps its place and its comments; nil takes the key out.
    func setting(_ key: String, to new: YAML?) -> YAML {
        guard case .map(var pairs) = value else { return self }
        switch (pairs.firstIndex { $0.key == key }, new) {
        case (let index?, let new?): pairs[index] = Pair(key: key, line: pairs[index].line, value: new)
        case (let index?, nil): pairs.remove(at: index)
        case (nil, let new?): pairs.append(Pair(key: key, line: 0, value: new))
        case (nil, nil): break
        }
        return YAML(line: line, value: .map(pairs))
    }

    /// The items of a list, or the one value as a list of one.
    var items: [YAML] {
        if case .list(let items) = value { return items }
        return [self]
    }

    var scalarText: String {
        if case .scalar(let text, _) = value { return text }
        return ""
    }

    /// The same values in the same structure; the order of keys, and of lists that are sets, does not matter to any reader.
    func means(_ other: YAML, path: String = "") -> Bool {
        switch (value, other.value) {
        case (.scalar(let one, let isPlain), .scalar(let two, let isOtherPlain)):
            guard one.hasSameBytes(as: two) else { return false }
            // Quotes matter to flags, numbers and nothing at all only.
            let matters =
                isAbsent || other.isAbsent || ["true", "false"].contains(one) || one.utf8.allSatisfy { (0x30...0x39).contains($0) }
            return isPlain == isOtherPlain || !matters
        case (.list(let one), .list(let two)):
            guard one.count == two.count else { return false }
            let isSet = YAMLOrder.isSet(path)
            let first = isSet ? one.sorted { $0.scalarText < $1.scalarText } : one
            let second = isSet ? two.sorted { $0.scalarText < $1.scalarText } : two
            return zip(first, second).allSatisfy { $0.means($1, path: path + "[]") }
        case (.map(let one), .map(let two)):
            guard one.count == two.count else { return false }
            return one.allSatisfy { pair in
                other[pair.key].map { pair.value.means($0, path: path.isEmpty ? pair.key : path + "." + pair.key) } ?? false
            }
        default: return false
        }
    }
}
