/// Walks the elements of a DER encoding, in order, without copying. Strict and bounded: definite lengths in their shortest form, low
/// tags, every element inside its parent; nothing is read twice, nothing recurses. For certificates, CRLs and OCSP answers.
package struct DERReader: Sendable {
    private let source: [UInt8]
    private var position: Int
    private let end: Int

    package init(_ bytes: [UInt8]) {
        self.init(bytes, 0..<bytes.count)
    }

    init(_ bytes: [UInt8], _ range: Range<Int>) {
        source = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    /// The content of `bytes` when they are exactly one element with this tag.
    package static func whole(_ bytes: [UInt8], _ tag: UInt8 = DERTag.sequence) throws(DERError) -> DERReader {
        var outer = DERReader(bytes)
        let element = try outer.expect(tag)
        try outer.finish()
        return element.reader
    }

    package var isAtEnd: Bool { position == end }

    /// The tag of the element that comes next; nil at the end.
    package var nextTag: UInt8? { position < end ? source[position] : nil }

    package mutating func next() throws(DERError) -> DERElement {
        let start = position
        guard end - position >= 2 else { throw .truncated }
        let tag = source[position]
        guard tag & 0x1f != 0x1f else { throw .tag(tag) }
        let first = source[position + 1]
        var cursor = position + 2
        var length = Int(first)
        if first >= 0x80 {
            // At most four bytes of length: the caller has bounded its input far below 4 GiB.
            let count = Int(first & 0x7f)
            guard (1...4).contains(count) else { throw .length }
            guard end - cursor >= count else { throw .truncated }
            length = 0
            for index in cursor..<cursor + count { length = length << 8 | Int(source[index]) }
            guard length >= 0x80, source[cursor] != 0 else { throw .length }
            cursor += count
        }
        guard length <= end - cursor else { throw .truncated }
        position = cursor + length
        return DERElement(tag: tag, source: source, whole: start..<position, inner: cursor..<position)
    }

    /// The next element, which must have this tag.
    package mutating func expect(_ tag: UInt8) throws(DERError) -> DERElement {
        if let found = nextTag, found != tag { throw .tag(found) }
        return try next()
    }

    /// The next element when it has this tag: an OPTIONAL or DEFAULT field.
    package mutating func take(_ tag: UInt8) throws(DERError) -> DERElement? {
        nextTag == tag ? try next() : nil
    }

    /// What is inside an explicit `[number]`, when that comes next: exactly one element.
    package mutating func takeExplicit(_ number: UInt8) throws(DERError) -> DERElement? {
        guard let outer = try take(DERTag.contextConstructed(number)) else { return nil }
        var inner = outer.reader
        let element = try inner.next()
        try inner.finish()
        return element
    }

    package func finish() throws(DERError) {
        guard isAtEnd else { throw .trailing }
    }
}
