import HTTPTypes
import Testing
import Vocabulary

/// A card read by an app on another device: the number that binds it to the browser (checklist H1, H3, H7), and what the app sees first.
@Suite struct `An app on another device` {
    private struct Visit {
        let house: House
        let browser: Browser
        let journey: String
        let app: String

        init() async throws {
            house = try House(await World.pairing())
            browser = Browser(house)
            journey = try await browser.begin(OpenIDQuestion().path)
            app = try #require(try await browser.get(journey).between("<code>https://login.example.jp/app/", "</code>")).appended
        }

        /// The app's own conversation: without any cookie of the browser.
        func answered(_ handle: String = "hanako") async throws -> Answer {
            let phone = Browser(house)
            let asked = try await phone.post(app + "/challenge", json: [:])
            try #require(asked.status == 200, "\(asked.text)")
            return try await phone.post(app + "/answer", json: try house.answer(to: try asked.json, handle, journey, .pin, "sekisho-app"))
        }

        func type(_ code: String) async throws -> Answer { try await browser.post(journey + "/app", [("app_code", code)]) }
    }

    @Test func `logs the browser in once its number is typed there, and only then`() async throws {
        let visit = try await Visit()
        let page = try await visit.browser.get(visit.journey)
        #expect(page.text.has("<svg class=\"qr\"") && page.text.has("role=\"img\" aria-label=\""))
        let answered = try await visit.answered()
        #expect(answered.status == 200, "\(answered.text)")
        let code = try #require(try answered.json["code"]?.string)
        #expect(code.utf8.count == 6)
        #expect(answered.headers[.setCookie] == nil, "the app gets no session")
        #expect(try await visit.browser.get(visit.journey).status == 200, "nor does the browser, yet")
        let typed = try await visit.type(
            code.unicodeScalars.map { String(UnicodeScalar($0.value - 0x30 + 0xff10) ?? $0) }.joined(separator: " "))
        #expect(typed.status == 303, "\(typed.text)")
        let next = try #require(typed.location)
        #expect(try await visit.browser.get(next).parameter("code") != nil, "wide digits and spaces are digits")
        let trail = try await visit.house.trail()
        #expect(trail.contains { $0.contains("card.accepted") })
        #expect(!trail.contains { $0.contains(code) })
    }

    @Test func `says who asks before any PIN is typed, and warns`() async throws {
        let visit = try await Visit()
        let asked = try await Browser(visit.house).post(visit.app + "/challenge", json: [:]).json
        #expect(asked["service"]?["ja"]?.string?.isEmpty == false)
        #expect(asked["service"]?["en"]?.string?.isEmpty == false)
        #expect(asked["warning"]?["ja"]?.string?.contains("番号を教えないで") == true)
        #expect(asked["purpose"]?.string == "login")
    }

    @Test func `is worth nothing in another browser, under another address, or without the number`() async throws {
        let visit = try await Visit()
        let code = try #require(try await visit.answered().json["code"]?.string)
        let other = Browser(visit.house)
        #expect(try await other.post(visit.journey + "/app", [("app_code", code)]).status == 400)
        #expect(other.sessionCookie == nil)
        let theirs = try await other.begin(OpenIDQuestion().path)
        _ = try await other.post(theirs + "/app", [("app_code", code)])
        #expect(other.sessionCookie == nil, "the number of one visit opens no other")
        #expect(try await visit.browser.post(visit.journey + "/app", [("app_code", code)], crossSiteHeaders).status == 400)
        #expect(visit.browser.sessionCookie == nil)
        #expect(try await visit.type("").status == 303)
        #expect(visit.browser.sessionCookie == nil)
    }

    /// Whoever relays a code has a session of somebody else's: it must not become a card of his own beside theirs (decision 0063).
    @Test func `ties no cards together before the card was used at the session's own device`() async throws {
        let visit = try await Visit()
        _ = try await visit.type(try #require(try await visit.answered().json["code"]?.string))
        _ = try await visit.browser.get(visit.journey + "/continue")
        let again = try #require(try await visit.browser.press("/me/links/add").location)
        #expect(try await !visit.browser.get(again).text.has("/app/"), "nor is it offered here")
        let own = try await visit.browser.login("hanako", at: again)
        #expect(own.location == World.base + "/me/links", "the card itself is asked for again: \(own.location ?? own.text)")
        let journey = try await visit.browser.showOther("misaki")
        #expect(try await visit.browser.get(journey + "/joining").status == 200)
    }

    private var crossSiteHeaders: HTTPFields {
        var headers = HTTPFields()
        if let name = HTTPField.Name("Sec-Fetch-Site") { headers[name] = "cross-site" }
        return headers
    }

    @Test func `takes five wrong numbers and then begins again, without blame`() async throws {
        let visit = try await Visit()
        let code = try #require(try await visit.answered().json["code"]?.string)
        let wrong = code == "000000" ? "000001" : "000000"
        for left in [4, 3, 2, 1] {
            _ = try await visit.type(wrong)
            let page = try await visit.browser.get(visit.journey)
            #expect(page.text.has("あと\(left)回"), "\(left)")
            #expect(page.text.has("aria-invalid=\"true\"") && page.text.has("aria-describedby=\"f-app_code-error\""))
        }
        _ = try await visit.type(wrong)
        #expect(try await visit.browser.get(visit.journey).text.has("アプリでもう一度カードを読み取ってください"))
        _ = try await visit.type(code)
        #expect(visit.browser.sessionCookie == nil, "the right number comes too late")
        #expect(try await visit.house.trail().count { $0.contains("card.app.code") } == 5)
        let again = try #require(try await visit.answered().json["code"]?.string)
        _ = try await visit.type(again)
        #expect(visit.browser.sessionCookie != nil)
    }

    @Test func `waits three minutes for its number`() async throws {
        let visit = try await Visit()
        let code = try #require(try await visit.answered().json["code"]?.string)
        visit.house.pass(181)
        _ = try await visit.type(code)
        #expect(visit.browser.sessionCookie == nil)
    }

    @Test func `typed twice logs in once`() async throws {
        let visit = try await Visit()
        let code = try #require(try await visit.answered().json["code"]?.string)
        _ = try await visit.type(code)
        let session = visit.browser.sessionCookie
        let second = try await visit.type(code)
        #expect(second.status == 303 && second.location == visit.journey)
        #expect(visit.browser.sessionCookie == session)
        #expect(try await visit.browser.get(visit.journey).parameter("code") != nil, "the page goes on by itself")
    }

    @Test(arguments: ["/app/AAAA", "/app/" + String(repeating: "A", count: 43), "/app/%3Cscript%3E"])
    func `finds nothing at an address that nobody was shown`(address: String) async throws {
        let phone = Browser(try await House.ordinary())
        for door in ["/challenge", "/answer", "/readiness"] {
            let answer = try await phone.post(address + door, json: [:])
            #expect(answer.status == 404)
            #expect(answer.code == "card.app.unknown")
        }
        let page = try await phone.get(address)
        #expect(page.status == 200 && page.text.has("このページから始められる手続きはありません"))
    }

    @Test func `is told in plain words why its card was not taken, and so is the page`() async throws {
        let visit = try await Visit()
        let phone = Browser(visit.house)
        let asked = try await phone.post(visit.app + "/challenge", json: [:]).json
        guard case .object(let members) = try visit.house.answer(to: asked, "hanako", visit.journey, .pin, "sekisho-app") else {
            Issue.record("no object")
            return
        }
        let forged = JSON.object(members.map { $0.0 == "signature" ? ($0.0, .string("AAAA")) : ($0.0, $0.1) })
        let refused = try await phone.post(visit.app + "/answer", json: forged)
        #expect(refused.status == 403)
        #expect(refused.code == "card.signature.wrong")
        #expect(try refused.json["message"]?["ja"]?.string?.contains("もう一度お試しください") == true)
        let page = try await visit.browser.get(visit.journey)
        #expect(page.status == 200)
        #expect(page.text.has("role=\"alert\"") && page.text.has("もう一度お試しください"))
        #expect(page.between("<title>", "</title>")?.hasPrefix("入力内容をご確認ください：") == true)
        #expect(try await visit.answered().status == 200, "the way to another try is open")
    }
}

/// What the app can see before it starts (wish 18 of the anchors' users).
@Suite struct `Reader, card and PIN before the start` {
    @Test(arguments: [
        (#"{"reader":false}"#, "reader", "カードリーダーが見つかりません"), (#"{"reader":true,"card":false}"#, "card", "カードを置き直してください"),
        (#"{"card":true,"pin_tries_left":0}"#, "pin-locked", "市区町村の窓口で設定し直せます"),
        (#"{"card":true,"certificate_valid_until":"2020-01-01T00:00:00Z"}"#, "certificate-expired", "有効期限が切れています"),
    ])
    func `are said on the page, with what helps`(told: String, obstacle: String, words: String) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        let answer = try await browser.post(journey + "/readiness", json: try JSON(reading: Array(told.utf8)))
        #expect(try answer.json["ready"]?.bool == false)
        #expect(try answer.json["obstacle"]?.string == obstacle)
        #expect(try await browser.get(journey).text.has(words))
    }

    @Test func `tries left are told in numbers, the last one with care`() async throws {
        let browser = Browser(try await House.ordinary())
        let journey = try await browser.begin(SAMLQuestion().path)
        #expect(
            try await browser.post(journey + "/readiness", json: ["reader": true, "card": true, "pin_tries_left": 3]).json["ready"]?.bool
                == true)
        #expect(try await browser.get(journey).text.has("あと3回です"))
        _ = try await browser.post(journey + "/readiness", json: ["card": true, "pin_tries_left": 1])
        #expect(try await browser.get(journey).text.has("あと1回です。分からないときは入力せず"))
    }

    @Test(arguments: [
        #"[]"#, #"{"reader":"yes"}"#, #"{"pin_tries_left":99}"#, #"{"pin_tries_left":-1}"#, #"{"certificate_valid_until":"soon"}"#, "x",
    ])
    func `are not believed in any other form`(body: String) async throws {
        let browser = Browser(try await House.ordinary())
        let journey = try await browser.begin(SAMLQuestion().path)
        let answer = try await browser.send(.post, journey + "/readiness", [.contentType: "application/json"], Array(body.utf8))
        #expect(answer.status == 400)
        #expect(answer.code == "card.app.readiness")
        let other = try await Browser(browser.house).post(journey + "/readiness", json: [:])
        #expect(other.status == 403, "another browser's page is none of its business")
    }
}

extension String {
    fileprivate var appended: String { "/app/" + self }
}
