import Cryptography
import HTTPTypes
import JOSE
import OpenID
import Settings
import Testing
import Vocabulary
import Web

@Suite struct `The userinfo door (OpenID Connect Core §5.3; checklist C8, E11, E24)` {
    @Test func `a token opens it in the header and in a form, by GET and POST, and never in the query`() async throws {
        let office = Office(house: try await House.ordinary())
        let tokens = try await office.login()
        let token = try tokens.token()
        let browser = Browser(office.house)
        let bearer: HTTPFields = [.authorization: "Bearer " + token]
        let answers = [
            try await browser.get("/openid/userinfo", bearer), try await browser.post("/openid/userinfo", [], bearer),
            try await browser.post("/openid/userinfo", [("access_token", token)]), try await browser.get("/openid/userinfo?x=1", bearer),
        ]
        for answer in answers {
            #expect(answer.status == 200)
            #expect(answer.headers[.contentType] == "application/json")
            #expect(answer.headers[.cacheControl] == "no-store")
            #expect(try answer.json["sub"]?.string?.isEmpty == false)
        }
        #expect(try await browser.get("/openid/userinfo?access_token=" + token).status == 400)
        #expect(try await browser.get("/openid/userinfo?access_token=" + token, bearer).status == 400)
        #expect(try await browser.post("/openid/userinfo", [("access_token", token)], bearer).status == 400)
        // JSON is no form: what is in it is no token.
        #expect(try await browser.post("/openid/userinfo", json: ["access_token": .string(token)]).status == 401)
    }

    @Test func `pages elsewhere may read it with a token in their hands, and never with a cookie`() async throws {
        let office = Office(house: try await House.ordinary())
        let token = try await office.login().token()
        let browser = Browser(office.house)
        for answer in [try await office.userInfo(token), try await office.userInfo("wrong")] {
            #expect(answer.headers[.accessControlAllowOrigin] == "*")
            #expect(answer.headers[.accessControlAllowCredentials] == nil)
            #expect(answer.headers[.accessControlExposeHeaders]?.has("WWW-Authenticate") == true)
        }
        let preflight = try await browser.send(
            .options, "/openid/userinfo", [.origin: "https://app.example", .accessControlRequestHeaders: "authorization,dpop"], nil)
        #expect(preflight.status == 204)
        #expect(preflight.headers[.accessControlAllowHeaders] == "Authorization, DPoP, Content-Type")
        #expect(preflight.headers[.accessControlAllowCredentials] == nil)
        // No other door is open across origins.
        #expect(try await office.introspect(token).headers[.accessControlAllowOrigin] == nil)
    }

    @Test func `without a token it names the schemes and where it describes itself, and that is true (RFC 9728)`() async throws {
        let house = try await House.ordinary()
        let answer = try await Browser(house).get("/openid/userinfo")
        #expect(answer.status == 401)
        let challenges = answer.headers[values: .wwwAuthenticate]
        #expect(challenges.count == 2 && challenges.allSatisfy { !$0.has("error=") })
        let address = try #require(challenges.first?.components(between: "resource_metadata=\"", and: "\"").first)
        let metadata = try await Browser(house).get(address)
        #expect(metadata.status == 200)
        #expect(try metadata.json["resource"]?.string == house.world.configuration.baseURL + "/openid/userinfo")
    }

    @Test func `ID token, code, exchanged token and every part of a token are no access tokens here (E11, E24)`() async throws {
        let office = Office(house: try await House.ordinary())
        let tokens = try await office.login()
        let token = try tokens.token()
        let exchanged = try await office.exchange(token).json.token()
        let question = OpenIDQuestion()
        let browser = Browser(office.house)
        let code = try #require(try await browser.login("hanako", at: browser.begin(question.path)).parameter("code"))
        let idToken = try #require(tokens["id_token"]?.string)
        let provider = office.house.world.configuration.openIDProvider
        let key = try #require(provider.signingKey(for: .es256, at: office.house.now))
        let statements = try ["logout+jwt", "at+jwt", "JWT"].map { try key.signed(["iss": .string(provider.issuer)], type: $0) }
        for wrong in [idToken, code, exchanged, String(token.dropLast()), token + "A"] + statements
            + (1..<8).map({ String(token.prefix($0 * 5)) })
        {
            let answer = try await office.userInfo(wrong)
            #expect(answer.status == 401)
            #expect(answer.headers[.wwwAuthenticate]?.has("error=\"invalid_token\"") == true)
        }
        #expect(try await office.userInfo(token).status == 200)
    }

    @Test func `a client that registered for a signed answer gets one, under its media type`() async throws {
        let office = Office(house: try await House.ordinary())
        let tokens = try await office.login(Parties.diary, details: nil)
        let answer = try await office.userInfo(tokens.token())
        #expect(answer.status == 200 && answer.headers[.contentType] == "application/jwt")
        let keys = try JWKSet(reading: office.house.world.configuration.openIDProvider.jwks(at: office.house.now))
        let verified = try UnverifiedJWS(compact: answer.text).verified(by: keys.keys, allowed: [.es256])
        let claims = try JSON(reading: verified.payload)
        #expect(claims["aud"]?.string == Parties.diary && claims["iss"]?.string == office.house.world.configuration.baseURL)
        #expect(claims["sub"]?.string?.isEmpty == false)
    }

    @Test func `the metadata names what some rule releases, and nothing else`() async throws {
        let path = "/.well-known/openid-configuration"
        let showing = try await Browser(Showing.house()).get(path).json["claims_supported"]?.strings
        #expect(showing?.contains("sub") == true && showing?.contains("over_18") == true)
        #expect(showing?.contains("customer_id") == false)
        // As shipped, a bank is told the date of birth and nobody an age.
        let ordinary = try await Browser(House.ordinary()).get(path).json["claims_supported"]?.strings
        #expect(ordinary?.contains("birthdate") == true && ordinary?.contains("over_18") == false)
    }

    @Test func `when the session ends so does the token`() async throws {
        let office = Office(house: try await House.ordinary())
        let browser = Browser(office.house)
        let token = try await office.login(browser: browser).token()
        #expect(try await office.userInfo(token).status == 200)
        _ = try await browser.post("/session/end")
        #expect(try await office.userInfo(token).status == 401)
    }
}
