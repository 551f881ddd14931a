package import Cryptography

/// How a card may sign a challenge; the name is JOSE's, which the card API shows to its clients.
package enum CardAlgorithm: String, Sendable, Codable, CaseIterable {
    /// RSA with PKCS#1 v1.5 padding over the SHA-256 DigestInfo: the card of 2015 (`jpki.md` §3.3).
    case rs256 = "RS256"
    /// ECDSA on P-384 over SHA-384: the next card (`jpki.md` §1.6).
    case es384 = "ES384"

    /// The one algorithm of a key, chosen by the key and never by the sender (checklist E9); nil for a key no card has.
    package init?(_ key: KeyKind) {
        switch key {
        case .rsa: self = .rs256
        case .ec(.p384): self = .es384
        default: return nil
        }
    }

    package var signature: SignatureAlgorithm {
        switch self {
        case .rs256: .rsaPKCS1(.sha256)
        case .es384: .ecdsa(.sha384)
        }
    }
}
