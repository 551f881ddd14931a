import Credentials
import HTTPTypes
import SQLiteStores
import SignOn
import SimulatedJPKI
import Testing
import TrustFramework
import Vocabulary

/// Decision 0056; wishes 2 and 19.
@Suite struct `A certificate that nobody is known by` {
    @Test func `asks its citizen, in words and without a script, before anybody is made`() async throws {
        let browser = Browser(try await Knots.house())
        let journey = try await browser.newcomer("hanako")
        let page = try await browser.get(journey + "/newcomer")
        #expect(page.status == 200 && page.hasOnlyOwnScripts)
        for words in ["初めて", "前のカード", "署名用電子証明書"] { #expect(page.text.has(words), "\(words)") }
        #expect(try await browser.house.links() == 0, "nobody was made")
        #expect(try await browser.get(journey + "/continue").location == journey + "/newcomer", "and the journey does not go past it")
        #expect(browser.sessionCookie == nil)
    }

    @Test func `is a new citizen when he says so, once (H7)`() async throws {
        let browser = Browser(try await Knots.house())
        let journey = try await browser.newcomer("hanako")
        let form = [("form", try await browser.mark(journey + "/newcomer")), ("answer", "new")]
        #expect(try await browser.post(journey + "/newcomer", form).location == journey + "/continue")
        #expect(try await browser.post(journey + "/newcomer", form).location == journey + "/continue", "a double click")
        #expect(try await browser.get(journey + "/continue").parameter("code") != nil)
        let subject = try #require(try await browser.house.citizen("hanako"))
        #expect(try await browser.house.links() == 1)
        #expect(try await browser.house.evidence(subject) == ["first"])
        let again = Browser(browser.house)
        let next = try await again.login("hanako", at: try await again.begin(OpenIDQuestion(Parties.bank).path))
        #expect(next.parameter("code") != nil, "a known card is asked nothing")
    }

    @Test func `goes on where the old card was, when both are shown with their PIN (both-seen)`() async throws {
        let house = try await Knots.house()
        let question = OpenIDQuestion(Parties.bank)
        let one = Browser(house)
        let before = try await one.subject(try await one.first("hanako", question), question)
        let other = Browser(house)
        let journey = try await other.newcomer("hanako-phone", question.path)
        let second = try #require(try await other.answer("old", at: journey).location)
        #expect(try await other.get(second).status == 200)
        let end = try await other.login("hanako", at: second)
        #expect(end.location == journey + "/continue", "\(end.location ?? end.text)")
        let after = try await other.subject(try await other.get(journey + "/continue"), question)
        #expect(after["sub"] == before["sub"], "the service notices nothing")
        let subject = try #require(try await house.citizen("hanako"))
        #expect(try await house.citizen("hanako-phone") == subject)
        #expect(try await house.evidence(subject) == ["first", "both-seen"])
        let third = Browser(house)
        let alone = try await third.login("hanako-phone", at: try await third.begin(question.path))
        #expect(try await third.subject(alone, question)["sub"] == before["sub"], "the new one alone is the same person from now on")
    }

    @Test func `is not tied to an old card that is not known either, or that comes too late`() async throws {
        let house = try await Knots.house()
        let browser = Browser(house)
        let journey = try await browser.newcomer("hanako-phone")
        let second = try #require(try await browser.answer("old", at: journey).location)
        #expect(try await browser.use("taro", at: second).code == "link.old.unknown")
        #expect(try await house.links() == 0)
        try await Browser(house).first("hanako")
        house.pass(601)
        #expect(try await browser.use("hanako", at: second).code == "link.stale")
        #expect(try await house.links() == 1)
    }

    @Test func `takes no old card without its PIN`() async throws {
        let house = try await Knots.house()
        try await Browser(house).first("hanako")
        let browser = Browser(house)
        let journey = try await browser.newcomer("hanako-phone")
        let second = try #require(try await browser.answer("old", at: journey).location)
        #expect(try await browser.use("hanako", at: second, .face, terminal: "kiosk").code == "link.pin")
        #expect(try await house.citizen("hanako-phone") == nil)
    }

    @Test func `answers its own page and browser only (H3)`() async throws {
        let house = try await Knots.house()
        let browser = Browser(house)
        let journey = try await browser.newcomer("hanako")
        let mark = try await browser.mark(journey + "/newcomer")
        let name = try #require(HTTPField.Name("Sec-Fetch-Site"))
        let form = [("form", mark), ("answer", "new")]
        #expect(try await browser.post(journey + "/newcomer", form, [name: "cross-site"]).code == "http.cross-site")
        #expect(try await browser.post(journey + "/newcomer", [("form", "AAAA"), ("answer", "new")]).location == journey + "/newcomer")
        #expect(try await Browser(house).post(journey + "/newcomer", form).code == "journey.unknown")
        #expect(try await browser.post(journey + "/newcomer", [("form", mark), ("answer", "perhaps")]).status == 400)
        #expect(try await house.links() == 0)
    }

    // MARK: J-LIS's word

    @Test func `goes on without a question where J-LIS names the one before, though that is revoked`() async throws {
        let world = try await World.asking()
        let old = try House(world).certificate("hanako")
        let house = try await Knots.house { _, now in
            .known(Correspondence(earlier: [old], card: nil, source: Array("signed".utf8), at: now))
        }
        let question = OpenIDQuestion(Parties.bank)
        let one = Browser(house)
        _ = try await one.login("hanako", at: try await one.begin(question.path))
        let subject = try #require(try await house.citizen("hanako"))
        let other = Browser(house)
        let end = try await other.login("hanako-phone", at: try await other.begin(question.path))
        #expect(end.parameter("code") != nil, "\(end.location ?? end.text)")
        #expect(try await house.citizen("hanako-phone") == subject)
        #expect(try await house.evidence(subject).last == "correspondence")
        #expect(try await house.trail().contains { $0.has("link.certificate") && $0.has("correspondence") })
    }

    @Test func `ties a phone to its card by J-LIS's word, and no phone goes on when that has ended (R17)`() async throws {
        let world = try await World.asking()
        let (card, phone) = (try House(world).certificate("hanako"), try House(world).certificate("hanako-phone"))
        let house = try await Knots.house { asked, now in
            .known(Correspondence(earlier: [], card: asked == phone ? card : nil, source: [1], at: now))
        }
        let path = OpenIDQuestion(Parties.bank).path
        let one = Browser(house)
        _ = try await one.login("hanako", at: try await one.begin(path))
        let other = Browser(house)
        _ = try await other.login("hanako-phone", at: try await other.begin(path))
        let subject = try #require(try await house.citizen("hanako-phone"))
        #expect(try await house.citizen("hanako") == subject)
        #expect(try await house.evidence(subject).last == "phone-of-card")
        #expect(try await house.store.certificateLink(phone)?.card == card)
        _ = try await house.store.endPhones(of: card, recording: { _ in Record("link.phone-ended", at: house.now) }, at: house.now)
        let third = Browser(house)
        let refused = try await third.use("hanako-phone", at: try await third.begin(path))
        #expect(refused.code == "link.certificate.ended")
        #expect(try await third.use("hanako", at: try await third.begin(path)).status == 200, "the card itself goes on")
    }

    @Test func `is new without a question where J-LIS knows it and names nobody, and asked where J-LIS is silent`() async throws {
        let house = try await Knots.house { _, now in .known(Correspondence(earlier: [], card: nil, source: [1], at: now)) }
        let browser = Browser(house)
        let end = try await browser.login("taro", at: try await browser.begin(OpenIDQuestion(Parties.bank).path))
        #expect(end.parameter("code") != nil)
        for word in [CorrespondenceWord.unknown, .silent] {
            let house = try await Knots.house { _, _ in word }
            _ = try await Browser(house).newcomer("taro")
            #expect(try await house.links() == 0)
        }
    }

    @Test func `is asked about once, and a known one never (the hot path)`() async throws {
        let asked = Published(0)
        let house = try await Knots.house { _, _ in
            asked.replace(asked.current + 1)
            return .silent
        }
        let browser = Browser(house)
        _ = try await browser.newcomer("hanako")
        #expect(asked.current == 1)
        try await Browser(house).first("hanako")
        let before = asked.current
        let again = Browser(house)
        _ = try await again.login("hanako", at: try await again.begin(OpenIDQuestion(Parties.bank).path))
        #expect(asked.current == before)
    }

    // MARK: The signature certificate

    private func kept(_ house: House) async throws -> SubjectID {
        let browser = Browser(house)
        let question = Showing.question()
        let journey = try await browser.newcomer("hanako", question.path)
        _ = try await browser.answer("new", at: journey)
        try #require(try await browser.get(journey + "/continue").location == journey + "/identity")
        try #require(try await browser.show("hanako", at: journey, tie: .card).status == 200)
        return try #require(try await house.citizen("hanako"))
    }

    private func prove(_ handle: String, _ browser: Browser, _ journey: String, tie: IdentityTie = .card) async throws -> Answer {
        let asked = try await browser.post(journey + "/newcomer/identity/challenge", json: [:])
        guard asked.status == 200 else { return asked }
        return try await browser.post(
            journey + "/newcomer/identity/answer", json: try browser.house.presented(try asked.json, handle, journey, tie: tie))
    }

    @Test func `goes on where a signature certificate on the same card says what the kept record says`() async throws {
        let house = try await Knots.house()
        let subject = try await kept(house)
        let browser = Browser(house)
        let card = try house.successor(of: "hanako")
        let journey = try await browser.newcomer(card)
        #expect(try await browser.answer("proof", at: journey).location == journey + "/newcomer/identity")
        #expect(try await browser.get(journey + "/newcomer/identity").text.has("署名用電子証明書の暗証番号"))
        let proven = try await prove(card, browser, journey)
        #expect(proven.status == 200, "\(proven.text)")
        #expect(try await browser.get(journey + "/continue").parameter("code") != nil)
        #expect(try await house.citizen(card) == subject)
        #expect(try await house.evidence(subject).last == "signature-certificate")
        for secret in ["花子", "1990"] { #expect(try await !house.trail().joined().contains(secret)) }
    }

    /// A declaration can be coaxed out of somebody; his card cannot be read beside it (decision 0063).
    @Test(arguments: [IdentityTie.journey, .keys])
    func `does not go on by a declaration that nobody saw come from the same card`(tie: IdentityTie) async throws {
        let house = try await Knots.house()
        _ = try await kept(house)
        let browser = Browser(house)
        let card = try house.successor(of: "hanako")
        let journey = try await browser.newcomer(card)
        #expect(try await prove(card, browser, journey, tie: tie).code == "link.not-one-card")
        #expect(try await house.citizen(card) == nil)
        #expect(try await house.trail().contains { $0.contains("link.not-one-card") })
        #expect(try await prove(card, browser, journey).status == 200, "the question stays open")
    }

    @Test func `does not go on with the signature of another card, though a terminal read both of it`() async throws {
        let house = try await Knots.house()
        _ = try await kept(house)
        let browser = Browser(house)
        let journey = try await browser.newcomer("hanako-phone")
        // What somebody whose card a terminal has read would sign for whoever asks him to.
        #expect(try await prove("hanako", browser, journey).code == "identity.other-citizen")
        #expect(try await prove("hanako", browser, journey, tie: .journey).code == "link.not-one-card")
        #expect(try await house.citizen("hanako-phone") == nil)
    }

    @Test func `does not go on as somebody of whom nothing is kept, or with another's certificate`() async throws {
        let house = try await Knots.house()
        _ = try await kept(house)
        let browser = Browser(house)
        let journey = try await browser.newcomer("taro")
        #expect(try await prove("taro", browser, journey).code == "link.record.none")
        #expect(try await prove("taro", Browser(house), journey).code == "journey.unknown")
        #expect(try await house.citizen("taro") == nil)
        #expect(try await browser.first("taro").parameter("code") != nil, "the question stays open")
    }

    @Test func `is not proven by a declaration that was used, or made for something else (H7)`() async throws {
        let house = try await Knots.house()
        _ = try await kept(house)
        let browser = Browser(house)
        let card = try house.successor(of: "hanako")
        let journey = try await browser.newcomer(card)
        let asked = try await browser.post(journey + "/newcomer/identity/challenge", json: [:]).json
        let answer = try house.presented(asked, card, journey, tie: .card)
        #expect(try await browser.post(journey + "/newcomer/identity/answer", json: answer).status == 200)
        #expect(try await browser.post(journey + "/newcomer/identity/answer", json: answer).status == 403)
    }
}
