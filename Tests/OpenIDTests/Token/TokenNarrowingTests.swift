import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Resources at the token endpoint (RFC 8707 §2.2; checklist O18)` {
    private let federation: Federation
    init() throws { federation = try Federation(refreshTokens: true) }

    private static let (a, b, c) = ("https://a.example/", "https://b.example/api", "https://c.example/")
    private static let userInfo = Federation.issuer + "/openid/userinfo"

    private func redeemed(_ asked: [String], granted: [String]) throws -> TokenAnswer {
        let client = try federation.optionsClient { $0.resources = [Self.a, Self.b] }
        let (code, record) = try federation.code([("scope", "openid offline_access")], client: client)
        let json = granted.isEmpty ? record.json : record.json.with("resources", .array(granted.map { .string($0) }))
        var body = Federation.tokenBody(code, Federation.credential(try federation.assertion()))
        for resource in asked { body += Array(("&resource=" + Federation.encode(resource)).utf8) }
        return try federation.tokens(try #require(CodeRecord(json: json)), body, client: client)
    }

    @Test(
        arguments: [
            ([], [], []), ([a], [], [a]), ([a, b], [], [a, b]), ([], [a, b], [a, b]), ([a], [a, b], [a]), ([b, a], [a, b], [b, a]),
            ([a, a], [a, b], [a]), ([userInfo], [], [userInfo]), ([userInfo], [userInfo, a], [userInfo]),
        ] as [([String], [String], [String])])
    func `less than was granted may be asked for`(asked: [String], granted: [String], audience: [String]) throws {
        let answer = try redeemed(asked, granted: granted)
        #expect(answer.accessToken.audience == audience)
        // The refresh token stands for all of it.
        #expect(answer.refreshToken?.entitlement.resources == granted)
        #expect((answer.accessToken.assurance != nil) == !audience.isEmpty)
    }

    @Test(
        arguments: [
            ([c], []), ([a, c], []), ([b], [a]), ([a, b], [a]), (["https://a.example"], []), (["https://A.example/"], []),
            (["https://a.example/#x"], []), (["a"], []), ([userInfo], [a]), ([userInfo + "/"], []),
        ] as [([String], [String])])
    func `more, or another, is invalid_target`(asked: [String], granted: [String]) throws {
        let refusal = try Federation.refusal { _ = try redeemed(asked, granted: granted) }
        #expect(refusal?.error == .invalidTarget)
        #expect(refusal?.status == 400)
    }

    @Test func `a refresh narrows too, and the next one has everything again`() throws {
        let client = try federation.optionsClient { $0.resources = [Self.a, Self.b] }
        let first = try redeemed([], granted: [Self.a, Self.b])
        let old = try #require(first.refreshToken)
        let token = try #require(first.body["refresh_token"]?.string)
        func refreshed(_ asked: [String]) throws -> TokenAnswer {
            let credential = Federation.credential(try federation.assertion()).map { ($0.0, $0.1 ?? "") }
            let more = asked.map { ("resource", $0) }
            let body = Array(Federation.form([("grant_type", "refresh_token"), ("refresh_token", token)] + more + credential).utf8)
            var random = SystemRandomNumberGenerator()
            return try federation.authenticated(body, client: client).tokens(
                refreshing: old, member: federation.member(), policy: federation.policy, at: federation.provider, at: Federation.now,
                using: &random)
        }
        #expect(try refreshed([Self.b]).accessToken.audience == [Self.b])
        #expect(try refreshed([Self.b]).refreshToken?.entitlement.resources == [Self.a, Self.b])
        #expect(try refreshed([]).accessToken.audience == [Self.a, Self.b])
        #expect(try Federation.refusal { _ = try refreshed([Self.c]) }?.error == .invalidTarget)
    }

    @Test func `resource may come twice, and nothing else may`() throws {
        #expect(try redeemed([Self.a, Self.b], granted: []).accessToken.audience.count == 2)
        let body = Federation.tokenBody("c", Federation.credential(try federation.assertion()))
        for name in ["scope", "code", "authorization_details"] {
            #expect(throws: TokenRefusal.self) {
                try UnverifiedTokenRequest(body: body + Array("&\(name)=a&\(name)=b".utf8), authorization: nil)
            }
        }
    }
}
