import Cryptography
import HTTPTypes
import OpenID
import SQLiteStores
import SignOn
import SimulatedJPKI
import Synchronization
import Testing
import Vocabulary

@Suite struct `The device pages and their attackers (H1, H3, H8, H12, H13)` {
    @Test func `a visit begun in one browser is nothing in another (H1)`() async throws {
        let waiter = try await Waiter()
        let shown = try await waiter.begin()
        let (attacker, victim) = (Browser(waiter.house), Browser(waiter.house))
        let journey = try await waiter.type(shown.userCode, in: attacker)
        _ = try await waiter.enter("hanako", in: victim)
        for path in [journey + "/about", journey, journey + "/continue", journey + "/confirm"] {
            #expect(try await victim.get(path).code == "journey.unknown", "\(path)")
        }
        #expect(try await waiter.decide("approve", at: journey, in: victim).code == "journey.unknown")
        #expect(try await waiter.poll(shown).json["error"]?.string == "authorization_pending")
    }

    @Test(arguments: ["cross-site", "same-site"])
    func `no form is taken from another site (H3)`(site: String) async throws {
        let waiter = try await Waiter()
        let shown = try await waiter.begin()
        let phone = Browser(waiter.house)
        let journey = try await waiter.type(shown.userCode, in: phone)
        _ = try await phone.login("hanako", at: journey)
        var foreign = HTTPFields()
        foreign[try #require(HTTPField.Name("Sec-Fetch-Site"))] = site
        let forms: [(String, [(String, String)])] = [
            ("/device", [("user_code", shown.userCode)]), (journey + "/confirm", [("decision", "approve")]),
            (journey + "/confirm", [("decision", "deny")]), (journey + "/cancel", []), ("/approve/login", []),
            ("/approve/open", [("request", "abc")]),
        ]
        for (path, form) in forms {
            #expect(try await phone.post(path, form, foreign).code == "http.cross-site", "\(path)")
        }
        // A browser that says nothing keeps its cookies to itself.
        #expect(try await phone.post(journey + "/confirm", [("decision", "approve")], crossSite: true).code == "journey.unknown")
        waiter.house.pass(30)
        #expect(try await waiter.poll(shown).json["error"]?.string == "authorization_pending")
    }

    @Test(arguments: [
        [], [("decision", "maybe")], [("decision", "approve"), ("decision", "deny")], [("decision", "approve"), ("x", "y")],
    ])
    func `a decision is one of two words`(form: [(String, String)]) async throws {
        let waiter = try await Waiter()
        let shown = try await waiter.begin()
        let phone = Browser(waiter.house)
        let journey = try await waiter.type(shown.userCode, in: phone)
        _ = try await phone.login("hanako", at: journey)
        #expect(try await phone.post(journey + "/confirm", form).status == 400)
        #expect(try await waiter.poll(shown).json["error"]?.string == "authorization_pending")
        #expect(try await waiter.decide("approve", at: journey, in: phone).status == 200)
    }

    @Test func `guessing is slowed down for a citizen, and never tells how near it was (H8)`() async throws {
        let waiter = try await Waiter()
        let browser = Browser(waiter.house)
        _ = try await waiter.enter("hanako", in: browser)
        for _ in 0..<10 { #expect(try await browser.post("/device", [("user_code", "BBBB-BBBB")]).status == 400) }
        let shown = try await waiter.begin()
        let slowed = try await browser.post("/device", [("user_code", shown.userCode)])
        #expect(slowed.status == 429)
        #expect(slowed.text.has("openid.device.too-many-tries"))
        // Somebody else is not held up, and neither is this one after a minute.
        _ = try await waiter.type(shown.userCode, in: Browser(waiter.house))
        waiter.house.pass(60)
        _ = try await waiter.type(try await waiter.begin().userCode, in: browser)
        #expect(try await waiter.house.events().count { $0 == "device.code-refused" } == 11)
    }

    @Test func `when strangers guess too much they have to show a card first, and whoever does goes on (H8)`() async throws {
        let waiter = try await Waiter()
        let stranger = Browser(waiter.house)
        var last = try await stranger.post("/device", [("user_code", "BBBB-BBBB")])
        var tries = 1
        while last.status == 400, tries < 400 {
            last = try await stranger.post("/device", [("user_code", "BBBB-BBBB")])
            tries += 1
        }
        #expect(last.status == 429)
        #expect(tries == 301)
        #expect(last.text.has("先にログインしてください"))
        let shown = try await waiter.begin()
        #expect(try await stranger.post("/device", [("user_code", shown.userCode)]).status == 429)
        let citizen = Browser(waiter.house)
        _ = try await waiter.enter("taro", in: citizen)
        _ = try await waiter.type(shown.userCode, in: citizen)
    }

    @Test func `every page forbids frames, scripts and storing, and needs no JavaScript (H13)`() async throws {
        let waiter = try await Waiter()
        let shown = try await waiter.begin()
        let phone = Browser(waiter.house)
        var pages = [
            try await phone.get("/device"), try await phone.get("/device?user_code=" + shown.userCode),
            try await phone.post("/device", [("user_code", "x")]), try await phone.get("/approve"), try await phone.get("/approve/abc"),
        ]
        let journey = try await waiter.type(shown.userCode, in: phone)
        pages.append(try await phone.get(journey + "/about"))
        _ = try await phone.login("hanako", at: journey)
        pages.append(try await phone.get(journey + "/confirm"))
        pages.append(try await waiter.decide("approve", at: journey, in: phone))
        pages.append(try await phone.get("/approve"))
        for page in pages {
            let policy = try #require(page.headers[.contentSecurityPolicy])
            #expect(policy.hasPrefix("default-src 'none'; style-src 'sha256-"))
            #expect(policy.has("frame-ancestors 'none'"))
            #expect(!policy.has("unsafe"))
            #expect(page.headers[try #require(HTTPField.Name("X-Frame-Options"))] == "DENY")
            #expect(page.headers[.cacheControl] == "no-store")
            #expect(page.hasOnlyOwnScripts)
            let style = try #require(page.between("<style>", "</style>"))
            #expect(policy.has("sha256-" + Base64.encode(Digest.sha256(Array(style.utf8)))))
            #expect(page.text.has("<html lang=\"ja\">"))
            #expect(page.text.has("lang=\"en\""))
        }
    }

    @Test func `a service's name and what a link brings are text (H12)`() async throws {
        let waiter = try await Waiter(Parties.hostile)
        let shown = try await waiter.begin()
        #expect(UserCode(typed: shown.userCode)?.text.utf8.count == 12)
        let phone = Browser(waiter.house)
        let journey = try await waiter.type(shown.userCode, in: phone)
        var pages = [
            try await phone.get(journey + "/about"), try await phone.get("/device?user_code=%22%3E%3Cscript%3Ealert(1)%3C/script%3E"),
        ]
        _ = try await phone.login("hanako", at: journey)
        pages.append(try await phone.get(journey + "/confirm"))
        for page in pages {
            #expect(page.status == 200)
            #expect(page.hasOnlyOwnScripts)
            #expect(!page.text.has("<img"))
            #expect(page.text.has("&lt;script&gt;"))
        }
    }

    @Test(arguments: ["GET", "PUT", "DELETE"])
    func `the endpoint takes POST of a form only`(method: String) async throws {
        let waiter = try await Waiter()
        let answer = try await Browser(waiter.house).send(HTTPRequest.Method(method) ?? .get, "/openid/device_authorization", [:], nil)
        #expect(answer.status == 404 || answer.status == 405)
        let json = try await Browser(waiter.house).post("/openid/device_authorization", json: [:])
        #expect(json.status == 400)
        #expect(try json.json["error"]?.string == "invalid_request")
    }

    @Test func `nobody asks without being a registered client, and an assertion is used once (E16)`() async throws {
        let waiter = try await Waiter()
        let nobody = try await Browser(waiter.house).post(
            "/openid/device_authorization", [("scope", "openid"), ("client_id", waiter.client)])
        #expect(nobody.status == 401)
        #expect(try nobody.json["error"]?.string == "invalid_client")
        let shop = try await waiter.post("/openid/device_authorization", [("scope", "openid")], as: Parties.shop)
        #expect(try shop.json["error"]?.string == "unauthorized_client")
        let form = [("scope", "openid")] + (try waiter.credential())
        #expect(try await Browser(waiter.house).post("/openid/device_authorization", form).status == 200)
        let replayed = try await Browser(waiter.house).post("/openid/device_authorization", form)
        #expect(replayed.code == "openid.client.assertion-replayed")
    }

    @Test(arguments: 1...8)
    func `whichever call of the store fails, nothing is granted by it (E19)`(call: Int) async throws {
        let kept = Mutex<FailingStores?>(nil)
        let house = try House(
            await World.shared(),
            stores: { store in
                let failing = FailingStores(store)
                kept.withLock { $0 = failing }
                return failing
            })
        let failing = try #require(kept.withLock { $0 })
        let waiter = try await Waiter(Parties.television, house)
        let shown = try await waiter.begin()
        let phone = Browser(house)
        let journey = try await waiter.type(shown.userCode, in: phone)
        _ = try await phone.login("hanako", at: journey)
        failing.breaks(at: failing.calls + call)
        let before = failing.calls
        let said = try await waiter.decide("approve", at: journey, in: phone)
        guard failing.calls >= before + call else {
            #expect(said.text.has("承認しました"))
            return
        }
        #expect(said.status == 503)
        #expect(!said.text.has("secret detail"))
        let answer = try await waiter.poll(shown)
        #expect(try answer.json["error"]?.string == "authorization_pending")
    }
}
