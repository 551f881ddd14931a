package import Credentials
package import Logging
package import OpenID
package import SAML
package import Settings
package import SignOn
package import Signals
package import TrustFramework
package import Vocabulary

package typealias Stores = TransactionStore & SessionStore & SubjectStore & ChallengeStore & RecordingGuard & RecordingIssuer & LogoutStore
    & ArtifactStore & ThreadedSessions
    & PushedRequestStore
    & ExchangeStore & RevocationStore
    & AwaitedStore
    & ConsentStore & LedgerStore
    & RegistrationStore
    & IdentityRecordStore & IdentityChallengeStore
    & SignalStore & ServiceTokenStore & CertificateWatchStore
    & CareStore
    & LinkStore
    & PassingStore

/// What the doors stand on. Everything that changes while we run is behind `Published`; a request reads the newest value once.
package struct Platform: Sendable {
    package let configuration: Published<Configuration>
    package let stores: any Stores
    package let cards: CardDesk
    package let clock: @Sendable () -> Timestamp
    package let logger: Logger
    let attendance: Attendance
    /// Sees what members do with our signatures.
    package let witness: KeyWitness
    let metadataShelf = MetadataShelf()
    let marks = MarkShelf()
    let codes = CodeGuard()
    let polls = PollWaiting()
    let news = CardNewsShelf()
    /// How the trust store is, in words for strangers: states and counts, no names. Nil where nobody watches it.
    let trust: @Sendable () -> JSON?
    /// How the members' metadata sources are, in the same way. Nil where there are none.
    let members: @Sendable () -> JSON?
    /// Says whether a client's certificate is believed under a trust profile of the deployment.
    let judge: PresentedCertificate.Judge
    /// Has the members of a logout told that are told without a browser; returns when they have answered, or patience is over.
    let deliver: @Sendable (LogoutID) async -> Void
    /// Asks a member for the message behind its artifact; the octets of the answer's body. Throws `SAMLRefusal.Reason`.
    let fetch: @Sendable (ArtifactQuestion) async throws -> [UInt8]

    /// Asks J-LIS's word which certificates came before one that nobody is known by.
    let correspond: @Sendable (CertificateIdentity, Timestamp) async -> CorrespondenceWord

    /// Has the clients told that wait for a citizen who has just decided (CIBA pings).
    let notify: @Sendable () -> Void
    /// Fetches what a registration points to, at most so many bytes; nil when it cannot be had.
    let fetchDocument: @Sendable (String, Int) async -> [UInt8]?
    /// Fetches a registered client's published keys again, unless that was done a moment ago.
    let learnKeys: @Sendable (MemberID) async -> Void
    /// Hears of every decision that something was issued or refused by: the version that waits beside the one in force.
    let observe: @Sendable (Decision, Question) -> Void
    /// Whether the folder as it stands is what is served, for strangers.
    let settingsHealth: @Sendable () -> JSON?
    /// What the version that waits would have done otherwise, in counts. Nil where none waits.
    let shadow: @Sendable () -> JSON?
    /// What the roof gives the administrators' console.
    package var console = ConsoleFeeds()
    /// For developers of services; nil where the deployment has none.
    let sandbox: Sandbox?

    package init(
        configuration: Published<Configuration>, stores: any Stores, cards: CardDesk, clock: @escaping @Sendable () -> Timestamp,
        logger: Logger, attendance: Attendance = Attendance(), witness: KeyWitness = KeyWitness(),
        trust: @escaping @Sendable () -> JSON? = { nil }, members: @escaping @Sendable () -> JSON? = { nil },
        judge: @escaping PresentedCertificate.Judge = { _, _, _, _ in .refused("nobody judges certificates here") },
        deliver: @escaping @Sendable (LogoutID) async -> Void = { _ in },
        fetch: @escaping @Sendable (ArtifactQuestion) async throws -> [UInt8] = { _ in
            throw SAMLRefusal.Reason.artifactUnresolved("nothing is fetched here")
        }, correspond: @escaping @Sendable (CertificateIdentity, Timestamp) async -> CorrespondenceWord = { _, _ in .silent },
        notify: @escaping @Sendable () -> Void = {},
        fetchDocument: @escaping @Sendable (String, Int) async -> [UInt8]? = { _, _ in nil },
        learnKeys: @escaping @Sendable (MemberID) async -> Void = { _ in },
        observe: @escaping @Sendable (Decision, Question) -> Void = { _, _ in },
        settingsHealth: @escaping @Sendable () -> JSON? = { nil }, shadow: @escaping @Sendable () -> JSON? = { nil },
        sandbox: Sandbox? = nil
    ) {
        self.configuration = configuration
        self.stores = stores
        self.cards = cards
        self.clock = clock
        self.logger = logger
        self.attendance = attendance
        self.witness = witness
        self.trust = trust
        self.members = members
        self.judge = judge
        self.deliver = deliver
        self.fetch = fetch
        self.correspond = correspond
        self.notify = notify
        self.fetchDocument = fetchDocument
        self.learnKeys = learnKeys
        self.observe = observe
        self.settingsHealth = settingsHealth
        self.shadow = shadow
        self.sandbox = sandbox
    }
}

/// How a certificate becomes an `Authentication`, with the effects (on-line status) that the roof provides.
package struct CardDesk: Sendable {
    package typealias Recognise = @Sendable ([UInt8], Timestamp) throws(CredentialRefusal) -> LoginCertificate
    package typealias AnswerChallenge =
        @Sendable (LoginCertificate, CardChallenge, [UInt8]?, String?, Timestamp) async throws ->
        Authentication
    /// The signature certificate as it came, the declaration it answers, and what came beside it.
    package typealias PresentIdentity =
        @Sendable (IdentityAnswer, IdentityChallenge, [SessionLogin], Timestamp) async throws -> PresentedIdentity
    package typealias AcceptHandshake = @Sendable (LoginCertificate, Timestamp) async throws -> Authentication
    /// Asks on line about a certificate that was shown at an earlier login; what is older than the need says is no answer.
    package typealias Refresh = @Sendable (StatusNeed, Timestamp) async -> RefreshedStatus

    let recognise: Recognise
    let answerChallenge: AnswerChallenge
    let acceptHandshake: AcceptHandshake
    let refresh: Refresh
    let presentIdentity: PresentIdentity

    package init(
        recognise: @escaping Recognise, answerChallenge: @escaping AnswerChallenge, acceptHandshake: @escaping AcceptHandshake,
        presentIdentity: @escaping PresentIdentity = { _, _, _, _ in throw IdentityRefusal.policy([]) },
        refresh: @escaping Refresh = { _, _ in .unknown }
    ) {
        self.presentIdentity = presentIdentity
        self.refresh = refresh
        self.recognise = recognise
        self.answerChallenge = answerChallenge
        self.acceptHandshake = acceptHandshake
    }
}
