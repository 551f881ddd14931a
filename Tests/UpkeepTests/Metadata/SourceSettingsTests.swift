import SAML
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary

@Suite struct `Changed settings of a metadata source` {
    private static let one = "https://sp1.example/metadata"
    private static let two = "https://sp2.example/metadata"

    private static func document(_ seconds: Int64?, acs: String? = nil) throws -> [UInt8] {
        var entity = Registrar.entity(1)
        if let acs { entity.acs = acs }
        return try Registrar.shared.aggregate(
            [entity, Registrar.entity(2)], validUntil: seconds.map { ListWorld.start.adding(seconds: $0) })
    }

    /// A source in use, with settings that may change.
    private struct Stage: Sendable {
        let server: ListServer
        let origin: String
        let world: MetadataWorld
        let keeper: SourceKeeper

        func change(_ more: String) async {
            world.change("fed", MetadataWorld.url(origin + "/all", more))
            await keeper.turn()
        }

        /// What a process started now would have.
        func restarted() async -> SourceKeeper {
            let again = world.keeper()
            await again.open(within: 1)
            return again
        }
    }

    private static func serve(
        _ document: [UInt8], _ more: String = "", _ body: @escaping @Sendable (Stage) async throws -> Void
    ) async throws {
        try await ListServer.serving { server, origin in
            server.put("/all", document, etag: "\"1\"")
            let world = MetadataWorld(["fed": MetadataWorld.url(origin + "/all", more)])
            let stage = Stage(server: server, origin: origin, world: world, keeper: world.keeper())
            await stage.keeper.turn()
            #expect(stage.keeper.provider(Self.one) != nil)
            try await body(stage)
        }
    }

    // MARK: The end of a document

    @Test(arguments: [false, true])
    func `hold for the end of what is there already: what they allow no longer counts for nothing`(isMissing: Bool) async throws {
        let before = isMissing ? "valid-until: {required: false}" : ""
        let after = isMissing ? "valid-until: {required: true}" : "valid-until: {longest: 1d}"
        try await Self.serve(try Self.document(isMissing ? nil : 7 * 86_400), before) { stage in
            let keeper = stage.keeper
            await stage.change(after)
            #expect(keeper.provider(Self.one) == nil)
            #expect(keeper.gauge?.state == .absent && keeper.gauge?.isAlarm == true)
            #expect(keeper.gauge?.failure == (isMissing ? "metadata.valid-until.missing" : "metadata.valid-until.far"))
            #expect(stage.server.asked.map(\.status) == [200, 304], "it was asked for at once, and is the same")
            let again = await stage.restarted()
            #expect(again.provider(Self.one) == nil && again.gauge?.state == .absent)
            await again.turn()
            #expect(again.gauge?.failure == keeper.gauge?.failure)
            await stage.change(before)
            #expect(keeper.provider(Self.one) != nil)
            #expect(keeper.gauge?.state == .fresh && keeper.gauge?.failure == nil)
        }
    }

    @Test func `that the end of what is there satisfies take nothing away`() async throws {
        try await Self.serve(try Self.document(7 * 86_400)) { stage in
            await stage.change("valid-until: {longest: 8d}")
            #expect(stage.keeper.provider(Self.one) != nil && stage.keeper.gauge?.state == .fresh)
            let again = await stage.restarted()
            #expect(again.provider(Self.one) != nil)
        }
    }

    @Test func `let no change pass unseen with the next document, whose end they allow`() async throws {
        let held = "changes: {policy: held-for-approval}"
        try await Self.serve(try Self.document(7 * 86_400), held) { stage in
            let keeper = stage.keeper
            await stage.change(held + "\nvalid-until: {longest: 1d}")
            #expect(keeper.provider(Self.one) == nil)
            stage.server.put("/all", try Self.document(20 * 3600, acs: "https://new.example/acs"))
            stage.world.pass(seconds: 3600)
            await keeper.turn()
            #expect(keeper.provider(Self.one)?.consumers.map(\.location) == ["https://sp1.example/acs"])
            #expect(keeper.gauge?.held == 1 && keeper.gauge?.failure == nil)
        }
    }

    // MARK: Its rhythm

    @Test func `of its rhythm have it looked at now, and others do not`() async throws {
        try await Self.serve(try Self.document(7 * 86_400)) { stage in
            await stage.change("refresh: {every: 1h}")
            #expect(stage.server.asked.map(\.status) == [200, 304])
            await stage.change("refresh: {every: 1h}\nchanges: {generations: 2}")
            #expect(stage.server.asked.count == 2)
        }
    }

    // MARK: Several nodes

    private static let narrower = MetadataWorld.url("http://127.0.0.1:1/all", "take: {not-entities: ['\(two)']}")

    @Test(.timeLimit(.minutes(5)))
    func `are put into a shared index by the node in the chair alone, and hold at every node`() async throws {
        try await ListServer.serving { server, origin in
            server.put("/all", try Self.document(7 * 86_400))
            let world = MetadataWorld(["fed": MetadataWorld.url(origin + "/all")])
            let path = ListWorld.path()
            let first = FolderChair(path), second = FolderChair(path)
            #expect(first.isMine && !second.isMine)
            let node = world.keeper(chair: first), other = world.keeper(chair: second)
            await node.turn()
            let shelf = world.reading.shelf(try #require(world.sources.first))
            let before = try #require(shelf.record)
            world.change("fed", Self.narrower)
            await other.open(within: 1)
            #expect(shelf.record == before)
            #expect(other.gauge?.index == before.index)
            #expect(other.provider(Self.one) != nil && other.provider(Self.two) == nil)
            await node.turn()
            #expect(shelf.record?.index != before.index)
            let running = Task { try await other.run() }
            while other.gauge?.index != node.gauge?.index { try await Task.sleep(for: .milliseconds(20)) }
            running.cancel()
            try await running.value
            #expect(other.provider(Self.one) != nil && other.provider(Self.two) == nil)
        }
    }

    @Test(.timeLimit(.minutes(5))) func `are put into it by whoever has the chair next, where nobody has`() async throws {
        try await ListServer.serving { server, origin in
            server.put("/all", try Self.document(7 * 86_400))
            let world = MetadataWorld(["fed": MetadataWorld.url(origin + "/all")])
            let path = ListWorld.path()
            let other = world.keeper(chair: FolderChair(path))
            do {
                let first = FolderChair(path)
                #expect(first.isMine)
                await world.keeper(chair: first).turn()
                world.change("fed", Self.narrower)
                await other.open(within: 1)
                withExtendedLifetime(first) {}
            }
            let shelf = world.reading.shelf(try #require(world.sources.first))
            let before = try #require(shelf.record)
            #expect(other.gauge?.index == before.index)
            let running = Task { try await other.run() }
            while shelf.record == before { try await Task.sleep(for: .milliseconds(20)) }
            running.cancel()
            try await running.value
            #expect(other.gauge?.index != before.index && other.gauge?.index == shelf.record?.index)
        }
    }
}
