import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import Vocabulary

@Suite struct `Request objects (RFC 9101, OpenID Connect Core §6, FAPI 2.0 Message Signing §5.3; checklist C10, O3)` {
    private let now = Federation.now.seconds

    private func refusal(_ query: String, _ client: Client) throws -> AuthorizationRefusal? {
        try Federation().judgedRefusal(query, client)
    }

    private func pushRefusal(_ object: String, _ profile: ClientProfile = .fapi2MessageSigning) throws -> AuthorizationRefusal? {
        let federation = try Federation()
        return try federation.pushRefusal([("request", object)], federation.rp(profile))
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let changes: [(String, JSON?)]
        let code: String
        var testDescription: String { code + " " + changes.map { $0.0 + "=" + ($0.1?.text ?? "–") }.joined(separator: " ") }

        init(_ code: String, _ changes: (String, JSON?)...) {
            self.changes = changes
            self.code = code
        }
    }

    // MARK: - FAPI

    @Test(arguments: [
        Case("openid.request-object.missing", ("exp", nil)), Case("openid.request-object.missing", ("nbf", nil)),
        Case("openid.request-object.missing", ("aud", nil)), Case("openid.request-object.missing", ("iss", nil)),
        Case("openid.request-object.missing", ("client_id", nil)),
        Case("openid.request-object.exp", ("exp", .integer(Federation.now.seconds - 300))),
        Case("openid.request-object.exp", ("exp", .integer(Federation.now.seconds - 11))),
        Case("openid.request-object.exp", ("exp", .integer(Federation.now.seconds + 3_600 + 60))),
        Case("openid.request-object.exp", ("exp", .integer(Federation.now.seconds + 70 * 60))),
        Case("openid.request-object.nbf", ("nbf", .integer(Federation.now.seconds - 70 * 60))),
        Case("openid.request-object.nbf", ("nbf", .integer(Federation.now.seconds - 3_601))),
        Case("openid.request-object.nbf", ("nbf", .integer(Federation.now.seconds + 61))),
        Case("openid.request-object.iat", ("iat", .integer(Federation.now.seconds + 61))),
        Case("openid.request-object.aud", ("aud", "https://other.example")),
        Case("openid.request-object.aud", ("aud", ["https://other.example", "https://login.example/"])),
        Case("openid.request-object.aud", ("aud", .string(Federation.issuer + "/openid/par"))),
        Case("openid.request-object.iss", ("iss", "other")), Case("openid.request-object.client-id", ("client_id", "other")),
        Case("openid.request-object.client-id", ("client_id", 1)), Case("openid.request-object.sub", ("sub", "shop")),
        Case("openid.request-object.nested", ("request", "e30.e30.")),
        Case("openid.request-object.nested", ("request_uri", .string(Federation.reference))),
        Case("openid.request-object.parameter", ("state", 1)), Case("openid.request-object.parameter", ("redirect_uri", ["x"])),
        Case("openid.request-object.parameter", ("max_age", true)), Case("openid.request-object.parameter", ("claims", [1])),
        Case("openid.request-object.payload", ("exp", "tomorrow")), Case("openid.request-object.payload", ("aud", 1)),
    ])
    func `FAPI refuses an object that is not as it must be`(faulty: Case) throws {
        let refusal = try #require(try pushRefusal(Federation().requestObject(faulty.changes)))
        #expect(refusal.explanation.code == faulty.code)
        #expect(refusal.pushedBody["error"] == "invalid_request_object")
    }

    @Test(
        arguments: [
            [], [("aud", [.string(Federation.issuer), "https://other.example"])], [("nbf", .integer(Federation.now.seconds + 8))],
            [("nbf", .integer(Federation.now.seconds - 3_599))], [("exp", .integer(Federation.now.seconds + 3_600))], [("jti", "j")],
            [("sub", "somebody")], [("iat", .integer(Federation.now.seconds))], [("unknown", ["x"])], [("state", nil)], [("nonce", nil)],
            [("max_age", 300)], [("resource", ["https://api.example/a", "https://api.example/b"])],
            [("claims", .object([("id_token", .object([("pin_used", .null)]))]))],
            [("exp", .number(Double(Federation.now.seconds + 60) + 0.5))],
        ] as [[(String, JSON?)]])
    func `and takes one that is`(changes: [(String, JSON?)]) throws {
        #expect(try pushRefusal(Federation().requestObject(changes)) == nil)
    }

    @Test func `FAPI takes no RS256, no none, no other's key, no broken signature`() throws {
        let federation = try Federation()
        let good = try federation.requestObject()
        let parts = good.split(separator: ".").map(String.init)
        let none = Base64url.encode(Array(#"{"alg":"none"}"#.utf8)) + "." + parts[1] + "."
        let hmac = Base64url.encode(Array(#"{"alg":"HS256"}"#.utf8)) + "." + parts[1] + "." + parts[2]
        var broken = Array(good.utf8)
        broken[broken.count - 10] = broken[broken.count - 10] == 0x41 ? 0x42 : 0x41
        for (object, code) in [
            (try federation.requestObject(key: federation.keys.shopRS256), "openid.request-object.algorithm"),
            (none, "openid.request-object.algorithm"),
            (hmac, "openid.request-object.algorithm"),
            (try federation.requestObject(key: federation.keys.strangerES256), "openid.request-object.signature"),
            (try federation.requestObject(key: federation.keys.shopES384), "openid.request-object.algorithm"),
            (String(decoding: broken, as: UTF8.self), "openid.request-object.signature"), ("e30", "openid.request-object.form"),
            (parts[0] + ".." + parts[2], "openid.request-object.signature"),
        ] {
            let refusal = try #require(try pushRefusal(object))
            #expect(refusal.explanation.code == code)
            #expect(refusal.error == .invalidRequestObject)
        }
        for key in [federation.keys.shopES256, federation.keys.shopPS256] {
            #expect(try pushRefusal(federation.requestObject(key: key)) == nil)
        }
    }

    /// Checklist E9, E10, E12: the header chooses nothing.
    @Test(arguments: [
        #"{"alg":"ES256","kid":"s-ec","crit":["exp"],"exp":1}"#, #"{"alg":"ES256","kid":"s-ec","b64":false}"#,
        #"{"alg":"ES256","kid":"s-ec","zip":"DEF"}"#, #"{"alg":"ES256","alg":"none","kid":"s-ec"}"#, #"{"kid":"s-ec"}"#, "[]",
    ])
    func `a header we would not follow is refused`(header: String) throws {
        let federation = try Federation()
        let input = Base64url.encode(Array(header.utf8)) + "." + Base64url.encode(Federation.objectClaims().bytes)
        let signature = try federation.keys.shopES256.key.sign(Array(input.utf8), SignatureAlgorithm.ecdsa(.sha256), encoding: .raw)
        let refusal = try #require(try pushRefusal(input + "." + Base64url.encode(signature)))
        #expect(refusal.error == .invalidRequestObject)
    }

    @Test func `a key in the header is no key of the client`() throws {
        let federation = try Federation()
        let stranger = federation.keys.strangerES256
        let jwk = JWK(stranger.key.publicKey, keyID: "s-ec", algorithm: .es256).json
        let header: JSON = .object([("alg", "ES256"), ("jwk", jwk), ("jku", "https://evil.example/jwks"), ("x5c", ["x"])])
        let input = Base64url.encode(header.bytes) + "." + Base64url.encode(Federation.objectClaims().bytes)
        let signature = try stranger.key.sign(Array(input.utf8), SignatureAlgorithm.ecdsa(.sha256), encoding: .raw)
        let refusal = try #require(try pushRefusal(input + "." + Base64url.encode(signature)))
        #expect(refusal.explanation.code == "openid.request-object.signature")
    }

    @Test func `two members of one name are refused`() throws {
        let federation = try Federation()
        let text = Federation.objectClaims().text
        let twice = text.dropLast() + #","redirect_uri":"https://evil.example/"}"#
        let object = try federation.keys.shopES256.signed(bytes: Array(twice.utf8), type: "oauth-authz-req+jwt")
        #expect(try pushRefusal(object)?.explanation.code == "openid.request-object.payload")
    }

    // MARK: - Types and assertions (checklist E24)

    @Test(
        arguments: [
            ("oauth-authz-req+jwt", true, true), ("application/oauth-authz-req+jwt", true, true), (nil, true, true), ("JWT", false, true),
            ("client-authentication+jwt", false, false), ("dpop+jwt", false, false), ("logout+jwt", false, false), ("at+jwt", false, false),
        ] as [(String?, Bool, Bool)])
    func `typ says request object, and only OpenID Connect's older clients may say JWT`(type: String?, fapi: Bool, core: Bool) throws {
        let federation = try Federation()
        let object = try federation.requestObject(type: type)
        #expect(try (pushRefusal(object) == nil) == fapi)
        #expect(try (refusal(Federation.query(object: object), federation.rp()) == nil) == core)
    }

    @Test func `an assertion that authenticates the client is no request object`() throws {
        let federation = try Federation()
        let claims = Federation.objectClaims([("sub", "shop"), ("jti", "1")])
        for type in [nil, "JWT"] {
            let object = try federation.keys.shopES256.signed(claims, type: type)
            let refusal = try #require(try refusal(Federation.query(object: object), federation.rp()))
            #expect(refusal.explanation.code == "openid.request-object.sub")
        }
    }

    // MARK: - Inside and outside

    @Test func `what stands outside counts for nothing where RFC 9101 holds`() throws {
        let federation = try Federation()
        for profile in [ClientProfile.fapi2MessageSigning, .digitalAuthApp] {
            let client = try federation.rp(profile)
            let object = try federation.requestObject([("state", nil), ("nonce", "inside")])
            let more = [("state", "outside"), ("nonce", "outside"), ("scope", "openid profile"), ("redirect_uri", "https://evil.example/")]
            let request: VerifiedAuthorizationRequest
            if profile.isFAPI {
                let push = try federation.pushed([("request", object)] + more, client)
                request = try push.request.verified(for: client, at: federation.rich, at: Federation.now)
            } else {
                request = try federation.judged(Federation.query(object: object, beside: more), client)
            }
            #expect(request.state == nil, "state only outside is not used")
            var random = Seeded()
            let grant = try federation.grant(request.ask, member: federation.member(), session: federation.session())
            let code = try request.code(for: grant, at: federation.rich, at: Federation.now, using: &random)
            #expect(code.record.nonce == "inside")
            #expect(code.record.scopes == ["openid"])
            #expect(try code.answer.parameters()["state"] == nil)
        }
    }

    @Test func `an object without redirect_uri fails where RFC 9101 holds, whatever stands outside`() throws {
        let federation = try Federation()
        let object = try federation.requestObject([("redirect_uri", nil)])
        let refusal = try #require(
            try federation.pushRefusal([("request", object), ("redirect_uri", Federation.callback)], federation.rp(.fapi2MessageSigning)))
        #expect(refusal.explanation.code == "openid.request.redirect-missing")
    }

    @Test func `OpenID Connect Core lets the outside fill what is missing inside, and the inside wins`() throws {
        let federation = try Federation()
        let object = try federation.requestObject([("scope", nil), ("nonce", "inside"), ("state", "inside")])
        let more = [("scope", "openid profile"), ("nonce", "outside"), ("state", "outside"), ("response_type", "code")]
        let request = try federation.judged(Federation.query(object: object, beside: more), federation.rp())
        #expect(request.state == "inside")
        var random = Seeded()
        let grant = try federation.grant(request.ask, member: federation.member(), session: federation.session())
        let record = try request.code(for: grant, at: federation.rich, at: Federation.now, using: &random).record
        #expect(record.nonce == "inside")
        #expect(record.scopes == ["openid", "profile"])
    }

    @Test func `the redirect address inside wins over the one outside`() throws {
        let federation = try Federation()
        let client = try Client(
            id: Federation.memberID("shop"), redirectURIs: [Federation.callback, "https://shop.example/two"],
            authentication: .privateKeyJWT(federation.keys.set([federation.keys.shopES256])),
            options: { () -> ClientOptions in
                var options = ClientOptions()
                options.requestObjects = RequestObjects(algorithms: [.es256])
                return options
            }())
        let object = try federation.requestObject([("redirect_uri", "https://shop.example/two")])
        let request = try federation.judged(Federation.query(object: object, beside: [("redirect_uri", Federation.callback)]), client)
        #expect(request.redirect.text == "https://shop.example/two")
    }

    @Test func `response_type may not differ inside and outside`() throws {
        let federation = try Federation()
        let object = try federation.requestObject([("response_type", "token")])
        let query = Federation.query(object: object, beside: [("response_type", "code"), ("redirect_uri", Federation.callback)])
        let refusal = try #require(try refusal(query, federation.rp()))
        #expect(refusal.explanation.code == "openid.request-object.contradicted")
    }

    // MARK: - Who may, who must

    @Test func `a client without request objects hears request_not_supported at its registered address`() throws {
        let federation = try Federation()
        let query = Federation.query([("request", try federation.requestObject())])
        let refusal = try #require(try federation.refusal(query))
        #expect(refusal.error == .requestNotSupported)
        #expect(Federation.parameters(of: refusal.location(issuer: Federation.issuer) ?? "")["state"] == "s-1")
    }

    /// The module `unsigned-request-object-supported-correctly-or-rejected-as-unsupported`.
    @Test func `an unsigned object of a client that signs is invalid_request_object, at its registered address`() throws {
        let federation = try Federation()
        let unsigned =
            Base64url.encode(Array(#"{"alg":"none"}"#.utf8)) + "." + Base64url.encode(Federation.objectClaims().bytes) + "."
        let refusal = try #require(try refusal(Federation.query([("request", unsigned)]), federation.rp()))
        #expect(refusal.error == .invalidRequestObject)
        #expect(!refusal.isPage)
        let nowhere = try #require(try self.refusal(Federation.query(object: unsigned), federation.rp()))
        #expect(nowhere.isPage, "no address outside, and none inside that could be believed")
    }

    @Test func `a client that has to sign cannot do without`() throws {
        let federation = try Federation()
        let client = try federation.rp { $0.requestObjects.isRequired = true }
        #expect(try refusal(Federation.query(), client)?.explanation.code == "openid.request.object-missing")
        #expect(try refusal(Federation.query(object: federation.requestObject()), client) == nil)
        let signing = try federation.rp(.fapi2MessageSigning)
        let plain = try #require(try federation.pushRefusal(Federation.plainRequest, signing))
        #expect(plain.explanation.code == "openid.request.object-missing")
        #expect(plain.pushedBody["error"] == "invalid_request")
    }

    @Test func `where a client signs all it asks, nothing outside counts, and the object says for whom and how long it is`() throws {
        let federation = try Federation()
        let client = try federation.rp { $0.requestObjects.isRequired = true }
        #expect(try refusal(Federation.query([("request", federation.requestObject())]), client) == nil)
        for missing in ["iss", "aud", "exp", "client_id"] {
            let object = try federation.requestObject([(missing, nil)])
            #expect(try refusal(Federation.query([("request", object)]), client)?.error == .invalidRequestObject, "\(missing)")
            #expect(try refusal(Federation.query([("request", object)]), federation.rp()) == nil, "\(missing)")
        }
        // The address and the challenge stand outside, where anybody may have put them.
        for missing in ["redirect_uri", "code_challenge"] {
            let object = try federation.requestObject([(missing, nil)])
            #expect(try refusal(Federation.query([("request", object)]), client) != nil, "\(missing)")
            #expect(try refusal(Federation.query([("request", object)]), federation.rp()) == nil, "\(missing)")
        }
    }

    @Test func `a core client's object needs neither exp nor aud, but what it says must hold`() throws {
        let federation = try Federation()
        let client = try federation.rp()
        let bare = try federation.requestObject([("exp", nil), ("nbf", nil), ("aud", nil), ("iss", nil), ("client_id", nil)])
        #expect(try refusal(Federation.query(object: bare), client) == nil)
        for faulty: [(String, JSON?)] in [
            [("exp", .integer(now - 60))], [("nbf", .integer(now + 60))], [("aud", "https://other.example")], [("iss", "other")],
            [("client_id", "other")],
        ] {
            #expect(try refusal(Federation.query(object: federation.requestObject(faulty)), client)?.error == .invalidRequestObject)
        }
        let inRS256 = try federation.requestObject(key: federation.keys.shopRS256)
        #expect(try refusal(Federation.query(object: inRS256), client) == nil, "RS256 in core")
    }

    // MARK: - Encrypted

    private func sealed(
        _ object: String, to key: JWK = EncryptionKeys.provider.jwk, _ algorithm: JWEAlgorithm = .ecdhESA256KW,
        _ content: JWEContent = .a256GCM
    ) throws -> String {
        var random = SystemRandom()
        return try JWE.encrypt(
            Array(object.utf8), to: key, algorithm: algorithm, content: content, contentType: "oauth-authz-req+jwt", using: &random)
    }

    @Test(arguments: [
        (JWEAlgorithm.ecdhES, JWEContent.a256GCM), (.ecdhES, .a128CBCHS256), (.ecdhESA128KW, .a128GCM), (.ecdhESA256KW, .a256CBCHS512),
    ])
    func `an object encrypted to us is opened, and signed inside`(algorithm: JWEAlgorithm, content: JWEContent) throws {
        let federation = try Federation()
        let encrypted = try sealed(federation.requestObject(), to: EncryptionKeys.provider.jwk, algorithm, content)
        #expect(try pushRefusal(encrypted) == nil)
        #expect(try refusal(Federation.query(object: encrypted), federation.rp()) == nil)
    }

    @Test func `encryption proves nothing: unsigned, strange and undecipherable contents are refused alike`() throws {
        let federation = try Federation()
        let unsigned =
            Base64url.encode(Array(#"{"alg":"none"}"#.utf8)) + "." + Base64url.encode(Federation.objectClaims().bytes) + "."
        let strange = try federation.requestObject(key: federation.keys.strangerES256)
        for object in [
            try sealed(Federation.objectClaims().text), try sealed(unsigned), try sealed(strange),
            try sealed(federation.requestObject(), to: EncryptionKeys.client.jwk), try sealed(try sealed(federation.requestObject())),
            try sealed(federation.requestObject(), to: EncryptionKeys.provider.jwk, .ecdhESA192KW),
            String(try sealed(federation.requestObject()).dropLast(4)) + "AAAA", "a.b.c.d.e", "....",
        ] {
            #expect(try pushRefusal(object)?.error == .invalidRequestObject)
        }
    }

    @Test func `a client that has to encrypt cannot do without`() throws {
        let federation = try Federation()
        let client = try federation.rp { $0.requestObjects.isEncryptionRequired = true }
        let plain = try federation.requestObject()
        #expect(try refusal(Federation.query(object: plain), client)?.explanation.code == "openid.request-object.plain")
        #expect(try refusal(Federation.query(object: sealed(federation.requestObject())), client) == nil)
    }

    /// What we cannot read at present says nothing of who sent it.
    @Test func `an object encrypted to a key of ours that does not answer is no fault of the client's`() throws {
        let federation = try Federation()
        let reader = EncryptionKeys.provider
        let away = try EncryptionKeys.away()
        let query = Federation.query(object: try sealed(federation.requestObject()))
        let client = try federation.rp()
        func refusal(_ keys: [DecryptionKey]) -> AuthorizationRefusal? {
            do throws(AuthorizationRefusal) {
                let request = try UnverifiedAuthorizationRequest(parameters: query)
                _ = try request.verified(for: client, at: federation.rich.with(decryptionKeys: keys), at: Federation.now)
                return nil
            } catch { return error }
        }
        #expect(refusal([reader]) == nil)
        #expect(refusal([away])?.error == .serverError)
        #expect(refusal([away])?.explanation.code == "openid.request-object.key-away")
        #expect(refusal([])?.error == .invalidRequestObject)
    }

    @Test func `a hint that the client encrypted to us is read`() throws {
        let federation = try Federation()
        let (text, record) = try federation.code()
        let answer = try federation.tokens(record, Federation.tokenBody(text, Federation.credential(federation.assertion())))
        let token = try #require(answer.body["id_token"]?.string)
        let hint = try sealed(token)
        #expect(
            try federation.judged(Federation.query([("id_token_hint", hint)]), federation.rp()).ask.expected?.text == Federation.pairwise)
        #expect(
            try refusal(Federation.query([("id_token_hint", sealed("x"))]), federation.rp())?.explanation.code
                == "openid.request.id-token-hint")
    }
}
