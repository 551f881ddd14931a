package import Cryptography
package import Vocabulary

/// What is known of revocation, asked once for every certificate of a path below the anchor, from the anchor downwards, and only when
/// everything else about the path is right.
package protocol StatusEvidence: Sendable {
    /// `path` runs from the leaf to the anchor; `issuer` stands above `certificate` in it.
    func status(of certificate: Certificate, issuer: Certificate, path: [Certificate], at now: Timestamp) -> CertificateStatus
}

/// What a verdict asks about revocation.
package enum StatusDemand: Sendable {
    /// Nothing: the caller asks by itself, of the chain it gets.
    case none
    case evidence(any StatusEvidence, unknownRefuses: Bool)
}
