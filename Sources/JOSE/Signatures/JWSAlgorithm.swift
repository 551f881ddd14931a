package import Cryptography

/// The signature algorithms we claim (RFC 7518 §3.1, RFC 8037 §3.1, RFC 9864 §2.2). No HMAC, no `none`.
package enum JWSAlgorithm: String, Hashable, Sendable, CaseIterable {
    case rs256 = "RS256"
    case rs384 = "RS384"
    case rs512 = "RS512"
    case ps256 = "PS256"
    case ps384 = "PS384"
    case ps512 = "PS512"
    case es256 = "ES256"
    case es384 = "ES384"
    case es512 = "ES512"
    case eddsa = "EdDSA"
    /// The fully specified name of what we do under `EdDSA`, whose only curve here is this one. Either name is read where the other is
    /// registered; we send the one that the client registered.
    case ed25519 = "Ed25519"

    package var signature: SignatureAlgorithm {
        switch self {
        case .rs256: .rsaPKCS1(.sha256)
        case .rs384: .rsaPKCS1(.sha384)
        case .rs512: .rsaPKCS1(.sha512)
        case .ps256: .rsaPSS(.sha256)
        case .ps384: .rsaPSS(.sha384)
        case .ps512: .rsaPSS(.sha512)
        case .es256: .ecdsa(.sha256)
        case .es384: .ecdsa(.sha384)
        case .es512: .ecdsa(.sha512)
        case .eddsa, .ed25519: .ed25519
        }
    }

    /// Whether a key of this kind can serve this algorithm. Unlike X.509's, JOSE's ECDSA names fix the curve (RFC 7518 §3.4).
    package func fits(_ kind: KeyKind) -> Bool {
        switch self {
        case .es256: kind == .ec(.p256)
        case .es384: kind == .ec(.p384)
        case .es512: kind == .ec(.p521)
        default: signature.fits(kind)
        }
    }

    /// Two names of one algorithm.
    package func isSame(as other: JWSAlgorithm) -> Bool { plain == other.plain }

    private var plain: JWSAlgorithm { self == .ed25519 ? .eddsa : self }

    /// The digest whose left half stands in `at_hash`, `c_hash` and `s_hash` (OpenID Connect Core §3.1.3.6). Ed25519 hashes with SHA-512.
    package var tokenHash: DigestAlgorithm {
        switch self {
        case .rs256, .ps256, .es256: .sha256
        case .rs384, .ps384, .es384: .sha384
        case .rs512, .ps512, .es512, .eddsa, .ed25519: .sha512
        }
    }
}
