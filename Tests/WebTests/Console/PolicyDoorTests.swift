import Cryptography
import SQLiteStores
import Settings
import SignOn
import Testing
import TrustFramework
import Vocabulary
import Web

/// A version of the policy comes to decide by two policy officers.
@Suite struct `The policy in the console` {
    private func propose(_ console: ConsoleHouse, _ browser: Browser, _ more: [(String, String)] = []) async throws -> Answer {
        let page = try await browser.get("/console/policies")
        let mark = try page.mark()
        let seen = page.between("name=\"draft\" value=\"", "\"") ?? ""
        let form = [("bundle", "draft"), ("draft", seen), ("act", "activate"), ("reason", "board of 21 November")]
        return try await browser.post(
            "/console/policies/propose", form.filter { field in !more.contains { $0.0 == field.0 } } + more + [("mark", mark)])
    }

    private func approve(_ console: ConsoleHouse, _ browser: Browser, _ name: String, reason: String = "read it") async throws -> Answer {
        let mark = try await browser.get("/console/policies").mark()
        let ask = try await console.house.store.asks(.policy, at: console.house.now).first { $0.name == name }
        let seal = try ask.map { try Self.seal($0.body) } ?? ""
        return try await browser.post(
            "/console/policies/approve", [("name", name), ("sha256", seal), ("reason", reason), ("mark", mark)])
    }

    /// What the form has of what it shows.
    private static func seal(_ ask: JSON) throws -> String {
        let bundle = try PolicyBundle(reading: Array(try #require(ask["bundle"]?.string).utf8))
        let act = try #require(ask["act"]?.string)
        return Hexadecimal.encode(Ticket.digest(of: act + " " + bundle.fingerprint + " " + (ask["at"]?.string ?? "now")))
    }

    /// A number has twelve digits, and who proposes chooses what it is the number of.
    @Test func `is approved as it was seen, and as nothing else under its number`() async throws {
        let console = try await ConsoleHouse()
        let first = try await console.officer("suzuki", "hanako", [.policyOfficer])
        let second = try await console.officer("tanaka", "taro", [.policyOfficer])
        _ = try await propose(console, first)
        let ask = try #require(try await console.house.store.asks(.policy, at: console.house.now).first)
        let page = try await second.get("/console/policies")
        let seal = try #require(page.between("name=\"sha256\" value=\"", "\""))
        #expect(seal == (try Self.seal(ask.body)) && seal.hasPrefix(ask.name))
        for other in ["", ask.name, String(seal.dropLast()) + (seal.hasSuffix("0") ? "1" : "0")] {
            let form = [("name", ask.name), ("sha256", other), ("reason", "read it"), ("mark", try page.mark())]
            #expect(try await second.post("/console/policies/approve", form).location?.hasSuffix("done=gone") == true)
        }
        #expect(console.orders.all.isEmpty)
        #expect(try await approve(console, second, ask.name).location?.hasSuffix("done=decides") == true)
    }

    @Test func `of the folder is signed as it was shown, and shown before it is signed`() async throws {
        let console = try await ConsoleHouse()
        let first = try await console.officer("suzuki", "hanako", [.policyOfficer])
        let draft = try await first.get("/console/policies/draft")
        #expect(draft.status == 200 && draft.text.has("id=\"difference\""))
        let page = try await first.get("/console/policies")
        let seen = try #require(page.between("name=\"draft\" value=\"", "\""))
        #expect(draft.text.has(seen))
        let text = try console.read("Policies/administration.yaml")
        try console.write("Policies/administration.yaml", "# changed meanwhile\n" + text)
        #expect(try await propose(console, first, [("draft", seen)]).status == 400)
        #expect(try await propose(console, first).location?.hasSuffix("done=proposed") == true)
    }

    @Test func `is approved by whoever proposes the same, and one officer has one proposal`() async throws {
        let console = try await ConsoleHouse()
        let first = try await console.officer("suzuki", "hanako", [.policyOfficer])
        let second = try await console.officer("tanaka", "taro", [.policyOfficer])
        #expect(try await propose(console, first).location?.hasSuffix("done=proposed") == true)
        #expect(try await propose(console, first).location?.hasSuffix("done=proposed") == true, "a second press")
        #expect(try await propose(console, first, [("act", "shadow")]).status == 400, "the first one is not lost unsaid")
        #expect(try await console.house.store.asks(.policy, at: console.house.now).count == 1)
        #expect(try await propose(console, second).location?.hasSuffix("done=decides") == true)
        #expect(console.orders.all.map(\.by) == ["suzuki, tanaka"])
    }

    @Test func `is put in force by a second press where the last step failed`() async throws {
        let console = try await ConsoleHouse()
        let first = try await console.officer("suzuki", "hanako", [.policyOfficer])
        let second = try await console.officer("tanaka", "taro", [.policyOfficer])
        _ = try await propose(console, first)
        let ask = try #require(try await console.house.store.asks(.policy, at: console.house.now).first)
        console.orders.fail(with: [Problem(file: "State", code: "disk", message: "no room", remedy: "make room")])
        #expect(try await approve(console, second, ask.name).status == 400)
        #expect(try await second.get("/console/policies").text.has("もう一度有効にする"))
        console.orders.fail(with: [])
        #expect(try await approve(console, first, ask.name).location?.hasSuffix("done=decides") == true)
        #expect(console.orders.all.map(\.by) == ["suzuki, tanaka", "suzuki, tanaka"])
        #expect(try await console.house.events().count { $0 == "console.policy-approved" } == 1)
    }

    @Test func `is proposed by one officer and approved by another, whose words are attested`() async throws {
        let console = try await ConsoleHouse()
        let first = try await console.officer("suzuki", "hanako", [.policyOfficer])
        let second = try await console.officer("tanaka", "taro", [.policyOfficer])
        #expect(try await propose(console, first).location?.hasSuffix("done=proposed") == true)
        let ask = try #require(try await console.house.store.asks(.policy, at: console.house.now).first)
        #expect(try await approve(console, first, ask.name).status == 400, "the same officer counts once")
        #expect(console.orders.all.isEmpty)
        #expect(try await approve(console, second, ask.name, reason: " ").status == 400, "no reason")
        #expect(try await approve(console, second, ask.name).location?.hasSuffix("done=decides") == true)
        #expect(try await approve(console, second, ask.name).location?.hasSuffix("done=gone") == true, "a double click")
        let order = try #require(console.orders.all.first)
        #expect(console.orders.all.count == 1 && order.act == .activate && order.by == "suzuki, tanaka")
        let officers = console.house.platform.configuration.current.officers
        let signers = try order.bundle.signers(officers, atLeast: 2, at: console.house.now)
        #expect(signers.map(\.officer.id) == ["suzuki", "tanaka"])
        #expect(signers.allSatisfy { $0.login != nil })
        // Without the console's public key none of it counts.
        #expect(throws: OfficerRefusal.self) { try order.bundle.signers(Officers(officers.all), atLeast: 2, at: console.house.now) }
        for event in ["console.policy-proposed", "console.policy-approved", "console.policy-carried-out"] {
            #expect(try await console.house.events().count { $0 == event } == 1, "\(event)")
        }
    }

    @Test func `that two officers let be tried has no signature by which it could decide`() async throws {
        let console = try await ConsoleHouse()
        let first = try await console.officer("suzuki", "hanako", [.policyOfficer])
        let second = try await console.officer("tanaka", "taro", [.policyOfficer])
        _ = try await propose(console, first, [("act", "shadow")])
        let ask = try #require(try await console.house.store.asks(.policy, at: console.house.now).first)
        #expect(try await approve(console, second, ask.name).location?.hasSuffix("done=decides") == true)
        let order = try #require(console.orders.all.first)
        let officers = console.house.platform.configuration.current.officers
        #expect(order.act == .shadow)
        #expect(throws: OfficerRefusal.self) { try order.bundle.signers(officers, atLeast: 1, at: console.house.now) }
        // Nor by putting what they signed into the bundle's file by hand.
        let forged = ask.signed.compactMap { try? SignedChange(reading: $0) }.reduce(order.bundle) { $0.adding($1) }
        #expect(throws: OfficerRefusal.self) { try forged.signers(officers, atLeast: 1, at: console.house.now) }
    }

    @Test func `does not begin in the past, goes back only to what decided, and wants a reason`() async throws {
        let console = try await ConsoleHouse()
        let first = try await console.officer("suzuki", "hanako", [.policyOfficer])
        for wrong in [
            ("at", "2020-01-01"), ("at", "tomorrow"), ("act", "rollback"), ("act", "burn"), ("bundle", "../../etc"), ("reason", ""),
            ("bundle", "0123456789abcdef.0123456789abcdef.bundle"),
        ] {
            #expect(try await propose(console, first, [wrong]).status == 400, "\(wrong)")
        }
        let kept = try await propose(console, first, [("at", "2020-01-01"), ("act", "shadow"), ("reason", "board <of> today")])
        #expect(kept.text.has("value=\"2020-01-01\"") && kept.text.has("value=\"board &lt;of&gt; today\""), "nothing typed is lost (H7)")
        #expect(kept.text.has("value=\"shadow\" checked"), "\(kept.text)")
        #expect(try await console.house.store.asks(.policy, at: console.house.now).isEmpty)
        #expect(try await propose(console, first, [("at", "2026-12-01")]).status == 303)
    }

    @Test func `is shown with its tests, and taken back by a policy officer`() async throws {
        let console = try await ConsoleHouse()
        let first = try await console.officer("suzuki", "hanako", [.policyOfficer])
        _ = try await propose(console, first)
        let ask = try #require(try await console.house.store.asks(.policy, at: console.house.now).first)
        let page = try await first.get("/console/policies")
        #expect(page.text.has(ask.name) && page.text.has(console.house.world.configuration.policy.version))
        let shown = try #require(page.between("href=\"/console/policies/", "\""), "\(page.text)")
        let version = try await first.get("/console/policies/" + shown)
        #expect(version.status == 200 && version.text.has("id=\"difference\""), "what waits can be read before it is approved")
        #expect(try await first.get("/console/policies/0123456789abcdef.0123456789abcdef.bundle").status == 303)
        let mark = try page.mark()
        #expect(
            try await first.post("/console/policies/reject", [("name", ask.name), ("mark", mark)]).location?.hasSuffix("done=rejected")
                == true)
        #expect(try await console.house.store.asks(.policy, at: console.house.now).isEmpty)
    }
}
