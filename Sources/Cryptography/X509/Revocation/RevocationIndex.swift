import Vocabulary

/// The entries of one list, sorted for binary search: 16 bytes each for serials of up to eight bytes, which is every card; longer serials
/// lie beside them in slots of one width. Exact: no false positive, no false negative.
struct RevocationIndex: Sendable {
    private struct Short: Sendable {
        let serial: UInt64
        let date: UInt32
        let reason: UInt8
    }

    private var short: [Short] = []
    private var slots: [UInt8] = []
    private var facts: [(date: UInt32, reason: UInt8)] = []
    private var width = 0

    var count: Int { short.count + facts.count }

    /// Collects entries in the order of the list.
    struct Builder {
        private var short: [Short] = []
        private var long: [(serial: [UInt8], date: UInt32, reason: UInt8)] = []

        /// False when the moment lies outside 1970…2106, which no list we take does.
        mutating func add(serial: [UInt8], date: Timestamp, reason: RevocationReason) -> Bool {
            guard let seconds = UInt32(exactly: date.seconds) else { return false }
            if let number = RevocationIndex.number(serial) {
                short.append(Short(serial: number, date: seconds, reason: UInt8(reason.rawValue)))
            } else {
                long.append((serial, seconds, UInt8(reason.rawValue)))
            }
            return true
        }

        /// nil when two entries for one serial disagree: nobody can say which of them counts. Equal twins become one.
        consuming func build() -> RevocationIndex? {
            short.sort { $0.serial < $1.serial }
            long.sort { RevocationIndex.precedes($0.serial, $1.serial) }
            var index = RevocationIndex()
            index.short.reserveCapacity(short.count)
            for entry in short {
                if let last = index.short.last, last.serial == entry.serial {
                    guard last.date == entry.date, last.reason == entry.reason else { return nil }
                } else {
                    index.short.append(entry)
                }
            }
            index.width = (long.map(\.serial.count).max() ?? 0) + 1
            var previous: [UInt8]?
            for entry in long {
                if entry.serial == previous {
                    guard let last = index.facts.last, last == (entry.date, entry.reason) else { return nil }
                } else {
                    index.slots += index.slot(entry.serial)
                    index.facts.append((entry.date, entry.reason))
                    previous = entry.serial
                }
            }
            return index
        }
    }

    func entry(_ serial: [UInt8]) -> RevocationEntry? {
        if let number = Self.number(serial) {
            let position = Self.partition(short.count) { short[$0].serial < number }
            guard position < short.count, short[position].serial == number else { return nil }
            return Self.entry(serial, short[position].date, short[position].reason)
        }
        guard serial.count < width else { return nil }
        let wanted = slot(serial)
        let position = Self.partition(facts.count) { slots[($0 * width)..<($0 * width + width)].lexicographicallyPrecedes(wanted) }
        guard position < facts.count, slots[(position * width)..<(position * width + width)].elementsEqual(wanted) else { return nil }
        return Self.entry(serial, facts[position].date, facts[position].reason)
    }

    /// The first position for which `isBefore` no longer holds.
    private static func partition(_ count: Int, _ isBefore: (Int) -> Bool) -> Int {
        var low = 0
        var high = count
        while low < high {
            let middle = low + (high - low) / 2
            if isBefore(middle) { low = middle + 1 } else { high = middle }
        }
        return low
    }

    private static func entry(_ serial: [UInt8], _ date: UInt32, _ reason: UInt8) -> RevocationEntry? {
        RevocationReason(rawValue: Int(reason)).map { RevocationEntry(serial: serial, reason: $0, at: Timestamp(seconds: Int64(date))) }
    }

    /// Length, bytes, padding: sorts as `precedes` does.
    private func slot(_ serial: [UInt8]) -> [UInt8] {
        [UInt8(serial.count)] + serial + [UInt8](repeating: 0, count: width - 1 - serial.count)
    }

    /// The number a short serial is. DER has one spelling per number, so equal numbers are equal serials.
    private static func number(_ serial: [UInt8]) -> UInt64? {
        guard let first = serial.first, first < 0x80, serial.count <= 8 else { return nil }
        return serial.reduce(0) { $0 << 8 | UInt64($1) }
    }

    private static func precedes(_ left: [UInt8], _ right: [UInt8]) -> Bool {
        left.count == right.count ? left.lexicographicallyPrecedes(right) : left.count < right.count
    }
}
