import Cryptography
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Refresh tokens (RFC 6749 §6, RFC 9700 §4.14; checklist C19, E18, O17)` {
    private func client(_ federation: Federation, on: Bool = true) throws -> Client {
        try federation.client(scopes: ["openid", "offline_access"], refreshTokens: on)
    }

    private func first(_ federation: Federation, client: Client) throws -> TokenAnswer {
        let (code, record) = try federation.code([("scope", "openid offline_access")], client: client)
        return try federation.tokens(
            record, Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client)
    }

    private func body(_ federation: Federation, _ token: String, _ more: [(String, String)] = []) throws -> [UInt8] {
        let credential = Federation.credential(try federation.assertion()).map { ($0.0, $0.1 ?? "") }
        return Array(Federation.form([("grant_type", "refresh_token"), ("refresh_token", token)] + more + credential).utf8)
    }

    private func refreshed(
        _ federation: Federation, _ body: [UInt8], _ old: RefreshTokenRecord, _ client: Client, _ member: Member? = nil,
        at now: Timestamp = Federation.now
    ) throws -> TokenAnswer {
        var random = SystemRandom()
        return try federation.authenticated(body, client: client).tokens(
            refreshing: old, member: member ?? federation.member(), policy: federation.policy, at: federation.provider, at: now,
            using: &random)
    }

    @Test func `they are off unless deployment, registration and request all ask for them`() throws {
        let on = try Federation(refreshTokens: true)
        let off = try Federation()
        #expect(try first(on, client: client(on)).refreshToken != nil)
        #expect(try first(on, client: client(on)).body["scope"]?.string == "openid offline_access")
        for none in [try first(on, client: client(on, on: false)), try first(off, client: client(off))] {
            #expect(none.refreshToken == nil)
            #expect(none.body["scope"]?.string == "openid", "no scope promises what cannot follow")
        }
        let (code, record) = try on.code([("scope", "openid")], client: client(on))
        let answer = try on.tokens(record, Federation.tokenBody(code, Federation.credential(on.assertion())), client: client(on))
        #expect(answer.refreshToken == nil)
    }

    @Test func `a client that is not registered for them is unauthorized_client`() throws {
        let federation = try Federation(refreshTokens: true)
        let client = try client(federation, on: false)
        do {
            _ = try federation.authenticated(body(federation, "x"), client: client)
            Issue.record("accepted")
        } catch let refusal as TokenRefusal {
            #expect(refusal.error == .unauthorizedClient)
        }
    }

    @Test func `an exchange gives new tokens, and the old one is worth nothing`() async throws {
        let federation = try Federation(refreshTokens: true)
        let store = MemoryStore()
        let client = try client(federation)
        let answer = try first(federation, client: client)
        let (token, old) = (try #require(answer.body["refresh_token"]?.string), try #require(answer.refreshToken))
        await store.issueRefresh(old)
        await store.issue(answer.accessToken)
        let body = try body(federation, token)
        #expect(try federation.authenticated(body, client: client).refreshDigest == old.tokenDigest)
        #expect(try federation.authenticated(body, client: client).codeDigest == nil)
        let second = try refreshed(federation, body, old, client)
        let new = try #require(second.refreshToken)
        #expect(await store.rotate(old.tokenDigest, to: new, within: 0, at: Federation.now) == .rotated)
        await store.issue(second.accessToken)
        #expect(new.tokenDigest != old.tokenDigest)
        #expect(new.family == old.family)
        #expect(new.expiresAt == old.expiresAt, "an exchange prolongs nothing")
        // Reuse of the old one ends the whole family.
        let third = try #require(try refreshed(federation, body, old, client).refreshToken)
        #expect(await store.rotate(old.tokenDigest, to: third, within: 0, at: Federation.now) == .reused)
        #expect(await store.refresh(new.tokenDigest, at: Federation.now) == nil)
        for token in [answer.accessToken, second.accessToken] {
            #expect(await store.find(token.tokenDigest, at: Federation.now) == nil)
        }
    }

    @Test func `they never outlive the session`() throws {
        let federation = try Federation(refreshTokens: true, lifetimes: .init(refreshToken: 30 * 86_400))
        let client = try client(federation)
        let record = try #require(try first(federation, client: client).refreshToken)
        #expect(record.expiresAt == Federation.now.adding(seconds: 28_800 - 60))
    }

    @Test func `another client, a member that left, a wrong record and an expired one are refused (checklist E18)`() throws {
        let federation = try Federation(refreshTokens: true)
        let client = try client(federation)
        let answer = try first(federation, client: client)
        let (token, old) = (try #require(answer.body["refresh_token"]?.string), try #require(answer.refreshToken))
        let body = try body(federation, token)
        #expect(throws: Never.self) { try refreshed(federation, body, old, client) }
        #expect(throws: TokenRefusal.self) { try refreshed(federation, body, old, client, federation.member(state: .suspended)) }
        #expect(throws: TokenRefusal.self) { try refreshed(federation, body, old, client, at: old.expiresAt) }
        #expect(throws: TokenRefusal.refreshUnknown) { try refreshed(federation, self.body(federation, "other"), old, client) }
        let thief = try federation.client("thief", scopes: ["openid", "offline_access"], refreshTokens: true)
        let assertion = Federation.credential(try federation.assertion(client: "thief")).map { ($0.0, $0.1 ?? "") }
        let stolen = Array(Federation.form([("grant_type", "refresh_token"), ("refresh_token", token)] + assertion).utf8)
        #expect(throws: TokenRefusal.refreshUnknown) { try refreshed(federation, stolen, old, thief, federation.member("thief")) }
        var random = SystemRandom()
        let asCode = try federation.authenticated(body, client: client)
        let (_, code) = try federation.code()
        let member = try federation.member()
        #expect(throws: TokenRefusal.codeUnknown) {
            try asCode.tokens(
                for: code, member: member, policy: federation.policy, at: federation.provider, at: Federation.now, using: &random)
        }
    }

    @Test(arguments: [("openid", true), ("openid offline_access", true), ("openid profile", false), ("%20", false)])
    func `fewer scopes may be asked for, never more`(scope: String, accepted: Bool) throws {
        let federation = try Federation(refreshTokens: true)
        let client = try client(federation)
        let answer = try first(federation, client: client)
        let (token, old) = (try #require(answer.body["refresh_token"]?.string), try #require(answer.refreshToken))
        let body = try body(federation, token) + Array(("&scope=" + scope.split(separator: " ").joined(separator: "+")).utf8)
        if accepted {
            #expect(try refreshed(federation, body, old, client).body["scope"]?.string == scope)
        } else {
            #expect(throws: TokenRefusal.self) { try refreshed(federation, body, old, client) }
        }
    }
}
