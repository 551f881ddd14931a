import Cryptography
import Foundation
import SAML
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary
import XML

@Suite struct `A change of a member's metadata` {
    private static let one = "https://sp1.example/metadata"
    private static let two = "https://sp2.example/metadata"
    private static let held = "changes: {policy: held-for-approval}"

    /// Serves one state after the other, and looks at each.
    private static func walk(
        _ more: String, _ states: [[Registrar.Entity]],
        _ body: @escaping @Sendable (Int, MetadataWorld, SourceKeeper) async throws -> Void
    ) async throws {
        let documents = try states.map { try Registrar.shared.aggregate($0) }
        try await ListServer.serving { server, origin in
            let world = MetadataWorld(["fed": MetadataWorld.url(origin + "/all", more)])
            let keeper = world.keeper()
            for (number, document) in documents.enumerated() {
                server.put("/all", document)
                await keeper.turn()
                try await body(number, world, keeper)
                world.pass(seconds: 6 * 3600)
            }
        }
    }

    private static func location(_ keeper: SourceKeeper, _ id: String = one) -> String? {
        keeper.provider(id)?.consumers.first?.location
    }

    private static var moved: Registrar.Entity {
        var moved = Registrar.entity(1)
        moved.acs = "https://new.example/acs"
        return moved
    }

    private static var renamed: Registrar.Entity {
        var renamed = Registrar.entity(2)
        renamed.name = "Another name"
        return renamed
    }

    @Test func `takes effect at once under the policy automatic, and is written down`() async throws {
        try await Self.walk("", [[Registrar.entity(1), Registrar.entity(2)], [Self.moved]]) { step, world, keeper in
            guard step == 1 else { return #expect(world.reading.journal.read(most: 9).map(\.event) == [.published]) }
            #expect(Self.location(keeper) == "https://new.example/acs")
            #expect(keeper.provider(Self.two) == nil)
            let entries = world.reading.journal.read(most: 9) { $0.event == .taken }
            #expect(Set(entries.compactMap(\.entity)) == [Self.one, Self.two])
            let change = try #require(entries.first { $0.entity == Self.one })
            #expect(
                change.changes.map(\.line) == [
                    "- AssertionConsumerService 0 HTTP-POST https://sp1.example/acs",
                    "+ AssertionConsumerService 0 HTTP-POST https://new.example/acs",
                ])
            #expect(change.changes.allSatisfy { $0.isSecurityRelevant })
        }
    }

    @Test func `of an address or a key is held for approval where the policy says so, and everything else passes`() async throws {
        var keyed = Registrar.entity(3)
        keyed.keys = [Registrar.other.key.publicKey]
        try await Self.walk(
            Self.held, [[Registrar.entity(1), Registrar.entity(2), Registrar.entity(3)], [Self.moved, Self.renamed, keyed]]
        ) { step, world, keeper in
            guard step == 1 else { return }
            #expect(Self.location(keeper) == "https://sp1.example/acs")
            #expect(keeper.provider("https://sp3.example/metadata")?.signingKeys.isEmpty == true)
            #expect(keeper.member(Self.two)?.displayName == ["en": "Another name"])
            #expect(keeper.gauge?.held == 2)
            let source = try #require(world.sources.first)
            let waiting = world.reading.waiting(source)
            #expect(waiting.map(\.entity) == [Self.one, "https://sp3.example/metadata"])
            #expect(waiting.last?.changes.map(\.subject) == [.key])

            let answer = await keeper.perform(MetadataOrder(source: "fed", act: .accept([Self.one]), why: "telephoned"))
            #expect(answer.isDone, "\(answer.text)")
            #expect(Self.location(keeper) == "https://new.example/acs")
            #expect(keeper.gauge?.held == 1)
            let entry = try #require(world.reading.journal.read(most: 9) { $0.event == .accepted }.last)
            #expect(entry.entity == Self.one && entry.why == "telephoned")
            #expect(await keeper.perform(MetadataOrder(source: "fed", act: .accept([Self.one]), why: "again")).isDone == false)
            #expect(await keeper.perform(MetadataOrder(source: "fed", act: .accept([]), why: "all")).isDone)
            #expect(keeper.provider("https://sp3.example/metadata")?.signingKeys == [Registrar.other.key.publicKey])
            #expect(keeper.gauge?.held == 0)
        }
    }

    @Test func `is held until it is accepted, through refreshes and restarts`() async throws {
        try await Self.walk(Self.held, [[Registrar.entity(1)], [Self.moved], [Self.moved, Registrar.entity(2)]]) { step, world, keeper in
            guard step > 0 else { return }
            #expect(Self.location(keeper) == "https://sp1.example/acs")
            #expect((keeper.provider(Self.two) != nil) == (step == 2))
            #expect(world.reading.journal.read(most: 9) { $0.event == .held }.count == 1)
            let again = MetadataWorld(["fed": MetadataWorld.url("http://127.0.0.1:1/all", Self.held)], folder: world.folder)
            let other = again.keeper()
            await other.open(within: 1)
            #expect(Self.location(other) == "https://sp1.example/acs")
        }
    }

    @Test func `that takes itself back needs no approval`() async throws {
        try await Self.walk(Self.held, [[Registrar.entity(1)], [Self.moved], [Registrar.entity(1)]]) { step, _, keeper in
            #expect(keeper.gauge?.held == (step == 1 ? 1 : 0))
        }
    }

    @Test func `new and lost members are held where the policy names them`() async throws {
        let more = "changes: {policy: held-for-approval, hold: [member]}"
        try await Self.walk(more, [[Registrar.entity(1)], [Registrar.entity(2)], [Self.moved, Registrar.entity(2)]]) {
            step, world, keeper in
            switch step {
            case 1:
                #expect(keeper.provider(Self.one) != nil && keeper.provider(Self.two) == nil)
                #expect(keeper.gauge?.held == 2)
                let lines = world.reading.waiting(try #require(world.sources.first)).flatMap(\.changes).map(\.line)
                #expect(lines == ["- member \(Self.one)", "+ member \(Self.two)"])
            case 2:
                // An address is not held here; the new member is still.
                #expect(Self.location(keeper) == "https://new.example/acs")
                #expect(keeper.provider(Self.two) == nil)
                #expect(await keeper.perform(MetadataOrder(source: "fed", act: .accept([Self.two]), why: "known")).isDone)
                #expect(keeper.provider(Self.two) != nil)
            default: break
            }
        }
    }

    @Test func `of one member can be taken back, and stays so until it is accepted`() async throws {
        try await Self.walk("", [[Registrar.entity(1)], [Self.moved], [Self.moved, Registrar.entity(2)]]) { step, world, keeper in
            switch step {
            case 1:
                let answer = await keeper.perform(MetadataOrder(source: "fed", act: .rollback(entity: Self.one), why: "phished"))
                #expect(answer.isDone, "\(answer.text)")
                #expect(Self.location(keeper) == "https://sp1.example/acs")
            case 2:
                #expect(Self.location(keeper) == "https://sp1.example/acs")
                #expect(keeper.provider(Self.two) != nil)
                #expect(world.sources.first.map { world.reading.waiting($0).map(\.isPinned) } == [true])
                #expect(await keeper.perform(MetadataOrder(source: "fed", act: .accept([Self.one]), why: "was right")).isDone)
                #expect(Self.location(keeper) == "https://new.example/acs")
            default: break
            }
        }
    }

    @Test func `of a whole source can be taken back; what comes then waits as a whole`() async throws {
        try await Self.walk("", [[Registrar.entity(1)], [Self.moved], [Self.moved, Registrar.entity(2)]]) { step, world, keeper in
            let source = try #require(world.sources.first)
            switch step {
            case 0:
                #expect(await keeper.perform(MetadataOrder(source: "fed", act: .rollback(entity: nil), why: "x")).isDone == false)
            case 1:
                #expect(await keeper.perform(MetadataOrder(source: "fed", act: .rollback(entity: nil), why: "wrong document")).isDone)
                #expect(Self.location(keeper) == "https://sp1.example/acs")
                #expect(keeper.gauge?.pause?.why == "wrong document")
            default:
                #expect(Self.location(keeper) == "https://sp1.example/acs" && keeper.provider(Self.two) == nil)
                let again = MetadataWorld(["fed": MetadataWorld.url("http://127.0.0.1:1/all")], folder: world.folder).keeper()
                await again.open(within: 1)
                #expect(Self.location(again) == "https://sp1.example/acs")
                let candidate = try world.reading.candidate(source, at: world.now).get()
                #expect(Set(candidate.map(\.entity)) == [Self.one, Self.two])
                #expect(await keeper.perform(MetadataOrder(source: "fed", act: .accept([]), why: "looked")).isDone)
                #expect(Self.location(keeper) == "https://new.example/acs" && keeper.provider(Self.two) != nil)
                #expect(keeper.gauge?.pause == nil)
            }
        }
    }

    @Test func `states are kept for going back as many as the settings say, the same members signed anew not counted`() async throws {
        func entity(_ number: Int) -> Registrar.Entity {
            var entity = Registrar.entity(1)
            entity.acs = "https://sp1.example/\(number)"
            return entity
        }
        try await Self.walk(
            "changes: {generations: 2}", (0..<5).map { [entity($0 / 2)] } + (5..<8).map { [entity($0)] }
        ) { step, world, _ in
            let shelf = world.reading.shelf(try #require(world.sources.first))
            let count = try #require(shelf.record).generations.count
            #expect(count <= 3)
            if step == 1 { #expect(count == 1) }
            #expect(shelf.folder.names.count { $0.hasSuffix(".index") } == count)
        }
    }

    @Test func `orders of another process are carried out, and answered`() async throws {
        try await Self.walk("", [[Registrar.entity(1)]]) { _, world, keeper in
            let box = OrderBox(in: world.disk)
            try box.put(MetadataOrder(source: "fed", act: .refresh, why: "asked"), named: "a")
            try box.put(MetadataOrder(source: "nobody", act: .refresh, why: "asked"), named: "b")
            await keeper.turn()
            #expect(box.answer(to: "a")?.isDone == true)
            #expect(box.answer(to: "b")?.isDone == false)
            #expect(box.answer(to: "a") == nil)
        }
    }

    @Test func `of a file in the members folder is kept, told, and can be found again`() throws {
        let history = MemberHistory(DiskFolder(ListWorld.path()))
        let id = try #require(MemberID(Self.one))
        let first = Registrar.tag(Registrar.entity(1)).canonicalBytes(), second = Registrar.tag(Self.moved).canonicalBytes()
        #expect(try history.note(first, of: id, development: true, at: ListWorld.start) == nil)
        #expect(try history.note(first, of: id, development: true, at: ListWorld.start) == nil)
        #expect(history.earlier(id) == nil)
        #expect(try history.note(second, of: id, development: true, at: ListWorld.start)?.count == 2)
        #expect(history.latest(id) == second && history.earlier(id) == first)
        #expect(history.states(id).count == 2)
    }
}
