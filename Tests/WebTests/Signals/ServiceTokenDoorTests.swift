import HTTPTypes
import OpenID
import Signals
import Testing
import Vocabulary

@Suite struct `A client's token for itself (RFC 6749 §4.4)` {
    @Test func `is given to a client that proves itself and is registered for events`() async throws {
        let receiving = try await Receiving()
        let answer = try await receiving.askToken(scope: "ssf.read")
        #expect(answer.status == 200 && answer.headers[.cacheControl] == "no-store")
        #expect(try answer.json["token_type"]?.string == "Bearer" && answer.json["scope"]?.string == "ssf.read")
        #expect(try answer.json["refresh_token"] == nil && answer.json["id_token"] == nil)
        #expect(try await receiving.askToken(scope: nil).json["scope"]?.string == "ssf.read ssf.manage")
        let trail = try await receiving.house.trail().joined()
        #expect(!trail.has(try #require(try answer.json["access_token"]?.string)) && trail.has("client_credentials"))
    }

    @Test func `is not given otherwise`() async throws {
        let receiving = try await Receiving()
        let shop = try await receiving.askToken(Parties.shop)
        #expect(try shop.status == 400 && shop.json["error"]?.string == "unauthorized_client")
        for scope in ["openid", "ssf.manage openid", "ssf.everything"] {
            let answer = try await receiving.askToken(scope: scope)
            #expect(try answer.status == 400 && answer.json["error"]?.string == "invalid_scope" && answer.code == "openid.service.scope")
        }
        #expect(try await receiving.askToken(proof: [("client_id", Receiving.insurer)]).status == 401)
        let used = try receiving.assertion(Receiving.insurer)
        #expect(try await receiving.askToken(proof: used).status == 200)
        let again = try await receiving.askToken(proof: used)
        #expect(again.status == 401 && again.code == "openid.client.assertion-replayed", "E16")
    }

    @Test func `has to be bound where the client's tokens are`() async throws {
        let receiving = try await Receiving(binding: .dpop)
        let answer = try await receiving.askToken()
        #expect(answer.status == 400 && answer.code == "openid.token.sender-constraint")
    }

    @Test func `opens no door that tells of citizens, and a citizen's token opens none of these`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        #expect(try await receiving.call(.get, "/openid/userinfo", token).status == 401)
        let browser = Browser(receiving.house)
        var question = OpenIDQuestion(Receiving.insurer)
        question.callback = Receiving.callback
        let answer = try await browser.login("hanako", at: try await browser.begin(question.path))
        let tokens = try await Browser(receiving.house).post(
            "/openid/token",
            try question.tokenForm(try #require(answer.parameter("code")), in: receiving.house.world, at: receiving.house.now))
        let citizens = try #require(try tokens.json["access_token"]?.string)
        let refused = try await receiving.call(.get, "/ssf/streams", citizens)
        #expect(try refused.status == 401 && refused.json["error"]?.string == "invalid_token")
    }

    @Test func `ends when its client revokes it, and runs out`() async throws {
        let receiving = try await Receiving()
        let (one, two) = (try await receiving.token(), try await receiving.token())
        #expect(try await receiving.call(.get, "/ssf/streams", one).status == 200)
        let other = try await Browser(receiving.house).post(
            "/openid/revoke", [("token", one)] + (try receiving.assertion(Receiving.other, endpoint: "/openid/revoke")))
        #expect(other.status == 200)
        #expect(try await receiving.call(.get, "/ssf/streams", one).status == 200, "another's word ends nothing")
        let own = try await Browser(receiving.house).post(
            "/openid/revoke", [("token", one)] + (try receiving.assertion(Receiving.insurer, endpoint: "/openid/revoke")))
        #expect(own.status == 200)
        #expect(try await receiving.call(.get, "/ssf/streams", one).status == 401)
        #expect(try await receiving.call(.get, "/ssf/streams", two).status == 200)
        receiving.house.pass(3_601)
        #expect(try await receiving.call(.get, "/ssf/streams", two).status == 401)
    }
}
