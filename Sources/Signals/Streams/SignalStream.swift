import Cryptography
package import Vocabulary

/// The name of a stream: 128 random bits.
package struct StreamID: Identifier {
    package let text: String

    package init?(_ text: String) {
        guard (16...64).contains(text.utf8.count), text.utf8.allSatisfy(\.isBase64url) else { return nil }
        self.text = text
    }

    package static func fresh(using random: inout some RandomNumberGenerator) -> StreamID? {
        StreamID(random.word(16))
    }
}

/// How events reach the receiver.
package enum SignalDelivery: Hashable, Sendable {
    /// RFC 8935. `authorization` is the header that the receiver wants to see with every push.
    case push(endpoint: String, authorization: String?)
    /// RFC 8936. Where is ours to say.
    case poll

    package static let pushMethod = "urn:ietf:rfc:8935"
    package static let pollMethod = "urn:ietf:rfc:8936"

    package var isPush: Bool { if case .push = self { true } else { false } }
}

/// SSF 1.0 §8.1.2.
package enum StreamStatus: String, Hashable, Sendable, CaseIterable {
    case enabled
    /// Events wait.
    case paused
    /// Events are not kept.
    case disabled
}

/// Whose word a stream's status is.
package enum StatusAuthor: String, Hashable, Sendable, CaseIterable {
    case receiver
    /// The deployment's: what an operator stopped, only an operator starts.
    case `operator`
    /// Nobody's: the receiver was silent for longer than `inactivity_timeout`.
    case silence
}

/// A channel of events to one receiver (SSF 1.0 §8.1.1).
package struct SignalStream: Hashable, Sendable {
    package let id: StreamID
    package let member: MemberID
    package var delivery: SignalDelivery
    /// By their addresses; unknown ones stay, and are delivered once they are known (§8.1.1).
    package var requested: Set<String>
    package var description: String?
    package var status: StreamStatus
    package var reason: String?
    package var statusBy: StatusAuthor
    package let createdAt: Timestamp
    package var changedAt: Timestamp
    /// When the receiver last asked for a verification.
    package var verifiedAt: Timestamp?
    /// When the receiver last polled the stream or named it in a request, to the minute (§8.1.1 `inactivity_timeout`).
    package let activeAt: Timestamp
    /// Events that found the queue full.
    package let dropped: Int

    package init(
        id: StreamID, member: MemberID, delivery: SignalDelivery, requested: Set<String>, description: String? = nil,
        status: StreamStatus = .enabled, reason: String? = nil, statusBy: StatusAuthor = .receiver, createdAt: Timestamp,
        changedAt: Timestamp, verifiedAt: Timestamp? = nil, activeAt: Timestamp? = nil, dropped: Int = 0
    ) {
        self.id = id
        self.member = member
        self.delivery = delivery
        self.requested = requested
        self.description = description
        self.status = status
        self.reason = reason
        self.statusBy = statusBy
        self.createdAt = createdAt
        self.changedAt = changedAt
        self.verifiedAt = verifiedAt
        self.activeAt = activeAt ?? createdAt
        self.dropped = dropped
    }

    /// An operator stopped it, and its receiver cannot start it again.
    package var isHeld: Bool { statusBy == .operator && status != .enabled }

    /// With another status; by whose word is said.
    package func set(_ status: StreamStatus, _ reason: String?, by author: StatusAuthor, at now: Timestamp) -> SignalStream {
        var next = self
        next.status = status
        next.reason = reason
        next.statusBy = author
        next.changedAt = now
        return next
    }

    /// An event of the stream itself, on its way into its queue; kept for `keep` seconds.
    package func event(
        _ type: EventType, _ body: JSON, keep: Int64, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) -> QueuedSignal {
        QueuedSignal(
            id: Base64url.encode(random.bytes(20)), stream: id, member: member, type: type, subject: nil, session: nil, body: body, at: now,
            expiresAt: now.adding(seconds: keep))
    }

    /// What is sent: asked for by the receiver and allowed by the operator.
    package func delivered(under terms: SignalTerms) -> [EventType] {
        EventType.onRequest.filter { terms.events.contains($0) && requested.contains($0.rawValue) }
    }

    /// Whether such an event goes into its queue. What the member's terms say of it is asked again when it is sent.
    package func takes(_ type: EventType) -> Bool {
        status != .disabled && (requested.contains(type.rawValue) || !EventType.onRequest.contains(type))
    }

    /// The address that may be pushed to today: the operator may have taken it out of the registration since.
    package func endpoint(under terms: SignalTerms) -> String? {
        guard case .push(let endpoint, _) = delivery, terms.endpoints.contains(where: { $0.hasSameBytes(as: endpoint) }) else { return nil }
        return endpoint
    }
}
