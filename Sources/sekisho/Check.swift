import ArgumentParser
import Cryptography
import Foundation
import Settings
import TrustFramework
import Vocabulary

struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(abstract: "Report everything that is wrong in a deployment folder, with file and line.")

    @Argument(help: "The deployment folder.") var folder: String

    func run() throws {
        let configuration = try Deployment.load(folder)
        for notice in configuration.notices { print("notice: \(notice)") }
        for key in configuration.keys {
            guard let token = key.token, token.wasAsked else { continue }
            print("Keys: `\(key.entry.name)` is in a token and " + (token.fault.map { "does not answer [\($0.code)]" } ?? "answers"))
        }
        for member in configuration.federation.members {
            if let client = configuration.federation.client(member.id) { print("client \(member.id.text): \(client.summary)") }
        }
        print("\(folder): good; \(configuration.federation.members.count) members, policy version \(configuration.policy.version)")
    }
}

/// Loading with the problems printed the way compilers print them.
enum Deployment {
    static func load(_ folder: String, tokens: TokenDemand = .all, policies: PolicyDemand = .inForce) throws -> Configuration {
        do throws(SettingsProblems) {
            return try Settings.load(
                folder, environment: ProcessInfo.processInfo.environment, tokens: tokens, policies: policies, at: SystemClock.now())
        } catch {
            for problem in error.problems { Console.error(problem.description) }
            Console.error("\(error.problems.count) problem\(error.problems.count == 1 ? "" : "s") in \(folder)")
            throw ExitCode(1)
        }
    }
}
