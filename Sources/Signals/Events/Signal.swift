package import SignOn
package import Vocabulary

extension Signal {
    package init(
        _ event: SignalEvent, to member: MemberID, about subject: String, who citizen: SubjectID? = nil, session: String? = nil,
        happened: Timestamp? = nil, ledger: LedgerEntry? = nil, at now: Timestamp
    ) {
        self.init(
            type: event.type.rawValue, body: event.body(at: happened ?? now), to: member, about: subject, who: citizen, session: session,
            ledger: ledger, at: now)
    }

    /// The end of a session, for a member that was in it, by the name that it heard there. Nil for the one that asked for the end itself.
    package init?(ending participation: Participation, by logout: Logout, _ cause: SignalEvent.SessionCause?, at now: Timestamp) {
        guard logout.propagates, logout.initiator != participation.member else { return nil }
        self.init(
            .sessionRevoked(cause ?? logout.origin.cause), to: participation.member, about: participation.name.text,
            who: participation.subject, session: participation.sessionIndex, at: now)
    }
}

extension Logout.Origin {
    /// Who ended the session, in CAEP's words.
    package var cause: SignalEvent.SessionCause { self == .administrator ? .admin : .user }
}

/// An event in the queue of one stream. Its `jti` is one for good, however often it is sent.
package struct QueuedSignal: Hashable, Sendable {
    /// `jti`: 160 random bits.
    package let id: String
    package let stream: StreamID
    package let member: MemberID
    package let type: EventType
    /// Nil for an event of the stream itself.
    package let subject: String?
    package let session: String?
    package let body: JSON
    package let at: Timestamp
    /// Times it was sent already.
    package let attempts: Int
    package let expiresAt: Timestamp

    package init(
        id: String, stream: StreamID, member: MemberID, type: EventType, subject: String?, session: String?, body: JSON, at: Timestamp,
        attempts: Int = 0, expiresAt: Timestamp
    ) {
        self.id = id
        self.stream = stream
        self.member = member
        self.type = type
        self.subject = subject
        self.session = session
        self.body = body
        self.at = at
        self.attempts = attempts
        self.expiresAt = expiresAt
    }
}
