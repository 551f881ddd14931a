import Cryptography
import JOSE
import OpenID
import Testing
import Vocabulary

@Suite struct `A registration and its profile (FAPI 2.0 §5.3, §1.10 of the checklist)` {
    /// A registration that its profile admits, with one thing changed.
    private func codes(_ profile: ClientProfile, _ change: (inout ClientOptions) -> Void) throws -> [String] {
        let world = try TLSWorld.shared.get()
        var options = ClientOptions()
        options.profile = profile
        options.keys = try world.keys
        if profile == .fapi2MessageSigning {
            options.requestObjects = RequestObjects(algorithms: [.es256], isRequired: true)
            options.authorizationSigning = .es256
        }
        change(&options)
        let (id, authentication) = (try Federation.memberID("shop"), try world.authentication(.privateKeyJWT))
        do throws(ClientRefusal) {
            _ = try Client(
                id: id, redirectURIs: [Federation.callback], authentication: authentication,
                requiresNonce: profile == .digitalAuthApp, options: options)
            return []
        } catch {
            return error.explanations.map(\.code)
        }
    }

    struct Case: CustomTestStringConvertible, Sendable {
        let name: String
        let refused: Set<ClientProfile>
        let code: String
        let change: @Sendable (inout ClientOptions) -> Void
        var testDescription: String { name }
    }

    static let fapi: Set<ClientProfile> = [.fapi2, .fapi2MessageSigning]
    static let everybody = Set(ClientProfile.allCases)
    static let cases = [
        Case(name: "tokens bound to nobody", refused: fapi, code: "profile") { $0.senderConstraint = SenderConstraint.none },
        Case(name: "requests not pushed", refused: fapi, code: "profile") { $0.requiresPushedRequests = false },
        Case(name: "PKCE optional", refused: fapi.union([.digitalAuthApp]), code: "profile") { $0.pkce = .optional },
        Case(name: "RS256 for assertions", refused: fapi, code: "algorithm") { $0.assertionAlgorithm = .rs256 },
        Case(name: "RS256 for userinfo", refused: fapi, code: "algorithm") { $0.userInfoSigning = .rs256 },
        Case(name: "RS256 for introspection", refused: fapi, code: "algorithm") { $0.introspectionSigning = .rs256 },
        Case(name: "RS256 for answers", refused: fapi, code: "algorithm") { $0.authorizationSigning = .rs256 },
        Case(name: "RS512 for userinfo", refused: everybody, code: "algorithm") { $0.userInfoSigning = .rs512 },
        Case(name: "RS256 for requests", refused: fapi, code: "algorithm") { $0.requestObjects.algorithms = [.rs256] },
        Case(name: "requests signed with a key that is not there", refused: everybody, code: "request-keys") {
            $0.requestObjects.algorithms = [.eddsa]
        },
        Case(name: "signed requests without an algorithm", refused: everybody, code: "request-objects") {
            $0.requestObjects = RequestObjects(isRequired: true)
        },
        Case(name: "hybrid", refused: everybody, code: "response-type") { $0.responseTypes = ["code", "code id_token"] },
        Case(name: "an unknown response type", refused: everybody, code: "response-type") { $0.responseTypes = ["code", "magic"] },
        Case(name: "encryption without a key", refused: everybody, code: "encryption-key") {
            $0.idTokenEncryption = Encryption(algorithm: .ecdhESA256KW, content: .a256GCM)
            $0.keys = JWKSet([])
        },
        Case(name: "refresh tokens alone", refused: everybody, code: "grants") { $0.grants = [.refreshToken] },
        Case(name: "CIBA without its section", refused: everybody, code: "grant-settings") { $0.grants = [.ciba] },
        Case(name: "a CIBA section without the grant", refused: everybody, code: "grant-settings") { $0.ciba = BackchannelRegistration() },
        Case(name: "pings to nowhere", refused: everybody, code: "ciba") {
            $0.grants = [.authorizationCode, .ciba]
            $0.ciba = BackchannelRegistration(delivery: .ping)
        },
        Case(name: "polling with an address for pings", refused: everybody, code: "ciba") {
            $0.grants = [.authorizationCode, .ciba]
            $0.ciba = BackchannelRegistration(notificationEndpoint: "https://shop.example/ping")
        },
        Case(name: "a user code", refused: everybody, code: "user-code") {
            $0.grants = [.authorizationCode, .ciba]
            $0.ciba = BackchannelRegistration(userCode: true)
        },
        Case(name: "exchange for nobody", refused: everybody, code: "exchange") { $0.grants = [.authorizationCode, .tokenExchange] },
        Case(name: "exchange without the grant", refused: everybody, code: "grant-settings") {
            $0.exchange = ExchangeRegistration(audiences: ["https://api.example"])
        },
        Case(name: "taking exchanges for nothing", refused: everybody, code: "exchange-target") { $0.acceptsExchangesFrom = ["portal"] },
        Case(name: "a relative resource", refused: everybody, code: "resource") { $0.resources = ["/api"] },
        Case(name: "a resource with a fragment", refused: everybody, code: "resource") { $0.audiences = ["https://api.example/#x"] },
        Case(name: "a sector that is an address", refused: everybody, code: "sector") { $0.sectorIdentifier = "https://shop.example/s" },
        Case(name: "a login started over http", refused: everybody, code: "address") { $0.initiateLoginURI = "http://shop.example/login" },
        Case(name: "pings to an address with a fragment", refused: everybody, code: "address") {
            $0.grants = [.authorizationCode, .ciba]
            $0.ciba = BackchannelRegistration(delivery: .ping, notificationEndpoint: "https://shop.example/ping#x")
        },
        Case(name: "terms of use by javascript", refused: everybody, code: "address") { $0.presentation.terms = "JaVaScRiPt:alert(1)" },
        Case(name: "request objects not required", refused: [.fapi2MessageSigning], code: "profile") {
            $0.requestObjects.isRequired = false
        },
        Case(name: "answers not signed", refused: [.fapi2MessageSigning], code: "profile") { $0.authorizationSigning = nil },
    ]

    @Test(arguments: cases, ClientProfile.allCases)
    func `what contradicts the profile is refused, and under another profile it is not`(one: Case, profile: ClientProfile) throws {
        let codes = try codes(profile, one.change)
        if one.refused.contains(profile) {
            #expect(codes.contains("openid.client." + one.code))
        } else {
            #expect(codes.isEmpty)
        }
    }

    @Test(arguments: ClientProfile.allCases)
    func `a profile fills in what the registration leaves to it`(profile: ClientProfile) throws {
        let client = try TLSWorld.shared.get().client(.privateKeyJWT, profile)
        #expect(client.assertionAudiences == (profile.isFAPI ? .issuerOnly : .issuerOrTokenEndpoint))
        #expect(client.senderConstraint == (profile.isFAPI ? .either : .none))
        #expect(client.requiresPushedRequests == profile.isFAPI)
        #expect(client.pkce == .required)
        #expect(client.assertionAlgorithms.contains(.rs256) == !profile.isFAPI)
        #expect(client.grants == [.authorizationCode])
        #expect(client.requiresSignedAnswers == (profile == .fapi2MessageSigning))
        #expect(client.keys?.keys.count == 2)
        #expect(!client.isResourceServer)
    }

    @Test func `FAPI clients have no RS256 ID tokens and no audience but the issuer`() throws {
        let world = try TLSWorld.shared.get()
        for profile in Self.fapi {
            var options = ClientOptions()
            options.profile = profile
            options.requestObjects = RequestObjects(algorithms: [.es256], isRequired: true)
            options.authorizationSigning = .es256
            let (id, authentication) = (try Federation.memberID("shop"), try world.authentication(.privateKeyJWT))
            do throws(ClientRefusal) {
                _ = try Client(
                    id: id, redirectURIs: [Federation.callback], authentication: authentication,
                    idTokenAlgorithm: .rs256, assertionAudiences: .issuerOrTokenEndpoint, options: options)
                Issue.record("registered")
            } catch {
                #expect(Set(error.explanations.map(\.code)) == ["openid.client.algorithm", "openid.client.profile"])
            }
        }
    }

    @Test func `a client that never sends browsers needs no redirect address, another does`() throws {
        let world = try TLSWorld.shared.get()
        var options = ClientOptions()
        options.grants = [.deviceCode]
        let device = try Client(
            id: Federation.memberID("box"), redirectURIs: [], authentication: world.authentication(.privateKeyJWT), options: options)
        #expect(!device.usesRedirects)
        options.grants = []
        options.audiences = ["https://api.example"]
        let resource = try Client(
            id: Federation.memberID("api"), redirectURIs: [], authentication: world.authentication(.privateKeyJWT), options: options)
        #expect(resource.isResourceServer)
        #expect(throws: ClientRefusal.self) {
            try Client(id: Federation.memberID("shop"), redirectURIs: [], authentication: world.authentication(.privateKeyJWT))
        }
    }

    @Test(arguments: [
        ("https://api.example/a", true), ("urn:example:records", true), ("tag:example,2026:x", true), ("https://api.example/#", false),
        ("api.example", false), ("", false), (":x", false), ("1https://x", false), ("https://api.example/ x", false), ("https:", false),
        ("https://api.example/é", false),
    ])
    func `a resource is an absolute address without a fragment (RFC 8707 §2)`(text: String, fits: Bool) {
        #expect(Resource.isFit(text) == fits)
    }

    /// Checklist C17.
    @Test(arguments: [
        ("https://shop.example/login", "https://shop.example/login?iss=https%3A%2F%2Flogin.example"),
        ("https://shop.example/login?x=1", "https://shop.example/login?x=1&iss=https%3A%2F%2Flogin.example"),
        ("https://shop.example/login?", "https://shop.example/login?iss=https%3A%2F%2Flogin.example"),
    ])
    func `a login that starts here begins at the registered address with our issuer (OpenID Connect Core §4)`(
        address: String, start: String
    ) throws {
        let world = try TLSWorld.shared.get()
        var options = ClientOptions()
        options.initiateLoginURI = address
        let client = try Client(
            id: Federation.memberID("shop"), redirectURIs: [Federation.callback], authentication: world.authentication(.privateKeyJWT),
            options: options)
        #expect(client.startOfLogin(at: world.federation.provider) == start)
        #expect(try world.client(.privateKeyJWT, .core).startOfLogin(at: world.federation.provider) == nil)
    }

    @Test func `self-signed certificates are those of the keys, and none that holds another key`() throws {
        let key = try PrivateKey.generate(.ec(.p256))
        let der = try ImaginaryCertificate.der(key: key)
        func jwks(_ x5c: JSON) throws -> JWKSet {
            let jwk = JWK(key.publicKey, keyID: "c", algorithm: .es256).json
            return try JWKSet(reading: .object([("keys", [.object((jwk.members ?? []) + [("x5c", x5c)])])]))
        }
        #expect(try ClientAuthentication.thumbprints(in: jwks([.string(Base64.encode(der))])) == [PresentedCertificate.thumbprint(of: der)])
        let stranger = try ImaginaryCertificate.der()
        #expect(try ClientAuthentication.thumbprints(in: jwks([.string(Base64.encode(stranger))])).isEmpty)
    }

    @Test(arguments: ["resource", "audience"])
    func `only what may be repeated may be repeated`(name: String) throws {
        let form = try FormParameters(body: Array("\(name)=a&\(name)=&\(name)=b&x=1".utf8))
        #expect(form.all(name) == ["a", "b"])
        #expect(form[name] == nil)
        #expect(form.all("x") == ["1"])
        #expect(form.all("y").isEmpty)
        #expect(throws: TokenRefusal.self) { try FormParameters(body: Array("x=1&\(name)=a&x=2".utf8)) }
    }
}
