package import Cryptography
package import Vocabulary

/// An OCSP answer as it came, fetched or stapled. Read strictly, believed by nobody yet.
package struct UnverifiedOCSPResponse: Sendable {
    private let parsed: ParsedOCSPResponse

    /// A responder that declines (tryLater, unauthorized, …) is refused here, by its status.
    package init(der: [UInt8]) throws(RevocationRefusal) {
        do { parsed = try ParsedOCSPResponse(der: der) } catch { throw .answer(error) }
    }

    /// Whether the responder gave a nonce back: whether it supports them.
    package var hasNonce: Bool { parsed.nonce != nil }

    /// RFC 6960 §3.2: about the certificate that was asked for, signed by its issuer's key or by a responder that key appointed, made for
    /// now. `evidence` is asked about an appointed responder without id-pkix-ocsp-nocheck; without any, its status is unknown.
    package func verified(
        for request: OCSPRequest, issuer: Certificate, at now: Timestamp, under rules: OCSPRules,
        evidence: ResponderEvidence = { _, _ in .unknown }
    ) throws(RevocationRefusal) -> CertificateStatus {
        guard issuer == request.issuer else { throw .issuer }
        try refuseOtherNonce(request.nonce, needsNonce: rules.needsNonce)
        return try verified(about: request.certificate, issuer: issuer, at: now, under: rules, evidence: evidence)
    }

    /// The same for an answer nobody here asked for: stapled by whom it is about, or kept. It comes without a nonce, so its age alone says
    /// how fresh it is.
    package func verified(
        about certificate: Certificate, issuer: Certificate, at now: Timestamp, under rules: OCSPRules,
        evidence: ResponderEvidence = { _, _ in .unknown }
    ) throws(RevocationRefusal) -> CertificateStatus {
        try OCSPSigner(parsed: parsed, issuer: issuer, now: now, rules: rules).refuseOthers(evidence)
        // The issuer is named by whichever digest the responder chose.
        let answers = parsed.answers.filter { answer in
            answer.certificate == OCSPCertificateID(serial: certificate.serial, issuer: issuer, digest: answer.certificate.digest)
        }
        guard !answers.isEmpty else { throw .otherCertificate }
        var worst: OCSPAnswer?
        for answer in answers {
            try refuseOtherTime(answer, certificate, at: now, under: rules)
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

    private func refuseOtherTime(
        _ answer: OCSPAnswer, _ certificate: Certificate, at now: Timestamp, under rules: OCSPRules
    ) throws(RevocationRefusal) {
        let skew = rules.skew
        guard answer.thisUpdate <= now.adding(seconds: skew) else { throw .future(thisUpdate: answer.thisUpdate, now: now) }
        guard answer.nextUpdate.map({ $0 >= answer.thisUpdate && $0.adding(seconds: skew) >= now }) ?? true,
            now.seconds(since: answer.thisUpdate) - skew <= rules.maximumAge
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

extension UnverifiedOCSPResponse {
    /// The rules spelled out one by one, for callers with no evidence about responders.
    package func verified(
        for request: OCSPRequest, issuer: Certificate, at now: Timestamp, maximumAge: Int64, skew: Int64, needsNonce: Bool = false
    ) throws(RevocationRefusal) -> CertificateStatus {
        try verified(
            for: request, issuer: issuer, at: now, under: OCSPRules(maximumAge: maximumAge, skew: skew, needsNonce: needsNonce))
    }
}
