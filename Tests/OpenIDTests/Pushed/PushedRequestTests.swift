import JOSE
import OpenID
import SignOn
import Testing
import Vocabulary

@Suite struct `Pushed authorization requests (RFC 9126; checklist O2)` {
    private let plain = Federation.plainRequest

    /// The browser's half: client_id and request_uri, and whatever else somebody adds.
    private func query(_ push: VerifiedPush, client: String = "shop", beside more: [(String, String)] = []) throws -> String {
        let uri = try #require(push.body["request_uri"]?.string)
        return Federation.form([("client_id", client), ("request_uri", uri)] + more)
    }

    private func brought(
        _ push: VerifiedPush, _ client: Client, _ query: String? = nil, as record: PushedRequest?? = .none,
        at now: Timestamp = Federation.now
    ) throws -> VerifiedAuthorizationRequest {
        let federation = try Federation()
        return try UnverifiedAuthorizationRequest(parameters: query ?? self.query(push))
            .verified(as: record ?? push.request, for: client, at: federation.rich, at: now)
    }

    private func refusal(_ body: () throws -> VerifiedAuthorizationRequest) throws -> AuthorizationRefusal {
        do {
            _ = try body()
        } catch let refusal as AuthorizationRefusal {
            return refusal
        }
        Issue.record("accepted")
        throw Missing()
    }

    @Test func `the client gets a reference of 256 bits for 90 seconds at most, new each time`() throws {
        let federation = try Federation()
        let (one, other) = (try federation.pushed(plain, federation.rp(.fapi2)), try federation.pushed(plain, federation.rp(.fapi2)))
        let uri = try #require(one.body["request_uri"]?.string)
        #expect(uri.hasPrefix("urn:ietf:params:oauth:request_uri:"))
        #expect(Base64url.decode(String(uri.dropFirst("urn:ietf:params:oauth:request_uri:".count)))?.count == 32)
        #expect(one.body["expires_in"] == 90)
        #expect(one.body["request_uri"] != other.body["request_uri"])
        #expect(one.request.usableUntil == Federation.now.adding(seconds: 90))
    }

    @Test(arguments: [(-5, 5), (1, 5), (60, 60), (90, 90), (600, 90)] as [(Int64, Int64)])
    func `the lifetime stays between 5 and 90 seconds`(wanted: Int64, got: Int64) {
        #expect(AuthorizationRules(pushedLifetime: wanted).pushedLifetime == got)
    }

    @Test func `the record holds neither the reference nor what authenticated the client`() throws {
        let federation = try Federation()
        let push = try federation.pushed(plain, federation.rp(.fapi2))
        let kept = push.request.json.text
        #expect(!kept.contains("client_assertion"))
        #expect(!kept.contains("eyJ"))
        #expect(try !kept.contains(#require(push.body["request_uri"]?.string?.split(separator: ":").last)))
        #expect(PushedRequest(json: push.request.json) == push.request)
        #expect(push.claims.map(\.key) == ["jti-1"])
        let secret = try federation.secretClient()
        let body = Array(Federation.form(plain + [("client_secret", Federation.secret)]).utf8)
        let evidence = ClientEvidence(authorization: Federation.basic("shop", Federation.secret))
        let authenticated = try UnverifiedClient(FormParameters(body: Array(Federation.form(plain).utf8)), evidence)
            .authenticated(as: secret, at: federation.rich, at: Federation.now)
        var random = Seeded()
        let other = try UnverifiedPush(body: body).verified(
            from: authenticated, showing: nil, at: federation.rich, keptFor: 900, at: Federation.now, using: &random)
        #expect(!other.request.json.text.contains("random secret"))
    }

    @Test func `a browser brings it, as often as it likes before a login, and only client_id and request_uri count`() throws {
        let federation = try Federation()
        let client = try federation.rp(.fapi2)
        let push = try federation.pushed(plain, client)
        for more in [[], [("redirect_uri", "https://evil.example/"), ("scope", "openid profile"), ("state", "x"), ("nonce", "x")]] {
            let request = try brought(push, client, query(push, beside: more))
            #expect(request.redirect.text == Federation.callback)
            #expect(request.state == "s-1")
            #expect(request.pushed == push.request.digest)
        }
    }

    @Test func `it runs out`() throws {
        let federation = try Federation()
        let client = try federation.rp(.fapi2)
        let push = try federation.pushed(plain, client)
        let last = Federation.now.adding(milliseconds: 89_999)
        #expect(try brought(push, client, at: last).ask.askedAt == last, "the moment of the browser, not of the push")
        let refusal = try refusal { try brought(push, client, at: Federation.now.adding(seconds: 90)) }
        #expect(refusal.isPage)
        #expect(refusal.error == .invalidRequestURI)
        #expect(refusal.explanation.code == "openid.pushed.unknown")
    }

    @Test func `one that nobody pushed, or that is gone, is refused on a page`() throws {
        let federation = try Federation()
        let client = try federation.rp(.fapi2)
        let push = try federation.pushed(plain, client)
        let other = try federation.pushed(plain, client)
        for record in [nil, other.request] {
            let refusal = try refusal { try brought(push, client, as: .some(record)) }
            #expect(refusal.isPage)
            #expect(refusal.error == .invalidRequestURI)
        }
    }

    @Test func `another client cannot bring it`() throws {
        let federation = try Federation()
        let push = try federation.pushed(plain, federation.rp(.fapi2))
        let refusal = try refusal {
            try brought(push, federation.rp(.fapi2, id: "other"), query(push, client: "other"))
        }
        #expect(refusal.isPage)
        #expect(refusal.explanation.code == "openid.pushed.other-client")
        #expect(refusal.error == .invalidRequestURI)
    }

    @Test func `a client that authenticated cannot push in another's name`() throws {
        let federation = try Federation()
        let named = plain.map { $0.0 == "client_id" ? ("client_id", "other") : $0 }
        let body = Array(Federation.form(named).utf8)
        let secret = try federation.secretClient()
        let authenticated = try UnverifiedClient(
            FormParameters(body: Array(Federation.form(plain).utf8)),
            ClientEvidence(authorization: Federation.basic("shop", Federation.secret))
        ).authenticated(as: secret, at: federation.rich, at: Federation.now)
        var random = Seeded()
        #expect(throws: AuthorizationRefusal.self) {
            try UnverifiedPush(body: body).verified(
                from: authenticated, showing: nil, at: federation.rich, keptFor: 900, at: Federation.now, using: &random)
        }
        // Without client_id at all it is the client's own.
        let unnamed = Array(Federation.form(plain.filter { $0.0 != "client_id" }).utf8)
        let push = try UnverifiedPush(body: unnamed).verified(
            from: authenticated, showing: nil, at: federation.rich, keptFor: 900, at: Federation.now, using: &random)
        #expect(push.request.client.text == "shop")
    }

    struct Case: Sendable, CustomTestStringConvertible {
        let more: [(String, String)]
        let code: String
        let error: String
        var testDescription: String { code + " " + more.map(\.0).joined(separator: " ") }
    }

    @Test(arguments: [
        Case(more: [("request_uri", Federation.reference)], code: "openid.pushed.nested", error: "invalid_request"),
        Case(more: [("request_uri", "https://shop.example/r.jwt")], code: "openid.pushed.nested", error: "invalid_request"),
        Case(more: [("scope", "openid"), ("scope", "profile")], code: "openid.request.repeated", error: "invalid_request"),
        Case(more: [("redirect_uri", "")], code: "openid.request.redirect-missing", error: "invalid_request"),
        Case(more: [("response_type", "token")], code: "openid.request.response-type", error: "unsupported_response_type"),
        Case(more: [("response_type", "code id_token")], code: "openid.request.response-type", error: "unsupported_response_type"),
        Case(more: [("code_challenge", "")], code: "openid.request.code-challenge-missing", error: "invalid_request"),
        Case(more: [("code_challenge_method", "plain")], code: "openid.request.code-challenge-method", error: "invalid_request"),
        Case(more: [("code_challenge_method", "")], code: "openid.request.code-challenge-method-missing", error: "invalid_request"),
        Case(more: [("scope", "profile")], code: "openid.request.scope", error: "invalid_scope"),
        Case(more: [("resource", "https://other.example/")], code: "openid.resource.unregistered", error: "invalid_target"),
        Case(more: [("authorization_details", "[]")], code: "openid.details.form", error: "invalid_authorization_details"),
        Case(more: [("request", "e30.e30.")], code: "openid.request-object.header", error: "invalid_request_object"),
        Case(more: [("state", String(repeating: "s", count: 4_097))], code: "openid.request.state-too-long", error: "invalid_request"),
        Case(more: [("nonce", String(repeating: "n", count: 513))], code: "openid.request.nonce-too-long", error: "invalid_request"),
    ])
    func `a faulty push is told at once, in JSON`(faulty: Case) throws {
        let federation = try Federation()
        let names = faulty.more.map(\.0)
        let parameters = plain.filter { !names.contains($0.0) } + faulty.more
        let client = try federation.rp(.fapi2)
        do {
            let refusal = try #require(try federation.pushRefusal(parameters, client))
            #expect(refusal.explanation.code == faulty.code)
            #expect(refusal.pushedBody["error"]?.string == faulty.error)
            #expect(refusal.pushedBody["error_description"]?.string?.isEmpty == false)
            #expect(refusal.pushedStatus == 400)
        } catch let refusal as TokenRefusal {
            // A name that comes twice is told before anybody authenticates.
            #expect(refusal.explanation.code == faulty.code)
            #expect(refusal.body["error"]?.string == faulty.error)
        }
    }

    @Test(arguments: [64, 384, 512]) func `nonces and states of 64, 384 and 512 characters work`(length: Int) throws {
        let federation = try Federation()
        let client = try federation.rp(.fapi2)
        let long = String(repeating: "n", count: length)
        let parameters = plain.filter { !["nonce", "state"].contains($0.0) } + [("nonce", long), ("state", long)]
        #expect(try brought(try federation.pushed(parameters, client), client).state == long)
    }

    /// FAPI 2.0 Security Profile §5.3.2.2-2; RFC 9126 §5.
    @Test func `a client that has to push is refused in the browser, at its registered address`() throws {
        let federation = try Federation()
        let must = [try federation.rp(.fapi2), try federation.rp { $0.requiresPushedRequests = true }]
        for client in must {
            let refusal = try refusal { try federation.judged(Federation.query(), client) }
            #expect(refusal.explanation.code == "openid.request.push-missing")
            #expect(refusal.error == .invalidRequest)
            #expect(!refusal.isPage)
            #expect(try federation.pushRefusal(plain, client) == nil)
        }
        #expect(try federation.judged(Federation.query(), federation.rp()).pushed == nil)
    }

    /// Checklist O6; RFC 9449 §10.1.
    @Test func `the key that pushed is the key of the code, and dpop_jkt may not name another`() throws {
        let federation = try Federation()
        let client = try federation.rp(.fapi2)
        let proof = try #require(try federation.proof(of: federation.keys.strangerES256))
        func binding(_ push: VerifiedPush) throws -> TokenBinding? {
            let request = try brought(push, client)
            var random = Seeded()
            let grant = try federation.grant(request.ask, member: federation.member(), session: federation.session())
            return try request.code(for: grant, at: federation.rich, at: Federation.now, using: &random).record.entitlement.binding
        }
        #expect(try binding(federation.pushed(plain, client, proof: proof)) == .dpop(jkt: proof.thumbprint))
        #expect(
            try binding(federation.pushed(plain + [("dpop_jkt", proof.thumbprint)], client, proof: proof)) == .dpop(jkt: proof.thumbprint))
        #expect(try binding(federation.pushed(plain + [("dpop_jkt", proof.thumbprint)], client)) == .dpop(jkt: proof.thumbprint))
        #expect(try binding(federation.pushed(plain, client)) == nil)
        let other = Base64url.encode([UInt8](repeating: 7, count: 32))
        let refusal = try #require(try federation.pushRefusal(plain + [("dpop_jkt", other)], client, proof: proof))
        #expect(refusal.explanation.code == "openid.request.dpop-key")
        #expect(refusal.pushedBody["error"] == "invalid_request")
        #expect(try federation.pushed(plain, client, proof: proof).claims.count == 2, "the proof is used up with the assertion")
    }

    /// Checklist E25: what waits for the citizen is not what the browser says.
    @Test func `a paused request is proven again without the record, and nobody at the browser can make one up`() throws {
        let federation = try Federation()
        let client = try federation.rp(.fapi2)
        let push = try federation.pushed(plain, client)
        let again = try #require(PushedRequest(paused: push.request.paused))
        #expect(again == push.request)
        let later = Federation.now.adding(seconds: 800)
        #expect(try again.verified(for: client, at: federation.rich, at: later).pushed == push.request.digest)
        #expect(PushedRequest(paused: Array(Federation.query().utf8)) == nil)
        let forged = String(decoding: push.request.paused, as: UTF8.self)
        #expect(throws: AuthorizationRefusal.self) { try UnverifiedAuthorizationRequest(parameters: forged) }
        #expect(throws: AuthorizationRefusal.self) { try UnverifiedAuthorizationRequest(parameters: "client_id=shop&x=" + forged) }
        // The registration may have changed meanwhile: then the proof fails.
        let moved = try federation.client(redirects: ["https://shop.example/new"])
        #expect(throws: AuthorizationRefusal.self) { try again.verified(for: moved, at: federation.rich, at: later) }
        #expect(throws: AuthorizationRefusal.self) { try again.verified(for: nil, at: federation.rich, at: later) }
    }

    @Test func `a request object that ran out after the push still counts`() throws {
        let federation = try Federation()
        let client = try federation.rp(.fapi2MessageSigning)
        let object = try federation.requestObject([("exp", .integer(Federation.now.seconds + 20))])
        let push = try federation.pushed([("request", object)], client)
        let later = Federation.now.adding(seconds: 60)
        #expect(try brought(push, client, at: later).state == "s-1")
        let afterPush = try UnverifiedAuthorizationRequest(parameters: Federation.query(object: object))
        #expect(throws: AuthorizationRefusal.self) {
            try afterPush.verified(for: federation.rp(), at: federation.rich, at: later)
        }
    }

    @Test func `a reference that has not our form is an ordinary request_uri, and nothing is fetched (checklist E21)`() throws {
        let federation = try Federation()
        for uri in [
            "https://shop.example/r.jwt", "urn:ietf:params:oauth:request_uri:short",
            "URN:ietf:params:oauth:request_uri:" + String(repeating: "A", count: 43),
            Federation.reference + "A", "urn:ietf:params:oauth:request_uri:" + String(repeating: "/", count: 43), "file:///etc/passwd",
            "http://169.254.169.254/",
        ] {
            let query = Federation.query([("request_uri", uri)])
            #expect(try UnverifiedAuthorizationRequest(parameters: query).pushedDigest == nil)
            let refusal = try #require(try federation.refusal(query))
            #expect(refusal.error == .requestURINotSupported)
        }
        #expect(
            try UnverifiedAuthorizationRequest(parameters: Federation.query([("request_uri", Federation.reference)])).pushedDigest?.count
                == 32)
    }
}
