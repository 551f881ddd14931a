import SQLiteStores
import SignOn
import Vocabulary

extension FailingStores {
    func claim(
        _ key: String, scope: String, until: Timestamp, at now: Timestamp, recording record: Record, joining: Joining
    ) async throws -> JoinedClaim {
        try gate()
        try await racing()
        return try await store.claim(key, scope: scope, until: until, at: now, recording: record, joining: joining)
    }

    func join(_ joining: Joining, recording record: Record) async throws -> Bool {
        try gate()
        return try await store.join(joining, recording: record)
    }

    func participations(of member: MemberID, named name: String) async throws -> [Participation] {
        try gate()
        return try await store.participations(of: member, named: name)
    }

    func participations(in thread: SessionThread) async throws -> [Participation] {
        try gate()
        return try await store.participations(in: thread)
    }

    func begin(
        _ logout: Logout, ending threads: [SessionThread], recording record: Record,
        planning: @escaping @Sendable (Participation) -> LogoutPlan?
    ) async throws -> [LogoutLeg] {
        try gate()
        return try await store.begin(logout, ending: threads, recording: record, planning: planning)
    }

    func progress(of logout: LogoutID, at now: Timestamp) async throws -> LogoutProgress? {
        try gate()
        return try await store.progress(of: logout, at: now)
    }

    func leg(asking request: String, at now: Timestamp) async throws -> LogoutLeg? {
        try gate()
        return try await store.leg(asking: request, at: now)
    }

    func ask(_ leg: LogoutLegID, by request: String, at now: Timestamp) async throws -> Bool {
        try gate()
        return try await store.ask(leg, by: request, at: now)
    }

    func settle(
        _ leg: LogoutLegID, as state: LogoutLeg.State, _ reason: LogoutReason?, recording record: Record, at now: Timestamp
    ) async throws -> Bool {
        try gate()
        return try await store.settle(leg, as: state, reason, recording: record, at: now)
    }

    func skip(_ leg: LogoutLegID, at now: Timestamp) async throws {
        try gate()
        try await store.skip(leg, at: now)
    }

    func takeDue(
        of logout: LogoutID?, lease: Timestamp, limit: Int, at now: Timestamp
    ) async throws -> [(logout: Logout, leg: LogoutLeg)] {
        try gate()
        return try await store.takeDue(of: logout, lease: lease, limit: limit, at: now)
    }

    func postpone(_ leg: LogoutLegID, until: Timestamp, _ reason: LogoutReason?, at now: Timestamp) async throws {
        try gate()
        try await store.postpone(leg, until: until, reason, at: now)
    }

    func expireLegs(
        limit: Int, recording record: @escaping @Sendable (LogoutLeg) -> Record, at now: Timestamp
    ) async throws -> Int {
        try gate()
        return try await store.expireLegs(limit: limit, recording: record, at: now)
    }

    func liveSessions(limit: Int, at now: Timestamp) async throws -> [LiveSession] {
        try gate()
        return try await store.liveSessions(limit: limit, at: now)
    }

    func threads(of subject: SubjectID, at now: Timestamp) async throws -> [SessionThread] {
        try gate()
        return try await store.threads(of: subject, at: now)
    }

    func order(_ order: LogoutOrder, until: Timestamp) async throws {
        try gate()
        try await store.order(order, until: until)
    }

    func orders(limit: Int, at now: Timestamp) async throws -> [LogoutOrder] {
        try gate()
        return try await store.orders(limit: limit, at: now)
    }
}
