import Cryptography
import JOSE

/// What a key of ours is for.
package enum KeyUse: String, Hashable, Sendable, CaseIterable {
    case samlSigning = "saml-signing"
    /// Signs our metadata in place of the message key (M20).
    case samlMetadata = "saml-metadata"
    case samlEncryption = "saml-encryption"
    case openIDSigning = "openid-signing"
    /// What clients encrypt to us with: request objects, hints.
    case openIDEncryption = "openid-encryption"

    /// Others have to hold the public half before it is used. What is encrypted to us is another matter: the world uses what we publish.
    var isPublishedAhead: Bool { !isForDecryption }

    package var isForDecryption: Bool { self == .samlEncryption || self == .openIDEncryption }

    var isOpenID: Bool { self == .openIDSigning || self == .openIDEncryption }

    var hasCertificate: Bool { !isOpenID }
}

/// The signature algorithms of SAML messages by their names in files.
typealias SAMLAlgorithm = SAMLSection.Algorithm

extension SAMLAlgorithm {
    /// What every service provider that takes such a key can verify. Nil for Ed25519, which SAML peers do not know, and X25519.
    static func usual(for kind: KeyKind) -> SAMLAlgorithm? {
        switch kind {
        case .rsa: .rsaSHA256
        case .ec(.p256): .ecdsaSHA256
        case .ec(.p384): .ecdsaSHA384
        case .ec(.p521): .ecdsaSHA512
        case .ed25519, .x25519: nil
        }
    }
}

/// The signature algorithms of tokens that a deployment may have keys for. SHA-384 and SHA-512 with RSA are left out: nobody asks for them.
enum TokenKeyAlgorithm: String, CaseIterable {
    case es256 = "ES256"
    case rs256 = "RS256"
    case ps256 = "PS256"
    case es384 = "ES384"
    case eddsa = "EdDSA"

    var algorithm: JWSAlgorithm {
        switch self {
        case .es256: .es256
        case .rs256: .rs256
        case .ps256: .ps256
        case .es384: .es384
        case .eddsa: .eddsa
        }
    }

    /// Discovery promises these two: ES256 is every client's default, RS256 what OpenID Connect Discovery §3 demands.
    static let required: [TokenKeyAlgorithm] = [.es256, .rs256]
}

extension KeyKind {
    /// Keys of one use and one family follow each other; keys of two families stand side by side.
    var family: String {
        switch self {
        case .rsa: "rsa"
        case .ec(let curve): curve.rawValue
        case .ed25519: "ed25519"
        case .x25519: "x25519"
        }
    }

    /// For people.
    package var text: String {
        switch self {
        case .rsa(let bits): "RSA \(bits)"
        case .ec(.p256): "P-256"
        case .ec(.p384): "P-384"
        case .ec(.p521): "P-521"
        case .ed25519: "Ed25519"
        case .x25519: "X25519"
        }
    }
}
