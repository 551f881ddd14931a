/// A linear pass over the markup that enforces `XMLLimits` and refuses whole classes of syntax before libxml2 sees a byte:
/// document types, entities, processing instructions, foreign encodings (C1–C3, C5, C6). It needs memory for one number per
/// open element.
///
/// It is not a second parser whose tree could differ from the first (A9): it keeps no names and no values, only counts, and
/// gives up on everything it does not understand. On a well-formed document its view of where tags begin and end is the
/// grammar's.
struct Prescan {
    private let bytes: [UInt8]
    private let limits: XMLLimits
    private var position = 0
    /// Namespace declarations made by each open element.
    private var open: [Int] = []
    private var namespacesInScope = 0
    private var elements = 0

    /// The number of elements that the tree must have.
    static func count(_ bytes: [UInt8], limits: XMLLimits) throws(XMLRefusal) -> Int {
        var scan = Prescan(bytes: bytes, limits: limits)
        return try scan.run()
    }

    private init(bytes: [UInt8], limits: XMLLimits) {
        self.bytes = bytes
        self.limits = limits
    }

    private mutating func run() throws(XMLRefusal) -> Int {
        guard bytes.count <= limits.bytes, bytes.count < Int(Int32.max) else { throw .tooLarge }
        try refuseForeignEncoding()
        if starts(with: [0xef, 0xbb, 0xbf]) { position = 3 }
        if starts(with: "<?xml"), isSpace(peek(5)) { try declaration() }
        while position < bytes.count {
            try text()
            guard position < bytes.count else { break }
            try markup()
        }
        guard open.isEmpty, elements > 0 else { throw malformed() }
        return elements
    }

    // MARK: Prolog

    private func refuseForeignEncoding() throws(XMLRefusal) {
        let foreign: [[UInt8]] = [
            [0xfe, 0xff], [0xff, 0xfe], [0x00], [0x3c, 0x00],  // UTF-16 and UTF-32, with and without a mark
            [0x4c, 0x6f, 0xa7, 0x94],  // `<?xm` in EBCDIC
            Array("+ADw".utf8), Array("+/v".utf8),  // `<` and the byte order mark in UTF-7
        ]
        for start in foreign where starts(with: start) { throw .unsupportedEncoding }
        do { _ = try UTF8Span(validating: bytes.span) } catch { throw .unsupportedEncoding }
        // No character of XML 1.0 §2.2, and where readers in C take the text to end: what stands behind it is another document (A9).
        guard !bytes.contains(0) else { throw .notWellFormed(line: 0) }
    }

    /// XMLDecl (XML 1.0 §2.8), read only for the two facts that could change the meaning of the bytes.
    private mutating func declaration() throws(XMLRefusal) {
        position += 5
        while true {
            skipSpace()
            if starts(with: "?>") {
                position += 2
                return
            }
            let start = position
            while let byte = peek(), byte != UInt8(ascii: "="), !isSpace(byte), byte != UInt8(ascii: "?") { position += 1 }
            let name = bytes[start..<position]
            let value = try quotedAfterEquals()
            if name.elementsEqual("version".utf8), !value.elementsEqual("1.0".utf8) { throw .unsupportedVersion }
            if name.elementsEqual("encoding".utf8), String(decoding: value, as: UTF8.self).lowercased() != "utf-8" {
                throw .unsupportedEncoding
            }
        }
    }

    // MARK: Content

    private mutating func text() throws(XMLRefusal) {
        let start = position
        while let byte = peek(), byte != UInt8(ascii: "<") {
            if byte == UInt8(ascii: "&") { try reference() } else { position += 1 }
        }
        guard position - start <= limits.textBytes else { throw .textTooLong }
    }

    private mutating func reference() throws(XMLRefusal) {
        let start = position + 1
        var end = start
        // The longest reference allowed is `&#x10FFFF;`; leading zeros beyond sixteen digits are nobody's honest writing.
        while end < bytes.count, bytes[end] != UInt8(ascii: ";") {
            guard end - start < 20 else { throw .entity }
            end += 1
        }
        guard end < bytes.count, end > start else { throw malformed() }
        let name = bytes[start..<end]
        let isPredefined = ["lt", "gt", "amp", "quot", "apos"].contains { name.elementsEqual($0.utf8) }
        // Whether a character reference names an allowed character is libxml2's to judge.
        guard isPredefined || bytes[start] == UInt8(ascii: "#") else { throw .entity }
        position = end + 1
    }

    private mutating func markup() throws(XMLRefusal) {
        switch peek(1) {
        case UInt8(ascii: "?"):
            throw .processingInstruction
        case UInt8(ascii: "!"):
            if starts(with: "<!--") {
                try skip(past: "--", from: position + 4)
                guard peek() == UInt8(ascii: ">") else { throw malformed() }
                position += 1
            } else if starts(with: "<![CDATA[") {
                try skip(past: "]]>", from: position + 9)
            } else if starts(with: "<!DOCTYPE") {
                throw .doctype
            } else {
                throw malformed()
            }
        case UInt8(ascii: "/"):
            guard let declared = open.popLast() else { throw malformed() }
            namespacesInScope -= declared
            try skip(past: ">", from: position + 2)
        default:
            try startTag()
        }
    }

    private mutating func startTag() throws(XMLRefusal) {
        position += 1
        let start = position
        while let byte = peek(), !Byte.isDelimiter(byte) { position += 1 }
        guard position > start else { throw malformed() }
        elements += 1
        guard elements <= limits.elements else { throw .tooManyElements }
        guard open.count < limits.depth else { throw .tooDeep }
        var attributes = 0
        var namespaces = 0
        while true {
            skipSpace()
            if peek() == UInt8(ascii: ">") {
                position += 1
                open.append(namespaces)
                namespacesInScope += namespaces
                return
            }
            if starts(with: "/>") {
                position += 2
                return
            }
            let isNamespace = starts(with: "xmlns")
            let nameStart = position
            while let byte = peek(), !Byte.isDelimiter(byte) { position += 1 }
            guard position > nameStart else { throw malformed() }
            if isNamespace, position == nameStart + 5 || bytes[nameStart + 5] == UInt8(ascii: ":") { namespaces += 1 }
            attributes += 1
            guard attributes <= limits.attributesPerElement else { throw .tooManyAttributes }
            guard namespacesInScope + namespaces <= limits.namespacesInScope else { throw .tooManyNamespaces }
            guard try quotedAfterEquals().count <= limits.textBytes else { throw .textTooLong }
        }
    }

    private mutating func quotedAfterEquals() throws(XMLRefusal) -> ArraySlice<UInt8> {
        skipSpace()
        guard peek() == UInt8(ascii: "=") else { throw malformed() }
        position += 1
        skipSpace()
        guard let quote = peek(), quote == UInt8(ascii: "\"") || quote == UInt8(ascii: "'") else { throw malformed() }
        position += 1
        let start = position
        while let byte = peek(), byte != quote {
            switch byte {
            case UInt8(ascii: "<"): throw malformed()
            case UInt8(ascii: "&"): try reference()
            default: position += 1
            }
        }
        guard position < bytes.count else { throw malformed() }
        position += 1
        return bytes[start..<(position - 1)]
    }

    // MARK: Bytes

    private mutating func skip(past end: StaticString, from start: Int) throws(XMLRefusal) {
        position = start
        while position < bytes.count {
            if starts(with: end) {
                guard position - start <= limits.textBytes else { throw .textTooLong }
                position += end.utf8CodeUnitCount
                return
            }
            position += 1
        }
        throw malformed()
    }

    private mutating func skipSpace() {
        while isSpace(peek()) { position += 1 }
    }

    private func peek(_ offset: Int = 0) -> UInt8? {
        position + offset < bytes.count ? bytes[position + offset] : nil
    }

    private func starts(with text: StaticString) -> Bool {
        starts(with: text.utf8CodeUnitCount) { index in unsafe text.utf8Start[index] }
    }

    private func starts(with start: [UInt8]) -> Bool {
        starts(with: start.count) { start[$0] }
    }

    private func starts(with count: Int, _ byte: (Int) -> UInt8) -> Bool {
        guard bytes.count - position >= count else { return false }
        for index in 0..<count where bytes[position + index] != byte(index) { return false }
        return true
    }

    private func isSpace(_ byte: UInt8?) -> Bool { byte.map(Byte.isSpace) ?? false }

    private func malformed() -> XMLRefusal {
        .notWellFormed(line: 1 + bytes[..<min(position, bytes.count)].count { $0 == 0x0a })
    }
}
