/// A name in the world's tree of numbers: algorithms, policies, extensions. Compared by its DER content bytes.
package struct ObjectIdentifier: Hashable, Sendable, CustomStringConvertible {
    /// The content of the DER OBJECT IDENTIFIER: at least one byte, at most 128.
    package let content: [UInt8]

    /// From DER content; nil when a number is not in its shortest form, is cut off, or when the whole is too long.
    package init?(content: [UInt8]) {
        guard let last = content.last, last < 0x80, content.count <= 128 else { return nil }
        var starts = true
        for byte in content {
            if starts, byte == 0x80 { return nil }
            starts = byte < 0x80
        }
        self.content = content
    }

    /// From `1.2.392.200149.8.5.1.3.30`: decimal numbers below 2⁶⁴ without leading zeros; the first is 0, 1 or 2, and below 2 the second
    /// is at most 39.
    package init?(_ dotted: String) {
        var arcs: [UInt64] = []
        for part in dotted.utf8.split(separator: 0x2e, omittingEmptySubsequences: false) {
            guard let first = part.first, part.count <= 20, part.allSatisfy({ (0x30...0x39).contains($0) }),
                first != 0x30 || part.count == 1,
                let arc = UInt64(String(decoding: part, as: UTF8.self))
            else { return nil }
            arcs.append(arc)
        }
        guard arcs.count >= 2, arcs[0] <= 2, arcs[0] == 2 || arcs[1] < 40, arcs[1] <= UInt64.max - 80 else { return nil }
        self.init(content: Self.encoded(arcs[0] * 40 + arcs[1]) + arcs.dropFirst(2).flatMap(Self.encoded))
    }

    /// For the names we know by heart: `rest` are the arcs behind the two first.
    init(_ first: UInt64, _ second: UInt64, _ rest: UInt64...) {
        content = Self.encoded(first * 40 + second) + rest.flatMap(Self.encoded)
    }

    package var dotted: String {
        var numbers: [String] = []
        var start = content.startIndex
        for index in content.indices where content[index] < 0x80 {
            numbers.append(contentsOf: Self.decimal(content[start...index], isFirst: numbers.isEmpty))
            start = index + 1
        }
        return numbers.joined(separator: ".")
    }

    /// The dotted form, so that refusals that hold an identifier read well.
    package var description: String { dotted }

    private static func encoded(_ arc: UInt64) -> [UInt8] {
        var bytes = [UInt8(arc & 0x7f)]
        var rest = arc >> 7
        while rest > 0 {
            bytes.insert(UInt8(rest & 0x7f) | 0x80, at: 0)
            rest >>= 7
        }
        return bytes
    }

    // Numbers of any size: identifiers made from UUIDs (2.25.…) have 128 bits.
    private static func decimal(_ bytes: ArraySlice<UInt8>, isFirst: Bool) -> [String] {
        if bytes.count <= 8 {
            let value = bytes.reduce(UInt64(0)) { $0 << 7 | UInt64($1 & 0x7f) }
            guard isFirst else { return [String(value)] }
            let root = min(value / 40, 2)
            return [String(root), String(value - root * 40)]
        }
        var digits: [UInt8] = [0]  // least significant first
        for byte in bytes {
            var carry = Int(byte & 0x7f)
            for index in digits.indices {
                carry += Int(digits[index]) << 7
                digits[index] = UInt8(carry % 10)
                carry /= 10
            }
            while carry > 0 {
                digits.append(UInt8(carry % 10))
                carry /= 10
            }
        }
        guard isFirst else { return [text(digits)] }
        // The first number of this size is 2·40 + the second.
        var borrow = 80
        for index in digits.indices where borrow > 0 {
            let value = Int(digits[index]) - borrow % 10
            borrow = borrow / 10 + (value < 0 ? 1 : 0)
            digits[index] = UInt8(value < 0 ? value + 10 : value)
        }
        while digits.count > 1, digits.last == 0 { digits.removeLast() }
        return ["2", text(digits)]
    }

    private static func text(_ digits: [UInt8]) -> String {
        String(decoding: digits.reversed().map { $0 + 0x30 }, as: UTF8.self)
    }
}
