package import Cryptography

/// What an OCSP answer must be to be believed. Seconds everywhere.
package struct OCSPRules: Hashable, Sendable {
    /// What is asked about the status of an appointed responder whose certificate does not say id-pkix-ocsp-nocheck
    /// (RFC 6960 §4.2.2.2.1).
    package enum ResponderStatus: String, Hashable, Sendable, CaseIterable {
        /// It passes unless something at hand says it was revoked: its authority keeps such certificates short.
        case unlessRevoked
        /// Something at hand must say it is good.
        case known
    }

    /// How old thisUpdate may be, beside the answer's own nextUpdate.
    package let maximumAge: Int64
    /// By how much the responder's clock may differ from ours.
    package let skew: Int64
    /// Whether a nonce that was sent must come back. Otherwise its absence passes (responders may answer from stock, RFC 8954 §2.1), and
    /// another nonce never does.
    package let needsNonce: Bool
    package let responderStatus: ResponderStatus
    /// Responders the operator chose to believe for every authority (RFC 6960 §2.2, "Trusted Responder"): the validation authority of a
    /// government bridge. Believed within their validity; their own revocation is the operator's to watch.
    package let responders: [Certificate]

    package init(
        maximumAge: Int64, skew: Int64 = 60, needsNonce: Bool = false, responderStatus: ResponderStatus = .unlessRevoked,
        responders: [Certificate] = []
    ) {
        self.maximumAge = max(maximumAge, 0)
        self.skew = max(skew, 0)
        self.needsNonce = needsNonce
        self.responderStatus = responderStatus
        self.responders = responders
    }
}

/// What is known at hand about an appointed responder, given its certificate and its authority's. It never asks on-line: a responder that
/// vouched for itself would prove nothing, and one asked about another could go on for ever.
package typealias ResponderEvidence = (_ responder: Certificate, _ issuer: Certificate) -> StatusVerdict
