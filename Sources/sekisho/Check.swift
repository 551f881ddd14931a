import ArgumentParser
import Foundation
import Settings
import TrustFramework

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Report everything that is wrong in a deployment folder, with file and line.")

    @Argument(help: "The deployment folder.") var folder: String

    func run() throws {
        let configuration = try Deployment.load(folder)
        for notice in configuration.notices { print("notice: \(notice)") }
        print("\(folder): good; \(configuration.federation.members.count) members, policy version \(configuration.policy.version)")
    }
}

/// Loading with the problems printed the way compilers print them.
enum Deployment {
    static func load(_ folder: String) throws -> Configuration {
        do throws(SettingsProblems) {
            return try Settings.load(folder, environment: ProcessInfo.processInfo.environment, at: SystemClock.now())
        } catch {
            for problem in error.problems { Console.error(problem.description) }
            Console.error("\(error.problems.count) problem\(error.problems.count == 1 ? "" : "s") in \(folder)")
            throw ExitCode(1)
        }
    }
}
