import HTTPTypes
import Testing
import Vocabulary

@Suite struct `The consent page` {
    private func journey(_ browser: Browser, _ question: OpenIDQuestion = OpenIDQuestion(Parties.bank)) async throws -> String {
        let journey = try await browser.begin(question.path)
        let next = try await browser.login("misaki", at: journey)
        #expect(next.location == journey + "/consent", "\(next.location ?? next.text)")
        return journey
    }

    @Test func `shows exactly what would be sent, to whom, why and on what basis, without a script`() async throws {
        let browser = Browser(try await Duty.house())
        let page = try await browser.get(try await journey(browser) + "/consent")
        #expect(page.status == 200)
        #expect(page.text.has("口座の本人確認に必要です。"))
        #expect(page.text.has("bank law"))
        #expect(page.text.has("本人確認"))
        #expect(page.text.has("暗証番号を使用したか"))
        #expect(page.text.components(between: "name=\"tell\" checked value=\"", and: "\"") == ["card-mode"], "only what the rule lets go")
        #expect(page.hasOnlyOwnScripts, "nor what a service calls itself")
        #expect(page.headers[.contentSecurityPolicy]?.has("default-src 'none'") == true)
        #expect(page.headers[.cacheControl] == "no-store")
    }

    @Test func `leads to the answer, which tells what was shown, and is not shown again`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        let question = OpenIDQuestion(Parties.bank)
        let end = try await Duty.agree(browser, try await journey(browser, question))
        let tokens = try await browser.post(
            "/openid/token", try question.tokenForm(try #require(end.parameter("code")), in: house.world, at: house.now))
        let claims = try question.claims(tokens, in: house.world)
        #expect(claims["pin_used"] == true)
        #expect(claims["card_mode"]?.string == "pin")
        let again = try await browser.get(OpenIDQuestion(Parties.bank).path)
        #expect(again.parameter("code") != nil, "the yes is remembered")
        #expect(try await house.events().filter { $0 == "consent.given" }.count == 1)
    }

    @Test func `leaves out what the citizen unticks, and remembers it`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        let question = OpenIDQuestion(Parties.bank)
        var end = try await Duty.agree(browser, try await journey(browser, question), tell: [])
        for _ in 1...2 {
            let form = try question.tokenForm(try #require(end.parameter("code")), in: house.world, at: house.now)
            let claims = try question.claims(try await browser.post("/openid/token", form), in: house.world)
            #expect(claims["pin_used"] == true, "the rule does not let this go")
            #expect(claims["card_mode"] == nil)
            end = try await browser.get(question.path)
        }
    }

    @Test func `tells the service of a no`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        let journey = try await journey(browser)
        let page = try await browser.get(journey + "/consent")
        let end = try await browser.post(journey + "/consent", try Duty.form(page, "refuse"))
        #expect(end.parameter("error") == "access_denied")
        #expect(end.parameter("error_description")?.has("signon.consent.refused") == true)
        #expect(try await house.events().contains("consent.given") == false)
    }

    @Test func `takes a form sent twice for one yes, and shows what is when the browser goes back`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        let journey = try await journey(browser)
        let form = try Duty.form(try await browser.get(journey + "/consent"))
        for _ in 1...2 { #expect(try await browser.post(journey + "/consent", form).location == journey + "/continue") }
        #expect(try await browser.get(journey + "/consent").location == journey + "/continue", "the back button finds nothing to ask")
        #expect(try await browser.get(journey + "/continue").parameter("code") != nil)
        for late in [try await browser.get(journey + "/consent"), try await browser.post(journey + "/consent", form)] {
            #expect(late.code == "journey.unknown")
        }
        #expect(try await house.events().filter { $0 == "consent.given" }.count == 1)
    }

    /// Checklist H1, H3.
    @Test func `is bound to the visit, the browser and what was shown`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        let journey = try await journey(browser)
        let page = try await browser.get(journey + "/consent")
        let form = try Duty.form(page)
        let stranger = Browser(house)
        #expect(try await stranger.post(journey + "/consent", form).code == "journey.unknown")
        let name = try #require(HTTPField.Name("Sec-Fetch-Site"))
        #expect(try await browser.post(journey + "/consent", form, [name: "cross-site"]).code == "http.cross-site")
        for wrong in ["", "AAAA", Base64url.encode([UInt8](repeating: 7, count: 32))] {
            let forged = form.map { $0.0 == "form" ? ("form", wrong) : $0 }
            #expect(try await browser.post(journey + "/consent", forged).location == journey + "/consent")
        }
        let other = try await browser.begin(OpenIDQuestion(Parties.bank).path)
        #expect(try await browser.post(other + "/consent", form).location == other + "/consent", "another visit's form")
        #expect(try await house.events().contains("consent.given") == false)
    }

    @Test func `is nothing a passive request gets: consent_required, and NoPassive in SAML`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        _ = try await browser.login("misaki", at: try await browser.begin(OpenIDQuestion(Parties.bank).path))
        let end = try await browser.get(OpenIDQuestion(Parties.bank, [("prompt", "none")]).path)
        #expect(end.parameter("error") == "consent_required")
        var question = SAMLQuestion(Parties.library)
        let journey = try await browser.begin(question.path)
        _ = try await browser.login("misaki", at: journey)
        question = SAMLQuestion(Parties.library)
        question.passive = true
        #expect(try SAMLReading(try await browser.get(question.path), in: house.world).has("NoPassive"))
        // The same request, once the citizen has said yes on the page of the first.
        _ = try await Duty.agree(browser, journey)
        question = SAMLQuestion(Parties.library)
        question.passive = true
        #expect(try SAMLReading(try await browser.get(question.path), in: house.world).isSuccess)
    }
}
