/// Bytes that are appended to and taken from the front again and again: the stream's output. Not an array, because its growth and
/// bounds checks would be paid per attribute.
@safe struct ByteBuffer: ~Copyable {
    private(set) var base: UnsafeMutablePointer<UInt8>
    private(set) var count = 0
    private var capacity: Int

    init(capacity: Int) {
        unsafe base = .allocate(capacity: capacity)
        self.capacity = capacity
    }

    deinit { unsafe base.deallocate() }

    @inline(__always) mutating func reserve(_ more: Int) {
        if capacity - count < more { grow(more) }
    }

    @inline(never) private mutating func grow(_ more: Int) {
        let larger = max(capacity * 2, count + more)
        let new = UnsafeMutablePointer<UInt8>.allocate(capacity: larger)
        unsafe new.update(from: base, count: count)
        unsafe base.deallocate()
        unsafe base = new
        capacity = larger
    }

    @inline(__always) mutating func append(_ byte: UInt8) {
        reserve(1)
        unsafe base[count] = byte
        count += 1
    }

    @inline(__always) mutating func append(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        reserve(length)
        unsafe (base + count).update(from: bytes, count: length)
        count += length
    }

    mutating func append(_ text: StaticString) { unsafe append(text.utf8Start, text.utf8CodeUnitCount) }

    /// Up to the first NUL.
    @inline(__always) mutating func append(cString text: UnsafePointer<UInt8>) {
        var cursor = unsafe text
        while unsafe cursor.pointee != 0 { unsafe cursor += 1 }
        unsafe append(text, cursor - text)
    }

    mutating func append(_ other: borrowing ByteBuffer, _ range: Range<Int>) {
        unsafe append(other.base + range.lowerBound, range.count)
    }

    mutating func removeAll() { count = 0 }

    /// `head`, and behind it what stands here from `start`.
    func array(_ head: [UInt8], _ start: Int) -> [UInt8] {
        let length = head.count + count - start
        return unsafe [UInt8](unsafeUninitializedCapacity: length) { target, filled in
            for index in head.indices { unsafe target.initializeElement(at: index, to: head[index]) }
            if let first = target.baseAddress { unsafe (first + head.count).initialize(from: base + start, count: count - start) }
            filled = length
        }
    }

    func withSpan(_ body: (Span<UInt8>) -> Void) {
        unsafe body(UnsafeBufferPointer(start: base, count: count).span)
    }
}
