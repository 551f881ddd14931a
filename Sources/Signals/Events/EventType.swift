/// Every event that a token of ours can be about: the member of `events` (RFC 8417 §2.2).
package enum EventType: String, Hashable, Sendable, CaseIterable {
    // CAEP 1.0 §3
    case sessionRevoked = "https://schemas.openid.net/secevent/caep/event-type/session-revoked"
    case credentialChange = "https://schemas.openid.net/secevent/caep/event-type/credential-change"
    // RISC 1.0 §2
    case credentialCompromise = "https://schemas.openid.net/secevent/risc/event-type/credential-compromise"
    case accountDisabled = "https://schemas.openid.net/secevent/risc/event-type/account-disabled"
    case accountEnabled = "https://schemas.openid.net/secevent/risc/event-type/account-enabled"
    // Our own; docs/protocols/signals.md
    /// Something about this customer changed. Never what (R9).
    case customerChanged = "urn:x-sekisho:event:customer-changed"
    /// The `sub` that this member knows will not come again; the next login has another.
    case identifierChanged = "urn:x-sekisho:event:identifier-changed"
    /// The customer's link with this member ended.
    case linkEnded = "urn:x-sekisho:event:link-ended"
    // Shared Signals Framework 1.0 §8.1.4, §8.1.5: of the stream itself
    case verification = "https://schemas.openid.net/secevent/ssf/event-type/verification"
    case streamUpdated = "https://schemas.openid.net/secevent/ssf/event-type/stream-updated"

    /// What may be asked for: those about citizens. Those of the stream itself come anyhow.
    package static let onRequest: [EventType] = [
        .sessionRevoked, .credentialChange, .credentialCompromise, .accountDisabled, .accountEnabled, .customerChanged, .identifierChanged,
        .linkEnded,
    ]

    /// In files and for people: `session-revoked`.
    package var word: String {
        let last = rawValue.utf8.lastIndex { $0 == 0x2f || $0 == 0x3a }
        return last.map { String(rawValue[rawValue.index(after: $0)...]) } ?? rawValue
    }

    package static func named(_ word: String) -> EventType? { onRequest.first { $0.word == word || $0.rawValue == word } }
}
