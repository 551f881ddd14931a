package import Vocabulary

/// How the trust store fares at one moment: what `health.json` and the health door say, and what `sekisho trust status` prints.
package struct TrustHealth: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        case ok
        /// Logins go on as they should; somebody has to look before they stop.
        case degraded
        /// For some certificates nobody can say whether they are revoked: unless a responder answers, their logins are refused.
        case stale
    }

    /// One thing to look at: `list.stale` of a source, `authority.ends-soon` of a name.
    package struct Reason: Hashable, Sendable {
        package let state: State
        package let code: String
        package let subject: String

        package var json: JSON {
            .object([("state", .string(state.rawValue)), ("code", .string(code)), ("subject", .string(Explanation.redacted(subject)))])
        }
    }

    package let at: Timestamp
    package let lists: [ListGauge]
    package let responders: StatusHealth
    package let authorities: [AuthorityGauge]
    package let unknownIssuers: [UnknownIssuers.Row]
    package let unknownDropped: Int
    /// Files of the watch that could not be written at the last turn.
    package let trouble: String?
    package let reasons: [Reason]

    init(
        at now: Timestamp, lists: [ListGauge], responders: StatusHealth, authorities: [AuthorityGauge],
        unknownIssuers: [UnknownIssuers.Row], unknownDropped: Int, trouble: String?
    ) {
        at = now
        self.lists = lists
        self.responders = responders
        self.authorities = authorities
        self.unknownIssuers = unknownIssuers
        self.unknownDropped = unknownDropped
        self.trouble = trouble
        var reasons = lists.flatMap(Self.reasons)
        reasons += responders.responders.compactMap { Self.reason($0, at: now) }
        reasons += authorities.compactMap(Self.reason)
        if responders.counts.contradicted > 0 { reasons.append(Reason(state: .degraded, code: "status.contradicted", subject: "lists")) }
        if responders.counts.memoryFailures > 0 { reasons.append(Reason(state: .degraded, code: "status.memory", subject: "store")) }
        if let trouble { reasons.append(Reason(state: .degraded, code: "disk", subject: trouble)) }
        self.reasons = reasons
    }

    /// The worst of the reasons.
    package var state: State {
        if reasons.contains(where: { $0.state == .stale }) { return .stale }
        return reasons.isEmpty ? .ok : .degraded
    }

    private static func reasons(_ list: ListGauge) -> [Reason] {
        var reasons: [Reason] = []
        if list.state != .fresh { reasons.append(Reason(state: .stale, code: "list." + list.state.rawValue, subject: list.source)) }
        if let failure = list.failure { reasons.append(Reason(state: .degraded, code: failure, subject: list.source)) }
        return reasons
    }

    /// Seconds for which a failure of a responder is told: nobody may have asked it since.
    private static let recent: Int64 = 3600

    /// A responder that has failed since it last answered.
    private static func reason(_ responder: StatusHealth.Responder, at now: Timestamp) -> Reason? {
        guard let failed = responder.lastFailure, responder.lastSuccess.map({ $0 < failed }) ?? true,
            now.seconds(since: failed) < recent
        else { return nil }
        return Reason(
            state: .degraded, code: "responder." + (responder.lastFailureCode ?? .other).rawValue, subject: responder.name)
    }

    private static func reason(_ authority: AuthorityGauge) -> Reason? {
        guard authority.state != .good else { return nil }
        return Reason(state: .degraded, code: "authority." + authority.state.rawValue, subject: authority.subject)
    }

    /// Whole, for the operator. `rows` bounds the unknown issuers that are told.
    package func json(rows: Int = 20) -> JSON {
        .object([
            ("format", 1), ("at", .string(at.text)), ("state", .string(state.rawValue)), ("reasons", .array(reasons.map(\.json))),
            ("lists", .array(lists.map(\.json))), ("responders", .array(responders.responders.map { Self.json($0, at: at) })),
            ("status", Self.json(responders)), ("authorities", .array(authorities.map(\.json))),
            (
                "unknown-issuers",
                .object([
                    ("rows", .integer(Int64(unknownIssuers.count))), ("dropped", .integer(Int64(unknownDropped))),
                    ("most", .array(unknownIssuers.prefix(rows).map(\.json))),
                ])
            ),
        ])
    }

    /// For a door that strangers may read: the state and counts, no names.
    package var summary: JSON {
        .object([
            ("state", .string(state.rawValue)), ("lists", .integer(Int64(lists.count))),
            ("stale", .integer(Int64(lists.count { $0.state != .fresh }))), ("alarms", .integer(Int64(lists.count(where: \.isAlarm)))),
            ("oldest", lists.compactMap(\.age).max().map { .integer($0) } ?? .null),
        ])
    }

    private static func json(_ responder: StatusHealth.Responder, at now: Timestamp) -> JSON {
        .object([
            ("name", .string(responder.name)), ("role", .string(responder.role.rawValue)), ("asked", .integer(Int64(responder.asked))),
            ("answered", .integer(Int64(responder.answered))), ("passed-over", .integer(Int64(responder.passedOver))),
            (
                "failures",
                .object(
                    responder.failures.sorted { $0.key.rawValue < $1.key.rawValue }.map { ($0.key.rawValue, .integer(Int64($0.value))) })
            ),
            ("last-success", time(responder.lastSuccess)), ("last-failure", time(responder.lastFailure)),
            ("failure", responder.lastFailureCode.map { .string($0.rawValue) } ?? .null),
            ("age", responder.age(at: now).map { .integer($0) } ?? .null), ("rests-until", time(responder.restsUntil)),
            ("gives-nonce", responder.givesNonce.map { .bool($0) } ?? .null),
        ])
    }

    private static func json(_ health: StatusHealth) -> JSON {
        let counts = health.counts
        let named: [(String, Int)] = [
            ("good", counts.good), ("revoked", counts.revoked), ("unknown", counts.unknown), ("kept", counts.kept),
            ("shared", counts.shared), ("stapled", counts.stapled), ("listed", counts.listed), ("remembered", counts.remembered),
            ("contradicted", counts.contradicted), ("lifted", counts.lifted), ("stapled-refused", counts.stapledRefused),
            ("memory-failures", counts.memoryFailures), ("held", health.held),
        ]
        return .object(named.map { ($0.0, .integer(Int64($0.1))) })
    }

    private static func time(_ value: Timestamp?) -> JSON { value.map { .string($0.text) } ?? .null }
}
