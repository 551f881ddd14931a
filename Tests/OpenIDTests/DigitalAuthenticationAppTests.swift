import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// Plays the messages of a relying party that was written for デジタル認証アプリ (`jpki.md` §6.1), byte shapes included: another issuer and
/// other endpoints are all it has to change.
@Suite struct `A relying party written for the Digital Authentication App (jpki.md §6.1)` {
    private static let redirect = "https://rp.example.go.jp/callback"
    private static let query = """
        response_type=code&client_id=RP00000001&redirect_uri=https%3A%2F%2Frp.example.go.jp%2Fcallback\
        &scope=openid+name+address+birthdate+gender&state=3b5e7a12-0c1f-4c53-9d0d-5e2f8c7f6d11&nonce=7Yl0Tz8bV2mQ4c6e\
        &code_challenge=E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM&code_challenge_method=S256&acr_values=aal3+crl
        """

    private func client(_ federation: Federation) throws -> Client {
        try Client(
            id: Federation.memberID("RP00000001"), redirectURIs: [Self.redirect],
            authentication: .privateKeyJWT(federation.keys.set([federation.keys.shopRS256])), scopes: ["openid"], requiresNonce: true)
    }

    @Test func `code, PKCE, nonce, acr_values, private_key_jwt with RS256, ES256 and PPID`() throws {
        let federation = try Federation()
        let client = try client(federation)
        let unverified = try UnverifiedAuthorizationRequest(parameters: Self.query)
        #expect(unverified.clientID.text == "RP00000001")
        let request = try unverified.verified(for: client, at: federation.provider, at: Federation.now)
        // Two words are two values; the revocation method is one we do not know, and that refuses nobody.
        #expect(request.ask.requirement?.values == ["aal3", "crl"])
        #expect(request.ask.requirement?.essential == false)
        let member = try federation.member("RP00000001")
        let grant = try federation.grant(request.ask, member: member, session: federation.session())
        var random = SystemRandom()
        let (record, carried) = try request.code(for: grant, at: federation.provider, at: Federation.now, using: &random)
        let callback = Federation.parameters(of: carried.location)
        #expect(callback["state"] == "3b5e7a12-0c1f-4c53-9d0d-5e2f8c7f6d11")
        let assertion = try federation.keys.shopRS256.signed(
            federation.assertionClaims(
                [("exp", .integer(Federation.now.seconds + 300)), ("jti", "f3b2c1d0-0000-4000-8000-000000000001")], client: "RP00000001"),
            type: "JWT")
        let code = try #require(callback["code"])
        let body = """
            grant_type=authorization_code&code=\(code)&redirect_uri=https%3A%2F%2Frp.example.go.jp%2Fcallback\
            &code_verifier=\(Federation.verifier)&client_id=RP00000001\
            &client_assertion_type=urn%3Aietf%3Aparams%3Aoauth%3Aclient-assertion-type%3Ajwt-bearer&client_assertion=\(assertion)
            """
        let answer = try UnverifiedTokenRequest(body: Array(body.utf8), authorization: nil)
            .authenticated(as: client, at: federation.provider, at: Federation.now)
            .tokens(for: record, member: member, policy: federation.policy, at: federation.provider, at: Federation.now, using: &random)
        let (claims, header) = try federation.idTokenClaims(answer)
        #expect(header["alg"]?.string == "ES256")
        #expect(claims["sub"]?.string == Federation.pairwise)
        #expect(claims["nonce"]?.string == "7Yl0Tz8bV2mQ4c6e")
        #expect(claims["acr"]?.string == "aal3")
        let info = try federation.userInfo(answer, client: client, member: member)
        #expect(info["sub"] == claims["sub"])
        // We hold no name and no address: they are absent, which is no error (OpenID Connect Core §5.3.2).
        #expect(info["name"] == nil)
    }

    @Test func `a face login is asked to step up when aal3 was asked for`() throws {
        let federation = try Federation()
        let request = try UnverifiedAuthorizationRequest(parameters: Self.query)
            .verified(for: client(federation), at: federation.provider, at: Federation.now)
        let step = SignOn.next(
            for: request.ask, by: try federation.member("RP00000001"), in: try federation.session(mode: .face), under: federation.policy,
            sessions: SessionRules(idle: 3_600, absolute: 28_800), at: Federation.now)
        guard case .authenticate(let need) = step else {
            Issue.record("let in without the PIN")
            return
        }
        #expect(need.weakestMode == .pin)
    }

    /// A public PHP adapter writes `&code_challenge<value>` without `=`.
    @Test func `the adapter that forgets an equals sign is told so at its own address`() throws {
        let federation = try Federation()
        let broken = Self.query.split(separator: "code_challenge=").joined(separator: "code_challenge")
        #expect(broken.contains("&code_challengeE9Melhoa2"))
        let refusal = try #require(try federation.refusal(broken, client: client(federation)))
        #expect(refusal.explanation.code == "openid.request.code-challenge-missing")
        #expect(refusal.explanation.remedy.contains("="))
        let location = try #require(refusal.location(issuer: Federation.issuer))
        let answer = Federation.parameters(of: location)
        #expect(location.hasPrefix(Self.redirect + "?"))
        #expect(answer["error"] == "invalid_request")
        #expect(answer["state"] == "3b5e7a12-0c1f-4c53-9d0d-5e2f8c7f6d11")
        #expect(answer["error_description"]?.contains("found-without-equals-sign") == true)
    }

    @Test func `without the nonce it is refused as the app would`() throws {
        let federation = try Federation()
        let query = Self.query.split(separator: "&").filter { !$0.hasPrefix("nonce=") }.joined(separator: "&")
        #expect(try federation.refusal(query, client: client(federation))?.explanation.code == "openid.request.nonce-missing")
    }
}
