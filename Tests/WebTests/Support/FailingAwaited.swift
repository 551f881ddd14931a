import OpenID
import SQLiteStores
import SignOn
import Vocabulary

extension FailingStores {
    func open(
        _ grant: AwaitedGrant, claiming claims: [AssertionClaim], mostWaiting: Int, recording record: Record, at now: Timestamp
    ) async throws -> AwaitedOpening {
        try gate()
        return try await store.open(grant, claiming: claims, mostWaiting: mostWaiting, recording: record, at: now)
    }

    func awaited(
        _ handle: [UInt8], _ kind: AwaitedGrant.Kind, at now: Timestamp
    ) async throws -> (grant: AwaitedGrant, state: AwaitedState)? {
        try gate()
        return try await store.awaited(handle, kind, at: now)
    }

    func waiting(for subject: SubjectID, limit: Int, at now: Timestamp) async throws -> [AwaitedGrant] {
        try gate()
        return try await store.waiting(for: subject, limit: limit, at: now)
    }

    func countWaiting(for subject: SubjectID, at now: Timestamp) async throws -> Int {
        try gate()
        return try await store.countWaiting(for: subject, at: now)
    }

    func settle(
        _ handle: [UInt8], _ kind: AwaitedGrant.Kind, as verdict: AwaitedVerdict, recording record: Record, at now: Timestamp
    ) async throws -> AwaitedSettlement {
        try gate()
        try await racing()
        return try await store.settle(handle, kind, as: verdict, recording: record, at: now)
    }

    func poll(
        _ secretDigest: [UInt8], _ kind: AwaitedGrant.Kind, by client: MemberID, claiming claims: [AssertionClaim], at now: Timestamp
    ) async throws -> AwaitedPoll {
        try gate()
        return try await store.poll(secretDigest, kind, by: client, claiming: claims, at: now)
    }

    func redeem(
        _ secretDigest: [UInt8], _ kind: AwaitedGrant.Kind, by client: MemberID, for issued: IssuedTokens, at now: Timestamp
    ) async throws -> Bool {
        try gate()
        return try await store.redeem(secretDigest, kind, by: client, for: issued, at: now)
    }

    func takePings(lease: Timestamp, limit: Int, at now: Timestamp) async throws -> [AwaitedPing] {
        try gate()
        return try await store.takePings(lease: lease, limit: limit, at: now)
    }

    func endPing(_ secretDigest: [UInt8], recording record: Record, at now: Timestamp) async throws {
        try gate()
        try await store.endPing(secretDigest, recording: record, at: now)
    }

    func postponePing(_ secretDigest: [UInt8], until: Timestamp, attempts: Int) async throws {
        try gate()
        try await store.postponePing(secretDigest, until: until, attempts: attempts)
    }
}
