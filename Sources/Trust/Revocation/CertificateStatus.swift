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
    /// When the source says it knew this; nil when nothing answered.
    package let thisUpdate: Timestamp?
    package let nextUpdate: Timestamp?
    package let checkedAt: Timestamp

    init(_ verdict: StatusVerdict, from source: StatusSource, thisUpdate: Timestamp?, nextUpdate: Timestamp?, checkedAt: Timestamp) {
        self.verdict = verdict
        self.source = source
        self.thisUpdate = thisUpdate
        self.nextUpdate = nextUpdate
        self.checkedAt = checkedAt
    }

    /// Nothing answered: no list, no responder, or none that could be believed.
    package static func unknown(checkedAt now: Timestamp) -> CertificateStatus {
        CertificateStatus(.unknown, from: .none, thisUpdate: nil, nextUpdate: nil, checkedAt: now)
    }
}

/// Why a list or an answer about revocation was not believed.
package enum RevocationRefusal: Error, Hashable, Sendable {
    case list(RevocationListRefusal)
    case answer(OCSPRefusal)
    /// Made by another authority than the one it is held against (names, key identifier).
    case issuer
    /// The authority's key may not sign lists (keyUsage without cRLSign).
    case issuerUsage
    case signature
    case future(thisUpdate: Timestamp, now: Timestamp)
    case stale(nextUpdate: Timestamp?, now: Timestamp)
    /// The answer holds no word about the certificate that was asked for.
    case otherCertificate
    case nonce
    /// producedAt does not fit thisUpdate, the certificate's validity or the present.
    case producedAt(Timestamp, now: Timestamp)
    /// Signed neither by the authority nor by a responder it appointed.
    case responder
}
