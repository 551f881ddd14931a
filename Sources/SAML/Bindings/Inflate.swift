/// Raw DEFLATE (RFC 1951), as the HTTP-Redirect binding uses it: no zlib header, no checksum (SAML Bindings §3.4.4.1).
///
/// Made for strangers' bytes: output grows step by step under a budget and the work stops at the first byte too many, so a bomb costs
/// what the budget allows and no more (checklist D1). As strict as zlib about code tables, distances and stored lengths, and stricter
/// about what follows the last block: nothing may.
package enum Inflate {
    package enum Refusal: Error, Hashable, Sendable {
        /// The text ends inside a block.
        case truncated
        /// No DEFLATE stream: a reserved block type, an impossible code table, a distance before the beginning.
        case malformed
        /// Bytes follow the last block.
        case trailing
        /// The output would pass the limit, in bytes or as a multiple of the input.
        case tooLarge(limit: Int)
    }

    /// The inflated bytes: at most `limit`, and at most `ratio` times the input with 4 KiB always allowed.
    package static func bytes(_ input: [UInt8], limit: Int, ratio: Int) throws(Refusal) -> [UInt8] {
        let (product, overflow) = input.count.multipliedReportingOverflow(by: max(1, ratio))
        let cap = max(0, min(limit, max(4096, overflow ? Int.max : product)))
        var inflater = Inflater(input: input, cap: cap)
        try inflater.run()
        return inflater.output
    }
}

private struct Inflater {
    private let input: [UInt8]
    private let cap: Int
    private var position = 0
    private var held: UInt32 = 0
    private var heldBits: UInt32 = 0
    private(set) var output: [UInt8] = []

    init(input: [UInt8], cap: Int) {
        self.input = input
        self.cap = cap
        output.reserveCapacity(min(cap, input.count &* 4))
    }

    mutating func run() throws(Inflate.Refusal) {
        var isLast = false
        while !isLast {
            isLast = try bits(1) == 1
            switch try bits(2) {
            case 0: try stored()
            case 1: try compressed(HuffmanCode.fixedLiterals, HuffmanCode.fixedDistances)
            case 2:
                let (literals, distances) = try tables()
                try compressed(literals, distances)
            default: throw .malformed
            }
        }
        // A symbol may have looked at bytes that it did not take.
        guard position - Int(heldBits / 8) == input.count else { throw .trailing }
    }

    /// The next `count` bits, at most 16, the first one lowest (RFC 1951 §3.1.1).
    private mutating func bits(_ count: UInt32) throws(Inflate.Refusal) -> Int {
        while heldBits < count {
            guard position < input.count else { throw .truncated }
            held |= UInt32(input[position]) << heldBits
            position += 1
            heldBits += 8
        }
        let value = held & ((1 << count) - 1)
        held >>= count
        heldBits -= count
        return Int(value)
    }

    private mutating func stored() throws(Inflate.Refusal) {
        position -= Int(heldBits / 8)
        held = 0
        heldBits = 0
        guard position + 4 <= input.count else { throw .truncated }
        let length = Int(input[position]) | Int(input[position + 1]) << 8
        let complement = Int(input[position + 2]) | Int(input[position + 3]) << 8
        guard length == ~complement & 0xffff else { throw .malformed }
        position += 4
        guard length <= input.count - position else { throw .truncated }
        guard length <= cap - output.count else { throw .tooLarge(limit: cap) }
        output += input[position..<position + length]
        position += length
    }

    private mutating func compressed(_ literals: HuffmanCode, _ distances: HuffmanCode) throws(Inflate.Refusal) {
        while true {
            let symbol = try symbol(literals)
            if symbol < 256 {
                guard output.count < cap else { throw .tooLarge(limit: cap) }
                output.append(UInt8(symbol))
                continue
            }
            if symbol == 256 { return }
            guard symbol - 257 < Self.lengths.count else { throw .malformed }
            let (lengthBase, lengthExtra) = Self.lengths[symbol - 257]
            let length = lengthBase + (try bits(lengthExtra))
            let code = try self.symbol(distances)
            guard code < Self.distances.count else { throw .malformed }
            let (distanceBase, distanceExtra) = Self.distances[code]
            let distance = distanceBase + (try bits(distanceExtra))
            guard distance <= output.count else { throw .malformed }
            guard length <= cap - output.count else { throw .tooLarge(limit: cap) }
            // The copy may read what it writes: a distance shorter than the length repeats.
            for _ in 0..<length { output.append(output[output.count - distance]) }
        }
    }

    /// The next symbol: by one look at the bits that come next, or bit by bit where the code is long or the input nearly over.
    private mutating func symbol(_ huffman: HuffmanCode) throws(Inflate.Refusal) -> Int {
        while heldBits < HuffmanCode.lookedAt, position < input.count {
            held |= UInt32(input[position]) << heldBits
            position += 1
            heldBits += 8
        }
        let found = huffman.table[Int(held & HuffmanCode.mask)]
        let length = UInt32(found & 15)
        guard length > 0, length <= heldBits else { return try walked(huffman) }
        held >>= length
        heldBits -= length
        return Int(found >> 4)
    }

    /// Walks the canonical code one bit at a time: at each length, the codes of that length are consecutive numbers.
    private mutating func walked(_ huffman: HuffmanCode) throws(Inflate.Refusal) -> Int {
        var code = 0
        var first = 0
        var index = 0
        for length in 1...15 {
            code |= try bits(1)
            let count = huffman.counts[length]
            if code - first < count { return huffman.symbols[index + code - first] }
            index += count
            first = (first + count) << 1
            code <<= 1
        }
        throw .malformed
    }

    /// The two code tables of a dynamic block (RFC 1951 §3.2.7).
    private mutating func tables() throws(Inflate.Refusal) -> (HuffmanCode, HuffmanCode) {
        let literalCount = try bits(5) + 257
        let distanceCount = try bits(5) + 1
        let codeCount = try bits(4) + 4
        guard literalCount <= 286, distanceCount <= 30 else { throw .malformed }
        var codeLengths = [UInt8](repeating: 0, count: 19)
        for index in 0..<codeCount { codeLengths[Self.codeLengthOrder[index]] = UInt8(try bits(3)) }
        let lengthCode = try HuffmanCode(codeLengths, mayBeIncomplete: false)
        var lengths: [UInt8] = []
        lengths.reserveCapacity(literalCount + distanceCount)
        while lengths.count < literalCount + distanceCount {
            let symbol = try symbol(lengthCode)
            var repeated: UInt8 = 0
            let times: Int
            switch symbol {
            case 0..<16:
                lengths.append(UInt8(symbol))
                continue
            case 16:
                guard let last = lengths.last else { throw .malformed }
                repeated = last
                times = try bits(2) + 3
            case 17: times = try bits(3) + 3
            default: times = try bits(7) + 11
            }
            guard times <= literalCount + distanceCount - lengths.count else { throw .malformed }
            lengths.append(contentsOf: repeatElement(repeated, count: times))
        }
        // Without an end-of-block code the block could never end.
        guard lengths[256] > 0 else { throw .malformed }
        return (
            try HuffmanCode(lengths[..<literalCount], mayBeIncomplete: true),
            try HuffmanCode(lengths[literalCount...], mayBeIncomplete: true)
        )
    }

    private static let codeLengthOrder = [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15]

    /// Base and extra bits of the length codes 257…285 and the distance codes 0…29 (RFC 1951 §3.2.5).
    private static let lengths: [(Int, UInt32)] = [
        (3, 0), (4, 0), (5, 0), (6, 0), (7, 0), (8, 0), (9, 0), (10, 0), (11, 1), (13, 1), (15, 1), (17, 1), (19, 2), (23, 2), (27, 2),
        (31, 2), (35, 3), (43, 3), (51, 3), (59, 3), (67, 4), (83, 4), (99, 4), (115, 4), (131, 5), (163, 5), (195, 5), (227, 5), (258, 0),
    ]
    private static let distances: [(Int, UInt32)] = [
        (1, 0), (2, 0), (3, 0), (4, 0), (5, 1), (7, 1), (9, 2), (13, 2), (17, 3), (25, 3), (33, 4), (49, 4), (65, 5), (97, 5), (129, 6),
        (193, 6), (257, 7), (385, 7), (513, 8), (769, 8), (1025, 9), (1537, 9), (2049, 10), (3073, 10), (4097, 11), (6145, 11),
        (8193, 12), (12_289, 12), (16_385, 13), (24_577, 13),
    ]
}

/// A canonical Huffman code (RFC 1951 §3.2.2): how many codes there are of each length, and the symbols in the order of their codes.
private struct HuffmanCode {
    let counts: [Int]
    let symbols: [Int]
    /// By the next bits of the input, the first one lowest: the symbol times 16 plus its length; 0 where the code is longer, or none.
    let table: [UInt16]

    static let lookedAt: UInt32 = 9
    static let mask: UInt32 = 1 << lookedAt - 1

    static let fixedLiterals = HuffmanCode(
        complete: (0..<288).map { $0 < 144 ? 8 : $0 < 256 ? 9 : $0 < 280 ? 7 : 8 })
    static let fixedDistances = HuffmanCode(complete: [UInt8](repeating: 5, count: 32))

    /// Refuses a set of lengths that names more codes than there are, or fewer; as zlib does, a literal or distance code of one single
    /// bit-long symbol, or of none, may be incomplete, because encoders that need one distance or no distance send that.
    init(_ lengths: some Collection<UInt8>, mayBeIncomplete: Bool) throws(Inflate.Refusal) {
        self.init(complete: lengths)
        var left = 1
        for length in 1...15 {
            left = left * 2 - counts[length]
            guard left >= 0 else { throw .malformed }
        }
        let isSingle = symbols.isEmpty || (symbols.count == 1 && counts[1] == 1)
        guard left == 0 || (mayBeIncomplete && isSingle) else { throw .malformed }
    }

    private init(complete lengths: some Collection<UInt8>) {
        var counts = [Int](repeating: 0, count: 16)
        for length in lengths where length > 0 { counts[Int(length)] += 1 }
        var offsets = [Int](repeating: 0, count: 16)
        for length in 1..<15 { offsets[length + 1] = offsets[length] + counts[length] }
        var symbols = [Int](repeating: 0, count: counts.reduce(0, +))
        for (symbol, length) in lengths.enumerated() where length > 0 {
            symbols[offsets[Int(length)]] = symbol
            offsets[Int(length)] += 1
        }
        self.counts = counts
        self.symbols = symbols
        table = Self.table(counts, symbols)
    }

    /// Every spelling of the short codes, read backwards as the stream has them. A set of lengths that names too many codes, which is
    /// refused right after, fills no more than there is.
    private static func table(_ counts: [Int], _ symbols: [Int]) -> [UInt16] {
        var table = [UInt16](repeating: 0, count: 1 << Int(lookedAt))
        var code = 0
        var index = 0
        for length in 1...Int(lookedAt) {
            for _ in 0..<counts[length] {
                var reversed = 0
                for bit in 0..<length where code >> bit & 1 == 1 { reversed |= 1 << (length - 1 - bit) }
                guard index < symbols.count, code < 1 << length else { return table }
                for place in stride(from: reversed, to: table.count, by: 1 << length) {
                    table[place] = UInt16(symbols[index] << 4 | length)
                }
                index += 1
                code += 1
            }
            code <<= 1
        }
        return table
    }
}
