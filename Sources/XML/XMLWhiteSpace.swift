/// The white space of XML (XML 1.0 §2.3).
package enum XMLWhiteSpace {
    /// Without what `xs:anyURI`, `xs:boolean`, `xs:dateTime` and `xs:duration` collapse (XML Schema 2 §4.3.6); pretty-printers rely on it.
    package static func trimmed(_ text: String) -> String {
        let bytes = text.utf8
        guard let first = bytes.first, let last = bytes.last, contains(first) || contains(last) else { return text }
        let start = bytes.firstIndex { !contains($0) } ?? bytes.endIndex
        let end = bytes.lastIndex { !contains($0) }.map { bytes.index(after: $0) } ?? start
        return String(text[start..<end])
    }

    package static func contains(_ byte: UInt8) -> Bool { Byte.isSpace(byte) }
}
