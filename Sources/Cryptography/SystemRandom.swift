import COpenSSL
import Vocabulary

/// The operating system's randomness by way of libcrypto's generator. Give it where a core asks `using random: inout some
/// RandomNumberGenerator`; tests give a seeded one.
package struct SystemRandom: RandomNumberGenerator, Sendable {
    package init() {}

    package mutating func next() -> UInt64 {
        fill(8).reduce(0) { $0 << 8 | UInt64($1) }
    }

    fileprivate func fill(_ count: Int) -> [UInt8] {
        unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
            // INVARIANT: nothing goes out with predictable bytes in it; without randomness the process must not go on.
            precondition(unsafe RAND_bytes(buffer.baseAddress, Int32(count)) == 1, "no randomness")
            filled = count
        }
    }
}

extension RandomNumberGenerator {
    /// `count` random bytes, for nonces, identifiers and keys. At most 64 KiB at a time.
    package mutating func bytes(_ count: Int) -> [UInt8] {
        precondition((0...65_536).contains(count), "asked for \(count) random bytes")
        // Swift's own generator asks the kernel for every eight bytes; libcrypto's, seeded by the kernel, is as good and asks rarely.
        if Self.self == SystemRandom.self || Self.self == SystemRandomNumberGenerator.self { return SystemRandom().fill(count) }
        var bytes: [UInt8] = []
        bytes.reserveCapacity(count)
        while bytes.count < count {
            var word = next()
            for _ in 0..<min(8, count - bytes.count) {
                bytes.append(UInt8(truncatingIfNeeded: word))
                word >>= 8
            }
        }
        return bytes
    }

    /// `count` random bytes, 1 to 64 KiB, in Base64url, for what people put on command lines: it never begins with a hyphen, which would
    /// make an option of it. Of the first byte's 256 values the four that stand for a hyphen become four others.
    package mutating func word(_ count: Int) -> String {
        var bytes = bytes(count)
        if let first = bytes.first, first >> 2 == 0b111110 { bytes[0] = first & 0x7f }
        return Base64url.encode(bytes)
    }
}
