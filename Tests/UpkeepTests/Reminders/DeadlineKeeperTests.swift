import Foundation
import Logging
import Settings
import Testing
import Upkeep
import Vocabulary

@Suite struct `What ends by itself` {
    private static func world(_ until: String) throws -> VersionWorld {
        let world = try VersionWorld()
        try FileManager.default.createDirectory(atPath: world.folder + "/Keys/officers", withIntermediateDirectories: true)
        try officer(world, until)
        return world
    }

    private static func officer(_ world: VersionWorld, _ until: String) throws {
        let text = "name: dev\nroles: [auditor]\nnot-before: 2026-01-01\nnot-after: \(until)\ncard:\n  subject: awaited\n"
        try Data(text.utf8).write(to: URL(fileURLWithPath: world.folder + "/Keys/officers/dev.yaml"))
    }

    private static func keeper(
        _ configuration: Published<Configuration>, _ world: VersionWorld, _ clock: Published<Timestamp>
    ) -> DeadlineKeeper {
        DeadlineKeeper(
            configuration: configuration, folder: world.folder + "/State", clock: { clock.current }, logger: Logger(label: "test"))
    }

    private static func told(_ keeper: DeadlineKeeper) -> [String] { keeper.round().filter { $0.kind == .officer }.map(\.name) }

    @Test func `is told once at each of its days, also by a server that was started again`() throws {
        let world = try Self.world("2027-01-31")
        let configuration = Published(try world.load())
        let clock = Published(VersionWorld.now)
        let keeper = Self.keeper(configuration, world, clock)
        #expect(Self.told(keeper).isEmpty, "further off than thirty days")
        let end = try #require(configuration.current.officers["dev"]?.notAfter)
        for (days, news) in [(29, ["dev"]), (28, []), (13, ["dev"]), (12, []), (2, ["dev"]), (1, []), (-1, ["dev"]), (-2, [])]
            as [(Int64, [String])]
        {
            clock.replace(end.adding(seconds: -days * 86_400))
            // Each time another server, as after a restart.
            #expect(Self.told(Self.keeper(configuration, world, clock)) == news, "\(days) days before")
        }
    }

    @Test func `is told anew when it was put off and comes again`() throws {
        let world = try Self.world("2026-12-01")
        let configuration = Published(try world.load())
        let clock = Published(VersionWorld.now)
        let keeper = Self.keeper(configuration, world, clock)
        #expect(Self.told(keeper) == ["dev"])
        #expect(Self.told(keeper).isEmpty)
        try Self.officer(world, "2026-12-03")
        configuration.replace(try world.load())
        #expect(Self.told(keeper) == ["dev"], "another day is another deadline")
    }

    @Test func `is counted for strangers without a name`() throws {
        let world = try Self.world("2026-11-23")
        let configuration = Published(try world.load())
        let keeper = Self.keeper(configuration, world, Published(VersionWorld.now))
        keeper.round()
        #expect(keeper.summary["within-3d"]?.integer == 1 && keeper.summary["within-30d"].map { ($0.integer ?? 0) >= 1 } == true)
        #expect(!keeper.summary.text.contains("dev"))
        #expect(keeper.deadlines.contains { $0.name == "dev" })
    }
}
