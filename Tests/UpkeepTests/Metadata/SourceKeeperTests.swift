import Cryptography
import Foundation
import SAML
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary
import XML

@Suite struct `Metadata from sources, checklist M6 to M12` {
    private static let one = "https://sp1.example/metadata"
    private static let two = "https://sp2.example/metadata"

    private static func serve(
        _ document: [UInt8], _ more: String = "", _ body: @escaping @Sendable (ListServer, MetadataWorld, SourceKeeper) async throws -> Void
    ) async throws {
        try await ListServer.serving { server, origin in
            server.put("/all", document, etag: "\"1\"")
            let world = MetadataWorld(["fed": MetadataWorld.url(origin + "/all", more)])
            try await body(server, world, world.keeper())
        }
    }

    @Test func `a signed aggregate's service providers are members, under the source's terms`() async throws {
        var idp = Registrar.entity(9)
        idp.isIdentityProvider = true
        try await Self.serve(try Registrar.shared.aggregate([Registrar.entity(1), Registrar.entity(2), idp])) { _, world, keeper in
            await keeper.turn()
            let provider = try #require(keeper.provider(Self.one))
            #expect(provider.consumers.map(\.location) == ["https://sp1.example/acs"])
            #expect(provider.validUntil == ListWorld.start.adding(seconds: 7 * 86_400))
            let member = try #require(keeper.member(Self.two))
            #expect(member.displayName == ["en": "Service 2"])
            #expect(member.kind == .privateVerifier)
            #expect(member.sector == Self.two)
            #expect(keeper.provider("https://sp9.example/metadata") == nil)
            #expect(keeper.provider("https://nobody.example") == nil)
            let gauge = try #require(keeper.gauge)
            #expect(gauge.state == .fresh && gauge.entities == 2 && gauge.documentEntities == 3 && gauge.left == ["role": 1])
            #expect(world.reading.health(at: world.now)?["state"]?.string == "ok")
        }
    }

    @Test func `what another key signed, what was changed on the way, and what nobody signed is refused, checklist A35`() async throws {
        let good = try Registrar.shared.aggregate([Registrar.entity(1)])
        let forged = try Registrar.shared.aggregate([Registrar.entity(2)], signer: Registrar.other.key)
        let changed = Array(
            String(decoding: good, as: UTF8.self).replacingOccurrences(of: "sp1.example/acs", with: "evil.example/acs").utf8)
        let unsigned = Array(
            "<md:EntitiesDescriptor xmlns:md=\"urn:oasis:names:tc:SAML:2.0:metadata\" validUntil=\"2026-11-25T00:00:00Z\"/>".utf8)
        for bad in [forged, changed, unsigned] {
            try await Self.serve(bad) { _, world, keeper in
                await keeper.turn()
                #expect(keeper.gauge?.state == .absent && keeper.gauge?.isAlarm == true)
                #expect(keeper.provider(Self.one) == nil && keeper.provider(Self.two) == nil)
            }
        }
        try await Self.serve(good) { server, world, keeper in
            await keeper.turn()
            for bad in [forged, changed, unsigned] {
                server.put("/all", bad)
                world.pass(seconds: 6 * 3600)
                await keeper.turn()
                #expect(keeper.provider(Self.one)?.consumers.first?.location == "https://sp1.example/acs")
                #expect(keeper.gauge?.state == .aging && keeper.gauge?.isAlarm == true)
            }
        }
    }

    @Test(arguments: [
        (nil as Int64?, "", "metadata.valid-until.missing"), (-60, "", "metadata.valid-until.past"),
        (40 * 86_400, "", "metadata.valid-until.far"), (nil, "valid-until: {required: false}", nil as String?),
        (40 * 86_400, "valid-until: {longest: 60d}", nil), (7 * 86_400, "", nil),
    ])
    func `validUntil is required, not past, not too far, IIP-MD04`(ahead: Int64?, more: String, code: String?) async throws {
        let document = try Registrar.shared.aggregate(
            [Registrar.entity(1)], validUntil: ahead.map { ListWorld.start.adding(seconds: $0) })
        try await Self.serve(document, more) { _, _, keeper in
            await keeper.turn()
            #expect(keeper.gauge?.failure == code)
            #expect((keeper.provider(Self.one) == nil) == (code != nil))
        }
    }

    @Test func `after validUntil members are refused, whatever the network says`() async throws {
        try await Self.serve(try Registrar.shared.aggregate([Registrar.entity(1)])) { server, world, keeper in
            await keeper.turn()
            server.put("/all", ListServer.Page(status: 500))
            world.pass(seconds: 6 * 86_400)
            await keeper.turn()
            #expect(keeper.gauge?.state == .aging)
            let until = try #require(keeper.provider(Self.one)?.validUntil)
            #expect(world.now < until)
            world.pass(seconds: 2 * 86_400)
            await keeper.turn()
            #expect(keeper.gauge?.state == .expired)
            // The proof of a request looks at this moment.
            #expect(try #require(keeper.provider(Self.one)?.validUntil) < world.now)
        }
    }

    @Test func `an older document of the publisher is not taken after a newer one`() async throws {
        @Sendable func document(_ hours: Int64, _ entity: Int) throws -> [UInt8] {
            try Registrar.shared.aggregate([Registrar.entity(entity)], published: ListWorld.start.adding(seconds: hours * 3600))
        }
        try await Self.serve(try document(-2, 1)) { server, world, keeper in
            await keeper.turn()
            server.put("/all", try document(-5, 2))
            world.pass(seconds: 6 * 3600)
            await keeper.turn()
            #expect(keeper.gauge?.failure == "metadata.older")
            #expect(keeper.provider(Self.one) != nil && keeper.provider(Self.two) == nil)
            server.put("/all", try document(-1, 2))
            world.pass(seconds: 6 * 3600)
            await keeper.turn()
            #expect(keeper.provider(Self.one) == nil && keeper.provider(Self.two) != nil)
        }
    }

    @Test func `a source is asked again when it is due, with what it said of its state`() async throws {
        try await Self.serve(try Registrar.shared.aggregate([Registrar.entity(1)], cache: "PT1H"), "refresh: {every: 6h, at-least: 10m}") {
            server, world, keeper in
            await keeper.turn()
            await keeper.turn()
            #expect(server.asked.map(\.status) == [200])
            world.pass(seconds: 3600)
            await keeper.turn()
            #expect(server.asked.map(\.status) == [200, 304])
            #expect(server.asked.last?.etag == "\"1\"")
            #expect(keeper.gauge?.state == .fresh)
        }
    }

    @Test func `several locations are tried in their order`() async throws {
        try await ListServer.serving { server, origin in
            server.put("/all", try Registrar.shared.aggregate([Registrar.entity(1)]))
            server.put("/moved", ListServer.Page(status: 404))
            let world = MetadataWorld(["fed": MetadataWorld.url("[\(origin)/moved, \(origin)/all]")])
            let keeper = world.keeper()
            await keeper.turn()
            #expect(server.asked.map(\.status) == [404, 200])
            #expect(keeper.provider(Self.one) != nil)
        }
    }

    @Test func `failures are spread out, and do not stop the others`() async throws {
        try await ListServer.serving { server, origin in
            server.put("/good", try Registrar.shared.aggregate([Registrar.entity(1)]))
            server.put("/bad", ListServer.Page(status: 503))
            let world = MetadataWorld(["bad": MetadataWorld.url(origin + "/bad"), "good": MetadataWorld.url(origin + "/good")])
            let keeper = world.keeper()
            await keeper.turn()
            #expect(keeper.provider(Self.one) != nil)
            for _ in 0..<6 {
                world.pass(seconds: 30)
                await keeper.turn()
            }
            let tries = server.asked.count { $0.path == "/bad" }
            #expect((2...4).contains(tries))
            #expect(keeper.gauges().first { $0.source == "bad" }?.failure == "metadata.fetch.status")
        }
    }

    @Test func `a start without any network has yesterday's members at once`() async throws {
        try await ListServer.serving { server, origin in
            server.put("/all", try Registrar.shared.aggregate([Registrar.entity(1)]))
            let world = MetadataWorld(["fed": MetadataWorld.url(origin + "/all")])
            await world.keeper().turn()
            let again = MetadataWorld(["fed": MetadataWorld.url("http://127.0.0.1:1/all")], folder: world.folder)
            let keeper = again.keeper()
            await keeper.open(within: 5)
            #expect(keeper.provider(Self.one) != nil)
            #expect(server.asked.count == 1)
        }
    }

    @Test func `a damaged index is made anew from the document, and none from other people's keys`() async throws {
        try await ListServer.serving { server, origin in
            server.put("/all", try Registrar.shared.aggregate([Registrar.entity(1)]))
            let world = MetadataWorld(["fed": MetadataWorld.url(origin + "/all")])
            await world.keeper().turn()
            let shelf = world.disk.folder("fed")
            let index = try #require(shelf.names.first { $0.hasSuffix(".index") })
            var bytes = try #require(try shelf.read(index, limit: 1 << 20))
            bytes[bytes.count / 2] ^= 1
            try shelf.write(index, bytes)
            let keeper = MetadataWorld(["fed": MetadataWorld.url("http://127.0.0.1:1/")], folder: world.folder).keeper()
            await keeper.open(within: 2)
            #expect(keeper.provider(Self.one) != nil)
            let other = MetadataWorld(
                ["fed": MetadataWorld.url("http://127.0.0.1:1/").replacingOccurrences(of: "registrar.pem", with: "other.pem")],
                folder: world.folder)
            let stranger = other.keeper()
            await stranger.open(within: 2)
            #expect(stranger.provider(Self.one) == nil)
            #expect(stranger.gauge?.isAlarm == true || stranger.gauge?.state == .absent)
        }
    }

    @Test func `filters choose by registrar, category and entityID`() async throws {
        var first = Registrar.entity(1), second = Registrar.entity(2), third = Registrar.entity(3)
        first.authority = "https://registrar.example"
        second.authority = "https://registrar.example"
        second.categories = ["http://refeds.org/category/research-and-scholarship"]
        third.categories = ["http://refeds.org/category/research-and-scholarship"]
        let document = try Registrar.shared.aggregate([first, second, third])
        func members(_ take: String) async throws -> [Int] {
            try await ListServer.serving { server, origin in
                server.put("/all", document)
                let keeper = MetadataWorld(["fed": MetadataWorld.url(origin + "/all", take)]).keeper()
                await keeper.turn()
                return (1...3).filter { keeper.provider("https://sp\($0).example/metadata") != nil }
            }
        }
        #expect(try await members("") == [1, 2, 3])
        #expect(try await members("take: {registration-authorities: ['https://registrar.example']}") == [1, 2])
        #expect(try await members("take: {not-registration-authorities: ['https://registrar.example']}") == [3])
        #expect(try await members("take: {entity-categories: ['http://refeds.org/category/research-and-scholarship']}") == [2, 3])
        #expect(
            try await members(
                "take: {registration-authorities: ['https://registrar.example'], entity-categories: ['http://refeds.org/category/research-and-scholarship']}"
            ) == [2])
        #expect(try await members("take: {entities: ['https://sp1.example/*']}") == [1])
        #expect(try await members("take: {not-entities: ['https://sp1.example/metadata']}") == [2, 3])
    }

    @Test func `a changed filter holds at once and needs no network`() async throws {
        try await Self.serve(try Registrar.shared.aggregate([Registrar.entity(1), Registrar.entity(2)])) { server, world, keeper in
            await keeper.turn()
            #expect(keeper.provider(Self.two) != nil)
            world.change(
                "fed", MetadataWorld.url("http://127.0.0.1:1/all", "take: {not-entities: ['\(Self.two)']}"))
            await keeper.turn()
            #expect(keeper.provider(Self.one) != nil && keeper.provider(Self.two) == nil)
            world.change("fed", nil)
            await keeper.turn()
            #expect(keeper.provider(Self.one) == nil)
        }
    }

    @Test func `an entity that cannot be used is left out and named; the others stay`() async throws {
        var bad = Registrar.entity(2)
        bad.acs = "javascript:alert(1)"
        var keyless = Registrar.entity(3)
        keyless.signed = true
        try await Self.serve(try Registrar.shared.aggregate([Registrar.entity(1), bad, keyless])) { _, world, keeper in
            await keeper.turn()
            #expect(keeper.provider(Self.one) != nil && keeper.provider(Self.two) == nil)
            #expect(keeper.gauge?.left == ["unusable": 2])
            let facts = try #require(world.reading.index(world.sources[0])?.facts)
            #expect(facts.unusable.map(\.code) == ["saml.metadata.endpoint", "saml.metadata.key"])
        }
    }

    @Test func `of two with one name in a document the first counts`() async throws {
        var impostor = Registrar.entity(1)
        impostor.acs = "https://evil.example/acs"
        try await Self.serve(try Registrar.shared.aggregate([Registrar.entity(1), impostor])) { _, _, keeper in
            await keeper.turn()
            #expect(keeper.provider(Self.one)?.consumers.map(\.location) == ["https://sp1.example/acs"])
            #expect(keeper.gauge?.left == ["repeated": 1])
        }
    }

    @Test func `a document beyond the source's size is refused`() async throws {
        try await Self.serve(try Registrar.shared.aggregate([Registrar.entity(1)]), "largest: 1024") { _, _, keeper in
            await keeper.turn()
            #expect(keeper.gauge?.failure == "metadata.fetch.too-large")
        }
    }

    @Test func `a file source is read when it changes`() async throws {
        let path = ListWorld.path() + ".xml"
        try Data(try Registrar.shared.aggregate([Registrar.entity(1)])).write(to: URL(fileURLWithPath: path))
        let text = "kind: file\nlocation: \(path)\nsigned-by: registrar.pem\nrefresh: {every: 60s}\n\(MetadataWorld.terms)"
        let world = MetadataWorld(["file": text])
        let keeper = world.keeper()
        await keeper.turn()
        #expect(keeper.provider(Self.one) != nil)
        try Data(try Registrar.shared.aggregate([Registrar.entity(2)])).write(to: URL(fileURLWithPath: path))
        world.pass(seconds: 60)
        await keeper.turn()
        #expect(keeper.provider(Self.one) == nil && keeper.provider(Self.two) != nil)
        try FileManager.default.removeItem(atPath: path)
        world.pass(seconds: 60)
        await keeper.turn()
        #expect(keeper.provider(Self.two) != nil && keeper.gauge?.failure == "metadata.file")
    }

    @Test func `an artifact's SourceID finds the member that made it, and nobody by chance`() async throws {
        try await Self.serve(try Registrar.shared.aggregate([Registrar.entity(1), Registrar.entity(2)])) { _, _, keeper in
            let id = try #require(MemberID(Self.one))
            #expect(keeper.members.issuer(ofArtifactsFrom: Artifact.source(of: id)) == nil)
            await keeper.turn()
            let federation = Federation().following(keeper.members)
            #expect(federation.issuer(ofArtifactsFrom: Artifact.source(of: id)) == id)
            let stranger = try #require(MemberID(Self.one + "/other"))
            #expect(federation.issuer(ofArtifactsFrom: Artifact.source(of: stranger)) == nil)
            // The first four bytes alone are no SourceID.
            let near = Array(Artifact.source(of: id).prefix(4)) + [UInt8](repeating: 0, count: 16)
            #expect(federation.issuer(ofArtifactsFrom: near) == nil)
            #expect(federation.issuer(ofArtifactsFrom: []) == nil)
        }
    }

    @Test func `members of the folder come before those of sources`() async throws {
        try await Self.serve(try Registrar.shared.aggregate([Registrar.entity(1)])) { _, _, keeper in
            await keeper.turn()
            let own = try Settings.source(
                reading: MetadataWorld.url("https://x.example").replacingOccurrences(of: "private-verifier", with: "ministry"),
                named: "own", beside: { _ in Registrar.shared.pem }, development: true)
            let bytes = Registrar.tag(Registrar.entity(1)).canonicalBytes()
            let registration = try #require(own.registration(of: try MetadataEntity.read(bytes)))
            let federation = Federation([registration]).following(keeper.members)
            let id = try #require(MemberID(Self.one))
            #expect(federation.member(id)?.kind == .ministry)
            #expect(federation.serviceProvider(id)?.validUntil == nil)
            #expect(federation.removing(id).member(id)?.kind == .privateVerifier)
        }
    }
}
