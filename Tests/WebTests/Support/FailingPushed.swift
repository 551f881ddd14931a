import OpenID
import SQLiteStores
import SignOn
import Vocabulary

extension FailingStores {
    func push(_ request: PushedRequest, claiming claims: [AssertionClaim], at now: Timestamp) async throws -> PushedOutcome {
        try gate()
        return try await store.push(request, claiming: claims, at: now)
    }

    func pushed(_ digest: [UInt8], at now: Timestamp) async throws -> PushedRequest? {
        try gate()
        return try await store.pushed(digest, at: now)
    }

    func finish(_ digest: [UInt8], recording record: Record, at now: Timestamp) async throws -> Bool {
        try gate()
        return try await store.finish(digest, recording: record, at: now)
    }

    func issue(
        _ code: CodeRecord, recording record: Record, joining: Joining, finishing digest: [UInt8], at now: Timestamp
    ) async throws -> PushedIssue {
        try gate()
        return try await store.issue(code, recording: record, joining: joining, finishing: digest, at: now)
    }
}
