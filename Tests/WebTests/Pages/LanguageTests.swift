import HTTPTypes
import Testing
import Vocabulary

/// Which language a page has, and how it is chosen (issue 7 point 1; WCAG 2.2, 3.1.1).
@Suite struct `The language of a page` {
    private func tag(_ answer: Answer) -> String? { answer.between("<html lang=\"", "\"") }

    private func isEnglish(_ answer: Answer) -> Bool { answer.text.has("<html lang=\"en\">") && answer.text.has("You are not logged in") }

    @Test(arguments: [
        ("en", "en"), ("en-GB,en;q=0.9", "en"), ("fr,en;q=0.5,ja;q=0.4", "en"), ("fr", "ja"), ("ja-JP,ja;q=0.9,en;q=0.8", "ja"),
        ("en;q=0.1,ja;q=0.2", "ja"), ("en;q=0,ja;q=0", "ja"), ("", "ja"), ("*", "ja"), ("en;q=banana", "ja"), ("EN-us", "en"),
        (String(repeating: "en,", count: 500), "ja"), ("ja;q=0.855,en;q=0.86", "en"),
    ])
    func `without a choice is the browser's, else Japanese`(header: String, tag: String) async throws {
        let answer = try await Browser(try await House.ordinary()).get("/", [.acceptLanguage: header])
        #expect(self.tag(answer) == tag)
        #expect(answer.headers[.contentLanguage] == tag)
    }

    @Test func `is chosen by a link that every page has, kept in a cookie, and leaves no trace in the address`() async throws {
        let browser = Browser(try await House.ordinary())
        let page = try await browser.get("/device?user_code=ABCD-EFGH")
        #expect(tag(page) == "ja")
        #expect(page.text.has("href=\"/device?user_code=ABCD-EFGH&amp;lang=en\""))
        let chosen = try await browser.get("/device?user_code=ABCD-EFGH&lang=en")
        #expect(chosen.status == 303)
        #expect(chosen.location == "/device?user_code=ABCD-EFGH")
        let cookie = try #require(chosen.cookies.first)
        #expect(cookie.name == "lang" && cookie.value == "en")
        #expect(cookie.attributes.contains("HttpOnly") && cookie.attributes.contains("Secure") && cookie.attributes.contains("Path=/"))
        let english = try await browser.get("/device?user_code=ABCD-EFGH", [.acceptLanguage: "ja"])
        #expect(english.text.has("<html lang=\"en\">") && english.text.has("Enter the code shown on your device"))
        #expect(english.text.has("aria-current=\"true\" href=\"/device?user_code=ABCD-EFGH&amp;lang=en\""))
        _ = try await browser.get("/?lang=ja-easy")
        #expect(try await browser.get("/").text.has("<ruby>使<rt aria-hidden=\"true\">つか</rt></ruby>いたい サービスの"))
    }

    @Test(arguments: [
        "/?lang=fr", "/?lang=", "/?lang=en%0d%0aSet-Cookie:a", "//evil.example/?lang=en", "/?lang=EN", "/?xlang=en",
    ])
    func `is not chosen by anything else, and leads nowhere else`(path: String) async throws {
        let answer = try await Browser(try await House.ordinary()).get(path)
        #expect(answer.headers[.setCookie] == nil)
        #expect(answer.location == nil)
    }

    @Test(arguments: ["/openid/authorize?lang=en", "/saml/sso?lang=en", "/openid/logout?lang=en"])
    func `is none of a message's business`(path: String) async throws {
        let answer = try await Browser(try await House.ordinary()).get(path)
        #expect(answer.headers[.setCookie] == nil)
        // Its page cannot be had again by a link; the choice stands on a page of its own.
        if answer.headers[.contentType]?.hasPrefix("text/html") == true {
            #expect(answer.text.has("/language?lang=en"))
            #expect(!answer.text.has(path.components(splitBy: "?")[0] + "?"), "the message is not repeated in a link")
        }
    }

    @Test func `of a journey is the one that the service asks for, until the citizen chooses`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(OpenIDQuestion(Parties.shop, [("ui_locales", "fr en-GB ja")]).path)
        #expect(try await browser.get(journey, [.acceptLanguage: "ja"]).text.has("Log in with your My Number Card"))
        let chosen = try await browser.get(journey + "?lang=ja")
        #expect(chosen.status == 303)
        #expect(try await browser.get(journey, [.acceptLanguage: "en"]).text.has("マイナンバーカードでログイン"))
        let other = Browser(house)
        let plain = try await other.begin(OpenIDQuestion(Parties.shop, [("ui_locales", "fr")]).path)
        #expect(try await other.get(plain).text.has("マイナンバーカードでログイン"), "a language we do not speak is none")
    }

    @Test func `of a logout is the one that the service asks for`() async throws {
        let browser = Browser(try await House.ordinary())
        let page = try await browser.get("/openid/logout?ui_locales=en", [.acceptLanguage: "ja"])
        #expect(page.status == 200)
        #expect(page.text.has("<html lang=\"en\">") && page.text.has("You are not logged in"))
        #expect(
            try await browser.get("/.well-known/openid-configuration").json["ui_locales_supported"]?.strings == ["ja", "en", "ja-x-easy"])
    }

    /// `ja-easy` was published once, though `easy` is no script (BCP 47 §2.2.3).
    @Test(arguments: ["ja-x-easy", "JA-X-Easy", "ja-easy"])
    func `of a journey is easy where the service asks for it`(tag: String) async throws {
        let house = try await House.ordinary()
        let (easy, plain) = (Browser(house), Browser(house))
        let journey = try await easy.begin(OpenIDQuestion(Parties.shop, [("ui_locales", tag)]).path)
        let page = try await easy.get(journey)
        #expect(page.text.has("<html lang=\"ja\">") && page.text.has("マイナンバーカードで ログインします"))
        // Another private subtag is Japanese as everybody reads it.
        let other = try await plain.begin(OpenIDQuestion(Parties.shop, [("ui_locales", "ja-x-kansai")]).path)
        #expect(try await plain.get(other).text.has("マイナンバーカードでログイン"))
    }

    @Test func `is that of a refusal too, whose other words are marked as what they are`() async throws {
        let browser = Browser(try await House.ordinary())
        let refused = try await browser.get("/openid/authorize?client_id=x", [.acceptLanguage: "en"])
        #expect(refused.status == 400)
        #expect(refused.text.has("<html lang=\"en\">") && refused.text.has("We cannot continue"))
        let japanese = try await browser.get("/openid/authorize?client_id=x")
        #expect(japanese.text.has("ログインを進められません") && japanese.text.has("<dl lang=\"en\">"))
    }

    @Test(arguments: [
        "/", "/help", "/help/codes", "/help/card.status.revoked", "/services", "/device", "/tv", "/approve", "/identity", "/session",
        "/language",
    ])
    func `has one heading, one main part, a way past the head, and names its parts`(path: String) async throws {
        let browser = Browser(try await House.ordinary())
        for language in ["ja", "en", "ja-easy"] {
            browser.plant("lang", language)
            let page = try await browser.get(path)
            #expect(page.status == 200, "\(path)")
            #expect(page.text.components(splitBy: "<h1>").count == 2 && page.text.components(splitBy: "<main ").count == 2)
            #expect(page.text.has("<a class=\"skip\" href=\"#main\">") && page.text.has("<main id=\"main\""))
            #expect(page.text.has("<header>") && page.text.has("<footer>") && page.text.has("<nav aria-label="))
            for id in page.text.components(between: " for=\"", and: "\"") { #expect(page.text.has("id=\"\(id)\""), "\(path) \(id)") }
            for ids in page.text.components(between: "aria-describedby=\"", and: "\"") {
                for id in ids.components(splitBy: " ") { #expect(page.text.has("id=\"\(id)\""), "\(path) \(id)") }
            }
        }
    }
}
