package import Cryptography
import Vocabulary
import XML
package import XMLSecurity

/// The key our messages are signed with, and the certificate they carry. What does not depend on a message is made once, here.
package struct SAMLSigningKey: Sendable {
    package let key: PrivateKey
    /// DER. Relying parties take its key and ignore the rest.
    package let certificate: [UInt8]
    package let algorithm: SignatureAlgorithm
    /// Base64 of the certificate, as metadata shows it.
    package let certificateText: String
    private let signer: XMLSigner

    /// Refuses an algorithm that XML Signature has no name for, SHA-1, and one that does not fit the key.
    package init(key: PrivateKey, certificate: [UInt8], algorithm: SignatureAlgorithm) throws(XMLSignatureRefusal) {
        signer = try XMLSigner(key: key, algorithm: algorithm, certificate: certificate)
        self.key = key
        self.certificate = certificate
        self.algorithm = algorithm
        certificateText = Base64.encode(certificate)
    }

    /// `tag` with our signature over it: behind its Issuer in a message, as first child in metadata.
    func signed(_ tag: XMLTag) throws(AnswerFailure) -> XMLTag {
        do {
            return try signer.sign(tag)
        } catch {
            throw .signature
        }
    }
}
