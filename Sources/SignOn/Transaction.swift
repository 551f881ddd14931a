package import Vocabulary

/// A request that waits for the citizen: the bytes as they came, to be proven again at the moment they came.
package struct Transaction: Hashable, Sendable {
    /// Which tongue reads the message again.
    package enum Origin: String, Sendable {
        case samlRedirect = "saml-redirect"
        case samlPost = "saml-post"
        /// What was fetched by an artifact, which can be fetched once.
        case samlArtifact = "saml-artifact"
        case samlUnsolicited = "saml-unsolicited"
        case openID = "openid"
        /// A code that a device shows, by its digest.
        case device
        /// A request that was put to the citizen, by the digest of its ticket.
        case backchannel
        /// Our own page: the citizen wants to see what waits for him.
        case approval
        /// Our own page: the citizen wants to see what was told of him.
        case ledger
        /// Our own page: the citizen shows a second card or phone.
        case linking
        /// Our own page: an officer opens the console.
        case console
    }

    package let id: TransactionID
    /// SHA-256 of the cookie that binds the transaction to one browser (checklist H1).
    package let browser: [UInt8]
    package let origin: Origin
    package let message: [UInt8]
    package let member: MemberID
    package let receivedAt: Timestamp
    package let expiresAt: Timestamp

    package init(
        id: TransactionID, browser: [UInt8], origin: Origin, message: [UInt8], member: MemberID, receivedAt: Timestamp,
        expiresAt: Timestamp
    ) {
        self.id = id
        self.browser = browser
        self.origin = origin
        self.message = message
        self.member = member
        self.receivedAt = receivedAt
        self.expiresAt = expiresAt
    }
}

/// A certificate that was shown at the TLS door, on its way back to the journey. One-time, short-lived, useless without the browser's
/// transaction cookie.
package struct Handover: Hashable, Sendable {
    /// SHA-256 of the code in the redirect.
    package let code: [UInt8]
    package let transaction: TransactionID
    package let certificate: [UInt8]
    package let presentedAt: Timestamp
    package let expiresAt: Timestamp

    package init(code: [UInt8], transaction: TransactionID, certificate: [UInt8], presentedAt: Timestamp, expiresAt: Timestamp) {
        self.code = code
        self.transaction = transaction
        self.certificate = certificate
        self.presentedAt = presentedAt
        self.expiresAt = expiresAt
    }
}
