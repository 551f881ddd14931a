import Cryptography
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Device authorization request, RFC 8628 §3.1 (O13)` {
    let federation: Federation

    init() throws { federation = try Federation() }

    @Test func `is answered with a code for the client and a short one for the citizen`() throws {
        let (grant, answer) = federation.begun(try federation.deviceRequest([Federation.openid]), from: "203.0.113.7")
        let secret = try #require(answer["device_code"]?.string)
        #expect(Ticket.digest(of: secret) == grant.secretDigest)
        let shown = try #require(answer["user_code"]?.string)
        #expect(UserCode(typed: shown)?.digest == grant.handle)
        #expect(answer["verification_uri"]?.string == "https://login.example/device")
        #expect(answer["verification_uri_complete"]?.string == "https://login.example/device?user_code=" + shown)
        #expect(answer["expires_in"]?.integer == 600)
        #expect(answer["interval"]?.integer == 5)
        #expect(grant.expiresAt == Federation.now.adding(seconds: 600))
        #expect(grant.askedFrom == "203.0.113.7")
        #expect(AwaitedGrant(json: grant.json) == grant)
        #expect(!grant.json.text.contains(secret))
        #expect(!grant.json.text.contains(shown))
    }

    @Test(arguments: [
        ([("scope", "openid offline_access profile email openid")], ["openid", "profile"]),
        ([("scope", "profile openid")], ["profile", "openid"]),
    ])
    func `has the scopes that are asked, registered and supported`(fields: [(String, String)], scopes: [String]) throws {
        #expect(federation.begun(try federation.deviceRequest(fields)).grant.scopes == scopes)
    }

    @Test(arguments: [(true, true), (true, false), (false, true)])
    func `has offline_access only where a refresh token can follow (OpenID Connect Core §11)`(given: Bool, registered: Bool) throws {
        let federation = try Federation(refreshTokens: given)
        let client = try federation.waitingClient(grants: registered ? [.deviceCode, .refreshToken] : [.deviceCode])
        let request = try federation.deviceRequest([("scope", "openid offline_access")], client: client)
        #expect(federation.begun(request).grant.scopes == (given && registered ? ["openid", "offline_access"] : ["openid"]))
    }

    @Test func `reads sixteen acr_values, and passes over more (OpenID Connect Core §3.1.2.1)`() throws {
        let values = (1...17).map { "level-\($0)" }
        let asked = try federation.deviceRequest([Federation.openid, ("acr_values", values.joined(separator: " "))])
        #expect(federation.begun(asked).grant.acrValues == Array(values.prefix(16)))
        let client = try federation.waitingClient(contexts: values)
        #expect(federation.begun(try federation.deviceRequest([Federation.openid], client: client)).grant.acrValues.count == 16)
    }

    @Test(
        arguments: [
            ([], "invalid_scope"), ([("scope", "profile")], "invalid_scope"),
            ([("scope", "openid"), ("scope", "openid")], "invalid_request"),
            ([("scope", "openid"), ("request", "a.b.c")], "invalid_request"),
            ([("scope", "openid"), ("request_uri", "urn:x")], "invalid_request"),
            ([("scope", "openid"), ("resource", "https://other.example/")], "invalid_target"),
            ([("scope", "openid"), ("authorization_details", "[]")], "invalid_authorization_details"),
        ] as [([(String, String)], String)])
    func `for a device is refused without its scope, or with what it has no use for`(fields: [(String, String)], error: String) throws {
        let refusal = try federation.refusal { _ = try federation.deviceRequest(fields) }
        #expect(refusal?.error.rawValue == error)
    }

    @Test func `is refused to a client that shows no more than its name: none is public`() throws {
        let client = try federation.waitingClient()
        let named = try federation.form([("client_id", client.id.text), Federation.openid])
        let refusal = try federation.refusal {
            _ = try UnverifiedClient(named, ClientEvidence()).authenticated(as: client, at: federation.provider, at: Federation.now)
        }
        #expect(refusal?.error == .invalidClient)
    }

    @Test func `is off unless the registration turns it on`() throws {
        let client = try federation.waitingClient(grants: [.ciba])
        let refusal = try federation.refusal { _ = try federation.deviceRequest([Federation.openid], client: client) }
        #expect(refusal?.error == .unauthorizedClient)
        #expect(refusal?.explanation.code == "openid.awaited.off")
    }

    @Test func `keeps the resources the client registered`() throws {
        let client = try federation.waitingClient(resources: ["https://api.example/a", "https://api.example/b"])
        let request = try federation.deviceRequest(
            [Federation.openid, ("resource", "https://api.example/b"), ("resource", "https://api.example/a")], client: client)
        #expect(federation.begun(request).grant.resources == ["https://api.example/b", "https://api.example/a"])
    }

    @Test func `asks for the client's default contexts where it names none`() throws {
        let client = try federation.waitingClient(contexts: ["aal2"])
        #expect(federation.begun(try federation.deviceRequest([Federation.openid], client: client)).grant.acrValues == ["aal2"])
        let asked = try federation.deviceRequest([Federation.openid, ("acr_values", "aal3")], client: client)
        #expect(federation.begun(asked).grant.acrValues == ["aal3"])
    }

    @Test func `asks for a new use of the card, whatever session there is (RFC 8628 §5.4)`() throws {
        let grant = federation.begun(try federation.deviceRequest([Federation.openid, ("acr_values", "aal3")])).grant
        let ask = grant.ask(at: Federation.now, of: nil)
        #expect(ask.forceAuthentication)
        #expect(ask.member.text == "shop")
        #expect(ask.requirement?.values == ["aal3"])
        #expect(ask.expected == nil)
    }

    @Test(arguments: [
        "kind", "digest", "handle", "client", "scopes", "acr", "resources", "message", "sector", "pairwise", "from", "asked", "expires",
        "interval",
    ])
    func `a record that is not whole is none`(member: String) throws {
        let grant = federation.begun(try federation.deviceRequest([Federation.openid])).grant
        let members = try #require(grant.json.members)
        #expect(AwaitedGrant(json: .object(members.filter { $0.0 != member })) == nil)
    }
}

@Suite struct `Redeeming what a citizen approved` {
    let federation: Federation

    init() throws { federation = try Federation(refreshTokens: true) }

    private func request(_ fields: [(String, String)], client: Client) throws -> AuthenticatedTokenRequest {
        let credential = Federation.credential(try federation.assertion(client: client.id.text)).compactMap { name, value in
            value.map { (name, $0) }
        }
        return try federation.authenticated(Array(Federation.form(fields + credential).utf8), client: client)
    }

    private func entitlement(resources: [String] = [], client: Client? = nil) throws -> Entitlement {
        let asked = [("scope", "openid offline_access")] + resources.map { ("resource", $0) }
        let awaited = federation.begun(try federation.deviceRequest(asked, client: client)).grant
        let ask = Ask(member: awaited.client, askedAt: Federation.now)
        return awaited.entitlement(for: try federation.grant(ask, member: federation.member(), session: federation.session()))
    }

    @Test(arguments: [
        ("urn:ietf:params:oauth:grant-type:device_code", "device_code", AwaitedGrant.Kind.device),
        ("urn:openid:params:grant-type:ciba", "auth_req_id", .backchannel),
    ])
    func `makes ID token, access token and refresh token of it`(type: String, field: String, kind: AwaitedGrant.Kind) throws {
        let request = try request([("grant_type", type), (field, "a-secret")], client: federation.waitingClient())
        let awaited = try #require(request.awaited)
        #expect(awaited.kind == kind)
        #expect(awaited.digest == Ticket.digest(of: "a-secret"))
        var random = SystemRandom()
        let answer = try request.tokens(
            forAwaited: entitlement(), member: federation.member(), policy: federation.policy, at: federation.provider, at: Federation.now,
            using: &random)
        #expect(answer.accessToken.codeDigest == awaited.digest)
        #expect(answer.refreshToken?.family == awaited.digest)
        let claims = try federation.idTokenClaims(answer).claims
        #expect(claims["sub"]?.string == Federation.pairwise)
        #expect(claims["aud"]?.string == "shop")
        #expect(claims["nonce"] == nil)
    }

    @Test(arguments: [
        ("urn:ietf:params:oauth:grant-type:device_code", "device_code"), ("urn:openid:params:grant-type:ciba", "auth_req_id"),
    ])
    func `is refused to a client that did not register the grant`(type: String, field: String) throws {
        let client = try federation.client()
        let refusal = try federation.refusal { _ = try request([("grant_type", type), (field, "a-secret")], client: client) }
        #expect(refusal?.error == .unauthorizedClient)
    }

    @Test(arguments: [
        ("urn:ietf:params:oauth:grant-type:device_code", "auth_req_id"), ("urn:openid:params:grant-type:ciba", "device_code"),
    ])
    func `needs the parameter of its own grant`(type: String, field: String) throws {
        let client = try federation.waitingClient()
        let refusal = try federation.refusal { _ = try request([("grant_type", type), (field, "a-secret")], client: client) }
        #expect(refusal?.error == .invalidRequest)
    }

    @Test(arguments: [Accreditation.State.suspended, .withdrawn, .applied])
    func `is refused when the member's standing is gone (H10)`(state: Accreditation.State) throws {
        let client = try federation.waitingClient()
        let request = try request(
            [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", "a-secret")], client: client)
        var random = SystemRandom()
        #expect(throws: TokenRefusal.self) {
            try request.tokens(
                forAwaited: entitlement(), member: federation.member(state: state), policy: federation.policy, at: federation.provider,
                at: Federation.now, using: &random)
        }
    }

    @Test(
        arguments: [
            (["https://a.example/"], [], nil), (["https://a.example/"], ["https://a.example/", "https://b.example/"], nil),
            (["https://c.example/"], [], "invalid_target"), (["https://b.example/"], ["https://a.example/"], "invalid_target"),
        ] as [([String], [String], String?)])
    func `may be redeemed for less, and for nothing else (RFC 8707 §2.2)`(asked: [String], granted: [String], error: String?) throws {
        let client = try federation.waitingClient(resources: ["https://a.example/", "https://b.example/"])
        for (type, field) in [
            ("urn:ietf:params:oauth:grant-type:device_code", "device_code"), ("urn:openid:params:grant-type:ciba", "auth_req_id"),
        ] {
            let request = try request([("grant_type", type), (field, "a-secret")] + asked.map { ("resource", $0) }, client: client)
            var random = SystemRandom()
            let whole = try entitlement(resources: granted, client: client)
            do {
                let answer = try request.tokens(
                    forAwaited: whole, member: federation.member(), policy: federation.policy, at: federation.provider, at: Federation.now,
                    using: &random)
                #expect(error == nil && answer.accessToken.audience == asked)
                #expect(answer.refreshToken?.entitlement.resources == granted, "the refresh token stands for all of it")
            } catch let refusal as TokenRefusal { #expect(refusal.error.rawValue == error) }
        }
    }

    @Test func `has no details to narrow (RFC 9396 §6)`() throws {
        let client = try federation.waitingClient()
        let request = try request(
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", "a-secret"),
                ("authorization_details", #"[{"type":"nonsense"}]"#),
            ], client: client)
        let refusal = try federation.refusal {
            var random = SystemRandom()
            _ = try request.tokens(
                forAwaited: entitlement(), member: federation.member(), policy: federation.policy, at: federation.provider,
                at: Federation.now, using: &random)
        }
        #expect(refusal?.error == .invalidAuthorizationDetails)
    }

    @Test func `is refused with another client's entitlement (E5)`() throws {
        let client = try federation.waitingClient("other")
        let request = try request(
            [("grant_type", "urn:ietf:params:oauth:grant-type:device_code"), ("device_code", "a-secret")], client: client)
        var random = SystemRandom()
        #expect(throws: TokenRefusal.self) {
            try request.tokens(
                forAwaited: entitlement(), member: federation.member("other"), policy: federation.policy, at: federation.provider,
                at: Federation.now, using: &random)
        }
    }

    @Test(arguments: [
        (AwaitedPoll.pending, "authorization_pending"), (.slowDown, "slow_down"), (.denied, "access_denied"), (.expired, "expired_token"),
        (.unknown, "invalid_grant"), (.redeemed, "invalid_grant"),
        (.taken(AssertionClaim(scope: "s", key: "k", until: Federation.now)), "invalid_client"),
    ])
    func `each state has its error`(poll: AwaitedPoll, error: String) throws {
        let refusal = try federation.refusal { _ = try poll.entitlement() }
        #expect(refusal?.error.rawValue == error)
        #expect(refusal?.isWaiting == ["authorization_pending", "slow_down"].contains(error))
    }

    @Test func `an approved one gives its entitlement`() throws {
        let entitlement = try entitlement()
        #expect(try AwaitedPoll.approved(entitlement).entitlement() == entitlement)
    }
}
