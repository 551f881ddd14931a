import Vocabulary

/// The entries of one issuer whose serials have one width. A view: the bytes belong to the index. Exact for any bytes it was built from;
/// over any others its answers mean nothing, but it never traps.
///
/// A serial is cut into the prefix that all of the class share, a key of up to eight bytes, and the rest. The keys are coded in blocks
/// (`RevocationBlock`); the rest, the date and the reason are packed bit by bit, one cell per entry, in the order of the serials. What every
/// look-up meets lies close together (the directory, the upper bits), so that it stays in the caches: a serial that is not listed touches
/// about a quarter of the index, one that is listed a single line of the rest.
struct RevocationClass: Sendable {
    /// Bytes of the serials; 0: up to eight bytes, as numbers with a sign.
    let width: Int
    let prefix: [UInt8]
    let count: Int
    /// Where the parts begin, in bytes of the body: cells, upper and lower bits of the blocks, and the directory: of each block its first
    /// key and, in two words, where its bits are.
    let parts: Parts
    let dates: DateCoding
    let reasonBits: Int

    /// Revocation dates as steps from the first of them: a list that is dated by days needs no seconds.
    struct DateCoding: Hashable, Sendable {
        /// Seconds since 1970.
        let earliest: Int64
        /// Seconds of a step.
        let unit: Int64
        let bits: Int
    }

    struct Parts: Hashable, Sendable {
        let cells: Int
        let uppers: Int
        let lowers: Int
        let directory: Int
    }

    static let blockLength = 512
    static let directoryStride = 24

    var blockCount: Int { (count &+ Self.blockLength &- 1) / Self.blockLength }
    /// Bytes of a serial behind the prefix.
    private var significant: Int { width &- prefix.count }
    var keyWidth: Int { width == 0 ? 8 : min(significant, 8) }
    var restWidth: Int { width == 0 ? 0 : max(significant &- 8, 0) }
    var cellBits: Int { restWidth &* 8 &+ dates.bits &+ reasonBits }

    /// The number that a serial of up to eight bytes is, sorted as numbers with a sign are. DER has one spelling per number, so equal
    /// numbers are equal serials.
    static func shortKey(_ value: Int64) -> UInt64 { UInt64(bitPattern: value) ^ 1 << 63 }

    func find(_ serial: [UInt8], in body: FixedBytes) -> (date: Timestamp, reason: RevocationReason)? {
        guard let wanted = Wanted(serial, self), let position = position(of: wanted, serial, in: body) else { return nil }
        let facts = body.bits(at: position &* cellBits &+ restWidth &* 8, behind: parts.cells, width: dates.bits &+ reasonBits)
        let step = facts & (1 &<< UInt64(dates.bits) &- 1)
        let reason = facts &>> UInt64(dates.bits)
        let seconds = dates.earliest &+ Int64(truncatingIfNeeded: step) &* dates.unit
        return (Timestamp(seconds: seconds), RevocationReason(rawValue: Int(truncatingIfNeeded: reason)) ?? .unspecified)
    }

    /// The serial that is looked for: what its key is, and where its rest begins.
    private struct Wanted {
        let key: UInt64
        let rest: Int

        init?(_ serial: [UInt8], _ layout: RevocationClass) {
            if layout.width == 0 {
                guard let first = serial.first, serial.count <= 8 else { return nil }
                // A second spelling of a number is another name, which no certificate has.
                if serial.count > 1, first == 0 && serial[1] < 0x80 || first == 0xff && serial[1] >= 0x80 { return nil }
                key = RevocationClass.shortKey(serial.reduce(first < 0x80 ? 0 : -1) { $0 << 8 | Int64($1) })
                rest = serial.count
            } else {
                guard serial.count == layout.width, serial.starts(with: layout.prefix) else { return nil }
                rest = layout.prefix.count + layout.keyWidth
                key = Self.number(serial, layout.prefix.count, rest)
            }
        }

        /// Compares the rest with the cell of an entry: negative when the wanted serial comes first.
        func order(_ serial: [UInt8], _ position: Int, _ layout: RevocationClass, _ body: FixedBytes) -> Int {
            guard rest < serial.count else { return 0 }
            var bit = position &* layout.cellBits
            var start = rest
            while start < serial.count {
                let end = min(start + 8, serial.count)
                let own = Self.number(serial, start, end)
                let width = (end - start) * 8
                let other = body.bits(at: bit, behind: layout.parts.cells, width: width)
                if own != other { return own < other ? -1 : 1 }
                bit += width
                start = end
            }
            return 0
        }

        private static func number(_ bytes: [UInt8], _ start: Int, _ end: Int) -> UInt64 {
            var number: UInt64 = 0
            for index in start..<end { number = number << 8 | UInt64(bytes[index]) }
            return number
        }
    }

    private func position(of wanted: Wanted, _ serial: [UInt8], in body: FixedBytes) -> Int? {
        var number = lastBlock(atOrBefore: wanted.key, body)
        let first = firstKey(number, body)
        if first == wanted.key, restWidth > 0 { number = blockAmongTwins(of: wanted, serial, body) }
        guard number >= 0, firstKey(number, body) <= wanted.key else { return nil }
        let distance = wanted.key &- firstKey(number, body)
        var block = block(number, body)
        var guess = 0
        if number &+ 1 < blockCount {
            // Memory is what a look-up waits for, one line after the other. Where keys lie evenly, as counters and random numbers do, all
            // the lines it will need can be asked for at once; elsewhere this costs little and changes nothing.
            let gap = firstKey(number &+ 1, body) &- firstKey(number, body)
            if distance < gap {
                guess = Int(Double(distance) / Double(gap) * Double(Self.blockLength))
                let cell = parts.cells &+ (number &* Self.blockLength &+ guess) &* cellBits / 8
                let near = body.word(at: cell &- 128) &+ body.word(at: cell &- 64) &+ body.word(at: cell)
                let ahead = near &+ body.word(at: cell &+ 64) &+ body.word(at: cell &+ 128) &+ block.words(near: guess, distance, in: body)
                // Never so: a use of the words that nothing waits for, and the same block again when it is so after all.
                if ahead == Self.never { block = self.block(blockAmongTwins(of: wanted, serial, body), body) }
            }
        }
        // Of the entries with that key the one with that rest.
        let twins = block.positions(of: distance, near: guess, in: body)
        var low = number &* Self.blockLength &+ twins.lowerBound
        var high = low &+ twins.count
        while low < high {
            let middle = low &+ (high &- low) / 2
            let order = wanted.order(serial, middle, self, body)
            if order == 0 { return middle }
            if order < 0 { high = middle } else { low = middle &+ 1 }
        }
        return nil
    }

    /// The last block that begins at or before the key; the first, when none does. Looks first where a straight line says: numbers that
    /// are counted up or drawn at random lie near it. Elsewhere steps of doubling width find the neighbourhood, and halving it the block.
    private func lastBlock(atOrBefore key: UInt64, _ body: FixedBytes) -> Int {
        let last = blockCount &- 1
        let start = firstKey(0, body)
        let end = firstKey(last, body)
        guard key > start, last > 0 else { return 0 }
        guard key < end else { return last }
        var low = Int(Double(key &- start) / Double(end &- start) * Double(last))
        var high = low
        var step = 1
        if firstKey(low, body) <= key {
            repeat {
                low = high
                high = min(high &+ step, last)
                step &*= 2
            } while firstKey(high, body) <= key
        } else {
            repeat {
                high = low
                low = max(low &- step, 0)
                step &*= 2
            } while firstKey(low, body) > key
        }
        // The first key of `low` is at or before the wanted one, that of `high` behind it.
        while high &- low > 1 {
            let middle = low &+ (high &- low) / 2
            if firstKey(middle, body) <= key { low = middle } else { high = middle }
        }
        return low
    }

    /// Longer serials with one key may fill blocks: the last block whose first entry, key and rest, is at or before the wanted one.
    private func blockAmongTwins(of wanted: Wanted, _ serial: [UInt8], _ body: FixedBytes) -> Int {
        var low = 0
        var high = blockCount
        while low < high {
            let middle = low &+ (high &- low) / 2
            let first = firstKey(middle, body)
            let isBehind =
                first == wanted.key ? wanted.order(serial, middle &* Self.blockLength, self, body) < 0 : first > wanted.key
            if isBehind { high = middle } else { low = middle &+ 1 }
        }
        return low &- 1
    }

    private func firstKey(_ number: Int, _ body: FixedBytes) -> UInt64 { body.word(at: parts.directory &+ number &* Self.directoryStride) }

    private func block(_ number: Int, _ body: FixedBytes) -> RevocationBlock {
        let place = parts.directory &+ number &* Self.directoryStride &+ 8
        let reference = RevocationBlock.Reference(upper: body.word(at: place), lower: body.word(at: place &+ 8))
        return RevocationBlock(reference, parts, length: min(Self.blockLength, count &- number &* Self.blockLength))
    }

    private static let never: UInt64 = 0x9e37_79b9_7f4a_7c15
}
