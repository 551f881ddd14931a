package import Vocabulary

/// Something that happened to a citizen here, before it is known who is told.
package enum SignalEvent: Hashable, Sendable {
    /// A session ended; for members that were in it.
    case sessionRevoked(SessionCause)
    /// A certificate that the citizen logs in with changed.
    case credentialChange(CredentialChange)
    /// A certificate's key is known, or feared, to be in other hands.
    case credentialCompromise
    /// The citizen cannot log in here until the block is lifted.
    case accountDisabled
    case accountEnabled
    /// Something that a certificate said of the person is no longer so.
    case attributesChanged
    /// The member will see another identifier for the same citizen.
    case identifierChanged
    /// The member's own customer link ended.
    case linkEnded

    /// Who ended a session, in CAEP's words (CAEP 1.0 §2).
    package enum SessionCause: String, Hashable, Sendable, CaseIterable { case admin, user, policy, system }

    /// CAEP 1.0 §3.3.1.
    package enum CredentialChange: String, Hashable, Sendable, CaseIterable { case create, revoke, update, delete }

    /// Who may hear of it at all.
    package enum Audience: Hashable, Sendable {
        /// Members that take part in the session that ended, and no other.
        case session
        /// Members with the citizen's consent to watch for changes, as far as policy permits.
        case watchers
        /// The one member that it is about.
        case member
    }

    package var type: EventType {
        switch self {
        case .sessionRevoked: .sessionRevoked
        case .credentialChange: .credentialChange
        case .credentialCompromise: .credentialCompromise
        case .accountDisabled: .accountDisabled
        case .accountEnabled: .accountEnabled
        case .attributesChanged: .customerChanged
        case .identifierChanged: .identifierChanged
        case .linkEnded: .linkEnded
        }
    }

    package var audience: Audience {
        switch self {
        case .sessionRevoked: .session
        case .identifierChanged, .linkEnded: .member
        default: .watchers
        }
    }

    /// The event's own members. `at`: when it happened; CAEP wants seconds.
    package func body(at moment: Timestamp) -> JSON {
        let time: (String, JSON) = ("event_timestamp", .integer(moment.seconds))
        return switch self {
        case .sessionRevoked(let cause): .object([time, ("initiating_entity", .string(cause.rawValue))])
        case .credentialChange(let change):
            .object([time, ("credential_type", "x509"), ("change_type", .string(change.rawValue))])
        case .credentialCompromise: .object([time, ("credential_type", "x509")])
        // RISC has no time of its own for these, and its `reason` would tell more than the member needs.
        case .accountDisabled, .accountEnabled: .object([])
        case .attributesChanged, .identifierChanged, .linkEnded: .object([time])
        }
    }
}
