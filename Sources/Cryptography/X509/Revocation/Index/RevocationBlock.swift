/// Up to 512 sorted keys of one class, as distances from the first of them, in one of two codes, whichever is shorter:
///
/// - Elias–Fano: the lower bits of each distance one after the other, the upper bits in unary: for every value of the upper bits a one per
///   key that has it, then a zero. At most about 2 + log2(range / count) bits per key, whatever the keys; the bound of information theory
///   is 1.44 + log2(range / count).
/// - A bit map, where keys lie dense.
///
/// Behind every eight words of unary code or map a sample says how many zeros (ones in a map) came before, so that a look-up reads at most
/// eight words of it.
struct RevocationBlock {
    private let samples: Int
    private let upper: Int
    private let lower: Int
    private let upperWords: Int
    private let lowerBits: Int
    private let length: Int
    /// In place of the number of lower bits.
    private static let map: UInt64 = 0xff
    private static let wordsPerSample = 8

    /// Where the bits of a block are: the place of its upper bits in words, their number of words, the number of lower bits of a key, and
    /// the place of the lower bits in words.
    struct Reference {
        let upper: UInt64
        let lower: UInt64
    }

    init(_ reference: Reference, _ parts: RevocationClass.Parts, length: Int) {
        self.length = length
        upperWords = Int(truncatingIfNeeded: reference.upper >> 8 & 0xffff)
        lowerBits = reference.upper & 0xff == Self.map ? -1 : Int(truncatingIfNeeded: reference.upper & 0x3f)
        samples = parts.uppers &+ Int(truncatingIfNeeded: reference.upper >> 24) &* 8
        upper = samples &+ Self.sampleWords(upperWords) &* 8
        lower = parts.lowers &+ Int(truncatingIfNeeded: reference.lower) &* 8
    }

    /// The positions in the block of the keys at this distance from its first. `guess` is where to look first; any number will do.
    @inline(__always) func positions(of distance: UInt64, near guess: Int, in body: FixedBytes) -> Range<Int> {
        guard lowerBits >= 0 else { return mapped(distance, body) }
        let bucket = distance &>> UInt64(lowerBits)
        guard bucket < UInt64(upperWords) &* 64 else { return 0..<0 }
        // Behind the zero that ends the bucket before: everything up to there is `bucket` zeros and one 1 per key.
        let start = bucket == 0 ? 0 : behindZero(Int(truncatingIfNeeded: bucket), near: guess &+ Int(truncatingIfNeeded: bucket), body)
        let first = start &- Int(truncatingIfNeeded: bucket)
        let end = min(first &+ ones(from: start, body), length)
        guard first >= 0, first < end else { return 0..<0 }
        guard lowerBits > 0 else { return first..<end }
        let wanted = distance & (1 &<< UInt64(lowerBits) &- 1)
        let low = firstAtLeast(wanted, first..<end, body)
        var high = low
        while high < end, lowerPart(high, body) == wanted { high &+= 1 }
        return low..<high
    }

    /// Something of each line of memory that `positions` will read if the key is about at this position.
    @inline(__always) func words(near position: Int, _ distance: UInt64, in body: FixedBytes) -> UInt64 {
        let bit = lowerBits < 0 ? distance : distance &>> UInt64(lowerBits) &+ UInt64(truncatingIfNeeded: position)
        let place = lower &+ position &* max(lowerBits, 0) / 8
        let above = body.word(at: samples &+ Int(truncatingIfNeeded: bit >> 9) &* 2) &+ upperWord(Int(truncatingIfNeeded: bit >> 6), body)
        return above &+ body.word(at: place &- 48) &+ body.word(at: place) &+ body.word(at: place &+ 48)
    }

    private func mapped(_ distance: UInt64, _ body: FixedBytes) -> Range<Int> {
        guard distance < UInt64(upperWords) &* 64 else { return 0..<0 }
        let bit = Int(truncatingIfNeeded: distance)
        let word = bit >> 6
        let mask: UInt64 = 1 &<< UInt64(bit & 63)
        let own = upperWord(word, body)
        guard own & mask != 0 else { return 0..<0 }
        var rank = sample(word / Self.wordsPerSample, body)
        for index in word & ~(Self.wordsPerSample - 1)..<word { rank &+= upperWord(index, body).nonzeroBitCount }
        rank &+= (own & (mask &- 1)).nonzeroBitCount
        return rank..<rank &+ 1
    }

    /// The bit behind the zero number `count`, counted from one.
    private func behindZero(_ count: Int, near bit: Int, _ body: FixedBytes) -> Int {
        let groups = (upperWords &+ Self.wordsPerSample &- 1) / Self.wordsPerSample
        var group = max(min(bit / (Self.wordsPerSample &* 64), groups &- 1), 0)
        while group > 0, sample(group, body) >= count { group &-= 1 }
        while group &+ 1 < groups, sample(group &+ 1, body) < count { group &+= 1 }
        var missing = count &- sample(group, body)
        var word = group &* Self.wordsPerSample
        while word < upperWords {
            let zeros = ~upperWord(word, body)
            let here = zeros.nonzeroBitCount
            if here >= missing { return word &* 64 &+ Self.select(zeros, missing) &+ 1 }
            missing &-= here
            word &+= 1
        }
        return upperWords &* 64
    }

    /// How many ones stand in a row.
    private func ones(from start: Int, _ body: FixedBytes) -> Int {
        var position = start
        while position < upperWords &* 64 {
            let rest = ~upperWord(position >> 6, body) &>> UInt64(position & 63)
            if rest != 0 { return position &+ rest.trailingZeroBitCount &- start }
            position = (position | 63) &+ 1
        }
        return position &- start
    }

    /// Where the one number `count` (from one) stands in a word that has as many.
    private static func select(_ word: UInt64, _ count: Int) -> Int {
        var rest = word
        var missing = count
        var base = 0
        var width = 32
        while width >= 8 {
            let here = (rest & (1 &<< UInt64(width) &- 1)).nonzeroBitCount
            if here < missing {
                missing &-= here
                rest &>>= UInt64(width)
                base &+= width
            }
            width /= 2
        }
        for _ in 1..<max(missing, 1) { rest &= rest &- 1 }
        return base &+ rest.trailingZeroBitCount
    }

    private func upperWord(_ index: Int, _ body: FixedBytes) -> UInt64 { body.word(at: upper &+ index &* 8) }

    /// What came before the group of words; nothing before the first.
    private func sample(_ group: Int, _ body: FixedBytes) -> Int {
        group == 0 ? 0 : Int(truncatingIfNeeded: body.bits(at: (group &- 1) &* 16, behind: samples, width: 16))
    }

    private static func sampleWords(_ upperWords: Int) -> Int { (max(upperWords &- 1, 0) / wordsPerSample &+ 3) / 4 }

    private func lowerPart(_ position: Int, _ body: FixedBytes) -> UInt64 {
        body.bits(at: position &* lowerBits, behind: lower, width: lowerBits)
    }

    private func firstAtLeast(_ wanted: UInt64, _ range: Range<Int>, _ body: FixedBytes) -> Int {
        var low = range.lowerBound
        var high = range.upperBound
        while low < high {
            let middle = low &+ (high &- low) / 2
            if lowerPart(middle, body) < wanted { low = middle &+ 1 } else { high = middle }
        }
        return low
    }
}

extension RevocationBlock {
    /// Writes the keys of a range of sorted records. `mayRepeat`: equal keys stand side by side.
    static func write(
        _ records: IndexRecords, _ range: Range<Int>, mayRepeat: Bool, uppers: inout ByteSink, lowers: inout ByteSink
    ) -> Reference {
        let base = records[range.lowerBound].key
        let code = Code(span: records[range.upperBound - 1].key - base, count: range.count, mayRepeat: mayRepeat)
        var upper = [UInt64](repeating: 0, count: code.upperWords)
        for position in range {
            let distance = (records[position].key - base) >> UInt64(code.lowerBits)
            let bit = Int(truncatingIfNeeded: distance) + (code.isMap ? 0 : position - range.lowerBound)
            upper[bit >> 6] |= 1 << UInt64(bit & 63)
        }
        let place = Reference(
            upper: UInt64(uppers.count / 8) << 24 | UInt64(code.upperWords) << 8 | (code.isMap ? map : UInt64(code.lowerBits)),
            lower: UInt64(lowers.count / 8))
        var seen = 0
        for (index, word) in upper.enumerated().dropLast() {
            seen += code.isMap ? word.nonzeroBitCount : (~word).nonzeroBitCount
            if (index + 1) % wordsPerSample == 0 { uppers.append(bits: UInt64(seen), width: 16) }
        }
        uppers.flushBits()
        for word in upper { uppers.append(word: word) }
        let mask: UInt64 = 1 << UInt64(code.lowerBits) - 1
        for position in range { lowers.append(bits: (records[position].key - base) & mask, width: code.lowerBits) }
        lowers.flushBits()
        return place
    }

    /// The shorter code for so many keys in such a range.
    private struct Code {
        let isMap: Bool
        let lowerBits: Int
        let upperWords: Int

        init(span: UInt64, count: Int, mayRepeat: Bool) {
            let mean = span / UInt64(count)
            let floor = mean == 0 ? 0 : 63 - mean.leadingZeroBitCount
            func cost(_ bits: Int) -> Int { count * (bits + 1) + Int(truncatingIfNeeded: span >> UInt64(bits)) + 1 }
            let best = floor < 63 && cost(floor + 1) < cost(floor) ? floor + 1 : floor
            // INVARIANT: either way at most eight bits per key, so that the words of a block are counted in two bytes.
            isMap = !mayRepeat && span < UInt64(min(cost(best), count * 8))
            lowerBits = isMap ? 0 : best
            let bits = isMap ? Int(truncatingIfNeeded: span) + 1 : count + Int(truncatingIfNeeded: span >> UInt64(best)) + 1
            upperWords = (bits + 63) / 64
        }
    }
}
