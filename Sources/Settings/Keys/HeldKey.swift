package import Cryptography
package import Vocabulary

/// The private half of a key in a PKCS#11 token.
package struct HeldToken: Sendable {
    package let uri: TokenURI
    /// What it answered when it was tried; nil when it did what it is for, or was not asked.
    package let fault: TokenFault?
    /// False for a key that only has to be published any more, or when nobody wanted to know.
    package let wasAsked: Bool
    package let token: Token
}

/// One of our keys with all that is known about it, for lists, reports and changes.
package struct HeldKey: Sendable {
    package let entry: KeyEntry
    package let publicKey: PublicKey
    package let life: KeyLife
    /// The algorithm it signs with, by its name in files; nil for encryption.
    package let algorithm: String?
    /// Keys with the same slot follow each other.
    package let slot: String
    /// SHA-256 of the public key.
    package let digest: String
    /// SHA-256 of the certificate, which a member's pin names; nil for token keys.
    package let fingerprint: String?
    /// `kid` of a token key.
    package let keyID: String?
    package let hasPrivateKey: Bool
    /// Where it lies and how it answers, for a key in a PKCS#11 token.
    package let token: HeldToken?
    package let certificateEnds: Timestamp?
    package let published: Timestamp?
    package let used: Timestamp?
    /// How long it has to be published before it may sign, in seconds.
    package let age: Int64
    /// How long it has to stay published after it signed last, in seconds.
    package let floor: Int64

    /// From when it may sign without surprising anybody; nil when it was never published, or need not be.
    package var usableFrom: Timestamp? {
        guard entry.use.isPublishedAhead else { return nil }
        return published?.adding(seconds: age)
    }
}
