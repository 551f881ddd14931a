import Glibc

/// Bytes that stay where they are for as long as anybody holds them: a file mapped into memory, or memory that was filled once. For
/// lists and indexes too large to be copied into arrays. Loads are bounds-checked and never trap: beyond the end everything is zero.
///
/// INVARIANT: a mapped file never changes and never shrinks while it is mapped. Whoever publishes one writes it under another name,
/// flushes it and renames it, and never opens it for writing again.
@safe package final class FixedBytes: @unchecked Sendable {
    private let base: UnsafeRawPointer
    package let count: Int
    private let owner: Owner

    private enum Owner {
        case mapping, allocation
        /// A part of other bytes, which are kept.
        case other(FixedBytes)
    }

    /// Maps a regular file. `limit` is in bytes; nothing of the file is read yet.
    package init(mapping path: String, atMost limit: Int) throws(MappingRefusal) {
        let descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC)
        guard descriptor >= 0 else { throw .unreadable(errno) }
        defer { close(descriptor) }
        var facts = stat()
        guard unsafe fstat(descriptor, &facts) == 0 else { throw .unreadable(errno) }
        guard facts.st_mode & S_IFMT == S_IFREG else { throw .notAFile }
        let size = Int(facts.st_size)
        guard size > 0 else { throw .empty }
        guard size <= limit else { throw .tooLarge(size) }
        guard let address = unsafe mmap(nil, size, PROT_READ, MAP_PRIVATE, descriptor, 0), unsafe address != MAP_FAILED else {
            throw .unreadable(errno)
        }
        unsafe base = UnsafeRawPointer(address)
        count = size
        owner = .mapping
    }

    package init(copying bytes: [UInt8]) {
        // INVARIANT: as large as the array that is there already; a machine without that memory cannot go on anyway.
        guard let memory = unsafe malloc(max(bytes.count, 1)) else { preconditionFailure("out of memory") }
        unsafe bytes.withUnsafeBytes { unsafe memory.copyMemory(from: $0.baseAddress ?? UnsafeRawPointer(memory), byteCount: bytes.count) }
        unsafe base = UnsafeRawPointer(memory)
        count = bytes.count
        owner = .allocation
    }

    /// Takes over memory that `malloc` gave.
    init(adopting memory: UnsafeMutableRawPointer, count: Int) {
        unsafe base = UnsafeRawPointer(memory)
        self.count = count
        owner = .allocation
    }

    /// A part of other bytes, cut to what there is; nothing is copied.
    init(sharing other: FixedBytes, _ range: Range<Int>) {
        let range = range.clamped(to: 0..<other.count)
        unsafe base = other.base + range.lowerBound
        count = range.count
        owner = .other(other)
    }

    deinit {
        let memory = unsafe UnsafeMutableRawPointer(mutating: base)
        switch owner {
        case .mapping: unsafe munmap(memory, count)
        case .allocation: unsafe free(memory)
        case .other: break
        }
    }

    /// The pointer is good for the time of the call.
    func withPointer<Result, Failure: Error>(
        _ body: (UnsafeRawPointer) throws(Failure) -> Result
    ) throws(Failure) -> Result {
        try unsafe body(base)
    }

    /// A copy of a part, cut to what there is.
    package func array(_ range: Range<Int>) -> [UInt8] {
        let range = range.clamped(to: 0..<count)
        return unsafe [UInt8](UnsafeRawBufferPointer(start: base + range.lowerBound, count: range.count))
    }

    func byte(at offset: Int) -> UInt8 {
        guard offset >= 0, offset < count else { return 0 }
        return unsafe base.load(fromByteOffset: offset, as: UInt8.self)
    }

    /// Eight bytes, the least significant first.
    @inline(__always) func word(at offset: Int) -> UInt64 {
        guard offset >= 0, offset <= count - 8 else { return cutWord(at: offset) }
        return unsafe UInt64(littleEndian: base.loadUnaligned(fromByteOffset: offset, as: UInt64.self))
    }

    @inline(never) private func cutWord(at offset: Int) -> UInt64 {
        guard offset >= 0, offset < count else { return 0 }
        return (0..<8).reduce(0) { $0 | UInt64(byte(at: offset + $1)) << UInt64(8 * $1) }
    }

    /// `width` bits (at most 64) from the bit at `position` behind `offset`, bit 0 of a byte first.
    @inline(__always) func bits(at position: Int, behind offset: Int, width: Int) -> UInt64 {
        guard width > 0 else { return 0 }
        let start = offset &+ position >> 3
        let shift = UInt64(position & 7)
        var value = word(at: start) &>> shift
        if Int(shift) &+ width > 64 { value |= word(at: start &+ 8) &<< (64 &- shift) }
        return width == 64 ? value : value & (1 &<< UInt64(width) &- 1)
    }

    /// The number that `width` bytes (at most eight) are, the most significant first.
    @inline(__always) func number(at offset: Int, width: Int) -> UInt64 {
        guard width > 0 else { return 0 }
        return word(at: offset).byteSwapped &>> UInt64(64 &- 8 &* min(width, 8))
    }
}

/// Why a file could not be mapped. The number is the system's own (`errno`).
package enum MappingRefusal: Error, Hashable, Sendable {
    case unreadable(Int32)
    case notAFile
    case empty
    case tooLarge(Int)
}
