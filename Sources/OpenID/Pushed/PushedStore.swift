package import SignOn
package import Vocabulary

/// What keeping a pushed request came to.
package enum PushedOutcome: Hashable, Sendable {
    case kept
    /// One of the claims, by its place, was taken before: the credential or the proof was used already. Nothing is kept.
    case replayed(Int)
}

/// What completing a login for a pushed request came to.
package enum PushedIssue: Hashable, Sendable {
    case issued
    /// Another tab was first; nothing is kept.
    case finished
    case sessionEnded
}

/// Pushed requests (RFC 9126). Every verb is one atomic gate; see `Stores.swift`.
package protocol PushedRequestStore: Sendable {
    /// Takes the claims and keeps the request, all or nothing.
    func push(_ request: PushedRequest, claiming claims: [AssertionClaim], at now: Timestamp) async throws -> PushedOutcome
    /// Nil when it is unknown, may not be brought any more, or a login came of it.
    func pushed(_ digest: [UInt8], at now: Timestamp) async throws -> PushedRequest?
    /// The login ended without a code: of any number of callers, here or in `issue`, one gets true. `record` is appended for that one.
    func finish(_ digest: [UInt8], recording record: Record, at now: Timestamp) async throws -> Bool
    /// As `RecordingIssuer.issue(_:recording:joining:)`, for the one caller that finishes the pushed request.
    func issue(
        _ code: CodeRecord, recording record: Record, joining: Joining, finishing digest: [UInt8], at now: Timestamp
    ) async throws -> PushedIssue
}
