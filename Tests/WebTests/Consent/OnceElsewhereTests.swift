import Testing
import Vocabulary

@Suite struct `A login for one answer, where the answer goes elsewhere (CIBA)` {
    @Test func `approves one request, in whatever tab the second is open`() async throws {
        let house = try await Duty.house()
        let waiter = try await Waiter(Parties.counter, house)
        let name = try await waiter.name()
        for _ in 1...2 { _ = try await waiter.asked([("login_hint", name)]) }
        let phone = Browser(house)
        _ = try await waiter.enter("hanako", in: phone)
        let listed = try await waiter.listed(in: phone)
        try #require(listed.count == 2)
        let (first, second) = (try await waiter.open(listed[0], in: phone), try await waiter.open(listed[1], in: phone))
        // A tab that was open before, with its cookies.
        let other = phone.copy()
        #expect(try await other.get(second + "/continue").location == second + "/confirm")
        #expect(try await waiter.decide("approve", at: first, in: phone).text.has("承認しました"))
        #expect(try await other.get(second + "/continue").location == second, "the card is asked for again")
        let late = try await waiter.decide("approve", at: second, in: other)
        #expect(!late.text.has("承認しました"))
        #expect(try await house.events().filter { $0 == "awaited.approved" }.count == 1)
    }
}

@Suite struct `A card that somebody found` {
    @Test func `opens no page of its citizen at a terminal that only sees the card`() async throws {
        let house = try await House.ordinary()
        let citizen = Browser(house)
        _ = try await citizen.login("hanako", at: try await citizen.begin(OpenIDQuestion().path))
        #expect(try await citizen.get("/identity").text.has("保存されているものはありません"))
        let finder = Browser(house)
        let begun = try await finder.post("/approve/login")
        _ = try await finder.login("hanako", at: try #require(begun.location), .presence, terminal: "stb")
        #expect(finder.sessionCookie != nil)
        #expect(try await finder.get("/identity").text.has("Nothing is stored") == false)
        #expect(try await finder.post("/identity/forget").status == 303)
        #expect(try await house.events().contains("identity.forgotten") == false)
    }

    @Test(arguments: ["/me", "/me/links", "/identity"])
    func `is not enough for them: page and card API ask for the PIN, and the page says why`(place: String) async throws {
        let house = try await House.ordinary()
        let citizen = Browser(house)
        _ = try await citizen.login("hanako", at: try await citizen.begin(OpenIDQuestion().path))
        let browser = Browser(house)
        let journey = try #require(try await browser.post("/me/login", [("page", place)]).location)
        let first = try await browser.get(journey)
        #expect(first.text.has("暗証番号（数字4桁）が必要です") && !first.text.has("暗証番号は不要です"))
        #expect(!first.text.has("もう一度カードを使う理由"), "nobody is here yet")
        #expect(try await browser.post(journey + "/challenge", json: [:]).json["minimum_mode"]?.string == "pin")
        #expect(try await browser.login("hanako", at: journey, .presence, terminal: "stb").location == journey)
        let again = try await browser.get(journey)
        #expect(again.text.has("もう一度カードを使う理由") && again.text.has("より強い認証が必要です"))
        #expect(try await browser.login("hanako", at: journey).location == World.base + place)
    }

    @Test func `reads nothing there of what services put to its citizen (H17)`() async throws {
        let waiter = try await Waiter(Parties.counter)
        _ = try await waiter.asked([("login_hint", try await waiter.name()), ("binding_message", "受付 12番")])
        let finder = Browser(waiter.house)
        let begun = try await finder.post("/approve/login")
        _ = try await finder.login("hanako", at: try #require(begun.location), .presence, terminal: "stb")
        #expect(finder.sessionCookie != nil)
        let list = try await finder.get("/approve")
        #expect(list.text.has("ログインしてください") && !list.text.has("見本窓口") && !list.text.has("受付 12番"))
        #expect(try await !finder.get("/").text.has("承認待ちの依頼：1"))
        let citizen = Browser(waiter.house)
        _ = try await waiter.enter("hanako", in: citizen)
        #expect(try await citizen.get("/approve").text.has("受付 12番"))
    }
}
