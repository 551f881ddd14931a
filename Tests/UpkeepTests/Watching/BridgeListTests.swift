import Cryptography
import SimulatedJPKI
import Testing
import Trust
import Upkeep
import Vocabulary

@Suite struct `A keeper of a bridge's lists` {
    @Test func `takes those of every authority that a path leads to, and no others`() async throws {
        try await ListServer.serving { server, base in
            let bridge = try Bridge(base: base, keys: try BridgeKeys(seed: [7]), at: ListWorld.start)
            for list in BridgeList.allCases { server.put("/" + list.rawValue, try bridge.list(list, at: ListWorld.start)) }
            let sources = BridgeList.allCases.map { ListSource.url(base + "/" + $0.rawValue) }
            let below = try (BridgeItem.intermediates + [.listMaker]).map { try bridge[$0] }
            let root = try bridge[.ministry1]
            let world = ListWorld(
                ListPlan(
                    sources: sources, anchors: [root], intermediates: below, rules: ListWorld.rules,
                    outbound: ListWorld.outbound()))
            let keeper = world.keeper()
            await keeper.open()
            let refused = keeper.gauges().filter { $0.failure != nil }.map { $0.source + " " + ($0.detail ?? "") }
            #expect(refused.isEmpty, "\(refused)")
            #expect(keeper.gauges().count { $0.state == .fresh } == BridgeList.allCases.count)
            #expect(keeper.gauges().count { $0.scope?.contains("other issuers too") == true } == 1)
            // Without what leads there, the anchor's own remain; the published ones are withdrawn by name.
            world.change { $0.with(intermediates: []) }
            await keeper.turn()
            let own = Set(keeper.gauges().filter { $0.state == .fresh }.map(\.source))
            #expect(own == [base + "/ministry-1-authorities", base + "/ministry-1-users"])
            #expect(Set(keeper.published.current.lists.map(\.issuer)) == [root])
        }
    }

    @Test func `withdraws those of authorities whose anchor is gone, and keeps those that another anchor vouches for`() async throws {
        try await ListServer.serving { server, base in
            let bridge = try Bridge(base: base, keys: try BridgeKeys(seed: [7]), at: ListWorld.start)
            for list in [BridgeList.bridgeAuthorities, .accreditedUsers] {
                server.put("/" + list.rawValue, try bridge.list(list, at: ListWorld.start))
            }
            let ministry = try bridge[.ministry1], accredited = try bridge[.accredited]
            let below = try [BridgeItem.ministryToBridge, .accreditedToBridge].map { try bridge[$0] }
            let world = ListWorld(
                ListPlan(
                    sources: [.url(base + "/bridge-authorities"), .url(base + "/accredited-users")], anchors: [ministry, accredited],
                    intermediates: below, rules: ListWorld.rules, outbound: ListWorld.outbound()))
            let keeper = world.keeper()
            await keeper.open()
            #expect(keeper.published.current.lists.count == 2)
            world.change { $0.with(anchors: [accredited]) }
            await keeper.turn()
            #expect(keeper.published.current.lists.count == 2, "the other cross certificate leads there too")
            let asked = server.asked.count
            world.change { $0.with(anchors: [ministry], intermediates: Array(below.dropFirst())) }
            await keeper.turn()
            #expect(keeper.published.current.lists.isEmpty)
            #expect(server.asked.count > asked)
            #expect(keeper.gauges().allSatisfy { $0.state == .absent && $0.isAlarm })
            world.change { $0.with(anchors: [ministry], intermediates: below) }
            await keeper.turn()
            #expect(keeper.published.current.lists.map(\.issuer) == [below[0]])
        }
    }

    @Test func `takes none of an authority whose path is over`() async throws {
        try await ListServer.serving { server, base in
            let bridge = try Bridge(base: base, keys: try BridgeKeys(seed: [7]), at: ListWorld.start)
            let root = try bridge[.ministry1], below = try bridge[.ministryToBridge]
            let world = ListWorld(
                ListPlan(
                    sources: [.url(base + "/bridge")], anchors: [root], intermediates: [below],
                    rules: ListWorld.rules, outbound: ListWorld.outbound()))
            let keeper = world.keeper()
            server.put("/bridge", try bridge.list(.bridgeAuthorities, at: ListWorld.start))
            await keeper.open()
            #expect(keeper.gauge?.state == .fresh)
            world.pass(seconds: below.notAfter.seconds(since: world.now) + 1)
            server.put("/bridge", try bridge.list(.bridgeAuthorities, at: world.now))
            await keeper.turn()
            #expect(keeper.gauge?.failure == "list.signer-path" && keeper.gauge?.state == .stale)
        }
    }
}
