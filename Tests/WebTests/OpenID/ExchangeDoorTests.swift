import Credentials
import Cryptography
import HTTPTypes
import OpenID
import Settings
import Testing
import Vocabulary

@Suite struct `A portal files at many agencies (RFC 8693; checklist O15, E18, E20; R13, R16)` {
    @Test func `one login, one consent, a token for each agency under the agency's own name for the citizen`() async throws {
        let office = Office(house: try await House.ordinary())
        let tokens = try await office.login()
        let own = try tokens.token()
        let answer = try await office.exchange(own)
        try #require(answer.status == 200, "\(answer.text)")
        #expect(try answer.json["issued_token_type"]?.string == "urn:ietf:params:oauth:token-type:access_token")
        #expect(try answer.json["refresh_token"] == nil && answer.json["id_token"] == nil)
        let town = try await office.introspect(answer.json.token()).json
        #expect(town["active"]?.bool == true && town["aud"]?.string == Parties.townResource)
        #expect(town["client_id"]?.string == Parties.move && town["act"]?["sub"]?.string == Parties.move)
        #expect(town["authorization_details"]?.array?.first?["locations"]?.strings == [Parties.townResource])
        // The town knows the citizen by the name that it gets when the citizen comes itself, and not by the portal's.
        let atTown = try await office.userInfo(office.login(Parties.town, details: nil).token()).json["sub"]?.string
        let atPortal = try await office.userInfo(own).json["sub"]?.string
        #expect(town["sub"]?.string == atTown && atTown != atPortal && atPortal != nil)
        // Another agency, another token, another name.
        let second = try await office.exchange(own, for: Parties.pensionResource)
        #expect(second.status == 200)
        let named = try await office.ask(
            "/openid/token", Parties.move,
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", own),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"), ("audience", Parties.pension),
            ])
        try #require(named.status == 200, "\(named.text)")
        let pension = try await office.introspect(named.json.token(), by: Parties.pension, accept: "application/json").json
        #expect(pension["active"]?.bool == true && pension["sub"]?.string != town["sub"]?.string && pension["sub"]?.string != atPortal)
    }

    @Test func `the town hands on to the pension office, and everybody sees who acts`() async throws {
        let office = Office(house: try await House.ordinary())
        let token = try await office.exchange(office.login().token()).json.token()
        #expect(try await office.introspect(token).json["may_act"]?["sub"]?.string == Parties.town)
        let onward = try await office.exchange(token, for: Parties.pensionResource, by: Parties.town)
        try #require(onward.status == 200, "\(onward.text)")
        let seen = try await office.introspect(onward.json.token(), by: Parties.pension, accept: "application/json").json
        #expect(seen["act"] == ["sub": .string(Parties.town), "act": ["sub": .string(Parties.move)]])
        #expect(seen["client_id"]?.string == Parties.town)
        let trail = try await office.house.trail().filter { $0.has("token.exchanged") }
        #expect(trail.count == 2)
        #expect(trail.last?.has(Parties.move + " > " + Parties.town) == true)
        // The portal has no business with it, and the first token's end is its end too.
        #expect(try await office.exchange(token, for: Parties.pensionResource).code == "openid.exchange.subject-token")
        #expect(try await office.revoke(token).status == 200)
        #expect(
            try await office.introspect(onward.json.token(), by: Parties.pension, accept: "application/json").text == #"{"active":false}"#)
    }

    @Test func `without the citizen's yes, with a weaker login, or for strangers nothing is exchanged`() async throws {
        let office = Office(house: try await House.ordinary())
        let silent = try await office.login(details: nil).token()
        #expect(try await office.exchange(silent).code == "openid.exchange.not-agreed")
        let weak = try await office.login(Parties.move, details: Office.filing, .face).token()
        let refused = try await office.exchange(weak)
        #expect(try refused.status == 400 && refused.json["error"]?.string == "insufficient_user_authentication")
        #expect(refused.code == "openid.exchange.login-too-weak")
        let strong = try await office.login().token()
        #expect(try await office.exchange(strong).status == 200)
        #expect(try await office.exchange(strong, for: "https://elsewhere.example").code == "openid.exchange.target-unknown")
        #expect(try await office.exchange(strong, for: Parties.shop).code == "openid.exchange.target-unknown")
        #expect(try await office.exchange("unknown").code == "openid.exchange.subject-token")
        let shop = try await office.exchange(strong, by: Parties.shop)
        #expect(try shop.json["error"]?.string == "unauthorized_client")
    }

    @Test func `a session that ends, and a token that is revoked, end what was exchanged (E18)`() async throws {
        let house = try await House.ordinary()
        let office = Office(house: house)
        let browser = Browser(house)
        let own = try await office.login(browser: browser).token()
        let child = try await office.exchange(own).json.token()
        let grandchild = try await office.exchange(child, for: Parties.pensionResource, by: Parties.town).json.token()
        _ = try await browser.post("/session/end")
        for (token, agency) in [(child, Parties.town), (grandchild, Parties.pension)] {
            #expect(try await office.introspect(token, by: agency, accept: "application/json").text == #"{"active":false}"#)
        }
        #expect(try await office.exchange(own).code == "openid.exchange.subject-token")
        #expect(try await office.exchange(child, for: Parties.pensionResource, by: Parties.town).code == "openid.exchange.subject-token")
    }

    @Test func `the trail says who acted where, and never for whom by name or with which token`() async throws {
        let office = Office(house: try await House.ordinary())
        let tokens = try await office.login()
        let child = try await office.exchange(tokens.token()).json.token()
        let subject = try #require(try await office.introspect(child).json["sub"]?.string)
        let record = try #require(try await office.house.trail().first { $0.has("token.exchanged") })
        for part in ["\"actors\":\"\(Parties.move)\"", "\"target\":\"\(Parties.town)\"", Parties.townResource, "policy-version"] {
            #expect(record.has(part))
        }
        for secret in [child, try tokens.token(), subject] { #expect(!record.has(secret)) }
    }

    @Test func `one request exchanges once (E16)`() async throws {
        let office = Office(house: try await House.ordinary())
        let own = try await office.login().token()
        let form = try office.form(
            Parties.move,
            [
                ("grant_type", "urn:ietf:params:oauth:grant-type:token-exchange"), ("subject_token", own),
                ("subject_token_type", "urn:ietf:params:oauth:token-type:access_token"), ("resource", Parties.townResource),
            ])
        #expect(try await Browser(office.house).post("/openid/token", form).status == 200)
        let again = try await Browser(office.house).post("/openid/token", form)
        #expect(again.status == 401 && again.code == "openid.client.assertion-replayed")
    }
}
