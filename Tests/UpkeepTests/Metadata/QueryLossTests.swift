import SAML
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary

/// What a federation changes or takes back while a member is in use, or after its end.
@Suite struct `A member by query that changes or goes` {
    private static let one = "https://sp1.example/metadata"
    private static let held = "refresh: {every: 1h}\nchanges: {policy: held-for-approval}"
    private static let loss = "refresh: {every: 1h}\nchanges: {policy: held-for-approval, hold: [member]}"

    private static func path(_ number: Int = 1) -> String { "/entities/https%3A%2F%2Fsp\(number).example%2Fmetadata" }

    private static func document(_ number: Int = 1, acs: String? = nil, name: String? = nil, hours: Int64 = 24) throws -> [UInt8] {
        var entity = Registrar.entity(number)
        entity.validUntil = ListWorld.start.adding(seconds: hours * 3600)
        if let acs { entity.acs = acs }
        if let name { entity.name = name }
        return try Registrar.shared.single(entity)
    }

    private static func serve(
        _ more: String, _ body: @escaping @Sendable (ListServer, MetadataWorld, SourceKeeper) async throws -> Void
    ) async throws {
        try await ListServer.serving { server, origin in
            let world = MetadataWorld(["mdq": MetadataWorld.query(origin, more)])
            let keeper = world.keeper()
            await keeper.open(within: 1)
            try await body(server, world, keeper)
        }
    }

    private static func learn(_ keeper: SourceKeeper, _ id: String = one) async -> ServiceProvider? {
        guard let issuer = MemberID(id) else { return nil }
        await Federation().following(keeper.members).learn(issuer)
        return keeper.provider(id)
    }

    private static func turn(_ keeper: SourceKeeper, _ world: MetadataWorld, after seconds: Int64) async {
        world.pass(seconds: seconds)
        await keeper.turn()
    }

    private static func events(_ world: MetadataWorld) -> [ChangeJournal.Entry.Event] { world.reading.journal.read(most: 20).map(\.event) }

    private static func accept(_ keeper: SourceKeeper) async -> Bool {
        await keeper.perform(MetadataOrder(source: "mdq", act: .accept([one]), why: "looked")).isDone
    }

    // MARK: Past its end

    @Test(arguments: [false, true])
    func `a change that waits goes on waiting past the end of the state in use, which is refused`(afterRestart: Bool) async throws {
        try await Self.serve(Self.held) { server, world, keeper in
            server.put(Self.path(), try Self.document())
            #expect(await Self.learn(keeper) != nil)
            server.put(Self.path(), try Self.document(acs: "https://new.example/acs", hours: 72))
            await Self.turn(keeper, world, after: 3600)
            #expect(keeper.gauge?.held == 1)
            world.pass(seconds: 24 * 3600)
            let node = afterRestart ? world.keeper() : keeper
            await node.open(within: 1)
            await node.turn()
            #expect(await Self.learn(node) == nil)
            #expect(await Self.learn(node) == nil)
            #expect(server.asked.count == 3, "nor is it asked for at each request")
            #expect(node.gauge?.held == 1 && node.gauge?.failure == nil)
            #expect(Self.events(world) == [.held])
            #expect(await Self.accept(node))
            #expect(node.provider(Self.one)?.consumers.map(\.location) == ["https://new.example/acs"])
            #expect(Self.events(world) == [.held, .accepted])
            let change = try #require(world.reading.journal.read(most: 1).first)
            #expect(change.changes.map(\.subject) == [.address, .address])
        }
    }

    @Test func `a change that comes after the end of the state that was in use waits as well`() async throws {
        try await Self.serve(Self.held) { server, world, keeper in
            server.put(Self.path(), try Self.document())
            #expect(await Self.learn(keeper) != nil)
            server.put(Self.path(), try Self.document(acs: "https://new.example/acs", hours: 72))
            world.pass(seconds: 25 * 3600)
            #expect(await Self.learn(keeper) == nil)
            #expect(keeper.gauge?.held == 1)
            #expect(Self.events(world) == [.held])
            // It takes itself back, and needs nobody.
            server.put(Self.path(), try Self.document(hours: 72))
            world.pass(seconds: 301)
            #expect(await Self.learn(keeper)?.consumers.map(\.location) == ["https://sp1.example/acs"])
            #expect(keeper.gauge?.held == 0)
        }
    }

    @Test func `a member comes back after its end where nothing is different that waits`() async throws {
        try await Self.serve(Self.held) { server, world, keeper in
            server.put(Self.path(), try Self.document())
            #expect(await Self.learn(keeper) != nil)
            server.put(Self.path(), try Self.document(name: "Another name", hours: 72))
            world.pass(seconds: 25 * 3600)
            #expect(await Self.learn(keeper) != nil)
            #expect(keeper.member(Self.one)?.displayName == ["en": "Another name"])
            #expect(keeper.gauge?.held == 0)
            #expect(Self.events(world) == [.taken])
        }
    }

    @Test func `after its end a change takes effect at once under the policy automatic, and is written down`() async throws {
        try await Self.serve("") { server, world, keeper in
            server.put(Self.path(), try Self.document())
            #expect(await Self.learn(keeper) != nil)
            server.put(Self.path(), try Self.document(acs: "https://new.example/acs", hours: 72))
            world.pass(seconds: 25 * 3600)
            #expect(await Self.learn(keeper)?.consumers.map(\.location) == ["https://new.example/acs"])
            #expect(Self.events(world) == [.taken])
        }
    }

    // MARK: Not there any more

    @Test func `a member that the service does not know any more goes at the second such answer, until it is known again`() async throws {
        try await Self.serve("refresh: {every: 1h}\nquery: {negative: 60s}") { server, world, keeper in
            server.put(Self.path(), try Self.document())
            #expect(await Self.learn(keeper) != nil)
            server.put(Self.path(), ListServer.Page(status: 404))
            await Self.turn(keeper, world, after: 3600)
            #expect(keeper.provider(Self.one) != nil, "once may be a mistake on the way")
            await Self.turn(keeper, world, after: 300)
            #expect(keeper.provider(Self.one) == nil)
            #expect(await Self.learn(keeper) == nil)
            #expect(server.asked.count == 3, "who was told no does not ask at once")
            #expect(keeper.gauge?.entities == 0 && keeper.gauge?.failures == 0 && keeper.gauge?.failure == nil)
            #expect(world.disk.folder("mdq").names.isEmpty)
            let entry = try #require(world.reading.journal.read(most: 9).last)
            #expect(entry.event == .taken && entry.entity == Self.one)
            #expect(entry.changes.map(\.line) == ["- member \(Self.one)"])
            server.put(Self.path(), try Self.document())
            world.pass(seconds: 61)
            #expect(await Self.learn(keeper) != nil)
        }
    }

    /// Without a tag it comes anew in between, with one it is said to stand.
    @Test(arguments: [nil, "\"1\""] as [String?])
    func `one such answer takes nobody away, nor does a service in trouble`(etag: String?) async throws {
        try await Self.serve("refresh: {every: 1h}") { server, world, keeper in
            let document = try Self.document()
            server.put(Self.path(), document, etag: etag)
            #expect(await Self.learn(keeper) != nil)
            for _ in 0..<2 {
                server.put(Self.path(), ListServer.Page(status: 404))
                await Self.turn(keeper, world, after: 3600)
                server.put(Self.path(), document, etag: etag)
                await Self.turn(keeper, world, after: 300)
                #expect(keeper.provider(Self.one) != nil)
            }
            #expect(server.asked.last?.status == (etag == nil ? 200 : 304))
            server.put(Self.path(), ListServer.Page(status: 500))
            await Self.turn(keeper, world, after: 3600)
            await Self.turn(keeper, world, after: 300)
            #expect(keeper.provider(Self.one) != nil)
            #expect(keeper.gauge?.failures == 2)
            #expect(Self.events(world).isEmpty)
        }
    }

    @Test(arguments: [404, 500])
    func `members that are gone do not shut out new ones; a service in trouble rests`(status: Int) async throws {
        try await Self.serve("refresh: {every: 1h}") { server, world, keeper in
            for number in 1...5 {
                server.put(Self.path(number), try Self.document(number))
                #expect(await Self.learn(keeper, "https://sp\(number).example/metadata") != nil)
                server.put(Self.path(number), ListServer.Page(status: status))
            }
            await Self.turn(keeper, world, after: 3600)
            server.put(Self.path(6), try Self.document(6))
            let new = await Self.learn(keeper, "https://sp6.example/metadata")
            #expect((new != nil) == (status == 404))
            #expect(keeper.gauge?.failures == (status == 404 ? 0 : 4), "the fifth is not asked for while it rests")
        }
    }

    @Test(arguments: [nil, "\"1\""] as [String?])
    func `the loss of a member waits where the policy names members, until it is taken back or let through`(etag: String?) async throws {
        try await Self.serve(Self.loss) { server, world, keeper in
            let document = try Self.document()
            server.put(Self.path(), document, etag: etag)
            #expect(await Self.learn(keeper) != nil)
            server.put(Self.path(), ListServer.Page(status: 404))
            await Self.turn(keeper, world, after: 3600)
            #expect(keeper.gauge?.held == 0)
            for _ in 0..<2 { await Self.turn(keeper, world, after: 3600) }
            #expect(keeper.provider(Self.one) != nil && keeper.gauge?.held == 1)
            #expect(Self.events(world) == [.held], "told once")
            let waiting = world.reading.waiting(try #require(world.sources.first))
            #expect(waiting.map(\.entity) == [Self.one])
            #expect(waiting.flatMap(\.changes).map(\.line) == ["- member \(Self.one)"])

            server.put(Self.path(), document, etag: etag)
            await Self.turn(keeper, world, after: 3600)
            #expect(keeper.provider(Self.one) != nil && keeper.gauge?.held == 0)
            #expect(await Self.accept(keeper) == false)

            server.put(Self.path(), ListServer.Page(status: 404))
            for _ in 0..<2 { await Self.turn(keeper, world, after: 3600) }
            #expect(keeper.gauge?.held == 1)
            #expect(await Self.accept(keeper))
            #expect(await Self.learn(keeper) == nil)
            #expect(keeper.gauge?.held == 0)
            #expect(Self.events(world) == [.held, .held, .accepted])
        }
    }

    @Test func `a loss that was let through at one node is not held again at another, nor written down twice`() async throws {
        try await Self.serve(Self.loss) { server, world, keeper in
            server.put(Self.path(), try Self.document())
            let other = world.keeper()
            await other.open(within: 1)
            for node in [keeper, other] { #expect(await Self.learn(node) != nil) }
            server.put(Self.path(), ListServer.Page(status: 404))
            for _ in 0..<2 {
                await Self.turn(keeper, world, after: 3600)
                await other.turn()
            }
            #expect(keeper.gauge?.held == 1 && Self.events(world) == [.held])
            #expect(await Self.accept(keeper))
            #expect(other.provider(Self.one) != nil, "until it asks again")
            await Self.turn(other, world, after: 3600)
            #expect(other.provider(Self.one) == nil)
            #expect(other.gauge?.held == 0)
            #expect(Self.events(world) == [.held, .accepted])
        }
    }
}
