import Credentials
import HTTPTypes
import SQLiteStores
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// R18.
@Suite struct `What was told of a citizen` {
    private func agreed(_ house: House, _ browser: Browser, _ question: OpenIDQuestion = OpenIDQuestion(Parties.bank)) async throws
        -> Answer
    {
        let journey = try await browser.begin(question.path)
        _ = try await browser.login("misaki", at: journey)
        return try await Duty.agree(browser, journey)
    }

    @Test func `wants a login of its own, and comes back from it`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        #expect(try await browser.get("/ledger").text.has("<form method=\"post\" action=\"/me/login\">"))
        let begun = try await browser.post("/ledger/login")
        let end = try await browser.login("misaki", at: try #require(begun.location))
        #expect(end.location == World.base + "/ledger")
        #expect(try await browser.get("/ledger").text.has("記録はありません。"))
    }

    @Test func `lists what was told, to whom, why and under which rule, and no value`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        _ = try await agreed(house, browser)
        let page = try await browser.get("/ledger")
        for text in ["暗証番号を使用したか", "bank-asks", "bank law", "本人確認", "ログインしたとき（OpenID Connect）", "同意を取り消す"] {
            #expect(page.text.has(text), "\(text)")
        }
        #expect(page.text.has("&lt;script&gt;") && !page.text.has("<script>alert"))
        let entries = try await house.store.entries(of: try await subject(house, browser), before: house.now.adding(seconds: 1), limit: 9)
        let told = try #require(entries.first?.told)
        #expect(entries.count == 1)
        #expect(Set(told).isSuperset(of: ["pin-used", "card-mode"]))
        #expect(told.allSatisfy { AttributeSource(rawValue: $0) != nil }, "names, never values")
        let reference = try #require(entries.first?.reference.text)
        #expect(try await house.trail().filter { $0.has(reference) }.count == 1, "the audit record of the same answer names it")
    }

    @Test func `has no line of a login that no rule writes down`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        _ = try await browser.login("misaki", at: try await browser.begin(OpenIDQuestion().path))
        #expect(
            try await house.store.entries(of: try await subject(house, browser), before: house.now.adding(seconds: 1), limit: 9).isEmpty)
    }

    @Test func `takes a consent back, for whoever pressed the button on it`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        _ = try await agreed(house, browser)
        let page = try await browser.get("/ledger")
        let mark = try #require(page.between("name=\"form\" value=\"", "\""))
        let form = [("form", mark), ("service", Parties.bank), ("for", "identity-check")]
        let forged = form.map { $0.0 == "form" ? ("form", "AAAA") : $0 }
        #expect(try await browser.post("/ledger/withdraw", forged).location == World.base + "/ledger")
        let name = try #require(HTTPField.Name("Sec-Fetch-Site"))
        #expect(try await browser.post("/ledger/withdraw", form, [name: "cross-site"]).code == "http.cross-site")
        #expect(try await browser.get("/ledger").text.has("同意を取り消す"))
        for _ in 1...2 { #expect(try await browser.post("/ledger/withdraw", form).status == 303) }
        #expect(try await browser.get("/ledger").text.has("同意を取り消す") == false)
        #expect(try await house.events().filter { $0 == "consent.withdrawn" }.count == 1)
        #expect(try await browser.get(OpenIDQuestion(Parties.bank).path).location?.contains("/journey/") == true, "and is asked again")
    }

    @Test func `shows nobody another citizen's entries`() async throws {
        let house = try await Duty.house()
        _ = try await agreed(house, Browser(house))
        let other = Browser(house)
        let begun = try await other.post("/ledger/login")
        _ = try await other.login("taro", at: try #require(begun.location))
        #expect(try await other.get("/ledger").text.has("bank-asks") == false)
    }

    private func subject(_ house: House, _ browser: Browser) async throws -> SubjectID {
        let cookie = try #require(browser.sessionCookie)
        let id = try #require(SessionID(Ticket.digest(of: cookie)))
        return try #require(try await house.store.session(id, at: house.now)).subject
    }
}

@Suite struct `Tokens and what the citizen agreed to` {
    private struct App {
        let house: House
        let browser: Browser
        let question: OpenIDQuestion

        init() async throws {
            house = try await Duty.house()
            browser = Browser(house)
            var question = OpenIDQuestion(Parties.app)
            question.callback = Parties.appCallback
            self.question = question
        }

        /// The first tokens, after a login and a yes.
        func tokens() async throws -> Answer {
            let form = question.form.map { $0.0 == "scope" ? ("scope", "openid offline_access") : $0 } + [("prompt", "consent")]
            let journey = try await browser.begin("/openid/authorize?" + Form.text(form))
            _ = try await browser.login("misaki", at: journey)
            let end = try await Duty.agree(browser, journey)
            let code = try #require(end.parameter("code"), "\(end.location ?? end.text)")
            return try await browser.post("/openid/token", try question.tokenForm(code, in: house.world, at: house.now))
        }

        func refresh(_ token: String) async throws -> Answer {
            let form = try question.tokenForm("", in: house.world, at: house.now).filter {
                !["code", "redirect_uri", "code_verifier"].contains($0.0)
            }
            return try await browser.post(
                "/openid/token",
                form.map { $0.0 == "grant_type" ? ("grant_type", "refresh_token") : $0 } + [("refresh_token", token)])
        }

        func withdraw() async throws {
            let page = try await browser.get("/ledger")
            let mark = try #require(page.between("name=\"form\" value=\"", "\""), "\(page.text)")
            _ = try await browser.post("/ledger/withdraw", [("form", mark), ("service", Parties.app), ("for", "points")])
        }
    }

    @Test func `a refresh is written down like the login`() async throws {
        let app = try await App()
        let first = try await app.tokens()
        #expect(first.status == 200, "\(first.text)")
        let second = try await app.refresh(try #require(try first.json["refresh_token"]?.string))
        #expect(second.status == 200, "\(second.text)")
        let page = try await app.browser.get("/ledger")
        #expect(page.text.has("ログインしたとき（OpenID Connect）"))
        #expect(page.text.has("ログインの継続中（OpenID Connect）"))
    }

    @Test func `a consent that was taken back ends refresh, redemption and userinfo at once`() async throws {
        let app = try await App()
        let first = try await app.tokens()
        let bearer = try #require(try first.json["access_token"]?.string)
        #expect(try await app.browser.get("/openid/userinfo", [.authorization: "Bearer " + bearer]).status == 200)
        let late = try await app.browser.get(app.question.path)
        try await app.withdraw()
        let refused = try await app.refresh(try #require(try first.json["refresh_token"]?.string))
        #expect(refused.status == 400)
        #expect(refused.code == "openid.token.refresh-unknown", "it ended with the consent, and does not come back with a new one")
        let info = try await app.browser.get("/openid/userinfo", [.authorization: "Bearer " + bearer])
        #expect(info.status == 401)
        #expect(info.code == "openid.userinfo.token-unknown")
        let code = try #require(late.parameter("code"))
        let redeemed = try await app.browser.post("/openid/token", try app.question.tokenForm(code, in: app.house.world, at: app.house.now))
        #expect(redeemed.code == "openid.token.consent")
    }
}
