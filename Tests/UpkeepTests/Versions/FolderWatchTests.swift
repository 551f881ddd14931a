import Foundation
import Settings
import Synchronization
import Testing
import Upkeep
import Vocabulary

@Suite struct `A watch over folders` {
    private final class Told: Sendable {
        private let kept = Mutex<[[String]]>([])
        var all: [[String]] { kept.withLock { $0 } }
        func add(_ paths: [String]) { kept.withLock { $0.append(paths.map { ($0 as NSString).lastPathComponent }) } }
        func reached(_ count: Int) async -> Bool {
            for _ in 0..<3000 where all.count < count { try? await Task.sleep(for: .milliseconds(20)) }
            return all.count >= count
        }
    }

    private static func folder() throws -> String {
        let path = NSTemporaryDirectory() + "/sekisho-watch-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path + "/deep", withIntermediateDirectories: true)
        try Data("one".utf8).write(to: URL(fileURLWithPath: path + "/a.yaml"))
        return path
    }

    private static func watching(
        _ path: String, due: @escaping @Sendable () -> Timestamp? = { nil }, _ body: (FolderWatch, Told) async throws -> Void
    ) async throws {
        let told = Told()
        let watch = FolderWatch(
            { [path] }, every: .milliseconds(30), quiet: .milliseconds(300), share: 1, due: due, clock: { Timestamp(seconds: 1000) },
            changed: { told.add($0) })
        try await withThrowingTaskGroup { group in
            group.addTask { try await watch.run() }
            try await Task.sleep(for: .milliseconds(150))
            try await body(watch, told)
            group.cancelAll()
        }
        try? FileManager.default.removeItem(atPath: path)
    }

    @Test func `tells what changed, once it has come to rest`() async throws {
        let path = try Self.folder()
        try await Self.watching(path) { _, told in
            #expect(told.all == [])
            // Written in steps, as a slow copy is.
            for step in 0..<6 {
                try Data(String(repeating: "x", count: step + 5).utf8).write(to: URL(fileURLWithPath: path + "/a.yaml"))
                try await Task.sleep(for: .milliseconds(20))
            }
            #expect(await told.reached(1))
            try await Task.sleep(for: .milliseconds(250))
            #expect(told.all == [["a.yaml"]] || told.all.map { Set($0).contains("a.yaml") } == [true])
            try Data("new".utf8).write(to: URL(fileURLWithPath: path + "/deep/b.yaml"))
            #expect(await told.reached(2))
            #expect(told.all.last?.contains("b.yaml") == true)
            try FileManager.default.removeItem(atPath: path + "/a.yaml")
            #expect(await told.reached(3))
            #expect(told.all.last?.contains("a.yaml") == true)
        }
    }

    @Test func `says nothing of what somebody has read anyhow, nor of what has not changed`() async throws {
        let path = try Self.folder()
        try await Self.watching(path) { watch, told in
            try Data("four".utf8).write(to: URL(fileURLWithPath: path + "/a.yaml"))
            await watch.renew()
            try await Task.sleep(for: .milliseconds(600))
            #expect(told.all == [])
        }
    }

    @Test func `tells when a moment has come, and not before`() async throws {
        let path = try Self.folder()
        let moment = Mutex<Timestamp?>(Timestamp(seconds: 1001))
        try await Self.watching(path, due: { moment.withLock { $0 } }) { _, told in
            try await Task.sleep(for: .milliseconds(150))
            #expect(told.all == [])
            moment.withLock { $0 = Timestamp(seconds: 1000) }
            #expect(await told.reached(1))
            #expect(told.all.first == [])
            moment.withLock { $0 = nil }
        }
    }

    @Test func `does not mind folders that are not there`() {
        let nowhere = FolderPrint(of: ["/nonexistent/\(UUID().uuidString)"])
        #expect(nowhere == FolderPrint(of: []))
        #expect(nowhere.differences(from: FolderPrint(of: [])) == [])
    }
}

@Suite struct `The alarm about settings` {
    @Test func `stands from the first refusal until the folder is right, and is told once for each state`() {
        let alarm = SettingsAlarm()
        let one = Problem(file: "Policies/rules.yaml", line: 3, code: "yaml.syntax", message: "m", remedy: "r")
        let two = Problem(file: "Policies/rules.yaml", line: 4, code: "rules.nothing", message: "m", remedy: "r")
        #expect(alarm.summary["state"]?.string == "ok")
        #expect(alarm.raise([one], at: Timestamp(seconds: 10)))
        #expect(!alarm.raise([one], at: Timestamp(seconds: 20)))
        #expect(alarm.raise([one, two], at: Timestamp(seconds: 30)))
        #expect(alarm.summary["state"]?.string == "refused" && alarm.summary["problems"]?.integer == 2)
        #expect(alarm.summary["since"]?.string == Timestamp(seconds: 10).text)
        #expect(alarm.summary["codes"]?.strings == ["rules.nothing", "yaml.syntax"])
        #expect(!alarm.summary.text.contains("rules.yaml"), "names of files are nobody's business")
        #expect(alarm.clear()?.since == Timestamp(seconds: 10))
        #expect(alarm.clear() == nil && alarm.summary["state"]?.string == "ok")
    }
}
