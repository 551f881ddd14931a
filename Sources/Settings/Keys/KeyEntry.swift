package import Cryptography
package import SAML
package import Vocabulary

/// One of our keys as `Keys/keys.yaml` has it. Its state is not written down: it follows from the dates.
package struct KeyEntry: Hashable, Sendable {
    package var name: String
    package var use: KeyUse
    /// `ES256` for tokens, `rsa-sha256` for messages, `RSA-OAEP-256` for what is encrypted to us; nil: what is usual for the kind of key.
    package var algorithm: String?
    /// Names below `Keys/`. Without a private key the public half is only published.
    package var keyFile: String?
    /// The private half in a PKCS#11 token, in place of a file.
    package var token: TokenURI?
    /// Where the passphrase of an encrypted key file is; nil: where the plan says.
    package var passphrase: SecretSource?
    /// The certificate of a SAML key; the public key of one for tokens whose private half is not in a file.
    package var publicFile: String?
    /// From when it signs; nil: it waits.
    package var from: Timestamp?
    /// From when it no longer signs although none of its family follows.
    package var retired: Timestamp?
    /// Until when it is published; nil: as long as the plan says.
    package var until: Timestamp?
    package var revoked: Timestamp?
    /// Why it was revoked.
    package var reason: String?
    /// Why it may sign before everybody can have seen it.
    package var early: String?
    var line = 0

    /// Whether the private half is anywhere.
    var hasPrivateKey: Bool { keyFile != nil || token != nil }

    init(name: String, use: KeyUse, algorithm: String? = nil, keyFile: String? = nil, publicFile: String? = nil, from: Timestamp? = nil) {
        self.name = name
        self.use = use
        self.algorithm = algorithm
        self.keyFile = keyFile
        self.publicFile = publicFile
        self.from = from
    }
}

/// All our keys as the folder has them, read or to be written.
package struct KeyPlan: Hashable, Sendable {
    package var entries: [KeyEntry] = []
    package var order = SigningKeys.Order.currentFirst
    package var tokens = TokenPlan()
    /// Where the passphrase of encrypted key files is.
    package var passphrase: SecretSource?
    /// How long a key is published after it signed last, in seconds. Two weeks for SAML: as long as our metadata is good for.
    package var samlRetiring: Int64 = 14 * 86_400
    package var openIDRetiring: Int64 = 2 * 86_400
    /// Whether `Keys/keys.yaml` is there; otherwise the names of the files say everything, and there are no dates.
    package var isWritten = false

    func retiring(_ use: KeyUse) -> Int64 { use.isOpenID ? openIDRetiring : samlRetiring }
}
