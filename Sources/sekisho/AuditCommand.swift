import ArgumentParser
import SQLiteStores
import Settings

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Look after the audit trail.", subcommands: [Verify.self, Show.self, AuditSearch.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Walk the hash chain from its start; exit 1 when it is broken.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(help: "The head printed by an earlier run on a trail of the same length: refuses one that was cut or replaced.")
        var expectHead: String?

        func run() async throws {
            let store = try SQLiteStore(path: try Deployment.load(folder).store.path, durability: .normal)
            switch try await store.verifyAudit() {
            case .holds(let records, let head):
                if let expectHead, expectHead != head {
                    Console.error("the chain holds but its head is \(head), not \(expectHead)")
                    throw ExitCode(1)
                }
                print("audit trail holds: \(records) records, head \(head)")
            case .broken(let sequence, let why):
                Console.error("audit trail broken at record \(sequence): \(why)")
                throw ExitCode(1)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Print records, one line of JSON each.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(help: "The first record to print.") var from: Int = 1
        @Option(help: "The most records to print.") var limit: Int = 100

        func run() async throws {
            let store = try SQLiteStore(path: try Deployment.load(folder).store.path, durability: .normal)
            for record in try await store.audit(from: Int64(from), limit: limit) { print("\(record.sequence)\t\(record.body)") }
        }
    }
}
