package import Cryptography
package import Vocabulary

package enum StatusVerdict: Hashable, Sendable {
    case good
    case revoked(RevocationReason, Timestamp)
    /// Nobody can say. Never a kind of good.
    case unknown
}

package enum StatusSource: String, Hashable, Sendable, Codable {
    case crl, ocsp
    /// Nothing answered.
    case none
}

/// What is known about one certificate's revocation, from whom, and how old that word is. Made in this room only.
package struct CertificateStatus: Hashable, Sendable {
    package let verdict: StatusVerdict
    package let source: StatusSource
    /// When the source says it knew this: of several sources that were needed together, the oldest. nil when nothing answered.
    package let thisUpdate: Timestamp?
    /// Until when the word holds by its own account: of several, the earliest.
    package let nextUpdate: Timestamp?
    package let checkedAt: Timestamp
    /// What was looked at on the way and what came of it, for explanation: which list decided, and why the others did not count.
    package let remarks: [StatusRemark]

    init(
        _ verdict: StatusVerdict, from source: StatusSource, thisUpdate: Timestamp?, nextUpdate: Timestamp?, checkedAt: Timestamp,
        remarks: [StatusRemark] = []
    ) {
        self.verdict = verdict
        self.source = source
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.checkedAt = checkedAt
        self.remarks = remarks
    }

    /// Nothing answered: no list, no responder, or none that could be believed.
    package static func unknown(checkedAt now: Timestamp) -> CertificateStatus { unknown(checkedAt: now, remarks: []) }

    static func unknown(checkedAt now: Timestamp, remarks: [StatusRemark]) -> CertificateStatus {
        CertificateStatus(.unknown, from: .none, thisUpdate: nil, nextUpdate: nil, checkedAt: now, remarks: remarks)
    }
}
