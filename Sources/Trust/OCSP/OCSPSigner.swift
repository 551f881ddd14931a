import Cryptography
import Vocabulary

/// Who may have signed an answer (RFC 6960 §4.2.2.2), and whether one of them did.
struct OCSPSigner {
    let parsed: ParsedOCSPResponse
    let issuer: Certificate
    let now: Timestamp
    let rules: OCSPRules

    /// The issuer's own key, a responder of the operator's choice, or one that the issuer's key appointed and that is not revoked.
    func refuseOthers(_ evidence: ResponderEvidence) throws(RevocationRefusal) {
        guard !parsed.isSignedOverSHA1 else { throw .answer(.weakSignature) }
        let claimsIssuer = parsed.responder.isOwner(issuer.subject, issuer.publicKey)
        if claimsIssuer, parsed.isSigned(by: issuer.publicKey) { return }
        let chosen = rules.responders.filter { isNamed($0) && isValid($0) }
        if chosen.contains(where: { parsed.isSigned(by: $0.publicKey) }) { return }
        let appointed = parsed.certificates.filter { isNamed($0) && isAppointed($0) }
        guard !appointed.isEmpty || !chosen.isEmpty else { throw claimsIssuer ? .signature : .responder }
        guard let signer = appointed.first(where: { parsed.isSigned(by: $0.publicKey) }) else { throw .signature }
        try refuseRevoked(signer, evidence)
    }

    private func isNamed(_ certificate: Certificate) -> Bool { parsed.responder.isOwner(certificate.subject, certificate.publicKey) }

    private func isValid(_ certificate: Certificate) -> Bool {
        certificate.notBefore <= now && now < certificate.notAfter.adding(seconds: 1)
    }

    /// Issued by the very authority the answer is about, directly, for this purpose (§4.2.2.2 and §2.6).
    private func isAppointed(_ certificate: Certificate) -> Bool {
        certificate.extendedKeyUsage?.contains(.ocspSigning) ?? false && certificate.issuer == issuer.subject
            && maySign(certificate) && certificate.unknownCriticalExtensions.isEmpty
            && isValid(certificate) && certificate.isSigned(by: issuer.publicKey)
    }

    /// RFC 5280 §4.2.1.12: digitalSignature and nonRepudiation agree with OCSPSigning, either of them.
    private func maySign(_ certificate: Certificate) -> Bool {
        guard let usage = certificate.keyUsage else { return true }
        return usage.contains(.digitalSignature) || usage.contains(.nonRepudiation)
    }

    private func refuseRevoked(_ signer: Certificate, _ evidence: ResponderEvidence) throws(RevocationRefusal) {
        guard !signer.hasNoRevocationCheck else { return }
        switch evidence(signer, issuer) {
        case .good: return
        case .revoked(let reason, _): throw .answer(.responderRevoked(reason))
        case .unknown: guard rules.responderStatus == .unlessRevoked else { throw .answer(.responderUnknown) }
        }
    }
}
