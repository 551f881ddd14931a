import Cryptography
import Logging
import Outbound
import Trust
import Vocabulary

/// The on-line rungs: one responder after the other, each asked in the form it understands, until one gives a word that counts.
struct OnLineStatus: Sendable {
    /// Addresses of one certificate that are tried.
    private static let mostAddresses = 2

    let main: WebAddress?
    let fallBack: WebAddress?
    let outbound: Outbound
    let rules: StatusRules
    let responders: Responders
    let logger: Logger

    struct Subject {
        let certificate: Certificate
        let issuer: Certificate
        /// From the leaf to the anchor; both stand in it.
        let path: [Certificate]
    }

    /// The word of the first responder that knows; what it said is nil when nobody did. Nil as a whole when the caller left.
    /// `passingCaches`: by POST, whatever is configured.
    func word(
        on subject: Subject, passingCaches: Bool, at now: Timestamp, evidence: ResponderEvidence
    ) async -> CertificateStatus? {
        let clock = ContinuousClock()
        let began = clock.now
        var last = CertificateStatus.unknown(checkedAt: now)
        for (address, method) in addresses(of: subject.certificate) {
            guard began.duration(to: clock.now) < .seconds(rules.patience) else { break }
            let method = passingCaches ? StatusRules.Method.post : method
            switch await ask(address, by: method, about: subject, at: now, since: began, evidence: evidence) {
            case .word(let status) where status.verdict != .unknown: return status
            case .word(let status): last = status
            case .nothing: continue
            case .left: return nil
            }
        }
        return last
    }

    /// The main responder is the operator's, else the certificate's own; Outbound refuses hosts that the operator did not list (E21).
    private func addresses(of certificate: Certificate) -> [(WebAddress, StatusRules.Method)] {
        let first = main.map { [$0] } ?? Array(certificate.ocspURIs.lazy.compactMap { WebAddress($0) }.prefix(Self.mostAddresses))
        return first.map { ($0, rules.method) } + (fallBack.map { [($0, rules.fallBackMethod)] } ?? [])
    }

    private enum Outcome {
        case word(CertificateStatus)
        case nothing
        case left
    }

    /// At most three requests: one is the rule, others only when the responder did not understand the one before, or a cache before it gave
    /// what does not count. The form that was answered is the first for a while, its digest from then on.
    private func ask(
        _ address: WebAddress, by method: StatusRules.Method, about subject: Subject, at now: Timestamp,
        since began: ContinuousClock.Instant, evidence: ResponderEvidence
    ) async -> Outcome {
        let clock = ContinuousClock()
        let name = Responders.name(address)
        let isGet = method == .get
        let configured = Responders.Form(digest: rules.digest, hasNonce: !isGet && rules.nonce != .off, isGet: isGet)
        let known = responders.form(name, orElse: configured, at: now)
        // What was understood by GET tells nothing of a nonce.
        let usual = known.isGet && !isGet ? Responders.Form(digest: known.digest, hasNonce: configured.hasNonce) : known
        var next: Responders.Form? = usual
        var tried: Set<Responders.Form> = []
        var last = Outcome.nothing
        while let form = next, began.duration(to: clock.now) < .seconds(rules.patience) {
            tried.insert(form)
            // Time that passed since the question came counts for rests.
            let moment = now.adding(milliseconds: began.duration(to: clock.now).milliseconds)
            guard responders.admits(name, at: moment) else { return last }
            let failure: StatusHealth.Failure
            do throws(Trouble) {
                let status = try await exchange(address, form, about: subject, at: now, evidence: evidence)
                guard status.verdict == .unknown else {
                    if form != usual { responders.understood(name, form, at: now) }
                    return .word(status)
                }
                last = .word(status)
                failure = .unauthorized
            } catch {
                guard !Task.isCancelled else {
                    responders.withdrew(name, at: now)
                    return .left
                }
                failure = error.code
                responders.failed(name, failure, at: now.adding(milliseconds: began.duration(to: clock.now).milliseconds))
                logger.warning("on-line status failed", metadata: ["responder": "\(name)", "code": "\(failure.rawValue)"])
            }
            next = Self.otherForms(usual, after: failure, mayOmitNonce: rules.nonce != .required).first { !tried.contains($0) }
        }
        return last
    }

    /// A responder that does not know the digest says `unauthorized`, `malformedRequest`, unknown, or answers about another CertID; one that
    /// cannot read a nonce says `malformedRequest`.
    private static func otherForms(
        _ form: Responders.Form, after failure: StatusHealth.Failure, mayOmitNonce: Bool
    ) -> [Responders.Form] {
        let other = Responders.Form(digest: form.digest == .sha1 ? .sha256 : .sha1, hasNonce: form.hasNonce, isGet: form.isGet)
        // What a cache keeps may be old, or no answer at all; what a POST brings is the responder's own.
        let own = Responders.Form(digest: form.digest, hasNonce: false)
        switch failure {
        case .stale, .status, .malformed, .time, .tooLarge: return form.isGet ? [own] : []
        case .unauthorized, .otherCertificate: return [other]
        case .malformedRequest where form.isGet: return [own, other]
        case .malformedRequest where mayOmitNonce: return [other, Responders.Form(digest: form.digest, hasNonce: false)]
        case .malformedRequest: return [other]
        default: return []
        }
    }

    private struct Trouble: Error {
        let code: StatusHealth.Failure
    }

    private func exchange(
        _ address: WebAddress, _ form: Responders.Form, about subject: Subject, at now: Timestamp, evidence: ResponderEvidence
    ) async throws(Trouble) -> CertificateStatus {
        var random = SystemRandom()
        // 32 bytes: RFC 9654 §2.1, and the most that RFC 8954 allows.
        let request = OCSPRequest(
            certificate: subject.certificate, issuer: subject.issuer, nonce: form.hasNonce ? random.bytes(32) : nil, digest: form.digest)
        let answer: OutboundAnswer
        do {
            let question = form.isGet ? Self.question(request, to: address) : nil
            answer = try await outbound.fetch(
                question.map { .get($0) } ?? .post(address, type: "application/ocsp-request", body: request.der))
        } catch {
            throw Trouble(code: StatusHealth.Failure(error))
        }
        guard answer.status == 200 else { throw Trouble(code: .status) }
        do throws(RevocationRefusal) {
            let response = try UnverifiedOCSPResponse(der: answer.body)
            let status = try response.verified(
                for: request, issuer: subject.issuer, at: now, under: rules.answer, evidence: evidence)
            responders.answered(
                Responders.name(address), thisUpdate: status.thisUpdate, gaveNonce: form.hasNonce ? response.hasNonce : nil, at: now)
            return status
        } catch {
            throw Trouble(code: StatusHealth.Failure(error))
        }
    }
}

extension OnLineStatus {
    /// The whole address of a request by GET, RFC 5019 §5.
    private static let longestQuestion = 255

    /// RFC 6960 §A.1.1: Base64 behind the address, percent-encoded. Nil where a query stands behind the address, or the request is too long
    /// for caches.
    static func question(_ request: OCSPRequest, to address: WebAddress) -> WebAddress? {
        guard address.query == nil else { return nil }
        let encoded = PercentEncoding.encode(Base64.encode(request.der))
        let text = address.description + (address.target.hasSuffix("/") ? "" : "/") + encoded
        return text.utf8.count <= longestQuestion ? WebAddress(text) : nil
    }
}

extension Duration {
    var milliseconds: Int64 {
        let (seconds, fraction) = components
        return seconds.multipliedReportingOverflow(by: 1000).partialValue &+ fraction / 1_000_000_000_000_000
    }
}

extension StatusHealth.Failure {
    init(_ refusal: OutboundRefusal) {
        switch refusal {
        case .malformedAddress, .plainHTTP, .hostNotAllowed, .privateAddress: self = .refused
        case .tooManyRedirects, .redirectMalformed, .redirectDowngrade: self = .status
        case .unknownHost, .failed: self = .unreachable
        case .tooLarge: self = .tooLarge
        case .tooSlow: self = .slow
        }
    }

    init(_ refusal: RevocationRefusal) {
        switch refusal {
        case .answer(let why): self.init(why)
        case .signature: self = .signature
        case .responder: self = .responder
        case .stale: self = .stale
        case .future: self = .future
        case .producedAt: self = .time
        case .nonce: self = .nonce
        case .otherCertificate: self = .otherCertificate
        default: self = .other
        }
    }

    private init(_ refusal: OCSPRefusal) {
        switch refusal {
        case .tooLarge: self = .tooLarge
        case .malformed, .kind, .unknownCriticalExtension: self = .malformed
        case .status(.malformedRequest): self = .malformedRequest
        case .status(.internalError): self = .internalError
        case .status(.tryLater): self = .tryLater
        case .status(.signatureRequired): self = .signatureRequired
        case .status(.unauthorized): self = .unauthorized
        case .weakSignature: self = .weakSignature
        case .responderRevoked: self = .responderRevoked
        case .responderUnknown: self = .responderUnknown
        }
    }
}
