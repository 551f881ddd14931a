import Testing
import Upkeep
import Vocabulary

/// Two keepers on one folder stand for two nodes; a mirror may show each of them another list. RFC 5280 §5.2.3.
@Suite struct `Nodes that keep lists in one folder` {
    private static let path = "/a.crl"

    /// Two nodes that have what the server has now.
    private static func nodes(_ base: String, _ own: ListAuthority) async -> (world: ListWorld, first: ListKeeper, second: ListKeeper) {
        let world = ListWorld([.url(base + path)], [own])
        let turns = ListTurns(world.folder + ".turn")
        let first = world.keeper(turns: turns), second = world.keeper(turns: turns)
        await first.open()
        await second.open()
        return (world, first, second)
    }

    private static func shelved(_ world: ListWorld) -> [String?] { ListShelf(in: world.disk).records.map(\.facts.number) }

    @Test func `are not led back by the one that is behind`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            let old = try own.list(9)
            server.put(Self.path, old)
            let (world, first, second) = await Self.nodes(base, own)
            try #require(first.numbers == ["09"] && second.numbers == ["09"])
            world.pass(seconds: 3600)
            let new = try own.list(10, at: world.now)
            server.put(Self.path, new)
            await first.turn()
            #expect(first.numbers == ["0a"] && Self.shelved(world) == ["0a"])
            // The mirror of the second one lags, and that is nobody's attack.
            server.put(Self.path, old)
            await second.turn()
            #expect(server.asked.count == 3 && second.numbers == ["09"] && second.gauge?.failure == nil)
            #expect(Self.shelved(world) == ["0a"])
            // The first one knew better.
            world.pass(seconds: 3600)
            await first.turn()
            #expect(first.numbers == ["0a"] && first.gauge?.failure == "list.number-back")
            #expect(Self.shelved(world) == ["0a"])
            // Another node's list is taken when it comes, and a restart has it.
            server.put(Self.path, new)
            await second.turn()
            #expect(second.numbers == ["0a"] && second.gauge?.failure == nil)
            let again = world.keeper()
            await again.open()
            #expect(again.numbers == ["0a"])
        }
    }

    @Test func `judge a list against the newest that any of them has`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            server.put(Self.path, try own.list(9))
            let (world, first, second) = await Self.nodes(base, own)
            world.pass(seconds: 3600)
            server.put(Self.path, try own.list(11, at: world.now))
            await first.turn()
            // Newer than the second one's own, older than the first one's.
            server.put(Self.path, try own.list(10, at: world.now.adding(seconds: -60)))
            await second.turn()
            #expect(second.numbers == ["09"] && second.gauge?.failure == "list.number-back")
            #expect(first.numbers == ["0b"] && Self.shelved(world) == ["0b"])
        }
    }
}
