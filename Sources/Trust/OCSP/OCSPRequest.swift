package import Cryptography

/// One question to a responder: about one certificate of one issuer. Keeps what the answer will be held against.
package struct OCSPRequest: Sendable {
    package let der: [UInt8]
    package let nonce: [UInt8]?
    let certificate: Certificate
    let issuer: Certificate

    /// `digest` names the issuer inside the CertID: SHA-1 is what every responder understands (RFC 5019 §2.1.1), SHA-256 what newer ones
    /// prefer. Neither protects anything. A nonce has 1 to 32 bytes; others are left out.
    package init(certificate: Certificate, issuer: Certificate, nonce: [UInt8]? = nil, digest: DigestAlgorithm = .sha1) {
        let sent = nonce.flatMap { OCSPNonce.lengths.contains($0.count) ? $0 : nil }
        self.certificate = certificate
        self.issuer = issuer
        self.nonce = sent
        let question = OCSPCertificateID(serial: certificate.serial, issuer: issuer, digest: digest)
        der = OCSPQuery(questions: [question], nonce: sent).der
    }
}
