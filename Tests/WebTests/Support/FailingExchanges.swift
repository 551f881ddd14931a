import OpenID
import SQLiteStores
import SignOn
import Vocabulary

extension FailingStores {
    func owner(of pairwise: PairwiseID) async throws -> PairwiseOwner? {
        try gate()
        return try await store.owner(of: pairwise)
    }

    func living(_ digest: [UInt8], at now: Timestamp) async throws -> AccessTokenRecord? {
        try gate()
        return try await store.living(digest, at: now)
    }

    func issue(
        _ token: AccessTokenRecord, exchangedFor parent: [UInt8], claiming claims: [AssertionClaim], recording record: Record,
        ledger: LedgerEntry?, at now: Timestamp
    ) async throws -> ExchangeIssue {
        try gate()
        return try await store.issue(token, exchangedFor: parent, claiming: claims, recording: record, ledger: ledger, at: now)
    }

    func revoke(accessToken digest: [UInt8], recording record: Record, at now: Timestamp) async throws {
        try gate()
        try await store.revoke(accessToken: digest, recording: record, at: now)
    }

    func revoke(family: [UInt8], recording record: Record, at now: Timestamp) async throws {
        try gate()
        try await store.revoke(family: family, recording: record, at: now)
    }

    func isFresh(refreshToken digest: [UInt8], at now: Timestamp) async throws -> Bool {
        try gate()
        return try await store.isFresh(refreshToken: digest, at: now)
    }
}
