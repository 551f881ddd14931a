import SAML
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary

/// What was set by a clock that was hours ahead for a moment does not hold when it is right again: nothing is put off for those hours.
@Suite struct `A clock that was ahead` {
    private static let ahead: Int64 = 3 * 3_600
    private static let list = "/a.crl"

    @Test func `puts off no list`() async throws {
        let authority = try ListAuthority()
        try await ListServer.serving { server, base in
            server.put(Self.list, try authority.list(10), etag: "\"10\"")
            let world = ListWorld([.url(base + Self.list)], [authority])
            let keeper = world.keeper()
            await keeper.open()
            world.pass(seconds: Self.ahead)
            await keeper.turn()
            #expect(server.asked.count == 2)
            world.pass(seconds: -Self.ahead)
            await keeper.turn()
            #expect(server.asked.count == 3)
            await keeper.turn()
            #expect(server.asked.count == 3, "from now on by the right clock")
        }
    }

    @Test func `puts off no list after a restart`() async throws {
        let authority = try ListAuthority()
        try await ListServer.serving { server, base in
            server.put(Self.list, try authority.list(10), etag: "\"10\"")
            let world = ListWorld([.url(base + Self.list)], [authority])
            world.pass(seconds: Self.ahead)
            await world.keeper().open()
            world.pass(seconds: -Self.ahead)
            let keeper = world.keeper()
            await keeper.open()
            #expect(keeper.numbers == ["0a"] && server.asked.count == 1)
            await keeper.turn()
            #expect(server.asked.count == 2)
        }
    }

    @Test func `puts off no source of metadata`() async throws {
        try await ListServer.serving { server, origin in
            server.put("/all", try Registrar.shared.aggregate([Registrar.entity(1)]), etag: "\"1\"")
            let world = MetadataWorld(["fed": MetadataWorld.url(origin + "/all", "refresh: {every: 1h}")])
            let keeper = world.keeper()
            await keeper.turn()
            world.pass(seconds: Self.ahead)
            await keeper.turn()
            #expect(server.asked.count == 2)
            world.pass(seconds: -Self.ahead)
            await keeper.turn()
            #expect(server.asked.count == 3)
            await keeper.turn()
            #expect(server.asked.count == 3, "from now on by the right clock")
        }
    }

    @Test func `puts off no entity of a query service, nor the next question for one that nobody knew`() async throws {
        try await ListServer.serving { server, origin in
            let (known, unknown) = ("https://sp1.example/metadata", "https://sp2.example/metadata")
            func path(_ number: Int) -> String { "/entities/https%3A%2F%2Fsp\(number).example%2Fmetadata" }
            func document(_ number: Int) throws -> [UInt8] {
                var entity = Registrar.entity(number)
                entity.validUntil = ListWorld.start.adding(seconds: 86_400)
                return try Registrar.shared.single(entity)
            }
            server.put(path(1), try document(1))
            let world = MetadataWorld(["mdq": MetadataWorld.query(origin, "refresh: {every: 1h}")])
            let keeper = world.keeper()
            await keeper.open(within: 1)
            func learn(_ id: String) async throws {
                await Federation().following(keeper.members).learn(try #require(MemberID(id)))
            }
            try await learn(known)
            #expect(keeper.provider(known) != nil && server.asked.count == 1)
            world.pass(seconds: Self.ahead)
            await keeper.turn()
            try await learn(unknown)
            #expect(keeper.provider(unknown) == nil && server.asked.count == 3)
            world.pass(seconds: -Self.ahead)
            await keeper.turn()
            #expect(server.asked.count == 4)
            server.put(path(2), try document(2))
            try await learn(unknown)
            #expect(keeper.provider(unknown) != nil && server.asked.count == 5)
            await keeper.turn()
            #expect(server.asked.count == 5, "from now on by the right clock")
        }
    }
}
