/// Eight bytes looked at together, because nearly all of an aggregate is text in which nothing is to be found. (The toolchain's SIMD types
/// are five times slower than single bytes at this.)
struct EightBytes {
    private let word: UInt64

    /// As loaded from memory.
    @inline(__always) init(_ word: UInt64) { self.word = UInt64(littleEndian: word) }

    private static let ones: UInt64 = 0x0101_0101_0101_0101
    private static let highs: UInt64 = 0x8080_8080_8080_8080

    /// A mark in each byte that equals `byte`. Above the first mark there may be false ones; the first is always true, and none means none.
    @inline(__always) func equal(to byte: UInt8) -> UInt64 {
        let difference = word ^ (Self.ones &* UInt64(byte))
        return (difference &- Self.ones) & ~difference & Self.highs
    }

    /// How many equal `byte`; exact.
    @inline(__always) func count(of byte: UInt8) -> Int {
        let difference = word ^ (Self.ones &* UInt64(byte))
        let high = (difference & ~Self.highs) &+ ~Self.highs
        // One bit per byte, added up into the highest byte: the processor's own instruction is not part of the baseline we build for.
        return Int(((~(high | difference) & Self.highs) >> 7 &* Self.ones) >> 56)
    }

    /// All with these bits set, to look for two bytes as one.
    @inline(__always) func setting(_ bits: UInt8) -> EightBytes {
        EightBytes(UInt64(littleEndian: word | (Self.ones &* UInt64(bits))))
    }

    /// The place of the first mark.
    @inline(__always) static func first(in marks: UInt64) -> Int { marks.trailingZeroBitCount / 8 }
}
