/// Why a file is not a sealed index that can be used.
package enum SealRefusal: Error, Hashable, Sendable {
    /// Something else altogether.
    case notSealed
    /// Written by another version of this program.
    case version(UInt32)
    /// Half a file, or one that something was appended to; bytes there should be, bytes there are.
    case length(expected: UInt64, found: Int)
    /// The header is not what was written.
    case header
    /// A chunk of the index is not what was written; counted from 0.
    case chunk(Int)
    /// Unharmed, and still no index: made by something that does not follow the rules.
    case layout
    /// What the authority wrote of the list is not accepted, or no longer.
    case list(RevocationListRefusal)
    /// Ed25519 signs the list itself, not a digest of it, so that nothing but the list can prove it.
    case unsealable
}
