package import Vocabulary

/// CRLReason (RFC 5280 §5.3.1). 7 is not used. JPKI gives each its own meaning to later rooms: renewal, change of attributes, loss.
package enum RevocationReason: Int, Hashable, Sendable, Codable, CaseIterable {
    case unspecified = 0
    case keyCompromise = 1
    case cACompromise = 2
    case affiliationChanged = 3
    case superseded = 4
    case cessationOfOperation = 5
    /// Suspended: may come back.
    case certificateHold = 6
    /// Came back from hold; belongs in delta lists only.
    case removeFromCRL = 8
    case privilegeWithdrawn = 9
    case aACompromise = 10

    /// Whether a certificate revoked for this reason can ever be good again.
    package var isPermanent: Bool { self != .certificateHold && self != .removeFromCRL }
}

/// One line of a revocation list.
package struct RevocationEntry: Hashable, Sendable {
    /// Content bytes of the INTEGER, as in `Certificate.serial`.
    package let serial: [UInt8]
    package let reason: RevocationReason
    /// revocationDate; whole seconds.
    package let at: Timestamp

    package init(serial: [UInt8], reason: RevocationReason, at: Timestamp) {
        self.serial = serial
        self.reason = reason
        self.at = at
    }
}
