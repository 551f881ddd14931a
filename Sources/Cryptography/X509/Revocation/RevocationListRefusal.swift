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
    /// Entries of other authorities (RFC 5280 §5.3.3) in a list that does not say it has any (§5.2.5).
    case indirect
    /// About attribute certificates.
    case attributeCertificates
}
