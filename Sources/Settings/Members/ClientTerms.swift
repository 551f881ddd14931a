import OpenID

/// What the deployment decides for all relying parties.
struct ClientTerms: Sendable {
    /// Nil when nobody knows, because sekisho.yaml could not be read: then none is refused.
    var scopes: Set<String>?
    var refreshTokens = true
    /// Clients can show a certificate somewhere.
    var mutualTLS = true
    /// The trust profile for those whose members name none.
    var certificateProfile: String?

    init() {}

    init(_ part: OpenIDPart) {
        scopes = part.scopes
        refreshTokens = part.refreshTokens
        mutualTLS = part.mutualTLS != nil
        certificateProfile = part.mutualTLS?.profile
    }
}
