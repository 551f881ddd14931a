/// What the deployment decides for all streams. Seconds, where nothing else is said.
package struct SignalRules: Hashable, Sendable {
    /// False: no stream is answered, nothing is queued, and the watch only ends sessions.
    package let isOffered: Bool
    /// How long an event that nobody took is kept.
    package let keep: Int64
    /// Events that may wait in one stream; what comes behind them is counted and not kept.
    package let queue: Int
    /// Streams of one member.
    package let streams: Int
    /// Between two verifications that a receiver asks for.
    package let verification: Int64
    /// How long a poll may wait for an event.
    package let wait: Int64
    /// After how long a silence of its receiver a stream is paused (`inactivity_timeout`); nil: never.
    package let inactivity: Int64?

    package init(
        isOffered: Bool = true, keep: Int64 = 7 * 86_400, queue: Int = 10_000, streams: Int = 4, verification: Int64 = 60, wait: Int64 = 30,
        inactivity: Int64? = nil
    ) {
        self.isOffered = isOffered
        self.keep = keep
        self.queue = queue
        self.streams = streams
        self.verification = verification
        self.wait = wait
        self.inactivity = inactivity
    }
}

/// What the operator registered for a member: which events it may have, and to which addresses they may be sent.
package struct SignalTerms: Hashable, Sendable {
    package let events: Set<EventType>
    /// Push addresses, compared byte for byte, as redirect addresses are (checklist E1): nobody sends events elsewhere by an API call.
    package let endpoints: Set<String>

    package init(events: Set<EventType>, endpoints: Set<String>) {
        self.events = events
        self.endpoints = endpoints
    }

    /// Events of the stream itself come whatever was registered.
    package func allow(_ type: EventType) -> Bool { events.contains(type) || !EventType.onRequest.contains(type) }

    /// From a registration, which knows the events by their addresses.
    package init(events: some Sequence<String>, endpoints: Set<String>) {
        self.init(events: Set(events.compactMap { EventType.named($0) }), endpoints: endpoints)
    }
}

/// Scopes of the management API (SSF 1.0 §7.1.1).
package enum SignalScope: String, Sendable, CaseIterable {
    case read = "ssf.read"
    /// Everything: `read` is in it.
    case manage = "ssf.manage"

    package func isIn(_ scopes: some Sequence<String>) -> Bool {
        scopes.contains { $0 == rawValue || $0 == SignalScope.manage.rawValue }
    }
}
