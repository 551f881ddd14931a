package import Credentials
package import SignOn
package import Vocabulary

/// What is known of a certificate's revocation, as it was settled: for good, or on hold.
package struct CertificateState: Hashable, Sendable {
    package enum Kind: String, Hashable, Sendable, CaseIterable {
        /// It was on hold, and is not any more.
        case good
        case held, revoked
    }

    package let kind: Kind
    /// When the authority says that it happened.
    package let at: Timestamp
    /// The moment that the word speaks of (`thisUpdate`). A hold is lifted only by a later one.
    package let known: Timestamp
    /// Which series of lists said so; nil for a word on line. A hold that a list named is lifted by that series only.
    package let list: String?

    package init(_ kind: Kind, at: Timestamp, known: Timestamp, list: String? = nil) {
        self.kind = kind
        self.at = at
        self.known = known
        self.list = list
    }

    package var isBad: Bool { kind != .good }
}

/// A certificate that somebody logs in with here.
package struct WatchedCertificate: Hashable, Sendable {
    package let certificate: CertificateIdentity
    package let subject: SubjectID
    /// As it was settled last; nil: never was anything.
    package let state: CertificateState?
    /// The citizen is logged in somewhere at this moment, with it or with another.
    package let hasSession: Bool
    /// A phone's that ended with its card: from then on it logs nobody in, whatever lists say.
    package let endedAt: Timestamp?

    package init(
        certificate: CertificateIdentity, subject: SubjectID, state: CertificateState?, hasSession: Bool, endedAt: Timestamp? = nil
    ) {
        self.endedAt = endedAt
        self.certificate = certificate
        self.subject = subject
        self.state = state
        self.hasSession = hasSession
    }
}

/// A signature certificate that a citizen showed to a member, while the record of it is kept.
package struct ShownCertificate: Hashable, Sendable {
    /// The record's place: where the walk goes on.
    package let slot: [UInt8]
    package let certificate: CertificateIdentity
    package let subject: SubjectID
    package let member: MemberID
    /// Its end was told already, or found with nobody to tell.
    package let isSettled: Bool

    package init(slot: [UInt8], certificate: CertificateIdentity, subject: SubjectID, member: MemberID, isSettled: Bool) {
        self.slot = slot
        self.certificate = certificate
        self.subject = subject
        self.member = member
        self.isSettled = isSettled
    }
}

/// What the night watch found, to be settled in one commit: the sessions opened with the certificate end and their members are told, the
/// state is kept, the events are queued.
package struct CertificateChange: Sendable {
    package let watched: WatchedCertificate
    package let state: CertificateState
    /// The ending of the sessions; nil for a change that ends none.
    package let logout: Logout?
    package let planning: @Sendable (Participation) -> LogoutPlan?
    /// For those who watch the citizen; queued only where the state is news.
    package let signals: [Signal]
    /// Hears how many sessions ended and how many events were queued.
    package let record: @Sendable (_ sessions: Int, _ queued: Int) -> Record
    package let at: Timestamp

    package init(
        _ watched: WatchedCertificate, to state: CertificateState, ending logout: Logout?,
        planning: @escaping @Sendable (Participation) -> LogoutPlan?, telling signals: [Signal],
        recording record: @escaping @Sendable (_ sessions: Int, _ queued: Int) -> Record, at now: Timestamp
    ) {
        self.watched = watched
        self.state = state
        self.logout = logout
        self.planning = planning
        self.signals = signals
        self.record = record
        at = now
    }
}

/// What the night watch walks over: our own links and records, never the lists. Every verb is one atomic gate.
package protocol CertificateWatchStore: Sendable {
    /// Links in their order, from behind `last` on.
    func linked(after last: CertificateIdentity?, limit: Int, at now: Timestamp) async throws -> [WatchedCertificate]
    func linked(_ certificate: CertificateIdentity, at now: Timestamp) async throws -> WatchedCertificate?
    /// Every certificate of one citizen.
    func linked(to subject: SubjectID, at now: Timestamp) async throws -> [WatchedCertificate]
    /// Certificates on hold, for whoever hears that one is good again.
    func held(limit: Int) async throws -> [CertificateIdentity]
    /// Settles a change. Nothing happens, and nothing is recorded, when the state was settled before and no session opened with the
    /// certificate lives. Returns how many sessions ended.
    @discardableResult func settle(_ change: CertificateChange) async throws -> Int

    /// Keeps which signature certificate was shown, sealed, as long as the record of it is kept.
    func watch(_ certificate: CertificateIdentity, of subject: SubjectID, shownTo member: MemberID, for purpose: String, until: Timestamp)
        async throws
    /// Those whose record is kept, from behind `last` on.
    func shown(after last: [UInt8]?, limit: Int, at now: Timestamp) async throws -> (certificates: [ShownCertificate], last: [UInt8]?)
    /// Queues the events that a signature certificate's end is and keeps that they were, in one step; false when that was done before.
    func settle(_ shown: ShownCertificate, telling signals: [Signal], recording record: Record?, at now: Timestamp) async throws -> Bool
}
