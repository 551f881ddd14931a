import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Introspection (RFC 7662; checklist O11, E24)` {
    private let agencies: Agencies
    init() throws { agencies = try Agencies() }

    private func asked(_ token: String, by client: Client, member: Member? = nil) throws -> VerifiedIntrospection {
        let (authenticated, form) = try agencies.authenticated(client, [("token", token), ("token_type_hint", "nonsense")])
        return try authenticated.introspecting(
            TokenReference(form), member ?? agencies.member(client.id.text), at: Agencies.now)
    }

    private func found(
        _ record: AccessTokenRecord, client: Client? = nil, member: Member? = nil, actors: [Member?]? = nil
    ) throws -> IntrospectedToken {
        .access(
            record, try client ?? agencies.portalClient(), try member ?? agencies.member(Agencies.portal),
            actors: try actors ?? record.actors.map { try agencies.member($0.text) })
    }

    private func active(_ found: IntrospectedToken?, _ token: String, by client: Client? = nil) throws -> ActiveToken? {
        try asked(token, by: client ?? agencies.townClient()).active(found, under: agencies.policy, at: Agencies.now)
    }

    private func pairwise(_ text: String) throws -> PairwiseID {
        guard let id = PairwiseID(text) else { throw Missing() }
        return id
    }

    @Test func `a resource server learns what it has to know of a token for it, under its own identifier of the citizen`() throws {
        let record = try Agencies.handedOn(
            "t", [("cnf", ["jkt": .string(agencies.federation.keys.shopES256.jwk.thumbprint)]), ("jti", "j-1")])
        let active = try #require(try active(found(record), "t"))
        #expect(active.sector == Agencies.town)
        #expect(active.pairwise.text == Agencies.subjectAtTown)
        let answer = try active.answer(subject: pairwise(Agencies.subjectAtTown), at: agencies.provider)
        #expect(answer["active"]?.bool == true)
        #expect(answer["iss"]?.string == Federation.issuer && answer["aud"]?.string == Agencies.townResource)
        #expect(answer["sub"]?.string == Agencies.subjectAtTown && answer["client_id"]?.string == Agencies.portal)
        #expect(answer["token_type"]?.string == "DPoP" && answer["cnf"]?["jkt"] != nil && answer["jti"]?.string == "j-1")
        #expect(answer["scope"]?.string == "filing" && answer["acr"]?.string == "urn:x:acr:pin")
        #expect(answer["auth_time"]?.integer == Agencies.now.seconds - 60 && answer["exp"]?.integer == Agencies.now.seconds + 300)
        #expect(answer["act"]?["sub"]?.string == Agencies.portal)
        #expect(answer["may_act"]?["sub"]?.string == Agencies.town)
        #expect(answer["authorization_details"]?.array?.count == 1)
        for secret in [Agencies.subject, "pin_used", "subject-of-hanako"] { #expect(!answer.text.contains(secret)) }
    }

    @Test func `of a token for several resource servers each sees its own part`() throws {
        let record = try Agencies.record(
            "t", [("resources", [.string(Agencies.townResource), .string(Agencies.pensionResource)])])
        let town = try #require(try active(found(record), "t"))
            .answer(subject: pairwise(Agencies.subjectAtTown), at: agencies.provider)
        #expect(town["aud"]?.string == Agencies.townResource)
        #expect(town["sub"]?.string == Agencies.subjectAtTown)
        #expect(!town.text.contains("\"locations\":[\"" + Agencies.pensionResource))
        #expect(town["authorization_details"]?.array?.first?["locations"]?.strings == [Agencies.townResource])
        let pension = try #require(try active(found(record), "t", by: agencies.pensionClient()))
        let told = try pension.answer(subject: pairwise("hanako7at7the7pension7aaaaaaaaaa"), at: agencies.provider)
        #expect(told["aud"]?.string == Agencies.pensionResource)
        #expect(pension.sector == Agencies.pension)
    }

    @Test func `of a JWT access token the answer has the sub that the JWT has`() throws {
        let town: [(String, JSON?)] = [("resources", [.string(Agencies.townResource)])]
        let opaque = try #require(try active(found(Agencies.record("t", town)), "t"))
        let jwt = try #require(try active(found(Agencies.record("t", town + [("jti", "j-1")])), "t"))
        let subject = try pairwise(Agencies.subjectAtTown)
        #expect(opaque.answer(subject: subject, at: agencies.provider)["sub"]?.string == Agencies.subjectAtTown)
        let inside = jwt.answer(subject: subject, at: agencies.provider)["sub"]?.string
        #expect(inside != nil && inside != Agencies.subjectAtTown && inside != Agencies.subject)
    }

    @Test func `whatever is not the resource server's business is not active, and no reason is told`() throws {
        let town: [(String, JSON?)] = [("resources", [.string(Agencies.townResource)])]
        let good = try Agencies.record("t", town)
        #expect(try active(found(good), "t") != nil)
        #expect(try active(nil, "t") == nil, "unknown, ended, expired or revoked: the store finds nothing")
        #expect(try active(found(good), "another") == nil, "another token's record")
        #expect(try active(found(good), "t", by: agencies.pensionClient()) == nil, "another resource server's")
        #expect(try active(found(Agencies.record("t")), "t") == nil, "for userinfo only")
        #expect(try active(found(Agencies.record("t", town + [("expires", .integer(Agencies.now.milliseconds))])), "t") == nil)
        #expect(try active(.access(good, nil, agencies.member(Agencies.portal), actors: []), "t") == nil, "client gone")
        #expect(try active(.access(good, agencies.portalClient(), nil, actors: []), "t") == nil, "member gone")
        for state in [Accreditation.State.suspended, .withdrawn] {
            #expect(try active(found(good, member: agencies.member(Agencies.portal, state: state)), "t") == nil)
        }
        #expect(try active(found(good, member: agencies.member(Agencies.portal, until: -1)), "t") == nil, "accreditation run out")
        #expect(Introspection.inactive == ["active": false])
    }

    @Test func `a chain with a member that fell out, or with nobody behind it, is not active`() throws {
        let record = try Agencies.handedOn("t", [("act", ["sub": "town", "act": ["sub": "portal"]])])
        #expect(try active(found(record), "t") != nil)
        let fallen = try agencies.member("portal", state: .suspended)
        #expect(try active(found(record, actors: [agencies.member("town"), fallen]), "t") == nil)
        #expect(try active(found(record, actors: [agencies.member("town"), nil]), "t") == nil)
        #expect(try active(found(record, actors: [agencies.member("town")]), "t") == nil)
        #expect(try active(found(record, actors: [agencies.member("portal"), agencies.member("town")]), "t") == nil, "other members")
    }

    @Test func `a level that the ladder has no more, or that the facts do not reach, is not active (H6)`() throws {
        let town: [(String, JSON?)] = [("resources", [.string(Agencies.townResource)])]
        #expect(try active(found(Agencies.record("t", town + [("acr", "urn:x:acr:gone")])), "t") == nil)
        #expect(try active(found(Agencies.record("t", town + [("assurance", Agencies.assurance(mode: "presence"))])), "t") == nil)
        #expect(
            try active(
                found(Agencies.record("t", town + [("acr", "urn:x:acr:presence"), ("assurance", Agencies.assurance(mode: "presence"))])),
                "t")
                != nil)
    }

    @Test func `only registered resource servers in good standing ask`() throws {
        do {
            _ = try asked("t", by: agencies.portalClient())
            Issue.record("answered")
        } catch let refusal as TokenRefusal {
            #expect(refusal.error == .unauthorizedClient)
        }
        #expect(throws: TokenRefusal.self) { try asked("t", by: agencies.townClient(), member: agencies.member("town", state: .suspended)) }
        #expect(throws: TokenRefusal.self) { try asked("t", by: agencies.townClient(), member: agencies.member("pension")) }
        #expect(throws: Never.self) { try asked("t", by: agencies.townClient()) }
    }

    @Test func `a client that does not authenticate, or twice, asks nothing`() throws {
        let client = try agencies.townClient()
        for form in [[("client_id", "town"), ("token", "t")], try agencies.credential(client) + [("client_secret", "x"), ("token", "t")]] {
            #expect(throws: TokenRefusal.self) {
                try UnverifiedClient(FormParameters(body: Array(Federation.form(form).utf8)), ClientEvidence())
                    .authenticated(as: client, at: agencies.provider, at: Agencies.now)
            }
        }
    }

    @Test(arguments: ["", "token=", "token=a&token=b"])
    func `exactly one token is asked about`(form: String) throws {
        #expect(throws: TokenRefusal.self) { try TokenReference(FormParameters(body: Array(form.utf8))) }
        #expect(try TokenReference(FormParameters(body: Array("token=a".utf8))).digest == Agencies.digest("a"))
    }
}

@Suite struct `Introspection answers as JWTs (RFC 9701; FAPI 2.0 Message Signing §5.5; checklist O11, E24)` {
    private func sealed(
        accept: String?, _ configure: (inout ClientOptions) -> Void = { _ in }
    ) throws -> (SealedAnswer, Agencies) {
        let agencies = try Agencies()
        let client = try agencies.townClient(configure)
        let (authenticated, form) = try agencies.authenticated(client, [("token", "t")])
        var random = SystemRandom()
        let introspection = try authenticated.introspecting(TokenReference(form), agencies.member("town"), at: Agencies.now)
        return (
            try introspection.sealed(
                ["active": true, "sub": "x"], accept: accept, at: agencies.provider, at: Agencies.now, using: &random), agencies
        )
    }

    @Test(arguments: ["application/token-introspection+jwt", "application/json;q=0.1, Application/Token-Introspection+JWT; q=1"])
    func `whoever asks for a JWT gets one with its reader in it, and neither sub nor exp at its top`(accept: String) throws {
        let (answer, agencies) = try sealed(accept: accept)
        guard case .compact(let text) = answer else { throw Missing() }
        let keys = try JWKSet(reading: agencies.provider.jwks(at: Agencies.now))
        let verified = try UnverifiedJWS(compact: text).verified(by: keys.keys, allowed: [.rs256])
        #expect(verified.type == "token-introspection+jwt")
        let claims = try JSON(reading: verified.payload)
        #expect(claims["iss"]?.string == Federation.issuer && claims["aud"]?.string == "town")
        #expect(claims["iat"]?.integer == Agencies.now.seconds)
        #expect(claims["token_introspection"] == ["active": true, "sub": "x"])
        #expect(claims["sub"] == nil && claims["exp"] == nil)
    }

    @Test(arguments: [nil, "*/*", "application/json", "text/html"])
    func `everybody else gets JSON, unless registered for JWTs`(accept: String?) throws {
        #expect(try sealed(accept: accept).0 == .json(["active": true, "sub": "x"]))
        let (registered, _) = try sealed(accept: accept) { $0.introspectionSigning = .es256 }
        #expect((registered == .json(["active": true, "sub": "x"])) == (accept == "application/json"))
    }

    @Test func `a message-signing resource server gets no unsigned answer, whatever it asks for`() throws {
        let (answer, agencies) = try sealed(accept: "application/json") { options in
            options.profile = .fapi2MessageSigning
            options.introspectionSigning = .es256
            options.authorizationSigning = .es256
            options.requestObjects = RequestObjects(algorithms: [.es256], isRequired: true)
        }
        guard case .compact(let text) = answer else { throw Missing() }
        let keys = try JWKSet(reading: agencies.provider.jwks(at: Agencies.now))
        #expect(throws: Never.self) { try UnverifiedJWS(compact: text).verified(by: keys.keys, allowed: [.es256]) }
    }

    @Test func `encrypted to the resource server, the signature inside`() throws {
        let reader = EncryptionKeys.client
        let (answer, agencies) = try sealed(accept: "application/json") { options in
            options.introspectionSigning = .es256
            options.introspectionEncryption = Encryption(algorithm: .ecdhES, content: .a256GCM)
            options.keys = try? JWKSet(reading: .object([("keys", [reader.jwk.json, Keys.shared.get().shopES256.jwk.json])]))
        }
        guard case .compact(let text) = answer else { throw Missing() }
        let opened = try UnverifiedJWE(compact: text).decrypted(by: [reader], allowed: [.ecdhES])
        let keys = try JWKSet(reading: agencies.provider.jwks(at: Agencies.now))
        let inner = try UnverifiedJWS(compact: #require(opened.text)).verified(by: keys.keys, allowed: [.es256])
        #expect(inner.type == "token-introspection+jwt")
    }
}
