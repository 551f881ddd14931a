import Hummingbird
import OpenID
import ServiceLifecycle
import Settings
import Signals
import Synchronization
import TrustFramework
import Vocabulary

/// Polls that wait at this moment: so many at all, so many of one member.
final class PollWaiting: Sendable {
    static let most = 256
    static let mostPerMember = 4

    private let waiting = Mutex<[MemberID: Int]>([:])

    func enter(_ member: MemberID) -> Bool {
        waiting.withLock { waiting in
            guard waiting.values.reduce(0, +) < Self.most, waiting[member, default: 0] < Self.mostPerMember else { return false }
            waiting[member, default: 0] += 1
            return true
        }
    }

    var count: Int { waiting.withLock { $0.values.reduce(0, +) } }

    func leave(_ member: MemberID) {
        waiting.withLock { waiting in
            let left = (waiting[member] ?? 1) - 1
            waiting[member] = left > 0 ? left : nil
        }
    }
}

/// Delivery by polling (RFC 8936).
extension Platform {
    /// Polls that wait for an event at this moment.
    package var waitingPolls: Int { polls.count }

    /// `POST /ssf/poll/{stream}`. An event stays until it is acknowledged: what a receiver lost before it kept it comes again.
    func pollStream(_ request: Request, _ context: DoorContext) async throws -> Response {
        let named = context.parameters.get("stream").flatMap { StreamID($0) }
        let metadata = TransmitterMetadata(issuer: configuration.current.openIDProvider.issuer)
        let endpoint = named.map { metadata.poll($0) } ?? metadata.streams
        return try await receiving(request, context, at: endpoint, .read) { receiver in
            let asked = try PollRequest(body: try await signalBody(request))
            guard let named else { throw StreamRefusal.streamUnknown }
            let stream = try await stream(named, of: receiver)
            guard !stream.delivery.isPush else { throw StreamRefusal.notPolled }
            try await settle(asked, in: stream, of: receiver)
            try await withhold(in: stream, of: receiver)
            guard asked.most > 0 else { return Answer.json(PollAnswer(sets: [], more: try await hasMore(stream, receiver)).json) }
            let (signals, more) = try await signals(for: asked, in: stream, of: receiver)
            return Answer.json(PollAnswer(sets: try tokens(signals, for: receiver), more: more).json)
        }
    }

    private func settle(_ asked: PollRequest, in stream: SignalStream, of receiver: Receiver) async throws {
        let acknowledged = asked.acknowledged
        _ = try await stores.acknowledge(
            acknowledged, in: stream.id, of: receiver.id,
            recording: Self.record(
                "signal.taken", stream.id, of: receiver,
                [("way", "poll"), ("signals", .array(acknowledged.prefix(100).map { .string(Explanation.redacted($0)) }))]))
        let refused = asked.refused
        _ = try await stores.acknowledge(
            refused.map(\.id), in: stream.id, of: receiver.id,
            recording: Self.record(
                "signal.refused", stream.id, of: receiver,
                [("way", "poll"), ("codes", .array(Set(refused.map(\.code)).sorted().map { .string($0) }))]))
    }

    /// What the member may no longer have goes, as where events are pushed: it would stand before all that it may have.
    private func withhold(in stream: SignalStream, of receiver: Receiver) async throws {
        while true {
            let oldest = try await stores.waiting(in: stream.id, of: receiver.id, limit: StreamLimits.poll, at: receiver.now).signals
            let gone = oldest.filter { !receiver.terms.allow($0.type) }.map(\.id)
            guard !gone.isEmpty else { return }
            _ = try await stores.acknowledge(
                gone, in: stream.id, of: receiver.id,
                recording: Self.record(
                    "signal.withheld", stream.id, of: receiver,
                    [("reason", "not-allowed"), ("signals", .array(gone.map { .string($0) }))]))
        }
    }

    private func hasMore(_ stream: SignalStream, _ receiver: Receiver) async throws -> Bool {
        try await !stores.waiting(in: stream.id, of: receiver.id, limit: 1, at: clock()).signals.isEmpty
    }

    /// What waits; where nothing does and the receiver has time, what comes until the wait is over, or until the server is told to stop: nothing
    /// may be the answer at any time (RFC 8936 §2.4). A stream that is paused or disabled says that it is, gives nothing else and is not waited for.
    private func signals(
        for asked: PollRequest, in stream: SignalStream, of receiver: Receiver
    ) async throws -> (signals: [QueuedSignal], more: Bool) {
        guard stream.status == .enabled else {
            return try await stores.waiting(in: stream.id, of: receiver.id, ofItself: true, limit: asked.most, at: receiver.now)
        }
        var seen = stores.signalled
        var found = try await stores.waiting(in: stream.id, of: receiver.id, limit: asked.most, at: receiver.now)
        guard found.signals.isEmpty, !asked.returnsImmediately else { return found }
        guard polls.enter(receiver.id) else { throw StreamRefusal.pollsWaiting }
        // Whoever waits here writes nothing: no commit is to wait for it.
        attendance.leave()
        defer {
            attendance.enter()
            polls.leave(receiver.id)
        }
        let end = ContinuousClock.now + .seconds(receiver.settings.signals.wait)
        var looked = ContinuousClock.now
        while found.signals.isEmpty, ContinuousClock.now < end, !Task.isShuttingDownGracefully {
            try await Task.sleep(for: .milliseconds(100))
            let present = stores.signalled
            // What an operator's command queued in its own process moves nothing here.
            guard present != seen || looked.duration(to: .now) >= .seconds(2) else { continue }
            seen = present
            looked = .now
            found = try await stores.waiting(in: stream.id, of: receiver.id, limit: asked.most, at: clock())
        }
        return found
    }

    private func tokens(_ signals: [QueuedSignal], for receiver: Receiver) throws -> [(id: String, token: String)] {
        var random = SystemRandomNumberGenerator()
        return try signals.filter { receiver.terms.allow($0.type) }.map {
            guard let token = receiver.settings.token(of: $0, for: receiver.registration, at: receiver.now, using: &random) else {
                throw StoreRefusal()
            }
            return ($0.id, token)
        }
    }
}
