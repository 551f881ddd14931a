import Cryptography
import Testing
import Vocabulary

@Suite struct `The revocation index` {
    /// How serials are drawn.
    enum Shape: CaseIterable, Sendable {
        case counter, counterFromAfar, anyWidth, shortAnySign, random64, random160, long, clusters, fewDates, dense
    }

    static func entries(_ shape: Shape, _ count: Int, _ dice: inout Dice) -> [ListMaker.Entry] {
        var serials: Set<[UInt8]> = []
        let prefixes = (0..<3).map { _ in [0x41] + dice.bytes(11) }
        var next = shape == .counterFromAfar ? Int.max / 3 : 0
        var tries = 0
        while serials.count < count, tries < count * 4 {
            tries += 1
            switch shape {
            case .counter, .counterFromAfar, .fewDates, .dense:
                next += shape == .dense ? Int.random(in: 1...2, using: &dice) : Int.random(in: 1...40, using: &dice)
                serials.insert(number(next))
            case .anyWidth: serials.insert(dice.serial(Int.random(in: 1...40, using: &dice)))
            case .shortAnySign: serials.insert(dice.serial(Int.random(in: 1...9, using: &dice)))
            case .random64: serials.insert([0] + [0x80 | dice.bytes(1)[0]] + dice.bytes(7))
            case .random160: serials.insert([0x7f & dice.bytes(1)[0] | 1] + dice.bytes(19))
            case .long: serials.insert(dice.serial(64))
            case .clusters:
                serials.insert(prefixes.randomElement(using: &dice, or: [1]) + number(Int.random(in: 0...0xffff, using: &dice), 4))
            }
        }
        return serials.sorted { $0.lexicographicallyPrecedes($1) }.shuffled(using: &dice).map { serial in
            let seconds =
                shape == .fewDates
                ? 1_700_000_000 + 86_400 * Int64.random(in: 0...3000, using: &dice) : Int64.random(in: 0...4_000_000_000, using: &dice)
            let reason = Bool.random(using: &dice) ? RevocationReason.allCases.randomElement(using: &dice) : nil
            return ListMaker.Entry(serial: serial, date: Timestamp(seconds: seconds), reason: reason)
        }
    }

    static func number(_ value: Int, _ width: Int = 8) -> [UInt8] {
        let bytes = (0..<width).map { UInt8(truncatingIfNeeded: value >> (8 * (width - 1 - $0))) }
        guard width == 8 else { return bytes }
        let digits = Array(bytes.drop { $0 == 0 })
        return (digits.first ?? 0x80) >= 0x80 ? [0] + digits : digits
    }

    /// What is near a serial and may be none of the list's.
    static func neighbours(_ serial: [UInt8], _ dice: inout Dice) -> [[UInt8]] {
        var above = serial
        above[above.count - 1] &+= 1
        var below = serial
        below[below.count - 1] &-= 1
        var flipped = serial
        flipped[Int.random(in: 0..<serial.count, using: &dice)] ^= 1 << UInt8.random(in: 0...7, using: &dice)
        return [above, below, flipped, Array(serial.dropLast()), serial + [0], [1] + serial, dice.bytes(serial.count)]
    }

    @Test(arguments: Shape.allCases, [1, 2, 33, 700, 2048, 2049, 4500])
    func `knows what a dictionary knows`(shape: Shape, count: Int) throws {
        try Self.compare(shape, count)
    }

    /// Runs of serials that agree in their first bytes and fill blocks from end to end.
    @Test(arguments: [Shape.clusters, .counter, .random64])
    func `knows what a dictionary knows of lists of many blocks`(shape: Shape) throws {
        try Self.compare(shape, 16_000)
    }

    private static func compare(_ shape: Shape, _ count: Int) throws {
        var dice = Dice(UInt64(count) << 8 | UInt64(Shape.allCases.firstIndex(of: shape) ?? 0))
        var entries = Self.entries(shape, count, &dice)
        if count % 2 == 0 {
            entries.sort {
                $0.serial.count == $1.serial.count ? $0.serial.lexicographicallyPrecedes($1.serial) : $0.serial.count < $1.serial.count
            }
        }
        let list = try ParsedRevocationList(der: ListMaker(entries: entries).der())
        #expect(list.count == entries.count)
        let known = Dictionary(uniqueKeysWithValues: entries.map { ($0.serial, $0) })
        var wrong = 0
        for entry in entries {
            for serial in [entry.serial] + Self.neighbours(entry.serial, &dice) {
                let expected = known[serial].map { RevocationEntry(serial: serial, reason: $0.reason ?? .unspecified, at: $0.date) }
                if list.entry(serial) != expected { wrong += 1 }
            }
        }
        #expect(wrong == 0)
        #expect(list.entry([]) == nil)
        #expect(list.entry([UInt8](repeating: 1, count: 65)) == nil)
    }

    @Test(arguments: [
        [0x00], [0xff], [0x80], [0x7f, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff, 0xff], [0x80, 0, 0, 0, 0, 0, 0, 0],
        [0x80, 0, 0, 0, 0, 0, 0, 0, 0],
    ])
    func `takes zero and negative serials as names`(serial: [UInt8]) throws {
        let list = try ParsedRevocationList(der: ListMaker(entries: [.init(serial: serial), .init(serial: [5])]).der())
        #expect(list.entry(serial)?.serial == serial)
        #expect(list.entry([5]) != nil && list.entry([6]) == nil)
    }

    @Test(arguments: [1, 8, 9, 20, 40], [3, 3000])
    func `makes one of twins that agree and refuses twins that do not`(width: Int, count: Int) throws {
        var dice = Dice(UInt64(width))
        var serials: Set<[UInt8]> = []
        while serials.count < min(count, 1 << (min(width, 4) * 8 - 2)) { serials.insert(dice.serial(width)) }
        let entries = serials.sorted { $0.lexicographicallyPrecedes($1) }.map { ListMaker.Entry(serial: $0, reason: .superseded) }
        let twin = try #require(entries.randomElement(using: &dice))
        let list = try ParsedRevocationList(der: ListMaker(entries: entries + [twin]).der())
        #expect(list.count == entries.count)
        #expect(list.entry(twin.serial)?.reason == .superseded)
        for change in [
            ListMaker.Entry(serial: twin.serial, reason: .keyCompromise),
            ListMaker.Entry(serial: twin.serial, date: twin.date.adding(seconds: 1), reason: .superseded),
        ] {
            #expect(throws: RevocationListRefusal.contradiction) {
                try ParsedRevocationList(der: ListMaker(entries: entries + [change]).der())
            }
        }
    }

    @Test func `keeps dates of any year from 1 to 9999`() throws {
        let dates = [
            "0001-01-01T00:00:00Z", "1949-12-31T23:59:59Z", "1950-01-01T00:00:00Z", "2000-02-29T12:00:00Z", "2049-12-31T23:59:59Z",
            "2050-01-01T00:00:00Z", "9999-12-31T23:59:59Z",
        ]
        for width in [1, 20] {
            let entries = try dates.enumerated().map { number, date in
                ListMaker.Entry(serial: [UInt8](repeating: UInt8(number + 1), count: width), date: try #require(Timestamp(date)))
            }
            let list = try ParsedRevocationList(der: ListMaker(entries: entries).der())
            for entry in entries { #expect(list.entry(entry.serial)?.at == entry.date) }
        }
    }
}

extension Array {
    fileprivate func randomElement(using dice: inout Dice, or other: Element) -> Element { randomElement(using: &dice) ?? other }
}
