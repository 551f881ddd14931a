import HTTPTypes
import OpenID
import SQLiteStores
import SignOn
import Testing
import Vocabulary

/// C13, E4, E24, H4: RP-initiated logout at the door. The conformance suite's module names stand behind the sentences
/// (prefix `oidcc-rp-initiated-logout`).
@Suite struct `Logout begun by an OpenID service` {
    private static func path(_ parameters: [(String, String)]) -> String {
        parameters.isEmpty ? "/openid/logout" : "/openid/logout?" + Form.text(parameters)
    }

    private func shown(_ leaver: Leaver, _ parameters: [(String, String)]) async throws -> Answer {
        try await leaver.browser.get(Self.path(parameters))
    }

    /// The citizen presses the button of the page.
    private func confirm(_ leaver: Leaver, _ page: Answer) async throws -> Answer {
        let form = try #require(page.form)
        #expect(form.action == "/openid/logout/confirm")
        return try await leaver.browser.post(form.action, form.fields + [("answer", "yes")])
    }

    @Test func `with its ID token it is done at once, and goes back with state (good)`() async throws {
        let leaver = try await Leaver()
        let hint = try await leaver.openID(Parties.cafe)
        let answer = try await shown(
            leaver, [("id_token_hint", hint), ("post_logout_redirect_uri", Parties.cafeBack), ("state", "s 1")])
        #expect(answer.status == 303)
        #expect(answer.location == Parties.cafeBack + "&state=s%201")
        #expect(try await !leaver.isLoggedIn)
        #expect(leaver.browser.sessionCookie == nil)
    }

    @Test func `without state it goes back without (no-state)`() async throws {
        let leaver = try await Leaver()
        let hint = try await leaver.openID(Parties.cafe)
        let answer = try await shown(leaver, [("id_token_hint", hint), ("post_logout_redirect_uri", Parties.cafeBack)])
        #expect(answer.location == Parties.cafeBack)
    }

    @Test func `without an address the page says what became of it (no-post-logout-redirect-uri)`() async throws {
        let leaver = try await Leaver()
        let hint = try await leaver.openID(Parties.cafe)
        let answer = try await shown(leaver, [("id_token_hint", hint), ("state", "s")])
        let page = try await leaver.browser.get(try #require(answer.location))
        #expect(page.status == 200)
        #expect(leaver.results(page) == ["cafe": "ended"], "the client itself registered to hear of every end")
        #expect(try await !leaver.isLoggedIn)
    }

    /// dexidp #4832, #4734: a plain GET logs nobody out.
    @Test(arguments: [[], [("state", "s")], [("post_logout_redirect_uri", Parties.cafeBack), ("state", "s")]] as [[(String, String)]])
    func `without a hint the citizen is asked, and nobody is gone back to (no-params, only-state, no-id-token-hint)`(
        parameters: [(String, String)]
    ) async throws {
        let leaver = try await Leaver()
        try await leaver.openID(Parties.kiosk)
        let page = try await shown(leaver, parameters)
        #expect(page.status == 200)
        #expect(try await leaver.isLoggedIn)
        let done = try await confirm(leaver, page)
        #expect(try await !leaver.isLoggedIn)
        #expect(done.location?.has("/logout/") == true)
        #expect(done.location?.has("cafe") == false)
    }

    @Test func `a client that is named without a hint is gone back to once the citizen said yes`() async throws {
        let leaver = try await Leaver()
        try await leaver.openID(Parties.kiosk)
        let page = try await shown(leaver, [("client_id", Parties.kiosk), ("post_logout_redirect_uri", Parties.kioskBack)])
        #expect(page.status == 200)
        #expect(page.text.has("kiosk"))
        let done = try await confirm(leaver, page)
        #expect(done.location == Parties.kioskBack)
    }

    @Test(arguments: [
        "https://cafe.example.jp/bye?shop=2", "https://cafe.example.jp/bye?shop=1&x=1", "https://evil.example/", Parties.kioskBack,
        Parties.cafeCallback,
    ])
    func `an address that is not registered is refused on a page (bad-post-logout-redirect-uri, query-added)`(address: String) async throws
    {
        let leaver = try await Leaver()
        let hint = try await leaver.openID(Parties.cafe)
        let answer = try await shown(leaver, [("id_token_hint", hint), ("post_logout_redirect_uri", address)])
        #expect(answer.status == 400)
        #expect(answer.location == nil)
        #expect(answer.code == "openid.logout.redirect-unregistered")
        #expect(try await leaver.isLoggedIn)
    }

    @Test func `a hint that is modified or no token is refused on a page (modified-id-token-hint, bad-id-token-hint)`() async throws {
        let leaver = try await Leaver()
        let hint = try await leaver.openID(Parties.cafe)
        for bad in [String(hint.dropLast(5)) + "AAAAA", "bad"] {
            let answer = try await shown(
                leaver, [("id_token_hint", bad), ("client_id", Parties.cafe), ("post_logout_redirect_uri", Parties.cafeBack)])
            #expect(answer.status == 400)
            #expect(answer.code == "openid.logout.id-token-hint")
        }
        #expect(try await leaver.isLoggedIn)
    }

    /// H4: the citizen's own hint, loaded by a neighbour's page where nobody sees the answer.
    @Test(arguments: ["image", "iframe", "empty", "script"])
    func `a hint brought by a picture or a frame asks first`(destination: String) async throws {
        let leaver = try await Leaver()
        let hint = try await leaver.openID(Parties.cafe)
        let name = try #require(HTTPField.Name("Sec-Fetch-Dest"))
        let path = Self.path([("id_token_hint", hint), ("post_logout_redirect_uri", Parties.cafeBack)])
        #expect(try await leaver.browser.get(path, [name: destination]).status == 200)
        #expect(try await leaver.isLoggedIn)
        #expect(try await leaver.browser.get(path, [name: "document"]).status == 303)
        #expect(try await !leaver.isLoggedIn)
    }

    /// Abblix #549, checklist H4: any valid hint logged anybody out there.
    @Test func `a genuine hint of another citizen's session asks first`() async throws {
        let leaver = try await Leaver()
        try await leaver.openID(Parties.cafe)
        let other = Leaver(leaver.house)
        let foreign = try await other.openID(Parties.cafe)
        let page = try await shown(leaver, [("id_token_hint", foreign), ("post_logout_redirect_uri", Parties.cafeBack)])
        #expect(page.status == 200)
        #expect(try await leaver.isLoggedIn)
        #expect(try await other.isLoggedIn)
        #expect(try await confirm(leaver, page).location == Parties.cafeBack)
        #expect(try await !leaver.isLoggedIn)
        #expect(try await other.isLoggedIn, "the session of this browser ends, not the hint's")
    }

    @Test func `a form on the service's site is sent once more from ours, with our cookie`() async throws {
        let leaver = try await Leaver()
        let hint = try await leaver.openID(Parties.cafe)
        let fields = [("id_token_hint", hint), ("post_logout_redirect_uri", Parties.cafeBack), ("state", "s")]
        let resent = try await leaver.browser.post("/openid/logout", fields, crossSite: true)
        #expect(resent.status == 200)
        #expect(try await leaver.isLoggedIn)
        let form = try #require(resent.form)
        let done = try await leaver.browser.post(form.action, form.fields)
        #expect(done.location == Parties.cafeBack + "&state=s")
        #expect(try await !leaver.isLoggedIn)
    }

    @Test func `the yes of our page is taken from our page only`() async throws {
        let leaver = try await Leaver()
        try await leaver.openID(Parties.cafe)
        let answer = try await leaver.browser.post(
            "/openid/logout/confirm", [("request", ""), ("answer", "yes")], Browser.crossSite)
        #expect(answer.code == "http.cross-site")
        #expect(try await leaver.isLoggedIn)
        _ = try await leaver.browser.post("/openid/logout/confirm", [("request", "")])
        #expect(try await leaver.isLoggedIn, "without the yes it asks")
    }

    @Test func `where nobody is logged in, only an ID token of ours leads back by itself`() async throws {
        let leaver = try await Leaver()
        let hint = try await leaver.openID(Parties.cafe)
        _ = try await leaver.browser.post("/session/end")
        let hinted = try await shown(leaver, [("id_token_hint", hint), ("post_logout_redirect_uri", Parties.cafeBack)])
        #expect(hinted.location == Parties.cafeBack)
        let named = try await shown(leaver, [("client_id", Parties.cafe), ("post_logout_redirect_uri", Parties.cafeBack)])
        #expect(named.status == 200)
        #expect(named.text.has("https://cafe.example.jp/bye?shop=1"))
    }

    @Test func `a session past its idle time ends all the same, and what services were given with it`() async throws {
        let leaver = try await Leaver()
        let hint = try await leaver.openID(Parties.cafe)
        leaver.house.pass(1_801)
        #expect(try await !leaver.isLoggedIn)
        let answer = try await shown(leaver, [("id_token_hint", hint), ("post_logout_redirect_uri", Parties.cafeBack)])
        #expect(answer.location == Parties.cafeBack)
        #expect(try await leaver.house.store.counts()["sessions"] == 0)
        #expect(try await leaver.house.events().count { $0 == "session.ended" } == 1)
    }

    @Test(arguments: [(1_801, "session.ended"), (28_801, nil)] as [(Int64, String?)])
    func `without a hint it is asked about, or ended by our own button, until its absolute end`(age: Int64, event: String?) async throws {
        for isOwn in [false, true] {
            let leaver = try await Leaver()
            try await leaver.openID(Parties.cafe)
            leaver.house.pass(age)
            if isOwn {
                _ = try await leaver.browser.post("/session/end")
            } else {
                let page = try await shown(leaver, [])
                #expect(page.status == 200)
                #expect(try await !leaver.house.events().contains("session.ended"))
                if event != nil { _ = try await confirm(leaver, page) }
            }
            #expect(try await leaver.house.events().first { $0 == "session.ended" } == event)
        }
    }

    /// H4: to name its `sid` is the client's word, but not in whose browser it is.
    @Test func `a hint in a browser without a session ends one that nobody uses any more, and no other`() async throws {
        let leaver = try await Leaver()
        let hint = try await leaver.openID(Parties.cafe)
        let elsewhere = Leaver(leaver.house)
        let parameters = [("id_token_hint", hint), ("post_logout_redirect_uri", Parties.cafeBack)]
        #expect(try await shown(elsewhere, parameters).location == Parties.cafeBack)
        #expect(try await leaver.isLoggedIn)
        leaver.house.pass(1_801)
        #expect(try await shown(elsewhere, [("client_id", Parties.cafe)]).status == 200)
        #expect(try await leaver.house.store.counts()["sessions"] == 1)
        #expect(try await shown(elsewhere, parameters).location == Parties.cafeBack)
        #expect(try await leaver.house.store.counts()["sessions"] == 0)
    }

    @Test func `a device's login ends by its hint, in whatever browser, and the citizen's own there does not`() async throws {
        let waiter = try await Waiter()
        let house = waiter.house
        let code = try await waiter.begin()
        let phone = Browser(house)
        _ = try await waiter.approve(code, in: phone)
        let tokens = try await waiter.poll(code)
        let hint = try #require(try tokens.json["id_token"]?.string)
        let bearer: HTTPFields = [.authorization: "Bearer " + (try #require(try tokens.json["access_token"]?.string))]
        let path = Self.path([("id_token_hint", hint)])
        _ = try await phone.get(Self.path([("client_id", Parties.television)]))
        #expect(try await Browser(house).get("/openid/userinfo", bearer).status == 200)
        #expect(try await phone.get(path).form?.action == "/openid/logout/confirm", "its own session is asked about")
        #expect(try await Browser(house).get("/openid/userinfo", bearer).status == 401)
        #expect(try await phone.get("/").text.has("ログイン中"))
        #expect(try await Browser(house).get(path).status == 200)
        #expect(try await house.events().count { $0 == "session.ended" } == 1)
    }

    @Test func `tokens of the session end with it`() async throws {
        let leaver = try await Leaver()
        var question = OpenIDQuestion(Parties.cafe)
        question.callback = Parties.cafeCallback
        _ = try await leaver.openID(Parties.cafe)
        let code = try #require(try await leaver.browser.get(question.path).parameter("code"))
        let server = Browser(leaver.house)
        let tokens = try await server.post("/openid/token", question.tokenForm(code, in: leaver.house.world, at: leaver.house.now))
        let access = try #require(try tokens.json["access_token"]?.string)
        #expect(try await server.get("/openid/userinfo", [.authorization: "Bearer " + access]).status == 200)
        let second = OpenIDQuestion.at(Parties.cafe)
        let unused = try #require(try await leaver.browser.get(second.path).parameter("code"))
        _ = try await leaver.browser.post("/session/end")
        #expect(try await server.get("/openid/userinfo", [.authorization: "Bearer " + access]).status == 401)
        let late = try await server.post(
            "/openid/token", second.tokenForm(unused, in: leaver.house.world, at: leaver.house.now))
        #expect(late.status == 400, "a code of an ended session gives no tokens")
    }
}

extension OpenIDQuestion {
    fileprivate static func at(_ client: String) -> OpenIDQuestion {
        var question = OpenIDQuestion(client)
        question.callback = Parties.cafeCallback
        return question
    }
}

extension Browser {
    static let crossSite: HTTPFields = {
        var headers = HTTPFields()
        if let name = HTTPField.Name("Sec-Fetch-Site") { headers[name] = "cross-site" }
        return headers
    }()
}
