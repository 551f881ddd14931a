package import Cryptography
import Vocabulary
package import XMLSecurity

/// A key of ours as service providers know it: by its certificate.
package struct OwnKey: Sendable {
    /// For people: commands and reports. Unique among our keys.
    package let name: String
    package let publicKey: PublicKey
    /// DER.
    package let certificate: [UInt8]
    /// SHA-256 of the certificate in lower-case hexadecimal; what a member's pin names.
    package let fingerprint: String
    package let life: KeyLife
    /// Base64 of the certificate, as metadata shows it.
    let certificateText: String
    /// The same key under each algorithm it can sign with, its usual one first. Empty when only the certificate is here.
    package let signers: [SAMLSigningKey]

    /// A key that signs. `usual` is its algorithm where nobody wishes another one; every other that fits the key is made ready too.
    package init(
        name: String, key: PrivateKey, certificate: [UInt8], usual: SignatureAlgorithm, life: KeyLife = .always
    ) throws(XMLSignatureRefusal) {
        let first = try SAMLSigningKey(key: key, certificate: certificate, algorithm: usual)
        var signers = [first]
        for other in MessageAlgorithm.all where other.signature != usual && other.signature.fits(key.publicKey.kind) {
            signers.append(try SAMLSigningKey(key: key, certificate: certificate, algorithm: other.signature))
        }
        self.init(name: name, publicKey: key.publicKey, certificate: certificate, life: life, signers: signers)
    }

    /// A key that signs as `signer` does and in no other way.
    package init(name: String, signer: SAMLSigningKey, life: KeyLife = .always) {
        self.init(name: name, publicKey: signer.key.publicKey, certificate: signer.certificate, life: life, signers: [signer])
    }

    /// A certificate that is published and signs nothing here: the private key stays elsewhere until its time, or is gone already.
    package init(name: String, publicKey: PublicKey, certificate: [UInt8], life: KeyLife) {
        self.init(name: name, publicKey: publicKey, certificate: certificate, life: life, signers: [])
    }

    private init(name: String, publicKey: PublicKey, certificate: [UInt8], life: KeyLife, signers: [SAMLSigningKey]) {
        self.name = name
        self.publicKey = publicKey
        self.certificate = certificate
        fingerprint = Self.fingerprint(of: certificate)
        self.life = life
        certificateText = Base64.encode(certificate)
        self.signers = signers
    }

    /// The same key with another life, to see what would be.
    package func living(_ life: KeyLife) -> OwnKey {
        OwnKey(name: name, publicKey: publicKey, certificate: certificate, life: life, signers: signers)
    }

    package static func fingerprint(of certificate: [UInt8]) -> String { Hexadecimal.encode(Digest.sha256(certificate)) }
}
