import ArgumentParser
import Foundation
import Settings
import Upkeep
import Vocabulary

/// A deployment's versions of its policy, as the commands see them: the archive, the plan, and a server that may be running.
struct PolicyDesk {
    let folder: String
    let archive: PolicyArchive
    let store: String
    let signatures: Int

    init(_ folder: String) throws {
        guard let places = Settings.places(of: folder, environment: ProcessInfo.processInfo.environment) else {
            _ = try Deployment.load(folder, tokens: .none)
            throw ExitCode(1)
        }
        self.folder = folder
        (archive, store, signatures) = places
    }

    var shelf: PolicyShelf { PolicyShelf(archive) }

    func plan() throws -> ActivationPlan {
        guard let plan = archive.plan else {
            throw ValidationError("\(archive.path)/\(ActivationPlan.fileName) cannot be read; bring it back from a backup")
        }
        return plan
    }

    func bundle(_ file: String) throws -> PolicyBundle {
        guard let data = FileManager.default.contents(atPath: file) else { throw ValidationError("the file `\(file)` cannot be read") }
        do { return try PolicyBundle(reading: [UInt8](data)) } catch { throw ValidationError("`\(file)`: \(error) [\(error.code)]") }
    }

    func write(_ plan: ActivationPlan) throws {
        do { try shelf.write(plan) } catch { throw ValidationError("the plan was not written: \(error)") }
    }

    /// Has a running server take the plan up, and undoes what was written when it will not.
    func tell(_ before: ActivationPlan, wait: Patience) async throws {
        guard let running = RunningServer(folder) else {
            print("no server is running on this folder")
            return
        }
        guard try await running.reload(within: wait) else {
            try write(before)
            Console.error("the running server did not take it over; see its log. The plan is as it was")
            throw ExitCode(1)
        }
        print("the running server has taken it over")
    }

    /// Who gives the command, for the trail: what `--by` says, else the account at this machine.
    static func account(_ by: String?) throws -> String {
        let environment = ProcessInfo.processInfo.environment
        let name = by ?? environment["SUDO_USER"] ?? environment["USER"] ?? environment["LOGNAME"] ?? NSUserName()
        guard (1...200).contains(name.utf8.count), !name.unicodeScalars.contains(where: { $0.value < 0x20 }) else {
            throw ValidationError("--by is empty or longer than 200 bytes")
        }
        return name
    }
}
