/// `Prescan` for a document that comes in pieces: the same rules, limits and refusals, one byte at a time, with memory for one number
/// per open element. libxml2 sees a piece only when all of it has passed here.
///
/// It knows names by their length only, as `Prescan` does, so there is no second tree to differ from the first (A9); at the end
/// the number of elements is compared with what libxml2 found.
struct StreamPrescan {
    private enum State: UInt8 {
        case text, reference, less
        case word, comment, commentEnd, cdata
        case endTag, tagName, inTag, empty, attributeName, equals, quote, value
    }

    private let limits: XMLLimits
    private let nameBytes: Int
    private var state = State.text
    /// Where a reference stands: in text, or in a value.
    private var around = State.text
    /// Bytes of the current run of text, value, comment, name or end tag.
    private var run = 0
    private var referenceLength = 0
    private var referenceWord: UInt64 = 0
    /// What must follow `<!`, and how much of it has.
    private var word: StaticString = "--"
    private var matched = 0
    private var mark: UInt8 = 0
    /// Between the first byte of a start tag's name and its end, and the bytes of it so far.
    private var isInTag = false
    private var tag = 0
    private var open: [Int] = []
    private var namespacesInScope = 0
    private var namespaces = 0
    private var attributes = 0
    private static let declaration: StaticString = "xmlns:"
    /// Bytes of `declaration` that the attribute's name has begun with.
    private var declares = 0
    private(set) var elements = 0
    /// Line feeds before the current piece.
    private var lines = 0

    init(_ limits: XMLStreamLimits) {
        self.limits = limits.document
        nameBytes = limits.nameBytes
        open.reserveCapacity(limits.document.depth)
    }

    /// Whole characters only: a piece never ends inside one.
    mutating func scan(_ bytes: Span<UInt8>) throws(XMLRefusal) {
        var position = 0
        do throws(XMLRefusal) { try scan(bytes, &position) } catch {
            guard case .notWellFormed = error else { throw error }
            throw .notWellFormed(line: 1 + lines + Self.lines(bytes, upTo: position))
        }
        lines += Self.lines(bytes, upTo: bytes.count)
    }

    /// After the last piece.
    func finish() throws(XMLRefusal) {
        guard state == .text, open.isEmpty, elements > 0 else { throw .notWellFormed(line: lines + 1) }
    }

    private mutating func scan(_ bytes: Span<UInt8>, _ position: inout Int) throws(XMLRefusal) {
        while position < bytes.count {
            let before = position
            let wasInTag = isInTag
            switch state {
            case .text: try text(bytes, &position)
            case .value: try value(bytes, &position)
            case .tagName, .attributeName: try name(bytes, &position)
            case .inTag: try inTag(bytes, &position)
            case .comment, .cdata, .endTag: try skip(bytes, &position)
            default:
                try step(bytes[position])
                position += 1
            }
            // libxml2 lets nothing of a start tag go before its end, white space included.
            if wasInTag {
                tag += position - before
                guard tag <= max(limits.textBytes, 65_536) else { throw .textTooLong }
            }
        }
    }

    // MARK: Runs

    private mutating func text(_ bytes: Span<UInt8>, _ position: inout Int) throws(XMLRefusal) {
        let start = position
        while bytes.count - position >= 8 {
            let word = EightBytes(unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: position, as: UInt64.self))
            let found = word.equal(to: Byte.less) | word.equal(to: Byte.ampersand)
            if found != 0 {
                position += EightBytes.first(in: found)
                break
            }
            position += 8
        }
        while position < bytes.count, bytes[position] != Byte.less, bytes[position] != Byte.ampersand { position += 1 }
        try extend(by: position - start)
        guard position < bytes.count else { return }
        if bytes[position] == Byte.less {
            state = .less
        } else {
            try beginReference()
        }
        position += 1
    }

    private mutating func value(_ bytes: Span<UInt8>, _ position: inout Int) throws(XMLRefusal) {
        let start = position
        while position < bytes.count, bytes[position] != mark, bytes[position] != Byte.less, bytes[position] != Byte.ampersand {
            position += 1
        }
        try extend(by: position - start)
        guard position < bytes.count else { return }
        if bytes[position] == Byte.ampersand {
            try beginReference()
        } else {
            guard bytes[position] == mark else { throw malformed }
            state = .inTag
        }
        position += 1
    }

    private mutating func name(_ bytes: Span<UInt8>, _ position: inout Int) throws(XMLRefusal) {
        let start = position
        while position < bytes.count, !Byte.isDelimiter(bytes[position]) {
            let index = run + position - start
            if index == declares, index < 6, unsafe Self.declaration.utf8Start[index] == bytes[position] { declares += 1 }
            position += 1
        }
        run += position - start
        guard run <= nameBytes else { throw .nameTooLong }
        guard position < bytes.count else { return }
        guard run > 0 else { throw malformed }
        if state == .tagName {
            elements += 1
            guard elements <= limits.elements else { throw .tooManyElements }
            guard open.count < limits.depth else { throw .tooDeep }
            attributes = 0
            namespaces = 0
            state = .inTag
        } else {
            if declares == 6 || (declares == 5 && run == 5) { namespaces += 1 }
            attributes += 1
            guard attributes <= limits.attributesPerElement else { throw .tooManyAttributes }
            guard namespacesInScope + namespaces <= limits.namespacesInScope else { throw .tooManyNamespaces }
            state = .equals
        }
    }

    private mutating func inTag(_ bytes: Span<UInt8>, _ position: inout Int) throws(XMLRefusal) {
        while position < bytes.count, Byte.isSpace(bytes[position]) { position += 1 }
        guard position < bytes.count else { return }
        switch bytes[position] {
        case UInt8(ascii: ">"):
            open.append(namespaces)
            namespacesInScope += namespaces
            isInTag = false
            begin(.text)
            position += 1
        case UInt8(ascii: "/"):
            state = .empty
            position += 1
        default:
            declares = 0
            begin(.attributeName)
        }
    }

    /// To the end of a comment, a CDATA section or an end tag. `matched` counts the bytes of the end that stand before `position`.
    private mutating func skip(_ bytes: Span<UInt8>, _ position: inout Int) throws(XMLRefusal) {
        let start = position
        while position < bytes.count {
            let byte = bytes[position]
            position += 1
            if state == .endTag {
                guard byte != UInt8(ascii: ">") else { return try ended(position - start - 1, .text) }
            } else if byte == mark {
                matched += 1
                if state == .comment, matched == 2 { return try ended(position - start - 2, .commentEnd) }
            } else if matched >= 2, byte == UInt8(ascii: ">") {
                return try ended(position - start - 3, .text)
            } else {
                matched = 0
            }
        }
        try extend(by: position - start)
    }

    /// `length` may be negative when the end began in an earlier piece.
    private mutating func ended(_ length: Int, _ next: State) throws(XMLRefusal) {
        try extend(by: length)
        begin(next)
    }

    // MARK: Single bytes

    private mutating func step(_ byte: UInt8) throws(XMLRefusal) {
        switch state {
        case .reference: try reference(byte)
        case .less: try markup(byte)
        case .word: try word(byte)
        case .commentEnd:
            guard byte == UInt8(ascii: ">") else { throw malformed }
            begin(.text)
        case .empty:
            // As in `Prescan`: a slash that closes nothing begins an attribute without a name.
            guard byte == UInt8(ascii: ">") else { throw malformed }
            isInTag = false
            begin(.text)
        case .equals:
            if Byte.isSpace(byte) { return }
            guard byte == UInt8(ascii: "=") else { throw malformed }
            state = .quote
        case .quote:
            if Byte.isSpace(byte) { return }
            guard byte == UInt8(ascii: "\"") || byte == UInt8(ascii: "'") else { throw malformed }
            mark = byte
            begin(.value)
        default: throw malformed
        }
    }

    private mutating func beginReference() throws(XMLRefusal) {
        around = state
        state = .reference
        referenceLength = 0
        referenceWord = 0
        try extend(by: 1)
    }

    /// `&name;` of the five predefined ones, or `&#…;`. Whether a character reference names an allowed character is libxml2's to judge.
    private mutating func reference(_ byte: UInt8) throws(XMLRefusal) {
        try extend(by: 1)
        guard byte == UInt8(ascii: ";") else {
            guard referenceLength < 20 else { throw .entity }
            // The first eight bytes decide: every predefined name is shorter.
            if referenceLength < 8 { referenceWord |= UInt64(byte) << (8 * UInt64(referenceLength)) }
            referenceLength += 1
            return
        }
        guard referenceLength > 0 else { throw malformed }
        guard referenceWord & 255 == UInt64(UInt8(ascii: "#")) || isPredefined else { throw .entity }
        state = around
    }

    /// lt, gt, amp, quot, apos; the first byte lowest.
    private var isPredefined: Bool {
        switch (referenceLength, referenceWord) {
        case (2, 0x746c), (2, 0x7467), (3, 0x706d61), (4, 0x746f_7571), (4, 0x736f_7061): true
        default: false
        }
    }

    private mutating func markup(_ byte: UInt8) throws(XMLRefusal) {
        switch byte {
        case UInt8(ascii: "?"): throw .processingInstruction
        case UInt8(ascii: "!"):
            matched = 0
            begin(.word)
        case UInt8(ascii: "/"):
            guard let declared = open.popLast() else { throw malformed }
            namespacesInScope -= declared
            begin(.endTag)
        default:
            guard !Byte.isDelimiter(byte) else { throw malformed }
            declares = -1
            begin(.tagName)
            run = 1
            isInTag = true
            tag = 1
        }
    }

    private mutating func word(_ byte: UInt8) throws(XMLRefusal) {
        if matched == 0 {
            switch byte {
            case UInt8(ascii: "-"): word = "--"
            case UInt8(ascii: "["): word = "[CDATA["
            case UInt8(ascii: "D"): word = "DOCTYPE"
            default: throw malformed
            }
        }
        guard unsafe word.utf8Start[matched] == byte else { throw malformed }
        matched += 1
        guard matched == word.utf8CodeUnitCount else { return }
        let isComment = matched == 2
        guard isComment || byte == UInt8(ascii: "[") else { throw .doctype }
        mark = isComment ? UInt8(ascii: "-") : UInt8(ascii: "]")
        matched = 0
        begin(isComment ? .comment : .cdata)
    }

    // MARK: Parts

    private mutating func begin(_ next: State) {
        state = next
        run = 0
    }

    private mutating func extend(by count: Int) throws(XMLRefusal) {
        run += count
        guard run <= limits.textBytes else { throw .textTooLong }
    }

    /// The line is filled in by `scan`.
    private var malformed: XMLRefusal { .notWellFormed(line: 0) }

    private static func lines(_ bytes: Span<UInt8>, upTo end: Int) -> Int {
        var count = 0
        var index = 0
        while end - index >= 8 {
            count += EightBytes(unsafe bytes.bytes.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)).count(of: 0x0a)
            index += 8
        }
        while index < end {
            if bytes[index] == 0x0a { count += 1 }
            index += 1
        }
        return count
    }
}

/// The bytes that XML's grammar is made of.
enum Byte {
    static let less = UInt8(ascii: "<")
    static let ampersand = UInt8(ascii: "&")

    static func isSpace(_ byte: UInt8) -> Bool { byte == 0x20 || byte == 0x0a || byte == 0x09 || byte == 0x0d }

    /// What ends a name inside a tag, or has no place in one.
    static func isDelimiter(_ byte: UInt8) -> Bool {
        switch byte {
        case 0x20, 0x0a, 0x09, 0x0d, UInt8(ascii: ">"), UInt8(ascii: "/"), UInt8(ascii: "="), UInt8(ascii: "<"),
            UInt8(ascii: "\""), UInt8(ascii: "'"), UInt8(ascii: "&"):
            true
        default: false
        }
    }
}
