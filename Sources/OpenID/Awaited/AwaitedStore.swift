package import SignOn
import TrustFramework
package import Vocabulary

// Every verb is one atomic gate. When it returns, its effect survives a crash of the process. It throws only when the store itself
// fails; callers answer that with "try again", never with a token.

/// What opening came to.
package enum AwaitedOpening: Hashable, Sendable {
    case opened
    /// A grant that still lives has this handle: take another user code.
    case handleTaken
    /// One of the claims was taken before; nothing was kept.
    case taken(AssertionClaim)
    /// So many of this client already wait for this citizen; nothing was kept.
    case tooMany
}

/// What has become of it.
package enum AwaitedState: String, Hashable, Sendable, CaseIterable {
    case waiting
    case approved
    case denied
    /// The client has its tokens.
    case redeemed
}

/// What a citizen's yes is kept with: all of it in one step, or none.
package struct AwaitedApproval: Sendable {
    package let entitlement: Entitlement
    /// The client's login is a session of its own, which no browser has a cookie of: it outlives the citizen's logout on his phone, and ends
    /// by an administrator, by the client's own logout, or when it runs out.
    package let session: Session
    package let sessionExpires: Timestamp
    package let joining: Joining
    /// The session of the browser in which the citizen said yes: it must still live then.
    package let approver: SessionThread
    /// The login in that browser which the rules let serve one answer, and this is it; nil: it stays good.
    package let spending: Spending?

    package init(
        entitlement: Entitlement, session: Session, sessionExpires: Timestamp, joining: Joining, approver: SessionThread,
        spending: Spending? = nil
    ) {
        self.entitlement = entitlement
        self.session = session
        self.sessionExpires = sessionExpires
        self.joining = joining
        self.approver = approver
        self.spending = spending
    }
}

package enum AwaitedVerdict: Sendable {
    case approved(AwaitedApproval)
    case denied
}

/// What settling came to. Of any number of citizens one settles it; the others are told.
package enum AwaitedSettlement: Hashable, Sendable {
    case settled
    case settledBefore(AwaitedState)
    /// Unknown, or run out.
    case gone
    /// The citizen was logged out meanwhile, the card was reported lost, or the login was used up by another answer: nothing was kept.
    case sessionEnded
}

/// What a client is told that asks.
package enum AwaitedPoll: Hashable, Sendable {
    /// One of the claims was taken before.
    case taken(AssertionClaim)
    /// There is none, or it is another client's.
    case unknown
    case pending
    case slowDown
    case denied
    case expired
    /// The client has its tokens already.
    case redeemed
    /// Approved, and not redeemed yet; whether it may be redeemed only `redeem` decides.
    case approved(Entitlement)
}

/// A client to be told that its citizen has decided.
package struct AwaitedPing: Hashable, Sendable {
    package let secretDigest: [UInt8]
    package let client: MemberID
    package let notification: AwaitedGrant.Notification
    /// Messages sent when this one is.
    package let attempts: Int
    package let expiresAt: Timestamp

    package init(
        secretDigest: [UInt8], client: MemberID, notification: AwaitedGrant.Notification, attempts: Int, expiresAt: Timestamp
    ) {
        self.secretDigest = secretDigest
        self.client = client
        self.notification = notification
        self.attempts = attempts
        self.expiresAt = expiresAt
    }
}

package protocol AwaitedStore: Sendable {
    /// Keeps `grant`, unless `mostWaiting` of its client wait already: for its addressee, or, where it names none, for anybody. A row is kept for an hour after it ran out, so that
    /// a late client is told so.
    func open(
        _ grant: AwaitedGrant, claiming claims: [AssertionClaim], mostWaiting: Int, recording record: Record, at now: Timestamp
    ) async throws -> AwaitedOpening
    /// The grant behind a user code or ticket and what became of it; nil when there is none or it has run out.
    func awaited(_ handle: [UInt8], _ kind: AwaitedGrant.Kind, at now: Timestamp) async throws -> (
        grant: AwaitedGrant, state: AwaitedState
    )?
    /// The requests that wait for this citizen, oldest first.
    func waiting(for subject: SubjectID, limit: Int, at now: Timestamp) async throws -> [AwaitedGrant]
    /// How many wait for this citizen.
    func countWaiting(for subject: SubjectID, at now: Timestamp) async throws -> Int
    func settle(
        _ handle: [UInt8], _ kind: AwaitedGrant.Kind, as verdict: AwaitedVerdict, recording record: Record, at now: Timestamp
    ) async throws -> AwaitedSettlement
    /// Notes the poll and tells what became of it.
    func poll(
        _ secretDigest: [UInt8], _ kind: AwaitedGrant.Kind, by client: MemberID, claiming claims: [AssertionClaim], at now: Timestamp
    ) async throws -> AwaitedPoll
    /// Marks it redeemed and keeps what is issued for it, in one step; false for everybody but the first, and when the login has ended.
    func redeem(
        _ secretDigest: [UInt8], _ kind: AwaitedGrant.Kind, by client: MemberID, for issued: IssuedTokens, at now: Timestamp
    ) async throws -> Bool

    /// Takes up to `limit` pings whose time has come; whoever takes one has it until `lease`.
    func takePings(lease: Timestamp, limit: Int, at now: Timestamp) async throws -> [AwaitedPing]
    /// The ping is over, one way or the other: its token is forgotten.
    func endPing(_ secretDigest: [UInt8], recording record: Record, at now: Timestamp) async throws
    /// Puts a ping back, to be sent when `until` has come; `attempts` is how many messages have been sent by then.
    func postponePing(_ secretDigest: [UInt8], until: Timestamp, attempts: Int) async throws
}
