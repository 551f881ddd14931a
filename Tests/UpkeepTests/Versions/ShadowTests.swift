import Logging
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary

@Suite struct `A version in the shadow` {
    private static func world() throws -> (VersionWorld, Published<Configuration>) {
        let world = try VersionWorld()
        let inForce = try world.load()
        try world.forbid("points")
        let waiting = try world.load(.folder).policies.bundle
        let shelf = PolicyShelf(inForce.policies.archive)
        _ = try shelf.keep(inForce.policies.bundle)
        _ = try shelf.keep(waiting)
        func entry(_ bundle: PolicyBundle) -> ActivationPlan.Entry {
            .init(target: .bundle(bundle.fileName), at: VersionWorld.now, by: "test", reason: "test")
        }
        try shelf.write(ActivationPlan(entries: [entry(inForce.policies.bundle)], shadow: entry(waiting)))
        return (world, Published(try world.load()))
    }

    private static func desk(_ configuration: Published<Configuration>) -> ShadowDesk {
        ShadowDesk(configuration: configuration, clock: { VersionWorld.now }, logger: Logger(label: "test"))
    }

    @Test func `is counted where it would have answered otherwise, by kind`() throws {
        let (world, configuration) = try Self.world()
        let desk = Self.desk(configuration)
        let policy = configuration.current.policy
        #expect(configuration.current.policies.shadow?.policy.version != policy.version)
        for purpose in ["points", "points", "procedure"] {
            let question = try world.question(purpose)
            desk.observe(policy.decide(question), of: question)
        }
        desk.work()
        let counts = desk.counts
        #expect(counts.decided == 3 && counts.different == 2 && counts.passedOver == 0)
        let kind = try #require(counts.kinds.keys.first)
        #expect(counts.kinds.count == 1 && counts.kinds[kind]?.count == 2)
        #expect(kind.purpose == "points" && kind.shadowRules == ["no-points"])
        #expect(kind.differences.contains { $0.what == "outcome" && $0.recorded == "permit" && $0.replayed == "deny" })
        let summary = try #require(desk.summary)
        #expect(summary["different"]?.integer == 2 && summary["version"]?.string == configuration.current.policies.shadow?.policy.version)
        #expect(!summary.text.contains("ministry"))
        #expect(counts.json["kinds"]?.array?.count == 1)
    }

    @Test func `never has more waiting than fits, and says what it passed over`() throws {
        let (world, configuration) = try Self.world()
        let desk = Self.desk(configuration)
        let question = try world.question("points")
        let decision = configuration.current.policy.decide(question)
        for _ in 0..<5000 { desk.observe(decision, of: question) }
        desk.work()
        #expect(desk.counts.decided == 4096 && desk.counts.passedOver == 904)
    }

    @Test func `costs nothing and says nothing where there is none`() throws {
        let world = try VersionWorld()
        let configuration = Published(try world.load())
        let desk = Self.desk(configuration)
        let question = try world.question("points")
        desk.observe(configuration.current.policy.decide(question), of: question)
        desk.work()
        #expect(desk.counts.decided == 0 && desk.summary == nil)
    }

    @Test func `is forgotten with its version`() throws {
        let (world, configuration) = try Self.world()
        let desk = Self.desk(configuration)
        let question = try world.question("points")
        desk.observe(configuration.current.policy.decide(question), of: question)
        desk.work()
        #expect(desk.counts.different == 1)
        try PolicyShelf(configuration.current.policies.archive).write(ActivationPlan())
        configuration.replace(try world.load())
        desk.work()
        #expect(desk.counts.different == 0 && desk.summary == nil)
    }
}
