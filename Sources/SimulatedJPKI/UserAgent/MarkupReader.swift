/// HTML as a row of tokens, in one pass without going back.
struct MarkupReader {
    enum Token {
        case text(String)
        case start(String, [String: String])
        case end(String)
        /// An element whose content is no markup.
        case raw(String, String)
    }

    private let bytes: [UInt8]
    private var position = 0

    init(_ bytes: [UInt8]) { self.bytes = bytes }

    private static let rawElements: Set<String> = ["script", "style", "title", "textarea"]

    mutating func next() -> Token? {
        while position < bytes.count {
            guard bytes[position] == 0x3c else { return .text(take { $0 == 0x3c }) }
            if starts(with: "<!--") {
                skip(past: "-->")
            } else if position + 1 < bytes.count, bytes[position + 1] == 0x21 || bytes[position + 1] == 0x3f {
                skip(past: ">")
            } else if starts(with: "</") {
                position += 2
                let name = take { !Self.isName($0) }.lowercased()
                skip(past: ">")
                return .end(name)
            } else if position + 1 < bytes.count, Self.isLetter(bytes[position + 1]) {
                return startTag()
            } else {
                position += 1
                return .text("<")
            }
        }
        return nil
    }

    private mutating func startTag() -> Token {
        position += 1
        let name = take { !Self.isName($0) }.lowercased()
        var attributes: [String: String] = [:]
        while position < bytes.count, bytes[position] != 0x3e {
            if Self.isSpace(bytes[position]) || bytes[position] == 0x2f {
                position += 1
                continue
            }
            let attribute = take { Self.isSpace($0) || $0 == 0x3d || $0 == 0x3e || $0 == 0x2f }.lowercased()
            if attribute.isEmpty { position += 1 }
            skipSpace()
            var value = ""
            if position < bytes.count, bytes[position] == 0x3d {
                position += 1
                skipSpace()
                value = attributeValue()
            }
            // The first of a name counts (HTML §13.2.5.33).
            if attributes[attribute] == nil { attributes[attribute] = Self.unescaped(value) }
        }
        position = min(position + 1, bytes.count)
        guard Self.rawElements.contains(name) else { return .start(name, attributes) }
        return .raw(name, rawContent(of: name))
    }

    private mutating func attributeValue() -> String {
        guard position < bytes.count else { return "" }
        let quote = bytes[position]
        guard quote == 0x22 || quote == 0x27 else { return take { Self.isSpace($0) || $0 == 0x3e } }
        position += 1
        let value = take { $0 == quote }
        position = min(position + 1, bytes.count)
        return value
    }

    private mutating func rawContent(of name: String) -> String {
        let start = position
        let end = Array(("</" + name).utf8)
        while position < bytes.count {
            if bytes[position] == 0x3c, position + end.count <= bytes.count,
                String(decoding: bytes[position..<position + end.count], as: UTF8.self).lowercased().utf8.elementsEqual(end)
            {
                let content = String(decoding: bytes[start..<position], as: UTF8.self)
                skip(past: ">")
                return content
            }
            position += 1
        }
        return String(decoding: bytes[start...], as: UTF8.self)
    }

    private mutating func take(until isEnd: (UInt8) -> Bool) -> String {
        let start = position
        while position < bytes.count, !isEnd(bytes[position]) { position += 1 }
        return String(decoding: bytes[start..<position], as: UTF8.self)
    }

    private mutating func skipSpace() {
        while position < bytes.count, Self.isSpace(bytes[position]) { position += 1 }
    }

    private func starts(with text: StaticString) -> Bool {
        bytes[position...].starts(with: String(describing: text).utf8)
    }

    private mutating func skip(past text: StaticString) {
        while position < bytes.count, !starts(with: text) { position += 1 }
        position = min(position + String(describing: text).utf8.count, bytes.count)
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || (0x09...0x0d).contains(byte) }
    private static func isLetter(_ byte: UInt8) -> Bool { (0x41...0x5a).contains(byte) || (0x61...0x7a).contains(byte) }
    private static func isName(_ byte: UInt8) -> Bool { isLetter(byte) || (0x30...0x39).contains(byte) || byte == 0x2d }

    private static let entities: [String: String] = ["amp": "&", "lt": "<", "gt": ">", "quot": "\"", "apos": "'", "nbsp": "\u{a0}"]

    /// The five named references of XML, the hard space, and numeric ones; any other stays as it is.
    static func unescaped(_ text: String) -> String {
        guard text.contains("&") else { return text }
        var out = ""
        var rest = text[...]
        while let ampersand = rest.firstIndex(of: "&") {
            out += rest[..<ampersand]
            let after = rest[rest.index(after: ampersand)...]
            guard let semicolon = after.prefix(12).firstIndex(of: ";"), let character = character(after[..<semicolon]) else {
                out += "&"
                rest = after
                continue
            }
            out += character
            rest = after[after.index(after: semicolon)...]
        }
        return out + rest
    }

    private static func character(_ reference: Substring) -> String? {
        guard reference.hasPrefix("#") else { return entities[String(reference)] }
        let digits = reference.dropFirst()
        let isHexadecimal = digits.hasPrefix("x") || digits.hasPrefix("X")
        guard let number = UInt32(isHexadecimal ? digits.dropFirst() : digits, radix: isHexadecimal ? 16 : 10), number > 0,
            let scalar = Unicode.Scalar(number)
        else { return nil }
        return String(Character(scalar))
    }
}
