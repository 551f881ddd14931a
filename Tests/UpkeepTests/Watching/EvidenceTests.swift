import Foundation
import Testing
import Upkeep
import Vocabulary

@Suite struct `Evidence of lists` {
    /// A world in which a list was replaced every hour, `count` times.
    private static func history(_ server: ListServer, _ base: String, _ count: Int, rules: ListRules = ListWorld.rules) async throws -> (
        ListWorld, ListKeeper
    ) {
        let own = try ListAuthority()
        let world = ListWorld([.url(base + "/a.crl")], [own], rules: rules)
        let keeper = world.keeper()
        for number in 1...count {
            server.put("/a.crl", try own.list(number, at: world.now, count: 50))
            await (number == 1 ? keeper.open() : keeper.turn())
            if number < count { world.pass(seconds: 3600) }
        }
        return (world, keeper)
    }

    private static func files(_ world: ListWorld) -> Int {
        ((try? FileManager.default.contentsOfDirectory(atPath: world.folder + "/lists")) ?? []).count { $0.hasSuffix(".crl") }
    }

    @Test func `says which list was in use at a moment, and has it`() async throws {
        try await ListServer.serving { server, base in
            let (world, _) = try await Self.history(server, base, 4)
            let intervals = ListEvidence.read(world.disk)
            func number(_ seconds: Int64) -> [String?] {
                ListEvidence.inUse(intervals, at: ListWorld.start.adding(seconds: seconds)).map(\.facts.number)
            }
            #expect(number(-1) == [])
            #expect(number(0) == ["01"] && number(3599) == ["01"] && number(3600) == ["02"])
            #expect(number(3 * 3600) == ["04"] && number(1_000_000) == ["04"])
            for interval in intervals {
                let bytes = try Data(contentsOf: URL(fileURLWithPath: ListShelf(in: world.disk).path(of: interval.facts.digest)))
                #expect(bytes.count == interval.facts.bytes)
            }
            #expect(ListShelf(in: world.disk).records.map(\.facts.number) == ["04"])
        }
    }

    @Test func `is the same to another process, and skips half a line`() async throws {
        try await ListServer.serving { server, base in
            let (world, _) = try await Self.history(server, base, 3)
            #expect(ListEvidence.read(world.disk).map(\.until) == [world.now.adding(seconds: -3600), world.now, nil])
            let path = world.folder + "/evidence.jsonl"
            let bytes = try Data(contentsOf: URL(fileURLWithPath: path))
            try bytes.dropLast(20).write(to: URL(fileURLWithPath: path))
            #expect(ListEvidence.read(world.disk).count == 2)
            // A restart tells what is in use again.
            let again = world.keeper()
            await again.open()
            await again.turn()
            #expect(ListEvidence.inUse(ListEvidence.read(world.disk), at: world.now).map(\.facts.number) == ["03"])
        }
    }

    @Test func `goes when it is old, and never while it is in use`() async throws {
        var rules = ListWorld.rules
        rules.evidenceDays = 1
        try await ListServer.serving { [rules] server, base in
            let (world, keeper) = try await Self.history(server, base, 4, rules: rules)
            #expect(Self.files(world) == 4)
            // One list ended an hour and a bit more than a day ago, one less.
            world.pass(seconds: 86_400 - 5400)
            await keeper.turn()
            #expect(ListEvidence.read(world.disk).map(\.facts.number) == ["02", "03", "04"])
            #expect(Self.files(world) == 3)
            world.pass(seconds: 10 * 86_400)
            await keeper.turn()
            #expect(ListEvidence.read(world.disk).map(\.facts.number) == ["04"])
            #expect(Self.files(world) == 1)
        }
    }

    @Test func `goes, the oldest first, when there is too much of it`() async throws {
        var rules = ListWorld.rules
        rules.evidenceBytes = 5500
        try await ListServer.serving { [rules] server, base in
            let (world, keeper) = try await Self.history(server, base, 6, rules: rules)
            world.pass(seconds: 7200)
            await keeper.turn()
            let bytes = ListEvidence.read(world.disk).map(\.facts.bytes).reduce(0, +)
            #expect(bytes <= 5500 && bytes > 2000)
            #expect(ListEvidence.read(world.disk).last?.facts.number == "06")
            #expect(Self.files(world) == ListEvidence.read(world.disk).count)
        }
    }
}
