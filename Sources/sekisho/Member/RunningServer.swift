import Foundation
import Upkeep

/// The servers that run on a deployment folder, found by the files they keep in `run/`: `sekisho.pid` has the process of each on a line of
/// its own, so that `kill -HUP $(cat run/sekisho.pid)` reaches all; `nodes/PID` is locked as long as that one lives, so that a number which
/// the system gave to somebody else later is never signalled; `nodes/PID.generation` says what it serves, or is reading.
struct RunningServer {
    private let nodes: [Node]

    private struct Node {
        let folder: String
        let process: Int32

        private var path: String { folder + "/nodes/\(process)" }

        /// Whoever can take its lock has found it dead.
        var isAlive: Bool {
            FileManager.default.fileExists(atPath: path) && FileLock(path, .shared) == nil && kill(process, 0) == 0
        }

        var generation: Generation? { (try? String(contentsOfFile: path + ".generation", encoding: .utf8)).flatMap { Generation($0) } }

        func remove() {
            for suffix in ["", ".generation"] { try? FileManager.default.removeItem(atPath: path + suffix) }
        }

        static func all(in folder: String) -> [Node] {
            let names = (try? FileManager.default.contentsOfDirectory(atPath: folder + "/nodes")) ?? []
            return names.compactMap { Int32($0) }.sorted().map { Node(folder: folder, process: $0) }
        }
    }

    /// How the reading of a generation of the settings stands.
    enum Reading: String {
        case begun = "reading"
        case refused = "refused"
        case served = "serves"
    }

    /// `3` where the third is served, `refused 3` where the old state stays, `reading 3` meanwhile.
    private struct Generation {
        let reading: Reading
        let number: Int

        init(_ reading: Reading, _ number: Int) {
            self.reading = reading
            self.number = number
        }

        init?(_ text: String) {
            let words = text.split(whereSeparator: \.isWhitespace)
            guard let number = words.last.flatMap({ Int($0) }) else { return nil }
            self.number = number
            reading = words.count == 1 ? .served : Reading(rawValue: String(words[0])) ?? .served
        }

        var text: String { (reading == .served ? "" : reading.rawValue + " ") + "\(number)\n" }
    }

    /// Nil when none runs.
    init?(_ deployment: String) {
        nodes = Node.all(in: deployment + "/run").filter(\.isAlive)
        if nodes.isEmpty { return nil }
    }

    /// The others, for a server itself; nil when it is alone.
    init?(besideOwn deployment: String) {
        nodes = Node.all(in: deployment + "/run").filter { $0.process != Self.own && $0.isAlive }
        if nodes.isEmpty { return nil }
    }

    /// Asks for a reload and waits until each server says which generation it serves. False when one keeps its old state, or says nothing.
    func reload(within patience: Patience) async throws -> Bool {
        // A reading that has begun may have missed what this one is asked for: only a later one answers.
        var waiting = nodes.map { (node: $0, before: $0.generation?.number ?? 0) }
        for (node, _) in waiting where kill(node.process, SIGHUP) != 0 && node.isAlive { return false }
        for _ in 0..<(patience.seconds * 20) {
            try await Task.sleep(for: .milliseconds(50))
            var left: [(node: Node, before: Int)] = []
            for (node, before) in waiting {
                if let now = node.generation, now.reading != .begun, now.number > before {
                    if now.reading == .refused { return false }
                } else if node.isAlive {
                    left.append((node, before))
                }
            }
            waiting = left
            if waiting.isEmpty { return true }
        }
        return false
    }

    private static var own: Int32 { ProcessInfo.processInfo.processIdentifier }

    /// Called by the server at every reload, before it reads and when it has read; `run/generation` has only what came of it.
    static func note(_ reading: Reading, _ number: Int, in deployment: String) throws {
        let text = Generation(reading, number).text
        for name in (reading == .begun ? [] : ["generation"]) + ["nodes/\(own).generation"] {
            try Data(text.utf8).write(to: URL(fileURLWithPath: deployment + "/run/" + name), options: .atomic)
        }
    }

    /// This process runs a server on the folder, for as long as what is given back lives. It listens to SIGHUP already.
    static func begin(in deployment: String) throws -> FileLock {
        let folder = deployment + "/run"
        try FileManager.default.createDirectory(atPath: folder + "/nodes", withIntermediateDirectories: true)
        let desk = FileLock.waiting(for: folder + "/lock", .alone, seconds: 10)
        guard let desk else { throw CocoaError(.fileWriteUnknown) }
        // Whoever finds this server alive finds the generation from which to count.
        try note(.served, 1, in: deployment)
        guard let lock = FileLock(folder + "/nodes/\(own)", .alone) else { throw CocoaError(.fileWriteUnknown) }
        try list(in: folder, also: [own])
        withExtendedLifetime(desk) {}
        return lock
    }

    /// The server has ended: nobody is to signal its number any more.
    static func end(in deployment: String) {
        let folder = deployment + "/run"
        let desk = FileLock.waiting(for: folder + "/lock", .alone, seconds: 2)
        Node(folder: folder, process: own).remove()
        try? list(in: folder, also: [])
        withExtendedLifetime(desk) {}
    }

    private static func list(in folder: String, also own: [Int32]) throws {
        var alive = own
        for node in Node.all(in: folder) where !own.contains(node.process) {
            if node.isAlive { alive.append(node.process) } else { node.remove() }
        }
        let path = folder + "/sekisho.pid"
        if alive.isEmpty {
            try? FileManager.default.removeItem(atPath: path)
        } else {
            try Data(alive.sorted().map { "\($0)\n" }.joined().utf8).write(to: URL(fileURLWithPath: path), options: .atomic)
        }
    }
}
