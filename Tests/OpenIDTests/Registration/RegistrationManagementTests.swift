import Cryptography
import JOSE
import OpenID
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Management of a registration, RFC 7592 (checklist O22)` {
    private func update(_ world: RegistrationWorld, _ done: VerifiedRegistration, _ changes: [(String, JSON?)] = []) throws -> JSON {
        try world.metadata([("client_id", .string(done.client.id.text))] + changes)
    }

    @Test func `only the newest token of the very client opens it`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(world.metadata())
        let other = try world.registered(world.metadata())
        func opens(_ id: String?, _ token: String?, _ record: RegistrationRecord?) -> Bool {
            (try? UnverifiedManagement(id: id, authorization: token.map { "Bearer " + $0 }).verified(for: record)) != nil
        }
        let (id, token) = (done.client.id.text, try done.accessToken())
        #expect(opens(id, token, done.record))
        #expect(!opens(id, nil, done.record))
        #expect(!opens(id, token, nil))
        #expect(!opens(id, try other.accessToken(), done.record))
        #expect(!opens(other.client.id.text, token, done.record))
        #expect(!opens(id, token, other.record))
        #expect(!opens("shop", token, done.record))
        #expect(UnverifiedManagement(id: "shop", authorization: nil).id == nil)
        let changed = try world.change(done, update(world, done))
        #expect(!opens(id, token, changed.record))
        #expect(opens(id, try changed.accessToken(), changed.record))
        #expect(RegistrationRefusal.unknownAccess.status == 401)
    }

    @Test func `whoever shows no token hears no error code (RFC 6750 §3.1), and otherwise the same as with a wrong one`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(world.metadata())
        func refusal(_ authorization: String?) -> RegistrationRefusal? {
            #expect(throws: RegistrationRefusal.self) {
                try UnverifiedManagement(id: done.client.id.text, authorization: authorization).verified(for: done.record)
            }
        }
        let (nothing, wrong) = (refusal(nil), refusal("Bearer " + String(repeating: "x", count: 43)))
        #expect(nothing?.authenticateHeader == "Bearer realm=\"registration\"")
        #expect(wrong?.authenticateHeader == "Bearer realm=\"registration\", error=\"invalid_token\"")
        #expect(nothing?.status == 401 && nothing?.body == wrong?.body)
    }

    @Test func `an update replaces everything, and what is left out is gone`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(world.metadata([("policy_uri", "https://shop.example/p"), ("contacts", ["a@shop.example"])]))
        let changed = try world.change(done, update(world, done, [("redirect_uris", ["https://shop.example/other"]), ("contacts", .null)]))
        #expect(changed.client.id == done.client.id && changed.client.redirectURIs == ["https://shop.example/other"])
        #expect(changed.body["policy_uri"] == nil && changed.body["contacts"] == nil)
        #expect(changed.record.registeredAt == done.record.registeredAt && changed.record.terms == done.record.terms)
    }

    @Test(
        arguments: [
            ("client_id", JSON.string("dyn-00000000000000000000000000000000")), ("client_id", nil), ("registration_access_token", "x"),
            ("registration_client_uri", "https://login.example/x"), ("client_secret_expires_at", 0), ("client_id_issued_at", 0),
            ("client_secret", "guess"),
        ] as [(String, JSON?)])
    func `what only the provider says may not be in it`(member: String, value: JSON?) throws {
        let world = try RegistrationWorld()
        let done = try world.registered(world.metadata([("token_endpoint_auth_method", "client_secret_post"), ("jwks", nil)]))
        let json = try update(world, done, [("token_endpoint_auth_method", "client_secret_post"), ("jwks", nil), (member, value)])
        let changes = (json.members ?? []).filter { $0.0 != member } + (value.map { [(member, $0)] } ?? [])
        let refusal = #expect(throws: RegistrationRefusal.self) { try world.change(done, .object(changes)) }
        #expect(refusal?.error == .invalidRequest && refusal?.explanation.code == "openid.registration.contradiction")
    }

    @Test func `a secret stays through an update until half its time is over`() throws {
        let world = try RegistrationWorld()
        let changes: [(String, JSON?)] = [("token_endpoint_auth_method", "client_secret_basic"), ("jwks", nil)]
        let done = try world.registered(world.metadata(changes))
        let secret = try #require(done.body["client_secret"])
        let early = try world.change(done, update(world, done, changes + [("client_secret", secret)]))
        #expect(early.body["client_secret"] == nil && early.record.secretDigest == done.record.secretDigest)
        #expect(early.body["client_secret_expires_at"] == done.body["client_secret_expires_at"])
        let late = try world.change(done, update(world, done, changes), at: RegistrationWorld.now.adding(seconds: 50_000))
        #expect(late.body["client_secret"] != nil && late.body["client_secret"] != secret)
        #expect(late.record.secretDigest != done.record.secretDigest)
        let keyed = try world.change(done, update(world, done))
        #expect(keyed.record.secretDigest == nil && keyed.record.secretExpiresAt == nil)
    }

    @Test func `reading tells everything but what was said once`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(world.metadata([("token_endpoint_auth_method", "client_secret_basic"), ("jwks", nil)]))
        let token = try done.accessToken()
        let read = done.record.body(of: done.client, at: world.provider, showing: "Bearer " + token)
        #expect(read["client_secret"] == nil && read["client_secret_expires_at"] != nil)
        #expect(read["registration_access_token"]?.string == token)
        let rest = (done.body.members ?? []).filter { $0.0 != "client_secret" }
        #expect(JSON.object(rest) == read)
    }

    @Test func `a change that breaks a rule leaves the registration as it is`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(world.metadata())
        let refusal = #expect(throws: RegistrationRefusal.self) {
            try world.change(done, update(world, done, [("redirect_uris", ["http://evil.example/cb"])]))
        }
        #expect(refusal?.error == .invalidRedirectURI)
        #expect(throws: Never.self) {
            try UnverifiedManagement(id: done.client.id.text, authorization: "Bearer " + done.accessToken()).verified(for: done.record)
        }
    }

    @Test func `another statement may bring other terms, of the same sponsor only`() throws {
        let world = try RegistrationWorld()
        let done = try world.registered(world.metadata())
        let wider = try world.statement(
            [("client_name", "新")],
            terms: RegistrationWorld.terms(purposes: ["points", "identity-check"]).json.adding("default_purpose", "points"))
        let changed = try world.change(done, update(world, done, [("software_statement", wider)]))
        #expect(changed.record.terms.purposes.count == 2 && changed.body["client_name"]?.string == "新")
        let foreign = try RegistrationWorld.terms().json.members ?? []
        let other = JSON.object(foreign.map { $0.0 == "sponsor" ? ("sponsor", "rival") : $0 })
        let refusal = #expect(throws: RegistrationRefusal.self) {
            try world.change(done, update(world, done, [("software_statement", world.statement(terms: other))]))
        }
        #expect(refusal?.error == .unapprovedSoftwareStatement)
    }

    @Test func `rules of today judge a registration of yesterday`() throws {
        let world = try RegistrationWorld()
        let record = try world.registered(world.metadata([("grant_types", ["authorization_code", "refresh_token"])])).record
        #expect(throws: Never.self) { try record.client(under: world.rules, at: world.provider, at: RegistrationWorld.now) }
        let stricter = try RegistrationWorld(refreshTokens: false)
        #expect(throws: RegistrationRefusal.self) {
            try record.client(under: stricter.rules, at: stricter.provider, at: RegistrationWorld.now)
        }
    }
}

extension JSON {
    /// With one member replaced.
    fileprivate func adding(_ name: String, _ value: JSON) -> JSON { .object((members ?? []).filter { $0.0 != name } + [(name, value)]) }
}

@Suite struct `A registered client keeps the profile of its terms` {
    @Test func `fapi2 takes what fits it`() throws {
        let world = try RegistrationWorld()
        let terms = try RegistrationWorld.terms { $0.profile = .fapi2 }
        let client = try world.registered(world.metadata(), terms: terms).client
        #expect(client.profile == .fapi2 && client.requiresPushedRequests && client.senderConstraint == .either)
        let unsaid = try world.registered(world.metadata([("dpop_bound_access_tokens", false)]), terms: terms).client
        #expect(unsaid.senderConstraint == .either, "which leaves certificates")
        #expect(client.assertionAudiences == .issuerOnly && client.idTokenAlgorithm == .es256)
    }

    @Test(
        arguments: [
            [("token_endpoint_auth_method", JSON.string("client_secret_basic"))], [("require_pushed_authorization_requests", false)],
            [("id_token_signed_response_alg", "RS256")], [("userinfo_signed_response_alg", "RS256")],
            [("dpop_bound_access_tokens", false), ("tls_client_certificate_bound_access_tokens", false)],
        ] as [[(String, JSON)]])
    func `and refuses what contradicts it`(changes: [(String, JSON)]) throws {
        let world = try RegistrationWorld()
        let terms = try RegistrationWorld.terms { $0.profile = .fapi2 }
        let refusal = try #require(try world.refusal(world.metadata(changes.map { ($0.0, $0.1) }), terms: terms))
        #expect(refusal.error == .invalidClientMetadata)
        #expect(refusal.explanations.contains { ["openid.client.profile", "openid.client.algorithm"].contains($0.code) })
        #expect(try world.refusal(world.metadata(changes.map { ($0.0, $0.1) })) == nil)
    }

    @Test func `message signing wants signed requests and answers`() throws {
        let world = try RegistrationWorld()
        let terms = try RegistrationWorld.terms { $0.profile = .fapi2MessageSigning }
        #expect(try world.refusal(world.metadata(), terms: terms) != nil)
        let client = try world.registered(world.metadata([("authorization_signed_response_alg", "ES256")]), terms: terms).client
        #expect(client.requestObjects.isRequired && client.requestObjects.algorithms == [.es256])
        let unsigned = try world.metadata([("authorization_signed_response_alg", "ES256"), ("require_signed_request_object", false)])
        #expect(try world.refusal(unsigned, terms: terms)?.explanations.map(\.code) == ["openid.client.profile"])
        #expect(try world.refusal(unsigned) == nil)
    }

    @Test func `a digital-auth-app client has a nonce in every request`() throws {
        let world = try RegistrationWorld()
        let terms = try RegistrationWorld.terms { $0.profile = .digitalAuthApp }
        #expect(try world.registered(world.metadata(), terms: terms).client.requiresNonce)
    }

    @Test func `PKCE is optional only where the terms say so, and then a nonce is not`() throws {
        let world = try RegistrationWorld()
        let terms = try RegistrationWorld.terms { $0.pkce = .optional }
        let client = try world.registered(world.metadata(), terms: terms).client
        #expect(!client.requiresPKCE && client.requiresNonce)
        let fapi = try RegistrationWorld.terms {
            $0.pkce = .optional
            $0.profile = .fapi2
        }
        #expect(try world.refusal(world.metadata(), terms: fapi)?.explanations.map(\.code).contains("openid.client.profile") == true)
    }

    @Test func `certificates where somebody asks for them`() throws {
        let metadata: [(String, JSON?)] = [
            ("token_endpoint_auth_method", "tls_client_auth"), ("tls_client_auth_san_dns", "shop.example"),
            ("tls_client_certificate_bound_access_tokens", true),
        ]
        let with = try RegistrationWorld(mutualTLS: true)
        let client = try with.registered(with.metadata(metadata)).client
        #expect(client.authentication.method == "tls_client_auth" && client.senderConstraint == .mtls)
        // What is accepted instead is named.
        let secrets = "private_key_jwt client_secret_basic client_secret_post"
        let without = try RegistrationWorld()
        #expect(try without.refusal(without.metadata(metadata))?.explanation.compared.last == .init("accepted", secrets))
        let unbelieved = try RegistrationWorld(mutualTLS: true, certificateProfile: nil)
        #expect(
            try unbelieved.refusal(unbelieved.metadata(metadata))?.explanation.compared.last
                == .init("accepted", secrets + " self_signed_tls_client_auth"))
        let twice = metadata + [("tls_client_auth_san_ip", "192.0.2.1")]
        #expect(try with.refusal(with.metadata(twice))?.explanations.map(\.code).contains("openid.registration.missing") == true)
    }

    @Test func `CIBA where the terms give it`() throws {
        let world = try RegistrationWorld()
        let terms = try RegistrationWorld.terms { $0.grants = [.authorizationCode, .ciba] }
        let metadata: [(String, JSON?)] = [
            ("grant_types", ["authorization_code", .string(GrantType.ciba.rawValue)]), ("backchannel_token_delivery_mode", "ping"),
            ("backchannel_client_notification_endpoint", "https://shop.example/ping"),
        ]
        #expect(try world.registered(world.metadata(metadata), terms: terms).client.ciba?.delivery == .ping)
        let polling = try world.registered(world.metadata([metadata[0]]), terms: terms)
        #expect(polling.body["backchannel_token_delivery_mode"] == "poll")
        #expect(try world.refusal(world.metadata(metadata)) != nil)
        #expect(try world.refusal(world.metadata(metadata + [("backchannel_user_code_parameter", true)]), terms: terms) != nil)
    }
}
