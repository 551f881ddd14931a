import Credentials
import Cryptography
import HTTPTypes
import SQLiteStores
import SignOn
import SimulatedJPKI
import Testing
import Vocabulary

/// The card API. Checklist H3, H6, H7, D2.
@Suite struct `Cards at the doors` {
    @Test func `face, then the PIN: stepped up, the same person`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let shop = try await browser.login("taro", at: try await browser.begin(OpenIDQuestion().path), .face, terminal: "kiosk")
        #expect(shop.parameter("code") != nil)
        let before = try #require(browser.sessionCookie)
        house.pass(30)
        let journey = try await browser.begin(SAMLQuestion(at: house.now).path)
        let page = try await browser.get(journey)
        #expect(page.text.has("同じカード"))
        let asked = try await browser.post(journey + "/challenge", json: [:])
        #expect(try asked.json["purpose"]?.string == "step-up")
        #expect(try asked.json["minimum_mode"]?.string == "pin")
        let end = try await browser.login("taro", at: journey)
        #expect(try SAMLReading(end, in: house.world).isSuccess)
        #expect(browser.sessionCookie != before, "the id is renewed at every login (H1)")
        // What was reached stays: the stronger login serves the weaker member.
        #expect(try await browser.get(OpenIDQuestion().path).parameter("code") != nil)
    }

    @Test func `face alone comes back to the page when the PIN is needed`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        let back = try await browser.login("taro", at: journey, .face, terminal: "kiosk")
        #expect(back.status == 303)
        #expect(back.location == journey)
    }

    @Test(arguments: ["taro", "misaki"])
    func `a step-up by another person is refused, and links nobody`(other: String) async throws {
        let house = try await House.ordinary()
        if other == "taro" {
            _ = try await Browser(house).use("taro", at: try await Browser(house).begin(OpenIDQuestion().path))
        }
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path), .face, terminal: "kiosk")
        let links = try await house.store.counts()["links"]
        let cookie = browser.sessionCookie
        let journey = try await browser.begin(SAMLQuestion().path)
        let refused = try await browser.use(other, at: journey)
        #expect(refused.status == 403)
        #expect(refused.code == "signon.step-up.other-person")
        #expect(browser.sessionCookie == cookie, "the session stays hanako's")
        #expect(try await house.store.counts()["links"] == links)
        #expect(try SAMLReading(try await browser.login("hanako", at: journey), in: house.world).isSuccess)
    }

    @Test func `mode C never makes the first link, and serves afterwards`() async throws {
        let house = try await House.ordinary()
        let first = Browser(house)
        let journey = try await first.begin(OpenIDQuestion().path)
        let refused = try await first.use("hanako", at: journey, .presence, terminal: "stb")
        #expect(refused.status == 403)
        #expect(refused.code == "signon.presence.first-link")
        #expect(first.sessionCookie == nil)
        #expect(try await house.store.counts()["links"] == 0)
        #expect(try await first.login("hanako", at: journey).parameter("code") != nil)

        let second = Browser(house)
        let again = try await second.login("hanako", at: try await second.begin(OpenIDQuestion().path), .presence, terminal: "stb")
        #expect(again.parameter("code") != nil)
        // And not for what needs the PIN.
        let ministry = try await second.begin(SAMLQuestion().path)
        #expect(try await second.get(ministry + "/continue").location == ministry)
    }

    @Test func `a signature without a terminal's word is mere presence: no first link`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let refused = try await browser.use("hanako", at: try await browser.begin(SAMLQuestion().path), .pin, terminal: nil)
        #expect(refused.code == "signon.presence.first-link")
    }

    @Test func `a revoked card is refused, by name, and leaves a record`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let refused = try await browser.use("jiro", at: try await browser.begin(SAMLQuestion().path))
        #expect(refused.status == 403)
        #expect(refused.code == "card.status.revoked")
        let explanation = try #require(try refused.json["explanation"])
        #expect(explanation["clause"]?.string?.isEmpty == false)
        #expect(explanation["remedy"]?.string?.isEmpty == false)
        #expect(explanation["compared"]?.array?.isEmpty == false)
        #expect(try refused.json["error"]?.string == "card.status.revoked")
        #expect(browser.sessionCookie == nil)
        #expect(try await house.trail().last?.has("\"code\":\"card.status.revoked\"") == true)
    }

    /// Checklist H7.
    @Test func `a challenge is good for one answer, right or wrong`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        let asked = try await browser.post(journey + "/challenge", json: [:])
        let answer = try house.answer(to: try asked.json, "hanako", journey, .pin, "sekisho-app")
        var spoilt = answer
        if case .object(var members) = answer {
            members.removeAll { $0.0 == "signature" }
            spoilt = .object(members + [("signature", .string(Base64.encode([UInt8](repeating: 7, count: 256))))])
        }
        let wrong = try await browser.post(journey + "/answer", json: spoilt)
        #expect(wrong.status == 403)
        let right = try await browser.post(journey + "/answer", json: answer)
        #expect(right.status == 403)
        #expect(right.code == "card.challenge.unknown")
        #expect(browser.sessionCookie == nil)
    }

    @Test func `an answer used once opens nothing a second time, here or in another journey`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        let asked = try await browser.post(journey + "/challenge", json: [:])
        let answer = try house.answer(to: try asked.json, "hanako", journey, .pin, "sekisho-app")
        let thief = Browser(house)
        let elsewhere = try await thief.begin(OpenIDQuestion().path)
        // The thief is quicker than the citizen, with the citizen's own answer.
        let stolen = try await thief.post(elsewhere + "/answer", json: answer)
        #expect(stolen.status == 403)
        #expect(thief.sessionCookie == nil)
        #expect(try await browser.post(journey + "/answer", json: answer).status == 403)
    }

    @Test func `a challenge ends after its minutes`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        let asked = try await browser.post(journey + "/challenge", json: [:])
        let answer = try house.answer(to: try asked.json, "hanako", journey, .pin, "sekisho-app")
        house.pass(181)
        #expect(try await browser.post(journey + "/answer", json: answer).code == "card.challenge.unknown")
    }

    @Test func `no challenge where no login is needed`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        #expect(try await browser.use("hanako", at: journey).status == 200)
        let more = try await browser.post(journey + "/challenge", json: [:])
        #expect(more.status == 409)
        #expect(more.code == "card.challenge.needless")
    }

    /// Checklist H3: forms of other sites cannot send this type.
    @Test(arguments: ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data", "text/json", "application/jsonp", ""])
    func `the card API takes JSON and nothing else`(type: String) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        for door in ["/challenge", "/answer"] {
            let answer = try await browser.post(journey + door, json: [:], type: type)
            #expect(answer.status == 415)
            #expect(answer.code == "card.api.content-type")
        }
        #expect(try await house.store.counts()["challenges"] == 0)
    }

    @Test(arguments: ["application/json", "Application/JSON; charset=utf-8"])
    func `the card API takes JSON however it is spelt`(type: String) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        #expect(try await browser.post(journey + "/challenge", json: [:], type: type).status == 200)
    }

    static let malformed: [String] = [
        "", "[]", "null", "{", "{\"challenge\":1}", "{\"challenge\":\"short\",\"certificate\":\"AAAA\"}",
        "{\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAA\"}", "{\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"certificate\":\"%%%\"}",
        "{\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"certificate\":\"AAAA\",\"signature\":7}",
        "{\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"certificate\":\"AAAA\",\"statement\":[]}",
        "{\"challenge\":\"AAAAAAAAAAAAAAAAAAAAAA\",\"challenge\":\"BBBBBBBBBBBBBBBBBBBBBB\",\"certificate\":\"AAAA\"}",
        String(repeating: "[", count: 20_000), "\u{0}",
    ]

    @Test(arguments: malformed)
    func `a body that is no answer is refused with one code`(body: String) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        let answer = try await browser.send(.post, journey + "/answer", [.contentType: "application/json"], Array(body.utf8))
        #expect(answer.status == 400)
        #expect(answer.code == "card.api.malformed")
    }

    @Test func `bytes that are no certificate are refused as a card`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        for bytes in [[], [0x30], [UInt8](repeating: 0x30, count: 5000), [0x30, 0x84, 0xff, 0xff, 0xff, 0xff]] as [[UInt8]] {
            let asked = try await browser.post(journey + "/challenge", json: [:])
            let challenge = try #require(try asked.json["challenge"])
            let answer = try await browser.post(
                journey + "/answer", json: ["challenge": challenge, "certificate": .string(Base64.encode(bytes))])
            #expect((400...403).contains(answer.status))
            #expect(answer.code?.hasPrefix("card.") == true)
        }
        #expect(browser.sessionCookie == nil)
    }

    /// Checklist D2.
    @Test func `bodies above their limits are refused with a stable code`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        let form: HTTPFields = [.contentType: "application/x-www-form-urlencoded"]
        func much(_ count: Int) -> [UInt8] { [UInt8](repeating: 0x61, count: count) }
        let card = try await browser.send(.post, journey + "/answer", [.contentType: "application/json"], much(32_769))
        #expect(card.status == 413)
        #expect(card.code == "card.api.too-large")
        let saml = try await browser.send(.post, "/saml/sso", form, much(262_145))
        #expect(saml.status == 400)
        #expect(saml.code == "saml.request.too-large")
        let openID = try await browser.send(.post, "/openid/authorize", form, much(65_537))
        #expect(openID.code == "openid.request.too-large")
        let token = try await browser.send(.post, "/openid/token", form, much(65_537))
        #expect(token.status == 400)
        #expect(try token.json["error"]?.string == "invalid_request")
        let info = try await browser.send(.post, "/openid/userinfo", form, much(16_385))
        #expect(info.status == 401)
    }
}

/// The TLS door's hand-over on the main host. Checklist H1, H7.
@Suite struct `The hand-over from the card listener` {
    private func handOver(
        _ handle: String, to journey: String, in house: House, age: Int64 = 0
    ) async throws -> String {
        var random = SystemRandomNumberGenerator()
        let code = Ticket.fresh(using: &random)
        let at = house.now.adding(seconds: -age)
        try await house.store.issue(
            Handover(
                code: code.digest, transaction: try #require(TransactionID(House.transaction(journey))),
                certificate: try house.world.simulator.identity(handle, .user).certificate.der, presentedAt: at,
                expiresAt: at.adding(seconds: 60)))
        return journey + "/handover?code=" + code.text
    }

    @Test func `once, in the browser that began`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        let address = try await handOver("hanako", to: journey, in: house)
        let stranger = Browser(house)
        let elsewhere = try await stranger.get(address)
        #expect(elsewhere.status == 400)
        #expect(elsewhere.code == "journey.unknown")
        #expect(stranger.cookies.isEmpty)
        let here = try await browser.get(address)
        #expect(here.status == 303)
        #expect(here.location == journey + "/continue")
        #expect(browser.sessionCookie != nil)
        let again = try await browser.get(address)
        #expect(again.status == 400)
        #expect(again.code == "card.handover.unknown")
        #expect(try SAMLReading(try await browser.get(journey + "/continue"), in: house.world).isSuccess)
        #expect(try await house.trail().contains { $0.has("card.accepted") && $0.has("\"door\":\"tls\"") })
    }

    @Test func `a hand-over for another journey of the same browser opens nothing`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let (one, two) = (try await browser.begin(SAMLQuestion().path), try await browser.begin(OpenIDQuestion().path))
        let address = try await handOver("hanako", to: one, in: house)
        let wrong = try await browser.get(two + "/handover?" + (address.components(splitBy: "?").last ?? ""))
        #expect(wrong.code == "card.handover.unknown")
        #expect(browser.sessionCookie == nil)
    }

    @Test func `it ends after a minute`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        let address = try await handOver("hanako", to: journey, in: house, age: 61)
        #expect(try await browser.get(address).code == "card.handover.unknown")
    }

    @Test func `the main host judges the certificate: revoked is refused`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        let answer = try await browser.get(try await handOver("jiro", to: journey, in: house))
        #expect(answer.status == 403)
        #expect(answer.code == "card.status.revoked")
        #expect(browser.sessionCookie == nil)
        #expect(try await house.trail().last?.has("\"door\":\"tls\"") == true)
    }

    @Test(arguments: ["", "code=", "code=x", "x=1", "code=" + String(repeating: "a", count: 80), "code=a&code=b", "code=%00"])
    func `codes that nobody issued are refused`(query: String) async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let journey = try await browser.begin(SAMLQuestion().path)
        #expect(try await browser.get(journey + "/handover?" + query).code == "card.handover.unknown")
    }

    @Test func `another person at the TLS door is refused in a step-up`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path), .face, terminal: "kiosk")
        let journey = try await browser.begin(SAMLQuestion().path)
        let answer = try await browser.get(try await handOver("taro", to: journey, in: house))
        #expect(answer.status == 403)
        #expect(answer.code == "signon.step-up.other-person")
    }
}
