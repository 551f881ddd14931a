package import Credentials
import Cryptography
package import Logging
package import Outbound
import Synchronization
package import Trust
package import Vocabulary

/// Where a certificate's status is asked: the published lists, and on-line where the deployment says so. An answer is kept until its own
/// `nextUpdate`; nobody able to answer gives *unknown*, never *good*.
package final class StatusDesk: Sendable {
    package enum Order: Sendable { case listFirst, onlineFirst }

    package struct OnLine: Sendable {
        /// Asked instead of the address in the certificate.
        package let url: String?
        package let outbound: Outbound

        package init(url: String?, outbound: Outbound) {
            self.url = url
            self.outbound = outbound
        }
    }

    private struct Kept: Sendable {
        let status: CertificateStatus
        let until: Timestamp
    }

    private let lists: Published<RevocationLists>
    private let onLine: OnLine?
    private let order: Order
    private let maximumAge: Int64
    private let skew: Int64
    private let logger: Logger
    private let kept = Mutex<[[UInt8]: Kept]>([:])
    /// Answers kept at the most; beyond that the store starts anew.
    private let capacity = 50_000

    package init(
        lists: Published<RevocationLists>, onLine: OnLine?, order: Order, maximumAge: Int64, skew: Int64 = 60, logger: Logger
    ) {
        self.lists = lists
        self.onLine = onLine
        self.order = order
        self.maximumAge = maximumAge
        self.skew = skew
        self.logger = logger
    }

    package func status(of login: LoginCertificate, at now: Timestamp) async -> CertificateStatus {
        let listed = lists.current.status(of: login.chain, at: now)
        // Revoked is the last word whoever says it.
        if case .revoked = listed.verdict { return listed }
        guard let onLine else { return listed }
        if order == .listFirst, listed.verdict == .good { return listed }
        let answered = await ask(login.chain, onLine, at: now)
        return answered.verdict == .unknown ? listed : answered
    }

    private func ask(_ chain: TrustedChain, _ onLine: OnLine, at now: Timestamp) async -> CertificateStatus {
        let unknown = CertificateStatus.unknown(checkedAt: now)
        let name = chain.leaf.fingerprint
        if let kept = kept.withLock({ $0[name] }), now < kept.until { return kept.status }
        guard let url = onLine.url ?? chain.leaf.ocspURIs.first else { return unknown }
        var random = SystemRandom()
        do {
            let request = OCSPRequest(certificate: chain.leaf, issuer: chain.issuer, nonce: random.bytes(16))
            let answer = try await onLine.outbound.post(url, type: "application/ocsp-request", body: request.der)
            guard answer.status == 200 else { return unknown }
            let status = try UnverifiedOCSPResponse(der: answer.body)
                .verified(for: request, issuer: chain.issuer, at: now, maximumAge: maximumAge, skew: skew)
            keep(status, for: name, at: now)
            return status
        } catch {
            logger.warning("on-line status failed", metadata: ["error": "\(type(of: error))"])
            return unknown
        }
    }

    private func keep(_ status: CertificateStatus, for name: [UInt8], at now: Timestamp) {
        guard status.verdict == .good, let until = status.nextUpdate, now < until else { return }
        kept.withLock { kept in
            if kept.count >= capacity { kept.removeAll() }
            kept[name] = Kept(status: status, until: until)
        }
    }
}
