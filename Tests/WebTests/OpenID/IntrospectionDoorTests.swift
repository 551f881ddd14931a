import Cryptography
import HTTPTypes
import JOSE
import OpenID
import SQLiteStores
import Settings
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `The introspection door (RFC 7662, RFC 9701; checklist O11)` {
    @Test func `an agency asks about a token for it, and nobody else learns that there is one`() async throws {
        let office = Office(house: try await House.ordinary())
        let own = try await office.login().token()
        let token = try await office.exchange(own).json.token()
        let answer = try await office.introspect(token)
        #expect(answer.status == 200 && answer.headers[.contentType] == "application/json" && answer.headers[.cacheControl] == "no-store")
        #expect(try answer.json["active"]?.bool == true)
        // The same words for everything else.
        let dead: [(String, String)] = [
            (own, Parties.town), ("unknown", Parties.town), (String(token.dropLast()), Parties.town),
            (String(repeating: "x", count: 20_000), Parties.town),
        ]
        for (wrong, client) in dead {
            let answer = try await office.introspect(wrong, by: client)
            #expect(answer.status == 200 && answer.text == #"{"active":false}"#)
        }
        let other = try await office.introspect(token, by: Parties.pension, accept: "application/json")
        #expect(other.text == #"{"active":false}"#)
    }

    @Test func `clients that are no resource server, strangers and broken requests are refused, and the trail knows`() async throws {
        let office = Office(house: try await House.ordinary())
        let token = try await office.login().token()
        let plain = try await office.introspect(token, by: Parties.move)
        #expect(try plain.status == 400 && plain.json["error"]?.string == "unauthorized_client")
        let stranger = try await office.introspect(token, by: "RP99999999")
        #expect(try stranger.status == 401 && stranger.json["error"]?.string == "invalid_client")
        let browser = Browser(office.house)
        #expect(try await browser.post("/openid/introspect", [("token", token)]).status == 401)
        #expect(try await browser.post("/openid/introspect", json: ["token": .string(token)]).status == 400)
        #expect(try await office.ask("/openid/introspect", Parties.town, []).status == 400)
        #expect(try await browser.get("/openid/introspect").status >= 400)
        let codes = try await office.house.trail().filter { $0.has("\"introspection\"") }
        #expect(codes.contains { $0.has("openid.introspection.no-resource-server") })
        #expect(!codes.contains { $0.has(token) })
    }

    /// R18: who looked at a token learned whose it is.
    @Test func `the citizen reads which other service looked, once for each token, where the rules write the login down`() async throws {
        func looked(_ house: House) async throws -> [(member: String, count: Int)] {
            let office = Office(house: house)
            let token = try await office.exchange(try await office.login().token()).json.token()
            for _ in 0..<3 { #expect(try await office.introspect(token).json["active"]?.bool == true) }
            let subject = try #require(try await house.store.owner(of: try await pairwise(office, token)))
            let entries = try await house.store.entries(of: subject.subject, before: house.now.adding(seconds: 1), limit: 20)
                .filter { $0.path == .introspection }
            #expect(entries.allSatisfy { $0.told.isEmpty && $0.rules.contains("move-is-written-down") })
            for entry in entries {
                #expect(try await house.trail().filter { $0.has(entry.reference.text) && $0.has("introspection.told") }.count == 1)
            }
            return [(Parties.town, entries.count { $0.member.text == Parties.town }), ("all", entries.count)]
        }
        func pairwise(_ office: Office, _ token: String) async throws -> PairwiseID {
            try #require(PairwiseID(try await office.introspect(token).json["sub"]?.string ?? ""))
        }
        let written = try await looked(try await Duty.house())
        #expect(written.map(\.count) == [1, 1])
        #expect(try await looked(try await House.ordinary()).map(\.count) == [0, 0], "no rule there writes it down")
    }

    @Test func `an assertion opens it once (E16)`() async throws {
        let office = Office(house: try await House.ordinary())
        let form = try office.form(Parties.town, [("token", "t")])
        #expect(try await Browser(office.house).post("/openid/introspect", form).status == 200)
        let again = try await Browser(office.house).post("/openid/introspect", form)
        #expect(again.status == 401 && again.code == "openid.client.assertion-replayed")
    }

    @Test func `who registered for signed answers gets them, and who asks for one`() async throws {
        let office = Office(house: try await House.ordinary())
        let keys = try JWKSet(reading: office.house.world.configuration.openIDProvider.jwks(at: office.house.now)).keys
        let own = try await office.login().token()
        let token = try await office.exchange(own, for: Parties.pensionResource).json
        #expect(token["error"] == nil || token["error"]?.string == "insufficient_user_authentication")
        for (client, accept) in [(Parties.pension, nil), (Parties.town, "application/token-introspection+jwt")] as [(String, String?)] {
            let answer = try await office.introspect("t", by: client, accept: accept)
            #expect(answer.status == 200 && answer.headers[.contentType] == "application/token-introspection+jwt")
            let verified = try UnverifiedJWS(compact: answer.text).verified(by: keys, allowed: [.es256, .rs256])
            #expect(verified.type == "token-introspection+jwt")
            let claims = try JSON(reading: verified.payload)
            #expect(claims["aud"]?.string == client && claims["token_introspection"] == ["active": false])
        }
    }

    @Test func `the session's end, the token's time and a revocation are seen at once`() async throws {
        let house = try await House.ordinary()
        let office = Office(house: house)
        let browser = Browser(house)
        for end in 0..<3 {
            let own = try await office.login(browser: browser).token()
            let token = try await office.exchange(own).json.token()
            #expect(try await office.introspect(token).json["active"]?.bool == true)
            switch end {
            case 0: _ = try await browser.post("/session/end")
            case 1: #expect(try await office.revoke(own).status == 200)
            default: house.pass(601)
            }
            #expect(try await office.introspect(token).text == #"{"active":false}"#)
        }
    }
}
