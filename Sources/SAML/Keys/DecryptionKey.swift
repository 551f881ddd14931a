package import Cryptography
import Vocabulary

/// A key that others encrypt for us to: identifiers of citizens in logout requests, for one.
///
/// Its life differs from a signing key's: the world encrypts to what we publish, so only the current ones are published, while the next and
/// the retiring ones decrypt silently (IIP-MD08): metadata that others hold may be newer or older than ours.
package struct DecryptionKey: Sendable {
    package let name: String
    package let key: PrivateKey
    package let certificate: [UInt8]
    package let fingerprint: String
    package let life: KeyLife
    let certificateText: String

    package init(name: String, key: PrivateKey, certificate: [UInt8], life: KeyLife = .always) {
        self.name = name
        self.key = key
        self.certificate = certificate
        fingerprint = OwnKey.fingerprint(of: certificate)
        self.life = life
        certificateText = Base64.encode(certificate)
    }
}
