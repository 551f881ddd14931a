import HTTPTypes
import SAML
import SQLiteStores
import SignOn
import Testing
import Vocabulary
import XML

/// S9–S11, checklist §1.4, A33, H2; eGov 2.0 §2.7: logout begun by a SAML service.
@Suite struct `Logout begun by a SAML service` {
    @Test(arguments: [false, true])
    func `ends the session and is answered at ResponseLocation, with RelayState`(byPost: Bool) async throws {
        let leaver = try await Leaver()
        let reading = try await leaver.saml(Parties.city)
        let request = leaver.request(Parties.city, reading.nameID, index: reading.sessionIndex, id: "_lr-1")
        #expect(try await leaver.isLoggedIn)
        let answer =
            try await byPost
            ? leaver.browser.post("/saml/logout", leaver.form(request, relayState: "r=1&2"))
            : leaver.browser.get(leaver.path(request, relayState: "r=1&2"))
        let read = try leaver.read(answer)
        #expect(read.root.codes == ["Success"])
        #expect(read.root.attribute("InResponseTo") == "_lr-1")
        #expect(read.root.attribute("Destination") == Parties.cityLogout + "/answers")
        #expect(read.address == Parties.cityLogout + "/answers")
        #expect(read.relayState == "r=1&2")
        #expect(try await !leaver.isLoggedIn)
        #expect(leaver.browser.sessionCookie == nil, "our own cookie goes first")
    }

    /// goauthentik #7137, keycloak #46762: the initiator always gets its answer.
    @Test func `an unknown session is answered with Success, and nobody else's ends`() async throws {
        let leaver = try await Leaver()
        try await leaver.saml(Parties.city)
        let elsewhere = Leaver(leaver.house)
        for name in ["nobody-that-we-know-00000000", "x"] {
            let answer = try await elsewhere.browser.get(elsewhere.path(elsewhere.request(Parties.city, name)))
            #expect(try elsewhere.read(answer).root.codes == ["Success"])
        }
        #expect(try await leaver.isLoggedIn)
    }

    private static let address = "urn:oasis:names:tc:SAML:1.1:nameid-format:emailAddress"

    /// php-saml and node-saml send another Format than they were given; a Success would leave the citizen logged in unawares.
    @Test(arguments: [false, true])
    func `by another Format, while its session is open, it is told UnknownPrincipal, and Success afterwards`(byPost: Bool) async throws {
        let leaver = try await Leaver()
        let reading = try await leaver.saml(Parties.city)
        func asked(_ format: String?) async throws -> [String] {
            let request = leaver.request(Parties.city, reading.nameID, format: format, index: reading.sessionIndex)
            let answer =
                try await byPost
                ? leaver.browser.post("/saml/logout", leaver.form(request), crossSite: true) : leaver.browser.get(leaver.path(request))
            return try leaver.read(answer).root.codes
        }
        #expect(try await asked(Self.address) == ["Requester", "UnknownPrincipal"])
        #expect(try await leaver.isLoggedIn)
        #expect(try await leaver.house.events().contains("request.refused"))
        #expect(try await asked(nil) == ["Success"])
        #expect(try await !leaver.isLoggedIn)
        #expect(try await asked(Self.address) == ["Success"])
    }

    @Test func `by a name we never gave, in the browser of its session, it is told UnknownPrincipal, and others are not`() async throws {
        let leaver = try await Leaver()
        try await leaver.saml(Parties.city)
        for (member, codes) in [(Parties.city, ["Requester", "UnknownPrincipal"]), (Parties.school, ["Success"])] {
            let answer = try await leaver.browser.get(leaver.path(leaver.request(member, "nobody-that-we-know-00000000")))
            #expect(try leaver.read(answer).root.codes == codes)
        }
        // One that names another session, of before, speaks of nothing that is open.
        let ended = leaver.request(Parties.city, "nobody-that-we-know-00000000", index: "_a-session-of-before")
        #expect(try leaver.read(try await leaver.browser.get(leaver.path(ended))).root.codes == ["Success"])
        #expect(try await leaver.isLoggedIn)
    }

    @Test func `another service's session is not to be had by its NameID`() async throws {
        let leaver = try await Leaver()
        let reading = try await leaver.saml(Parties.city)
        let answer = try await leaver.browser.get(leaver.path(leaver.request(Parties.school, reading.nameID, index: reading.sessionIndex)))
        #expect(try leaver.read(answer).root.codes == ["Success"])
        #expect(try await leaver.isLoggedIn)
    }

    @Test func `unsigned it is refused on a page, and nothing ends (A33)`() async throws {
        let leaver = try await Leaver()
        let reading = try await leaver.saml(Parties.city)
        let request = leaver.request(Parties.city, reading.nameID, index: reading.sessionIndex)
        let answer = try await leaver.browser.get(leaver.path(request, isSigned: false))
        #expect(answer.status == 400)
        #expect(answer.code == "saml.signature.due")
        #expect(try await leaver.isLoggedIn)
    }

    @Test func `a second copy ends nothing, and is answered`() async throws {
        let leaver = try await Leaver()
        let reading = try await leaver.saml(Parties.city)
        let path = try leaver.path(leaver.request(Parties.city, reading.nameID))
        #expect(try leaver.read(await leaver.browser.get(path)).root.codes == ["Success"])
        try await leaver.saml(Parties.city)
        #expect(try leaver.read(await leaver.browser.get(path)).root.codes == ["Requester", "RequestDenied"])
        #expect(try await leaver.isLoggedIn, "a captured request does not end tomorrow's session")
    }

    @Test func `without anybody named it is answered as a fault of the requester`() async throws {
        let leaver = try await Leaver()
        try await leaver.saml(Parties.city)
        let answer = try await leaver.browser.get(leaver.path(leaver.request(Parties.city, nil, index: "_1")))
        #expect(try leaver.read(answer).root.codes == ["Requester"])
        #expect(try await leaver.isLoggedIn)
    }

    @Test func `without a SessionIndex every session of the citizen at that service ends, in every browser`() async throws {
        let leaver = try await Leaver()
        let first = try await leaver.saml(Parties.city)
        let other = Leaver(leaver.house)
        let second = try await other.saml(Parties.city)
        #expect(first.nameID == second.nameID)
        #expect(first.sessionIndex != second.sessionIndex)
        _ = try await leaver.browser.get(leaver.path(leaver.request(Parties.city, first.nameID, index: first.sessionIndex)))
        #expect(try await !leaver.isLoggedIn)
        #expect(try await other.isLoggedIn, "one index, one session")
        _ = try await leaver.browser.get(leaver.path(leaver.request(Parties.city, first.nameID)))
        #expect(try await !other.isLoggedIn)
    }

    @Test func `asynchronous it is not answered (S11)`() async throws {
        let leaver = try await Leaver()
        let reading = try await leaver.saml(Parties.city)
        let path = try leaver.path(leaver.request(Parties.city, reading.nameID, extensions: [Self.asynchronous]))
        let answer = try await leaver.browser.get(path)
        #expect(answer.parameter("SAMLResponse") == nil)
        #expect(answer.form == nil)
        let page = try await leaver.browser.get(try #require(answer.location))
        #expect(page.status == 200)
        #expect(!page.text.has("/answer"))
        #expect(try await !leaver.isLoggedIn)
        let copy = try await leaver.browser.get(path)
        #expect(copy.code == "saml.request.replayed")
        #expect(copy.location == nil && !copy.text.has("SAMLResponse"))
    }

    @Test func `asynchronous and by another Format, a page says that nothing has ended`() async throws {
        let leaver = try await Leaver()
        let reading = try await leaver.saml(Parties.city)
        let request = leaver.request(Parties.city, reading.nameID, format: Self.address, extensions: [Self.asynchronous])
        let answer = try await leaver.browser.get(leaver.path(request))
        #expect(answer.code == "saml.logout.other-name")
        #expect(answer.location == nil && !answer.text.has("SAMLResponse"))
        #expect(try await leaver.isLoggedIn)
    }

    private static var asynchronous: XMLNode {
        let asynchronous = XMLTag("aslo", "urn:oasis:names:tc:SAML:2.0:protocol:ext:async-slo", "Asynchronous")
        return .element(XMLTag("samlp", Leaver.samlp, "Extensions", children: [.element(asynchronous)]))
    }

    @Test func `a transient name is the same at every sign-on of a session, and logs it out`() async throws {
        let transient = [("Format", "urn:oasis:names:tc:SAML:2.0:nameid-format:transient")]
        let leaver = try await Leaver()
        let first = try await leaver.saml(Parties.city, policy: transient)
        let second = try await leaver.saml(Parties.city, policy: transient)
        #expect(first.nameID == second.nameID)
        #expect(try await leaver.saml(Parties.school, policy: transient).nameID != first.nameID)
        let answer = try await leaver.browser.get(leaver.path(leaver.request(Parties.city, first.nameID, index: first.sessionIndex)))
        #expect(answer.status == 303)
        #expect(try await !leaver.isLoggedIn)
    }

    @Test func `a repeated sign-on keeps one participation`() async throws {
        let leaver = try await Leaver()
        for _ in 0..<4 { try await leaver.saml(Parties.city) }
        #expect(try await leaver.house.store.counts()["participations"] == 1)
    }
}

/// The chain through the citizen's browser (checklist §1.4: one broken service does not stop the rest; fake success is none).
@Suite struct `Services that only the browser can tell` {
    /// Logged in at three, the city asks.
    private func begun() async throws -> (Leaver, SAMLReading, page: String) {
        let leaver = try await Leaver()
        let reading = try await leaver.saml(Parties.city)
        try await leaver.saml(Parties.school)
        try await leaver.saml(Parties.clinic)
        let request = leaver.request(Parties.city, reading.nameID, index: reading.sessionIndex, id: "_lr-9")
        let answer = try await leaver.browser.get(leaver.path(request, relayState: "back"))
        #expect(answer.status == 303)
        return (leaver, reading, try #require(answer.location))
    }

    @Test func `are visited one by one, and the one who asked is answered last`() async throws {
        let (leaver, _, page) = try await begun()
        #expect(try await !leaver.isLoggedIn, "the session ends before anybody is told")
        let first = try await leaver.browser.get(page)
        #expect(leaver.results(first) == ["school": "open", "clinic": "ended"])
        #expect(first.text.has("http-equiv=\"refresh\""))
        let visit = try await leaver.browser.get(page + "/next")
        let asked = try leaver.read(visit)
        #expect(visit.headers[try #require(HTTPField.Name("Referrer-Policy"))] == "strict-origin", "`Origin: null` is refused by some")
        #expect(first.headers[try #require(HTTPField.Name("Referrer-Policy"))] == "no-referrer")
        #expect(asked.address == Parties.schoolLogout)
        #expect(asked.root.name.local == "LogoutRequest")
        let id = try #require(asked.root.attribute("ID"))
        // The answer comes as a form on another site: without our cookies.
        let back = try await leaver.browser.post(
            "/saml/logout", leaver.form(leaver.response(Parties.school, to: id), relayState: asked.relayState), crossSite: true)
        #expect(back.location == page)
        let done = try await leaver.browser.get(page)
        #expect(leaver.results(done) == ["school": "ended", "clinic": "ended"])
        let answer = try leaver.read(try await leaver.browser.get(page + "/answer"))
        #expect(answer.root.codes == ["Success"])
        #expect(answer.root.attribute("InResponseTo") == "_lr-9")
        #expect(answer.relayState == "back")
    }

    /// Their cookie for another browser's session is there.
    @Test(arguments: [(true, "open, browser-only"), (false, "open")])
    func `in another browser are not visited from this one, where it is known which this is`(isKnown: Bool, result: String) async throws {
        let leaver = try await Leaver()
        let reading = try await leaver.saml(Parties.city)
        let other = Leaver(leaver.house)
        try await other.saml(Parties.city)
        try await other.saml(Parties.school)
        let form = try leaver.form(leaver.request(Parties.city, reading.nameID))
        let page = try #require(try await leaver.browser.post("/saml/logout", form, crossSite: !isKnown).location)
        #expect(try await !other.isLoggedIn, "its session ends all the same")
        #expect(leaver.results(try await leaver.browser.get(page)) == ["school": result])
        let next = try await leaver.browser.get(page + "/next")
        #expect((next.location == page) == isKnown)
        #expect(try leaver.read(try await leaver.browser.get(page + "/answer")).root.codes == ["Success", "PartialLogout"])
    }

    @Test func `that stay silent hold nobody up: the citizen goes on, and PartialLogout tells the one who asked`() async throws {
        let (leaver, _, page) = try await begun()
        _ = try await leaver.browser.get(page + "/next")
        let later = try await leaver.browser.get(page)
        #expect(leaver.results(later)["school"] == "open")
        #expect(later.text.has(page.components(splitBy: ".jp").last.map { $0 + "/answer" } ?? "/answer"))
        let answer = try leaver.read(try await leaver.browser.get(page + "/answer"))
        #expect(answer.root.codes == ["Success", "PartialLogout"])
    }

    @Test(arguments: [("Responder", "failed, refused"), ("Success", "ended")])
    func `are believed when they answer`(status: String, result: String) async throws {
        let (leaver, _, page) = try await begun()
        let id = try #require(try leaver.read(try await leaver.browser.get(page + "/next")).root.attribute("ID"))
        _ = try await leaver.browser.get(leaver.path(leaver.response(Parties.school, to: id, status)))
        #expect(leaver.results(try await leaver.browser.get(page))["school"] == result)
    }

    @Test func `are not believed unproven, or for another, and the citizen still goes on`() async throws {
        let (leaver, _, page) = try await begun()
        let asked = try leaver.read(try await leaver.browser.get(page + "/next"))
        let id = try #require(asked.root.attribute("ID"))
        let unsigned = try await leaver.browser.get(
            leaver.path(leaver.response(Parties.school, to: id), relayState: asked.relayState, isSigned: false))
        #expect(unsigned.location == page)
        let other = try await leaver.browser.get(leaver.path(leaver.response(Parties.city, to: id), relayState: asked.relayState))
        #expect(other.code == "saml.logout.unasked")
        let unasked = try await leaver.browser.get(leaver.path(leaver.response(Parties.school, to: "_never")))
        #expect(unasked.code == "saml.logout.unasked")
        #expect(leaver.results(try await leaver.browser.get(page))["school"] == "open")
    }

    @Test func `can be skipped, tried again, and answer late`() async throws {
        let (leaver, _, page) = try await begun()
        let skipped = try await leaver.browser.post(page + "/skip", [("leg", "1")])
        #expect(skipped.location == page)
        let shown = try await leaver.browser.get(page)
        #expect(leaver.results(shown)["school"] == "open, skipped")
        #expect(try await leaver.browser.get(page + "/next").location == page, "nobody else is left")
        let again = try leaver.read(try await leaver.browser.get(page + "/next?leg=1"))
        let id = try #require(again.root.attribute("ID"))
        _ = try await leaver.browser.get(leaver.path(leaver.response(Parties.school, to: id)))
        #expect(leaver.results(try await leaver.browser.get(page))["school"] == "ended")
    }

    @Test func `the page is one browser's own`() async throws {
        let (leaver, _, page) = try await begun()
        let stranger = Browser(leaver.house)
        for path in ["", "/next", "/answer"] {
            let answer = try await stranger.get(page + path)
            #expect(answer.status == 400)
            #expect(answer.code == "logout.unknown")
        }
        #expect(try await stranger.post(page + "/skip").code == "logout.unknown")
        #expect(try await leaver.browser.get(page).status == 200)
    }

    @Test func `the page runs out after an hour`() async throws {
        let (leaver, _, page) = try await begun()
        leaver.house.pass(Logout.lifetime - 1)
        #expect(try await leaver.browser.get(page).status == 200)
        leaver.house.pass(1)
        #expect(try await leaver.browser.get(page).status == 400)
    }
}

/// S10, eGov 2.0 §2.7: a service's own server asks, and there is no browser.
@Suite struct `Logout begun over SOAP` {
    private func soap(_ leaver: Leaver, _ tag: XMLTag) async throws -> Answer {
        try await Archive(house: leaver.house).post("/saml/logout/soap", leaver.signed(tag))
    }

    @Test func `ends the session, tells who can be told, and says what stays open`() async throws {
        let leaver = try await Leaver()
        let reading = try await leaver.saml(Parties.clinic)
        try await leaver.openID(Parties.cafe)
        let alone = try await soap(
            leaver, leaver.request(Parties.clinic, reading.nameID, index: reading.sessionIndex, id: "_s-1", to: "/saml/logout/soap"))
        let first = try Archive(house: leaver.house).proven(alone)
        #expect(first.codes == ["Success"])
        #expect(first.attribute("InResponseTo") == "_s-1")
        #expect(try await !leaver.isLoggedIn)

        let again = try await leaver.saml(Parties.clinic)
        try await leaver.saml(Parties.city)
        let partly = try await soap(leaver, leaver.request(Parties.clinic, again.nameID, to: "/saml/logout/soap"))
        #expect(try Archive(house: leaver.house).proven(partly).codes == ["Success", "PartialLogout"])
        #expect(try await !leaver.isLoggedIn)
    }

    @Test func `unknown sessions get Success, replays and the nameless a refusal, the unproven a Fault`() async throws {
        let leaver = try await Leaver()
        try await leaver.saml(Parties.clinic)
        let archive = Archive(house: leaver.house)
        let unknown = leaver.request(Parties.clinic, "nobody", to: "/saml/logout/soap")
        #expect(try archive.proven(await soap(leaver, unknown)).codes == ["Success"])
        #expect(try archive.proven(await soap(leaver, unknown)).codes == ["Requester", "RequestDenied"])
        let nameless = leaver.request(Parties.clinic, nil, index: "_1", to: "/saml/logout/soap")
        #expect(try archive.proven(await soap(leaver, nameless)).codes == ["Requester"])
        let unsigned = try await archive.post("/saml/logout/soap", unknown)
        #expect(unsigned.status == 403)
        #expect(unsigned.text.has("saml.signature.due"))
        let reading = try await leaver.saml(Parties.clinic)
        let other = leaver.request(Parties.clinic, reading.nameID, format: "urn:x-other", to: "/saml/logout/soap")
        #expect(try archive.proven(await soap(leaver, other)).codes == ["Requester", "UnknownPrincipal"])
        let html = try await archive.post("/saml/logout/soap", Array("x".utf8), type: "text/html")
        #expect(html.status == 415)
        #expect(try await leaver.isLoggedIn)
    }
}
