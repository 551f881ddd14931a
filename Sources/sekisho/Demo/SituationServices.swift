import Cryptography
import Hummingbird
import JOSE
import SampleParties
import Vocabulary

/// The services of the nine shipped situations: one origin, a path for each. Their members' files are written into the deployment.
struct SituationServices: Sendable {
    /// What every one of them needs to know of the platform.
    struct Platform: Sendable {
        let base: String
        let identityProvider: String
        let key: PublicKey
        let fetch: OpenIDService.Fetch
    }

    let origin: String
    let saml: [String: SAMLService]
    let openID: [String: OpenIDService]

    func start(_ name: String) -> String { origin + "/" + name + "/start" }
    func later(_ name: String) -> String { origin + "/" + name + "/later" }

    func router() -> Router<BasicRequestContext> {
        let router = Router()
        router.get("/") { _, _ in "the services of the shipped situations" }
        for service in saml.values { service.add(to: router) }
        for service in openID.values { service.add(to: router) }
        return router
    }

    init(origin: String, _ platform: Platform, into members: DemoMembers) throws {
        self.origin = origin
        var saml: [String: SAMLService] = [:]
        // One key for all: it is the demonstration's, and RSA keys take their time.
        let key = try PrivateKey.generate(.rsa(bits: 2048))
        for one in SituationCast.saml {
            let service = SAMLService(
                ServiceTitle(one.japanese, one.english, origin: origin, path: "/" + one.name), identityProvider: platform.identityProvider,
                singleSignOn: platform.base + "/saml/sso", identityProviderKey: platform.key, key: key, clock: SystemClock.now)
            try members.register(service, one.member(service.entityID), as: one.name)
            saml[one.name] = service
        }
        self.saml = saml
        let book = CustomerBook()
        var openID: [String: OpenIDService] = [:]
        for one in SituationCast.openID {
            let key = SigningKey(keyID: one.name, algorithm: .es256, key: try PrivateKey.generate(.ec(.p256)))
            let service = OpenIDService(
                ServiceTitle(one.japanese, one.english, origin: origin, path: "/" + one.name), clientID: one.name, issuer: platform.base,
                key: key, wishes: one.wishes, clock: SystemClock.now,
                greet: { subject, _ in SituationCast.greeting(one.name, subject, book) },
                fetch: platform.fetch)
            try members.register(service, one.member(one.name), key: key, later: one.wishes.later, as: one.name)
            openID[one.name] = service
        }
        self.openID = openID
    }
}
