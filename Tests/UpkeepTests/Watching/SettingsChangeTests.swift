import Cryptography
import Foundation
import SimulatedJPKI
import Testing
import Trust
import Upkeep
import Vocabulary

@Suite struct `A keeper of lists, after a reload of the settings` {
    @Test func `takes up new sources and lets go of old ones`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            server.put("/1.crl", try own.list(1, point: "http://a.example/1"))
            server.put("/2.crl", try own.list(2, point: "http://a.example/2"))
            let world = ListWorld([.url(base + "/1.crl")], [own])
            let keeper = world.keeper()
            await keeper.open()
            #expect(keeper.numbers == ["01"])
            world.change { $0.with(sources: [.url(base + "/1.crl"), .url(base + "/2.crl")]) }
            await keeper.turn()
            #expect(keeper.numbers == ["01", "02"])
            world.pass(seconds: 60)
            world.change { $0.with(sources: [.url(base + "/2.crl")]) }
            await keeper.turn()
            #expect(keeper.numbers == ["02"])
            #expect(keeper.gauges().map(\.source) == [base + "/2.crl"])
            #expect(ListEvidence.read(world.disk).map(\.until) == [world.now, nil])
            // Named again: from the disk, without a fetch.
            let asked = server.asked.count
            world.change { $0.with(sources: [.url(base + "/1.crl"), .url(base + "/2.crl")]) }
            await keeper.turn()
            #expect(keeper.numbers == ["01", "02"])
            #expect(server.asked.count == asked)
        }
    }

    @Test func `withdraws the lists of an authority that is believed no more, and has them again when it is`() async throws {
        let own = try ListAuthority(), other = try ListAuthority("OTHER")
        try await ListServer.serving { server, base in
            server.put("/1.crl", try own.list(1))
            server.put("/2.crl", try other.list(2))
            let world = ListWorld([.url(base + "/1.crl"), .url(base + "/2.crl")], [own, other])
            let keeper = world.keeper()
            await keeper.open()
            #expect(keeper.numbers == ["01", "02"])
            world.change { $0.with(anchors: [own.certificate]) }
            await keeper.turn()
            #expect(keeper.numbers == ["01"])
            #expect(keeper.gauges().map(\.failure) == [nil, "list.no-authority"])
            let again = world.keeper()
            await again.open()
            #expect(again.numbers == ["01"], "nor after a restart")
            world.change { $0.with(anchors: [own.certificate, other.certificate]) }
            await keeper.turn()
            #expect(keeper.numbers == ["01", "02"])
        }
    }

    @Test func `knows generations of one name by their keys`() async throws {
        let first = try ListAuthority(generation: 1), second = try ListAuthority(generation: 2)
        try await ListServer.serving { server, base in
            server.put("/1.crl", try first.list(1))
            server.put("/2.crl", try second.list(2))
            let world = ListWorld([.url(base + "/1.crl"), .url(base + "/2.crl")], [first])
            let keeper = world.keeper()
            await keeper.open()
            #expect(keeper.numbers == ["01"])
            #expect(keeper.gauges().last?.failure == "list.signature")
            world.change { $0.with(anchors: [first.certificate, second.certificate]) }
            await keeper.turn()
            #expect(keeper.numbers == ["01", "02"])
        }
    }
}

@Suite struct `A keeper of lists in files` {
    @Test func `copies what is there, and looks again only when it has changed`() async throws {
        let own = try ListAuthority()
        let path = ListWorld.path() + ".crl"
        try Data(try own.list(1)).write(to: URL(fileURLWithPath: path))
        let world = ListWorld([.file(path)], [own])
        let keeper = world.keeper()
        await keeper.open()
        #expect(keeper.numbers == ["01"])
        world.pass(seconds: 3600)
        await keeper.turn()
        #expect(keeper.gauge?.lastSuccess == world.now)
        try Data(try own.list(2, at: world.now)).write(to: URL(fileURLWithPath: path), options: .atomic)
        world.pass(seconds: 3600)
        await keeper.turn()
        #expect(keeper.numbers == ["02"])
        // Gone: the copy serves, also after a restart.
        try FileManager.default.removeItem(atPath: path)
        world.pass(seconds: 3600)
        await keeper.turn()
        #expect(keeper.numbers == ["02"] && keeper.gauge?.failure == "file")
        let again = world.keeper()
        await again.open()
        #expect(again.numbers == ["02"])
    }

    @Test func `refuses one that is too large`() async throws {
        let own = try ListAuthority()
        let path = ListWorld.path() + ".crl"
        try Data(try own.list(1, count: 1000)).write(to: URL(fileURLWithPath: path))
        var rules = ListWorld.rules
        rules.largest = 1000
        let world = ListWorld([.file(path)], [own], rules: rules)
        let keeper = world.keeper()
        await keeper.open()
        #expect(keeper.gauge?.failure == "list.too-large" && keeper.numbers.isEmpty)
        rules.largest = 1 << 20
        world.change { $0.with(rules: rules) }
        world.pass(seconds: 900)
        await keeper.turn()
        #expect(keeper.numbers == ["01"])
    }
}

@Suite struct `A keeper of large lists` {
    private static let rules: ListRules = {
        var rules = ListWorld.rules
        rules.inMemory = 1000
        return rules
    }()

    @Test func `answers from an index on the disk, which a restart maps again`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            server.put("/a.crl", try own.list(1, count: 2000), etag: "\"1\"")
            let world = ListWorld([.url(base + "/a.crl")], [own], rules: Self.rules)
            let keeper = world.keeper()
            await keeper.open()
            try #require(keeper.numbers == ["01"], "\(String(describing: keeper.gauge?.detail))")
            let digest = try #require(keeper.gauge?.digest)
            let lists = world.folder + "/lists/"
            #expect(FileManager.default.fileExists(atPath: lists + digest + ".index"))
            // Without the list itself the index is enough.
            try FileManager.default.moveItem(atPath: lists + digest + ".crl", toPath: lists + "aside")
            server.put("/a.crl", ListServer.Page(status: 503))
            let again = world.keeper()
            await again.open()
            #expect(again.numbers == ["01"] && again.gauge?.entries == 2000)
            let list = try #require(again.published.current.lists.first)
            #expect(list.entry([0x07]) != nil && list.entry([0x08, 0x00]) == nil)
            #expect(ListEvidence.read(world.disk).count == 1)
            // Half an index is none: the list is read again, and sealed again.
            try FileManager.default.moveItem(atPath: lists + "aside", toPath: lists + digest + ".crl")
            let index = URL(fileURLWithPath: lists + digest + ".index")
            let whole = try Data(contentsOf: index)
            try FileManager.default.removeItem(at: index)
            try whole.prefix(whole.count / 2).write(to: index)
            let third = world.keeper()
            await third.open()
            #expect(third.numbers == ["01"] && third.gauge?.failure == nil)
            #expect(try Data(contentsOf: index) == whole)
            // The next list replaces it.
            server.put("/a.crl", try own.list(2, at: world.now.adding(seconds: 3600), count: 2100))
            world.pass(seconds: 3600)
            await third.turn()
            #expect(third.numbers == ["02"])
            #expect(!FileManager.default.fileExists(atPath: index.path))
            #expect(third.published.current.lists.first?.count == 2100)
        }
    }

    @Test(arguments: ["forged", "shrunk", "garbage"]) func `keeps the list before, and leaves nothing behind, when the next one is wrong`(
        bad: String
    ) async throws {
        let own = try ListAuthority(), stranger = try ListAuthority("STRANGER")
        try await ListServer.serving { server, base in
            server.put("/a.crl", try own.list(1, count: 2000))
            let world = ListWorld([.url(base + "/a.crl")], [own], rules: Self.rules)
            let keeper = world.keeper()
            await keeper.open()
            let files = Set(try FileManager.default.contentsOfDirectory(atPath: world.folder + "/lists"))
            world.pass(seconds: 3600)
            let next: [UInt8] =
                switch bad {
                case "forged": try own.list(2, at: world.now, count: 2000, signer: stranger.authority.key)
                case "shrunk": try own.list(2, at: world.now, count: 1000)
                default: [UInt8](repeating: 0x30, count: 5000)
                }
            server.put("/a.crl", next)
            await keeper.turn()
            #expect(keeper.numbers == ["01"] && keeper.gauge?.isAlarm == true)
            #expect(Set(try FileManager.default.contentsOfDirectory(atPath: world.folder + "/lists")) == files)
        }
    }
}
