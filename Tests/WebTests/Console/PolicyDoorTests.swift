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
        let mark = try await browser.get("/console/policies").mark()
        let form = [("bundle", "draft"), ("act", "activate"), ("reason", "board of 21 November")]
        return try await browser.post(
            "/console/policies/propose", form.filter { field in !more.contains { $0.0 == field.0 } } + more + [("mark", mark)])
    }

    private func approve(_ console: ConsoleHouse, _ browser: Browser, _ name: String, reason: String = "read it") async throws -> Answer {
        let mark = try await browser.get("/console/policies").mark()
        return try await browser.post("/console/policies/approve", [("name", name), ("reason", reason), ("mark", mark)])
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
