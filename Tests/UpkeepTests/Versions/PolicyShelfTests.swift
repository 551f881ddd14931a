import Foundation
import Settings
import Testing
import TrustFramework
import Upkeep
import Vocabulary

@Suite struct `Before a version decides` {
    @Test func `it is in the archive, and the trail says what it takes the place of`() async throws {
        let world = try VersionWorld()
        let first = try world.load()
        let shelf = PolicyShelf(first.policies.archive)
        #expect(try await shelf.settle(first, trail: world.trail, changedBy: nil, at: VersionWorld.now) == nil)
        #expect(try await shelf.settle(first, trail: world.trail, changedBy: nil, at: VersionWorld.now) == nil, "once is enough")
        try world.forbid("points")
        let second = try world.load()
        _ = try await shelf.settle(second, trail: world.trail, changedBy: "root", at: VersionWorld.now)
        let records = world.trail.records
        #expect(records.map { $0["event"]?.string } == ["policy.activated", "policy.activated"])
        #expect(records[0]["before"] == .null && records[0]["policy-version"]?.string == first.policy.version)
        #expect(records[1]["before"]?.string == first.policy.version && records[1]["policy-version"]?.string == second.policy.version)
        #expect(records[1]["by"]?.string == "files of root" && records[1]["source"]?.string == "folder")
        for (record, configuration) in zip(records, [first, second]) {
            let digest = try #require(record["sha256"]?.string)
            let kept = try first.policies.archive.policy(configuration.policy.version, digests: [digest])
            #expect(kept.policy.rules.count == configuration.policy.rules.count)
            #expect(Activation(record, sequence: 1)?.fileName == kept.bundle.fileName)
        }
        // A comment is another text of the same version.
        try world.write(
            "Policies/x-points.yaml", "# why\n" + (try String(contentsOfFile: world.folder + "/Policies/x-points.yaml", encoding: .utf8)))
        let third = try world.load()
        #expect(third.policy.version == second.policy.version)
        _ = try await shelf.settle(third, trail: world.trail, changedBy: nil, at: VersionWorld.now)
        #expect(first.policies.archive.names(of: second.policy.version).count == 2)
    }

    @Test func `a trail that cannot be written keeps it from deciding, and is told the next time`() async throws {
        let world = try VersionWorld()
        let configuration = try world.load()
        let shelf = PolicyShelf(configuration.policies.archive)
        world.trail.fail(true)
        await #expect(throws: StoreFault.self) {
            try await shelf.settle(configuration, trail: world.trail, changedBy: nil, at: VersionWorld.now)
        }
        world.trail.fail(false)
        _ = try await shelf.settle(configuration, trail: world.trail, changedBy: nil, at: VersionWorld.now)
        #expect(world.trail.records.count == 1)
    }

    @Test func `an archive that somebody has been at is told and put right`() async throws {
        let world = try VersionWorld()
        let configuration = try world.load()
        let archive = configuration.policies.archive, shelf = PolicyShelf(archive), bundle = configuration.policies.bundle
        #expect(try shelf.keep(bundle) == .added)
        #expect(try shelf.keep(bundle) == .known)
        let path = archive.path + "/" + bundle.fileName
        let text = try String(contentsOfFile: path, encoding: .utf8)
        try text.replacingOccurrences(of: "effect: forbid", with: "effect: permit").write(toFile: path, atomically: true, encoding: .utf8)
        #expect(throws: PolicyArchive.Refusal.self) { try archive.policy(bundle.version) }
        #expect(try await shelf.settle(configuration, trail: world.trail, changedBy: nil, at: VersionWorld.now) == bundle.fileName)
        #expect(try archive.policy(bundle.version).bundle == bundle)
    }

    @Test func `a roll-back is recorded as one, with who gave the command`() async throws {
        let world = try VersionWorld()
        let first = try world.load()
        let shelf = PolicyShelf(first.policies.archive)
        _ = try await shelf.settle(first, trail: world.trail, changedBy: nil, at: VersionWorld.now)
        try world.forbid("points")
        _ = try await shelf.settle(try world.load(), trail: world.trail, changedBy: nil, at: VersionWorld.now)
        let activations = world.trail.records.enumerated().compactMap { Activation($1, sequence: Int64($0)) }
        let target = try #require(Activation.earlier(activations, current: try world.load().policy.version))
        #expect(target.version == first.policy.version)
        try shelf.write(
            ActivationPlan().adding(
                .init(target: .bundle(target.fileName), at: VersionWorld.now, by: "sato", reason: "too strict", isRollback: true),
                at: VersionWorld.now))
        let back = try world.load()
        #expect(back.policy.version == first.policy.version)
        _ = try await shelf.settle(back, trail: world.trail, changedBy: nil, at: VersionWorld.now)
        let last = try #require(world.trail.records.last)
        #expect(last["rollback"]?.bool == true && last["by"]?.string == "sato" && last["reason"]?.string == "too strict")
        #expect(last["source"]?.string == "bundle")
    }
}

@Suite struct `Replay after the policy changed twice` {
    @Test func `gives every recorded answer again, under the version of its day`() async throws {
        let world = try VersionWorld()
        let shelf = try world.shelf()
        var records: [(JSON, String)] = []
        for change in [nil, "points", "procedure"] {
            if let change { try world.forbid(change) }
            let configuration = try world.load()
            _ = try await shelf.settle(configuration, trail: world.trail, changedBy: nil, at: VersionWorld.now)
            for purpose in ["points", "procedure", "counter"] {
                for mode in CardMode.allCases {
                    let question = try world.question(purpose, mode)
                    let decision = configuration.policy.decide(question)
                    let record = Record(
                        "signon.granted", at: question.now,
                        [
                            ("policy-version", .string(decision.policyVersion)),
                            ("decision", DecisionTrace(decision, of: question).json(at: question.now)),
                        ])
                    records.append((record.json, configuration.policy.version))
                }
            }
        }
        #expect(Set(records.map(\.1)).count == 3)
        let archive = try world.load().policies.archive
        var outcomes: Set<String> = []
        for (record, version) in records {
            let trace = try #require(DecisionTrace(record: try JSON(reading: record.text)))
            #expect(trace.version == version)
            let digests = Set(
                world.trail.records.filter { $0["policy-version"]?.string == version }.compactMap { $0["sha256"]?.string })
            let replay = try trace.replayed(under: try archive.policy(version, digests: digests).policy)
            #expect(replay.differences == [])
            outcomes.insert(trace.outcome)
        }
        #expect(outcomes.isSuperset(of: ["permit", "deny"]))
    }
}
