package import Cryptography

/// Where a member's `LogoutRequest` or `LogoutResponse` goes (SAML Metadata §2.2.2).
package struct LogoutService: Hashable, Sendable {
    /// HTTP-Redirect, HTTP-POST or SOAP; others are not kept.
    package let binding: String
    package let location: String
    /// Where answers go when that is another place than `location`.
    package let responseLocation: String?

    /// Where an answer goes.
    package var answers: String { responseLocation ?? location }
}

/// Where a member's artifacts are resolved, by SOAP (SAML Metadata §2.2.3).
package struct ArtifactService: Hashable, Sendable {
    /// The endpoint index that an artifact names (SAML Bindings §3.6.4.2).
    package let index: Int
    package let location: String
    package let isDefault: Bool?
}

/// A key that a member may be encrypted to, with what its metadata says it can decrypt, in its order (IIP-MD10).
package struct MemberEncryptionKey: Hashable, Sendable {
    package struct Method: Hashable, Sendable {
        package let algorithm: String
        /// RSA-OAEP: the digest, and that of the mask.
        package let digest: String?
        package let maskGeneration: String?
        /// Bits.
        package let keySize: Int?
    }

    package let key: PublicKey
    /// DER; for `ds:KeyInfo` of what is encrypted, where a member wants it.
    package let certificate: [UInt8]?
    package let declared: [Method]

    /// The URIs alone: ciphers and key transports mixed, as metadata has them.
    package var methods: [String] { declared.map(\.algorithm) }
}
