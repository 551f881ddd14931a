import Credentials
import HTTPTypes
import SQLiteStores
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `A lost card, R27` {
    private struct Loss {
        let home: CitizenHome
        let desk: Browser
        let phone: Browser
        let card: String

        /// Logged in with the card at a desk and with the phone elsewhere.
        init(_ house: House? = nil) async throws {
            home = if let house { CitizenHome(house) } else { try await CitizenHome() }
            desk = Browser(home.house)
            phone = Browser(home.house)
            try await home.login("hanako", in: desk, agent: CitizenHome.firefox)
            try await home.tie("hanako-phone", to: desk)
            card = try await home.handle(desk)
            try await home.login("hanako-phone", in: phone, agent: CitizenHome.iPhone)
        }

        func report(_ card: String? = nil) async throws -> Answer {
            try await home.press("/me/lost", [("card", card ?? self.card), ("reason", "stolen")], in: phone, on: "/me/lost")
        }
    }

    @Test func `reported with the phone: every session ends, and the card logs nobody in`() async throws {
        let loss = try await Loss()
        let done = try await loss.report()
        #expect(done.location?.hasPrefix(World.base + "/me/lost/done") == true)
        #expect(loss.phone.sessionCookie == nil)
        #expect(try await !loss.home.isLoggedIn(loss.desk))
        #expect(try await !loss.home.isLoggedIn(loss.phone))
        #expect(try await loss.phone.get(try #require(done.location)).text.has("届出を受け付けました"))

        let thief = Browser(loss.home.house)
        let refused = try await loss.home.login("hanako", in: thief)
        #expect(refused.code == "signon.certificate.blocked")
        #expect(thief.sessionCookie == nil)
        #expect(refused.text.has("\"continue\"") == false)
        let report = try #require(try await loss.home.records("care.loss-reported").first)
        #expect(report["certificates"]?.strings == [loss.card])
        #expect(report["reason"]?.string == "stolen")
        #expect(report["sessions"]?.integer == 2)
        #expect(try await loss.home.records("care.blocked-use").map { $0["certificate"]?.string } == [loss.card])
        #expect(try await loss.home.house.store.orders(limit: 9, at: loss.home.house.now).isEmpty, "carried out, not left behind")
    }

    @Test(arguments: [
        ("ja", "紛失などの届出があったため、ここでのログインには使えません。別のカード"), ("en", "This card or phone was reported as lost or misused here"),
        ("ja-easy", "この カードは、いま ここでは"),
    ])
    func `whoever uses it is told why, in the app and on the page`(language: String, said: String) async throws {
        let loss = try await Loss()
        _ = try await loss.report()
        let thief = Browser(loss.home.house)
        thief.plant("lang", language)
        let journey = try #require(try await thief.post("/me/login", [("page", "/me")]).location)
        #expect(try await !thief.get(journey).text.has(said))
        let refused = try await loss.home.use("hanako", in: thief, at: journey)
        #expect(try refused.json["message"]?[language]?.string?.has(said) == true, "\(refused.text)")
        #expect(try await thief.get(journey).text.has(said))
    }

    @Test func `the phone goes on logging in, and its citizen sees that somebody tried the card`() async throws {
        let loss = try await Loss()
        _ = try await loss.report()
        _ = try await loss.home.login("hanako", in: Browser(loss.home.house))
        let back = Browser(loss.home.house)
        try await loss.home.login("hanako-phone", in: back)
        #expect(try await loss.home.isLoggedIn(back))
        let page = try await back.get("/me")
        #expect(page.text.has("届出があったため、ここでのログインには使えません"))
        #expect(page.text.has("1回、使用が試みられました"))
    }

    @Test func `a session that the card began cannot be stepped up with it either`() async throws {
        let loss = try await Loss()
        let other = Browser(loss.home.house)
        let journey = try #require(try await other.post("/me/login", [("page", "/me")]).location)
        let asked = try await other.post(journey + "/challenge", json: [:])
        _ = try await loss.report()
        // The card was at the reader while its citizen reported it.
        let answer = try await other.post(
            journey + "/answer", json: try loss.home.house.answer(to: try asked.json, "hanako", journey, .pin, "sekisho-app"))
        #expect(answer.status == 403)
        #expect(answer.code == "signon.certificate.blocked")
        #expect(other.sessionCookie == nil)
    }

    @Test func `found again: lifted with the phone's PIN of a moment ago, and not by an older one`() async throws {
        let loss = try await Loss()
        _ = try await loss.report()
        let back = Browser(loss.home.house)
        try await loss.home.login("hanako-phone", in: back)
        loss.home.house.pass(601)
        let asked = try await loss.home.press("/me/cards/lift", [("card", loss.card)], in: back, on: "/me/cards")
        let journey = try #require(asked.location)
        #expect(journey.has("/journey/"), "the phone has to be used once more")
        #expect(try await loss.home.records("care.lifted").isEmpty)
        #expect(try await back.get(journey + "/continue").location == journey, "a login of before does not do")
        let proven = try await loss.home.use("hanako-phone", in: back, at: journey)
        #expect(proven.location == World.base + "/me/cards")
        let lifted = try await loss.home.press("/me/cards/lift", [("card", loss.card)], in: back, on: "/me/cards")
        #expect(lifted.location?.hasPrefix(World.base + "/me/cards?done=lifted-") == true)
        #expect(try await loss.home.records("care.lifted").map { $0["by"]?.string } == ["citizen"])
        let desk = Browser(loss.home.house)
        try await loss.home.login("hanako", in: desk)
        #expect(try await loss.home.isLoggedIn(desk))
    }

    @Test func `nobody lifts another citizen's block (H17)`() async throws {
        let loss = try await Loss()
        _ = try await loss.report()
        let other = Browser(loss.home.house)
        try await loss.home.login("taro", in: other)
        let answer = try await loss.home.press("/me/cards/lift", [("card", loss.card)], in: other, on: "/me/lost")
        #expect(answer.location == World.base + "/me/cards")
        #expect(try await loss.home.login("hanako", in: Browser(loss.home.house)).code == "signon.certificate.blocked")
    }

    @Test func `nobody reports another citizen's card (H17)`() async throws {
        let loss = try await Loss()
        let other = Browser(loss.home.house)
        try await loss.home.login("taro", in: other)
        let answer = try await loss.home.press(
            "/me/lost", [("card", loss.card), ("reason", "lost")], in: other, on: "/me/lost")
        #expect(answer.status == 422)
        #expect(try await loss.home.isLoggedIn(loss.desk))
        #expect(try await loss.home.records("care.loss-reported").isEmpty)
    }

    @Test func `what is missing is named, and what was chosen stays (H7)`() async throws {
        let loss = try await Loss()
        let page = try await loss.home.press("/me/lost", [("card", loss.card)], in: loss.phone, on: "/me/lost")
        #expect(page.status == 422)
        #expect(page.text.has("role=\"alert\""))
        #expect(page.text.has("value=\"\(loss.card)\" checked"))
        #expect(try await loss.home.isLoggedIn(loss.phone))
    }

    @Test func `a form whose session ended comes back with what was chosen (H7)`() async throws {
        let loss = try await Loss()
        let mark = try await loss.home.mark(loss.phone, "/me/lost")
        loss.home.house.pass(1801)
        let answer = try await loss.phone.post("/me/lost", [("form", mark), ("card", loss.card), ("reason", "stolen")])
        #expect(answer.location == World.base + "/me/lost?card=\(loss.card)&reason=stolen")
        #expect(try await loss.home.records("care.loss-reported").isEmpty)
    }

    @Test func `no link makes another browser believe that something was stopped`() async throws {
        let loss = try await Loss()
        let done = try #require(try await loss.report().location)
        #expect(try await Browser(loss.home.house).get(done).location == World.base + "/me/lost")
        for query in ["", "?logout=", "?logout=" + String(repeating: "a", count: 32), "?logout=../../x"] {
            #expect(try await loss.phone.get("/me/lost/done" + query).location == World.base + "/me/lost")
        }
        let back = Browser(loss.home.house)
        try await loss.home.login("hanako-phone", in: back)
        let real = try #require(
            try await loss.home.press("/me/cards/lift", [("card", loss.card)], in: back, on: "/me/cards").location)
        #expect(try await back.get(real).text.has("解除しました。そのカード"))
        let other = Browser(loss.home.house)
        try await loss.home.login("taro", in: other)
        for link in [real, World.base + "/me/cards?done=lifted", World.base + "/me/cards?done=lifted-0000000000000000"] {
            #expect(try await other.get(link).text.has("解除しました。そのカード") == false)
        }
    }

    @Test func `a double click reports once (H7)`() async throws {
        let loss = try await Loss()
        let mark = try await loss.home.mark(loss.phone, "/me/lost")
        let tab = loss.phone.copy()
        for browser in [loss.phone, tab] {
            _ = try await browser.post("/me/lost", [("form", mark), ("card", loss.card), ("reason", "stolen")])
        }
        #expect(try await loss.home.records("care.loss-reported").count == 1)
    }

    @Test func `whichever call fails, either nothing is blocked or the end of every session is on its way`() async throws {
        var blocked = 0
        for call in 1...40 {
            let box = Box()
            let house = try House(
                try await World.dutiful(),
                stores: { store in
                    let failing = FailingStores(store)
                    box.stores = failing
                    return failing
                })
            let loss = try await Loss(house)
            let mark = try await loss.home.mark(loss.phone, "/me/lost")
            let failing = try #require(box.stores)
            failing.breaks(at: failing.calls + call)
            let answer = try await loss.phone.post("/me/lost", [("form", mark), ("card", loss.card), ("reason", "lost")])
            failing.breaks(at: 0)
            let isBlocked = try await !house.store.blocks(of: nil, limit: 1).isEmpty
            let live = try await house.store.liveSessions(limit: 9, at: house.now).count
            let isOrdered = try await !house.store.orders(limit: 9, at: house.now).isEmpty
            if isBlocked { blocked += 1 }
            #expect(isBlocked ? live == 0 || isOrdered : live == 2, "call \(call)")
            if answer.status == 303, answer.location?.has("/me/lost/done") == true { break }
        }
        #expect(blocked > 1, "some calls fail behind the block")
    }

    private final class Box: @unchecked Sendable {
        var stores: FailingStores?
    }
}
