package import SignOn
package import Vocabulary

/// Whose identifier it is, and in which sector. Stays inside the platform.
package struct PairwiseOwner: Hashable, Sendable {
    package let subject: SubjectID
    package let sector: String

    package init(subject: SubjectID, sector: String) {
        self.subject = subject
        self.sector = sector
    }
}

/// What keeping an exchanged token came to.
package enum ExchangeIssue: Hashable, Sendable {
    case issued
    /// The token it was exchanged for lives no longer.
    case parentEnded
    /// This assertion or proof of the request was used before; nothing was kept.
    case replayed(AssertionClaim)
}

/// Tokens that were exchanged for others. What comes of a token ends with it: with its revocation, its session, its family, its time.
package protocol ExchangeStore: Sendable {
    /// Nil when nobody goes by that identifier.
    func owner(of pairwise: PairwiseID) async throws -> PairwiseOwner?
    /// As `AccessTokenStore.find`; a token that was exchanged for another is found only while that one is, and so on to the login's own.
    func living(_ digest: [UInt8], at now: Timestamp) async throws -> AccessTokenRecord?
    /// Takes every claim, and keeps a token exchanged for `parent`, with its trace and the citizen's `ledger` entry, in one step or none.
    func issue(
        _ token: AccessTokenRecord, exchangedFor parent: [UInt8], claiming claims: [AssertionClaim], recording record: Record,
        ledger: LedgerEntry?, at now: Timestamp
    ) async throws -> ExchangeIssue
}

extension ExchangeStore {
    /// Without an entry in the citizen's ledger.
    package func issue(
        _ token: AccessTokenRecord, exchangedFor parent: [UInt8], claiming claims: [AssertionClaim], recording record: Record,
        at now: Timestamp
    ) async throws -> ExchangeIssue {
        try await issue(token, exchangedFor: parent, claiming: claims, recording: record, ledger: nil, at: now)
    }
}
