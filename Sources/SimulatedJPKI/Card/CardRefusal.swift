/// What the chip answers instead of doing what it was asked.
package enum CardRefusal: Error, Hashable, Sendable {
    /// Wrong PIN or password; so many tries are left (`63 Cx`).
    case wrong(left: Int)
    /// The counter is at zero (`69 84`): only a municipal counter unblocks it.
    case blocked
    /// The key was not opened, or it was and the application was selected again since (`69 82`).
    case notAuthorised
    /// This card has no such certificate or key (`6A 82`).
    case notFound
    /// Not four digits, not 6 to 16 capitals and digits, or more bytes than the key can sign (`6A 80`).
    case wrongData
    /// The key does not sign in this way (`6A 86`).
    case wrongParameters
    /// The chip could not keep its counter, so it did nothing (`65 81`).
    case memory

    package var statusWord: UInt16 {
        switch self {
        case .wrong(let left): 0x63c0 | UInt16(min(max(left, 0), 15))
        case .blocked: 0x6984
        case .notAuthorised: 0x6982
        case .notFound: 0x6a82
        case .wrongData: 0x6a80
        case .wrongParameters: 0x6a86
        case .memory: 0x6581
        }
    }
}
