import HTTPTypes
import SQLiteStores
import Settings
import SimulatedJPKI
import Testing
import Vocabulary

/// Checklist H1, H2, H4, H13.
@Suite struct `Sessions and browsers` {
    private func loggedIn(_ handle: String = "hanako") async throws -> (House, Browser) {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login(handle, at: try await browser.begin(OpenIDQuestion().path))
        return (house, browser)
    }

    private func isLoggedIn(_ browser: Browser) async throws -> Bool {
        try await browser.get("/").text.has("ログイン中")
    }

    @Test func `a session that nobody uses ends`() async throws {
        let (house, browser) = try await loggedIn()
        for _ in 0..<3 {
            house.pass(1799)
            #expect(try await isLoggedIn(browser), "use keeps it")
        }
        house.pass(1801)
        #expect(try await !isLoggedIn(browser))
        #expect(try await browser.get(OpenIDQuestion().path).parameter("code") == nil)
    }

    @Test func `no use keeps a session beyond its absolute limit`() async throws {
        let (house, browser) = try await loggedIn()
        for _ in 0..<19 {
            house.pass(1500)
            #expect(try await isLoggedIn(browser))
        }
        house.pass(301)
        #expect(try await !isLoggedIn(browser))
    }

    @Test func `a step-up does not move the absolute limit`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path), .face, terminal: "kiosk")
        for _ in 0..<19 {
            house.pass(1500)
            #expect(try await isLoggedIn(browser))
        }
        _ = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion(at: house.now).path))
        #expect(try await isLoggedIn(browser))
        house.pass(301)
        #expect(try await !isLoggedIn(browser))
    }

    @Test func `the id is renewed at every login and the old cookie is dead`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path), .face, terminal: "kiosk")
        let thief = browser.copy()
        #expect(try await isLoggedIn(thief))
        _ = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion().path))
        #expect(browser.sessionCookie != thief.sessionCookie)
        #expect(try await !isLoggedIn(thief))
        #expect(try await isLoggedIn(browser))
        #expect(try await house.store.counts()["sessions"] == 1)
    }

    @Test func `a session cookie planted before the login is not the one after it`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        browser.plant("__Host-sekisho", "attacker-chosen-value")
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path))
        let planted = Browser(house)
        planted.plant("__Host-sekisho", "attacker-chosen-value")
        #expect(browser.sessionCookie != "attacker-chosen-value")
        #expect(try await !isLoggedIn(planted))
    }

    /// Checklist H2.
    @Test func `two citizens after one another in one browser have nothing in common`() async throws {
        let (house, browser) = try await loggedIn()
        let hanako = browser.copy()
        let question = OpenIDQuestion()
        _ = try await browser.post("/session/end")
        #expect(browser.sessionCookie == nil)
        _ = try await browser.login("taro", at: try await browser.begin(question.path))
        #expect(try await !isLoggedIn(hanako))
        #expect(browser.sessionCookie != hanako.sessionCookie)
        #expect(try await house.store.counts()["sessions"] == 1)
    }

    /// Checklist H1.
    @Test func `a journey that was begun in one browser is useless in another`() async throws {
        let house = try await House.ordinary()
        let attacker = Browser(house)
        let journey = try await attacker.begin(SAMLQuestion().path)
        let victim = Browser(house)
        _ = try await victim.login("hanako", at: try await victim.begin(OpenIDQuestion().path))
        for answer in [
            try await victim.get(journey), try await victim.get(journey + "/continue"), try await victim.post(journey + "/cancel"),
        ] {
            #expect(answer.status == 400)
            #expect(answer.code == "journey.unknown")
            #expect(answer.form == nil)
        }
        let challenge = try await victim.post(journey + "/challenge", json: [:])
        #expect(challenge.status == 403)
        #expect(challenge.code == "journey.unknown")
        // The attacker's own browser is still where it was, and knows nobody.
        #expect(try await attacker.get(journey).status == 200)
    }

    @Test func `neither another journey's cookie nor a made-up one opens a journey`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let (one, two) = (try await browser.begin(SAMLQuestion().path), try await browser.begin(SAMLQuestion().path))
        let (first, second) = (house.transactionCookieName(one), house.transactionCookieName(two))
        browser.plant(first, try #require(browser.cookies[second]))
        #expect(try await browser.get(one).code == "journey.unknown")
        for value in ["", "x", "\"\"", String(repeating: "a", count: 10_000)] {
            browser.plant(first, value)
            #expect(try await browser.get(one).code == "journey.unknown")
        }
        #expect(try await browser.get(two).status == 200)
    }

    /// Checklist H13.
    @Test func `two cookies of one name count as none`() async throws {
        let (_, browser) = try await loggedIn()
        let cookie = "__Host-sekisho=" + (try #require(browser.sessionCookie))
        for header in [cookie + "; __Host-sekisho=planted", "__Host-sekisho=planted; " + cookie, cookie + "; " + cookie] {
            let page = try await browser.get("/", [.cookie: header])
            #expect(!page.text.has("ログイン中"))
        }
        var twice = HTTPFields()
        twice.append(HTTPField(name: .cookie, value: cookie))
        twice.append(HTTPField(name: .cookie, value: "__Host-sekisho=planted"))
        #expect(try await !browser.get("/", twice).text.has("ログイン中"))
        #expect(try await browser.get("/", [.cookie: "a=b; " + cookie + "; c=d"]).text.has("ログイン中"))
    }

    @Test func `the plain name opens nothing where the prefixed one is in force`() async throws {
        let (_, browser) = try await loggedIn()
        let page = try await browser.get("/", [.cookie: "sekisho=" + (try #require(browser.sessionCookie))])
        #expect(!page.text.has("ログイン中"))
    }

    @Test func `cookies over TLS: __Host-, Secure, HttpOnly, SameSite=Lax, no domain`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let paused = try await browser.get(SAMLQuestion().path)
        let journey = try #require(paused.location)
        let login = try await browser.use("hanako", at: journey)
        let done = try await browser.get(journey + "/continue")
        let cookies = [paused, login, done].flatMap(\.cookies)
        #expect(cookies.count == 3)
        for cookie in cookies {
            #expect(cookie.name.hasPrefix("__Host-sekisho"))
            for attribute in ["Path=/", "HttpOnly", "SameSite=Lax", "Secure"] { #expect(cookie.attributes.contains(attribute)) }
            #expect(!cookie.attributes.contains { $0.lowercased().hasPrefix("domain") })
            #expect(cookie.isRemoval || cookie.value.utf8.count == 43)
        }
    }

    @Test func `cookies over plain http: without the prefix, which browsers would refuse there`() async throws {
        let house = try House(await World.plain())
        let browser = Browser(house)
        let paused = try await browser.get(SAMLQuestion().path)
        let journey = try #require(paused.location)
        #expect(journey.hasPrefix("http://127.0.0.1:8080/journey/"))
        #expect(try SAMLReading(try await browser.login("hanako", at: journey), in: house.world).isSuccess)
        let cookie = try #require(paused.cookies.first)
        #expect(cookie.name.hasPrefix("sekisho-"))
        #expect(!cookie.attributes.contains("Secure"))
        #expect(cookie.attributes.contains("HttpOnly") && cookie.attributes.contains("SameSite=Lax"))
        #expect(paused.headers[.strictTransportSecurity] == nil)
    }

    /// Checklist H4.
    @Test func `a session ends by our own form only`() async throws {
        let (house, browser) = try await loggedIn()
        #expect(try await browser.get("/session/end").status >= 400)
        #expect(try await isLoggedIn(browser))
        // Without the Lax cookie, as from another site; and from a neighbour whom Lax cookies do follow.
        _ = try await browser.copy().post("/session/end", crossSite: true)
        #expect(try await isLoggedIn(browser))
        let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
        for value in ["same-site", "cross-site"] {
            let refused = try await browser.post("/session/end", [], [site: value])
            #expect(refused.code == "http.cross-site")
            #expect(refused.headers[.setCookie] == nil)
            #expect(try await isLoggedIn(browser))
        }
        let end = try await browser.post("/session/end", [], [site: "same-origin"])
        #expect(end.status == 303)
        // The shop offers no logout to us: the page says that it is still open.
        #expect(end.location?.hasPrefix(World.base + "/logout/") == true)
        #expect(try await !isLoggedIn(browser))
        #expect(try await house.trail().last?.has("session.ended") == true)
        #expect(try await browser.post("/session/end").status == 303, "and again, quietly")
    }

    @Test func `stopping a login is our own form's doing too`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        #expect(try await browser.get(journey + "/cancel").status >= 400)
        let site = try #require(HTTPField.Name("Sec-Fetch-Site"))
        #expect(try await browser.post(journey + "/cancel", [], [site: "same-site"]).code == "http.cross-site")
        #expect(try await browser.get(journey).status == 200)
    }
}
