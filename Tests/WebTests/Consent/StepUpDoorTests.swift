import Credentials
import SQLiteStores
import Settings
import SignOn
import Synchronization
import Testing
import TrustFramework
import Vocabulary

@Suite struct `A rule that wants the card again` {
    @Test func `says so on the page, in its own words, and is met by the card`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        #expect(
            try await browser.login("misaki", at: try await browser.begin(OpenIDQuestion().path)).parameter("code") != nil,
            "the first login is recent enough")
        house.pass(301)
        let journey = try await browser.begin(OpenIDQuestion().path)
        let page = try await browser.get(journey)
        #expect(page.text.has("もう一度カードを使って"))
        #expect(page.text.has("高額な買い物です。"))
        #expect(page.text.has("5分以内"))
        #expect(page.text.has("暗証番号（数字4桁）"))
        #expect(try await browser.get(OpenIDQuestion(Parties.shop, [("prompt", "none")]).path).parameter("error") == "login_required")
        #expect(try await browser.use("hanako", at: journey).status == 403, "another citizen's card is not this one's")
    }

    @Test func `is content with the same citizen's card`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        _ = try await browser.login("misaki", at: try await browser.begin(OpenIDQuestion().path))
        house.pass(301)
        let journey = try await browser.begin(OpenIDQuestion().path)
        #expect(try await browser.login("misaki", at: journey).parameter("code") != nil)
        #expect(try await browser.get(OpenIDQuestion().path).parameter("code") != nil)
    }
}

@Suite struct `A rule that wants the status on line` {
    /// What the responder says, to be turned by the test.
    private final class Responder: Sendable {
        let word = Mutex(RefreshedStatus.unknown)
        let asked = Mutex(0)
        func says(_ status: RefreshedStatus) { word.withLock { $0 = status } }
        var count: Int { asked.withLock { $0 } }
    }

    private func house(_ responder: Responder) async throws -> House {
        try await Duty.house { need, _ in
            #expect(!need.der.isEmpty)
            responder.asked.withLock { $0 += 1 }
            return responder.word.withLock { $0 }
        }
    }

    private func question(passive: Bool = false) -> SAMLQuestion {
        var question = SAMLQuestion(Parties.portal)
        question.passive = passive
        question.consumer = nil
        return question
    }

    @Test func `asks before the answer, and the answer tells of the new word`() async throws {
        let responder = Responder()
        let house = try await house(responder)
        let browser = Browser(house)
        responder.says(.good(.ocsp, at: house.now))
        let end = try await browser.login("hanako", at: try await browser.begin(question().path))
        #expect(try SAMLReading(end, in: house.world).isSuccess)
        #expect(responder.count > 0)
        let granted = try #require(try await house.trail().last { $0.has("signon.granted") })
        #expect(try JSON(reading: granted)["status-source"]?.string == "ocsp")
        #expect(try SAMLReading(try await browser.get(question(passive: true).path), in: house.world).isSuccess, "no page is needed for it")
    }

    @Test func `gives no answer when nobody can say`() async throws {
        let house = try await house(Responder())
        let browser = Browser(house)
        let end = try await browser.login("hanako", at: try await browser.begin(question().path))
        #expect(try SAMLReading(end, in: house.world).has("AuthnFailed"))
        #expect(try await house.trail().contains { $0.has("signon.status.unknown") })
    }

    @Test func `ends the session of a certificate that is revoked, R27`() async throws {
        let responder = Responder()
        let house = try await house(responder)
        let browser = Browser(house)
        responder.says(.good(.ocsp, at: house.now))
        _ = try await browser.login("hanako", at: try await browser.begin(question().path))
        responder.says(.revoked)
        let refused = try await browser.get(question().path)
        #expect(try SAMLReading(refused, in: house.world).has("AuthnFailed"))
        #expect(try await house.events().suffix(3) == ["status.refreshed", "session.ended", "signon.refused"])
        #expect(try await browser.get(OpenIDQuestion().path).location?.contains("/journey/") == true, "and is nobody's any more")
    }

    @Test func `is what a certificate is kept for, and nothing else`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path))
        let cookie = try #require(browser.sessionCookie)
        let id = try #require(SessionID(Ticket.digest(of: cookie)))
        let session = try #require(try await house.store.session(id, at: house.now))
        let refreshes = house.world.configuration.policy.rules.contains { $0.obligations.refreshStatus != nil }
        #expect(session.authentications.allSatisfy { ($0.certificateDER != nil) == refreshes && $0.island == nil && !$0.isSpent })
    }
}

@Suite struct `Islands and single answers` {
    @Test func `a login elsewhere opens no island, and the island's none elsewhere`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        _ = try await browser.login("hanako", at: try await browser.begin(OpenIDQuestion().path))
        let journey = try await browser.begin(SAMLQuestion(Parties.library).path)
        #expect(try await browser.get(journey).text.has("別に扱います"))
        #expect(try await browser.login("hanako", at: journey).location == journey + "/consent")
        #expect(try SAMLReading(try await Duty.agree(browser, journey), in: house.world).isSuccess)
        #expect(try await browser.get(OpenIDQuestion().path).parameter("code") != nil, "the login of the open sea is still there")

        let islander = Browser(house)
        _ = try await islander.login("taro", at: try await islander.begin(SAMLQuestion(Parties.library).path))
        #expect(try await islander.get(OpenIDQuestion().path).location?.contains("/journey/") == true)
    }

    @Test func `a login for one answer is gone with it, and so is the cookie`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        let end = try await browser.login("hanako", at: try await browser.begin(SAMLQuestion().path))
        #expect(try SAMLReading(end, in: house.world).isSuccess)
        #expect(browser.sessionCookie == nil)
        #expect(try await browser.get(SAMLQuestion().path).location?.contains("/journey/") == true)
    }

    @Test func `of two tabs one gets the answer`() async throws {
        let house = try await Duty.house()
        let browser = Browser(house)
        let (one, other) = (try await browser.begin(SAMLQuestion().path), try await browser.begin(SAMLQuestion().path))
        _ = try await browser.use("hanako", at: one)
        let (left, right) = (browser.copy(), browser.copy())
        #expect(try SAMLReading(try await left.get(one + "/continue"), in: house.world).isSuccess)
        #expect(try await right.get(other + "/continue").location == other, "the login was for the first")
    }
}
