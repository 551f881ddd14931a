import Credentials
import Cryptography
import HTTPTypes
import SQLiteStores
import Settings
import SignOn
import SimulatedJPKI
import Testing
import TrustFramework
import Vocabulary

/// A citizen with a card and a phone that are both his, and browsers that say what they are.
struct CitizenHome {
    static let firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:145.0) Gecko/20100101 Firefox/145.0"
    static let iPhone =
        "Mozilla/5.0 (iPhone; CPU iPhone OS 19_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/19.0 Mobile/15E148 Safari/604.1"

    let house: House

    init(_ house: House) { self.house = house }

    init() async throws { house = try await Duty.house() }

    /// Logs in to the citizen's own page; where the browser is led.
    @discardableResult func login(
        _ handle: String, in browser: Browser, _ mode: CardMode = .pin, terminal: String? = "sekisho-app", agent: String? = nil,
        at place: [(String, String)] = [("page", "/me")]
    ) async throws -> Answer {
        let begun = try await browser.post("/me/login", place)
        return try await use(handle, in: browser, at: try #require(begun.location), mode, terminal: terminal, agent: agent)
    }

    func use(
        _ handle: String, in browser: Browser, at journey: String, _ mode: CardMode = .pin, terminal: String? = "sekisho-app",
        agent: String? = nil
    ) async throws -> Answer {
        let asked = try await browser.post(journey + "/challenge", json: [:])
        try #require(asked.status == 200, "\(asked.text)")
        var headers = HTTPFields()
        if let agent { headers[.userAgent] = agent }
        let answer = try await browser.post(
            journey + "/answer", json: try house.answer(to: try asked.json, handle, journey, mode, terminal), headers)
        guard answer.status == 200 else { return answer }
        return try await browser.get(try #require(try answer.json["continue"]?.string))
    }

    /// Ties the phone to whoever the card belongs to: from then on both open sessions of one citizen.
    func tie(_ phone: String, to browser: Browser) async throws {
        let cards = house.world.configuration.cards
        let der = try house.world.simulator.identity(phone, .user).certificate.der
        let login = try cards.profile.recognise(
            certificate: der, anchors: cards.anchors, allowSimulated: cards.allowSimulated, at: house.now)
        _ = try await house.store.link(login.identity, to: try await subject(browser), at: house.now)
    }

    func session(_ browser: Browser) async throws -> Session {
        let cookie = try #require(browser.sessionCookie)
        let id = try #require(SessionID(Ticket.digest(of: cookie)))
        return try #require(try await house.store.session(id, at: house.now))
    }

    func subject(_ browser: Browser) async throws -> SubjectID { try await session(browser).subject }

    /// The page of sessions is shown, with this one marked.
    func isLoggedIn(_ browser: Browser) async throws -> Bool { try await browser.get("/me/sessions").text.has("（この機器）") }

    /// The form mark of a page.
    func mark(_ browser: Browser, _ page: String = "/me/sessions") async throws -> String {
        let answer = try await browser.get(page)
        return try #require(answer.between("name=\"form\" value=\"", "\""), "\(answer.text)")
    }

    /// Presses a button of a page with that page's mark.
    func press(_ door: String, _ fields: [(String, String)], in browser: Browser, on page: String = "/me/sessions") async throws -> Answer {
        try await browser.post(door, [("form", try await mark(browser, page))] + fields)
    }

    func handle(_ browser: Browser) async throws -> String {
        let session = try await session(browser)
        let login = try #require(session.authentications.last)
        return CertificateHandle(login.certificate, of: session.subject).text
    }

    func records(_ event: String) async throws -> [JSON] {
        try await house.trail().map { try JSON(reading: $0) }.filter { $0["event"]?.string == event }
    }
}
