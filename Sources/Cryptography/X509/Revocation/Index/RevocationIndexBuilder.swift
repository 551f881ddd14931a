import Vocabulary

/// Sorts the entries of one list into collectors: one per issuer and width of serial.
struct RevocationIndexBuilder {
    /// Authorities of one list. A nation has dozens; the bound keeps a list of strangers' names from growing tables.
    static let mostIssuers = 65_536

    private struct Issuer {
        /// nil: the list's own.
        let name: DistinguishedName?
        /// Collectors by width of serial, in the order they came up.
        var collectors: [Int] = []
    }

    private var issuers = [Issuer(name: nil)]
    private var collectors: [EntryCollector] = []
    private var numbers: [DistinguishedName: Int] = [:]
    private var current = 0
    /// The current issuer's collectors by width of serial; 0 stands for up to eight bytes, -1 for none yet.
    private var slots = Self.noSlots

    private static let noSlots = [Int](repeating: -1, count: CertificateFields.longestSerial + 1)

    /// Entries that follow belong to this authority; nil is the list's own. False when there are too many.
    mutating func begin(_ name: DistinguishedName?) -> Bool {
        var number = 0
        if let name {
            guard let known = numbers[name] ?? (issuers.count < Self.mostIssuers ? issuers.count : nil) else { return false }
            number = known
            if number == issuers.count {
                issuers.append(Issuer(name: name))
                numbers[name] = number
            }
        }
        guard number != current else { return true }
        current = number
        slots = Self.noSlots
        for collector in issuers[number].collectors { slots[collectors[collector].width] = collector }
        return true
    }

    @inline(__always) mutating func add(short key: UInt64, date: Int64, reason: UInt8) {
        if slots[0] < 0 { open(0) }
        collectors[slots[0]].add(short: key, date: date, reason: reason)
    }

    /// `width` is at most `CertificateFields.longestSerial`.
    @inline(__always) mutating func add(serialAt offset: Int, width: Int, date: Int64, reason: UInt8, in list: FixedBytes) {
        if slots[width] < 0 { open(width) }
        collectors[slots[width]].add(serialAt: offset, date: date, reason: reason, in: list)
    }

    @inline(never) private mutating func open(_ width: Int) {
        slots[width] = collectors.count
        issuers[current].collectors.append(collectors.count)
        collectors.append(EntryCollector(width: width))
    }

    /// `list` is the list the entries came from.
    consuming func build(from list: FixedBytes) throws(RevocationListRefusal) -> RevocationIndex {
        var sink = ByteSink()
        var groups: [RevocationIndex.Group] = []
        for issuer in issuers {
            var classes: [RevocationClass] = []
            for collector in issuer.collectors { classes.append(try collectors[collector].write(from: list, into: &sink)) }
            groups.append(RevocationIndex.Group(issuer: issuer.name, classes: classes))
        }
        // Loads at the very end read whole words.
        sink.append(word: 0)
        sink.append(word: 0)
        return RevocationIndex(body: sink.finish(), groups: groups)
    }
}
