import Cryptography
import Synchronization
package import Vocabulary
package import XMLSecurity

/// How assertions for one member travel: decided from its metadata and its operator's word (S50–S53).
package enum AssertionEncryption: Sendable {
    case clear
    case encrypted(XMLEncryptor, ContentCipher, KeyTransport)
    /// It must be encrypted and cannot be: the member gets no assertion, least of all one in clear.
    case impossible(Gap)

    package enum Gap: Hashable, Sendable {
        case noKey
        /// What the metadata declares, and nothing of it is a cipher that we may use.
        case cipher(declared: [String])
        case transport(declared: [String])
    }

    /// The first key for encryption that we can use, with the first cipher and the first transport that its metadata declares and we
    /// have. A key without any word gets AES-256-GCM and RSA-OAEP with SHA-1, which is what the profiles make everybody read, or ECDH-ES.
    package init(for provider: ServiceProvider) {
        let options = provider.options
        guard options.encryption != .off else {
            self = .clear
            return
        }
        guard !provider.encryptionKeys.isEmpty else {
            self = options.encryption == .required ? .impossible(.noKey) : .clear
            return
        }
        var gap = Gap.noKey
        for key in provider.encryptionKeys {
            let declared = key.methods
            guard let content = Self.content(declared, options.ciphers) else {
                gap = .cipher(declared: declared)
                continue
            }
            guard let transport = Self.transport(key),
                let encryptor = try? XMLEncryptor(
                    to: key.key, content: content, transport: transport, recipient: provider.entityID.text,
                    certificate: provider.encryptionKeys.count > 1 ? key.certificate : nil)
            else {
                gap = .transport(declared: declared)
                continue
            }
            self = .encrypted(encryptor, content, transport)
            return
        }
        self = .impossible(gap)
    }

    private static func content(_ declared: [String], _ allowed: MemberOptions.Ciphers) -> ContentCipher? {
        let known = declared.compactMap { ContentCipher(uri: $0) }
        if let authenticated = known.first(where: \.isAuthenticated) { return authenticated }
        // Nothing is said about ciphers at all: a list of key transports alone says nothing either.
        let isSilent = !declared.contains(where: isContentCipher)
        switch allowed {
        case .gcm, .cbcNames: return isSilent ? .aes256gcm : nil
        case .cbc: return known.first ?? (isSilent ? .aes256cbc : nil)
        }
    }

    /// Triple DES is one that a member may declare and we do not have.
    private static func isContentCipher(_ uri: String) -> Bool { ContentCipher(uri: uri) != nil || uri.hasSuffix("#tripledes-cbc") }

    private static func transport(_ key: MemberEncryptionKey) -> KeyTransport? {
        let standard: KeyTransport = KeyTransport.saml2int.fits(key.key.kind) ? .saml2int : .ecdhES
        let methods = key.declared.filter { !isContentCipher($0.algorithm) && !$0.algorithm.contains("#kw-aes") }
        let known = methods.compactMap { method -> KeyTransport? in
            KeyTransport(uri: method.algorithm, digest: method.digest, mgf: method.maskGeneration)
        }.filter { $0.fits(key.key.kind) }
        return known.first ?? (methods.isEmpty ? standard : nil)
    }
}

extension AssertionEncryption.Gap {
    package var explanation: Explanation {
        switch self {
        case .noKey:
            Explanation(
                "saml.encryption.key", "assertions for this member must be encrypted, but its metadata has no key for encryption",
                clause: "Kantara IIP-IDP09; SAML Metadata §2.4.1.1",
                remedy: "publish a KeyDescriptor for encryption, or set `encrypt: when-declared` in the member's file")
        case .cipher(let declared):
            Explanation(
                "saml.encryption.cipher", "the member's metadata declares no authenticated cipher",
                compared: declared.prefix(8).map { .init("EncryptionMethod", $0) }, clause: "Kantara IIP-ALG; checklist S51",
                remedy: "declare AES-GCM; until the member can, its operator may set `ciphers: allow-cbc` or `encrypt: off`")
        case .transport(let declared):
            Explanation(
                "saml.encryption.transport", "the member's metadata declares no key transport that we have",
                compared: declared.prefix(8).map { .init("EncryptionMethod", $0) }, clause: "Kantara IIP-ALG; checklist S52",
                remedy: "declare rsa-oaep-mgf1p or rsa-oaep, or ECDH-ES for an EC key; rsa-1_5 is never used")
        }
    }
}

extension ServiceProvider {
    /// Decided once for each reading of the member, not for each answer.
    package var encryption: AssertionEncryption { preparation.encryption { AssertionEncryption(for: self) } }
}
