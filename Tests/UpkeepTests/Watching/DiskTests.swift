import Foundation
import Testing
import Upkeep
import Vocabulary

@Suite struct `A disk that is full or refuses` {
    /// A file system of 128 KiB. nil where this process may not mount one.
    private static func smallDisk() -> String? {
        let path = ListWorld.path()
        try? FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
        guard run("mount", ["-t", "tmpfs", "-o", "size=128k", "tmpfs", path]) else { return nil }
        return path
    }

    @discardableResult private static func run(_ program: String, _ arguments: [String]) -> Bool {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
        process.arguments = [program] + arguments
        process.standardError = FileHandle.nullDevice
        guard (try? process.run()) != nil else { return false }
        process.waitUntilExit()
        return process.terminationStatus == 0
    }

    /// Takes all space but some bytes.
    private static func fill(_ folder: String, leaving bytes: Int) throws {
        let path = folder + "/filler"
        _ = FileManager.default.createFile(atPath: path, contents: nil)
        let handle = try #require(FileHandle(forWritingAtPath: path))
        while (try? handle.write(contentsOf: Data(repeating: 0, count: 4096))) != nil {}
        let end = try handle.seekToEnd()
        try handle.truncate(atOffset: end - UInt64(min(Int(end), bytes)))
        try handle.close()
    }

    @Test func `keeps the list before, in memory and on the disk, alarms, and goes on when there is space`() async throws {
        guard let folder = Self.smallDisk() else {
            print("upkeep: no file system could be mounted: `disk full` is skipped here")
            return
        }
        defer { Self.run("umount", [folder]) }
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            server.put("/a.crl", try own.list(10, count: 100), etag: "\"10\"")
            let world = ListWorld(
                ListPlan(
                    sources: [.url(base + "/a.crl")], anchors: [own.certificate], rules: ListWorld.rules, outbound: ListWorld.outbound()),
                folder: folder)
            let keeper = world.keeper()
            let watch = world.watch(keeper)
            await keeper.open()
            await watch.turn()
            try #require(keeper.numbers == ["0a"])
            for left in [0, 4096] {
                try Self.fill(folder, leaving: left)
                world.pass(seconds: 3600)
                server.put("/a.crl", try own.list(11, at: world.now, count: 600), etag: "\"11\"")
                await keeper.turn()
                #expect(keeper.numbers == ["0a"])
                #expect(keeper.gauge?.failure == "disk" && keeper.gauge?.isAlarm == true, "\(String(describing: keeper.gauge?.detail))")
                await watch.turn()
                #expect(watch.health().state == .degraded)
                // A process that starts on the full disk has the old list.
                let again = world.keeper()
                await again.open()
                #expect(again.numbers == ["0a"])
                try FileManager.default.removeItem(atPath: folder + "/filler")
            }
            world.pass(seconds: 900)
            await keeper.turn()
            #expect(keeper.numbers == ["0b"])
            await watch.turn()
            await watch.turn()
            #expect(watch.health().state == .ok, "\(watch.health().reasons)")
            let again = world.keeper()
            await again.open()
            #expect(again.numbers == ["0b"])
        }
    }

    @Test func `is told where nothing can be written at all`() async throws {
        let own = try ListAuthority()
        try await ListServer.serving { server, base in
            server.put("/a.crl", try own.list(10))
            // A file where the folder should be.
            let world = ListWorld([.url(base + "/a.crl")], [own])
            try Data().write(to: URL(fileURLWithPath: world.folder))
            let keeper = world.keeper()
            let watch = world.watch(keeper)
            await keeper.open()
            await watch.turn()
            #expect(keeper.numbers.isEmpty && keeper.gauge?.failure == "disk" && keeper.gauge?.isAlarm == true)
            #expect(watch.health().state == .stale)
            #expect(watch.health().reasons.contains { $0.code == "disk" })
            try FileManager.default.removeItem(atPath: world.folder)
            world.pass(seconds: 900)
            await keeper.turn()
            await watch.turn()
            #expect(keeper.numbers == ["0a"] && watch.health().state == .ok)
        }
    }
}

@Suite struct `A folder of small files` {
    @Test func `gives lines of their own to what is added after half a line`() throws {
        let folder = DiskFolder(ListWorld.path())
        try folder.make()
        try folder.append("a.jsonl", line: "{\"a\":1}")
        try Data("{\"a\":1}\n{\"b\"".utf8).write(to: URL(fileURLWithPath: folder.path(of: "a.jsonl")))
        try folder.append("a.jsonl", line: "{\"c\":3}")
        #expect(try folder.read("a.jsonl", limit: 100).map { String(decoding: $0, as: UTF8.self) } == "{\"a\":1}\n{\"b\"\n{\"c\":3}\n")
    }

    @Test func `reads no more than it is asked to`() throws {
        let folder = DiskFolder(ListWorld.path())
        try folder.make()
        try folder.write("a", [1, 2, 3])
        #expect(try folder.read("a", limit: 3) == [1, 2, 3])
        #expect(throws: DiskTrouble.self) { try folder.read("a", limit: 2) }
        #expect(try folder.read("b", limit: 2) == nil)
    }

    @Test func `is closed to others`() throws {
        let folder = DiskFolder(ListWorld.path())
        try folder.make()
        let mode = try FileManager.default.attributesOfItem(atPath: folder.path)[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o700)
    }
}
