import Cryptography
import JOSE
import OpenID
import Testing
import Vocabulary

/// What a client may send.
enum Sent: String, CaseIterable {
    case assertion, assertionOfAStranger, assertionInRS256, basic, wrongBasic, post, wrongPost, certificate, otherCertificate, nothing
}

/// Every method beside every credential that could come, under every profile that admits the method: only its own right credential passes,
/// and each mismatch has one code.
@Suite struct `Client authentication, method by credential by profile (checklist O7, O8, O9, E15, E16)` {
    struct Case: CustomTestStringConvertible, Sendable {
        let method: ClientAuthentication.Method
        let profile: ClientProfile
        let sent: Sent
        var testDescription: String { [method.rawValue, profile.rawValue, sent.rawValue].joined(separator: ", ") }

        /// Nil: accepted.
        var code: String? {
            switch (method, sent) {
            case (.privateKeyJWT, .assertion), (.clientSecretBasic, .basic), (.clientSecretPost, .post), (.tlsClientAuth, .certificate),
                (.selfSignedTLS, .certificate):
                nil
            case (.privateKeyJWT, .assertionInRS256): profile.isFAPI ? "assertion-signature" : nil
            case (.privateKeyJWT, .assertionOfAStranger): "assertion-signature"
            case (.clientSecretBasic, .wrongBasic), (.clientSecretPost, .wrongPost): "secret-wrong"
            case (.tlsClientAuth, .otherCertificate): "certificate-name"
            case (.selfSignedTLS, .otherCertificate): "certificate-unknown"
            case (.tlsClientAuth, .nothing), (.selfSignedTLS, .nothing): "no-certificate"
            case (_, .nothing): "no-credential"
            default: "method"
            }
        }
    }

    static func admits(_ profile: ClientProfile, _ method: ClientAuthentication.Method) -> Bool {
        switch profile {
        case .core: true
        case .fapi2, .fapi2MessageSigning: method != .clientSecretBasic && method != .clientSecretPost
        case .digitalAuthApp: method == .privateKeyJWT
        }
    }

    static let pairs = ClientAuthentication.Method.allCases.flatMap { method in ClientProfile.allCases.map { (method, $0) } }
    static let cases = pairs.filter { admits($0.1, $0.0) }.flatMap { method, profile in
        Sent.allCases.map { Case(method: method, profile: profile, sent: $0) }
    }

    @Test(arguments: cases)
    func `only the right credential of the registered method passes`(one: Case) throws {
        let world = try TLSWorld.shared.get()
        let client = try world.client(one.method, one.profile)
        let refusal = try world.refusal(one.sent, client)
        #expect(refusal?.explanation.code == one.code.map { "openid.client." + $0 })
        guard let refusal else { return }
        #expect(refusal.error == .invalidClient)
        #expect(refusal.status == 401)
        #expect(refusal.authenticateHeader != nil)
        #expect(!refusal.body.text.contains(Federation.secret.prefix(8)), "no secret in an answer")
    }

    @Test(arguments: pairs)
    func `a profile admits the methods it names and no others`(method: ClientAuthentication.Method, profile: ClientProfile) throws {
        let world = try TLSWorld.shared.get()
        guard !Self.admits(profile, method) else {
            #expect(try world.client(method, profile).authentication.method == method.rawValue)
            return
        }
        do {
            _ = try world.client(method, profile)
            Issue.record("registered")
        } catch let refusal as ClientRefusal {
            #expect(refusal.explanations.contains { $0.code == "openid.client.profile" })
        }
    }

    @Test(arguments: cases.filter { $0.code == nil })
    func `a certificate beside the credential is what tokens may be bound to, and no second method`(one: Case) throws {
        let world = try TLSWorld.shared.get()
        let client = try world.client(one.method, one.profile)
        let proven = try world.authenticated(one.sent, client, certificate: world.certificate)
        #expect(proven.certificateThumbprint == Base64url.encode(Digest.sha256(world.certificate)))
        let bare = try world.authenticated(one.sent, client)
        #expect((bare.certificateThumbprint != nil) == (one.sent == .certificate))
        #expect((bare.replay != nil) == (one.method == .privateKeyJWT), "an assertion is to be claimed, and nothing else")
    }

    @Test(arguments: [Sent.assertion, .basic, .post], [Sent.assertion, .basic, .post])
    func `two methods at once are refused whatever is registered`(one: Sent, other: Sent) throws {
        guard one != other else { return }
        let world = try TLSWorld.shared.get()
        for method in ClientAuthentication.Method.allCases {
            let client = try world.client(method, .core)
            let refusal = try world.refusal([one, other], client)
            #expect(refusal?.error == .invalidRequest)
            #expect(refusal?.explanation.code == "openid.client.several-methods")
        }
    }

    @Test func `a chain that the profile does not believe is refused, and nobody is asked about a stranger's`() throws {
        let world = try TLSWorld.shared.get()
        let client = try world.client(.tlsClientAuth, .core)
        let asked = Published<[String]>([])
        let judge: PresentedCertificate.Judge = { _, others, profile, _ in
            asked.replace(asked.current + [profile + " \(others.count)"])
            return .refused("it was revoked")
        }
        let others = [try ImaginaryCertificate.der()]
        let refusal = try world.refusal([.nothing], client, PresentedCertificate(der: world.certificate, others: others, judge: judge))
        #expect(refusal?.explanation.code == "openid.client.certificate-untrusted")
        #expect(refusal?.explanation.summary.contains("it was revoked") == true)
        #expect(asked.current == ["government 1"])
        _ = try world.refusal([.nothing], client, PresentedCertificate(der: world.other, judge: judge))
        #expect(asked.current.count == 1, "a path is searched for the client's own certificate only")
    }

    @Test func `a certificate that cannot be read is no certificate`() throws {
        let world = try TLSWorld.shared.get()
        for der in [[], [0x30], Array(world.certificate.dropLast()), world.certificate + [0]] {
            for method in [ClientAuthentication.Method.tlsClientAuth, .selfSignedTLS] {
                let refusal = try world.refusal(
                    [.nothing], world.client(method, .core), PresentedCertificate(der: der) { _, _, _, _ in .trusted })
                #expect(refusal?.error == .invalidClient)
            }
        }
    }
}

/// One client, by every method it could have.
struct TLSWorld {
    static let shared = Result { try TLSWorld() }

    let federation: Federation
    let certificate: [UInt8]
    let other: [UInt8]

    private init() throws {
        federation = try Federation()
        certificate = try ImaginaryCertificate.der()
        other = try ImaginaryCertificate.der(DistinguishedName([(.country, "JP"), (.commonName, "stranger.example")]))
    }

    func authentication(_ method: ClientAuthentication.Method) throws -> ClientAuthentication {
        let digest = Digest.sha256(Array(Federation.secret.utf8))
        switch method {
        case .privateKeyJWT: return .privateKeyJWT(try keys)
        case .clientSecretBasic: return .clientSecretBasic(digest: digest)
        case .clientSecretPost: return .clientSecretPost(digest: digest)
        case .tlsClientAuth:
            return .tlsClientAuth(TLSSubject(.distinguishedName(DistinguishedName(ImaginaryCertificate.subject)), profile: "government"))
        case .selfSignedTLS: return .selfSignedTLS(thumbprints: [PresentedCertificate.thumbprint(of: certificate)])
        }
    }

    var keys: JWKSet { get throws { try federation.keys.set([federation.keys.shopES256, federation.keys.shopRS256]) } }

    func client(_ method: ClientAuthentication.Method, _ profile: ClientProfile) throws -> Client {
        var options = ClientOptions()
        options.profile = profile
        options.keys = try keys
        if profile == .fapi2MessageSigning {
            options.requestObjects = RequestObjects(algorithms: [.es256], isRequired: true)
            options.authorizationSigning = .es256
        }
        return try Client(
            id: Federation.memberID("shop"), redirectURIs: [Federation.callback], authentication: authentication(method),
            requiresNonce: profile == .digitalAuthApp, options: options)
    }

    func refusal(
        _ sent: Sent, _ client: Client
    ) throws -> TokenRefusal? {
        try refusal([sent], client)
    }

    func refusal(
        _ sent: [Sent], _ client: Client,
        _ certificate: PresentedCertificate? = nil
    ) throws -> TokenRefusal? {
        do {
            _ = try authenticated(sent, client, certificate)
            return nil
        } catch let refusal as TokenRefusal {
            return refusal
        }
    }

    func authenticated(
        _ sent: Sent, _ client: Client,
        certificate der: [UInt8]? = nil
    ) throws -> AuthenticatedClient {
        try authenticated([sent], client, der.map { PresentedCertificate(der: $0) { _, _, _, _ in .trusted } })
    }

    private func authenticated(
        _ sent: [Sent], _ client: Client,
        _ certificate: PresentedCertificate?
    ) throws -> AuthenticatedClient {
        var form = [("client_id", "shop"), ("grant_type", "authorization_code")]
        var authorization: String?
        var shown = certificate
        for one in sent {
            switch one {
            case .assertion: form += try assertion(federation.keys.shopES256)
            case .assertionOfAStranger: form += try assertion(federation.keys.strangerES256)
            case .assertionInRS256: form += try assertion(federation.keys.shopRS256)
            case .basic: authorization = Federation.basic("shop", Federation.secret)
            case .wrongBasic: authorization = Federation.basic("shop", Federation.secret + "x")
            case .post: form.append(("client_secret", Federation.secret))
            case .wrongPost: form.append(("client_secret", String(Federation.secret.dropLast())))
            case .certificate: shown = PresentedCertificate(der: self.certificate) { _, _, _, _ in .trusted }
            case .otherCertificate: shown = PresentedCertificate(der: other) { _, _, _, _ in .trusted }
            case .nothing: break
            }
        }
        let evidence = ClientEvidence(authorization: authorization, certificate: shown, address: federation.provider.tokenEndpoint)
        return try UnverifiedClient(FormParameters(body: Array(Federation.form(form).utf8)), evidence)
            .authenticated(as: client, at: federation.provider, at: Federation.now)
    }

    private func assertion(_ key: SigningKey) throws -> [(String, String)] {
        let text = try federation.assertion([("aud", .string(Federation.issuer))], key: key)
        return Federation.credential(text).compactMap { name, value in value.map { (name, $0) } }
    }
}
