import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Authorization request (checklist C1, C6, C7, C10, C20, O1, O20)` {
    struct Case: CustomTestStringConvertible, Sendable {
        let changes: [(String, String?)]
        let error: AuthorizationError
        let code: String
        var testDescription: String { code + " " + changes.map { $0.0 + "=" + ($0.1 ?? "–") }.joined(separator: "&").prefix(60) }
    }

    static let refused = [
        Case(changes: [("response_type", nil)], error: .invalidRequest, code: "openid.request.response-type-missing"),
        Case(changes: [("response_type", "")], error: .invalidRequest, code: "openid.request.response-type-missing"),
        Case(changes: [("response_type", "token")], error: .unsupportedResponseType, code: "openid.request.response-type"),
        Case(changes: [("response_type", "code id_token")], error: .unsupportedResponseType, code: "openid.request.response-type"),
        Case(changes: [("response_type", "Code")], error: .unsupportedResponseType, code: "openid.request.response-type"),
        Case(changes: [("response_mode", "fragment")], error: .invalidRequest, code: "openid.request.response-mode"),
        Case(changes: [("response_mode", "Query")], error: .invalidRequest, code: "openid.request.response-mode"),
        Case(changes: [("response_mode", "fragment.jwt")], error: .invalidRequest, code: "openid.request.response-mode"),
        Case(changes: [("response_mode", "jwt")], error: .invalidRequest, code: "openid.request.response-mode-unregistered"),
        Case(changes: [("response_mode", "form_post.jwt")], error: .invalidRequest, code: "openid.request.response-mode-unregistered"),
        Case(changes: [("dpop_jkt", "x")], error: .invalidRequest, code: "openid.request.dpop-jkt"),
        Case(changes: [("resource", "https://api.example")], error: .invalidTarget, code: "openid.resource.unregistered"),
        Case(changes: [("resource", "https://api.example/#f")], error: .invalidTarget, code: "openid.resource.malformed"),
        Case(changes: [("resource", "api")], error: .invalidTarget, code: "openid.resource.malformed"),
        Case(
            changes: [("authorization_details", "[{}]")], error: .invalidAuthorizationDetails, code: "openid.details.form"),
        Case(
            changes: [("authorization_details", #"[{"type":"x"}]"#)], error: .invalidAuthorizationDetails, code: "openid.details.type"),
        Case(
            changes: [("request_uri", Federation.reference)], error: .invalidRequestURI, code: "openid.pushed.unknown"),
        Case(changes: [("request", "e30.e30.")], error: .requestNotSupported, code: "openid.request.request-unsupported"),
        Case(
            changes: [("request_uri", "https://evil.example/")], error: .requestURINotSupported,
            code: "openid.request.request-uri-unsupported"),
        Case(changes: [("registration", "{}")], error: .registrationNotSupported, code: "openid.request.registration-unsupported"),
        Case(changes: [("scope", nil)], error: .invalidScope, code: "openid.request.scope-missing"),
        Case(changes: [("scope", "profile")], error: .invalidScope, code: "openid.request.scope"),
        Case(changes: [("scope", "openid \"x\"")], error: .invalidScope, code: "openid.request.scope"),
        Case(changes: [("scope", "OPENID")], error: .invalidScope, code: "openid.request.scope"),
        // Checklist E6, O1: PKCE for everybody, never `plain`.
        Case(changes: [("code_challenge", nil)], error: .invalidRequest, code: "openid.request.code-challenge-missing"),
        Case(
            changes: [("code_challenge", nil), ("code_challenge_method", nil)], error: .invalidRequest,
            code: "openid.request.code-challenge-missing"),
        Case(changes: [("code_challenge_method", nil)], error: .invalidRequest, code: "openid.request.code-challenge-method-missing"),
        Case(changes: [("code_challenge_method", "plain")], error: .invalidRequest, code: "openid.request.code-challenge-method"),
        Case(changes: [("code_challenge_method", "s256")], error: .invalidRequest, code: "openid.request.code-challenge-method"),
        Case(changes: [("code_challenge", "short")], error: .invalidRequest, code: "openid.request.code-challenge"),
        Case(changes: [("code_challenge", Federation.challenge + "=")], error: .invalidRequest, code: "openid.request.code-challenge"),
        Case(
            changes: [("code_challenge", String(Federation.challenge.dropLast()))], error: .invalidRequest,
            code: "openid.request.code-challenge"),
        Case(changes: [("nonce", String(repeating: "n", count: 513))], error: .invalidRequest, code: "openid.request.nonce-too-long"),
        Case(changes: [("state", String(repeating: "s", count: 4_097))], error: .invalidRequest, code: "openid.request.state-too-long"),
        Case(changes: [("prompt", "none login")], error: .invalidRequest, code: "openid.request.prompt"),
        Case(changes: [("prompt", "create")], error: .invalidRequest, code: "openid.request.prompt"),
        Case(changes: [("max_age", "-1")], error: .invalidRequest, code: "openid.request.max-age"),
        Case(changes: [("max_age", "1.5")], error: .invalidRequest, code: "openid.request.max-age"),
        Case(changes: [("max_age", "99999999999")], error: .invalidRequest, code: "openid.request.max-age"),
        Case(changes: [("max_age", "٣")], error: .invalidRequest, code: "openid.request.max-age"),
        Case(changes: [("claims", "{")], error: .invalidRequest, code: "openid.request.claims"),
        Case(changes: [("claims", "[]")], error: .invalidRequest, code: "openid.request.claims"),
        Case(changes: [("claims", #"{"id_token":1}"#)], error: .invalidRequest, code: "openid.request.claims"),
        Case(changes: [("claims", #"{"id_token":{"acr":1}}"#)], error: .invalidRequest, code: "openid.request.claims"),
        Case(changes: [("claims", #"{"id_token":{"acr":{"essential":"yes"}}}"#)], error: .invalidRequest, code: "openid.request.claims"),
        Case(
            changes: [("claims", #"{"id_token":{"acr":{"essential":true,"values":"aal3"}}}"#)], error: .invalidRequest,
            code: "openid.request.claims"),
        Case(
            changes: [("claims", #"{"id_token":{"acr":{"essential":true,"values":[]}}}"#)], error: .invalidRequest,
            code: "openid.request.claims"),
        Case(changes: [("claims", #"{"id_token":{"acr":{"values":[1]}}}"#)], error: .invalidRequest, code: "openid.request.claims"),
        // Checklist E12: two members of one name.
        Case(
            changes: [("claims", #"{"id_token":{"acr":{"essential":true,"essential":false}}}"#)], error: .invalidRequest,
            code: "openid.request.claims"),
        Case(changes: [("claims", String(repeating: "[", count: 4_000))], error: .invalidRequest, code: "openid.request.claims"),
        Case(changes: [("claims", #"{"id_token":{"sub":{"value":1}}}"#)], error: .invalidRequest, code: "openid.request.claims"),
        Case(changes: [("claims", #"{"id_token":{"sub":{"value":"x"}}}"#)], error: .loginRequired, code: "openid.request.subject"),
        Case(changes: [("id_token_hint", "x")], error: .invalidRequest, code: "openid.request.id-token-hint"),
    ]

    @Test(arguments: refused)
    func `a faulty request is answered at its registered address with code, state and issuer`(faulty: Case) throws {
        let federation = try Federation()
        let refusal = try #require(try federation.refusal(Federation.query(faulty.changes)))
        let location = try #require(refusal.location(issuer: Federation.issuer))
        let answer = Federation.parameters(of: location)
        #expect(refusal.explanation.code == faulty.code)
        #expect(answer["error"] == faulty.error.rawValue)
        #expect(answer["iss"] == Federation.issuer)
        #expect(answer["state"] == (faulty.code == "openid.request.state-too-long" ? nil : "s-1"))
        #expect(answer["error_description"]?.isEmpty == false)
        #expect(location.hasPrefix(Federation.callback + "?"))
        #expect(location.utf8.count < 3_000)
        #expect(location.utf8.allSatisfy { (0x21...0x7e).contains($0) })
    }

    @Test(
        arguments: [
            [], [("state", nil)], [("nonce", nil)], [("unknown", "x")], [("display", "popup")], [("ui_locales", "ja en")],
            [("claims_locales", "ja")], [("login_hint", "hanako")], [("acr_values", "nobody knows these")],
            [("scope", "openid email address")],
            [("prompt", "login consent")], [("prompt", "select_account")], [("max_age", "10000")], [("response_mode", "query")],
            [("claims", #"{"userinfo":{"name":{"essential":true}},"id_token":{"auth_time":{"essential":true},"acr":null}}"#)],
            [("nonce", String(repeating: "n", count: 512))], [("state", String(repeating: "s", count: 4_096))], [("dpop_jkt", "")],
            [("prompt", "")], [("request", "")], [("resource", "")],
        ] as [[(String, String?)]])
    func `what Core allows and what is unknown does not fail`(changes: [(String, String?)]) throws {
        #expect(try Federation().refusal(Federation.query(changes)) == nil)
    }

    @Test(arguments: Federation.plainRequest.map(\.0) + ["unknown", "prompt"])
    func `a parameter that comes twice is refused`(name: String) throws {
        let federation = try Federation()
        let query = Federation.query([("prompt", "login"), ("unknown", "x")])
        let value = name == "client_id" ? "shop" : "x"
        let refusal = try #require(try federation.refusal(query + "&" + name + "=" + value))
        #expect(refusal.explanation.code == "openid.request.repeated")
        let location = refusal.location(issuer: Federation.issuer)
        #expect((location == nil) == ["client_id", "redirect_uri"].contains(name))
        // A state of two values is no state to echo.
        if name == "state", let location { #expect(Federation.parameters(of: location)["state"] == nil) }
    }

    @Test(arguments: [
        "client_id=", "", "client_id=shop%", "client_id=shop%zz", "client_id=%ff", "client_id=shop&state=%c3%28", "client_id=\u{3042}",
        "client_id=a b", "redirect_uri=https://shop.example/cb", "client_id=shop&client_id=shop", "client_id=a%00b",
        String(repeating: "a=b&", count: 70), "client_id=" + String(repeating: "x", count: 1_025),
        "client_id=shop&state=" + String(repeating: "x", count: 40_000),
    ])
    func `what cannot be read is answered on a page`(raw: String) {
        do throws(AuthorizationRefusal) {
            _ = try UnverifiedAuthorizationRequest(parameters: raw)
            Issue.record("read")
        } catch {
            #expect(error.location(issuer: Federation.issuer) == nil)
            #expect(error.explanation.summary.utf8.count < 200)
        }
    }

    @Test(arguments: ["s-1", " +%&=#?", "\u{65e5}\u{672c}", "a\r\nLocation: https://evil.example", "'\"><script>", "e\u{301}"])
    func `state comes back byte for byte, in success and in refusal`(state: String) throws {
        let federation = try Federation()
        let request = try federation.verified([("state", state)])
        let no = try request.location(refusing: .cancelled, at: federation.provider)
        var random = Seeded()
        let grant = try federation.grant(request.ask, member: federation.member(), session: federation.session())
        let yes = try request.code(for: grant, at: federation.provider, at: Federation.now, using: &random).answer.location
        for location in [no, yes] {
            #expect(Federation.parameters(of: location)["state"].map { Array($0.utf8) } == Array(state.utf8))
            #expect(location.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x3c })
        }
    }

    @Test func `no state asked, no state answered`() throws {
        let federation = try Federation()
        let location = try federation.verified([("state", nil)]).location(refusing: .cancelled, at: federation.provider)
        #expect(Federation.parameters(of: location)["state"] == nil)
    }

    @Test func `a nonce is required only where the registration says so`() throws {
        let federation = try Federation()
        #expect(try federation.refusal(Federation.query([("nonce", nil)])) == nil)
        let refusal = try federation.refusal(Federation.query([("nonce", nil)]), client: federation.client(requiresNonce: true))
        #expect(refusal?.explanation.code == "openid.request.nonce-missing")
    }

    @Test func `prompt and max_age reach the journey`() throws {
        let federation = try Federation()
        func ask(_ changes: [(String, String?)]) throws -> Ask { try federation.verified(changes).ask }
        #expect(try ask([("prompt", "none")]).passive)
        #expect(try !ask([]).passive)
        #expect(try !ask([]).forceAuthentication)
        for prompt in ["login", "consent", "select_account", "login consent"] { #expect(try ask([("prompt", prompt)]).forceAuthentication) }
        #expect(try ask([("max_age", "300")]).maximumAge == 300)
        #expect(try !ask([("max_age", "300")]).forceAuthentication)
        #expect(try ask([("max_age", "0")]).forceAuthentication, "max_age=0 is prompt=login")
        #expect(try ask([]).askedAt == Federation.now)
        #expect(try ask([]).purpose == nil)
    }

    @Test func `acr_values are a wish, an essential acr is a condition`() throws {
        let federation = try Federation()
        let wish = try federation.verified([("acr_values", "aal3  crl")]).ask.requirement
        #expect(wish == ContextRequirement(values: ["aal3", "crl"], comparison: .minimum, essential: false))
        let many = (1...17).map(String.init)
        let read = try federation.verified([("acr_values", many.joined(separator: " "))]).ask.requirement
        #expect(read?.values == Array(many.prefix(16)), "more than are read refuse nobody")
        let condition = #"{"id_token":{"acr":{"essential":true,"values":["aal2","aal3"]}}}"#
        let both = try federation.verified([("acr_values", "aal1"), ("claims", condition)]).ask.requirement
        #expect(both == ContextRequirement(values: ["aal2", "aal3"], comparison: .exact, essential: true))
        let voluntary = try federation.verified([("claims", #"{"id_token":{"acr":{"value":"aal2"}}}"#)]).ask.requirement
        #expect(voluntary == ContextRequirement(values: ["aal2"], comparison: .minimum, essential: false))
        #expect(try federation.verified([("claims", #"{"id_token":{"acr":{"essential":true}}}"#)]).ask.requirement == nil)
    }

    @Test func `an essential acr that nobody can reach is unmet_authentication_requirements`() throws {
        let federation = try Federation()
        let request = try federation.verified([("claims", #"{"id_token":{"acr":{"essential":true,"value":"aal9"}}}"#)])
        let refusal = try federation.refusal(request.ask, member: federation.member(), session: federation.session())
        let answer = Federation.parameters(of: try request.location(refusing: refusal, at: federation.provider))
        #expect(answer["error"] == "unmet_authentication_requirements")
        #expect(answer["iss"] == Federation.issuer)
    }

    @Test func `prompt=none says login_required without and interaction_required with a session that does not suffice`() throws {
        let federation = try Federation()
        let request = try federation.verified([("prompt", "none"), ("acr_values", "aal3")])
        let nobody = try federation.refusal(request.ask, member: federation.member(), session: nil)
        let weak = try federation.refusal(request.ask, member: federation.member(), session: federation.session(mode: .presence))
        func error(_ refusal: SignOnRefusal) throws -> String? {
            Federation.parameters(of: try request.location(refusing: refusal, at: federation.provider))["error"]
        }
        #expect(try error(nobody) == "login_required")
        #expect(try error(weak) == "interaction_required")
    }

    @Test func `a suspended member is unauthorized_client, a policy's no is access_denied`() throws {
        let federation = try Federation()
        let request = try federation.verified()
        let suspended = try federation.refusal(request.ask, member: federation.member(state: .suspended), session: federation.session())
        let answer = Federation.parameters(of: try request.location(refusing: suspended, at: federation.provider))
        #expect(answer["error"] == "unauthorized_client")
        #expect(answer["error_description"]?.contains("policy.member.suspended") == true)
        for refusal in [SignOnRefusal.cancelled, .presenceNeverLinks, .otherCitizenAtStepUp] {
            let location = try request.location(refusing: refusal, at: federation.provider)
            #expect(Federation.parameters(of: location)["error"] == "access_denied")
        }
    }
}

/// A generator whose values are known, to show that nothing else makes the randomness.
struct Seeded: RandomNumberGenerator {
    var state: UInt64 = 42

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state
    }
}
