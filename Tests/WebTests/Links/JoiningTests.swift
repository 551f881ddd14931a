import Credentials
import HTTPTypes
import SQLiteStores
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// Wish 6; R10, R22.
@Suite struct `Two cards of one person` {
    @Test func `are put together by adding the one beside the other`() async throws {
        let house = try await Knots.house()
        let browser = Browser(house)
        try await browser.first("hanako")
        try await browser.atLinks("hanako")
        let journey = try await browser.showOther("hanako-phone")
        #expect(try await browser.get(journey + "/joining").text.has("追加しますか"))
        let form = [("form", try await browser.mark(journey + "/joining")), ("answer", "yes")]
        let done = try await browser.post(journey + "/joining", form)
        #expect(done.saysAtLinks("added"))
        #expect(try await browser.post(journey + "/joining", form).status == 400, "a double click finds it done")
        let subject = try #require(try await house.citizen("hanako"))
        #expect(try await house.citizen("hanako-phone") == subject)
        #expect(try await browser.get(try #require(done.location)).text.has("追加しました"))
        #expect(try await house.evidence(subject) == ["first", "both-seen"])
    }

    @Test func `stay as they are when the citizen says no, or shows the same one again (wish 19)`() async throws {
        let house = try await Knots.house()
        let browser = Browser(house)
        try await browser.first("hanako")
        try await browser.atLinks("hanako")
        let no = try await browser.showOther("hanako-phone")
        #expect(try await browser.decide(no, "no").saysAtLinks("nothing"))
        #expect(try await house.citizen("hanako-phone") == nil)
        let same = try await browser.showOther("hanako")
        #expect(try await browser.get(same + "/joining").saysAtLinks("already"))
        #expect(try await house.evidence(try #require(try await house.citizen("hanako"))) == ["first"], "no noise")
    }

    @Test func `become one with their services' identifiers, and two again exactly (H7)`() async throws {
        let house = try await Knots.house()
        let question = OpenIDQuestion(Parties.bank)
        let shop = OpenIDQuestion()
        let one = Browser(house)
        let kept = try await one.subject(try await one.first("hanako", question), question)["sub"]
        let two = Browser(house)
        let lost = try await two.subject(try await two.first("misaki", question), question)["sub"]
        let moved = try await two.subject(try await two.get(shop.path), shop)["sub"]
        let (into, from) = (try #require(try await house.citizen("hanako")), try #require(try await house.citizen("misaki")))

        try await one.atLinks("hanako")
        let journey = try await one.showOther("misaki")
        let page = try await one.get(journey + "/joining")
        #expect(page.text.has("まとめますか") && page.text.has("keep-0") && !page.text.has("keep-1"), "the bank knows both, the shop one")
        #expect(try await one.decide(journey).saysAtLinks("merged"))
        #expect(try await house.citizen("misaki") == into)
        #expect(try await house.store.visits(of: from, at: house.now).isEmpty, "sessions of the record that was given up are over")

        let after = Browser(house)
        let end = try await after.login("misaki", at: try await after.begin(question.path))
        #expect(try await after.subject(end, question)["sub"] == kept)
        let atShop = OpenIDQuestion()
        #expect(try await after.subject(try await after.get(atShop.path), atShop)["sub"] == moved, "the shop notices nothing")

        let list = try await one.get("/me/links")
        let merge = try #require(list.between("name=\"merge\" value=\"", "\""))
        let stranger = Browser(house)
        try await stranger.first("taro")
        try await stranger.atLinks("taro")
        #expect(try await stranger.press("/me/links/undo", [("merge", merge)]).location == World.base + "/me/links", "not his (H17)")
        #expect(try await house.citizen("misaki") == into)
        let form = [("form", try await one.mark("/me/links")), ("merge", merge)]
        #expect(try await one.post("/me/links/undo", form).location == World.base + "/me/links")
        #expect(one.sessionCookie == nil)
        #expect(try await one.get("/me/links").text.has("元の二つに戻しました"))
        #expect(try await !Browser(house).get("/me/links?done=undone").text.has("元の二つに戻しました"), "a link says so to nobody")
        #expect(try await one.post("/me/links/undo", form).location == World.base + "/me/links", "twice is as good as once")
        #expect(try await house.citizen("misaki") == from)
        #expect(try await house.citizen("hanako") == into)
        let back = Browser(house)
        let again = OpenIDQuestion(Parties.bank)
        let back1 = try await back.login("misaki", at: try await back.begin(again.path))
        #expect(try await back.subject(back1, again)["sub"] == lost)
        let shopAgain = OpenIDQuestion()
        #expect(try await back.subject(try await back.get(shopAgain.path), shopAgain)["sub"] == moved)
        #expect(try await house.evidence(into) == ["first", "merged", "undone"])
        #expect(try await house.events().contains("link.merge-undone"))
    }

    @Test func `are not put together by a yes to another question (H7)`() async throws {
        let house = try await Knots.house()
        let browser = Browser(house)
        try await browser.first("hanako")
        try await browser.atLinks("hanako")
        let journey = try await browser.showOther("misaki")
        #expect(try await browser.get(journey + "/joining").text.has("追加しますか"))
        let form = [("form", try await browser.mark(journey + "/joining")), ("answer", "yes")]
        // Meanwhile somebody comes with that card who is new here: now there are two records.
        try await Browser(house).first("misaki")
        let (one, two) = (try await house.citizen("hanako"), try await house.citizen("misaki"))
        #expect(try await browser.post(journey + "/joining", form).location?.hasSuffix("/joining") == true, "it is asked anew")
        #expect(one != two)
        #expect(try await house.citizen("hanako") == one)
        #expect(try await house.citizen("misaki") == two)
        #expect(try await browser.get(journey + "/joining").text.has("まとめますか"))
        #expect(try await browser.decide(journey).saysAtLinks("merged"))
    }

    @Test func `go on under the other identifier where the citizen says so`() async throws {
        let house = try await Knots.house()
        let question = OpenIDQuestion(Parties.bank)
        let one = Browser(house)
        try await one.first("hanako", question)
        let two = Browser(house)
        let other = try await two.subject(try await two.first("misaki", question), question)["sub"]
        try await one.atLinks("hanako")
        let journey = try await one.showOther("misaki")
        _ = try await one.decide(journey, "yes", [("keep-0", "other")])
        let next = OpenIDQuestion(Parties.bank)
        #expect(try await one.subject(try await one.get(next.path), next)["sub"] == other)
    }

    @Test func `are not put together without the PIN, too late, or from another site (H3)`() async throws {
        let house = try await Knots.house()
        let browser = Browser(house)
        try await browser.first("hanako")
        try await browser.atLinks("hanako")
        let journey = try #require(try await browser.press("/me/links/add").location)
        #expect(try await browser.use("taro", at: journey, .face, terminal: "kiosk").code == "link.pin")
        let next = try await browser.showOther("hanako-phone")
        let form = [("form", try await browser.mark(next + "/joining")), ("answer", "yes")]
        let name = try #require(HTTPField.Name("Sec-Fetch-Site"))
        #expect(try await browser.post(next + "/joining", form, [name: "cross-site"]).code == "http.cross-site")
        #expect(try await browser.post(next + "/joining", [("form", "AAAA"), ("answer", "yes")]).location == next + "/joining")
        house.pass(601)
        #expect(try await browser.post(next + "/joining", form).code == "link.stale")
        #expect(try await house.citizen("hanako-phone") == nil)
        #expect(try await browser.press("/me/links/add").location?.has("/journey/") == true, "and the PIN is asked for again")
    }

    @Test(arguments: [false, true])
    func `of two people are refused where J-LIS knows both and relates neither to the other`(areOne: Bool) async throws {
        let world = try await World.asking()
        let (own, other) = (try House(world).certificate("hanako"), try House(world).certificate("misaki"))
        let isAsked = Flag()
        let house = try await Knots.house { asked, now in
            guard isAsked.isUp else { return .silent }
            return .known(Correspondence(earlier: areOne && asked == other ? [own] : [], card: nil, source: [1], at: now))
        }
        for handle in ["hanako", "misaki"] { try await Browser(house).first(handle) }
        let browser = Browser(house)
        try await browser.atLinks("hanako")
        let journey = try await browser.showOther("misaki")
        isAsked.raise()
        let end = try await browser.decide(journey)
        #expect(areOne ? end.saysAtLinks("merged") : end.code == "link.merge.other-person")
        #expect(try await (house.citizen("misaki") == house.citizen("hanako")) == areOne)
    }

    @Test func `cannot be joined by a card that was reported`() async throws {
        let house = try await Knots.house()
        for handle in ["hanako", "misaki"] { try await Browser(house).first(handle) }
        let victim = try #require(try await house.citizen("misaki"))
        try await house.block("misaki")
        let thief = Browser(house)
        try await thief.atLinks("hanako")
        let journey = try #require(try await thief.press("/me/links/add").location)
        #expect(try await thief.use("misaki", at: journey).code == "signon.certificate.blocked")
        #expect(try await house.citizen("misaki") == victim)
        // Nor vouches it for a card that nobody knows.
        let newcomer = Browser(house)
        let first = try await newcomer.newcomer("hanako-phone")
        let second = try #require(try await newcomer.answer("old", at: first).location)
        #expect(try await newcomer.use("misaki", at: second).code == "signon.certificate.blocked")
        #expect(try await house.citizen("hanako-phone") == nil)
    }

    @Test func `are not made of a reported card by J-LIS's word`() async throws {
        let world = try await World.asking()
        let (card, phone) = (try House(world).certificate("hanako"), try House(world).certificate("hanako-phone"))
        let house = try await Knots.house { asked, now in
            .known(Correspondence(earlier: [], card: asked == phone ? card : nil, source: [1], at: now))
        }
        let path = OpenIDQuestion(Parties.bank).path
        let own = Browser(house)
        _ = try await own.login("hanako", at: try await own.begin(path))
        try await house.block("hanako")
        let thief = Browser(house)
        #expect(try await thief.use("hanako-phone", at: try await thief.begin(path)).code == "signon.certificate.blocked")
        #expect(try await house.citizen("hanako-phone") == nil)
    }

    @Test func `of two people are refused by their dates of birth`() async throws {
        let house = try await Knots.house()
        for handle in ["hanako", "taro"] {
            let browser = Browser(house)
            let question = Showing.question()
            let journey = try await browser.newcomer(handle, question.path)
            _ = try await browser.answer("new", at: journey)
            _ = try await browser.get(journey + "/continue")
            try #require(try await browser.show(handle, at: journey).status == 200)
        }
        let browser = Browser(house)
        try await browser.atLinks("hanako")
        let journey = try await browser.showOther("taro")
        #expect(try await browser.decide(journey).code == "link.merge.other-person")
        #expect(try await house.citizen("taro") != house.citizen("hanako"))
    }
}
