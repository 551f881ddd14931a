import ArgumentParser
import SQLiteStores
import Settings

struct AuditCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "audit", abstract: "Look after the audit trail.", subcommands: [Verify.self, Show.self, AuditSearch.self])

    struct Verify: AsyncParsableCommand {
        static let configuration = CommandConfiguration(abstract: "Walk the hash chain from its start; exit 1 when it is broken.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(help: "The head that an earlier run printed, RECORDS:HASH: refuses a trail that was cut or replaced since.")
        var expectHead: AuditHead?

        func run() async throws {
            let store = try SQLiteStore(path: try Deployment.load(folder).store.path, durability: .normal)
            switch try await store.verifyAudit(expecting: expectHead) {
            case .holds(let records, let hash):
                print("audit trail holds: \(records) records, head \(AuditHead(records: records, hash: hash))")
            case .broken(let sequence, let why):
                Console.error("audit trail broken at record \(sequence): \(why)")
                throw ExitCode(1)
            }
        }
    }

    struct Show: AsyncParsableCommand {
        static let configuration = CommandConfiguration(
            abstract: "Print records, oldest first, one a line: its number, a tab, its JSON.")

        @Argument(help: "The deployment folder.") var folder: String
        @Option(help: "The first record to print.") var from: Int = 1
        @Option(help: "The most records to print; all of them when left out.") var limit: Int?

        /// Records in memory at a time.
        private static let page = 1000

        func validate() throws {
            if let limit, limit < 1 { throw ValidationError("--limit is at least 1") }
        }

        func run() async throws {
            let store = try SQLiteStore(path: try Deployment.load(folder).store.path, durability: .normal)
            var (next, left) = (Int64(from), limit ?? .max)
            while left > 0 {
                let records = try await store.audit(from: next, limit: min(left, Self.page))
                for record in records { print("\(record.sequence)\t\(record.body)") }
                guard let last = records.last?.sequence, last < .max else { return }
                next = last + 1
                left -= records.count
            }
            if try await !store.audit(from: next, limit: 1).isEmpty { Console.error("goes on with --from \(next)") }
        }
    }
}

extension AuditHead: ExpressibleByArgument {
    init?(argument: String) { self.init(argument) }
}
