package import Logging
package import Outbound
import ServiceLifecycle
package import Settings
package import SignOn
package import Signals
import TrustFramework
package import Vocabulary

/// Pushes security events to their receivers (RFC 8935). The queue is in the store, so that it survives the process; a receiver that does not
/// take an event is tried again, ever more seldom, until the event is no longer kept. What nobody took in time is counted and recorded.
package final class SignalCourier: Service, Courier {
    static let queue = "signal queue"
    package typealias Send = @Sendable (OutboundRules, OutboundRequest) async throws(OutboundRefusal) -> OutboundAnswer
    typealias Item = (signal: QueuedSignal, stream: SignalStream)

    private let store: any SignalStore & AuditTrail
    private let configuration: @Sendable () -> Configuration
    let clock: @Sendable () -> Timestamp
    let logger: Logger
    let rounds = Rounds()
    private let send: Send

    private let startedAt: Timestamp

    package init(
        store: any SignalStore & AuditTrail, configuration: @escaping @Sendable () -> Configuration,
        clock: @escaping @Sendable () -> Timestamp, logger: Logger,
        send: @escaping Send = { (rules, request) throws(OutboundRefusal) in try await Outbound(rules: rules).fetch(request) }
    ) {
        self.store = store
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.send = send
        startedAt = clock()
        store.bound(by: configuration().signals)
    }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.listen() }
            await self.walk()
            group.cancelAll()
        }
    }

    /// One round without the service.
    package func round() async { await turn() }

    /// Rings as soon as something is queued, so that an event waits for no second to be over.
    private func listen() async {
        await cancelWhenGracefulShutdown {
            var seen = self.store.signalled
            while !Task.isCancelled {
                try? await Task.sleep(for: .milliseconds(50))
                let present = self.store.signalled
                guard present != seen else { continue }
                seen = present
                self.rounds.ring()
            }
        }
    }

    func take(_ limit: Int, lease: Timestamp, at now: Timestamp) async throws -> [Item] {
        let rules = configuration().signals
        store.bound(by: rules)
        guard rules.isOffered else { return [] }
        try await expire(at: now)
        try await pause(under: rules, at: now)
        return limit > 0 ? try await store.takeSignals(lease: lease, limit: limit, at: now) : []
    }

    func receiver(of item: Item) -> MemberID { item.signal.member }

    func putBack(_ item: Item, until moment: Timestamp, at now: Timestamp) async throws {
        try await store.postpone(item.signal.id, until: moment, attempts: item.signal.attempts - 1)
    }

    private func expire(at now: Timestamp) async throws {
        _ = try await store.expire(
            limit: 500,
            recording: { member, stream, lost in
                Record(
                    "signal.expired", at: now,
                    [("member", .string(member.text)), ("stream", .string(stream.text)), ("signals", .integer(Int64(lost)))])
            }, at: now)
    }

    /// Streams whose receivers were silent for longer than the deployment allows are paused, and say so (SSF 1.0 §8.1.1, §8.1.5). A minute is
    /// added, since a receiver's last word is known to the minute.
    private func pause(under rules: SignalRules, at now: Timestamp) async throws {
        // Nobody was silent while there was nobody to talk to.
        guard let inactivity = rules.inactivity, now.seconds(since: startedAt) > min(inactivity, 3_600) + 60 else { return }
        var random = SystemRandomNumberGenerator()
        for stream in try await store.silent(since: now.adding(seconds: -inactivity - 60), limit: 100) {
            let paused = stream.set(.paused, Self.silence, by: .silence, at: now)
            _ = try await store.change(
                paused, knowing: stream, telling: paused.event(.streamUpdated, paused.updated, keep: rules.keep, at: now, using: &random),
                recording: Record(
                    "signal.stream-changed", at: now,
                    [
                        ("member", .string(stream.member.text)), ("stream", .string(stream.id.text)), ("by", "silence"),
                        ("status", .string(paused.status.rawValue)), ("heard", .string(stream.activeAt.text)),
                    ]))
        }
    }

    private static let silence = "inactivity_timeout"

    func carry(_ item: Item) async throws {
        let (signal, stream) = item
        let settings = configuration()
        let parcel: SignalParcel
        switch SignalParcel.packed(signal, in: stream, settings, at: clock()) {
        case .parcel(let packed): parcel = packed
        case .never(let why): return try await settle(signal, "signal.withheld", [("reason", .string(why))])
        case .later: return try await postpone(signal)
        }
        let verdict: PushVerdict
        do throws(OutboundRefusal) {
            let answer = try await send(settings.logoutRules, parcel.request)
            verdict = PushVerdict(status: answer.status, body: answer.body)
        } catch {
            verdict = error.status.map { PushVerdict(status: $0, body: []) } ?? .tryAgain(code: nil)
        }
        switch verdict {
        case .delivered: try await settle(signal, "signal.taken", [("way", "push"), ("signals", [.string(signal.id)])])
        case .refused(let code): try await settle(signal, "signal.refused", [("way", "push"), ("codes", [.string(code)])])
        case .tryAgain(let code):
            logger.notice(
                "a receiver did not take an event", metadata: ["code": "\(code ?? "none")", "attempt": "\(signal.attempts)"])
            try await postpone(signal)
        }
    }

    private func postpone(_ signal: QueuedSignal) async throws {
        let pause = SignalRetry.pause(after: signal.attempts)
        try await store.postpone(signal.id, until: clock().adding(seconds: pause), attempts: signal.attempts)
    }

    private func settle(_ signal: QueuedSignal, _ event: String, _ facts: [(name: String, value: JSON)]) async throws {
        let now = clock()
        _ = try await store.settle(
            signal.id,
            recording: Record(
                event, at: now,
                [
                    ("member", .string(signal.member.text)), ("stream", .string(signal.stream.text)), ("type", .string(signal.type.word)),
                    ("waited", .integer(now.milliseconds - signal.at.milliseconds)), ("attempts", .integer(Int64(signal.attempts))),
                ] + facts))
    }
}

/// One event, packed for its receiver as its registration is now.
enum SignalPacking {
    case parcel(SignalParcel)
    /// It will not be sent: a stable word for the trail.
    case never(String)
    /// Not at this moment.
    case later
}

struct SignalParcel: Sendable {
    let request: OutboundRequest

    /// The member's standing and registration of today: what was queued while it could be told is not sent when it cannot be any more.
    static func packed(_ signal: QueuedSignal, in stream: SignalStream, _ settings: Configuration, at now: Timestamp) -> SignalPacking {
        guard let receiver = settings.signalReceiver(signal.member), let member = settings.federation.member(signal.member) else {
            return .never("not-registered")
        }
        guard member.standing(at: now) == .inForce else { return .never("not-in-force") }
        guard receiver.terms.allow(signal.type) else { return .never("not-allowed") }
        var random = SystemRandomNumberGenerator()
        guard case .push(_, let authorization) = stream.delivery, let endpoint = stream.endpoint(under: receiver.terms),
            let address = WebAddress(endpoint), let token = settings.token(of: signal, for: receiver, at: now, using: &random)
        else { return .later }
        var headers = [OutboundRequest.Header("Accept", "application/json")]
        if let authorization { headers.append(OutboundRequest.Header("Authorization", authorization)) }
        return .parcel(
            SignalParcel(
                request: .post(address, type: SecurityEventToken.contentType, body: Array(token.utf8), headers: headers)))
    }
}
