import Cryptography
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Refresh: a successor that is the same however often it is asked for (checklist O17, C19)` {
    private let federation: Federation
    init() throws { federation = try Federation(refreshTokens: true) }

    private func first(_ client: Client, _ more: [(String, String?)] = []) throws -> TokenAnswer {
        let (code, record) = try federation.code([("scope", "openid profile offline_access")] + more, client: client)
        return try federation.tokens(
            record, Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client)
    }

    private func refreshed(
        _ token: String, _ old: RefreshTokenRecord, _ client: Client, _ more: [(String, String)] = [], dpop: [String] = [],
        at now: Timestamp = Federation.now
    ) throws -> TokenAnswer {
        let credential = Federation.credential(try federation.assertion()).map { ($0.0, $0.1 ?? "") }
        let body = Array(Federation.form([("grant_type", "refresh_token"), ("refresh_token", token)] + more + credential).utf8)
        var random = SystemRandomNumberGenerator()
        return try federation.authenticated(body, client: client, dpop: dpop).tokens(
            refreshing: old, member: federation.member(), policy: federation.policy, at: federation.provider, at: now, using: &random)
    }

    private func token(_ answer: TokenAnswer) throws -> String { try #require(answer.body["refresh_token"]?.string) }

    @Test func `asked twice, the answer has the same refresh token and another access token`() throws {
        let client = try federation.optionsClient()
        let answer = try first(client)
        let old = try #require(answer.refreshToken)
        let (one, two) = (try refreshed(token(answer), old, client), try refreshed(token(answer), old, client))
        #expect(try token(one) == token(two))
        #expect(one.refreshToken?.tokenDigest == two.refreshToken?.tokenDigest)
        #expect(one.body["access_token"] != two.body["access_token"])
        #expect(try token(one) != token(answer))
        #expect(Base64url.decode(try token(one))?.count == 32)
    }

    @Test func `neither the store nor the token alone tells the successor`() throws {
        let client = try federation.optionsClient()
        let answer = try first(client)
        let old = try #require(answer.refreshToken)
        let next = try refreshed(token(answer), old, client)
        let seed = try #require(old.seed)
        #expect(!old.json.text.contains(try token(next)))
        #expect(!(next.refreshToken?.json.text.contains(try token(next)) ?? true))
        // Another seed, another successor; and the seed of the successor is a new one.
        let reseeded = try #require(
            RefreshTokenRecord(json: old.json.with("seed", .string(Base64url.encode([UInt8](repeating: 9, count: 32))))))
        #expect(try token(refreshed(token(answer), reseeded, client)) != token(next))
        #expect(next.refreshToken?.seed != seed)
    }

    @Test func `within the grace the store says repeated, then it is theft`() async throws {
        let client = try federation.optionsClient()
        let answer = try first(client)
        let old = try #require(answer.refreshToken)
        let next = try #require(try refreshed(token(answer), old, client).refreshToken)
        for (after, expected) in [(29, RefreshRotation.repeated), (30, .reused)] as [(Int64, RefreshRotation)] {
            let store = MemoryStore()
            await store.issueRefresh(old)
            #expect(await store.rotate(old.tokenDigest, to: next, within: 30, at: Federation.now) == .rotated)
            let again = try #require(try refreshed(token(answer), old, client).refreshToken)
            #expect(await store.rotate(old.tokenDigest, to: again, within: 30, at: Federation.now.adding(seconds: after)) == expected)
            #expect((await store.refresh(next.tokenDigest, at: Federation.now) == nil) == (expected == .reused))
        }
    }

    @Test(arguments: [(-5, 0), (0, 0), (30, 30), (120, 120), (3_600, 120)] as [(Int64, Int64)])
    func `the grace is bounded`(asked: Int64, got: Int64) {
        #expect(Provider.Lifetimes(refreshGrace: asked).refreshGrace == got)
        #expect(Provider.Lifetimes().refreshGrace == 30)
    }

    @Test func `a FAPI client keeps its refresh token (FAPI 2.0 Security Profile §5.3.2.1-9)`() throws {
        let maker = try ProofMaker()
        let client = try federation.optionsClient { $0.profile = .fapi2 }
        #expect(!client.rotatesRefreshTokens)
        let core = try federation.optionsClient()
        #expect(core.rotatesRefreshTokens)
        let answer = try first(core)
        let old = try #require(answer.refreshToken)
        let credential = Federation.credential(
            try federation.assertion([("aud", .string(Federation.issuer))])
        ).map { ($0.0, $0.1 ?? "") }
        let body = Array(
            Federation.form([("grant_type", "refresh_token"), ("refresh_token", try token(answer))] + credential).utf8)
        var random = SystemRandomNumberGenerator()
        let second = try federation.authenticated(body, client: client, dpop: [maker.proof()]).tokens(
            refreshing: old, member: federation.member(), policy: federation.policy, at: federation.provider, at: Federation.now,
            using: &random)
        #expect(second.refreshToken == nil)
        #expect(second.body["refresh_token"] == nil)
        #expect(second.body["token_type"]?.string == "DPoP")
        let refusal = try Federation.refusal {
            _ = try federation.authenticated(body, client: client).tokens(
                refreshing: old, member: federation.member(), policy: federation.policy, at: federation.provider, at: Federation.now,
                using: &random)
        }
        #expect(refusal?.explanation.code == "openid.token.sender-constraint")
    }

    /// RFC 6749 §6: the new refresh token has the scope of the old one, whatever less the access token was asked for.
    @Test func `narrowing concerns the access token only`() throws {
        let client = try federation.optionsClient()
        let answer = try first(client)
        let old = try #require(answer.refreshToken)
        let less = try refreshed(token(answer), old, client, [("scope", "openid")])
        #expect(less.body["scope"]?.string == "openid")
        #expect(less.accessToken.scopes == ["openid"])
        #expect(less.refreshToken?.scopes == ["openid", "profile", "offline_access"])
    }

    /// OpenID Connect Core §12.2.
    @Test func `a new ID token tells the same login, without the nonce`() throws {
        let client = try federation.optionsClient()
        let answer = try first(client)
        let later = Federation.now.adding(seconds: 120)
        let next = try refreshed(token(answer), try #require(answer.refreshToken), client, at: later)
        let (then, now) = (try federation.idTokenClaims(answer).claims, try federation.idTokenClaims(next).claims)
        for name in ["iss", "sub", "aud", "auth_time", "acr", "amr", "sid"] { #expect(then[name] == now[name], "\(name)") }
        #expect(then["nonce"]?.string == "n-1")
        #expect(now["nonce"] == nil)
        #expect(now["iat"]?.integer == later.seconds)
        #expect(then["at_hash"] != now["at_hash"])
        #expect(try refreshed(token(answer), try #require(answer.refreshToken), client, [("scope", "profile")]).body["id_token"] == nil)
    }

    @Test(arguments: 0..<43)
    func `no prefix of a refresh token is one (checklist E11)`(count: Int) throws {
        let client = try federation.optionsClient()
        let answer = try first(client)
        let cut = String(try token(answer).prefix(count))
        let refusal = try Federation.refusal { _ = try refreshed(cut, try #require(answer.refreshToken), client) }
        #expect(refusal?.error == (count == 0 ? .invalidRequest : .invalidGrant))
    }

    @Test func `a code, an access token and an ID token refresh nothing (checklist E24)`() throws {
        let client = try federation.optionsClient()
        let answer = try first(client)
        let old = try #require(answer.refreshToken)
        for other in ["access_token", "id_token"] {
            let text = try #require(answer.body[other]?.string)
            #expect(try Federation.refusal { _ = try refreshed(text, old, client) } == .refreshUnknown)
        }
    }
}
