package import Cryptography
package import Vocabulary

/// An OCSP answer as it came. Read strictly, believed by nobody yet.
package struct UnverifiedOCSPResponse: Sendable {
    private let parsed: ParsedOCSPResponse

    /// A responder that declines (tryLater, unauthorized, …) is refused here, by its status.
    package init(der: [UInt8]) throws(RevocationRefusal) {
        do { parsed = try ParsedOCSPResponse(der: der) } catch { throw .answer(error) }
    }

    /// RFC 6960 §3.2: about the certificate that was asked for, signed by its issuer's key or by a responder that key appointed, made for
    /// now. Ages and skew in seconds. A nonce that was sent must match when one comes back; responders may answer from stock, so its
    /// absence counts only with `needsNonce`.
    package func verified(
        for request: OCSPRequest, issuer: Certificate, at now: Timestamp, maximumAge: Int64, skew: Int64, needsNonce: Bool = false
    ) throws(RevocationRefusal) -> CertificateStatus {
        guard issuer == request.issuer else { throw .issuer }
        try refuseOtherNonce(request.nonce, needsNonce: needsNonce)
        try refuseOtherSigner(issuer: issuer, at: now)
        // The issuer is named by whichever digest the responder chose.
        let answers = parsed.answers.filter { answer in
            answer.certificate
                == OCSPCertificateID(serial: request.certificate.serial, issuer: issuer, digest: answer.certificate.digest)
        }
        guard !answers.isEmpty else { throw .otherCertificate }
        var worst: OCSPAnswer?
        for answer in answers {
            try refuseOtherTime(answer, request.certificate, at: now, maximumAge: maximumAge, skew: skew)
            // Several words about one certificate: the worst counts.
            if worst.map({ Self.rank($0.status) < Self.rank(answer.status) }) ?? true { worst = answer }
        }
        guard let worst else { throw .otherCertificate }
        return CertificateStatus(
            Self.verdict(worst.status), from: .ocsp, thisUpdate: worst.thisUpdate, nextUpdate: worst.nextUpdate, checkedAt: now)
    }

    private func refuseOtherNonce(_ sent: [UInt8]?, needsNonce: Bool) throws(RevocationRefusal) {
        guard let sent else { return }
        guard let back = parsed.nonce else {
            guard !needsNonce else { throw .nonce }
            return
        }
        guard back == sent else { throw .nonce }
    }

    /// RFC 6960 §4.2.2.2: the issuer's own key, or a certificate that this key signed for OCSP. The appointed responder's own revocation
    /// is not looked at: its authority says id-pkix-ocsp-nocheck or keeps the certificate short.
    private func refuseOtherSigner(issuer: Certificate, at now: Timestamp) throws(RevocationRefusal) {
        if parsed.responder.isOwner(issuer.subject, issuer.publicKey), parsed.isSigned(by: issuer.publicKey) { return }
        let appointed = parsed.certificates.filter { candidate in
            parsed.responder.isOwner(candidate.subject, candidate.publicKey) && candidate.mayAnswer(for: issuer, at: now)
        }
        guard !appointed.isEmpty else {
            throw parsed.responder.isOwner(issuer.subject, issuer.publicKey) ? .signature : .responder
        }
        guard appointed.contains(where: { parsed.isSigned(by: $0.publicKey) }) else { throw .signature }
    }

    private func refuseOtherTime(
        _ answer: OCSPAnswer, _ certificate: Certificate, at now: Timestamp, maximumAge: Int64, skew: Int64
    ) throws(RevocationRefusal) {
        guard answer.thisUpdate <= now.adding(seconds: skew) else { throw .future(thisUpdate: answer.thisUpdate, now: now) }
        guard answer.nextUpdate.map({ $0 >= answer.thisUpdate && $0.adding(seconds: skew) >= now }) ?? true,
            now.seconds(since: answer.thisUpdate) - skew <= maximumAge
        else { throw .stale(nextUpdate: answer.nextUpdate, now: now) }
        // Not before what it reports, not from the future, and from the certificate's lifetime: before it and after it a responder knows
        // nothing of the certificate.
        let produced = parsed.producedAt
        guard produced.adding(seconds: skew) >= answer.thisUpdate, produced <= now.adding(seconds: skew),
            produced.adding(seconds: skew) >= certificate.notBefore, produced <= certificate.notAfter.adding(seconds: skew)
        else { throw .producedAt(produced, now: now) }
    }

    private static func rank(_ status: OCSPAnswer.Status) -> Int {
        switch status {
        case .good: 0
        case .unknown: 1
        case .revoked: 2
        }
    }

    private static func verdict(_ status: OCSPAnswer.Status) -> StatusVerdict {
        switch status {
        case .good: .good
        case .unknown: .unknown
        case .revoked(let reason, let moment): .revoked(reason, moment)
        }
    }
}

extension Certificate {
    /// Whether the issuer appointed this certificate to answer for it, directly (RFC 6960 §4.2.2.2 and §2.6).
    fileprivate func mayAnswer(for authority: Certificate, at now: Timestamp) -> Bool {
        extendedKeyUsage?.contains(.ocspSigning) ?? false && issuer == authority.subject
            && keyUsage?.contains(.digitalSignature) ?? true && unknownCriticalExtensions.isEmpty
            && notBefore <= now && now < notAfter.adding(seconds: 1) && isSigned(by: authority.publicKey)
    }
}
