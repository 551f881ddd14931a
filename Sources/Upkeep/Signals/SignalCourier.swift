import JOSE
package import Logging
import OpenID
package import Outbound
import ServiceLifecycle
package import Settings
package import SignOn
package import Signals
import TrustFramework
package import Vocabulary

/// Pushes security events to their receivers (RFC 8935). The queue is in the store, so that it survives the process; a receiver that does not
/// take an event is tried again, ever more seldom, until the event is no longer kept. What nobody took in time is counted and recorded.
package final class SignalCourier: Service {
    package typealias Send = @Sendable (OutboundRules, OutboundRequest) async throws(OutboundRefusal) -> OutboundAnswer
    private typealias Item = (signal: QueuedSignal, stream: SignalStream)

    private let store: any SignalStore & AuditTrail
    private let configuration: @Sendable () -> Configuration
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger
    private let send: Send
    private let rounds = Rounds()

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
        store.bound(by: configuration().signals)
    }

    /// Something was queued. Returns at once.
    package func ring() { rounds.ring() }

    package func run() async throws {
        await withDiscardingTaskGroup { group in
            group.addTask { await self.listen() }
            await self.rounds.run({ await self.due() }, { await self.tell($0) })
            group.cancelAll()
        }
    }

    /// One round without the service.
    package func round() async {
        for item in await due() { await tell(item) }
    }

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

    private func due() async -> [Item] {
        let (now, settings) = (clock(), configuration())
        store.bound(by: settings.signals)
        guard settings.signals.isOffered else { return [] }
        do {
            _ = try await store.expire(
                limit: 500,
                recording: { member, stream, lost in
                    Record(
                        "signal.expired", at: now,
                        [
                            ("member", .string(member.text)), ("stream", .string(stream.text)), ("signals", .integer(Int64(lost))),
                        ])
                }, at: now)
            let free = rounds.free
            guard free > 0 else { return [] }
            var mine: [Item] = []
            for item in try await store.takeSignals(lease: now.adding(seconds: Rounds.lease), limit: free, at: now) {
                if rounds.enter(item.signal.member) {
                    mine.append(item)
                } else {
                    try await store.postpone(item.signal.id, until: now.adding(seconds: 1), attempts: item.signal.attempts - 1)
                }
            }
            return mine
        } catch {
            logger.warning("signal queue", metadata: ["error": "\(type(of: error))"])
            return []
        }
    }

    private func tell(_ item: Item) async {
        defer { rounds.leave(item.signal.member) }
        do {
            try await told(item.signal, in: item.stream)
        } catch {
            // The store failed: the event comes round again when its lease is over.
            logger.warning("signal queue", metadata: ["error": "\(type(of: error))"])
        }
    }

    private func told(_ signal: QueuedSignal, in stream: SignalStream) async throws {
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
            // Too long an answer is an answer: the event has arrived, and nobody reads it.
            if case .tooLarge = error { verdict = .delivered } else { verdict = .tryAgain(code: nil) }
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
        guard let client = settings.federation.client(signal.member), let member = settings.federation.member(signal.member),
            let terms = client.signalTerms
        else { return .never("not-registered") }
        guard member.standing(at: now) == .inForce else { return .never("not-in-force") }
        guard terms.allow(signal.type) else { return .never("not-allowed") }
        guard case .push(_, let authorization) = stream.delivery, let endpoint = stream.endpoint(under: terms),
            let address = WebAddress(endpoint)
        else { return .later }
        guard let key = settings.openIDProvider.signingKey(for: client.idTokenAlgorithm, at: now),
            let token = try? SecurityEventToken(
                signal, from: settings.openIDProvider.issuer, to: signal.member.text, by: key)
        else { return .later }
        var headers = [OutboundRequest.Header("Accept", "application/json")]
        if let authorization { headers.append(OutboundRequest.Header("Authorization", authorization)) }
        return .parcel(
            SignalParcel(
                request: .post(address, type: SecurityEventToken.contentType, body: Array(token.text.utf8), headers: headers)))
    }
}
