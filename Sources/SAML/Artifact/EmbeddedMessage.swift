import XML

/// A message of ours that was signed before, on its way inside another one: its bytes stay, so its signatures stay good.
struct EmbeddedMessage {
    /// Frozen: written as its canonical bytes where none of its prefixes is in scope.
    let tag: XMLTag
    private let original: [UInt8]
    private let canonical: [UInt8]

    /// `xml` is a message that our own serializer wrote.
    init(_ xml: [UInt8]) throws(AnswerFailure) {
        let canonical: [UInt8]
        let root: XMLElement
        do {
            root = try XMLDocument(parsing: xml).root
            canonical = try Canonical.exclusive(root)
        } catch {
            throw .sealing
        }
        // Without declarations that only a PrefixList keeps, which a message written by us may have beside the canonical form.
        guard let inner = Self.inside(of: canonical), let prefix = Self.prefix(of: canonical) else { throw .sealing }
        let shell = XMLTag(
            prefix, root.name.namespace, root.name.local, attributes: root.attributes.map { ($0.name.local, $0.value) })
        let prefixes = Self.declared(in: root).filter { $0 != prefix }
        tag = shell.inserting(at: 0) { (_: [UInt8]) in
            // Only asked for where a prefix is in scope already; ours never are.
            XMLTag.Insertion(bytes: Array(canonical[inner]), prefixes: prefixes) { XMLTag("", "", "moved") }
        }
        guard tag.canonicalBytes() == canonical else { throw .sealing }
        self.canonical = canonical
        original = xml
    }

    /// `message`, in which the canonical form stands once, with the original bytes in its place: they have the same canonical form, so the
    /// signature around them holds, and their own does too.
    func restored(in message: [UInt8]) -> [UInt8] {
        guard original != canonical, let place = Self.place(of: canonical, in: message) else { return message }
        return Array(message[..<place]) + original + message[(place + canonical.count)...]
    }

    private static func prefix(of bytes: [UInt8]) -> String? {
        guard let end = bytes.firstIndex(where: { $0 == 0x20 || $0 == 0x3e }), bytes.first == 0x3c else { return nil }
        let name = bytes[1..<end]
        guard let colon = name.firstIndex(of: 0x3a) else { return "" }
        return String(decoding: name[..<colon], as: UTF8.self)
    }

    /// What stands between the tags of the root. In canonical form no value has a raw quotation mark.
    private static func inside(of bytes: [UInt8]) -> Range<Int>? {
        var isQuoted = false
        var start: Int?
        for (index, byte) in bytes.enumerated() {
            if byte == 0x22 { isQuoted.toggle() }
            if byte == 0x3e, !isQuoted {
                start = index + 1
                break
            }
        }
        guard let start, let end = bytes.lastIndex(of: 0x3c), start <= end else { return nil }
        return start..<end
    }

    /// Every prefix that is declared anywhere in it.
    private static func declared(in root: XMLElement) -> [String] {
        var found: Set<String> = []
        root.forEachInSubtree { element in for namespace in element.namespacesInScope { found.insert(namespace.prefix) } }
        return found.sorted()
    }

    private static func place(of part: [UInt8], in whole: [UInt8]) -> Int? {
        guard let first = part.first, whole.count >= part.count else { return nil }
        var from = 0
        while let place = whole[from...(whole.count - part.count)].firstIndex(of: first) {
            if whole[place..<place + part.count].elementsEqual(part) { return place }
            from = place + 1
            if from > whole.count - part.count { return nil }
        }
        return nil
    }
}
