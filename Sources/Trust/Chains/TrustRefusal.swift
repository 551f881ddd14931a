package import Cryptography

/// Why no anchor vouches for a certificate.
package enum TrustRefusal: Error, Hashable, Sendable {
    case tooManyCertificates(Int)
    case tooManyAnchors(Int)
    case leafVersion(Int)
    /// The anchor itself was sent as if it were somebody's certificate.
    case leafIsAnchor
    /// No configured anchor has this name (RFC 4514).
    case noAnchor(issuer: String)
    /// The path that came nearest to being right.
    case path(PathFault)
}
