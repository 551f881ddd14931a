import Cryptography
import HTTPTypes
import OpenID
import SQLiteStores
import SignOn
import SimulatedJPKI
import Synchronization
import Testing
import Vocabulary

@Suite struct `A set-top box logs in, RFC 8628 (O13, R11)` {
    @Test func `from the code on its screen to tokens for it`() async throws {
        let waiter = try await Waiter()
        let house = waiter.house
        let shown = try await waiter.begin()
        #expect(try await waiter.poll(shown).json["error"]?.string == "authorization_pending")

        let phone = Browser(house)
        let entry = try await phone.get("/device?user_code=" + shown.userCode)
        #expect(entry.status == 200)
        #expect(entry.text.has("value=\"" + shown.userCode + "\""))
        let journey = try await waiter.type(shown.userCode, in: phone)
        let about = try await phone.get(journey + "/about")
        #expect(about.text.has("見本ケーブルテレビ"))
        #expect(about.text.has("この機器の前にいて、自分でこの操作を始めたときだけ進んでください"))
        #expect(about.text.has("だまされています"))
        let arrived = try await phone.login("hanako", at: journey)
        #expect(arrived.location == journey + "/confirm")
        let page = try await phone.get(journey + "/confirm")
        #expect(page.status == 200)
        #expect(page.text.has("このサービス専用のあなたの番号"))
        #expect(try await waiter.poll(shown).json["error"]?.string == "slow_down")

        #expect(try await waiter.decide("approve", at: journey, in: phone).text.has("承認しました"))
        let tokens = try await waiter.poll(shown)
        #expect(tokens.status == 200)
        #expect(tokens.headers[.cacheControl] == "no-store")
        let access = try #require(try tokens.json["access_token"]?.string)
        let claims = try OpenIDQuestion(waiter.client).claims(tokens, in: house.world)
        #expect(claims["aud"]?.string == waiter.client)
        var header = HTTPFields()
        header[.authorization] = "Bearer " + access
        let info = try await Browser(house).get("/openid/userinfo", header)
        #expect(try info.json["sub"]?.string == claims["sub"]?.string)
        #expect(try await waiter.poll(shown).json["error"]?.string == "invalid_grant")
        let events = try await house.events()
        for event in ["awaited.begun", "awaited.approved", "token.issued"] { #expect(events.contains(event), "\(event)") }
        let trail = try await house.trail().joined()
        for secret in [shown.deviceCode, shown.userCode, access] {
            #expect(!trail.contains(secret))
            #expect(!house.logs.text.contains(secret))
        }
    }

    @Test(arguments: ["before the login", "after it"])
    func `and when the citizen refuses it is told so`(moment: String) async throws {
        let waiter = try await Waiter()
        let shown = try await waiter.begin()
        let phone = Browser(waiter.house)
        let journey = try await waiter.type(shown.userCode, in: phone)
        if moment == "after it" {
            _ = try await phone.login("hanako", at: journey)
            #expect(try await waiter.decide("deny", at: journey, in: phone).text.has("断りました"))
        } else {
            #expect(try await phone.post(journey + "/cancel").text.has("断りました"))
        }
        let answer = try await waiter.poll(shown)
        #expect(answer.status == 400)
        #expect(try answer.json["error"]?.string == "access_denied")
        #expect(try await waiter.house.events().contains("awaited.denied"))
    }

    @Test(arguments: ["approve", "deny"])
    func `a code that was decided is used up`(decision: String) async throws {
        let waiter = try await Waiter()
        let shown = try await waiter.begin()
        let phone = Browser(waiter.house)
        let journey = try await waiter.type(shown.userCode, in: phone)
        _ = try await phone.login("hanako", at: journey)
        _ = try await waiter.decide(decision, at: journey, in: phone)
        let again = try await Browser(waiter.house).post("/device", [("user_code", shown.userCode)])
        #expect(again.status == 400)
        #expect(again.text.has("openid.device.code-unknown"))
        #expect(try await phone.get(journey + "/confirm").status == 400)
        #expect(try await waiter.decide("approve", at: journey, in: phone).status == 400)
    }

    @Test func `a code runs out, for the citizen and for the device`() async throws {
        let waiter = try await Waiter()
        let shown = try await waiter.begin()
        let phone = Browser(waiter.house)
        let journey = try await waiter.type(shown.userCode, in: phone)
        waiter.house.pass(600)
        #expect(try await phone.get(journey + "/about").status == 400)
        #expect(try await Browser(waiter.house).post("/device", [("user_code", shown.userCode)]).status == 400)
        #expect(try await waiter.poll(shown).json["error"]?.string == "expired_token")
    }

    @Test func `a code of no service, one that has run out and one that was used are answered alike (H9)`() async throws {
        let waiter = try await Waiter()
        let used = try await waiter.begin()
        _ = try await waiter.approve(used, in: Browser(waiter.house))
        let old = try await waiter.begin()
        waiter.house.pass(600)
        var pages: Set<String> = []
        for code in [used.userCode, old.userCode, "BBBB-BBBB", "nonsense", "<b>"] {
            let answer = try await Browser(waiter.house).post("/device", [("user_code", code)])
            pages.insert("\(answer.status) " + answer.text)
        }
        #expect(pages.count == 1)
    }

    @Test func `of two citizens the first decides, and the second is told`() async throws {
        let waiter = try await Waiter()
        let shown = try await waiter.begin()
        let (first, second) = (Browser(waiter.house), Browser(waiter.house))
        let journeys = (try await waiter.type(shown.userCode, in: first), try await waiter.type(shown.userCode, in: second))
        _ = try await first.login("hanako", at: journeys.0)
        _ = try await second.login("taro", at: journeys.1)
        #expect(try await waiter.decide("approve", at: journeys.0, in: first).text.has("承認しました"))
        let late = try await waiter.decide("approve", at: journeys.1, in: second)
        #expect(late.text.has("decided"))
        #expect(!late.text.has("承認しました"))
        #expect(try await waiter.poll(shown).status == 200)
        #expect(try await waiter.house.events().count { $0 == "awaited.approved" } == 1)
    }

    @Test func `each of its steps asks for a new use of the card, whatever session the phone has`() async throws {
        let waiter = try await Waiter()
        let phone = Browser(waiter.house)
        _ = try await waiter.enter("hanako", in: phone)
        let journey = try await waiter.type(try await waiter.begin().userCode, in: phone)
        #expect(try await phone.get(journey + "/confirm").location == journey)
        #expect(try await phone.get(journey).status == 200)
        #expect(try await phone.login("hanako", at: journey).location == journey + "/confirm")
    }

    @Test func `its login is not the phone's: a logout there leaves it, an administrator's ends it`() async throws {
        let waiter = try await Waiter()
        let house = waiter.house
        let shown = try await waiter.begin()
        let phone = Browser(house)
        _ = try await waiter.approve(shown, in: phone)
        let access = try #require(try await waiter.poll(shown).json["access_token"]?.string)
        var header = HTTPFields()
        header[.authorization] = "Bearer " + access
        _ = try await phone.post("/session/end")
        #expect(phone.sessionCookie == nil)
        #expect(try await Browser(house).get("/openid/userinfo", header).status == 200)
        let live = try await house.store.liveSessions(limit: 9, at: house.now)
        #expect(live.map(\.members).contains([try #require(MemberID(waiter.client))]))
        for session in live {
            let logout = Logout(
                id: try #require(LogoutID("logout-00000000001")), browser: nil, origin: .administrator, message: [], initiator: nil,
                propagates: true, startedAt: house.now, expiresAt: house.now.adding(seconds: 60))
            _ = try await house.store.begin(
                logout, ending: [session.thread], recording: Record("session.ended", at: house.now)
            ) { _ in nil }
        }
        #expect(try await Browser(house).get("/openid/userinfo", header).status == 401)
    }

    @Test func `another client gets nothing for its code, nor a code of another length (E5, E11)`() async throws {
        let waiter = try await Waiter()
        let shown = try await waiter.begin()
        _ = try await waiter.approve(shown, in: Browser(waiter.house))
        #expect(try await waiter.poll(shown, as: Parties.hostile).json["error"]?.string == "invalid_grant")
        for code in [String(shown.deviceCode.dropLast()), shown.deviceCode + "A", String(repeating: "A", count: 9_000)] {
            let answer = try await waiter.poll(.init(deviceCode: code, userCode: ""))
            #expect(try answer.json["error"]?.string == "invalid_grant")
        }
        #expect(try await waiter.poll(shown).status == 200)
    }

    @Test func `two polls at once after the yes: one gets tokens`() async throws {
        let waiter = try await Waiter()
        let shown = try await waiter.begin()
        _ = try await waiter.approve(shown, in: Browser(waiter.house))
        let answers = try await withThrowingTaskGroup(of: Int.self) { group in
            for _ in 0..<8 { group.addTask { try await waiter.poll(shown).status } }
            return try await group.reduce(into: [Int]()) { $0.append($1) }
        }
        #expect(answers.count { $0 == 200 } == 1)
        #expect(answers.count { $0 == 400 } == 7)
    }

    @Test(arguments: ["before it asks", "before the code is typed", "before the login", "before the yes", "before it fetches"])
    func `a member whose standing ends is refused at once (H10)`(moment: String) async throws {
        let waiter = try await Waiter()
        func suspend(_ now: String) throws {
            if now == moment { try waiter.change("television.yaml", "state: accredited", to: "state: suspended") }
        }
        try suspend("before it asks")
        let begun = try await waiter.post("/openid/device_authorization", [("scope", "openid")])
        guard moment != "before it asks" else {
            #expect(try begun.json["error"]?.string == "unauthorized_client")
            return
        }
        let shown = Waiter.Shown(
            deviceCode: try #require(try begun.json["device_code"]?.string), userCode: try #require(try begun.json["user_code"]?.string))
        let phone = Browser(waiter.house)
        try suspend("before the code is typed")
        let journey = try await waiter.type(shown.userCode, in: phone)
        try suspend("before the login")
        if moment == "before the code is typed" || moment == "before the login" {
            #expect(try await phone.get(journey).status == 400)
            #expect(try await waiter.poll(shown).json["error"]?.string == "access_denied")
            return
        }
        _ = try await phone.login("hanako", at: journey)
        try suspend("before the yes")
        let said = try await waiter.decide("approve", at: journey, in: phone)
        try suspend("before it fetches")
        #expect(said.text.has("承認しました") == (moment == "before it fetches"))
        let answer = try await waiter.poll(shown)
        #expect(try answer.json["error"]?.string == (moment == "before the yes" ? "access_denied" : "invalid_grant"))
    }

    @Test func `on a shared terminal the citizen is logged out when it is done, on his own phone not (R20)`() async throws {
        let waiter = try await Waiter()
        let kiosk = Browser(waiter.house)
        let shown = try await waiter.begin()
        let done = try await waiter.approve(shown, in: kiosk, .face, terminal: "kiosk")
        #expect(done.text.has("共用の端末なので、ログアウトしました"))
        #expect(kiosk.sessionCookie == nil)
        #expect(try await kiosk.get("/").text.has("ログインしていません"))
        #expect(try await waiter.poll(shown).status == 200)

        let phone = Browser(waiter.house)
        let other = try await waiter.begin()
        let said1 = try await waiter.approve(other, "taro", in: phone)
        #expect(!said1.text.has("共用の端末なので、ログアウトしました"))
        #expect(try await phone.get("/").text.has("ログイン中です"))
    }

    @Test func `a service that needs the PIN gets no login without it`() async throws {
        let waiter = try await Waiter(Parties.hostile)
        let shown = try await waiter.begin()
        let phone = Browser(waiter.house)
        let journey = try await waiter.type(shown.userCode, in: phone)
        // A face that was compared opens a session, but not this door.
        let refused = try await phone.login("hanako", at: journey, .face, terminal: "kiosk")
        #expect(refused.location == journey)
        #expect(try await phone.get(journey + "/confirm").location == journey)
        #expect(try await phone.login("hanako", at: journey).location == journey + "/confirm")
    }

    @Test func `the metadata says where to ask, since a client is registered for it`() async throws {
        let document = try await Browser(House.ordinary()).get("/.well-known/openid-configuration").json
        #expect(document["device_authorization_endpoint"]?.string == World.base + "/openid/device_authorization")
        #expect(document["grant_types_supported"]?.strings?.contains("urn:ietf:params:oauth:grant-type:device_code") == true)
    }
}

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
