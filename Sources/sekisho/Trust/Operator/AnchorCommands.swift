import ArgumentParser
import Foundation
import Settings
import Upkeep
import Vocabulary

struct TrustAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add",
        abstract: "Believe an authority: check its certificate together with the whole deployment, copy it in, note why.")

    @Argument(help: "The authority's certificate, PEM or DER; several may stand in one PEM file.") var file: String
    @Option(help: "Why, for the feed of changes.") var reason: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Believe it under this profile only (Keys/anchors-of/PROFILE); otherwise in Keys/anchors.") var profile: String?
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10

    func validate() throws { try refuseEmpty(reason) }

    func run() async throws {
        guard let handle = InputFile.open(file), let data = try handle.read(upToCount: 1 << 20) else {
            throw ValidationError("there is no file `\(file)`")
        }
        let now = SystemClock.now()
        try await change(.anchorAdded, wait: wait, deployment, reason, at: now) { () throws(SettingsProblems) in
            try Settings.add(
                anchors: [UInt8](data), from: file, for: profile, to: deployment, environment: ProcessInfo.processInfo.environment, at: now)
        }
    }
}

struct TrustRemove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "remove", abstract: "Believe an authority no longer, wherever it stands in Keys; note why.")

    @Argument(help: "The SHA-256 fingerprint of its certificate; `sekisho trust status` shows it.") var fingerprint: String
    @Option(help: "Why, for the feed of changes.") var reason: String
    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10

    func validate() throws { try refuseEmpty(reason) }

    func run() async throws {
        let now = SystemClock.now()
        try await change(.anchorRemoved, wait: wait, deployment, reason, at: now) { () throws(SettingsProblems) in
            try Settings.remove(anchor: fingerprint, from: deployment, environment: ProcessInfo.processInfo.environment, at: now)
        }
    }
}

private func refuseEmpty(_ reason: String) throws {
    guard reason.contains(where: { !$0.isWhitespace }), reason.utf8.count <= 1000 else {
        throw ValidationError("say why, in at most 1,000 bytes: whoever reads the feed in ten years was not there")
    }
}

/// Changes the folder, notes it, and tells a running server.
private func change(
    _ event: TrustFeed.Change.Event, wait: Patience, _ deployment: String, _ why: String, at now: Timestamp,
    _ work: () throws(SettingsProblems) -> [AnchorChange]
) async throws {
    let changes: [AnchorChange]
    do throws(SettingsProblems) {
        changes = try work()
    } catch {
        for problem in error.problems { Console.error(problem.description) }
        Console.error("nothing was changed")
        throw ExitCode(1)
    }
    let disk = TrustDisk(try Deployment.load(deployment))
    for change in changes {
        print("\(event.rawValue) \(change.file): \(change.subject), SHA-256 \(change.fingerprint)")
        do { try disk.note(change, event, why: why, at: now) } catch {
            Console.error("the change is made, but the feed could not be written: \(error)")
            throw ExitCode(1)
        }
    }
    guard let running = RunningServer(deployment) else {
        print("no server is running on this folder")
        return
    }
    guard try await running.reload(within: wait) else {
        Console.error("the running server did not take the change over; see its log")
        throw ExitCode(1)
    }
    print("the running server has taken it over")
}
