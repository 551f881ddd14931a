import Foundation
import Vocabulary

/// What the auditor reads, with the commands that an auditor has: `sekisho audit show` and `sekisho policy explain`, each a process of its own
/// on the deployment that is running.
struct AuditorsDesk {
    struct Entry: Sendable {
        let number: Int64
        let record: JSON

        var event: String { record["event"]?.string ?? "" }
        var code: String? { record["code"]?.string }
        var isDecision: Bool { record["decision"] != nil }
        /// The rules that decided.
        var rules: [String] { (record["decision"]?["rules"] ?? record["rules"])?.strings ?? [] }
    }

    struct Told: Sendable {
        let status: Int32
        /// What was said on both streams.
        let text: String
    }

    let deployment: String

    /// What was recorded after the entry of this number.
    func entries(after number: Int64) async throws -> [Entry] {
        let told = try await Self.run(["audit", "show", deployment, "--from", "\(number + 1)", "--limit", "10000"])
        return told.text.split(separator: "\n").compactMap { line in
            let halves = line.split(separator: "\t", maxSplits: 1)
            guard halves.count == 2, let number = Int64(halves[0]), let record = try? JSON(reading: Array(halves[1].utf8), limit: 1 << 20)
            else { return nil }
            return Entry(number: number, record: record)
        }
    }

    func explain(_ what: String, for reader: String) async throws -> Told {
        try await Self.run(["policy", "explain", what, "--for", reader, "--deployment", deployment])
    }

    /// This very program, with other arguments.
    static func run(_ arguments: [String]) async throws -> Told {
        let process = Process()
        process.executableURL = URL(fileURLWithPath: "/proc/self/exe").resolvingSymlinksInPath()
        process.arguments = arguments
        let said = Pipe()
        process.standardOutput = said
        process.standardError = said
        do { try process.run() } catch { throw DemoRefusal(what: "sekisho \(arguments.joined(separator: " ")): \(error)") }
        // Reading waits, so it has a thread of its own.
        let text = await withCheckedContinuation { continuation in
            Thread.detachNewThread { continuation.resume(returning: said.fileHandleForReading.readDataToEndOfFile()) }
        }
        process.waitUntilExit()
        return Told(status: process.terminationStatus, text: String(decoding: text, as: UTF8.self))
    }
}
