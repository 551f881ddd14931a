/// Why bytes are not a revocation list we use. What this rooms do not handle is refused by its name.
package enum RevocationListRefusal: Error, Hashable, Sendable {
    case tooLarge(Int)
    case malformed(DERError)
    case version
    case algorithmMismatch
    case `extension`(ObjectIdentifier, DERError)
    case unknownCriticalExtension(ObjectIdentifier)
    /// Two entries for one serial that disagree.
    case contradiction
    /// Changes against a base list (RFC 5280 §5.2.4).
    case delta
    /// Entries of other authorities (§5.2.5).
    case indirect
    /// Covers some reasons only (§5.2.5), so that its silence proves nothing.
    case someReasons
    /// About attribute certificates.
    case attributeCertificates
}
