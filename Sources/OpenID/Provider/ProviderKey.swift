package import Cryptography
package import JOSE

/// One of our keys for tokens, with its life.
package struct ProviderKey: Sendable {
    /// For people: commands and reports.
    package let name: String
    package let jwk: JWK
    /// Nil when only the public half is left.
    package let signing: SigningKey?
    package let life: KeyLife

    package init(_ key: SigningKey, name: String? = nil, life: KeyLife) {
        self.name = name ?? key.keyID
        jwk = key.jwk
        signing = key
        self.life = life
    }

    package init(_ key: JWK, name: String? = nil, life: KeyLife) {
        self.name = name ?? key.keyID ?? ""
        jwk = key
        signing = nil
        self.life = life
    }
}
