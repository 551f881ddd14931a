/// Walks DER elements as `DERReader` does, over bytes that are not copied and may be longer than 4 GiB.
struct ElementWalker {
    /// Header and content of one element.
    struct Element {
        let whole: Range<Int>
        let inner: Range<Int>
    }

    private let bytes: FixedBytes
    private(set) var position: Int
    private let end: Int

    init(_ bytes: FixedBytes, _ range: Range<Int>) {
        self.bytes = bytes
        position = range.lowerBound
        end = range.upperBound
    }

    var nextTag: UInt8? { position < end ? bytes.byte(at: position) : nil }

    mutating func next() throws(DERError) -> Element {
        let start = position
        guard end - position >= 2 else { throw .truncated }
        let tag = bytes.byte(at: position)
        guard tag & 0x1f != 0x1f else { throw .tag(tag) }
        let first = bytes.byte(at: position + 1)
        var cursor = position + 2
        var length = Int(first)
        if first >= 0x80 {
            // Six bytes of length are 256 TiB.
            let count = Int(first & 0x7f)
            guard (1...6).contains(count) else { throw .length }
            guard end - cursor >= count else { throw .truncated }
            length = Int(bytes.number(at: cursor, width: count))
            guard length >= 0x80, bytes.byte(at: cursor) != 0 else { throw .length }
            cursor += count
        }
        guard length <= end - cursor else { throw .truncated }
        position = cursor + length
        return Element(whole: start..<position, inner: cursor..<position)
    }

    mutating func expect(_ tag: UInt8) throws(DERError) -> Element {
        if let found = nextTag, found != tag { throw .tag(found) }
        return try next()
    }

    mutating func take(_ tag: UInt8) throws(DERError) -> Element? { nextTag == tag ? try next() : nil }

    func finish() throws(DERError) {
        guard position == end else { throw .trailing }
    }
}
