/// What the sandbox gets wrong in its answers to an OpenID client, each on purpose and one at a time: a client has to refuse all but `right`.
package enum WrongToken: String, Sendable, CaseIterable {
    case right
    /// The ID token's `sub` was changed after the signature was made.
    case altered
    /// `alg` is `none`, and there is no signature.
    case noSignature = "alg-none"
    /// Signed by a key whose `kid` is not in our key set.
    case otherKey = "other-key"
    /// Signed by another key under the name of ours.
    case sameName = "other-key-same-kid"
    /// An HMAC under the bytes of our public key (algorithm confusion).
    case publicSecret = "hs256-public-key"
    case wrongIssuer = "wrong-issuer"
    case wrongAudience = "wrong-audience"
    case expired
    case noExpiry = "no-expiry"
    case noNonce = "no-nonce"
    case wrongNonce = "wrong-nonce"
    case noSubject = "no-subject"
    case wrongHash = "wrong-at-hash"
    /// Userinfo speaks of somebody else than the ID token.
    case otherUserInfo = "other-userinfo"
    case wrongState = "wrong-state"
    /// The parameter `iss` of the authorization response names another issuer (mix-up).
    case otherResponseIssuer = "wrong-response-issuer"
    /// A token that is bound to a DPoP key is said to be a bearer token.
    case otherTokenType = "bearer-token-type"
    /// `acr` is none that anybody could want.
    case lowLevel = "low-acr"

    /// The clause that makes the client refuse it.
    package var clause: String {
        switch self {
        case .right: "OpenID Connect Core §3.1.3.7"
        case .altered, .otherKey, .sameName: "OpenID Connect Core §3.1.3.7 (6)"
        case .noSignature, .publicSecret: "OpenID Connect Core §3.1.3.7 (7); RFC 8725 §3.1"
        case .wrongIssuer: "OpenID Connect Core §3.1.3.7 (2)"
        case .wrongAudience: "OpenID Connect Core §3.1.3.7 (3)"
        case .expired, .noExpiry: "OpenID Connect Core §3.1.3.7 (9)"
        case .noNonce, .wrongNonce: "OpenID Connect Core §3.1.3.7 (11)"
        case .noSubject: "OpenID Connect Core §2"
        case .wrongHash: "OpenID Connect Core §3.1.3.8"
        case .otherUserInfo: "OpenID Connect Core §5.3.2"
        case .wrongState: "RFC 6749 §10.12"
        case .otherResponseIssuer: "RFC 9207 §2.4"
        case .otherTokenType: "RFC 9449 §5"
        case .lowLevel: "OpenID Connect Core §3.1.3.7 (12)"
        }
    }

    /// Whether a client that accepts it breaks the standard. The others are optional, or matter only to a client that asked for them.
    package var isBinding: Bool {
        switch self {
        case .right, .wrongHash, .otherResponseIssuer, .otherTokenType, .lowLevel, .otherUserInfo: false
        default: true
        }
    }
}
