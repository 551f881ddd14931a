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

    private static let longAgo = ListWorld.start.adding(seconds: -1000 * 86_400)

    private static func facts(_ number: Int) -> ListFacts {
        let text = "\(number)"
        return ListFacts(
            digest: String(repeating: "0", count: 64 - text.count) + text, bytes: 10, issuer: "CN=A", number: nil,
            thisUpdate: ListWorld.start, nextUpdate: nil, entries: 0, scope: "everything")
    }

    /// A list that was in use for a second, so long ago that the next prune writes the journal anew.
    private static func expire(_ number: Int, _ evidence: ListEvidence) throws {
        try evidence.note("old", at: longAgo) { facts(number) }
        try evidence.note("old", at: longAgo.adding(seconds: 1)) { nil }
    }

    private static func sources(_ folder: DiskFolder) -> [String] { ListEvidence.read(folder).map(\.source) }

    /// A journal of `count` lists in use, that takes a while to be read.
    private static func journal(_ count: Int) throws -> DiskFolder {
        let folder = DiskFolder(ListWorld.path())
        try folder.make()
        try ListEvidence(folder: folder, shelf: ListShelf(in: folder)).note("kept-0", at: longAgo) { facts(0) }
        let line = String(decoding: try folder.read(ListEvidence.name, limit: 4096) ?? [], as: UTF8.self)
        let lines = (0..<count).map { line.replacingOccurrences(of: "kept-0", with: "kept-\($0)") }
        try folder.write(ListEvidence.name, Array(lines.joined().utf8))
        try #require(sources(folder).count == count)
        return folder
    }

    @Test func `loses no line that is added while it is pruned, by this node or another`() throws {
        let folder = try Self.journal(300)
        let nodes = [1, 2].map { _ in ListEvidence(folder: folder, shelf: ListShelf(in: folder)) }
        for round in 1...20 {
            try Self.expire(round, nodes[0])
            let failed = failures(3) { number in
                guard number > 0 else { return try nodes[0].prune(rules: ListWorld.rules, at: ListWorld.start) }
                try nodes[number - 1].note("new-\(round)-\(number)", at: ListWorld.start) { Self.facts(round) }
            }
            #expect(failed == 0)
            let told = Set(Self.sources(folder))
            #expect(told.isSuperset(of: ["new-\(round)-1", "new-\(round)-2"]), "round \(round)")
            #expect(!told.contains("old"))
        }
        #expect(Self.sources(folder).count == 300 + 2 * 20)
    }

    @Test func `is not pruned while another node has it, and is added to all the same`() throws {
        let folder = try Self.journal(1)
        let evidence = ListEvidence(folder: folder, shelf: ListShelf(in: folder), patience: 0)
        try Self.expire(1, evidence)
        do {
            let other = FileLock(folder.path(of: ListEvidence.lock), .alone)
            #expect(other != nil)
            try evidence.prune(rules: ListWorld.rules, at: ListWorld.start)
            try evidence.note("new", at: ListWorld.start) { Self.facts(2) }
            withExtendedLifetime(other) {}
        }
        #expect(Self.sources(folder) == ["kept-0", "old", "new"])
        try evidence.prune(rules: ListWorld.rules, at: ListWorld.start)
        #expect(Self.sources(folder) == ["kept-0", "new"])
    }

    @Test func `that cannot be read costs no list`() throws {
        let folder = DiskFolder(ListWorld.path())
        let shelf = ListShelf(in: folder), digest = Self.facts(1).digest
        try FileManager.default.createDirectory(atPath: folder.path + "/lists", withIntermediateDirectories: true)
        func put() throws {
            try Data([1]).write(to: URL(fileURLWithPath: shelf.path(of: digest)))
            try FileManager.default.setAttributes(
                [.modificationDate: Date(timeIntervalSince1970: 0)], ofItemAtPath: shelf.path(of: digest))
        }
        try put()
        // A folder where the journal should be.
        try FileManager.default.createDirectory(atPath: folder.path(of: ListEvidence.name), withIntermediateDirectories: false)
        let evidence = ListEvidence(folder: folder, shelf: shelf)
        #expect(throws: DiskTrouble.self) { try evidence.prune(rules: ListWorld.rules, at: ListWorld.start) }
        #expect(FileManager.default.fileExists(atPath: shelf.path(of: digest)))
        // One that is not there names no list.
        folder.remove(ListEvidence.name)
        try evidence.prune(rules: ListWorld.rules, at: ListWorld.start)
        #expect(!FileManager.default.fileExists(atPath: shelf.path(of: digest)))
    }
}
