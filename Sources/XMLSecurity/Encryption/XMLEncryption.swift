package import Cryptography
import Vocabulary
package import XML

/// XML Encryption as SAML uses it: one element, AES, a fresh key that travels by RSA-OAEP or ECDH-ES.
///
/// Encryption proves nothing about who sent it: everybody has our public key (A19). What comes out is as doubtful as what
/// would have come in clear.
package enum XMLEncryption {
    package static func isEncrypted(_ element: XMLElement) -> Bool { (try? EncryptedDataSyntax.find(element)) != nil }

    /// Encrypts once; `XMLEncryptor` does the same with its constant parts made before.
    package static func encrypt(
        _ tag: XMLTag, to key: PublicKey, content: ContentCipher = .aes256gcm, transport: KeyTransport = .saml2int,
        recipient: String? = nil, using random: inout some RandomNumberGenerator
    ) throws(XMLEncryptionRefusal) -> XMLTag {
        try XMLEncryptor(to: key, content: content, transport: transport, recipient: recipient).encrypt(tag, using: &random)
    }

    /// The element that `element` hides: an EncryptedData, or the parent of exactly one (EncryptedAssertion, EncryptedID). Its
    /// EncryptedKeys may be inside KeyInfo or beside it. `recipient`, when given, passes over those meant for somebody else.
    ///
    /// Every fitting pair of encrypted key and private key costs one private-key operation, at most sixteen, also after one has
    /// succeeded; a failed one goes on with a random key to the same end. So nothing but "undecryptable" is to be learned (A20).
    /// With a cipher of `allowing` that is not authenticated, the sender can still ask about the plaintext: decrypt such content
    /// only when the ciphertext itself was signed.
    package static func decrypt(
        _ element: XMLElement, with keys: [PrivateKey], allowing: Set<ContentCipher> = .authenticated, recipient: String? = nil,
        limits: XMLLimits = .message
    ) throws(XMLEncryptionRefusal) -> XMLDocument {
        let found = try EncryptedDataSyntax.find(element)
        let data = try EncryptedDataSyntax(found, allowing: allowing, bytes: limits.bytes)
        guard data.type == nil || data.type == EncryptionNames.element else { throw .algorithm(data.type ?? "") }
        let plaintext = try octets(of: data, with: DecryptionKeys(own: keys), recipient: recipient)
        // CBC's padding is judged here and not before, so that bad padding costs what bad XML costs.
        guard let document = try? XMLDocument(fragment: plaintext.bytes, amid: found.parent?.namespacesInScope ?? [], limits: limits),
            plaintext.isPadded
        else { throw .undecryptable }
        return document
    }

    /// At most this many private-key operations for one element.
    private static let maximumAttempts = 16

    /// `isPadded` false: the bytes mean nothing.
    static func octets(
        of data: EncryptedDataSyntax, with keys: DecryptionKeys, recipient: String?
    ) throws(XMLEncryptionRefusal) -> (bytes: [UInt8], isPadded: Bool) {
        let meant = data.keys.filter { recipient == nil || $0.recipient == nil || $0.recipient == recipient }
        let attempts = meant.flatMap { key in keys.attempts(key.method).map { (key.value, $0) } }
        let direct = data.keys.isEmpty ? keys.secrets.first { $0.count == data.cipher.keyLength } : nil
        guard !attempts.isEmpty || direct != nil else { throw .keyMissing }
        guard attempts.count <= maximumAttempts else { throw .tooLarge }
        var random = SystemRandom()
        var key = Secret.random(data.cipher.keyLength, using: &random)
        var isFound = false
        if var direct { key = Secret(taking: &direct) }
        for (value, attempt) in attempts {
            guard let candidate = attempt.opened(value), candidate.count == data.cipher.keyLength, !isFound else { continue }
            key = candidate
            isFound = true
        }
        return try open(data, key)
    }

    private static func open(
        _ data: EncryptedDataSyntax, _ key: borrowing Secret
    ) throws(XMLEncryptionRefusal) -> (bytes: [UInt8], isPadded: Bool) {
        do {
            if data.cipher.isAuthenticated {
                let nonce = Array(data.value.prefix(AES.nonce))
                guard let bytes = try AES.openGCM(Array(data.value.dropFirst(AES.nonce)), key: key, nonce: nonce) else {
                    throw XMLEncryptionRefusal.undecryptable
                }
                return (bytes, true)
            }
            let vector = Array(data.value.prefix(AES.block))
            let padded = try AES.openCBC(Array(data.value.dropFirst(AES.block)), key: key, vector: vector)
            let count = Int(padded.last ?? 0)
            let isPadded = (1...AES.block).contains(count)
            return (Array(padded.dropLast(isPadded ? count : 1)), isPadded)
        } catch {
            throw .undecryptable
        }
    }
}
