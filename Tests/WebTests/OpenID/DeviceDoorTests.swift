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
        #expect(about.text.has("この機器の前にいて、ご自身で操作を始めたときだけ進んでください"))
        #expect(about.text.has("詐欺のおそれがあります"))
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
        #expect(done.text.has("共用の端末のため、ログアウトしました"))
        #expect(kiosk.sessionCookie == nil)
        #expect(try await kiosk.get("/").text.has("ログインしていません"))
        #expect(try await waiter.poll(shown).status == 200)

        let phone = Browser(waiter.house)
        let other = try await waiter.begin()
        let said1 = try await waiter.approve(other, "taro", in: phone)
        #expect(!said1.text.has("共用の端末のため、ログアウトしました"))
        #expect(try await phone.get("/").text.has("ログイン中です"))
    }

    @Test(arguments: [true, false])
    func `on a terminal that nobody attends he is logged out where its file says that others use it (R20)`(isShared: Bool) async throws {
        let waiter = try await Waiter()
        if isShared { try waiter.share("sekisho-app") }
        let screen = Browser(waiter.house)
        let done = try await waiter.approve(try await waiter.begin(), in: screen)
        #expect(done.text.has("承認しました"))
        #expect(done.text.has("共用の端末のため、ログアウトしました") == isShared)
        #expect((screen.sessionCookie == nil) == isShared)
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
