import Glibc

/// One entry on its way into an index: what it sorts by, and either its facts or where in the list they are.
struct IndexRecord {
    var key: UInt64
    var fact: UInt64
}

/// The records of one class of serials: 16 bytes each, in memory that grows without being copied and is sorted where it lies.
@safe final class IndexRecords {
    private var records: UnsafeMutablePointer<IndexRecord>
    private var capacity: Int
    private(set) var count = 0

    init() {
        capacity = 64
        unsafe records = Self.grown(nil, to: capacity)
    }

    deinit { unsafe free(records) }

    @inline(__always) func append(_ record: IndexRecord) {
        if count == capacity { grow() }
        unsafe records[count] = record
        count &+= 1
    }

    @inline(__always) subscript(_ position: Int) -> IndexRecord {
        get {
            precondition(position >= 0 && position < count)
            return unsafe records[position]
        }
        set {
            precondition(position >= 0 && position < count)
            unsafe records[position] = newValue
        }
    }

    func truncate(to length: Int) { count = min(count, max(length, 0)) }

    @inline(never) private func grow() {
        capacity *= 2
        unsafe records = Self.grown(records, to: capacity)
    }

    private static func grown(_ memory: UnsafeMutableRawPointer?, to capacity: Int) -> UnsafeMutablePointer<IndexRecord> {
        // INVARIANT: 16 bytes per entry of a list that a limit admitted, entries of at least 20 bytes.
        guard let grown = unsafe realloc(memory, capacity * MemoryLayout<IndexRecord>.stride) else { preconditionFailure("out of memory") }
        return unsafe grown.assumingMemoryBound(to: IndexRecord.self)
    }

    /// Sorts a range by key: most significant byte first, in place ("American flag"), so that no second copy of a nation is needed.
    /// `reload` gives the next eight bytes of the serial behind a record, for those that agree in all the bytes before; nil when there are
    /// none.
    func sort(reloading reload: (_ fact: UInt64, _ depth: Int) -> UInt64?) {
        unsafe sort(records, count, depth: 0, reload)
    }

    private func sort(
        _ base: UnsafeMutablePointer<IndexRecord>, _ count: Int, depth: Int, _ reload: (UInt64, Int) -> UInt64?
    ) {
        guard count > 1 else { return }
        var differing: UInt64 = 0
        for position in 1..<count { unsafe differing |= base[position].key ^ base[0].key }
        if differing != 0 { unsafe Self.flag(base, count, shift: (63 - differing.leadingZeroBitCount) & ~7) }
        // Equal keys: longer serials go on, eight bytes at a time; at most eight times for the longest serial.
        guard unsafe reload(base[0].fact, depth + 8) != nil else { return }
        var start = 0
        while start < count {
            let key = unsafe base[start].key
            var end = start + 1
            while unsafe end < count && base[end].key == key { end += 1 }
            if end - start > 1 {
                for position in start..<end { unsafe base[position].key = reload(base[position].fact, depth + 8) ?? 0 }
                unsafe sort(base + start, end - start, depth: depth + 8, reload)
                for position in start..<end { unsafe base[position].key = key }
            }
            start = end
        }
    }

    private static func flag(_ base: UnsafeMutablePointer<IndexRecord>, _ count: Int, shift: Int) {
        guard count > 32 else { return unsafe insert(base, count) }
        unsafe withUnsafeTemporaryAllocation(of: Int.self, capacity: 512) { table in
            // The first half: where the next record of a bucket goes; the second: where the bucket ends.
            unsafe table.initialize(repeating: 0)
            for position in 0..<count { unsafe table[256 + Int(base[position].key >> UInt64(shift) & 0xff)] += 1 }
            var sum = 0
            for bucket in 0..<256 {
                unsafe table[bucket] = sum
                unsafe sum += table[256 + bucket]
                unsafe table[256 + bucket] = sum
            }
            for bucket in 0..<256 {
                while unsafe table[bucket] < table[256 + bucket] {
                    var record = unsafe base[table[bucket]]
                    while true {
                        let wanted = Int(record.key >> UInt64(shift) & 0xff)
                        if wanted == bucket { break }
                        let place = unsafe table[wanted]
                        unsafe table[wanted] = place + 1
                        unsafe swap(&record, &base[place])
                    }
                    unsafe base[table[bucket]] = record
                    unsafe table[bucket] += 1
                }
            }
            guard shift > 0 else { return }
            var start = 0
            for bucket in 0..<256 {
                let end = unsafe table[256 + bucket]
                if end - start > 1 { unsafe flag(base + start, end - start, shift: shift - 8) }
                start = end
            }
        }
    }

    private static func insert(_ base: UnsafeMutablePointer<IndexRecord>, _ count: Int) {
        guard count > 1 else { return }
        for position in 1..<count {
            let record = unsafe base[position]
            var place = position
            while unsafe place > 0 && base[place - 1].key > record.key {
                unsafe base[place] = base[place - 1]
                place -= 1
            }
            unsafe base[place] = record
        }
    }
}
