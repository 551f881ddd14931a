import HTTPTypes
import Testing
import Vocabulary

/// Checklist S2, S7, S24, S25, S32, S33, S44, S45, E5, E7, E8.
@Suite struct `A whole journey` {
    @Test func `SAML by redirect: from the request to a signed answer at the registered address`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = SAMLQuestion(relayState: "/procedures/7?a=b&c=<d>")
        let journey = try await browser.begin(question.path)
        #expect(journey.hasPrefix(World.base + "/journey/"))
        let page = try await browser.get(journey)
        #expect(page.status == 200)
        #expect(page.text.has("見本省"))
        #expect(page.text.has("暗証番号"))
        #expect(page.text.has(World.cardOrigin + "/card/" + House.transaction(journey)))
        let end = try await browser.login("hanako", at: journey)
        #expect(end.status == 200)
        #expect(end.form?.action == Parties.ministryACS)
        #expect(end.form?.fields.last?.1 == "/procedures/7?a=b&c=<d>")
        let reading = try SAMLReading(end, in: house.world)
        #expect(reading.isSuccess)
        #expect(reading.inResponseTo == question.id)
        #expect(reading.context == "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI")
        #expect(reading.authenticatedAt == house.now.text)
        #expect(reading.nameID?.utf8.count == 32)
    }

    /// Checklist S2: `SameSite=Lax` cookies do not come along with a form of another site.
    @Test func `SAML by POST without any cookie goes on, and finds the session behind our own redirect`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = SAMLQuestion()
        let paused = try await browser.post("/saml/sso", question.form, crossSite: true)
        #expect(paused.status == 303)
        let first = try await browser.login("hanako", at: try #require(paused.location))
        #expect(try SAMLReading(first, in: house.world).inResponseTo == question.id)

        var second = SAMLQuestion()
        second.passive = true
        let again = try await browser.post("/saml/sso", second.form, crossSite: true)
        #expect(again.status == 303, "whether there is a session is not known yet")
        let answer = try await browser.get(try #require(again.location))
        #expect(try SAMLReading(answer, in: house.world).isSuccess)
    }

    @Test func `OpenID: code, tokens and userinfo say the same about one citizen`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = OpenIDQuestion(Parties.bank)
        let journey = try await browser.begin(question.path)
        let end = try await browser.login("misaki", at: journey)
        #expect(end.status == 303)
        #expect(end.location?.hasPrefix(Parties.bankCallback + "&") == true)
        #expect(end.parameter("state") == "s-1")
        #expect(end.parameter("iss") == World.base)
        let code = try #require(end.parameter("code"))
        let tokens = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        #expect(tokens.status == 200)
        let claims = try question.claims(tokens, in: house.world)
        #expect(claims["nonce"]?.string == question.nonce)
        #expect(claims["aud"]?.string == Parties.bank)
        #expect(claims["auth_time"]?.integer == house.now.seconds)
        let bearer = try #require(try tokens.json["access_token"]?.string)
        let info = try await browser.get("/openid/userinfo", [.authorization: "Bearer " + bearer])
        #expect(info.status == 200)
        #expect(try info.json["sub"] == claims["sub"])
        let form = try await browser.post("/openid/userinfo", [("access_token", bearer)])
        #expect(try form.json["sub"] == claims["sub"])
    }

    /// Checklist E5.
    @Test func `a code that comes twice ends the token of the first exchange`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = OpenIDQuestion()
        let end = try await browser.login("hanako", at: try await browser.begin(question.path))
        let code = try #require(end.parameter("code"))
        let first = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        let bearer = try #require(try first.json["access_token"]?.string)
        let second = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        #expect(second.status == 400)
        #expect(second.code == "openid.token.code-replayed")
        let info = try await browser.get("/openid/userinfo", [.authorization: "Bearer " + bearer])
        #expect(info.status == 401)
        #expect(info.headers[.wwwAuthenticate]?.hasPrefix("Bearer ") == true)
    }

    @Test func `a wrong verifier, another client and a replayed client assertion get no token`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = OpenIDQuestion()
        func code() async throws -> String {
            let answer = try await browser.get(OpenIDQuestion(Parties.shop, [("code_challenge_ignored", "")]).path)
            return try #require(answer.parameter("code"))
        }
        _ = try await browser.login("hanako", at: try await browser.begin(question.path))
        let wrong = try question.tokenForm(try await code(), in: house.world, at: house.now, verifier: String(repeating: "a", count: 43))
        #expect(try await browser.post("/openid/token", wrong).status == 400)
        var other = OpenIDQuestion(Parties.bank)
        other.callback = Parties.shopCallback
        let stolen = try await browser.post("/openid/token", try other.tokenForm(try await code(), in: house.world, at: house.now))
        #expect(stolen.status == 400)
        #expect(try stolen.json["access_token"] == nil)
        // The assertion of the first try once more.
        let replay = try await browser.post("/openid/token", wrong)
        #expect(replay.status == 401)
        #expect(replay.code == "openid.client.assertion-replayed")
        #expect(replay.headers[.wwwAuthenticate] != nil)
    }

    @Test func `one login serves both protocols, under different identifiers and session names`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let first = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion().path))
        let library = try await browser.get(SAMLQuestion(Parties.library).path)
        #expect(library.status == 200, "no page between")
        let question = OpenIDQuestion()
        let redirect = try await browser.get(question.path)
        #expect(redirect.status == 303)
        let code = try #require(redirect.parameter("code"))
        let tokens = try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        let ministry = try SAMLReading(first, in: house.world)
        let reading = try SAMLReading(library, in: house.world)
        let subject = try question.claims(tokens, in: house.world)["sub"]?.string
        #expect(Set([ministry.nameID, reading.nameID, subject]).count == 3)
        #expect(ministry.sessionIndex != reading.sessionIndex)
        #expect(try await house.events().filter { $0 == "card.accepted" }.count == 1)
    }

    @Test func `the same citizen has the same identifier at a member in another browser`() async throws {
        let house = try await House.ordinary()
        var names: Set<String?> = []
        for _ in 0..<2 {
            let browser = Browser(house)
            let end = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion().path))
            names.insert(try SAMLReading(end, in: house.world).nameID)
        }
        #expect(names.count == 1)
    }

    @Test func `two tabs of one browser both finish, each with its own answer`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let (one, two) = (SAMLQuestion(relayState: "one"), OpenIDQuestion())
        let first = try await browser.begin(one.path)
        let second = try await browser.begin(two.path)
        #expect(first != second)
        let late = try await browser.login("hanako", at: second)
        #expect(late.parameter("code") != nil)
        let early = try await browser.get(first)
        #expect(try SAMLReading(early, in: house.world).inResponseTo == one.id)
        #expect(early.form?.fields.last?.1 == "one")
        #expect(browser.cookies.keys.sorted() == ["__Host-sekisho"], "finished journeys leave no cookie")
    }

    @Test func `a new use of the card serves the tab that it was made in, and no other that insists on one, S24`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let first = try await browser.begin(OpenIDQuestion(Parties.shop, [("prompt", "login")]).path)
        let second = try await browser.begin(OpenIDQuestion(Parties.bank, [("prompt", "login")]).path)
        house.pass(5)
        #expect(try await browser.login("hanako", at: first).parameter("code") != nil)
        #expect(try await browser.get(second + "/continue").location == second)
        #expect(try await browser.login("hanako", at: second).parameter("code") != nil)
        let third = try await browser.begin(OpenIDQuestion(Parties.bank, [("prompt", "login")]).path)
        #expect(try await browser.get(third + "/continue").location == third)
        #expect(
            try await browser.get(OpenIDQuestion(Parties.bank).path).parameter("code") != nil, "who does not insist is answered at once")
    }

    /// Checklist S24.
    @Test func `ForceAuthn and prompt=login ask for a new use of the card`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion().path))
        house.pass(60)
        var force = SAMLQuestion(at: house.now)
        force.force = true
        let journey = try await browser.begin(force.path)
        let still = try await browser.get(journey + "/continue")
        #expect(still.location == journey, "the old login does not do")
        house.pass(10)
        let end = try await browser.login("hanako", at: journey)
        #expect(try SAMLReading(end, in: house.world).authenticatedAt == house.now.text)

        house.pass(60)
        let prompt = try await browser.begin(OpenIDQuestion(Parties.shop, [("prompt", "login")]).path)
        #expect(prompt.hasPrefix(World.base + "/journey/"))
        let age = try await browser.begin(OpenIDQuestion(Parties.shop, [("max_age", "30")]).path)
        #expect(age.hasPrefix(World.base + "/journey/"))
        let young = try await browser.get(OpenIDQuestion(Parties.shop, [("max_age", "300")]).path)
        #expect(young.parameter("code") != nil)
    }

    /// Checklist S25.
    @Test func `IsPassive and prompt=none answer without a page`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        var passive = SAMLQuestion()
        passive.passive = true
        let none = try SAMLReading(try await browser.get(passive.path), in: house.world)
        #expect(none.has("NoPassive"))
        #expect(none.nameID == nil)
        let refused = try await browser.get(OpenIDQuestion(Parties.shop, [("prompt", "none")]).path)
        #expect(refused.status == 303)
        #expect(refused.location?.hasPrefix(Parties.shopCallback) == true)
        #expect(refused.parameter("error") == "login_required")
        #expect(refused.parameter("iss") == World.base)
        #expect(browser.cookies.isEmpty)

        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path))
        #expect(try await browser.get(OpenIDQuestion(Parties.shop, [("prompt", "none")]).path).parameter("code") != nil)
    }

    @Test func `prompt=none by a form of the service's site finds the session too`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path))
        let paused = try await browser.post("/openid/authorize", OpenIDQuestion(Parties.shop, [("prompt", "none")]).form, crossSite: true)
        #expect(paused.location?.hasPrefix(World.base + "/journey/") == true)
        #expect(try await browser.get(try #require(paused.location)).parameter("code") != nil)
        // And without a session the service hears about it, with no page between.
        let stranger = Browser(house)
        let other = try await stranger.post("/openid/authorize", OpenIDQuestion(Parties.shop, [("prompt", "none")]).form, crossSite: true)
        #expect(try await stranger.get(try #require(other.location)).parameter("error") == "login_required")
    }

    @Test func `the citizen stops: both tongues are told, once`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let saml = try await browser.begin(SAMLQuestion().path)
        let told = try SAMLReading(try await browser.post(saml + "/cancel"), in: house.world)
        #expect(!told.isSuccess)
        #expect(told.has("AuthnFailed"))
        let openID = try await browser.begin(OpenIDQuestion().path)
        let error = try await browser.post(openID + "/cancel")
        #expect(error.status == 303)
        #expect(error.parameter("error") == "access_denied")
        #expect(try await browser.post(openID + "/cancel").code == "journey.unknown")
        #expect(try await browser.get(openID).code == "journey.unknown")
        #expect(try await house.trail().filter { $0.has("signon.cancelled") }.count == 2)
    }

    /// Checklist S33.
    @Test func `a request ID is answered with an assertion once`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let question = SAMLQuestion()
        let twin = try await browser.begin(question.path)
        let first = try await browser.login("hanako", at: try await browser.begin(question.path))
        #expect(try SAMLReading(first, in: house.world).isSuccess)
        let replay = try await browser.get(question.path)
        #expect(replay.status == 400)
        #expect(replay.code == "saml.request.replayed")
        #expect(replay.form == nil)
        // The copy that was paused beside it, long after the request itself went stale.
        house.pass(800)
        let late = try await browser.get(twin)
        #expect(late.code == "saml.request.replayed")
        #expect(late.form == nil)
    }

    @Test func `a login page that waited too long is over`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        house.pass(901)
        let page = try await browser.get(journey)
        #expect(page.status == 400)
        #expect(page.code == "journey.unknown")
        let card = try await browser.post(journey + "/challenge", json: [:])
        #expect(card.status == 403)
        #expect(card.code == "journey.unknown")
    }

    @Test func `a login within the time of the page works although the request is stale by then`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        house.pass(880)
        #expect(try SAMLReading(try await browser.login("hanako", at: journey), in: house.world).isSuccess)
    }

    @Test func `a request whose member is not registered ends on a page`() async throws {
        let house = try await House.ordinary()
        var question = SAMLQuestion()
        question.issuer = "https://stranger.example/sp"
        let answer = try await Browser(house).get(question.path)
        #expect(answer.status == 400)
        #expect(answer.form == nil)
        #expect(answer.headers[.setCookie] == nil)
    }
}
