/// DEFLATE (RFC 1951) for showing messages of the redirect binding. The annex looks into the house's lower rooms only, so it has its
/// own; nothing that decides anything is read with it.
enum Inflate {
    /// Nil for what is not one whole stream, or is longer than `limit` bytes when inflated.
    static func inflate(_ bytes: [UInt8], limit: Int) -> [UInt8]? {
        var stream = Stream(bytes, limit: limit)
        return stream.all() ? stream.out : nil
    }

    private struct Stream {
        let bytes: [UInt8]
        let limit: Int
        var position = 0
        var out: [UInt8] = []

        init(_ bytes: [UInt8], limit: Int) {
            self.bytes = bytes
            self.limit = limit
        }

        mutating func bits(_ count: Int) -> Int? {
            var value = 0
            for index in 0..<count {
                guard position >> 3 < bytes.count else { return nil }
                value |= Int(bytes[position >> 3] >> UInt8(position & 7) & 1) << index
                position += 1
            }
            return value
        }

        mutating func all() -> Bool {
            while true {
                guard let isLast = bits(1), let kind = bits(2) else { return false }
                switch kind {
                case 0: guard stored() else { return false }
                case 1: guard compressed(Codes(Codes.fixedLengths), Codes([Int](repeating: 5, count: 30))) else { return false }
                case 2: guard let (lengths, distances) = tables(), compressed(lengths, distances) else { return false }
                default: return false
                }
                if isLast == 1 { return true }
            }
        }

        private mutating func stored() -> Bool {
            position = (position + 7) & ~7
            guard let count = bits(16), let complement = bits(16), count ^ 0xffff == complement else { return false }
            let start = position >> 3
            guard start + count <= bytes.count, out.count + count <= limit else { return false }
            out += bytes[start..<start + count]
            position += count * 8
            return true
        }

        private mutating func tables() -> (Codes, Codes)? {
            guard let literals = bits(5), let distances = bits(5), let ownLengths = bits(4) else { return nil }
            var lengths = [Int](repeating: 0, count: 19)
            for index in [16, 17, 18, 0, 8, 7, 9, 6, 10, 5, 11, 4, 12, 3, 13, 2, 14, 1, 15].prefix(ownLengths + 4) {
                guard let length = bits(3) else { return nil }
                lengths[index] = length
            }
            let codes = Codes(lengths)
            let wanted = literals + 257 + distances + 1
            var all: [Int] = []
            while all.count < wanted {
                guard let symbol = symbol(codes) else { return nil }
                switch symbol {
                case 0...15: all.append(symbol)
                case 16:
                    guard let last = all.last, let more = bits(2) else { return nil }
                    all += [Int](repeating: last, count: more + 3)
                case 17:
                    guard let more = bits(3) else { return nil }
                    all += [Int](repeating: 0, count: more + 3)
                default:
                    guard let more = bits(7) else { return nil }
                    all += [Int](repeating: 0, count: more + 11)
                }
            }
            guard all.count == wanted else { return nil }
            return (Codes(Array(all[..<(literals + 257)])), Codes(Array(all[(literals + 257)...])))
        }

        private mutating func symbol(_ codes: Codes) -> Int? {
            var code = 0
            var first = 0
            var index = 0
            for length in 1..<codes.counts.count {
                guard let bit = bits(1) else { return nil }
                code |= bit
                let count = codes.counts[length]
                if code - count < first { return codes.symbols[index + code - first] }
                index += count
                first = (first + count) << 1
                code <<= 1
            }
            return nil
        }

        private mutating func compressed(_ literals: Codes, _ distances: Codes) -> Bool {
            while true {
                guard let symbol = symbol(literals) else { return false }
                if symbol == 256 { return true }
                guard symbol > 256 else {
                    guard out.count < limit else { return false }
                    out.append(UInt8(symbol))
                    continue
                }
                guard symbol - 257 < Codes.lengthBases.count, let more = bits(Codes.lengthBits[symbol - 257]),
                    let far = self.symbol(distances), far < Codes.distanceBases.count, let further = bits(Codes.distanceBits[far])
                else { return false }
                let length = Codes.lengthBases[symbol - 257] + more
                let distance = Codes.distanceBases[far] + further
                guard distance <= out.count, out.count + length <= limit else { return false }
                for _ in 0..<length { out.append(out[out.count - distance]) }
            }
        }
    }

    /// A canonical Huffman code: how many codes of each length, and the symbols in code order.
    private struct Codes {
        static let fixedLengths =
            [Int](repeating: 8, count: 144) + [Int](repeating: 9, count: 112) + [Int](repeating: 7, count: 24)
            + [Int](repeating: 8, count: 8)
        static let lengthBases = [
            3, 4, 5, 6, 7, 8, 9, 10, 11, 13, 15, 17, 19, 23, 27, 31, 35, 43, 51, 59, 67, 83, 99, 115, 131, 163, 195, 227, 258,
        ]
        static let lengthBits = [0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 2, 2, 3, 3, 3, 3, 4, 4, 4, 4, 5, 5, 5, 5, 0]
        static let distanceBases = [
            1, 2, 3, 4, 5, 7, 9, 13, 17, 25, 33, 49, 65, 97, 129, 193, 257, 385, 513, 769, 1025, 1537, 2049, 3073, 4097, 6145, 8193,
            12_289, 16_385, 24_577,
        ]
        static let distanceBits = [
            0, 0, 0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9, 10, 10, 11, 11, 12, 12, 13, 13,
        ]

        var counts = [Int](repeating: 0, count: 16)
        var symbols: [Int] = []

        init(_ lengths: [Int]) {
            for length in lengths where length > 0 { counts[length] += 1 }
            for length in 1..<16 {
                for (symbol, own) in lengths.enumerated() where own == length { symbols.append(symbol) }
            }
        }
    }
}
