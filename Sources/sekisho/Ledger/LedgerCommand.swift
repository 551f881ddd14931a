import ArgumentParser
import SQLiteStores
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What an auditor may see of the citizens' ledgers: how much was told, and the one entry that an audit record names. There is no way from a
/// citizen to his entries here: his own page is `/ledger`.
struct LedgerCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ledger", abstract: "See how much services were told of citizens, and the entry of one answer.",
        subcommands: [Count.self, Show.self, Forget.self])

    struct Count: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print how many entries there are: service, purpose, what was told, number.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(help: "From this moment on (2026-11-01T00:00:00Z).") var from: String?
        @Option(help: "Before this moment.") var until: String?

        func run() async throws {
            let store = try SQLiteStore(path: try Deployment.load(folder).store.path, durability: .normal)
            let start = try LedgerCommand.moment(from, "--from") ?? Timestamp(milliseconds: 0)
            let end = try LedgerCommand.moment(until, "--until") ?? SystemClock.now().adding(seconds: 1)
            for count in try await store.counts(from: start, until: end) {
                print(
                    count.member.text, count.purpose.text, count.told.isEmpty ? "-" : count.told.joined(separator: ","), count.entries,
                    separator: "\t")
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print the entry that an audit record names under `ledger`; it does not say whose it is.")

        @Argument(help: "The deployment folder.") var folder: String
        @Argument(help: "The reference, 32 hexadecimal digits.") var reference: String

        func run() async throws {
            let store = try SQLiteStore(path: try Deployment.load(folder).store.path, durability: .normal)
            guard let reference = LedgerReference(reference) else {
                throw ValidationError("a reference has 32 hexadecimal digits in lower case, as the audit record has it under `ledger`")
            }
            guard let entry = try await store.entry(reference) else {
                Console.error("no entry goes by this reference")
                throw ExitCode(1)
            }
            let lines: [(String, String)] = [
                ("at", entry.at.text), ("service", entry.member.text), ("purpose", entry.purpose.text),
                ("told", entry.told.isEmpty ? "-" : entry.told.joined(separator: ", ")), ("rules", entry.rules.joined(separator: ", ")),
                ("basis", entry.bases.joined(separator: " / ")), ("policy-version", entry.policyVersion),
                ("protocol", entry.protocolName), ("path", entry.path.rawValue), ("consent", entry.consentedAt?.text ?? "-"),
            ]
            for (name, value) in lines { print(name, value, separator: "\t") }
        }
    }

    struct Forget: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Delete entries from before a moment, when the law no longer wants them kept; the audit trail says how many.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(help: "Entries from before this moment go (2021-04-01T00:00:00Z).") var before: String

        func run() async throws {
            let settings = try Deployment.load(folder)
            let store = try SQLiteStore(
                path: settings.store.path, durability: settings.store.synchronous == .full ? .full : .normal)
            guard let moment = try LedgerCommand.moment(before, "--before"), moment < SystemClock.now() else {
                throw ValidationError("--before must lie in the past")
            }
            var gone = 0
            while true {
                let now = SystemClock.now()
                let some = try await store.forget(before: moment, limit: 1_000) { count in
                    Record("ledger.forgotten", at: now, [("before", .string(moment.text)), ("entries", .integer(Int64(count)))])
                }
                if some == 0 { break }
                gone += some
            }
            print("\(gone) entries deleted")
        }
    }

    fileprivate static func moment(_ text: String?, _ option: String) throws -> Timestamp? {
        guard let text else { return nil }
        guard let moment = Timestamp(text) else { throw ValidationError("\(option) takes a moment like 2026-11-01T00:00:00Z") }
        return moment
    }
}
