import Vocabulary

/// Collects the entries of one issuer and one width in the order of the list, then writes them as a class of an index: 16 bytes per entry
/// until then, sorted in place and only when the list was not sorted already.
struct EntryCollector {
    /// Bytes of the serials; 0: up to eight bytes.
    let width: Int
    private let records = IndexRecords()
    private var last: UInt64 = 0
    private var isAscending = true
    /// Where the first serial stands in the list, and how many of its bytes all others share.
    private var first = 0
    private var prefix: Int
    private var firstDate: Int64 = 0
    private var earliest = Int64.max
    private var latest = Int64.min
    /// The greatest step that leads from one date to all others; 0 while all are the same.
    private var unit: UInt64 = 0
    private var topReason: UInt8 = 0

    init(width: Int) {
        self.width = width
        prefix = max(width - 1, 0)
    }

    /// An entry whose serial has up to eight bytes. `key` as `RevocationClass.shortKey` makes it, `date` in seconds since 1970 from the
    /// years 1…9999.
    @inline(__always) mutating func add(short key: UInt64, date: Int64, reason: UInt8) {
        note(date, reason, key)
        records.append(IndexRecord(key: key, fact: UInt64(bitPattern: date &- Self.yearOne) << 8 | UInt64(reason)))
    }

    /// An entry with a longer serial: only where it stands in the list is kept.
    @inline(__always) mutating func add(serialAt offset: Int, date: Int64, reason: UInt8, in list: FixedBytes) {
        let key = list.number(at: offset, width: 8)
        if records.count == 0 {
            first = offset
        } else if prefix > 0 {
            prefix = min(prefix, shared(offset, list))
        }
        note(date, reason, key)
        records.append(IndexRecord(key: key, fact: UInt64(offset) << 8 | UInt64(reason)))
    }

    @inline(__always) private mutating func note(_ date: Int64, _ reason: UInt8, _ key: UInt64) {
        if records.count == 0 {
            firstDate = date
        } else if key <= last {
            isAscending = false
        }
        last = key
        earliest = min(earliest, date)
        latest = max(latest, date)
        topReason = max(topReason, reason)
        if unit != 1 { refine((date &- firstDate).magnitude) }
    }

    private mutating func refine(_ distance: UInt64) {
        if unit != 0, distance % unit == 0 { return }
        var (a, b) = (unit, distance)
        while b != 0 { (a, b) = (b, a % b) }
        unit = a
    }

    /// How many bytes of the prefix so far the serial at `offset` has too.
    private func shared(_ offset: Int, _ list: FixedBytes) -> Int {
        var same = 0
        while same < prefix {
            let size = min(8, prefix - same)
            let difference = list.number(at: first + same, width: size) ^ list.number(at: offset + same, width: size)
            guard difference == 0 else { return same + (difference.leadingZeroBitCount - (64 - 8 * size)) / 8 }
            same += size
        }
        return same
    }

    private static let yearOne: Int64 = -62_135_596_800
}

extension EntryCollector {
    /// Sorts what was collected and writes it. `list` is the list it was collected from. Refuses two entries for one serial that disagree:
    /// nobody can say which of them counts. Equal twins become one.
    func write(from list: FixedBytes, into sink: inout ByteSink) throws(RevocationListRefusal) -> RevocationClass {
        if prefix > 0 { takeKeysBehindPrefix(list) }
        if !isAscending { try sort(list) }
        let prefixBytes = width == 0 ? [] : list.array(first..<first + prefix)
        let steps = unit == 0 ? 0 : (latest &- earliest).magnitude / unit
        let dates = RevocationClass.DateCoding(earliest: earliest, unit: Int64(max(unit, 1)), bits: 64 - steps.leadingZeroBitCount)
        let reasonBits = 8 - topReason.leadingZeroBitCount
        func layout(_ parts: RevocationClass.Parts) -> RevocationClass {
            RevocationClass(width: width, prefix: prefixBytes, count: records.count, parts: parts, dates: dates, reasonBits: reasonBits)
        }
        let plan = layout(RevocationClass.Parts(cells: 0, uppers: 0, lowers: 0, directory: 0))
        let cells = sink.count
        writeCells(plan, list, &sink)
        var uppers = ByteSink()
        var lowers = ByteSink()
        var directory: [UInt64] = []
        for number in 0..<plan.blockCount {
            let start = number * RevocationClass.blockLength
            let range = start..<min(start + RevocationClass.blockLength, records.count)
            let reference = RevocationBlock.write(
                records, range, mayRepeat: plan.restWidth > 0, uppers: &uppers, lowers: &lowers)
            directory += [records[start].key, reference.upper, reference.lower]
        }
        let upperPlace = sink.append(uppers)
        let lowerPlace = sink.append(lowers)
        let directoryPlace = sink.count
        for word in directory { sink.append(word: word) }
        return layout(RevocationClass.Parts(cells: cells, uppers: upperPlace, lowers: lowerPlace, directory: directoryPlace))
    }

    /// Sorted entries lie anywhere in the list. The start of a date, which stands behind its serial, is read for many entries at once, so
    /// that their memory is on its way together.
    private func writeCells(_ plan: RevocationClass, _ list: FixedBytes, _ sink: inout ByteSink) {
        var headers = [UInt64](repeating: 0, count: 64)
        for start in stride(from: 0, to: records.count, by: headers.count) {
            let batch = start..<min(start + headers.count, records.count)
            if width > 0 {
                for position in batch { headers[position - start] = list.word(at: Self.place(records[position]) &+ width) }
            }
            for position in batch { writeCell(records[position], header: headers[position - start], plan, list, &sink) }
        }
        sink.flushBits()
    }

    /// Where the serial of a longer one stands in the list.
    @inline(__always) private static func place(_ record: IndexRecord) -> Int { Int(truncatingIfNeeded: record.fact >> 8) }

    private func writeCell(
        _ record: IndexRecord, header: UInt64, _ plan: RevocationClass, _ list: FixedBytes, _ sink: inout ByteSink
    ) {
        let facts = facts(of: record, header: header, list)
        if plan.restWidth > 0 {
            let serial = Int(truncatingIfNeeded: record.fact >> 8)
            var start = serial + prefix + 8
            while start < serial + width {
                let size = min(8, serial + width - start)
                sink.append(bits: list.number(at: start, width: size), width: size * 8)
                start += size
            }
        }
        sink.append(bits: (facts.date &- earliest).magnitude / UInt64(plan.dates.unit), width: plan.dates.bits)
        sink.append(bits: UInt64(facts.reason), width: plan.reasonBits)
    }

    /// `header`: what stands behind the serial, eight bytes.
    private func facts(of record: IndexRecord, header: UInt64, _ list: FixedBytes) -> (date: Int64, reason: UInt8) {
        let reason = UInt8(truncatingIfNeeded: record.fact)
        guard width > 0 else { return (Int64(bitPattern: record.fact >> 8) &+ Self.yearOne, reason) }
        return (RevocationTime.read(list, at: Self.place(record) &+ width, header: header) ?? earliest, reason)
    }

    private func facts(of record: IndexRecord, _ list: FixedBytes) -> (date: Int64, reason: UInt8) {
        facts(of: record, header: list.word(at: Self.place(record) &+ width), list)
    }

    /// The first eight bytes tell nothing when all serials begin alike.
    private func takeKeysBehindPrefix(_ list: FixedBytes) {
        let size = min(8, width - prefix)
        for position in 0..<records.count {
            let offset = Int(truncatingIfNeeded: records[position].fact >> 8)
            records[position].key = list.number(at: offset + prefix, width: size)
        }
    }

    private func sort(_ list: FixedBytes) throws(RevocationListRefusal) {
        let significant = width - prefix
        records.sort { fact, depth in
            guard depth < significant else { return nil }
            return list.number(at: Int(truncatingIfNeeded: fact >> 8) + prefix + depth, width: min(8, significant - depth))
        }
        var kept = 0
        for position in 0..<records.count {
            let record = records[position]
            if kept > 0, areTwins(records[kept - 1], record, list) {
                guard facts(of: records[kept - 1], list) == facts(of: record, list) else { throw .contradiction }
            } else {
                records[kept] = record
                kept += 1
            }
        }
        records.truncate(to: kept)
    }

    private func areTwins(_ left: IndexRecord, _ right: IndexRecord, _ list: FixedBytes) -> Bool {
        guard left.key == right.key else { return false }
        guard width - prefix > 8 else { return true }
        let (one, other) = (Int(truncatingIfNeeded: left.fact >> 8), Int(truncatingIfNeeded: right.fact >> 8))
        var start = prefix + 8
        while start < width {
            let size = min(8, width - start)
            guard list.number(at: one + start, width: size) == list.number(at: other + start, width: size) else { return false }
            start += size
        }
        return true
    }
}
