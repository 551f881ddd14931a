/// Why bytes are not the DER that a reader asked for. Carries no input.
package enum DERError: Error, Hashable, Sendable {
    /// The bytes end before the element does.
    case truncated
    /// Another element stands where this one is due; the tag that was found.
    case tag(UInt8)
    /// Indefinite, not the shortest, or longer than any input we take.
    case length
    /// Something stands behind the last element.
    case trailing
    /// The content is not in its one DER form, or outside the bounds of its type.
    case value
}
