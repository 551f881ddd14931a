import HTTPTypes
import SQLiteStores
import SignOn
import Synchronization
import Testing
import Vocabulary
import XML

/// One graph for both protocols (keycloak #36944), and one broken member does not stop the rest (keycloak #22086).
@Suite struct `Logout across protocols` {
    /// Members that were told without a browser, in order.
    private final class Told: Sendable {
        private let names = Mutex<[String]>([])
        func note(_ leg: LogoutLeg) { names.withLock { $0.append(leg.member.text + " " + leg.participation.name.tongue.rawValue) } }
        var all: [String] { names.withLock { $0.sorted() } }
    }

    private func leaver(_ told: Told, broken: Set<String> = []) async throws -> Leaver {
        try await Leaver { store, id, now in
            await Leaver.tell(store, id, now) { leg in
                told.note(leg)
                return broken.contains(leg.member.text) ? .open : .ended
            }
        }
    }

    @Test func `a SAML logout reaches an OpenID client, and names it as its ID token did`() async throws {
        let told = Told()
        let leaver = try await leaver(told)
        let reading = try await leaver.saml(Parties.city)
        let hint = try await leaver.openID(Parties.cafe)
        let answer = try await leaver.browser.get(leaver.path(leaver.request(Parties.city, reading.nameID)))
        #expect(try leaver.read(answer).root.codes == ["Success"])
        #expect(told.all == [Parties.cafe + " openid"])
        #expect(hint.isEmpty == false)
    }

    @Test func `an OpenID logout reaches SAML services, by SOAP and by the browser`() async throws {
        let told = Told()
        let leaver = try await leaver(told)
        let hint = try await leaver.openID(Parties.cafe)
        try await leaver.saml(Parties.clinic)
        try await leaver.saml(Parties.city)
        let answer = try await leaver.browser.get(
            "/openid/logout?" + Form.text([("id_token_hint", hint), ("post_logout_redirect_uri", Parties.cafeBack), ("state", "s")]))
        let page = try #require(answer.location)
        #expect(page.has("/logout/"))
        #expect(told.all == [Parties.cafe + " openid", Parties.clinic + " saml"])
        let asked = try leaver.read(try await leaver.browser.get(page + "/next"))
        #expect(asked.address == Parties.cityLogout)
        let id = try #require(asked.root.attribute("ID"))
        _ = try await leaver.browser.get(leaver.path(leaver.response(Parties.city, to: id)))
        let done = try await leaver.browser.get(page)
        #expect(leaver.results(done) == ["cafe": "ended", "clinic": "ended", "city": "ended"])
        #expect(try await leaver.browser.get(page + "/answer").location == Parties.cafeBack + "&state=s")
    }

    @Test func `one broken member does not stop the rest, and the citizen sees which`() async throws {
        let told = Told()
        let leaver = try await leaver(told, broken: [Parties.clinic])
        let reading = try await leaver.saml(Parties.city)
        try await leaver.saml(Parties.clinic)
        try await leaver.openID(Parties.cafe)
        try await leaver.openID(Parties.kiosk)
        let answer = try await leaver.browser.get(leaver.path(leaver.request(Parties.city, reading.nameID, id: "_b-1")))
        let page = try #require(answer.location)
        let shown = try await leaver.browser.get(page)
        #expect(
            leaver.results(shown) == ["clinic": "open, unreachable", "cafe": "ended", "kiosk": "open, no-service"])
        #expect(shown.text.has("ログイン中です"))
        let read = try leaver.read(try await leaver.browser.get(page + "/answer"))
        #expect(read.root.codes == ["Success", "PartialLogout"])
        #expect(read.root.attribute("InResponseTo") == "_b-1")
        #expect(told.all.count == 2)
    }

    /// eGov 2.0 §2.7.2: local logout at the citizen's choice.
    @Test func `the citizen may log out here only, and sees what stays open`() async throws {
        let told = Told()
        let leaver = try await leaver(told)
        try await leaver.saml(Parties.city)
        try await leaver.openID(Parties.cafe)
        let answer = try await leaver.browser.post("/session/end", [("scope", "here")])
        let shown = try await leaver.browser.get(try #require(answer.location))
        #expect(leaver.results(shown) == ["city": "open, left-open", "cafe": "open, left-open"])
        #expect(told.all.isEmpty)
        #expect(try await !leaver.isLoggedIn)
    }

    @Test func `our own button ends all, and the page needs no script`() async throws {
        let told = Told()
        let leaver = try await leaver(told)
        try await leaver.saml(Parties.school)
        try await leaver.openID(Parties.cafe)
        let answer = try await leaver.browser.post("/session/end")
        let page = try #require(answer.location)
        let shown = try await leaver.browser.get(page)
        #expect(leaver.results(shown) == ["school": "open", "cafe": "ended"])
        #expect(shown.hasOnlyOwnScripts)
        #expect(shown.headers[.contentSecurityPolicy]?.hasPrefix("default-src 'none'") == true)
        let visit = try await leaver.browser.get(page + "/next")
        #expect(visit.form?.action == Parties.schoolLogout)
        #expect(visit.text.has("<button type=\"submit\">"), "complete without JavaScript")
        let id = try #require(try leaver.read(visit).root.attribute("ID"))
        _ = try await leaver.browser.post("/saml/logout", leaver.form(leaver.response(Parties.school, to: id)), crossSite: true)
        #expect(leaver.results(try await leaver.browser.get(page)) == ["school": "ended", "cafe": "ended"])
    }

    @Test func `without any service it goes to the front page`() async throws {
        let leaver = try await Leaver()
        let reading = try await leaver.saml(Parties.city)
        _ = try await leaver.browser.get(leaver.path(leaver.request(Parties.city, reading.nameID)))
        let answer = try await leaver.browser.post("/session/end")
        #expect(answer.location == World.base + "/")
    }

    /// Checklist H2: the known weak point of `start(replacing:)`.
    @Test func `a logout in another tab during a step-up holds: the card opens no new session`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path), .face, terminal: "kiosk")
        let journey = try await browser.begin(SAMLQuestion(at: house.now).path)
        let asked = try await browser.post(journey + "/challenge", json: [:])
        let answer = try house.answer(to: try asked.json, "hanako", journey, .pin, "sekisho-app")
        // The page of the step-up was read with the session alive; the logout comes before the card's answer reaches the store.
        let raced = try Self.raced(house)
        let tab = Browser(raced)
        for (name, value) in browser.cookies { tab.plant(name, value) }
        let late = try await tab.post(journey + "/answer", json: answer)
        #expect(late.code == "session.ended", "\(late.text)")
        #expect(try await house.store.counts()["sessions"] == 0)
        #expect(late.cookies.isEmpty)
    }

    @Test func `an answer that races a logout is not sent`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path))
        let raced = try Self.raced(house)
        let tab = Browser(raced)
        for (name, value) in browser.cookies { tab.plant(name, value) }
        let answer = try await tab.get(SAMLQuestion(Parties.library, at: house.now).path)
        #expect(answer.code == "session.ended")
        #expect(answer.form == nil)
    }

    /// The same platform, in which a logout elsewhere comes just before a session starts or a member joins.
    private static func raced(_ house: House) throws -> House {
        let racing = FailingStores(house.store) {
            let threads = try await house.store.liveSessions(limit: 1, at: house.now).map(\.thread)
            var random = SystemRandomNumberGenerator()
            guard let id = LogoutID.fresh(using: &random) else { return }
            _ = try await house.store.begin(
                Logout(
                    id: id, browser: nil, origin: .ownPage, message: [], initiator: nil, propagates: true, startedAt: house.now,
                    expiresAt: house.now.adding(seconds: 60)), ending: threads, recording: Record("session.ended", at: house.now)
            ) { _ in nil }
        }
        return try House(house.world, stores: { _ in racing })
    }
}
