package import Credentials
package import Vocabulary

/// A certificate that has just been proven and that nobody is known by: it waits in its journey until the citizen has said whether he has
/// been here before. Short-lived, useless without the journey's cookie.
package struct Newcomer: Hashable, Sendable {
    package let transaction: TransactionID
    package let authentication: SessionAuthentication
    package let expiresAt: Timestamp

    package init(transaction: TransactionID, authentication: SessionAuthentication, expiresAt: Timestamp) {
        self.transaction = transaction
        self.authentication = authentication
        self.expiresAt = expiresAt
    }

    package var certificate: CertificateIdentity { authentication.certificate }
}

/// What the service of correspondence says of one certificate.
package struct Correspondence: Hashable, Sendable {
    /// Certificates of the same person that came before it, latest first.
    package let earlier: [CertificateIdentity]
    /// The card that a phone belongs to; nil for a card.
    package let card: CertificateIdentity?
    /// Of a card: the phones that belong to it.
    package let phones: [CertificateIdentity]
    /// The signed answer.
    package let source: [UInt8]
    package let at: Timestamp

    package init(
        earlier: [CertificateIdentity], card: CertificateIdentity?, phones: [CertificateIdentity] = [], source: [UInt8], at: Timestamp
    ) {
        self.earlier = earlier
        self.card = card
        self.phones = phones
        self.source = source
        self.at = at
    }

    /// So many are looked at.
    package static let most = 32
}

/// What asking came to.
package enum CorrespondenceWord: Hashable, Sendable {
    case known(Correspondence)
    /// The service does not know the certificate (yet).
    case unknown
    /// Nobody is asked here, or nobody answered.
    case silent
}
