import Vocabulary

/// The text of a document laid out for a reader and otherwise unchanged: line breaks and blanks are put between tags, and nothing is
/// parsed, reordered or written anew, so that a signature's author sees his own prefixes, attributes and quotes. Works on documents that no
/// parser takes.
package enum SourceView {
    /// Elements whose text is about a citizen or opens something: shown by its length only unless asked for.
    package static let secret: Set<String> = [
        "AttributeValue", "NameID", "NewID", "SessionIndex", "BaseID", "Artifact", "Password", "BinarySecurityToken", "CipherValue",
    ]

    /// Attributes of the same kind.
    package static let secretAttributes: Set<String> = ["SPProvidedID"]

    /// Lines of a document that is no bomb: layout stops after `most` lines or as many `octets`, and says so. A text that began before is
    /// written to its end.
    package static func lines(_ xml: [UInt8], revealing: Bool, most: Int = 20_000, octets: Int = 8 << 20) -> [String] {
        guard String(validating: xml, as: UTF8.self) != nil else { return ["(not UTF-8; \(xml.count) octets)"] }
        var view = Layout(bytes: xml, revealing: revealing)
        return view.lines(most: most, octets: octets)
    }

    /// Visible characters and line breaks; whatever turns the direction of reading or cannot be seen is named.
    static func visible(_ bytes: some Sequence<UInt8>) -> String {
        var text = ""
        for scalar in String(decoding: Array(bytes), as: UTF8.self).unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control where scalar == "\n" || scalar == "\t": text.unicodeScalars.append(scalar)
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            default: text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

private struct Layout {
    let bytes: [UInt8]
    let revealing: Bool
    private var position = 0
    /// For each open element whether it is one of `SourceView.secret`; and how many are.
    private var open: [Bool] = []
    private var secrets = 0
    private var out: [String] = []
    private var octets = 0

    init(bytes: [UInt8], revealing: Bool) {
        self.bytes = bytes
        self.revealing = revealing
    }

    mutating func lines(most: Int, octets limit: Int) -> [String] {
        while position < bytes.count {
            guard out.count < most, octets < limit else {
                out.append("… (\(bytes.count - position) octets more)")
                break
            }
            if bytes[position] == 0x3c { markup() } else { text() }
        }
        return out
    }

    private var indent: String { String(repeating: "  ", count: min(open.count, 40)) }

    private mutating func text() {
        let start = position
        while position < bytes.count, bytes[position] != 0x3c { position += 1 }
        let part = bytes[start..<position]
        guard part.contains(where: { !Lexical.isSpace($0) }) else { return }
        append(shown(part))
    }

    private mutating func markup() {
        let start = position
        let ending: [UInt8]
        if starts("<!--") {
            ending = Array("-->".utf8)
        } else if starts("<![CDATA[") {
            ending = Array("]]>".utf8)
        } else if starts("<?") {
            ending = Array("?>".utf8)
        } else {
            return tag(from: start)
        }
        while position < bytes.count, !bytes[position...].starts(with: ending) { position += 1 }
        position = min(bytes.count, position + ending.count)
        let part = bytes[start..<position]
        // Characters of a CDATA section are text of the element they stand in.
        if ending == Array("]]>".utf8) { append(shown(part)) } else { begin(SourceView.visible(part)) }
    }

    private mutating func tag(from start: Int) {
        var quote: UInt8?
        while position < bytes.count {
            let byte = bytes[position]
            if let current = quote {
                if byte == current { quote = nil }
            } else if byte == 0x22 || byte == 0x27 {
                quote = byte
            } else if byte == 0x3e {
                break
            }
            position += 1
        }
        position = min(bytes.count, position + 1)
        let part = bytes[start..<position]
        let name = Self.localName(part)
        if part.count > 1, part[start + 1] == 0x2f {
            if open.popLast() == true { secrets -= 1 }
            // A leaf stays on one line.
            if isLeaf, endsInStartTag { join(SourceView.visible(part)) } else { begin(SourceView.visible(part)) }
            isLeaf = false
            return
        }
        begin(SourceView.visible(hidden(part)))
        let isEmpty = part.count > 1 && part[position - 2] == 0x2f
        if !isEmpty, part.count > 1, part[start + 1] != 0x21 {
            let isSecret = SourceView.secret.contains(name)
            open.append(isSecret)
            if isSecret { secrets += 1 }
        }
        isLeaf = !isEmpty
    }

    /// The line before is a start tag with nothing but text behind it.
    private var isLeaf = false

    private var endsInStartTag: Bool {
        guard let last = out.last else { return false }
        return last.hasPrefix(indent + "<") && !last.hasPrefix(indent + "</")
    }

    private mutating func append(_ text: String) {
        if isLeaf { join(text) } else { begin(text) }
    }

    private mutating func begin(_ text: String) {
        out.append(indent + text)
        octets += text.utf8.count
    }

    /// In place: a line may be made of very many pieces.
    private mutating func join(_ text: String) {
        guard !out.isEmpty else { return begin(text) }
        out[out.count - 1] += text
        octets += text.utf8.count
    }

    private func shown(_ part: ArraySlice<UInt8>) -> String {
        guard !revealing, secrets > 0 else { return SourceView.visible(part) }
        return "‹\(part.count) octets not shown›"
    }

    /// A start tag with the values of secret attributes taken out.
    private func hidden(_ part: ArraySlice<UInt8>) -> [UInt8] {
        guard !revealing else { return Array(part) }
        var text = String(decoding: part, as: UTF8.self)
        for name in SourceView.secretAttributes {
            for quote in ["\"", "'"] {
                guard let found = text.ranges(of: " " + name + "=" + quote).first,
                    let end = text[found.upperBound...].firstIndex(of: Character(quote))
                else { continue }
                text.replaceSubrange(found.upperBound..<end, with: "‹not shown›")
            }
        }
        return Array(text.utf8)
    }

    private static func localName(_ tag: ArraySlice<UInt8>) -> String {
        let name = tag.dropFirst().prefix { !Lexical.isSpace($0) && $0 != 0x3e && $0 != 0x2f }
        return String(String(decoding: name, as: UTF8.self).split(separator: ":").last ?? "")
    }

    private func starts(_ text: String) -> Bool { bytes[position...].starts(with: text.utf8) }
}
