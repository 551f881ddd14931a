import SAML
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary

@Suite struct `A member of several metadata sources` {
    private static let one = "https://sp1.example/metadata"
    private static let path = "/entities/https%3A%2F%2Fsp1.example%2Fmetadata"
    private static let day: Int64 = 86_400

    private static func entity(_ state: String) -> Registrar.Entity {
        var entity = Registrar.entity(1)
        entity.acs = "https://sp1.example/\(state)"
        return entity
    }

    private static func document(_ state: String, days: Int64) throws -> [UInt8] {
        try Registrar.shared.aggregate([entity(state)], validUntil: ListWorld.start.adding(seconds: days * day))
    }

    /// Which state of it is in use.
    private static func state(_ keeper: SourceKeeper) -> String? {
        keeper.provider(one)?.consumers.first.map { String($0.location.split(separator: "/").last ?? "") }
    }

    private static func serve(
        _ body: @escaping @Sendable (ListServer, MetadataWorld, SourceKeeper) async throws -> Void
    ) async throws {
        try await ListServer.serving { server, origin in
            server.put("/a", try document("a", days: 2))
            server.put("/b", try document("b", days: 5))
            let world = MetadataWorld(["a": MetadataWorld.url(origin + "/a"), "b": MetadataWorld.url(origin + "/b")])
            let keeper = world.keeper()
            await keeper.turn()
            try await body(server, world, keeper)
        }
    }

    @Test func `is what the first says until its end, and then what the next one says`() async throws {
        try await Self.serve { server, world, keeper in
            #expect(Self.state(keeper) == "a")
            world.pass(seconds: 3 * Self.day)
            #expect(Self.state(keeper) == "b")
            #expect(Self.state(keeper) == "b")
            server.put("/a", try Self.document("c", days: 9))
            await keeper.turn()
            #expect(Self.state(keeper) == "c")
        }
    }

    @Test func `is past its end where it is so in all of them, and is refused with that word`() async throws {
        try await Self.serve { server, world, keeper in
            world.pass(seconds: 6 * Self.day)
            for _ in 0..<2 {
                #expect(Self.state(keeper) == "a")
                #expect(try #require(keeper.provider(Self.one)?.validUntil) < world.now)
            }
            server.put("/b", try Self.document("d", days: 9))
            await keeper.turn()
            #expect(Self.state(keeper) == "d")
        }
    }

    @Test func `is shown to operators from the source that it is taken from`() async throws {
        try await Self.serve { _, world, _ in
            let id = try #require(MemberID(Self.one))
            for (days, source) in [(0, "a"), (3, "b"), (3, "a")] {
                world.pass(seconds: Int64(days) * Self.day)
                #expect(world.reading.find(id, in: world.sources, at: world.now)?.source == source)
            }
        }
    }

    @Test(arguments: [false, true])
    func `is asked for by a query when the others are past its end, and not before`(byArtifact: Bool) async throws {
        try await ListServer.serving { server, origin in
            server.put("/a", try Self.document("a", days: 2))
            let world = MetadataWorld(["a": MetadataWorld.url(origin + "/a"), "q": MetadataWorld.query(origin)])
            let keeper = world.keeper()
            await keeper.turn()
            let id = try #require(MemberID(Self.one)), federation = Federation().following(keeper.members)
            func learn() async {
                if byArtifact {
                    #expect(await federation.learn(artifactsFrom: Artifact.source(of: id)) == id)
                } else {
                    await federation.learn(id)
                }
            }
            func asked() -> Int { server.asked.count { $0.path == Self.path } }

            await learn()
            #expect(asked() == 0 && Self.state(keeper) == "a")
            world.pass(seconds: 3 * Self.day)
            await learn()
            #expect(asked() == 1 && Self.state(keeper) == "a", "nobody knows better")
            var entity = Self.entity("q")
            entity.validUntil = ListWorld.start.adding(seconds: 9 * Self.day)
            server.put(Self.path, try Registrar.shared.single(entity))
            world.pass(seconds: 301)
            for _ in 0..<2 {
                await learn()
                #expect(asked() == 2 && Self.state(keeper) == "q")
            }
        }
    }
}
