package import Cryptography
package import Vocabulary

/// One certificate to the memory of revocations: SHA-256 over its issuer's SubjectPublicKeyInfo followed by its serial. The serial itself, a
/// nation-wide tracking number, is kept nowhere; who holds the file could still find it by trying all of them.
package struct RevocationKey: Hashable, Sendable {
    /// 32 bytes.
    package let digest: [UInt8]

    package init(of certificate: Certificate, issuer: Certificate) {
        digest = Digest.sha256(issuer.publicKey.spki + certificate.serial)
    }

    /// A key read back from a store; nil for anything but 32 bytes.
    package init?(digest: [UInt8]) {
        guard digest.count == 32 else { return nil }
        self.digest = digest
    }
}

/// A revocation that was seen once. It may be stored: it can only ever say *revoked*, which is the safe direction; nothing stored is ever
/// read back as *good*.
package struct RememberedRevocation: Hashable, Sendable {
    package let key: RevocationKey
    package let reason: RevocationReason
    /// When the authority revoked it.
    package let revokedAt: Timestamp
    package let source: StatusSource
    /// When the source says it knew. A hold is lifted only by a word from after this moment.
    package let thisUpdate: Timestamp
    /// From here on the certificate has expired and no path accepts it: it may be forgotten.
    package let expiresAt: Timestamp

    package init(
        key: RevocationKey, reason: RevocationReason, revokedAt: Timestamp, source: StatusSource, thisUpdate: Timestamp,
        expiresAt: Timestamp
    ) {
        self.key = key
        self.reason = reason
        self.revokedAt = revokedAt
        self.source = source
        self.thisUpdate = thisUpdate
        self.expiresAt = expiresAt
    }

    /// What there is to remember of a status; nil for any but a revocation, and for `removeFromCRL`, which ends one.
    package init?(_ status: CertificateStatus, of certificate: Certificate, issuer: Certificate) {
        guard case .revoked(let reason, let moment) = status.verdict, reason != .removeFromCRL, let thisUpdate = status.thisUpdate else {
            return nil
        }
        self.init(
            key: RevocationKey(of: certificate, issuer: issuer), reason: reason, revokedAt: moment, source: status.source,
            thisUpdate: thisUpdate, expiresAt: certificate.notAfter.adding(seconds: 1))
    }

    /// The status it still is, by the source that said so then.
    package func status(at now: Timestamp) -> CertificateStatus {
        CertificateStatus(.revoked(reason, revokedAt), from: source, thisUpdate: thisUpdate, nextUpdate: nil, checkedAt: now)
    }

    /// Whether a later word that is not *revoked* ends it: a hold, and the word is from after it (RFC 5280 §5.3.1).
    package func isLifted(by status: CertificateStatus) -> Bool {
        guard !reason.isPermanent, status.verdict == .good, let later = status.thisUpdate else { return false }
        return later > thisUpdate
    }

    /// Which of two memories of one certificate stays: the first that is for good; among holds the later word.
    package func replaces(_ earlier: RememberedRevocation) -> Bool {
        guard !earlier.reason.isPermanent else { return false }
        return reason.isPermanent || thisUpdate > earlier.thisUpdate
    }
}

/// What was once revoked stays revoked, whatever a list rolled back or a responder restored from an old copy says later.
///
/// Every verb is one atomic gate. When it returns, its effect survives a crash of the process. It throws only when the store itself fails;
/// callers answer that with *unknown*, never with *good*.
package protocol RevocationMemory: Sendable {
    /// Keeps this revocation unless one is kept that it does not `replace`; returns the one that is kept now.
    @discardableResult
    func remember(_ revocation: RememberedRevocation) async throws -> RememberedRevocation
    /// What is remembered of a certificate. Costs a certificate that was never revoked no access to the disk.
    func recall(_ key: RevocationKey) async throws -> RememberedRevocation?
}
