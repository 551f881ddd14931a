package import Cryptography

/// How a content key reaches its reader (RFC 7518 §4). Never `RSA1_5` (Bleichenbacher), `PBES2-*` (the sender would set the work), `dir`
/// or the symmetric wraps (who reads could write).
package enum JWEAlgorithm: String, Hashable, Sendable, CaseIterable {
    /// SHA-1 in a place where collisions do not matter; many libraries know no other.
    case rsaOAEP = "RSA-OAEP"
    case rsaOAEP256 = "RSA-OAEP-256"
    case rsaOAEP384 = "RSA-OAEP-384"
    case rsaOAEP512 = "RSA-OAEP-512"
    case ecdhES = "ECDH-ES"
    case ecdhESA128KW = "ECDH-ES+A128KW"
    case ecdhESA192KW = "ECDH-ES+A192KW"
    case ecdhESA256KW = "ECDH-ES+A256KW"

    enum Management {
        /// The content key encrypted to an RSA key; both digests of OAEP are this one.
        case transport(DigestAlgorithm)
        /// The content key is what both sides agreed on.
        case agreement
        /// The content key wrapped by an agreed key of so many bytes.
        case agreedWrap(Int)
    }

    var management: Management {
        switch self {
        case .rsaOAEP: .transport(.sha1)
        case .rsaOAEP256: .transport(.sha256)
        case .rsaOAEP384: .transport(.sha384)
        case .rsaOAEP512: .transport(.sha512)
        case .ecdhES: .agreement
        case .ecdhESA128KW: .agreedWrap(16)
        case .ecdhESA192KW: .agreedWrap(24)
        case .ecdhESA256KW: .agreedWrap(32)
        }
    }

    /// Whether a key of this kind can serve this algorithm.
    package func fits(_ kind: KeyKind) -> Bool {
        switch (management, kind) {
        case (.transport, .rsa), (.agreement, .ec), (.agreedWrap, .ec): true
        // RFC 8037 §3.2.
        case (.agreement, .x25519), (.agreedWrap, .x25519): true
        default: false
        }
    }

    /// The `key_ops` of a recipient's public key that allow it (RFC 7517 §4.3).
    var operations: Set<String> {
        switch management {
        case .transport: ["wrapKey", "encrypt"]
        case .agreement, .agreedWrap: ["deriveKey", "deriveBits"]
        }
    }
}
