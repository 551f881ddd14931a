import ArgumentParser
import Foundation
import Settings

struct MemberCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "member", abstract: "Register members of the federation.", subcommands: [Add.self])

    struct Add: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Check a member's file together with the whole deployment, copy it in, and tell a running server.")

        @Argument(help: "The member's YAML file; the files it names lie beside it.") var file: String
        @Option(help: "The deployment folder.") var deployment: String = "."
        @Flag(help: "Replace the member if it is registered already.") var replace = false
        @Option(help: "Seconds to wait for a running server.") var wait: Int = 10

        func run() async throws {
            do throws(SettingsProblems) {
                let (id, _) = try Settings.add(
                    member: file, to: deployment, replacing: replace, environment: ProcessInfo.processInfo.environment,
                    at: SystemClock.now())
                print("\(id) is registered in \(deployment)")
            } catch {
                for problem in error.problems { Console.error(problem.description) }
                throw ExitCode(1)
            }
            guard let running = RunningServer(deployment) else {
                print("no server is running on this folder")
                return
            }
            guard try await running.reload(within: wait) else {
                Console.error("the running server did not take the new files over; see its log")
                throw ExitCode(1)
            }
            print("the running server has taken it over")
        }
    }
}

/// The server that runs on a deployment folder, found by the files it keeps in `run/`.
struct RunningServer {
    private let folder: String
    private let process: Int32

    init?(_ deployment: String) {
        folder = deployment + "/run"
        guard let text = try? String(contentsOfFile: folder + "/sekisho.pid", encoding: .utf8),
            let process = Int32(text.trimmingCharacters(in: .whitespacesAndNewlines)), kill(process, 0) == 0
        else { return nil }
        self.process = process
    }

    /// Asks for a reload and waits until the server says which generation it serves.
    func reload(within seconds: Int) async throws -> Bool {
        let before = Self.generation(folder)
        guard kill(process, SIGHUP) == 0 else { return false }
        for _ in 0..<(seconds * 20) {
            try await Task.sleep(for: .milliseconds(50))
            if let now = Self.generation(folder), now != before { return !now.hasPrefix("refused") }
        }
        return false
    }

    private static func generation(_ folder: String) -> String? {
        try? String(contentsOfFile: folder + "/generation", encoding: .utf8)
    }

    /// Called by the server: `text` is a new value at every reload, beginning with `refused` when the old state stays.
    static func note(generation text: String, in deployment: String) throws {
        try Data(text.utf8).write(to: URL(fileURLWithPath: deployment + "/run/generation"), options: .atomic)
    }

    static func begin(in deployment: String) throws {
        try FileManager.default.createDirectory(atPath: deployment + "/run", withIntermediateDirectories: true)
        try Data("\(ProcessInfo.processInfo.processIdentifier)\n".utf8)
            .write(to: URL(fileURLWithPath: deployment + "/run/sekisho.pid"), options: .atomic)
    }
}
