/// Text forms of XML Schema that groups use.
enum Lexical {
    /// `xs:anyURI`, `xs:dateTime` and `xs:duration` collapse white space (XML Schema 2 §4.3.6); pretty-printing publishers rely on it.
    static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        guard let start = bytes.firstIndex(where: { !isSpace($0) }), let last = bytes.lastIndex(where: { !isSpace($0) }) else { return "" }
        return String(text[start..<bytes.index(after: last)])
    }

    private static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x09 || byte == 0x0a || byte == 0x0d }
}
