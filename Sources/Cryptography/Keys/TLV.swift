/// As much DER as keys and signatures need: low tags, definite lengths below 64 KiB, minimal integers. Whole certificates are read by
/// the DER reader beside it.
enum TLV {
    static func encoded(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let count = content.count
        let length: [UInt8] =
            switch count {
            case 0..<0x80: [UInt8(truncatingIfNeeded: count)]
            case 0x80..<0x100: [0x81, UInt8(truncatingIfNeeded: count)]
            default: [0x82, UInt8(truncatingIfNeeded: count >> 8), UInt8(truncatingIfNeeded: count)]
            }
        precondition(count < 0x10000, "a key or signature part of \(count) bytes")
        return [tag] + length + content
    }

    static func sequence(_ content: [UInt8]) -> [UInt8] { encoded(0x30, content) }

    /// An INTEGER that is not negative, from its big-endian bytes.
    static func unsigned(_ bytes: [UInt8]) -> [UInt8] {
        let trimmed = withoutLeadingZeros(bytes)
        guard let first = trimmed.first, first < 0x80 else { return encoded(0x02, [0] + trimmed) }
        return encoded(0x02, trimmed)
    }

    static func withoutLeadingZeros(_ bytes: [UInt8]) -> [UInt8] { Array(bytes.drop { $0 == 0 }) }

    struct Reader {
        private let bytes: [UInt8]
        private var position = 0

        /// A reader over the content of `bytes`, when they are exactly one element with this tag.
        static func whole(_ bytes: [UInt8], tag: UInt8) -> Reader? {
            var outer = Reader(bytes)
            guard let content = outer.element(tag: tag), outer.isAtEnd else { return nil }
            return Reader(content)
        }

        private init(_ bytes: [UInt8]) { self.bytes = bytes }

        var isAtEnd: Bool { position == bytes.count }

        mutating func element(tag: UInt8) -> [UInt8]? {
            guard next() == tag, let first = next() else { return nil }
            var length = Int(first)
            if first >= 0x80 {
                length = 0
                guard first == 0x81 || first == 0x82 else { return nil }
                for _ in 0x80..<first {
                    guard let byte = next() else { return nil }
                    length = length << 8 | Int(byte)
                }
            }
            guard length <= bytes.count - position else { return nil }
            defer { position += length }
            return Array(bytes[position..<position + length])
        }

        private mutating func next() -> UInt8? {
            guard position < bytes.count else { return nil }
            defer { position += 1 }
            return bytes[position]
        }
    }
}
