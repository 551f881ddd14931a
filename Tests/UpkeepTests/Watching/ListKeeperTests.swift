import Cryptography
import Foundation
import Outbound
import SimulatedJPKI
import Testing
import Trust
import Upkeep
import Vocabulary

@Suite struct `A keeper of lists` {
    private static let path = "/a.crl"

    /// A world with one source on a server, its keeper started, the first list published.
    private static func world(
        _ server: ListServer, _ base: String, _ authority: ListAuthority, rules: ListRules = ListWorld.rules, count: Int = 100,
        point: String? = nil
    ) async throws -> (ListWorld, ListKeeper) {
        server.put(path, try authority.list(10, count: count, point: point), etag: "\"10\"")
        let world = ListWorld([.url(base + path)], [authority], rules: rules)
        let keeper = world.keeper()
        await keeper.open()
        try #require(keeper.numbers == ["0a"], "\(String(describing: keeper.gauge?.detail))")
        return (world, keeper)
    }

    @Test func `publishes, asks again on condition, and takes what is new`() async throws {
        let authority = try ListAuthority()
        try await ListServer.serving { server, base in
            let (world, keeper) = try await Self.world(server, base, authority)
            let gauge = try #require(keeper.gauge)
            #expect(gauge.state == .fresh && gauge.entries == 100 && gauge.number == "0a" && gauge.age == 0 && gauge.remaining == 86_400)
            #expect(gauge.lastSuccess == world.now && gauge.failure == nil && gauge.issuer == authority.certificate.subject.text)
            // Not due: nobody is asked.
            await keeper.turn()
            #expect(server.asked.count == 1)
            world.pass(seconds: 3600)
            await keeper.turn()
            #expect(server.asked.last == ListServer.Asked(path: Self.path, etag: "\"10\"", since: nil, status: 304))
            #expect(keeper.gauge?.lastSuccess == world.now && keeper.numbers == ["0a"])
            server.put(Self.path, try authority.list(11, at: world.now, count: 101), etag: "\"11\"")
            world.pass(seconds: 3600)
            await keeper.turn()
            #expect(keeper.numbers == ["0b"])
            #expect(keeper.gauge?.entries == 101)
            let intervals = ListEvidence.read(world.disk)
            #expect(intervals.map(\.facts.number) == ["0a", "0b"])
            #expect(intervals.map(\.until) == [world.now, nil])
        }
    }

    @Test func `asks by the date where there is no tag`() async throws {
        let authority = try ListAuthority()
        try await ListServer.serving { server, base in
            let date = "Sat, 21 Nov 2026 04:00:00 GMT"
            server.put(Self.path, try authority.list(10), lastModified: date)
            let world = ListWorld([.url(base + Self.path)], [authority])
            let keeper = world.keeper()
            await keeper.open()
            world.pass(seconds: 3600)
            await keeper.turn()
            #expect(server.asked.map(\.since) == [nil, date])
            #expect(server.asked.map(\.status) == [200, 304])
        }
    }

    /// Each list is truly signed, or says why not; the one before stays.
    enum Bad: String, CaseIterable, Sendable {
        case numberBack, timeBack, shrunk, otherAuthority, unknownAuthority, otherScope, forged, garbage, truncated, future, over, empty

        var code: String {
            switch self {
            case .numberBack: "list.number-back"
            case .timeBack: "list.time-back"
            case .shrunk: "list.shrunk"
            case .otherAuthority: "list.other-authority"
            case .unknownAuthority: "list.no-authority"
            case .otherScope: "list.other-scope"
            case .forged: "list.signature"
            case .garbage, .truncated, .empty: "list.malformed"
            case .future: "list.future"
            case .over: "list.stale"
            }
        }

        func list(_ own: ListAuthority, _ other: ListAuthority, _ stranger: ListAuthority, at now: Timestamp) throws -> [UInt8] {
            switch self {
            case .numberBack: try own.list(9, at: now, count: 100)
            case .timeBack: try own.list(11, at: now.adding(seconds: -7200), count: 100)
            case .shrunk: try own.list(11, at: now, count: 79)
            case .otherAuthority: try other.list(11, at: now, count: 100)
            case .unknownAuthority: try stranger.list(11, at: now, count: 100)
            case .otherScope: try own.list(11, at: now, count: 100, point: "http://a.example/other.crl")
            case .forged: try own.list(11, at: now, count: 100, signer: stranger.authority.key)
            case .garbage: Array("<html>maintenance</html>".utf8)
            case .truncated: Array(try own.list(11, at: now, count: 100).dropLast(40))
            case .future: try own.list(11, at: now.adding(seconds: 3600), count: 100)
            case .over: try own.list(11, at: now.adding(seconds: -3), hours: 0, count: 100)
            case .empty: []
            }
        }
    }

    @Test(arguments: Bad.allCases) func `keeps the list before when the next one is wrong, says so, and takes the right one after`(
        bad: Bad
    ) async throws {
        let own = try ListAuthority(), other = try ListAuthority("OTHER"), stranger = try ListAuthority("STRANGER")
        try await ListServer.serving { server, base in
            let (world, keeper) = try await Self.world(server, base, own)
            world.change { $0.with(anchors: [own.certificate, other.certificate]) }
            world.pass(seconds: 3600)
            server.put(Self.path, try bad.list(own, other, stranger, at: world.now), etag: "\"bad\"")
            await keeper.turn()
            #expect(keeper.numbers == ["0a"])
            var gauge = try #require(keeper.gauge)
            #expect(gauge.failure == bad.code && gauge.isAlarm && gauge.failures == 1 && gauge.state == .fresh)
            #expect(world.told.filter { $0.event == .listRefused }.map { String($0.why.prefix { $0 != ":" }) } == [bad.code])
            // The tag of what was refused is not remembered, and the feed is not filled.
            world.pass(seconds: 20)
            await keeper.turn()
            #expect(server.asked.last?.etag == "\"10\"")
            #expect(keeper.gauge?.failures == 2)
            #expect(world.told.count { $0.event == .listRefused } == 1)
            // A restart has the list before, too.
            let again = world.keeper()
            world.change { $0.with(sources: $0.sources) }
            server.put(Self.path, ListServer.Page(status: 503))
            await again.open()
            #expect(again.numbers == ["0a"])
            // The right one ends the alarm.
            server.put(Self.path, try own.list(12, at: world.now, count: 100), etag: "\"12\"")
            world.pass(seconds: 3600)
            await keeper.turn()
            gauge = try #require(keeper.gauge)
            #expect(keeper.numbers == ["0c"])
            #expect(gauge.failure == nil && !gauge.isAlarm && gauge.failures == 0)
        }
    }

    @Test func `takes a refused list at the operator's word, once`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            let (world, keeper) = try await Self.world(server, base, own)
            world.pass(seconds: 3600)
            let small = try own.list(11, at: world.now, count: 5)
            let digest = Hexadecimal.encode(Digest.sha256(small))
            server.put(Self.path, small)
            try world.disk.folder("accept").make()
            try world.disk.folder("accept").write(String(repeating: "0", count: 64), [])
            await keeper.turn()
            #expect(keeper.gauge?.failure == "list.shrunk", "a word about another list is none about this one")
            #expect(keeper.gauge?.refused == digest, "the operator is told what to name")
            try world.disk.folder("accept").write(digest, Array("notice 7: expired cards were dropped".utf8))
            world.pass(seconds: 900)
            await keeper.turn()
            #expect(keeper.numbers == ["0b"] && keeper.gauge?.entries == 5)
            #expect(!world.disk.folder("accept").has(digest))
            #expect(world.told.last?.event == .listTaken && world.told.last?.digest == digest)
            #expect(world.told.last?.why.hasPrefix("notice 7: expired cards were dropped – ") == true)
        }
    }

    @Test func `never takes a forged list, whatever the operator says`() async throws {
        let own = try ListAuthority(), stranger = try ListAuthority("STRANGER")
        try await ListServer.serving { server, base in
            let (world, keeper) = try await Self.world(server, base, own)
            world.pass(seconds: 3600)
            let forged = try own.list(11, at: world.now, count: 100, signer: stranger.authority.key)
            try world.disk.folder("accept").make()
            try world.disk.folder("accept").write(Hexadecimal.encode(Digest.sha256(forged)), [])
            server.put(Self.path, forged)
            await keeper.turn()
            #expect(keeper.numbers == ["0a"] && keeper.gauge?.failure == "list.signature")
        }
    }

    // MARK: Restarts

    @Test func `has yesterday's lists at once after a restart without network`() async throws {
        let own = try ListAuthority()
        let world = try await ListServer.serving { server, base in try await Self.world(server, base, own).0 }
        // The server is gone.
        world.pass(seconds: 20 * 3600)
        world.change { $0.with(outbound: ListWorld.outbound(seconds: 1)) }
        let keeper = world.keeper()
        let started = ContinuousClock.now
        await keeper.open()
        #expect(started.duration(to: .now) < .seconds(30))
        #expect(keeper.numbers == ["0a"])
        #expect(keeper.gauge?.state == .fresh)
        await keeper.turn()
        #expect(keeper.numbers == ["0a"])
        #expect(keeper.gauge?.failure?.hasPrefix("fetch.") == true && keeper.gauge?.isAlarm == false)
        #expect(keeper.gauge?.lastFailure == world.now)
        world.pass(seconds: 10 * 3600)
        #expect(keeper.gauge?.state == .stale, "its own time is over, and says so")
        #expect(world.watch(keeper).health().state == .stale)
    }

    @Test(arguments: [0, 30 * 3600 as Int64]) func `remembers after a restart what may not come back`(later: Int64) async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            let (world, _) = try await Self.world(server, base, own)
            world.pass(seconds: 3600 + later)
            server.put(Self.path, try own.list(9, at: world.now, count: 100))
            let keeper = world.keeper()
            await keeper.open()
            await keeper.turn()
            #expect(keeper.gauge?.failure == "list.number-back")
            #expect(keeper.gauge?.number == "0a")
            server.put(Self.path, try own.list(10 + 1, at: world.now, count: 100))
            world.pass(seconds: 900)
            await keeper.turn()
            #expect(keeper.numbers == ["0b"])
        }
    }

    enum Damage: String, CaseIterable, Sendable { case half, other, gone, record, recordHalf }

    @Test(arguments: Damage.allCases) func `does not believe a damaged disk, and heals from the source`(damage: Damage) async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            let (world, first) = try await Self.world(server, base, own)
            let lists = world.folder + "/lists/"
            let list = lists + (try #require(first.gauge?.digest)) + ".crl"
            let record = lists + (try #require(try FileManager.default.contentsOfDirectory(atPath: lists).first { $0.hasSuffix(".json") }))
            let bytes = try Data(contentsOf: URL(fileURLWithPath: list))
            let written = try Data(contentsOf: URL(fileURLWithPath: record))
            switch damage {
            case .half: try bytes.prefix(bytes.count / 2).write(to: URL(fileURLWithPath: list))
            case .other: try Data(try own.list(8, count: 2)).write(to: URL(fileURLWithPath: list))
            case .gone: try FileManager.default.removeItem(atPath: list)
            case .record: try Data("{\"format\":1}".utf8).write(to: URL(fileURLWithPath: record))
            case .recordHalf: try written.prefix(written.count / 2).write(to: URL(fileURLWithPath: record))
            }
            server.put(Self.path, ListServer.Page(status: 503))
            let keeper = world.keeper()
            await keeper.open()
            #expect(keeper.numbers.isEmpty)
            #expect(keeper.gauge?.state == .absent)
            // Whole again from the source, which must not be asked "unless changed".
            server.put(Self.path, ListServer.Page(bytes: [UInt8](bytes), etag: "\"10\""))
            world.pass(seconds: 900)
            await keeper.turn()
            #expect(keeper.numbers == ["0a"])
            #expect(server.asked.last?.etag == nil)
            let again = world.keeper()
            await again.open()
            #expect(again.numbers == ["0a"])
        }
    }

    @Test func `removes what an interrupted fetch left behind`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            let (world, _) = try await Self.world(server, base, own)
            let lists = world.folder + "/lists/"
            let record = try #require(try FileManager.default.contentsOfDirectory(atPath: lists).first { $0.hasSuffix(".json") })
            let left = lists + record.replacingOccurrences(of: ".json", with: ".incoming")
            try Data([0x30, 0x82]).write(to: URL(fileURLWithPath: left))
            world.pass(seconds: 3600)
            server.put(Self.path, try own.list(11, at: world.now, count: 100))
            let keeper = world.keeper()
            await keeper.open()
            #expect(keeper.numbers == ["0a"])
            await keeper.turn()
            #expect(keeper.numbers == ["0b"])
            #expect(!FileManager.default.fileExists(atPath: left))
        }
    }

    // MARK: Network

    @Test func `takes no list whose connection broke in its middle`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            let (world, keeper) = try await Self.world(server, base, own)
            world.pass(seconds: 3600)
            let list = try own.list(11, at: world.now, count: 3000)
            server.put(Self.path, ListServer.Page(bytes: list, cut: list.count / 2))
            await keeper.turn()
            #expect(keeper.numbers == ["0a"])
            #expect(keeper.gauge?.failure?.hasPrefix("fetch.") == true)
            server.put(Self.path, list)
            world.pass(seconds: 900)
            await keeper.turn()
            #expect(keeper.numbers == ["0b"])
        }
    }

    @Test func `holds to its limit of bytes`() async throws {
        let own = try ListAuthority()
        var rules = ListWorld.rules
        rules.largest = 8_000
        try await ListServer.serving { [rules] server, base in
            let (world, keeper) = try await Self.world(server, base, own, rules: rules)
            world.pass(seconds: 3600)
            server.put(Self.path, try own.list(11, at: world.now, count: 1000))
            await keeper.turn()
            #expect(keeper.gauge?.failure == "fetch.too-large" && keeper.numbers == ["0a"])
        }
    }

    @Test(arguments: [404, 500, 403, 204]) func `takes no other status for a list`(status: Int) async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            let (world, keeper) = try await Self.world(server, base, own)
            world.pass(seconds: 3600)
            server.put(Self.path, ListServer.Page(bytes: status == 204 ? [] : try own.list(11, at: world.now, count: 100), status: status))
            await keeper.turn()
            #expect(keeper.gauge?.failure == "fetch.status" && keeper.numbers == ["0a"] && keeper.gauge?.isAlarm == false)
        }
    }

    @Test func `backs off while a source fails, and asks nobody before it is due`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            let (world, keeper) = try await Self.world(server, base, own)
            server.put(Self.path, ListServer.Page(status: 503))
            world.pass(seconds: 3600)
            var waits: [Int64] = []
            for failure in 1...8 {
                await keeper.turn()
                let gauge = try #require(keeper.gauge)
                #expect(gauge.failures == failure)
                let wait = gauge.due.seconds(since: world.now)
                waits.append(wait)
                world.pass(seconds: wait - 1)
                let asked = server.asked.count
                await keeper.turn()
                #expect(server.asked.count == asked)
                world.pass(seconds: 2)
            }
            for (failure, wait) in waits.enumerated() {
                let longest: Int64 = min(15 << Int64(failure), 900)
                #expect((longest / 2 - 1...longest).contains(wait), "\(waits)")
            }
        }
    }

    @Test func `goes on with other sources while one is down`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            for number in 1...20 {
                server.put("/\(number).crl", try own.list(number, point: "http://a.example/\(number)"))
            }
            server.put("/7.crl", ListServer.Page(status: 500))
            let world = ListWorld((1...20).map { .url(base + "/\($0).crl") } + [.url("http://127.0.0.1:1/x.crl")], [own])
            let keeper = world.keeper()
            await keeper.open()
            #expect(keeper.published.current.lists.count == 19)
            #expect(keeper.gauges().count { $0.state == .absent } == 2)
        }
    }

    @Test(.timeLimit(.minutes(5))) func `publishes on its own while it runs, and ends when it is told`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            server.put(Self.path, try own.list(10))
            let world = ListWorld([.url(base + Self.path)], [own])
            let keeper = world.keeper()
            let running = Task { try await keeper.run() }
            while keeper.numbers != ["0a"] { try await Task.sleep(for: .milliseconds(20)) }
            server.put(Self.path, try own.list(11, at: world.now.adding(seconds: 3600)))
            world.pass(seconds: 3600)
            while keeper.numbers != ["0b"] { try await Task.sleep(for: .milliseconds(20)) }
            running.cancel()
            try await running.value
        }
    }

    @Test(.timeLimit(.minutes(5))) func `waits for no slow source, neither at its start nor while it runs`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            server.put("/slow.crl", ListServer.Page(isSlow: true))
            server.put(Self.path, try own.list(10))
            let world = ListWorld([.url(base + "/slow.crl"), .url(base + Self.path)], [own])
            let keeper = world.keeper()
            // The slow one never ends: that we come back at all is the proof.
            await keeper.open(within: 1)
            let running = Task { try await keeper.run() }
            while keeper.numbers != ["0a"] { try await Task.sleep(for: .milliseconds(20)) }
            // Served before the hour is over: the keeper looks once at that time, and would keep what it finds.
            server.put(Self.path, try own.list(11, at: world.now.adding(seconds: 3600)))
            world.pass(seconds: 3600)
            while keeper.numbers != ["0b"] { try await Task.sleep(for: .milliseconds(20)) }
            // A reload is followed meanwhile, too.
            world.change { $0.with(sources: [.url(base + "/slow.crl")]) }
            while keeper.numbers != [] { try await Task.sleep(for: .milliseconds(20)) }
            running.cancel()
            try await running.value
        }
    }
}
