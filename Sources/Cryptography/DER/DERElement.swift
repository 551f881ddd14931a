package import Vocabulary

/// One element of a DER encoding: where it lies in the bytes it was read from. Reading its value is strict: one value, one spelling.
package struct DERElement: Sendable {
    package let tag: UInt8
    /// All the bytes the outermost reader was given; elements share them.
    let source: [UInt8]
    /// Header and content.
    let whole: Range<Int>
    let inner: Range<Int>

    /// The element as it stands, header included: what signatures and names are compared over.
    package var encoded: [UInt8] { Array(source[whole]) }
    package var content: [UInt8] { Array(source[inner]) }
    package var isEmpty: Bool { inner.isEmpty }

    /// A reader over the elements inside.
    package var reader: DERReader { DERReader(source, inner) }

    /// The content bytes of an INTEGER: not empty, the shortest two's complement form (X.690 §8.3.2).
    package func integer() throws(DERError) -> [UInt8] {
        guard let first = source[inner].first else { throw .value }
        if inner.count > 1 {
            let second = source[inner.lowerBound + 1]
            guard !(first == 0 && second < 0x80), !(first == 0xff && second >= 0x80) else { throw .value }
        }
        return content
    }

    /// An INTEGER or ENUMERATED that is neither negative nor above 2³¹-1.
    package func smallInteger() throws(DERError) -> Int {
        let bytes = try integer()
        guard let first = bytes.first, first < 0x80, bytes.count <= 4 else { throw .value }
        return bytes.reduce(0) { $0 << 8 | Int($1) }
    }

    /// `FF` or `00`, nothing else (X.690 §11.1).
    package func boolean() throws(DERError) -> Bool {
        switch content {
        case [0xff]: true
        case [0x00]: false
        default: throw .value
        }
    }

    package func null() throws(DERError) {
        guard isEmpty else { throw .value }
    }

    package func objectIdentifier() throws(DERError) -> ObjectIdentifier {
        guard let identifier = ObjectIdentifier(content: content) else { throw .value }
        return identifier
    }

    /// A BIT STRING of whole bytes: signatures and keys.
    package func bytesOfBits() throws(DERError) -> [UInt8] {
        guard let unused = source[inner].first, unused == 0 else { throw .value }
        return Array(source[inner].dropFirst())
    }

    /// A BIT STRING of named bits: bit 0 is the first flag. DER cuts trailing zero bits (X.690 §11.2.2). At most 16 flags are known
    /// anywhere in X.509; more are refused.
    package func namedBits() throws(DERError) -> UInt16 {
        let bytes = content
        guard let unused = bytes.first, bytes.count <= 3 else { throw .value }
        guard let last = bytes.last, bytes.count > 1 else {
            guard unused == 0 else { throw .value }
            return 0
        }
        guard unused < 8, last.trailingZeroBitCount == Int(unused) else { throw .value }
        var flags: UInt16 = 0
        for index in 0..<(bytes.count - 1) * 8 where bytes[1 + index / 8] & (0x80 >> UInt8(index % 8)) != 0 { flags |= 1 << UInt16(index) }
        return flags
    }

    /// UTCTime or GeneralizedTime in the forms RFC 5280 §4.1.2.5 allows: seconds, `Z`, no fraction.
    package func time() throws(DERError) -> Timestamp {
        switch tag {
        case DERTag.utcTime: try DERTime.read(source[inner], yearDigits: 2)
        case DERTag.generalizedTime: try DERTime.read(source[inner], yearDigits: 4)
        default: throw .tag(tag)
        }
    }
}
