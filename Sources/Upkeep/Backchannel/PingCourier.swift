package import Logging
package import OpenID
package import Outbound
import ServiceLifecycle
package import Settings
import TrustFramework
package import Vocabulary

/// Tells clients that the citizen they wait for has decided (CIBA Core §10.2). The queue is in the store, so that it survives the process; a
/// client that is in trouble is tried again three times, and one that says no is not: it can always ask by itself.
package final class PingCourier: Service, Courier {
    static let queue = "ping queue"
    package typealias Send = @Sendable (OutboundRules, OutboundRequest) async throws(OutboundRefusal) -> OutboundAnswer

    private let store: any AwaitedStore
    private let configuration: @Sendable () -> Configuration
    let clock: @Sendable () -> Timestamp
    let logger: Logger
    let rounds = Rounds()
    private let send: Send

    package init(
        store: any AwaitedStore, configuration: @escaping @Sendable () -> Configuration, clock: @escaping @Sendable () -> Timestamp,
        logger: Logger,
        send: @escaping Send = { (rules, request) throws(OutboundRefusal) in try await Outbound(rules: rules).fetch(request) }
    ) {
        self.store = store
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.send = send
    }

    /// Somebody has decided. Returns at once.
    package func ring() { rounds.ring() }

    package func run() async throws { await walk() }

    /// One round without the service.
    package func round() async { await turn() }

    func take(_ limit: Int, lease: Timestamp, at now: Timestamp) async throws -> [AwaitedPing] {
        limit > 0 ? try await store.takePings(lease: lease, limit: limit, at: now) : []
    }

    func receiver(of ping: AwaitedPing) -> MemberID { ping.client }

    func putBack(_ ping: AwaitedPing, until moment: Timestamp, at now: Timestamp) async throws {
        try await store.postponePing(ping.secretDigest, until: moment, attempts: ping.attempts - 1)
    }

    func carry(_ ping: AwaitedPing) async throws {
        let settings = configuration()
        // The address is the registration's of today: a client that has lost it, or its standing, is told nothing.
        guard let client = settings.federation.client(ping.client), let endpoint = client.ciba?.notificationEndpoint,
            settings.federation.member(ping.client)?.standing(at: clock()) == .inForce, let address = WebAddress(endpoint)
        else { return try await end(ping, "no-endpoint", status: nil) }
        let request = OutboundRequest.post(
            address, type: BackchannelPing.contentType, body: BackchannelPing.body(for: ping),
            headers: [OutboundRequest.Header("Authorization", "Bearer " + ping.notification.token)])
        let status: Int?
        do throws(OutboundRefusal) {
            let answer = try await send(settings.rules(telling: ping.client), request)
            status = answer.status
        } catch {
            status = error.status
        }
        let verdict = status.map { BackchannelPing.verdict(status: $0) } ?? .tryAgain
        guard verdict == .tryAgain else { return try await end(ping, verdict.rawValue, status: status) }
        let now = clock()
        guard let pause = BackchannelPing.pause(after: ping.attempts), now.adding(seconds: pause) < ping.expiresAt else {
            return try await end(ping, "unreachable", status: status)
        }
        logger.notice("a client did not take its ping", metadata: ["attempt": "\(ping.attempts)", "status": "\(status ?? 0)"])
        try await store.postponePing(ping.secretDigest, until: now.adding(seconds: pause), attempts: ping.attempts)
    }

    private func end(_ ping: AwaitedPing, _ result: String, status: Int?) async throws {
        let now = clock()
        try await store.endPing(
            ping.secretDigest,
            recording: Record(
                "awaited.pinged", at: now,
                [
                    ("member", .string(ping.client.text)), ("result", .string(result)),
                    ("status", status.map { .integer(Int64($0)) } ?? .null), ("attempts", .integer(Int64(ping.attempts))),
                ]), at: now)
    }
}
