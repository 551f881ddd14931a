package import Vocabulary

/// What keeping a registration came to.
package enum RegistrationOutcome: Hashable, Sendable {
    case registered
    /// Somebody else used the initial access token up, or it was withdrawn meanwhile.
    case tokenSpent
    /// So many are kept already, in all or of the sponsor.
    case full(Int)
    /// The sponsor's clients come too fast; seconds until the next may come.
    case tooFast(Int64)
}

/// Registered clients and initial access tokens. Every verb is one atomic gate; see `Stores.swift`.
package protocol RegistrationStore: Sendable {
    /// Keeps an initial access token.
    func keep(_ token: InitialAccess, recording record: Record) async throws
    /// Nil when it is unknown, withdrawn or has run out; one that is used up is still known.
    func initialAccess(_ digest: [UInt8], at now: Timestamp) async throws -> InitialAccess?
    /// Those that are still good, youngest first.
    func initialAccesses(at now: Timestamp) async throws -> [InitialAccess]
    /// False when there is none.
    func withdraw(initialAccess digest: [UInt8], recording record: Record) async throws -> Bool
    /// Takes one use of the token, if there is one, and keeps the registration within the bounds, all or nothing.
    func register(
        _ registration: RegistrationRecord, using token: [UInt8]?, within bounds: RegistrationBounds, recording record: Record,
        at now: Timestamp
    ) async throws -> RegistrationOutcome
    /// Reads at once: requests look clients up. Of a version that the caller has already, nothing is read again.
    func registration(_ id: MemberID) throws -> RegistrationRecord?
    func registrationVersion(_ id: MemberID) throws -> Int64?
    /// Moves with every change that this process makes.
    var registrationChanges: Int64 { get }
    /// Replaces it for the one caller that knows its registration access token; false for every other, and when it is gone.
    func replace(_ registration: RegistrationRecord, knowing access: [UInt8], recording record: Record, at now: Timestamp) async throws
        -> Bool
    /// Removes it, with its participation in sessions; `access` nil: by the operator. False when it is gone, or another token counts by now.
    /// Its tokens end with it: a client that is not there has none.
    func remove(_ id: MemberID, knowing access: [UInt8]?, recording record: Record, at now: Timestamp) async throws -> Bool
    /// Youngest first, behind the first `skip`.
    func registrations(limit: Int, skip: Int) async throws -> [(record: RegistrationRecord, usedAt: Timestamp)]
    /// Takes up to `limit` registrations whose published keys are due; whoever takes one has it until `lease`.
    func takeDueKeys(lease: Timestamp, limit: Int, at now: Timestamp) async throws -> [RegistrationRecord]
    /// Keeps keys that were fetched for this version of the registration, and when they are due again; `keys` nil: they could not be
    /// fetched. `record` only where they changed. Nothing when the registration changed meanwhile.
    func keep(keys: JSON?, of id: MemberID, version: Int64, due: Timestamp, recording record: Record?, at now: Timestamp) async throws
    /// Notes that these were used.
    func noteUse(of ids: Set<MemberID>, at now: Timestamp) async throws
    /// Removes up to `limit` that nobody used since `moment`, each with `record`. Returns how many.
    func sweepUnused(since moment: Timestamp, limit: Int, recording record: @escaping @Sendable (MemberID) -> Record, at now: Timestamp)
        async throws -> Int
}
