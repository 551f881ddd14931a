import ArgumentParser
import Cryptography
import Foundation
import SQLiteStores
import Settings
import SignOn
import Vocabulary

struct AdminCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "admin", abstract: "Officers of the administrators' console: the first one's card, everybody else, exports, dates.",
        subcommands: [
            AdminBootstrap.self, AdminAdd.self, AdminList.self, AdminApprove.self, AdminReject.self, AdminExport.self, AdminDeadlines.self,
        ])

    static var environment: [String: String] { ProcessInfo.processInfo.environment }

    static func store(_ settings: Configuration) throws -> SQLiteStore {
        try SQLiteStore(path: settings.store.path, durability: settings.store.synchronous == .full ? .full : .normal)
    }

    /// A running server takes the folder up.
    static func tell(_ folder: String, wait: Patience) async throws {
        guard let running = RunningServer(folder) else {
            print("no server is running on this folder")
            return
        }
        guard try await running.reload(within: wait) else {
            Console.error("the running server did not take the new files over; see its log")
            throw ExitCode(1)
        }
        print("the running server has taken it over")
    }

    static func telling<Value>(_ work: () throws(SettingsProblems) -> Value) throws -> Value { try MemberDesk.telling(work) }
}

struct AdminBootstrap: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "bootstrap", abstract: "Show a one-time code that makes a card the first officer's, in the console.",
        discussion: """
            Makes the officer's file when there is none, and the key by which the console vouches for what officers approve. Log in at /console
            with the card and its PIN, and enter the code there. It is good once, for fifteen minutes, and only as long as no officer has a
            card; every later card is approved by officers.
            """)

    @Argument(help: "The deployment folder.") var folder: String
    @OptionGroup var officer: OfficerOptions
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10

    /// Seconds in which the code has to be entered.
    static let lifetime: Int64 = 900

    func run() async throws {
        let settings = try Deployment.load(folder, tokens: .none)
        guard settings.officers.all.allSatisfy({ $0.card == nil }) else {
            throw ValidationError("an officer with a card is there already; later cards are asked for and approved in the console")
        }
        if settings.officers[officer.officer] == nil {
            _ = try AdminCommand.telling { () throws(SettingsProblems) in
                try Settings.add(officer: try officer.draft(), in: folder, environment: AdminCommand.environment, at: SystemClock.now())
            }
            print("Keys/officers/\(officer.officer).yaml written")
        }
        if try AdminCommand.telling({ () throws(SettingsProblems) in try ConsoleSeal.ensure(in: folder, beside: settings.store.path) }) {
            print("a key for the console was made; its public half is Keys/officers/console.pem")
        }
        var random = SystemRandom()
        let code = OfficerBinding.fresh(using: &random)
        let store = try AdminCommand.store(settings)
        try await store.offer(
            OfficerCode(
                digest: Digest.sha256(Array(OfficerBinding.code(code).utf8)), officer: officer.officer,
                expiresAt: SystemClock.now().adding(seconds: Self.lifetime)))
        try await AdminCommand.tell(folder, wait: wait)
        print("log in at \(settings.baseURL)/console and enter within \(Self.lifetime / 60) minutes:")
        print(code)
    }
}

struct AdminAdd: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "add", abstract: "Write the file of a further officer, whose card is asked for and approved in the console.")

    @Argument(help: "The deployment folder.") var folder: String
    @OptionGroup var officer: OfficerOptions
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10

    func run() async throws {
        let path = try AdminCommand.telling { () throws(SettingsProblems) in
            try Settings.add(officer: try officer.draft(), in: folder, environment: AdminCommand.environment, at: SystemClock.now())
        }
        print("\(path) written")
        try await AdminCommand.tell(folder, wait: wait)
    }
}

/// Who an officer is to be.
struct OfficerOptions: ParsableArguments {
    @Option(help: "The officer's id: lower-case letters, digits and hyphens.") var officer: String
    @Option(help: "The officer's name, for people; default: the id.") var name: String?
    @Option(
        help: "Roles, separated by commas: registrar, policy-officer, trust-officer, operator, auditor; or developer with --member.")
    var roles: String = "registrar,policy-officer,trust-officer,operator,auditor"
    @Option(help: "The member that a developer belongs to.") var member: String?
    @Option(help: "The last day of the term (2027-03-31); default: in a year.") var until: String?

    func draft() throws(SettingsProblems) -> OfficerDraft {
        let words = roles.split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
        return try OfficerDraft(
            id: officer, name: name ?? officer, roles: words, member: member, until: until, at: SystemClock.now())
    }
}
