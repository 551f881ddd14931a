import Cryptography
import SAML
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary
import XML

@Suite struct `Metadata Query, checklist M7` {
    private static let one = "https://sp1.example/metadata"
    private static let path = "/entities/https%3A%2F%2Fsp1.example%2Fmetadata"

    private static func serve(
        _ more: String = "", _ body: @escaping @Sendable (ListServer, MetadataWorld, SourceKeeper) async throws -> Void
    ) async throws {
        try await ListServer.serving { server, origin in
            let world = MetadataWorld(["mdq": MetadataWorld.query(origin, more)])
            let keeper = world.keeper()
            await keeper.open(within: 1)
            try await body(server, world, keeper)
        }
    }

    private static func entity(_ number: Int = 1, acs: String? = nil, hours: Int64 = 24) -> Registrar.Entity {
        var entity = Registrar.entity(number)
        entity.validUntil = ListWorld.start.adding(seconds: hours * 3600)
        if let acs { entity.acs = acs }
        return entity
    }

    private static func learn(_ keeper: SourceKeeper, _ id: String = one) async -> ServiceProvider? {
        guard let issuer = MemberID(id) else { return nil }
        await Federation().following(keeper.members).learn(issuer)
        return keeper.provider(id)
    }

    @Test func `an unknown issuer is asked for once, and known from then on`() async throws {
        try await Self.serve { server, _, keeper in
            server.put(Self.path, try Registrar.shared.single(Self.entity()))
            #expect(keeper.provider(Self.one) == nil)
            #expect(await Self.learn(keeper)?.consumers.map(\.location) == ["https://sp1.example/acs"])
            #expect(await Self.learn(keeper) != nil)
            #expect(server.asked.map(\.path) == [Self.path])
            #expect(keeper.member(Self.one)?.displayName == ["en": "Service 1"])
        }
    }

    @Test func `a service that nobody has asked is not called fresh, and one that never answered is trouble`() async throws {
        try await Self.serve { server, world, keeper in
            #expect(keeper.gauge?.state == .unasked && keeper.gauge?.lastSuccess == nil)
            #expect(world.reading.gauges(world.sources, at: world.now).map(\.state) == [.unasked], "the command says the same")
            #expect(MetadataHealth(at: world.now, sources: keeper.gauges()).state == .ok, "nobody is refused by it")
            server.put(Self.path, try Registrar.shared.single(Self.entity()))
            #expect(await Self.learn(keeper) != nil)
            #expect(keeper.gauge?.state == .fresh)
            #expect(world.reading.gauges(world.sources, at: world.now).map(\.state) == [.fresh])
        }
        try await Self.serve { server, world, keeper in
            server.put(Self.path, .init(status: 503))
            #expect(await Self.learn(keeper) == nil)
            #expect(keeper.gauge?.state == .aging && keeper.gauge?.lastSuccess == nil)
            #expect(MetadataHealth(at: world.now, sources: keeper.gauges()).state == .degraded)
        }
    }

    @Test func `the next address is asked where one is in trouble, and only then`() async throws {
        try await ListServer.serving { first, one in
            try await ListServer.serving { second, two in
                let world = MetadataWorld(["mdq": MetadataWorld.query("[http://127.0.0.1:1, \(one), \(two)]")])
                let keeper = world.keeper()
                await keeper.open(within: 1)
                first.put(Self.path, .init(status: 503))
                second.put(Self.path, try Registrar.shared.single(Self.entity()))
                #expect(await Self.learn(keeper) != nil)
                #expect(first.asked.map(\.status) == [503] && second.asked.map(\.status) == [200])
                // That there is no such entity is an answer.
                #expect(await Self.learn(keeper, "https://sp2.example/metadata") == nil)
                #expect(first.asked.count == 2 && second.asked.count == 1)
            }
        }
    }

    @Test func `by order a member is looked at whether or not it is due`() async throws {
        try await Self.serve { server, world, keeper in
            server.put(Self.path, try Registrar.shared.single(Self.entity()))
            #expect(await Self.learn(keeper) != nil)
            server.put(Self.path, try Registrar.shared.single(Self.entity(acs: "https://sp1.example/other")))
            await keeper.turn()
            #expect(server.asked.count == 1)
            #expect(await keeper.perform(MetadataOrder(source: "mdq", act: .refresh, why: "a key changed")).isDone)
            #expect(keeper.provider(Self.one)?.consumers.map(\.location) == ["https://sp1.example/other"])
        }
    }

    @Test func `a service may want the name as a digest`() async throws {
        try await Self.serve("query: {by: sha1}") { server, _, keeper in
            let path = "/entities/%7Bsha1%7D" + Hexadecimal.encode(Digest.compute(.sha1, Array(Self.one.utf8)))
            server.put(path, try Registrar.shared.single(Self.entity()))
            #expect(await Self.learn(keeper) != nil)
            #expect(server.asked.map(\.path) == [path])
        }
    }

    private static let hashed =
        "/entities/%7Bsha1%7D" + Hexadecimal.encode(Digest.compute(.sha1, Array(one.utf8)))

    private static func source(_ id: String) throws -> [UInt8] { Artifact.source(of: try #require(MemberID(id))) }

    /// SAML Bindings §3.6.4.2: a SourceID is the SHA-1 of the entityID, and so is one of the names of an entity in the protocol.
    @Test func `the issuer of an artifact is found by its SourceID, once, and is a member from then on`() async throws {
        try await Self.serve { server, _, keeper in
            server.put(Self.hashed, try Registrar.shared.single(Self.entity()))
            let federation = Federation().following(keeper.members)
            #expect(federation.issuer(ofArtifactsFrom: try Self.source(Self.one)) == nil)
            #expect(await federation.learn(artifactsFrom: try Self.source(Self.one))?.text == Self.one)
            #expect(await federation.learn(artifactsFrom: try Self.source(Self.one))?.text == Self.one)
            #expect(server.asked.map(\.path) == [Self.hashed])
            #expect(keeper.provider(Self.one)?.consumers.map(\.location) == ["https://sp1.example/acs"])
            // Nobody asks by its name for who is known by now.
            #expect(await Self.learn(keeper) != nil)
            #expect(server.asked.count == 1)
        }
    }

    @Test func `a SourceID that is nobody's, of another, or is no digest gives nobody, and is not asked for again at once`() async throws {
        try await Self.serve("query: {negative: 60s}") { server, world, keeper in
            let federation = Federation().following(keeper.members)
            for _ in 0..<3 { #expect(await federation.learn(artifactsFrom: try Self.source(Self.one)) == nil) }
            #expect(server.asked.count == 1)
            // The metadata of another, and what another key signed.
            server.put(Self.hashed, try Registrar.shared.single(Self.entity(2)))
            world.pass(seconds: 61)
            #expect(await federation.learn(artifactsFrom: try Self.source(Self.one)) == nil)
            #expect(keeper.gauge?.failure?.hasPrefix("metadata.query.other-entity") == true)
            server.put(Self.hashed, try Registrar.shared.single(Self.entity(), signer: Registrar.other.key))
            world.pass(seconds: 61)
            #expect(await federation.learn(artifactsFrom: try Self.source(Self.one)) == nil)
            #expect(keeper.provider(Self.one) == nil && server.asked.count == 3)
            #expect(await federation.learn(artifactsFrom: []) == nil)
        }
    }

    @Test func `of many requests for one issuer one asks`() async throws {
        try await Self.serve { server, _, keeper in
            server.put(Self.path, try Registrar.shared.single(Self.entity()))
            let known = await withTaskGroup(of: Bool.self) { group in
                for _ in 0..<50 { group.addTask { await Self.learn(keeper) != nil } }
                var count = 0
                for await isKnown in group where isKnown { count += 1 }
                return count
            }
            #expect(known == 50)
            #expect(server.asked.count == 1)
        }
    }

    @Test func `an entity that nobody knows is not asked for again for a while`() async throws {
        try await Self.serve("query: {negative: 60s}") { server, world, keeper in
            #expect(await Self.learn(keeper) == nil)
            #expect(await Self.learn(keeper) == nil)
            #expect(server.asked.count == 1)
            server.put(Self.path, try Registrar.shared.single(Self.entity()))
            world.pass(seconds: 61)
            #expect(await Self.learn(keeper) != nil)
        }
    }

    @Test func `an answer counts only when it is signed, about the entity that was asked for, and in time`() async throws {
        let bad: [(String, [UInt8])] = [
            ("xml.signature", try Registrar.shared.single(Self.entity(), signer: Registrar.other.key)),
            ("metadata.query.other-entity", try Registrar.shared.single(Self.entity(2))),
            ("metadata.valid-until.past", try Registrar.shared.single(Self.entity(hours: -1))),
            ("metadata.valid-until.far", try Registrar.shared.single(Self.entity(hours: 24 * 40))),
            ("metadata.valid-until.missing", try Registrar.shared.single(Registrar.entity(1))),
            ("metadata.query.entity", try Registrar.shared.aggregate([Registrar.entity(1)])),
            ("metadata.query.entity", try Registrar.shared.single(Self.entity(acs: "http://sp1.example@evil/acs"))),
            ("", Registrar.tag(Self.entity()).canonicalBytes()), ("", Array("<html/>".utf8)),
        ]
        for (code, document) in bad {
            try await Self.serve { server, _, keeper in
                server.put(Self.path, document)
                #expect(await Self.learn(keeper) == nil)
                #expect(keeper.gauge?.failure?.hasPrefix(code) == true, "\(keeper.gauge?.failure ?? "none") for \(code)")
                // Nobody waits for it a second time.
                #expect(await Self.learn(keeper) == nil)
                #expect(server.asked.count == 1)
            }
        }
    }

    @Test(.timeLimit(.minutes(5)))
    func `a service whose answer never ends costs a request its time-out, and then none for a while`() async throws {
        try await Self.serve("query: {timeout: 1s}") { server, _, keeper in
            server.put(Self.path, ListServer.Page(isSlow: true))
            #expect(await Self.learn(keeper) == nil)
            #expect(await Self.learn(keeper) == nil)
            #expect(server.asked.count == 1, "the second does not ask")
        }
    }

    @Test func `what was learnt is there after a restart without network, until its end`() async throws {
        try await Self.serve { server, world, keeper in
            server.put(Self.path, try Registrar.shared.single(Self.entity()))
            _ = await Self.learn(keeper)
            let again = MetadataWorld(["mdq": MetadataWorld.query("http://127.0.0.1:1")], folder: world.folder)
            let other = again.keeper()
            await other.open(within: 1)
            #expect(other.provider(Self.one) != nil)
            again.pass(seconds: 25 * 3600)
            #expect(other.provider(Self.one) == nil)
        }
    }

    @Test func `a member that is in use is asked for anew when it is due, and its change is held where the policy says so`() async throws {
        try await Self.serve("refresh: {every: 1h}\nchanges: {policy: held-for-approval}") { server, world, keeper in
            server.put(Self.path, try Registrar.shared.single(Self.entity()))
            _ = await Self.learn(keeper)
            server.put(Self.path, try Registrar.shared.single(Self.entity(acs: "https://new.example/acs")))
            world.pass(seconds: 3600)
            await keeper.turn()
            #expect(keeper.provider(Self.one)?.consumers.map(\.location) == ["https://sp1.example/acs"])
            #expect(keeper.gauge?.held == 1)
            #expect(world.reading.waiting(try #require(world.sources.first)).map(\.entity) == [Self.one])
            #expect(await keeper.perform(MetadataOrder(source: "mdq", act: .accept([Self.one]), why: "looked")).isDone)
            #expect(keeper.provider(Self.one)?.consumers.map(\.location) == ["https://new.example/acs"])
            #expect(keeper.gauge?.held == 0)
        }
    }

    @Test func `what an operator let through at one node is not held again at another that remembers the state before`() async throws {
        try await Self.serve("refresh: {every: 1h}\nchanges: {policy: held-for-approval}") { server, world, keeper in
            server.put(Self.path, try Registrar.shared.single(Self.entity()))
            let other = world.keeper()
            await other.open(within: 1)
            for node in [keeper, other] { #expect(await Self.learn(node) != nil) }
            server.put(Self.path, try Registrar.shared.single(Self.entity(acs: "https://new.example/acs")))
            world.pass(seconds: 3600)
            await keeper.turn()
            #expect(keeper.gauge?.held == 1)
            #expect(await keeper.perform(MetadataOrder(source: "mdq", act: .accept([Self.one]), why: "looked")).isDone)
            #expect(other.provider(Self.one)?.consumers.map(\.location) == ["https://sp1.example/acs"], "until it asks again")
            await other.turn()
            #expect(other.provider(Self.one)?.consumers.map(\.location) == ["https://new.example/acs"])
            #expect(other.gauge?.held == 0 && keeper.gauge?.held == 0)
            // The next change waits at either.
            server.put(Self.path, try Registrar.shared.single(Self.entity(acs: "https://third.example/acs")))
            world.pass(seconds: 3600)
            await other.turn()
            #expect(other.provider(Self.one)?.consumers.map(\.location) == ["https://new.example/acs"])
            #expect(other.gauge?.held == 1)
        }
    }

    @Test func `an answer is asked for anew when its cacheDuration is over, before the hour of the settings`() async throws {
        try await Self.serve("refresh: {every: 6h, at-least: 10m}") { server, world, keeper in
            var entity = Self.entity()
            entity.cacheDuration = "PT30M"
            server.put(Self.path, try Registrar.shared.single(entity))
            _ = await Self.learn(keeper)
            world.pass(seconds: 600)
            await keeper.turn()
            #expect(server.asked.count == 1)
            world.pass(seconds: 1_260)
            await keeper.turn()
            #expect(server.asked.count == 2)
        }
    }

    @Test func `a name cannot become another path`() async throws {
        try await Self.serve { server, _, keeper in
            for name in ["../secret", "..", "a/b?c#d", "{sha1}x y"] { _ = await Self.learn(keeper, name) }
            // Nor a digest: whoever is denied by such a name would deny an artifact's issuer with it.
            #expect(server.asked.map(\.path) == ["/entities/..%2Fsecret", "/entities/a%2Fb%3Fc%23d"])
        }
    }

    @Test func `what the source may not give is not asked for`() async throws {
        try await Self.serve("take: {entities: ['https://good.example/*']}") { server, _, keeper in
            #expect(await Self.learn(keeper) == nil)
            #expect(server.asked.isEmpty)
        }
    }

    @Test func `memory is bounded`() async throws {
        try await Self.serve("query: {entities: 10}") { server, _, keeper in
            for number in 1...25 {
                server.put("/entities/https%3A%2F%2Fsp\(number).example%2Fmetadata", try Registrar.shared.single(Self.entity(number)))
                #expect(await Self.learn(keeper, "https://sp\(number).example/metadata") != nil)
            }
            #expect(keeper.gauge.map { $0.entities <= 10 } == true)
        }
    }
}
