package import Credentials
package import Logging
package import OpenID
package import SAML
package import Settings
package import SignOn
package import Vocabulary

package typealias Stores = TransactionStore & SessionStore & SubjectStore & ChallengeStore & RecordingGuard & RecordingIssuer & LogoutStore
    & ArtifactStore & ThreadedSessions
    & PushedRequestStore
    & ExchangeStore & RevocationStore
    & AwaitedStore

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
    let codes = CodeGuard()
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

    /// Has the clients told that wait for a citizen who has just decided (CIBA pings).
    let notify: @Sendable () -> Void

    package init(
        configuration: Published<Configuration>, stores: any Stores, cards: CardDesk, clock: @escaping @Sendable () -> Timestamp,
        logger: Logger, attendance: Attendance = Attendance(), witness: KeyWitness = KeyWitness(),
        trust: @escaping @Sendable () -> JSON? = { nil }, members: @escaping @Sendable () -> JSON? = { nil },
        judge: @escaping PresentedCertificate.Judge = { _, _, _, _ in .refused("nobody judges certificates here") },
        deliver: @escaping @Sendable (LogoutID) async -> Void = { _ in },
        fetch: @escaping @Sendable (ArtifactQuestion) async throws -> [UInt8] = { _ in
            throw SAMLRefusal.Reason.artifactUnresolved("nothing is fetched here")
        }, notify: @escaping @Sendable () -> Void = {}
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
        self.notify = notify
    }
}

/// How a certificate becomes an `Authentication`, with the effects (on-line status) that the roof provides.
package struct CardDesk: Sendable {
    package typealias Recognise = @Sendable ([UInt8], Timestamp) throws(CredentialRefusal) -> LoginCertificate
    package typealias AnswerChallenge =
        @Sendable (LoginCertificate, CardChallenge, [UInt8]?, String?, Timestamp) async throws ->
        Authentication
    package typealias AcceptHandshake = @Sendable (LoginCertificate, Timestamp) async throws -> Authentication

    let recognise: Recognise
    let answerChallenge: AnswerChallenge
    let acceptHandshake: AcceptHandshake

    package init(
        recognise: @escaping Recognise, answerChallenge: @escaping AnswerChallenge, acceptHandshake: @escaping AcceptHandshake
    ) {
        self.recognise = recognise
        self.answerChallenge = answerChallenge
        self.acceptHandshake = acceptHandshake
    }
}
