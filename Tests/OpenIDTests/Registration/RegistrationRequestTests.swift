import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Registration of a client, RFC 7591, OpenID Connect Dynamic Registration (checklist C4)` {
    @Test func `answers with what counts, and credentials that are said once`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(world.metadata())
        #expect(done.body["client_id"]?.string == done.client.id.text)
        #expect(done.body["client_id_issued_at"]?.integer == RegistrationWorld.now.seconds)
        #expect(done.body["registration_client_uri"]?.string == Federation.issuer + "/openid/register/" + done.client.id.text)
        #expect(done.body["redirect_uris"]?.strings == [RegistrationWorld.callback])
        #expect(done.body["grant_types"]?.strings == ["authorization_code"])
        #expect(done.body["response_types"]?.strings == ["code"])
        #expect(done.body["subject_type"]?.string == "pairwise")
        #expect(done.body["client_secret"] == nil)
        let access = try done.accessToken()
        #expect(!done.record.json.text.contains(access))
        #expect(done.record.accessDigest == Digest.sha256(Array(access.utf8)))
        #expect(RegistrationRecord.isDynamic(done.client.id))
        #expect(done.client.requiresPKCE && !done.client.refreshTokens)
    }

    @Test func `a secret is random, kept as a digest and runs out (E22)`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(
            world.metadata([("token_endpoint_auth_method", nil), ("jwks", nil)]))
        let secret = try #require(done.body["client_secret"]?.string)
        #expect(done.body["token_endpoint_auth_method"]?.string == "client_secret_basic")
        #expect(done.body["client_secret_expires_at"]?.integer == RegistrationWorld.now.seconds + 86_400)
        #expect(!done.record.json.text.contains(secret))
        let restored = try #require(RegistrationRecord(json: JSON(reading: done.record.json.text), version: 1))
        let client = try restored.client(under: world.rules, at: world.provider, at: RegistrationWorld.now)
        let form = try FormParameters(body: Array("grant_type=authorization_code&code=x".utf8))
        let shown = try UnverifiedClient(form, ClientEvidence(authorization: Federation.basic(client.id.text, secret)))
        #expect(try shown.authenticated(as: client, at: world.provider, at: RegistrationWorld.now).clientID == client.id)
        let late = RegistrationWorld.now.adding(seconds: 86_400)
        let refusal = #expect(throws: TokenRefusal.self) { try shown.authenticated(as: client, at: world.provider, at: late) }
        #expect(refusal?.explanation.code == "openid.client.secret-expired")
        let wrong = try UnverifiedClient(form, ClientEvidence(authorization: Federation.basic(client.id.text, secret + "x")))
        let unknown = #expect(throws: TokenRefusal.self) { try wrong.authenticated(as: client, at: world.provider, at: late) }
        #expect(unknown?.explanation.code != "openid.client.secret-expired")
    }

    @Test func `without a word RS256 and every scope of the deployment`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(world.metadata([("id_token_signed_response_alg", nil)]))
        #expect(done.client.idTokenAlgorithm == .rs256)
        #expect(done.client.scopes == ["openid", "profile"], "offline_access is of use to clients with refresh tokens only")
        #expect(done.body["id_token_signed_response_alg"]?.string == "RS256")
        let refreshing = try world.registered(world.metadata([("grant_types", ["authorization_code", "refresh_token"])]))
        #expect(refreshing.client.scopes == ["openid", "profile", "offline_access"])
    }

    /// A set with a key to sign and one to encrypt to.
    private func keys(_ world: RegistrationWorld) throws -> JSON {
        let signing = try world.keys.set([world.keys.shopES256]).json["keys"]?.array ?? []
        return .object([("keys", .array(signing + [EncryptionKeys.client.jwk.json]))])
    }

    @Test func `what the provider chose is in the answer (RFC 7591 §3.2.1)`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(
            world.metadata([
                ("jwks", keys(world)), ("scope", "profile"), ("userinfo_encrypted_response_alg", "ECDH-ES"),
                ("id_token_encrypted_response_alg", "ECDH-ES"), ("id_token_encrypted_response_enc", "A256GCM"),
            ]))
        #expect(done.client.scopes == ["openid", "profile"] && done.body["scope"] == "openid profile")
        #expect(done.body["userinfo_encrypted_response_enc"] == "A128CBC-HS256")
        #expect(done.body["id_token_encrypted_response_enc"] == "A256GCM")
        let bare = try world.registered(world.metadata()).body
        for name in ["userinfo_encrypted_response_enc", "authorization_signed_response_alg", "backchannel_token_delivery_mode"] {
            #expect(bare[name] == nil, "\(name)")
        }
    }

    @Test func `answers to be encrypted are signed by RS256 where nothing else is said, and where that may be (JARM §3)`() throws {
        let world = try RegistrationWorld()
        let metadata = try world.metadata([("jwks", keys(world)), ("authorization_encrypted_response_alg", "ECDH-ES")])
        let done = try world.registered(metadata)
        #expect(done.client.authorizationSigning == .rs256 && done.client.authorizationEncryption?.content == .a128CBCHS256)
        #expect(done.body["authorization_signed_response_alg"] == "RS256")
        #expect(done.body["authorization_encrypted_response_enc"] == "A128CBC-HS256")
        let strict = try RegistrationWorld.terms { $0.profile = .fapi2 }
        #expect(try world.refusal(metadata, terms: strict)?.explanations.map(\.code).contains("openid.client.algorithm") == true)
    }

    @Test func `unknown members and null are ignored, and not echoed`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(
            world.metadata([
                ("x_frobnicate", "yes"), ("frontchannel_logout_uri", "https://shop.example/out"), ("policy_uri", .null),
                ("client_id", "mine"),
                ("client_secret", "mine"), ("kind", "ministry"), ("sponsor", "me"), ("registration_access_token", "mine"),
            ]))
        for name in ["x_frobnicate", "frontchannel_logout_uri", "policy_uri", "client_secret", "kind", "sponsor"] {
            #expect(done.body[name] == nil, "\(name)")
        }
        #expect(done.body["client_id"]?.string != "mine")
        #expect(try done.accessToken() != "mine")
        #expect(done.record.terms.kind == .privateVerifier)
    }

    @Test(
        arguments: [
            ("redirect_uris", JSON.string("https://shop.example/cb")), ("redirect_uris", [1]), ("client_name", 7), ("client_name", ""),
            ("contacts", "me"),
            ("grant_types", "authorization_code"), ("response_types", [.null]), ("default_max_age", "60"), ("default_max_age", -1),
            ("require_auth_time", "true"), ("jwks", []), ("jwks", .object([])),
            ("software_id", .string(String(repeating: "x", count: 256))),
            ("post_logout_redirect_uris", "https://shop.example/out"), ("require_pushed_authorization_requests", 1),
            ("dpop_bound_access_tokens", "yes"), ("scope", ["openid"]), ("logo_uri", .object([])), ("default_acr_values", "aal1"),
        ] as [(String, JSON)])
    func `a member of another kind is refused by its name`(member: String, value: JSON) throws {
        let refusal = try #require(try RegistrationWorld().refusal(RegistrationWorld().metadata([(member, value)])))
        #expect(refusal.status == 400)
        #expect(refusal.error == .invalidClientMetadata || refusal.error == .invalidRedirectURI)
        #expect(["openid.registration.type", "openid.registration.keys"].contains(refusal.explanation.code))
    }

    @Test(
        arguments: [
            ("token_endpoint_auth_method", JSON.string("none"), "openid.registration.value"),
            ("token_endpoint_auth_method", "client_secret_jwt", "openid.registration.value"),
            ("id_token_signed_response_alg", "none", "openid.registration.value"),
            ("id_token_signed_response_alg", "HS256", "openid.registration.value"),
            ("id_token_signed_response_alg", "PS256", "openid.registration.value"),
            ("userinfo_signed_response_alg", "none", "openid.registration.value"),
            ("request_object_signing_alg", "none", "openid.registration.value"),
            ("request_object_encryption_alg", "RSA1_5", "openid.registration.value"),
            ("request_object_encryption_alg", "RSA-OAEP", "openid.registration.value"),
            ("id_token_encrypted_response_enc", "A128GCM", "openid.registration.missing"),
            ("id_token_encrypted_response_alg", "ECDH-ES", "openid.client.encryption-key"),
            ("token_endpoint_auth_signing_alg", "RS256", "openid.client.keys"), ("application_type", "native", "openid.registration.value"),
            ("subject_type", "public", "openid.registration.value"), ("grant_types", ["implicit"], "openid.registration.value"),
            ("grant_types", ["authorization_code", "urn:ietf:params:oauth:grant-type:device_code"], "openid.registration.terms"),
            ("grant_types", ["authorization_code", "urn:ietf:params:oauth:grant-type:token-exchange"], "openid.registration.terms"),
            ("grant_types", ["refresh_token"], "openid.client.grants"),
            ("response_types", ["code", "device"], "openid.client.response-type"),
            ("response_types", ["id_token", "code id_token"], "openid.registration.missing"),
            ("grant_types", ["authorization_code", "password"], "openid.registration.value"),
            ("response_types", ["token"], "openid.registration.missing"), ("scope", "openid admin", "openid.registration.terms"),
            ("request_uris", ["https://shop.example/r"], "openid.registration.request-uris"),
            ("initiate_login_uri", "http://shop.example/start", "openid.client.address"),
            ("logo_uri", "http://shop.example/logo.png", "openid.client.address"),
            ("policy_uri", "javascript:alert(1)", "openid.client.address"),
            ("client_uri", "data:text/html,x", "openid.client.address"), ("tos_uri#en", "http://shop.example/t", "openid.client.address"),
            ("backchannel_logout_uri", "http://shop.example/out", "openid.client.backchannel-logout-uri"),
            ("post_logout_redirect_uris", ["https://shop.example/#x"], "openid.client.post-logout-redirect-uri"),
            ("client_name", "\u{202e}gro.elpmaxe", "openid.registration.name"),
            ("client_name#ja", "two\u{2028}lines", "openid.registration.name"),
            ("client_name#../..", "x", "openid.registration.type"),
            ("tls_client_auth_san_dns", "shop.example", "openid.registration.missing"),
            ("tls_client_certificate_bound_access_tokens", true, "openid.registration.value"),
            ("authorization_details_types", ["identity-proof"], "openid.registration.terms"),
            ("backchannel_token_delivery_mode", "poll", "openid.registration.missing"), ("jwks", nil, "openid.registration.keys"),
            ("jwks_uri", "https://shop.example/jwks", "openid.registration.keys"),
        ] as [(String, JSON?, String)])
    func `what cannot hold is refused with its explanation`(member: String, value: JSON?, code: String) throws {
        let world = try RegistrationWorld()
        let refusal = try #require(try world.refusal(world.metadata([(member, value)])))
        #expect(refusal.error == .invalidClientMetadata)
        #expect(refusal.explanations.map(\.code).contains(code), "\(refusal.explanations.map(\.code))")
        #expect(refusal.body["error"]?.string == "invalid_client_metadata")
    }

    @Test func `who asks for every flow is registered for the code flow, and told so (RFC 7591 §2, §3.2.1)`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(
            world.metadata([
                ("grant_types", ["authorization_code", "implicit", "refresh_token"]),
                ("response_types", ["code", "id_token", "id_token token", "code id_token", "code token", "code id_token token"]),
            ]))
        #expect(done.client.grants == [.authorizationCode, .refreshToken])
        #expect(done.body["response_types"] == ["code"])
        #expect(done.body["grant_types"] == ["authorization_code", "refresh_token"])
        // Who wants the others only gets nothing.
        for lone in [
            [("grant_types", ["implicit"]), ("response_types", ["id_token"])],
            [("grant_types", ["implicit"]), ("response_types", ["id_token token", "token"])],
        ] as [[(String, JSON?)]] {
            #expect(try world.refusal(world.metadata(lone))?.error == .invalidClientMetadata)
        }
    }

    @Test func `what can hold is taken`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(
            world.metadata([
                ("grant_types", ["authorization_code", "refresh_token"]), ("scope", "openid profile offline_access"),
                ("default_max_age", 600),
                ("default_acr_values", ["aal2"]), ("require_auth_time", true), ("initiate_login_uri", "https://shop.example/start"),
                ("policy_uri", "https://shop.example/policy"), ("policy_uri#en", "https://shop.example/policy-en"),
                ("client_name#en", "Sample"), ("logo_uri", "https://shop.example/logo.png"), ("contacts", ["ops@shop.example"]),
                ("userinfo_signed_response_alg", "RS256"), ("require_pushed_authorization_requests", true),
                ("dpop_bound_access_tokens", true),
                ("backchannel_logout_uri", "https://shop.example/out"), ("post_logout_redirect_uris", ["https://shop.example/bye"]),
                ("request_object_encryption_alg", "ECDH-ES"), ("request_object_encryption_enc", "A256GCM"),
                ("software_id", "1"), ("software_version", "2"), ("application_type", "web"),
            ]))
        let client = done.client
        #expect(client.refreshTokens && client.requiresPushedRequests && client.senderConstraint == .dpop)
        #expect(client.defaultMaximumAge == 600 && client.defaultContexts == ["aal2"] && client.userInfoSigning == .rs256)
        #expect(client.presentation.logo == "https://shop.example/logo.png" && client.presentation.policy == "https://shop.example/policy")
        #expect(done.body["client_name#en"]?.string == "Sample" && done.body["contacts"]?.strings == ["ops@shop.example"])
        #expect(done.body["default_max_age"]?.integer == 600)
    }

    @Test func `everything that is wrong comes at once`() throws {
        let world = try RegistrationWorld()
        let refusal = try #require(
            try world.refusal(
                world.metadata([
                    ("redirect_uris", ["https://shop.example/cb#x", "http://shop.example/cb"]), ("subject_type", "public"),
                    ("scope", "admin"),
                ])))
        let codes = refusal.explanations.map(\.code)
        #expect(codes.count { $0 == "openid.client.redirect-uri" } == 2)
        #expect(codes.contains("openid.registration.value") && codes.contains("openid.registration.terms"))
        #expect(refusal.body["explanations"]?.array?.count == codes.count)
    }

    @Test func `a private key in jwks is refused and never comes back`() throws {
        let world = try RegistrationWorld()
        let secret: JSON = .object([
            ("kty", "EC"), ("crv", "P-256"), ("x", "f83OJ3D2xF1Bg8vub9tLe1gHMzV76e8Tus9uPHvRVEU"),
            ("y", "x_FEzRu9m36HLN_tue659LNpXW6pCyStikYjKIWI5a0"), ("d", "jpsQnnGQmL-YBIffH1136cspYG6-0iY7X1fCE9-E9LI"),
        ])
        let refusal = try #require(try world.refusal(world.metadata([("jwks", .object([("keys", .array([secret]))]))])))
        #expect(refusal.explanations.map(\.code).contains("openid.registration.keys"))
        #expect(!refusal.body.text.contains("jpsQnnGQ"))
    }

    @Test(arguments: ["", "[]", "null", "{", "{\"a\":1,\"a\":2}", "{\"redirect_uris\":[\"\u{0}\"]", "\u{feff}{}"])
    func `a body that is no object is refused`(body: String) {
        let refusal = #expect(throws: RegistrationRefusal.self) { try UnverifiedRegistration(body: Array(body.utf8)) }
        #expect(refusal?.explanation.code == "openid.registration.malformed")
    }

    @Test func `a body of brackets ends early`() {
        let deep = [UInt8](repeating: 0x5b, count: 60_000)
        #expect(throws: RegistrationRefusal.self) { try UnverifiedRegistration(body: deep) }
    }

    @Test(arguments: RedirectCorpus.tricks.filter { !$0.isFit })
    func `an address that reads in two ways is invalid_redirect_uri (E1, E2, E22)`(trick: RedirectCorpus.Trick) throws {
        let world = try RegistrationWorld()
        let refusal = try #require(try world.refusal(world.metadata([("redirect_uris", [.string(trick.address)])])))
        // A control character does not pass as a text at all.
        let isText = refusal.explanation.code == "openid.registration.type"
        #expect(refusal.error == .invalidRedirectURI || isText)
    }

    @Test func `an address with a query is fit, no address is none`() throws {
        let world = try RegistrationWorld()
        #expect(try world.refusal(world.metadata([("redirect_uris", ["https://shop.example/cb?foo=bar"])])) == nil)
        #expect(try world.refusal(world.metadata([("redirect_uris", nil)]))?.error == .invalidRedirectURI)
        #expect(try world.refusal(world.metadata([("redirect_uris", [])]))?.error == .invalidRedirectURI)
    }

    @Test func `plain http on this machine is for development`() throws {
        let addresses: JSON = ["http://127.0.0.1:4000/cb"]
        let strict = try RegistrationWorld()
        #expect(try strict.refusal(strict.metadata([("redirect_uris", addresses)]))?.error == .invalidRedirectURI)
        let loose = try RegistrationWorld(development: true)
        #expect(try loose.refusal(loose.metadata([("redirect_uris", addresses)])) == nil)
    }

    @Test func `defaults stand in for what a request leaves out, and only then`() throws {
        let world = try RegistrationWorld()
        let client = try world.registered(world.metadata([("default_max_age", 60), ("default_acr_values", ["aal3"])])).client
        func ask(_ changes: [(String, String?)]) throws -> VerifiedAuthorizationRequest {
            try UnverifiedAuthorizationRequest(parameters: Federation.query([("client_id", client.id.text)] + changes))
                .verified(for: client, at: world.provider, at: RegistrationWorld.now)
        }
        #expect(try ask([]).ask.maximumAge == 60)
        #expect(try ask([]).ask.requirement?.values == ["aal3"])
        #expect(try ask([("max_age", "10")]).ask.maximumAge == 10)
        #expect(try ask([("acr_values", "aal1")]).ask.requirement?.values == ["aal1"])
        let wish = #"{"id_token":{"acr":{"values":["aal1"]}}}"#
        #expect(try ask([("claims", wish)]).ask.requirement?.values == ["aal1"], "an individual claim overrides the default too")
        #expect(try ask([("claims", #"{"id_token":{"auth_time":null}}"#)]).ask.requirement?.values == ["aal3"])
    }
}
