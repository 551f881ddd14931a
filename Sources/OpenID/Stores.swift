package import SignOn
package import Vocabulary

// Every verb is one atomic gate. When it returns, its effect survives a crash of the process. It throws only when the store itself
// fails; callers answer that with "try again", never with a token.

/// What taking a code out came to.
package enum CodeConsumption: Hashable, Sendable {
    /// This caller, and no other ever, may redeem it.
    case first(CodeRecord)
    /// It was taken before: the tokens issued from it have ended in the same step (RFC 6749 §4.1.2; checklist E5).
    case replayed
    /// Never issued, or expired.
    case unknown
    /// What authenticates the request was used before: the code is left as it was.
    case taken(AssertionClaim)
}

package protocol CodeStore: Sendable {
    func issue(_ record: CodeRecord) async throws
    /// Of any number of callers one gets `.first`. A used code is remembered until it expires, and as long as tokens from it live.
    func consume(_ codeDigest: [UInt8], at now: Timestamp) async throws -> CodeConsumption
}

/// What exchanging a refresh token came to.
package enum RefreshRotation: Hashable, Sendable {
    case rotated
    /// It was exchanged a moment ago for this very successor, which nobody has used yet: the answer was lost, or two asked at once. Nothing
    /// new is kept (docs/decisions/0042).
    case repeated
    /// It is not rotated, and still good.
    case kept
    /// It was exchanged before: somebody has a copy. Its whole family, refresh and access tokens, has ended in the same step
    /// (RFC 9700 §4.14.2).
    case reused
    case unknown
    /// What authenticates the request was used before: the token is left as it was.
    case taken(AssertionClaim)
}

package protocol AccessTokenStore: Sendable {
    /// Keeps the token, unless its code has been replayed in the meantime: then the token must never be found.
    func issue(_ record: AccessTokenRecord) async throws
    /// Nil when unknown, expired or ended.
    func find(_ digest: [UInt8], at now: Timestamp) async throws -> AccessTokenRecord?
    /// Keeps the first refresh token of a family.
    func issueRefresh(_ record: RefreshTokenRecord) async throws
    /// The record of a refresh token, used or not; whether it is fresh only `rotate` decides. Nil when unknown, expired or ended.
    func refresh(_ digest: [UInt8], at now: Timestamp) async throws -> RefreshTokenRecord?
    /// Marks `old` used and keeps `new`, in one step. Of any number of callers one gets `.rotated`; those that come with the same successor
    /// before `grace` seconds are over and the successor is used get `.repeated`. Without `new` the token stays as it is: `.kept`.
    func rotate(_ old: [UInt8], to new: RefreshTokenRecord?, within grace: Int64, at now: Timestamp) async throws -> RefreshRotation
}

extension AccessTokenStore {
    /// Without a second chance.
    package func rotate(_ old: [UInt8], to new: RefreshTokenRecord, at now: Timestamp) async throws -> RefreshRotation {
        try await rotate(old, to: new, within: 0, at: now)
    }
}

/// Something that proves a request's sender and may be used once, until it runs out by itself: the `jti` of a client assertion
/// (RFC 7523 §3), of a DPoP proof (RFC 9449 §11.1).
package struct AssertionClaim: Hashable, Sendable {
    package enum Kind: Hashable, Sendable { case clientAssertion, dpopProof }

    package let kind: Kind
    package let scope: String
    package let key: String
    package let until: Timestamp

    package init(kind: Kind = .clientAssertion, scope: String, key: String, until: Timestamp) {
        self.kind = kind
        self.scope = scope
        self.key = key
        self.until = until
    }

    /// What its second use is answered with.
    package var refusal: TokenRefusal {
        switch kind {
        case .clientAssertion: .assertionReplayed
        case .dpopProof: .proofReplayed
        }
    }
}

extension ReplayGuard {
    /// Takes all of them, one after the other; the first that was taken before, or nil.
    package func claim(_ claims: [AssertionClaim], at now: Timestamp) async throws -> AssertionClaim? {
        for claim in claims {
            guard try await self.claim(claim.key, scope: claim.scope, until: claim.until, at: now) else { return claim }
        }
        return nil
    }
}

/// What a code or a refresh token is redeemed for, with its trace.
package struct IssuedTokens: Sendable {
    package let access: AccessTokenRecord
    package let refresh: RefreshTokenRecord?
    package let record: Record
    /// For the citizen's ledger, in the same commit.
    package let ledger: LedgerEntry?

    package init(access: AccessTokenRecord, refresh: RefreshTokenRecord?, record: Record, ledger: LedgerEntry? = nil) {
        self.access = access
        self.refresh = refresh
        self.record = record
        self.ledger = ledger
    }
}

/// Several gates in one step, for the price of one commit: issuing and its trace, a client's assertion and the code it redeems.
package protocol RecordingIssuer: CodeStore, AccessTokenStore, AuditTrail, ReplayGuard, ParticipationStore {
    /// What was issued under the code, used or not: only a gate decides whether it may be redeemed. Nil when it is not known.
    func code(_ codeDigest: [UInt8]) async throws -> CodeRecord?
    /// `.taken` when one of the claims was used before; the code is then left as it was.
    func consume(_ codeDigest: [UInt8], claiming claims: [AssertionClaim], at now: Timestamp) async throws -> CodeConsumption
    /// The same, and keeps what is issued for the code, with its trace, when it is `.first`.
    func redeem(
        _ codeDigest: [UInt8], claiming claims: [AssertionClaim], for issued: IssuedTokens, at now: Timestamp
    ) async throws -> CodeConsumption
    /// `rotate` to the refresh token of `issued`, and keeps its access token with the trace, when the old one was good.
    func exchange(
        _ old: [UInt8], claiming claims: [AssertionClaim], for issued: IssuedTokens, within grace: Int64, at now: Timestamp
    ) async throws -> RefreshRotation
    func issue(_ code: CodeRecord, recording record: Record) async throws
    /// The same, and the client joins the session; false when the session has ended, and nothing is kept.
    func issue(_ code: CodeRecord, recording record: Record, joining: Joining) async throws -> Bool
    func issue(_ token: AccessTokenRecord, recording record: Record) async throws
}

extension RecordingIssuer {
    package func consume(
        _ codeDigest: [UInt8], claiming claims: [AssertionClaim], at now: Timestamp
    ) async throws -> CodeConsumption {
        if let taken = try await claim(claims, at: now) { return .taken(taken) }
        return try await consume(codeDigest, at: now)
    }

    package func redeem(
        _ codeDigest: [UInt8], claiming claims: [AssertionClaim], for issued: IssuedTokens, at now: Timestamp
    ) async throws -> CodeConsumption {
        let consumption = try await consume(codeDigest, claiming: claims, at: now)
        guard case .first = consumption else { return consumption }
        if let refresh = issued.refresh { try await issueRefresh(refresh) }
        try await issue(issued.access, recording: issued.record)
        return consumption
    }

    package func exchange(
        _ old: [UInt8], claiming claims: [AssertionClaim], for issued: IssuedTokens, within grace: Int64, at now: Timestamp
    ) async throws -> RefreshRotation {
        if let taken = try await claim(claims, at: now) { return .taken(taken) }
        let rotation = try await rotate(old, to: issued.refresh, within: grace, at: now)
        switch rotation {
        case .rotated, .repeated, .kept: try await issue(issued.access, recording: issued.record)
        case .reused, .unknown, .taken: break
        }
        return rotation
    }

    /// The trace first: what cannot be recorded is not issued.
    package func issue(_ code: CodeRecord, recording record: Record) async throws {
        try await append(record)
        try await issue(code)
    }

    package func issue(_ code: CodeRecord, recording record: Record, joining: Joining) async throws -> Bool {
        guard try await join(joining, recording: record) else { return false }
        try await issue(code)
        return true
    }

    package func issue(_ token: AccessTokenRecord, recording record: Record) async throws {
        try await append(record)
        try await issue(token)
    }
}
