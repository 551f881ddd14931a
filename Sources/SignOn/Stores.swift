package import Credentials
package import TrustFramework
package import Vocabulary

// Every verb is one atomic gate. When it returns, its effect survives a crash of the process. It throws only when the store itself
// fails; callers answer that with "try again", never with a login.

package protocol TransactionStore: Sendable {
    func open(_ transaction: Transaction) async throws
    func transaction(_ id: TransactionID, at now: Timestamp) async throws -> Transaction?
    /// Takes the transaction out; of two callers one gets it.
    func consume(_ id: TransactionID, at now: Timestamp) async throws -> Transaction?
}

package protocol SessionStore: Sendable {
    /// Stores `session`, and in the same step ends `replaced`. False, and nothing is stored, when `replaced` lives no longer: somebody
    /// logged out while the citizen was at the card, and that must hold; and when the certificate of its latest login is blocked here.
    @discardableResult func start(_ session: Session, replacing replaced: SessionID?, expires: Timestamp) async throws -> Bool
    func session(_ id: SessionID, at now: Timestamp) async throws -> Session?
    func touch(_ id: SessionID, at now: Timestamp) async throws
    func end(_ id: SessionID) async throws
}

/// Which members take part in which session: one graph for all protocols.
package protocol ParticipationStore: Sendable {
    /// Claims `key` as `ReplayGuard.claim` does, appends `record` and keeps the participation, all in one step or none. A member that joined
    /// before writes nothing for it.
    func claim(
        _ key: String, scope: String, until: Timestamp, at now: Timestamp, recording record: Record, joining: Joining
    ) async throws -> JoinedClaim
    /// Appends `record` and keeps the participation in one step; false when the session has ended, and nothing is kept.
    func join(_ joining: Joining, recording record: Record) async throws -> Bool
    /// What `member` takes part in under this name (a NameID's text or a `sub`), in sessions that have not ended; 64 at most.
    func participations(of member: MemberID, named name: String) async throws -> [Participation]
    func participations(in thread: SessionThread) async throws -> [Participation]
}

/// Logouts under way, and the queue of members to be told outside of any request. What is in it survives `kill -9`.
package protocol LogoutStore: Sendable {
    /// Ends the sessions of `threads`, takes their participations out of the graph and keeps each as a leg of `logout`, with `record`
    /// behind them, in one step. `planning` says how a member is told; nil leaves it out, as the member that asked. Returns the legs. A
    /// logout that was begun before stays as it is.
    func begin(
        _ logout: Logout, ending threads: [SessionThread], recording record: Record,
        planning: @escaping @Sendable (Participation) -> LogoutPlan?
    ) async throws -> [LogoutLeg]
    func progress(of logout: LogoutID, at now: Timestamp) async throws -> LogoutProgress?
    /// The leg that waits for the answer to the message `request`.
    func leg(asking request: String, at now: Timestamp) async throws -> LogoutLeg?
    /// Notes that the member is being told by `request`. False when it has answered meanwhile.
    func ask(_ leg: LogoutLegID, by request: String, at now: Timestamp) async throws -> Bool
    /// Ends a leg. False when it was ended before; the first word counts.
    func settle(_ leg: LogoutLegID, as state: LogoutLeg.State, _ reason: LogoutReason?, recording record: Record, at now: Timestamp)
        async throws -> Bool
    /// The citizen goes past the member: it stays open.
    func skip(_ leg: LogoutLegID, at now: Timestamp) async throws
    /// Takes up to `limit` back-channel legs whose time has come, of one logout or of all; whoever takes one has it until `lease`. Of one
    /// member it takes a few, and the first of each comes first: a member with thousands that are due holds up nobody.
    func takeDue(of logout: LogoutID?, lease: Timestamp, limit: Int, at now: Timestamp) async throws -> [(logout: Logout, leg: LogoutLeg)]
    /// Puts a leg back that could not be told, with the reason, or whose turn it is not yet.
    func postpone(_ leg: LogoutLegID, until: Timestamp, _ reason: LogoutReason?, at now: Timestamp) async throws
    /// Settles as failed, `limit` at most, what ran out before its turn came, each with its record; how many. What somebody has taken is left
    /// to him until his lease is over.
    func expireLegs(
        limit: Int, recording record: @escaping @Sendable (LogoutLeg) -> Record, at now: Timestamp
    ) async throws -> Int
    /// Sessions that live at `now`, youngest first, for administrators.
    func liveSessions(limit: Int, at now: Timestamp) async throws -> [LiveSession]
    func threads(of subject: SubjectID, at now: Timestamp) async throws -> [SessionThread]
    /// An administrator wants sessions ended; the server that runs takes the order up.
    func order(_ order: LogoutOrder, until: Timestamp) async throws
    /// Orders that wait, oldest first. `begin` with an order's id takes it out.
    func orders(limit: Int, at now: Timestamp) async throws -> [LogoutOrder]
}

package protocol SubjectStore: Sendable {
    func subject(linkedTo certificate: CertificateIdentity) async throws -> SubjectID?
    /// Links the certificate to `fresh` unless it has a subject already; returns the subject it is linked to now.
    func link(_ certificate: CertificateIdentity, to fresh: SubjectID, at now: Timestamp) async throws -> SubjectID
    /// The citizen's identifier in a sector; `fresh`, made only then, becomes it when there was none.
    func pairwise(
        _ subject: SubjectID, sector: String, orElse fresh: @autoclosure @Sendable () throws -> PairwiseID, at now: Timestamp
    ) async throws -> PairwiseID
}

package protocol ChallengeStore: Sendable {
    func issue(_ challenge: CardChallenge) async throws
    /// Takes the challenge out; of two callers one gets it. Nil when unknown, used or expired.
    func consume(_ id: ChallengeID, at now: Timestamp) async throws -> CardChallenge?
    func issue(_ handover: Handover) async throws
    func consume(handover code: [UInt8], at now: Timestamp) async throws -> Handover?
}

package protocol ReplayGuard: Sendable {
    /// True for the first claim of `key` in `scope` until the given moment; false for every later one.
    func claim(_ key: String, scope: String, until: Timestamp, at now: Timestamp) async throws -> Bool
}

/// What citizens agreed to. A citizen is the only one who gives or takes back.
package protocol ConsentStore: Sendable {
    /// Nil when there is none.
    func consent(of subject: SubjectID, member: MemberID, purpose: Purpose) async throws -> Consent?
    /// Keeps it in the place of an older one for the same member and purpose, and appends `record`, in one step.
    func give(_ consent: Consent, recording record: Record) async throws
    /// Takes it out and appends `record`, in one step; false, and nothing is recorded, when there is none.
    func withdraw(of subject: SubjectID, member: MemberID, purpose: Purpose, recording record: Record) async throws -> Bool
    /// Latest first.
    func consents(of subject: SubjectID) async throws -> [Consent]
}

/// The citizen's ledger. Entries come in with the commits that answer (`Joining.ledger`, `IssuedTokens.ledger`); here they are read, and an
/// answer that is no commit of its own adds one.
package protocol LedgerStore: Sendable {
    /// Keeps the entry and appends `record`, in one step; once for each reference: false, and nothing is recorded, when it is there.
    func note(_ entry: LedgerEntry, recording record: Record) async throws -> Bool
    func hasEntry(_ reference: LedgerReference) async throws -> Bool
    /// Latest first, from before `moment` on; `limit` at most.
    func entries(of subject: SubjectID, before moment: Timestamp, limit: Int) async throws -> [LedgerEntry]
    /// The entry of one answer, for an auditor who has its reference from the audit record.
    func entry(_ reference: LedgerReference) async throws -> LedgerEntry?
    /// How much was told from `start` until before `end`, by member, purpose and what was told.
    func counts(from start: Timestamp, until end: Timestamp) async throws -> [LedgerCount]
    /// Deletes up to `limit` entries from before `moment`, oldest first, and appends the record of how many went, in one step.
    func forget(before moment: Timestamp, limit: Int, recording record: @escaping @Sendable (Int) -> Record) async throws -> Int
}

package protocol AuditTrail: Sendable {
    /// Appends to the hash chain; returns after the record is kept.
    func append(_ record: Record) async throws
}

/// A gate and its trace in one step: what is recorded is what happened, for the price of one commit.
package protocol RecordingGuard: ReplayGuard, AuditTrail {
    /// Like `claim`; the record is appended if, and only if, the claim is the first.
    func claim(_ key: String, scope: String, until: Timestamp, at now: Timestamp, recording record: Record) async throws -> Bool
}

extension RecordingGuard {
    /// In two steps, for stores that cannot do it in one.
    package func claim(
        _ key: String, scope: String, until: Timestamp, at now: Timestamp, recording record: Record
    ) async throws -> Bool {
        guard try await claim(key, scope: scope, until: until, at: now) else { return false }
        try await append(record)
        return true
    }
}
