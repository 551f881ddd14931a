import Settings
import Testing
import TrustFramework
import Vocabulary

/// Issue 6, “It must show” 5: every path that can issue anything, crossed with every standing a member can have.
/// One path after the other: they share a simulated card, which counts tries at its PIN.
@Suite(.serialized) struct `Every path and every standing of a member` {
    @Test(arguments: Path.all)
    func `a member is answered exactly while it is in force`(path: Path) async throws {
        let stage = try await Stage()
        for situation in Situation.allCases {
            // A client that nobody knows any more has nothing to authenticate with; what it holds is another row's.
            if situation == .nobodyAnyMore, path.isForEverybody { continue }
            let use = try await path.prepare(stage)
            try stage.house.put(situation, on: path.member)
            let answered = try await use()
            stage.house.restore(stage.original)
            #expect(answered == (situation.isInForce || path.isForEverybody), "\(path.name), \(situation.rawValue)")
        }
    }

    @Test func `the table has no path twice`() {
        #expect(Set(Path.all.map(\.name)).count == Path.all.count)
    }
}
