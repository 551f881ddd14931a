import SAML
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary

@Suite struct `A query service in trouble` {
    private static func id(_ number: Int) -> String { "https://sp\(number).example/metadata" }
    private static func path(_ number: Int) -> String { "/entities/https%3A%2F%2Fsp\(number).example%2Fmetadata" }

    private static func document(_ number: Int) throws -> [UInt8] {
        var entity = Registrar.entity(number)
        entity.validUntil = ListWorld.start.adding(seconds: 24 * 3600)
        return try Registrar.shared.single(entity)
    }

    private static func learn(_ keeper: SourceKeeper, _ number: Int) async -> ServiceProvider? {
        guard let issuer = MemberID(id(number)) else { return nil }
        await Federation().following(keeper.members).learn(issuer)
        return keeper.provider(id(number))
    }

    @Test func `is left alone for a while, and is asked one thing before all others`() async throws {
        try await ListServer.serving { server, origin in
            let world = MetadataWorld(["mdq": MetadataWorld.query(origin, "refresh: {every: 1h}")])
            let keeper = world.keeper()
            await keeper.open(within: 1)
            for number in 1...6 {
                server.put(Self.path(number), try Self.document(number))
                #expect(await Self.learn(keeper, number) != nil)
                server.put(Self.path(number), ListServer.Page(status: 500))
            }
            world.pass(seconds: 3600)
            for _ in 0..<2 {
                await keeper.turn()
                #expect(server.asked.count == 10 && keeper.gauge?.failures == 4)
            }
            world.pass(seconds: 16)
            await keeper.turn()
            #expect(server.asked.count == 11)
            // By order of the operator at once.
            _ = await keeper.perform(MetadataOrder(source: "mdq", act: .refresh, why: "it is back, they say"))
            #expect(server.asked.count == 12)
            for number in 1...6 { server.put(Self.path(number), try Self.document(number)) }
            world.pass(seconds: 320)
            await keeper.turn()
            #expect(server.asked.count == 18)
            #expect(keeper.gauge?.failures == 0 && keeper.gauge?.failure == nil)
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `holds up neither orders nor changed settings when it hangs, and is asked one thing at a time`() async throws {
        try await ListServer.serving { server, origin in
            server.put("/all", try Registrar.shared.aggregate([Registrar.entity(2)]))
            server.put(Self.path(1), try Self.document(1))
            let world = MetadataWorld([
                "fed": MetadataWorld.url(origin + "/all"), "mdq": MetadataWorld.query(origin, "refresh: {every: 1h}"),
            ])
            let keeper = world.keeper()
            await keeper.open(within: 60)
            #expect(keeper.provider(Self.id(2)) != nil)
            #expect(await Self.learn(keeper, 1) != nil)
            server.put(Self.path(1), ListServer.Page(isSlow: true))
            world.pass(seconds: 3600)
            let running = Task { try await keeper.run() }
            func asked() -> Int { server.asked.count { $0.path == Self.path(1) } }
            while asked() < 2 { try await Task.sleep(for: .milliseconds(20)) }
            // It hangs from here on, for a minute.
            let box = OrderBox(in: world.disk)
            try box.put(MetadataOrder(source: "fed", act: .refresh, why: "asked"), named: "a")
            var answer: OrderAnswer?
            while answer == nil {
                answer = box.answer(to: "a")
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(answer?.isDone == true)
            world.change("fed", nil)
            while keeper.provider(Self.id(2)) != nil { try await Task.sleep(for: .milliseconds(20)) }
            #expect(asked() == 2)
            running.cancel()
            try await running.value
        }
    }
}
