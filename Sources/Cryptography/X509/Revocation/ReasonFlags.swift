/// A set of reasons for revocation: which of them a list, or a distribution point, speaks of (RFC 5280 §4.2.1.13, §5.2.5). Bit 0 of the BIT
/// STRING is bit 0 here; it is unused, and unspecified has no bit.
package struct ReasonFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt16

    package init(rawValue: UInt16) { self.rawValue = rawValue }

    /// A BIT STRING of named bits. Bits that mean no reason are dropped.
    init(bits element: DERElement) throws(DERError) {
        rawValue = try element.namedBits() & Self.all.rawValue
    }

    package static let keyCompromise = ReasonFlags(rawValue: 1 << 1)
    package static let cACompromise = ReasonFlags(rawValue: 1 << 2)
    package static let affiliationChanged = ReasonFlags(rawValue: 1 << 3)
    package static let superseded = ReasonFlags(rawValue: 1 << 4)
    package static let cessationOfOperation = ReasonFlags(rawValue: 1 << 5)
    package static let certificateHold = ReasonFlags(rawValue: 1 << 6)
    package static let privilegeWithdrawn = ReasonFlags(rawValue: 1 << 7)
    package static let aACompromise = ReasonFlags(rawValue: 1 << 8)
    /// all-reasons of §6.3.2: silence about all of these is what makes a certificate good.
    package static let all = ReasonFlags(rawValue: 0x1fe)

    /// How many reasons are in the set.
    package var count: Int { rawValue.nonzeroBitCount }
}
