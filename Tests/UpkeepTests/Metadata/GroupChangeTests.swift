import SAML
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary

/// What a document says of all its entities at once.
@Suite struct `A change of what a group says of its members` {
    private static let one = "https://sp1.example/metadata"
    private static let two = "https://sp2.example/metadata"
    private static let held = "changes: {policy: held-for-approval, hold: [attributes, registration]}"
    private static let category = "http://macedir.org/entity-category"

    /// The end of the document of a step, a day after that of the one before.
    private static func end(_ step: Int) -> Timestamp { ListWorld.start.adding(seconds: Int64(7 + step) * 86_400) }

    /// Serves one document after the other, the same but for its group, and looks at each.
    private static func walk(
        _ more: String, _ groups: [String], _ body: @escaping @Sendable (Int, MetadataWorld, SourceKeeper) async throws -> Void
    ) async throws {
        let documents = try groups.enumerated().map { step, group in
            try Registrar.shared.aggregate(
                [Registrar.entity(1), Registrar.entity(2)], validUntil: end(step), authority: "https://\(group).example",
                categories: ["urn:\(group)"])
        }
        try await ListServer.serving { server, origin in
            let world = MetadataWorld(["fed": MetadataWorld.url(origin + "/all", more)])
            let keeper = world.keeper()
            for (step, document) in documents.enumerated() {
                server.put("/all", document)
                await keeper.turn()
                try await body(step, world, keeper)
                world.pass(seconds: 6 * 3600)
            }
        }
    }

    /// By the registrar and the category that are in use.
    private static func group(_ keeper: SourceKeeper, _ id: String) -> String? {
        guard let provider = keeper.provider(id), let authority = provider.registrationAuthority else { return nil }
        let name = authority.dropFirst("https://".count).prefix(1)
        return provider.entityAttributes[category] == ["urn:\(name)"] ? String(name) : nil
    }

    private static func events(_ world: MetadataWorld, _ event: ChangeJournal.Entry.Event) -> Int {
        world.reading.journal.read(most: 50) { $0.event == event }.count
    }

    private static func accept(_ keeper: SourceKeeper, _ entities: [String]) async -> Bool {
        await keeper.perform(MetadataOrder(source: "fed", act: .accept(entities), why: "looked")).isDone
    }

    @Test func `is held refresh after refresh until it is accepted, under the end of the newest document`() async throws {
        try await Self.walk(Self.held, ["a", "b", "b", "b"]) { step, world, keeper in
            #expect(keeper.provider(Self.one)?.validUntil == Self.end(step))
            #expect(Self.group(keeper, Self.two) == "a")
            #expect(Self.group(keeper, Self.one) == (step < 3 ? "a" : "b"))
            guard step > 0 else { return }
            #expect(keeper.gauge?.held == (step < 3 ? 2 : 1))
            #expect(Self.events(world, .held) == 2, "told once")
            let waiting = world.reading.waiting(try #require(world.sources.first))
            #expect(waiting.map(\.entity) == (step < 3 ? [Self.one, Self.two] : [Self.two]))
            #expect(
                waiting.last?.changes.map(\.line) == [
                    "- entity attribute \(Self.category) = urn:a", "+ entity attribute \(Self.category) = urn:b",
                    "- registered by https://a.example", "+ registered by https://b.example",
                ])
            let again = MetadataWorld(["fed": MetadataWorld.url("http://127.0.0.1:1/all", Self.held)], folder: world.folder).keeper()
            await again.open(within: 1)
            #expect(Self.group(again, Self.two) == "a")
            switch step {
            case 2:
                #expect(await Self.accept(keeper, [Self.one]))
                #expect(Self.group(keeper, Self.one) == "b" && Self.group(keeper, Self.two) == "a")
            case 3:
                #expect(await Self.accept(keeper, [Self.one]) == false)
                #expect(await Self.accept(keeper, []))
                #expect(Self.group(keeper, Self.two) == "b" && keeper.gauge?.held == 0)
                #expect(Self.events(world, .accepted) == 2)
            default: break
            }
        }
    }

    @Test func `that takes itself back needs no approval`() async throws {
        try await Self.walk(Self.held, ["a", "b", "a"]) { step, _, keeper in
            #expect(Self.group(keeper, Self.one) == "a")
            #expect(keeper.gauge?.held == (step == 1 ? 2 : 0))
        }
    }

    @Test func `is told again when it becomes another while it waits`() async throws {
        try await Self.walk(Self.held, ["a", "b", "c", "c"]) { step, world, keeper in
            #expect(Self.group(keeper, Self.one) == "a")
            #expect(Self.events(world, .held) == min(step, 2) * 2)
        }
    }

    @Test(arguments: ["", "changes: {policy: held-for-approval}"])
    func `takes effect at once where the policy does not hold it, and is written down`(more: String) async throws {
        try await Self.walk(more, ["a", "b"]) { step, world, keeper in
            #expect(Self.group(keeper, Self.one) == (step == 0 ? "a" : "b"))
            #expect(keeper.gauge?.held == 0)
            #expect(Self.events(world, .taken) == step * 2)
        }
    }
}
