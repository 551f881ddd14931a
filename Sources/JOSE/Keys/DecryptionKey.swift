package import Cryptography

/// One of our own keys that others encrypt to.
package struct DecryptionKey: Sendable {
    /// Nil answers to every name; ours have one.
    package let keyID: String?
    package let key: PrivateKey
    /// The only algorithm it serves, when we said so; otherwise all that fit it.
    package let algorithm: JWEAlgorithm?

    package init(keyID: String?, key: PrivateKey, algorithm: JWEAlgorithm? = nil) {
        self.keyID = keyID
        self.key = key
        self.algorithm = algorithm
    }

    /// The public half, as we publish it, for use `enc`.
    package var jwk: JWK { JWK(key.publicKey, keyID: keyID, encryption: algorithm) }
}
