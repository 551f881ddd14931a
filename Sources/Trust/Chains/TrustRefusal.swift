/// Why no anchor vouches for a certificate.
package enum TrustRefusal: Error, Hashable, Sendable, CustomStringConvertible {
    case tooManyCertificates(Int)
    case tooManyAnchors(Int)
    case leafVersion(Int)
    /// The anchor itself was sent as if it were somebody's certificate.
    case leafIsAnchor
    /// No configured anchor can be reached from this name (RFC 4514), by way of whatever came along.
    case noAnchor(issuer: String)
    /// The path that came nearest to being right.
    case path(PathFault)
    /// The work that this certificate and what came along would be. No word about whether it could be trusted.
    case budget(PathBudget.Kind)

    package var description: String {
        switch self {
        case .tooManyCertificates(let count): "\(count) certificates came along"
        case .tooManyAnchors(let count): "\(count) anchors could have issued it"
        case .leafVersion(let version): "version \(version), where 3 is due"
        case .leafIsAnchor: "the anchor itself"
        case .noAnchor(let issuer): "no anchor named `\(issuer)`"
        case .path(let fault): "\(fault)"
        case .budget(let kind): "too much work: \(kind.rawValue)"
        }
    }
}
