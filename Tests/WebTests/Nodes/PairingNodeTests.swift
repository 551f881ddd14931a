import Credentials
import HTTPTypes
import SQLiteStores
import Settings
import SignOn
import Testing
import TrustFramework
import Vocabulary
import Web

extension Browser {
    /// The same browser, whose next request reaches another node.
    fileprivate func moved(to node: House) -> Browser {
        let other = Browser(node)
        for (name, value) in cookies { other.plant(name, value) }
        return other
    }
}

/// An app on another device where several processes answer (decision 0063; checklist H1, H3, H7).
@Suite struct `An app on another device, and two nodes` {
    private struct Visit {
        let one: House
        let other: House
        let browser: Browser
        let journey: String
        let app: String

        init() async throws {
            let world = try await World.pairing()
            one = try House(world, isShared: true)
            other = try House(world, sharing: one)
            browser = Browser(one)
            journey = try await browser.begin(OpenIDQuestion().path)
            let page = try await browser.get(journey)
            app = try "/app/" + #require(page.between("<code>https://login.example.jp/app/", "</code>"))
        }

        func answered(asking: House, answering: House) async throws -> Answer {
            let asked = try await Browser(asking).post(app + "/challenge", json: [:])
            try #require(asked.status == 200, "\(asked.text)")
            return try await Browser(answering).post(
                app + "/answer", json: try one.answer(to: try asked.json, "hanako", journey, .pin, "sekisho-app"))
        }
    }

    @Test func `goes on at whichever node the next request comes to`() async throws {
        let visit = try await Visit()
        let code = try #require(try await visit.answered(asking: visit.other, answering: visit.one).json["code"]?.string)
        let browser = visit.browser.moved(to: visit.other)
        let typed = try await browser.post(visit.journey + "/app", [("app_code", code)])
        #expect(typed.location == visit.journey + "/continue")
        #expect(try await browser.moved(to: visit.one).get(visit.journey + "/continue").parameter("code") != nil)
        #expect(try await visit.one.trail().contains { $0.contains("card.accepted") && $0.contains("\"other-device\"") })
    }

    @Test func `a number that was typed at one node is used up at the other`() async throws {
        let visit = try await Visit()
        let code = try #require(try await visit.answered(asking: visit.one, answering: visit.other).json["code"]?.string)
        let copy = visit.browser.moved(to: visit.other)
        _ = try await visit.browser.post(visit.journey + "/app", [("app_code", code)])
        #expect(visit.browser.sessionCookie != nil)
        _ = try await copy.post(visit.journey + "/app", [("app_code", code)])
        #expect(copy.sessionCookie == nil)
    }

    @Test func `five wrong numbers are five at all nodes together`() async throws {
        let visit = try await Visit()
        let code = try #require(try await visit.answered(asking: visit.one, answering: visit.other).json["code"]?.string)
        let wrong = code == "000000" ? "000001" : "000000"
        for number in 1...5 {
            let node = number.isMultiple(of: 2) ? visit.other : visit.one
            _ = try await visit.browser.moved(to: node).post(visit.journey + "/app", [("app_code", wrong)])
        }
        let late = visit.browser.moved(to: visit.other)
        _ = try await late.post(visit.journey + "/app", [("app_code", code)])
        #expect(late.sessionCookie == nil)
    }

    /// What a page elsewhere makes up, or changes, is none of our words.
    @Test func `an address that was changed is known to nobody`() async throws {
        let visit = try await Visit()
        let parts = visit.app.dropFirst(5).split(separator: ".").map(String.init)
        try #require(parts.count == 3)
        let other = try await Browser(visit.one).begin(OpenIDQuestion().path)
        for address in [
            "/app/" + House.transaction(other) + "." + parts[1] + "." + parts[2], "/app/" + parts[0] + ".bb--." + parts[2],
            "/app/" + parts[0] + "." + parts[1], visit.app + ".x",
        ] {
            let answer = try await Browser(visit.other).post(address + "/challenge", json: [:])
            #expect(answer.status == 404 && answer.code == "card.app.unknown", "\(address)")
        }
        #expect(try await Browser(visit.other).post(visit.app + "/challenge", json: [:]).status == 200)
    }

    @Test func `the phone is told in which browser the page is, since when, and what its address has to be`() async throws {
        let world = try await World.pairing()
        let house = try House(world)
        let browser = Browser(house)
        let journey = try await browser.begin(OpenIDQuestion().path)
        var headers = HTTPFields()
        headers[.userAgent] = "Mozilla/5.0 (Windows NT 10.0; Win64; x64; rv:140.0) Gecko/20100101 Firefox/140.0"
        let page = try await browser.get(journey, headers)
        let app = try "/app/" + #require(page.between("<code>https://login.example.jp/app/", "</code>"))
        let asked = try await Browser(house).post(app + "/challenge", json: [:]).json
        #expect(asked["browser"]?["en"]?.string == "Firefox, Windows")
        #expect(asked["address"]?.string == "https://login.example.jp")
        #expect(asked["begun"]?.string == house.now.text)
    }
}

/// The shipped ladder takes no login from another device: a page that shows somebody else's code relays all of it (decision 0063).
@Suite struct `The door of other devices` {
    @Test func `is not there unless the ladder names it`() async throws {
        let house = try await House.ordinary()
        let browser = Browser(house)
        let page = try await browser.get(try await browser.begin(OpenIDQuestion().path))
        #expect(page.status == 200)
        #expect(!page.text.has("/app/") && !page.text.has("class=\"qr\""))
    }

    @Test func `reaches nothing under a ladder that names no doors, and what it names under one that does`() async throws {
        let now = World.now
        func facts(_ door: Door) -> AssuranceFacts {
            AssuranceFacts(
                mode: .pin, modeIsStated: true, carrier: .card, door: door, statusSource: .crl, statusAt: now, authenticatedAt: now)
        }
        let (plain, open) = (
            try await World.shared().configuration.policy.ladder, try await World.pairing().configuration.policy.ladder
        )
        for door in [Door.tls, .challenge] {
            #expect(plain.contexts.contains { $0.isReached(by: facts(door)) })
            #expect(open.contexts.contains { $0.isReached(by: facts(door)) })
        }
        #expect(!plain.contexts.contains { $0.isReached(by: facts(.otherDevice)) })
        #expect(open.contexts.contains { $0.isReached(by: facts(.otherDevice)) })
    }

    /// Whoever relays a code at a page that joins two cards would tie his own card to another's record.
    @Test func `joins no two cards`() async throws {
        let house = try await Knots.house()
        let browser = Browser(house)
        let journey = try await browser.newcomer("hanako")
        let begun = try await browser.answer("old", at: journey)
        let second = try #require(begun.location)
        #expect(try await !browser.get(second).text.has("/app/"))
    }
}
