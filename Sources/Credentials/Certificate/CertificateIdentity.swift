import Cryptography
package import Trust
import Vocabulary

/// The only join key of a certificate: which authority, which serial. Serials are counted per authority, and generations of one
/// authority share a name, so the authority is its key and its name together.
///
/// INVARIANT: never leaves the platform, no page, token, log or audit record shows it (a serial is a nation-wide tracking number,
/// `jpki.md` §4.2). Stores keep it as it is; members get pairwise identifiers.
package struct CertificateIdentity: Hashable, Sendable, Codable {
    /// Lower-case hexadecimal SHA-256 of the authority's SubjectPublicKeyInfo followed by its name, both DER.
    package let issuer: String
    /// Lower-case hexadecimal content of the serial number.
    package let serial: String

    /// A stored identity read back. It proves nothing: only a `LoginCertificate` says that a certificate was looked at.
    package init(issuer: String, serial: String) {
        self.issuer = issuer
        self.serial = serial
    }

    package init(of chain: TrustedChain) {
        self.init(
            issuer: Hexadecimal.encode(Digest.sha256(chain.issuer.publicKey.spki + chain.issuer.subject.der)),
            serial: Hexadecimal.encode(chain.leaf.serial))
    }
}
