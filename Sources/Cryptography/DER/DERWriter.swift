package import Vocabulary

/// Writes DER, for what we make ourselves: OCSP requests, and in the simulator and in tests whole certificates and lists.
///
///     DERWriter.build { $0.sequence { $0.integer(1); $0.utf8String("花子") } }
package struct DERWriter: Sendable {
    package private(set) var bytes: [UInt8] = []

    package init() {}

    package static func build(_ body: (inout DERWriter) -> Void) -> [UInt8] {
        var writer = DERWriter()
        body(&writer)
        return writer.bytes
    }

    /// Bytes that are DER already.
    package mutating func raw(_ der: [UInt8]) {
        bytes += der
    }

    /// Any tag around any content.
    package mutating func element(_ tag: UInt8, _ content: [UInt8]) {
        bytes.append(tag)
        appendLength(content.count)
        bytes += content
    }

    /// Any tag around elements.
    package mutating func constructed(_ tag: UInt8, _ body: (inout DERWriter) -> Void) {
        element(tag, DERWriter.build(body))
    }

    package mutating func sequence(_ body: (inout DERWriter) -> Void) { constructed(DERTag.sequence, body) }

    /// SET, or SET OF: with more than one element the caller writes them in DER order, or uses `setOf`.
    package mutating func set(_ body: (inout DERWriter) -> Void) { constructed(DERTag.set, body) }

    /// SET OF in its DER order (X.690 §11.6).
    package mutating func setOf(_ elements: [[UInt8]]) {
        element(DERTag.set, elements.sorted { $0.lexicographicallyPrecedes($1) }.flatMap { $0 })
    }

    /// `[number] EXPLICIT`, or `[number] IMPLICIT` on a SEQUENCE: the body writes what stands inside.
    package mutating func context(_ number: UInt8, _ body: (inout DERWriter) -> Void) {
        constructed(DERTag.contextConstructed(number), body)
    }

    /// `[number] IMPLICIT` on a primitive value.
    package mutating func context(_ number: UInt8, content: [UInt8]) {
        element(DERTag.context(number), content)
    }

    package mutating func boolean(_ value: Bool) { element(DERTag.boolean, [value ? 0xff : 0x00]) }

    package mutating func integer(_ value: Int) {
        var content = (0..<8).map { UInt8(truncatingIfNeeded: value >> (56 - 8 * $0)) }
        while content.count > 1, content[0] == (content[1] < 0x80 ? 0x00 : 0xff) { content.removeFirst() }
        element(DERTag.integer, content)
    }

    /// Content bytes as `Certificate.serial` holds them.
    package mutating func integer(content: [UInt8]) { element(DERTag.integer, content) }

    /// A number that is not negative, from its big-endian bytes.
    package mutating func unsigned(_ magnitude: [UInt8]) {
        let digits = Array(magnitude.drop { $0 == 0 })
        element(DERTag.integer, (digits.first ?? 0x80) >= 0x80 ? [0] + digits : digits)
    }

    package mutating func enumerated(_ value: UInt8) { element(DERTag.enumerated, value < 0x80 ? [value] : [0, value]) }

    package mutating func null() { element(DERTag.null, []) }

    package mutating func objectIdentifier(_ identifier: ObjectIdentifier) { element(DERTag.objectIdentifier, identifier.content) }

    package mutating func octetString(_ content: [UInt8]) { element(DERTag.octetString, content) }

    package mutating func octetString(_ body: (inout DERWriter) -> Void) { octetString(DERWriter.build(body)) }

    package mutating func bitString(_ content: [UInt8]) { element(DERTag.bitString, [0] + content) }

    /// Named bits, bit 0 the first flag, trailing zeros cut.
    package mutating func namedBits(_ flags: UInt16) {
        guard flags != 0 else { return element(DERTag.bitString, [0]) }
        let count = 16 - flags.leadingZeroBitCount
        var content = [UInt8](repeating: 0, count: (count + 7) / 8)
        for index in 0..<count where flags & (1 << UInt16(index)) != 0 { content[index / 8] |= 0x80 >> UInt8(index % 8) }
        element(DERTag.bitString, [UInt8(content.count * 8 - count)] + content)
    }

    package mutating func utf8String(_ text: String) { element(DERTag.utf8String, Array(text.utf8)) }
    package mutating func ia5String(_ text: String) { element(DERTag.ia5String, Array(text.utf8)) }

    package mutating func utcTime(_ moment: Timestamp) { element(DERTag.utcTime, DERTime.write(moment, yearDigits: 2)) }
    package mutating func generalizedTime(_ moment: Timestamp) { element(DERTag.generalizedTime, DERTime.write(moment, yearDigits: 4)) }

    /// UTCTime through 2049, GeneralizedTime from 2050 (RFC 5280 §4.1.2.5).
    package mutating func time(_ moment: Timestamp) {
        DERTime.isUTC(moment) ? utcTime(moment) : generalizedTime(moment)
    }

    private mutating func appendLength(_ count: Int) {
        guard count >= 0x80 else { return bytes.append(UInt8(count)) }
        let width = (Int.bitWidth - count.leadingZeroBitCount + 7) / 8
        bytes.append(0x80 | UInt8(width))
        for index in (0..<width).reversed() { bytes.append(UInt8(truncatingIfNeeded: count >> (8 * index))) }
    }
}
