import ArgumentParser
import Foundation
import Logging
import SAML
import Settings
import TrustFramework
import Upkeep
import Vocabulary

struct MetadataCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metadata",
        abstract: "Members' SAML metadata, from files and from federations: what is in use, what would change, and back again.",
        subcommands: [
            MetadataStatus.self, MetadataShow.self, MetadataSearch.self, MetadataDiff.self, MetadataAccept.self, MetadataRollback.self,
            MetadataRefresh.self,
        ])
}

/// A deployment and what its keeper has on the disk.
struct MetadataDesk {
    let configuration: Configuration
    let folder: DiskFolder
    let disk: MetadataDisk
    let history: MemberHistory

    init(_ deployment: String) throws {
        configuration = try Deployment.load(deployment)
        folder = MetadataKeeping.folder(configuration)
        disk = MetadataDisk(folder)
        history = MemberHistory(folder)
    }

    var sources: [MetadataSource] { configuration.federation.sources.sorted { $0.name < $1.name } }

    func source(_ name: String) -> MetadataSource? { sources.first { $0.name == name } }

    /// A source by its name, or a refusal that names those there are.
    func source(named name: String) throws -> MetadataSource {
        if let source = source(name) { return source }
        throw ValidationError(
            sources.isEmpty
                ? "there is no source; see Metadata/README.md"
                : "there is no source `\(name)`: " + sources.map(\.name).joined(separator: ", "))
    }

    /// A member of the members folder that speaks SAML: its file there, relative to the deployment.
    func member(_ text: String) -> (id: MemberID, file: String)? {
        guard let id = MemberID(text), let registration = configuration.federation.registration(id), let file = registration.companion,
            case .saml = registration.speech
        else { return nil }
        return (id, "Metadata/members/" + file)
    }

    func bytes(_ file: String) throws -> [UInt8] {
        guard let data = FileManager.default.contents(atPath: file) else { throw ValidationError("the file `\(file)` cannot be read") }
        return [UInt8](data)
    }

    var isDevelopment: Bool { configuration.mode == .development }

    /// Gives an order to the running server, or does it here when none runs.
    func order(_ order: MetadataOrder, deployment: String, wait: Patience) async throws {
        let answer: OrderAnswer
        if RunningServer(deployment) != nil {
            let box = OrderBox(in: folder), name = "\(ProcessInfo.processInfo.processIdentifier)-\(SystemClock.now().milliseconds)"
            try box.put(order, named: name)
            var found: OrderAnswer?
            for _ in 0..<(max(wait.seconds, 1) * 10) where found == nil {
                try await Task.sleep(for: .milliseconds(100))
                found = box.answer(to: name)
            }
            guard let found else {
                Console.error(
                    "the running server has not answered for \(wait.seconds) s; it may be at work still, see `sekisho metadata status`")
                throw ExitCode(1)
            }
            answer = found
        } else {
            var quiet = Logger(label: "sekisho")
            quiet.logLevel = .critical
            let keeping = MetadataKeeping(configuration: Published(configuration), logger: quiet)
            await keeping.keeper.open(within: 0)
            answer = await keeping.keeper.perform(order)
        }
        guard answer.isDone else {
            Console.error(answer.text)
            throw ExitCode(1)
        }
        print(answer.text)
    }

    /// Puts a member's metadata file in its place, and tells a running server.
    func replace(_ member: (id: MemberID, file: String), with bytes: [UInt8], deployment: String, wait: Patience) async throws {
        let path = configuration.folder + "/" + member.file
        let before = try self.bytes(path)
        try Data(bytes).write(to: URL(fileURLWithPath: path), options: .atomic)
        // The whole folder has to be right with it; otherwise the file before comes back.
        do { _ = try Deployment.load(deployment) } catch {
            try Data(before).write(to: URL(fileURLWithPath: path), options: .atomic)
            Console.error("nothing was changed")
            throw error
        }
        // Before the server reads it, which would write down a change of its own without the reason.
        try history.note(bytes, of: member.id, development: isDevelopment, at: SystemClock.now())
        guard let running = RunningServer(deployment) else {
            print("no server is running on this folder")
            return
        }
        guard try await running.reload(within: wait) else {
            Console.error("the running server did not take the file over; see its log")
            throw ExitCode(1)
        }
        print("the running server has taken it over")
    }
}

func refuseEmptyReason(_ why: String) throws {
    guard why.contains(where: { !$0.isWhitespace }), why.utf8.count <= 1000 else {
        throw ValidationError("say why, in at most 1,000 bytes: whoever reads the history in ten years was not there")
    }
}
