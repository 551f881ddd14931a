import HTTPTypes
import SQLiteStores
import Settings
import SignOn
import Testing
import Vocabulary

@Suite struct `The citizen's own page, R18, R25` {
    @Test func `wants a login, keeps what was chosen, and comes back to it (H7)`() async throws {
        let home = try await CitizenHome()
        let browser = Browser(home.house)
        let handle = String(repeating: "a", count: 24)
        let page = try await browser.get("/me/lost?card=\(handle)&reason=stolen")
        #expect(page.text.has("<form method=\"post\" action=\"/me/login\">"))
        #expect(page.text.has("name=\"card\" value=\"\(handle)\""))
        let fields = [("page", "/me/lost"), ("card", handle), ("reason", "stolen")]
        let end = try await home.login("hanako", in: browser, at: fields)
        #expect(end.location == World.base + "/me/lost?card=\(handle)&reason=stolen")
    }

    @Test func `is come back to from the login of the presented certificates too`() async throws {
        let home = try await CitizenHome()
        let browser = Browser(home.house)
        let page = try await browser.get("/identity")
        #expect(page.text.has("<form method=\"post\" action=\"/me/login\">"))
        #expect(page.text.has("name=\"page\" value=\"/identity\""))
        let end = try await home.login("hanako", in: browser, at: [("page", "/identity")])
        #expect(end.location == World.base + "/identity")
        #expect(try await browser.get("/identity").text.has("保存されているものはありません"))
    }

    @Test(arguments: ["https://evil.example/", "//evil.example", "/openid/authorize", "/me/../x", "/identity/forget", ""])
    func `never goes to an address that is none of its own`(page: String) async throws {
        let home = try await CitizenHome()
        let end = try await home.login("hanako", in: Browser(home.house), at: [("page", page)])
        #expect([World.base + "/me", World.base + "/ledger"].contains(end.location))
    }

    @Test(arguments: ["/me", "/me/sessions", "/me/services", "/me/told", "/me/consents", "/me/cards", "/me/lost", "/ledger"])
    func `shows every page to its citizen, in one language, and to nobody else`(path: String) async throws {
        let home = try await CitizenHome()
        let browser = Browser(home.house)
        try await home.login("hanako", in: browser, agent: CitizenHome.firefox)
        let page = try await browser.get(path)
        #expect(page.status == 200)
        #expect(page.text.has("<html lang=\"ja\">"))
        #expect(page.text.has("aria-current=\"page\""))
        #expect(try await browser.get(path, [.acceptLanguage: "en"]).text.has("<html lang=\"en\">"))
        for secret in try home.house.world.secrets(of: "hanako") { #expect(!page.text.has(secret)) }
        let stranger = try await Browser(home.house).get(path)
        #expect(stranger.text.has("/me/login"))
        #expect(!stranger.text.has("aria-current=\"page\""))
    }

    @Test(
        arguments: [
            "/me/login", "/me/sessions/end", "/me/sessions/not-me", "/me/services/stop", "/me/told/not-me", "/me/consents/stop",
            "/me/cards/lift", "/me/lost", "/ledger/login", "/ledger/withdraw",
        ])
    func `takes no form from another site (H3)`(door: String) async throws {
        let home = try await CitizenHome()
        let browser = Browser(home.house)
        try await home.login("hanako", in: browser)
        let name = try #require(HTTPField.Name("Sec-Fetch-Site"))
        let fields = [("form", try await home.mark(browser)), ("all", "every"), ("card", "all"), ("reason", "lost")]
        for site in ["cross-site", "same-site"] {
            #expect(try await browser.post(door, fields, [name: site]).code == "http.cross-site")
        }
        #expect(try await home.isLoggedIn(browser))
        #expect(try await home.records("care.loss-reported").isEmpty)
    }

    @Test(
        arguments: [
            "/me/sessions/end", "/me/sessions/not-me", "/me/services/stop", "/me/told/not-me", "/me/consents/stop", "/me/cards/lift",
            "/me/lost",
        ])
    func `takes no form with the mark of another session, a forged one or none (H3)`(door: String) async throws {
        let home = try await CitizenHome()
        let (own, other) = (Browser(home.house), Browser(home.house))
        try await home.login("hanako", in: own)
        try await home.login("taro", in: other)
        let handle = try await home.handle(own)
        for mark in [try await home.mark(other), "AAAA", ""] {
            let answer = try await own.post(
                door, [("form", mark), ("all", "every"), ("card", handle), ("reason", "lost")])
            #expect(answer.status == 303)
        }
        #expect(try await home.isLoggedIn(own))
        #expect(try await home.records("care.loss-reported").isEmpty)
        #expect(try await home.records("session.ended").isEmpty)
    }
}

@Suite struct `Where a citizen is logged in` {
    @Test func `every place is named in coarse words, this one is marked, and the header is kept nowhere`() async throws {
        let home = try await CitizenHome()
        let (desk, phone) = (Browser(home.house), Browser(home.house))
        try await home.login("hanako", in: desk, agent: CitizenHome.firefox)
        home.house.pass(60)
        try await home.login("hanako", in: phone, agent: CitizenHome.iPhone)
        let page = try await desk.get("/me/sessions")
        #expect(page.text.has("Firefox（Linux）（この機器）"))
        #expect(page.text.has("Safari（iPhone）"))
        #expect(!page.text.has("Safari（iPhone）（この機器）"))
        #expect(page.text.components(between: "name=\"thread\" value=\"", and: "\"").count == 2, "two buttons, of the other place alone")
        let kept = try await home.house.trail().joined()
        for part in ["Gecko", "145.0", "iPhone OS"] { #expect(!kept.has(part) && !page.text.has(part)) }
    }

    @Test func `a device's login is there as long as it lives, though nobody touches it; a browser's is not`() async throws {
        let waiter = try await Waiter()
        let (house, home) = (waiter.house, CitizenHome(waiter.house))
        let sessions = house.world.configuration.sessions
        _ = try await waiter.approve(try await waiter.begin(), in: Browser(house))
        house.pass(sessions.idle)
        let desk = Browser(house)
        try await home.login("hanako", in: desk)
        let page = try await desk.get("/me/sessions")
        #expect(page.text.has("機器・アプリ（ブラウザ以外）"))
        let threads = page.text.components(between: "name=\"thread\" value=\"", and: "\"")
        #expect(threads.count == 2, "two buttons, of the device alone")
        let done = try await home.press("/me/sessions/end", [("thread", try #require(threads.first))], in: desk)
        #expect(done.location?.has("done=ended") == true)
        #expect(try await !desk.get("/me/sessions").text.has("機器・アプリ（ブラウザ以外）"))
    }

    @Test func `a device's login is there no longer than it lives`() async throws {
        let waiter = try await Waiter()
        let (house, home) = (waiter.house, CitizenHome(waiter.house))
        _ = try await waiter.approve(try await waiter.begin(), in: Browser(house))
        house.pass(house.world.configuration.sessions.absolute)
        let desk = Browser(house)
        try await home.login("hanako", in: desk)
        #expect(try await home.isLoggedIn(desk))
        #expect(try await !desk.get("/me/sessions").text.has("機器・アプリ（ブラウザ以外）"))
    }

    @Test func `one elsewhere is ended from here, and this one stays`() async throws {
        let home = try await CitizenHome()
        let (desk, phone) = (Browser(home.house), Browser(home.house))
        try await home.login("hanako", in: desk)
        try await home.login("hanako", in: phone)
        let thread = try await home.session(phone).thread.text
        let done = try await home.press("/me/sessions/end", [("thread", thread)], in: desk)
        #expect(done.location?.has("done=ended") == true)
        #expect(try await !home.isLoggedIn(phone))
        #expect(try await home.isLoggedIn(desk))
        // The old tab's button, pressed once more, does nothing.
        _ = try await home.press("/me/sessions/end", [("thread", thread)], in: desk)
        #expect(try await home.records("session.ended").count == 1)
    }

    @Test func `nobody ends another citizen's (H17)`() async throws {
        let home = try await CitizenHome()
        let (own, other) = (Browser(home.house), Browser(home.house))
        try await home.login("hanako", in: own)
        try await home.login("taro", in: other)
        let thread = try await home.session(other).thread.text
        for door in ["/me/sessions/end", "/me/sessions/not-me"] {
            #expect(try await home.press(door, [("thread", thread)], in: own).location == World.base + "/me/sessions")
        }
        #expect(try await home.isLoggedIn(other))
        #expect(try await home.records("care.disavowed").isEmpty)
    }

    @Test func `all others end together, or every one`() async throws {
        let home = try await CitizenHome()
        let browsers = (0..<3).map { _ in Browser(home.house) }
        for browser in browsers { try await home.login("hanako", in: browser) }
        _ = try await home.press("/me/sessions/end", [("all", "others")], in: browsers[0])
        #expect(try await home.isLoggedIn(browsers[0]))
        #expect(try await !home.isLoggedIn(browsers[1]))
        #expect(try await !home.isLoggedIn(browsers[2]))
        try await home.login("hanako", in: browsers[1])
        _ = try await home.press("/me/sessions/end", [("all", "every")], in: browsers[0])
        #expect(browsers[0].sessionCookie == nil)
        for browser in browsers { #expect(try await !home.isLoggedIn(browser)) }
    }

    @Test func `the results of a logout are shown to its citizen alone`() async throws {
        let home = try await CitizenHome()
        let (desk, phone, other) = (Browser(home.house), Browser(home.house), Browser(home.house))
        _ = try await phone.login("misaki", at: try await phone.begin(OpenIDQuestion().path))
        try await home.login("misaki", in: desk)
        try await home.login("taro", in: other)
        let done = try await home.press("/me/sessions/end", [("thread", try await home.session(phone).thread.text)], in: desk)
        let address = try #require(done.location)
        #expect(try await desk.get(address).text.has("サービスごとの結果"))
        #expect(try await other.get(address).text.has("サービスごとの結果") == false)
    }
}

@Suite struct `This was not me` {
    @Test func `ends the session, is written down once, and offers to stop the card`() async throws {
        let home = try await CitizenHome()
        let (desk, thief) = (Browser(home.house), Browser(home.house))
        try await home.login("hanako", in: desk)
        try await home.login("hanako", in: thief, agent: CitizenHome.iPhone)
        let thread = try await home.session(thief).thread.text
        let handle = try await home.handle(thief)
        let done = try await home.press("/me/sessions/not-me", [("thread", thread)], in: desk)
        #expect(try await !home.isLoggedIn(thief))
        let page = try await desk.get(try #require(done.location))
        #expect(page.text.has("/me/lost?card=\(handle)&amp;reason=misused"))
        _ = try await home.press("/me/sessions/not-me", [("thread", thread)], in: desk)
        let records = try await home.records("care.disavowed")
        #expect(records.count == 1)
        #expect(records.first?["name"]?.string == thread)
        #expect(records.first?["certificate"]?.string == handle)
        #expect(home.house.logs.text.has("this was not me"))
        #expect(try await home.house.store.disavowals(of: nil, limit: 9).count == 1)
    }

    @Test func `is not for the session that says it`() async throws {
        let home = try await CitizenHome()
        let desk = Browser(home.house)
        try await home.login("hanako", in: desk)
        let answer = try await home.press("/me/sessions/not-me", [("thread", try await home.session(desk).thread.text)], in: desk)
        #expect(answer.location == World.base + "/me/sessions")
        #expect(try await home.isLoggedIn(desk))
        #expect(try await home.records("care.disavowed").isEmpty)
    }

    @Test func `can be said of a line of the ledger, by its citizen alone (H17)`() async throws {
        let home = try await CitizenHome()
        let (own, other) = (Browser(home.house), Browser(home.house))
        let journey = try await own.begin(OpenIDQuestion(Parties.bank).path)
        _ = try await own.login("misaki", at: journey)
        _ = try await Duty.agree(own, journey)
        try await home.login("taro", in: other)
        let page = try await own.get("/me/told")
        let entry = try #require(page.between("name=\"entry\" value=\"", "\""))
        _ = try await home.press("/me/told/not-me", [("entry", entry)], in: other)
        #expect(try await home.records("care.disavowed").isEmpty)
        for _ in 0..<2 { _ = try await home.press("/me/told/not-me", [("entry", entry)], in: own) }
        #expect(try await home.records("care.disavowed").map { $0["ledger"]?.string } == [entry])
        #expect(try await own.get("/me/told").text.has("name=\"entry\"") == false, "what was said is not asked again")
    }
}
