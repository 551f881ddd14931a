import Glibc

/// Memory that grows as an index is written into it. Grown by `realloc`, which moves pages of large blocks instead of copying them, so that
/// the growth never doubles the peak.
@safe struct ByteSink: ~Copyable {
    private var memory: UnsafeMutableRawPointer
    private var capacity: Int
    private(set) var count = 0
    private var pending: UInt64 = 0
    private var pendingBits = 0

    init() {
        capacity = 4096
        unsafe memory = Self.grown(nil, to: capacity)
    }

    deinit { unsafe free(memory) }

    mutating func append(word: UInt64) {
        if capacity - count < 8 { reserve(8) }
        unsafe memory.storeBytes(of: word.littleEndian, toByteOffset: count, as: UInt64.self)
        count += 8
    }

    /// Everything of another, which ends at a whole word. Says where it begins.
    mutating func append(_ other: borrowing ByteSink) -> Int {
        let start = count
        reserve(other.count)
        unsafe (memory + start).copyMemory(from: other.memory, byteCount: other.count)
        count += other.count
        return start
    }

    private mutating func reserve(_ more: Int) {
        guard capacity - count < more else { return }
        while capacity - count < more { capacity *= 2 }
        unsafe memory = Self.grown(memory, to: capacity)
    }

    /// Bits one after the other, the lowest of `value` first; `width` is at most 64 and `value` has no bits beyond it.
    mutating func append(bits value: UInt64, width: Int) {
        guard width > 0 else { return }
        pending |= value &<< UInt64(pendingBits)
        let taken = 64 - pendingBits
        if width >= taken {
            append(word: pending)
            pending = taken < 64 ? value &>> UInt64(taken) : 0
            pendingBits = width - taken
        } else {
            pendingBits += width
        }
    }

    /// Ends a run of bits at the next whole word.
    mutating func flushBits() {
        if pendingBits > 0 { append(word: pending) }
        pending = 0
        pendingBits = 0
    }

    consuming func finish() -> FixedBytes {
        let size = max(count, 1)
        let fixed = unsafe FixedBytes(adopting: Self.grown(memory, to: size), count: count)
        discard self
        return fixed
    }

    private static func grown(_ memory: UnsafeMutableRawPointer?, to capacity: Int) -> UnsafeMutableRawPointer {
        // INVARIANT: sizes follow the size of a list that a limit admitted; a machine without that memory cannot go on anyway.
        guard let grown = unsafe realloc(memory, capacity) else { preconditionFailure("out of memory") }
        return unsafe grown
    }
}
