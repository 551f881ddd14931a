import Foundation
import SAML
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary
import XML

@Suite struct `A roll-back of members' metadata` {
    private static let one = "https://sp1.example/metadata"
    private static let two = "https://sp2.example/metadata"
    private static let three = "https://sp3.example/metadata"

    /// A source, its keeper, and whoever publishes it.
    private struct Stage: Sendable {
        let server: ListServer
        let origin: String
        let world: MetadataWorld
        let keeper: SourceKeeper

        /// Publishes a document and has it looked at.
        func show(_ entities: [Registrar.Entity], signer: Registrar = .shared) async throws {
            server.put("/all", try signer.aggregate(entities))
            await keeper.turn()
            world.pass(seconds: 6 * 3600)
        }

        func change(_ more: String, keys: String = "registrar.pem") async {
            world.change(
                "fed",
                MetadataWorld.url(origin + "/all", more).replacingOccurrences(of: "signed-by: registrar.pem", with: "signed-by: \(keys)"))
            await keeper.turn()
            world.pass(seconds: 6 * 3600)
        }

        func order(_ act: MetadataOrder.Act) async -> OrderAnswer {
            await keeper.perform(MetadataOrder(source: "fed", act: act, why: "looked at it"))
        }

        func path(_ id: String) -> String? { Self.path(keeper, id) }

        /// What a process started now would have.
        func restarted() async -> SourceKeeper {
            let again = world.keeper()
            await again.open(within: 1)
            return again
        }

        static func path(_ keeper: SourceKeeper, _ id: String) -> String? {
            keeper.provider(id)?.consumers.first.map { String($0.location.split(separator: "/").last ?? "") }
        }

        var generations: Int {
            get throws {
                let source = try #require(world.sources.first)
                return try #require(world.reading.shelf(source).record).generations.count
            }
        }

        var rolledBack: [ChangeJournal.Entry] { world.reading.journal.read(most: 50) { $0.event == .rolledBack } }
    }

    private static func serve(
        _ more: String = "", keys: String = "registrar.pem", _ body: @escaping @Sendable (Stage) async throws -> Void
    ) async throws {
        try await ListServer.serving { server, origin in
            let text = MetadataWorld.url(origin + "/all", more)
                .replacingOccurrences(of: "signed-by: registrar.pem", with: "signed-by: \(keys)")
            let world = MetadataWorld(["fed": text])
            try await body(Stage(server: server, origin: origin, world: world, keeper: world.keeper()))
        }
    }

    private static func entity(_ number: Int, _ state: String) -> Registrar.Entity {
        var entity = Registrar.entity(number)
        entity.acs = "https://sp\(number).example/\(state)"
        return entity
    }

    // MARK: Of a source, and its settings

    @Test func `of a source outlives a changed filter, which still leaves out`() async throws {
        try await Self.serve { stage in
            try await stage.show([Self.entity(1, "good"), Self.entity(2, "a")])
            try await stage.show([Self.entity(1, "bad"), Self.entity(2, "a"), Self.entity(3, "a")])
            #expect(await stage.order(.rollback(entity: nil)).isDone)
            await stage.change("take: {not-entities: ['\(Self.two)']}")
            for keeper in [stage.keeper, await stage.restarted()] {
                #expect(Stage.path(keeper, Self.one) == "good")
                #expect(keeper.provider(Self.two) == nil && keeper.provider(Self.three) == nil)
                #expect(keeper.gauge?.pause != nil)
            }
            #expect(await stage.order(.accept([])).isDone)
            #expect(stage.path(Self.one) == "bad" && stage.path(Self.three) == "a" && stage.keeper.provider(Self.two) == nil)
            #expect(stage.keeper.gauge?.pause == nil)
        }
    }

    @Test func `of a source outlives a key that is named beside the one that signed it`() async throws {
        try await Self.serve { stage in
            try await stage.show([Self.entity(1, "good")])
            try await stage.show([Self.entity(1, "bad")])
            #expect(await stage.order(.rollback(entity: nil)).isDone)
            await stage.change("", keys: "[registrar.pem, other.pem]")
            let again = await stage.restarted()
            #expect(stage.path(Self.one) == "good" && Stage.path(again, Self.one) == "good")
        }
    }

    @Test func `of a source to what a key no longer named signed gives no members, until it is accepted`() async throws {
        try await Self.serve { stage in
            try await stage.show([Self.entity(1, "good")])
            try await stage.show([Self.entity(1, "bad")])
            #expect(await stage.order(.rollback(entity: nil)).isDone)
            await stage.change("", keys: "other.pem")
            #expect(stage.keeper.provider(Self.one) == nil)
            #expect(stage.keeper.gauge?.failure == "metadata.order")
            try await stage.show([Self.entity(1, "new")], signer: .other)
            #expect(stage.keeper.provider(Self.one) == nil && stage.keeper.gauge?.state == .absent)
            #expect(await stage.order(.accept([])).isDone)
            #expect(stage.path(Self.one) == "new")
        }
    }

    @Test func `does not bring back what a key no longer named signed`() async throws {
        try await Self.serve(keys: "[registrar.pem, other.pem]") { stage in
            try await stage.show([Self.entity(1, "old")], signer: .other)
            try await stage.show([Self.entity(1, "new")])
            await stage.change("", keys: "registrar.pem")
            for act in [MetadataOrder.Act.rollback(entity: nil), .rollback(entity: Self.one)] {
                #expect(await stage.order(act).isDone == false)
                #expect(stage.path(Self.one) == "new")
            }
            #expect(stage.keeper.gauge?.pause == nil)
        }
    }

    // MARK: Of a source and of one member

    @Test func `of one member is refused while its whole source is rolled back`() async throws {
        try await Self.serve { stage in
            try await stage.show([Self.entity(1, "1"), Self.entity(2, "a")])
            try await stage.show([Self.entity(1, "2"), Self.entity(2, "a")])
            try await stage.show([Self.entity(1, "2"), Self.entity(2, "b")])
            #expect(await stage.order(.rollback(entity: nil)).isDone)
            let answer = await stage.order(.rollback(entity: Self.one))
            #expect(!answer.isDone && answer.text.contains("accept it as a whole"), "\(answer.text)")
            #expect(stage.path(Self.one) == "2" && stage.path(Self.two) == "a")
            #expect(await stage.order(.accept([])).isDone)
            #expect(await stage.order(.rollback(entity: Self.one)).isDone)
            #expect(stage.path(Self.one) == "1" && stage.path(Self.two) == "b")
        }
    }

    @Test(arguments: [false, true]) func `of a source leaves a member that was rolled back alone as it is`(alone: Bool) async throws {
        try await Self.serve { stage in
            try await stage.show([Self.entity(1, "good"), Self.entity(2, "a")])
            try await stage.show([Self.entity(1, "bad"), Self.entity(2, "a")])
            try await stage.show([Self.entity(1, "bad"), Self.entity(2, "b")])
            if alone { #expect(await stage.order(.rollback(entity: Self.one)).isDone) }
            #expect(await stage.order(.rollback(entity: nil)).isDone)
            for keeper in [stage.keeper, await stage.restarted()] {
                #expect(Stage.path(keeper, Self.one) == (alone ? "good" : "bad"))
                #expect(Stage.path(keeper, Self.two) == "a")
                #expect(keeper.gauge?.held == (alone ? 1 : 0))
            }
            #expect(await stage.order(.accept([])).isDone)
            #expect(stage.path(Self.one) == "bad" && stage.path(Self.two) == "b")
        }
    }

    @Test func `of a source is written down with what is different in each member`() async throws {
        try await Self.serve { stage in
            try await stage.show([Self.entity(1, "1"), Self.entity(2, "a")])
            try await stage.show([Self.entity(1, "2"), Self.entity(2, "a")])
            #expect(await stage.order(.rollback(entity: nil)).isDone)
            #expect(stage.rolledBack.map(\.entity) == [nil, Self.one])
            #expect(
                stage.rolledBack.last?.changes.map(\.line) == [
                    "- AssertionConsumerService 0 HTTP-POST https://sp1.example/2",
                    "+ AssertionConsumerService 0 HTTP-POST https://sp1.example/1",
                ])
        }
    }

    // MARK: Twice

    @Test func `of a member goes one state further each time, and is refused at the end`() async throws {
        try await Self.serve { stage in
            for state in ["1", "2", "3", "4"] { try await stage.show([Self.entity(1, state)]) }
            for state in ["3", "2", "1"] {
                #expect(await stage.order(.rollback(entity: Self.one)).isDone)
                #expect(stage.path(Self.one) == state)
            }
            let kept = try stage.generations
            let answer = await stage.order(.rollback(entity: Self.one))
            #expect(!answer.isDone && answer.text.contains("no earlier state"), "\(answer.text)")
            #expect(stage.path(Self.one) == "1")
            #expect(try stage.generations == kept)
            #expect(stage.rolledBack.count == 3)
            #expect(stage.rolledBack.first?.changes.isEmpty == false)
        }
    }

    @Test func `of a member never goes forward again, whatever has been published since`() async throws {
        try await Self.serve { stage in
            for state in ["1", "2"] { try await stage.show([Self.entity(1, state)]) }
            #expect(await stage.order(.rollback(entity: Self.one)).isDone)
            stage.world.pass(seconds: 6 * 3600)
            try await stage.show([Self.entity(1, "3")])
            #expect(stage.path(Self.one) == "1")
            #expect(await stage.order(.rollback(entity: Self.one)).isDone == false)
            #expect(await stage.order(.accept([Self.one])).isDone)
            #expect(stage.path(Self.one) == "3")
            #expect(await stage.order(.rollback(entity: Self.one)).isDone)
            #expect(stage.path(Self.one) == "1")
            #expect(await stage.order(.rollback(entity: Self.one)).isDone == false)
            #expect(stage.path(Self.one) == "1")
        }
    }

    @Test func `of a source goes one state further each time, and is refused at the end`() async throws {
        try await Self.serve { stage in
            for state in ["1", "2", "3"] { try await stage.show([Self.entity(1, state)]) }
            for state in ["2", "1"] {
                #expect(await stage.order(.rollback(entity: nil)).isDone)
                #expect(stage.path(Self.one) == state)
            }
            let kept = try stage.generations
            let answer = await stage.order(.rollback(entity: nil))
            #expect(!answer.isDone && answer.text.contains("no earlier state is kept"), "\(answer.text)")
            #expect(stage.path(Self.one) == "1")
            #expect(try stage.generations == kept)
        }
    }

    @Test func `of a source passes over a state in which only what waits was another`() async throws {
        try await Self.serve("changes: {policy: held-for-approval}") { stage in
            var renamed = Self.entity(2, "a")
            renamed.name = "Another name"
            try await stage.show([Self.entity(1, "1"), Self.entity(2, "a")])
            try await stage.show([Self.entity(1, "1"), renamed])
            try await stage.show([Self.entity(1, "2"), renamed])
            #expect(stage.path(Self.one) == "1" && stage.keeper.gauge?.held == 1)
            #expect(await stage.order(.rollback(entity: nil)).isDone)
            #expect(stage.keeper.member(Self.two)?.displayName == ["en": "Service 2"])
        }
    }

    @Test func `of a file in the members folder goes one state further each time, and past what was gone back from`() throws {
        let history = MemberHistory(DiskFolder(ListWorld.path()))
        let id = try #require(MemberID(Self.one))
        func note(_ state: String) throws {
            let bytes = Registrar.tag(Self.entity(1, state)).canonicalBytes()
            try history.note(bytes, of: id, development: true, at: ListWorld.start)
        }
        func earlier() -> String? {
            history.earlier(id).flatMap { bytes in
                ["1", "2", "3", "4"].first { Registrar.tag(Self.entity(1, $0)).canonicalBytes() == bytes }
            }
        }
        for state in ["1", "2", "3"] { try note(state) }
        #expect(earlier() == "2")
        try note("2")
        #expect(earlier() == "1")
        try note("4")
        #expect(earlier() == "2")
        try note("2")
        #expect(earlier() == "1")
        try note("1")
        #expect(earlier() == nil)
    }
}
