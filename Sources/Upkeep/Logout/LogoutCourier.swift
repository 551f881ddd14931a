package import Logging
package import Outbound
import ServiceLifecycle
package import Settings
package import SignOn
package import Vocabulary

/// Tells the members of a logout that are told without a browser: SOAP requests and OpenID logout tokens. The queue is in the store, so that
/// it survives the process; a member that does not answer is tried again, ever more seldom, until the logout runs out. Carries out the
/// orders of administrators too.
package final class LogoutCourier: Service, Courier {
    static let queue = "logout queue"
    package typealias Send = @Sendable (OutboundRules, OutboundRequest) async throws(OutboundRefusal) -> OutboundAnswer

    private let store: any LogoutStore & ParticipationStore & AuditTrail
    private let configuration: @Sendable () -> Configuration
    let clock: @Sendable () -> Timestamp
    let logger: Logger
    let rounds = Rounds()
    private let send: Send

    /// How long a request waits for the members of its own logout.
    private static let patience = Duration.seconds(2)
    /// Legs that ran out before their turn, recorded in one round.
    private static let mostExpired = 256

    package init(
        store: any LogoutStore & ParticipationStore & AuditTrail, configuration: @escaping @Sendable () -> Configuration,
        clock: @escaping @Sendable () -> Timestamp, logger: Logger,
        send: @escaping Send = { (rules, request) throws(OutboundRefusal) in try await Outbound(rules: rules).fetch(request) }
    ) {
        self.store = store
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.send = send
    }

    /// Rings for the members of this logout, and waits until they have answered or `patience` is over. They are told by `run`, so that
    /// neither a slow member nor a request that goes away ends the telling.
    package func deliver(_ id: LogoutID) async {
        rounds.ring()
        let deadline = ContinuousClock.now + Self.patience
        while ContinuousClock.now < deadline {
            try? await Task.sleep(for: .milliseconds(20))
            guard let progress = try? await store.progress(of: id, at: clock()), progress.isDelivering else { return }
        }
    }

    package func run() async throws { await walk() }

    /// One round without the service, for a command while no server runs: carries out what waits and tells whoever is due.
    package func round() async { await turn() }

    func take(_ limit: Int, lease: Timestamp, at now: Timestamp) async throws -> [(logout: Logout, leg: LogoutLeg)] {
        for order in try await store.orders(limit: 16, at: now) { try await carryOut(order, at: now) }
        _ = try await store.expireLegs(
            limit: Self.mostExpired,
            recording: { Self.record(on: $0, .failed, .expired, $0.reason?.rawValue ?? "", attempts: $0.attempts, at: now) }, at: now)
        return limit > 0 ? try await store.takeDue(of: nil, lease: lease, limit: limit, at: now) : []
    }

    func receiver(of item: (logout: Logout, leg: LogoutLeg)) -> MemberID { item.leg.member }

    func putBack(_ item: (logout: Logout, leg: LogoutLeg), until moment: Timestamp, at now: Timestamp) async throws {
        try await store.postpone(item.leg.id, until: moment, item.leg.reason, at: now)
    }

    func carry(_ item: (logout: Logout, leg: LogoutLeg)) async throws {
        let (logout, leg) = item
        let settings = configuration()
        var random = SystemRandomNumberGenerator()
        if leg.participation.name.tongue == .saml { await settings.federation.learn(leg.member) }
        let parcel: LogoutParcel
        switch LogoutParcel.packed(leg, of: logout, settings, at: clock(), using: &random) {
        case .parcel(let packed): parcel = packed
        case .never(let why): return try await settle(leg, .failed, why, "")
        case .later: return try await tryAgain(leg, of: logout, .unspeakable)
        }
        guard let address = WebAddress(parcel.address) else { return try await settle(leg, .failed, .unspeakable, "") }
        guard try await store.ask(leg.id, by: parcel.id, at: clock()) else { return }
        let verdict: LogoutVerdict
        do throws(OutboundRefusal) {
            let answer = try await send(
                settings.rules(telling: leg.member), .post(address, type: parcel.type, body: parcel.body, headers: parcel.headers))
            verdict = parcel.verdict(answer, on: leg, settings, at: clock())
        } catch {
            let unread = error.status.map { OutboundAnswer(status: $0, headers: [], body: [], address: address) }
            verdict = unread.map { parcel.verdict($0, on: leg, settings, at: clock()) } ?? .again(.unreachable)
        }
        switch verdict {
        case .ended(let status): try await settle(leg, .ended, nil, status)
        case .refused(let status): try await settle(leg, .failed, .refused, status)
        case .again(let reason): try await tryAgain(leg, of: logout, reason)
        }
    }

    private func tryAgain(_ leg: LogoutLeg, of logout: Logout, _ reason: LogoutReason) async throws {
        let now = clock()
        let next = now.adding(seconds: LogoutRetry.pause(after: leg.attempts + 1))
        guard next < logout.expiresAt else { return try await settle(leg, .failed, .expired, reason.rawValue) }
        logger.notice("a member did not take its logout", metadata: ["reason": "\(reason.rawValue)", "attempt": "\(leg.attempts + 1)"])
        try await store.postpone(leg.id, until: next, reason, at: now)
    }

    private func settle(_ leg: LogoutLeg, _ state: LogoutLeg.State, _ reason: LogoutReason?, _ status: String) async throws {
        let now = clock()
        _ = try await store.settle(
            leg.id, as: state, reason, recording: Self.record(on: leg, state, reason, status, attempts: leg.attempts + 1, at: now), at: now)
    }

    private static func record(
        on leg: LogoutLeg, _ state: LogoutLeg.State, _ reason: LogoutReason?, _ status: String, attempts: Int, at now: Timestamp
    ) -> Record {
        Record(
            "logout.member", at: now,
            [
                ("member", .string(leg.member.text)), ("channel", "back"), ("result", .string(state.rawValue)),
                ("reason", reason.map { .string($0.rawValue) } ?? .null), ("status", .string(status)),
                ("attempts", .integer(Int64(attempts))),
            ])
    }

    /// An administrator's order: the sessions end, and whoever can be told without a browser is told.
    private func carryOut(_ order: LogoutOrder, at now: Timestamp) async throws {
        let threads: [SessionThread]
        let subject: SubjectID?
        switch order.target {
        case .thread(let thread):
            threads = [thread]
            subject = try await store.participations(in: thread).first?.subject
        case .subject(let named):
            threads = try await store.threads(of: named, at: now)
            subject = named
        }
        let federation = configuration().federation
        _ = try await store.begin(
            Logout(
                id: order.id, browser: nil, origin: .administrator, message: [], initiator: nil, propagates: true, startedAt: now,
                expiresAt: now.adding(seconds: Logout.lifetime)), ending: threads,
            recording: Record(
                "session.ended", at: now,
                [
                    ("subject", subject.map { .string($0.text) } ?? .null), ("by", "administrator"), ("order", .string(order.id.text)),
                    ("origin", .string(Logout.Origin.administrator.rawValue)), ("sessions", .integer(Int64(threads.count))),
                ])
        ) { federation.logoutPlan(for: $0, at: now) }
    }
}
