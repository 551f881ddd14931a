import ArgumentParser
import SQLiteStores
import Settings
import SignOn
import Vocabulary

struct AdminExport: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Members, officers, rules, public halves of keys and authorities as sorted text, for version control. No secret is in it."
    )

    @Argument(help: "The deployment folder.") var folder: String

    func run() throws { print(try Deployment.load(folder, tokens: .none).export(at: SystemClock.now()), terminator: "") }
}

struct AdminDeadlines: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "deadlines",
        abstract: "Accreditations, keys, metadata and terms that end, soonest first. Exit 1 when one has ended or ends in 3 days.")

    @Argument(help: "The deployment folder.") var folder: String
    @Option(help: "Only what ends within so many days, 0 to 36500.") var within: Int = 90
    @Flag(help: "Print lines of JSON instead.") var json = false

    func validate() throws {
        // A century.
        guard (0...36_500).contains(within) else { throw ValidationError("--within is 0 to 36500 days") }
    }

    func run() throws {
        let now = SystemClock.now()
        let deadlines = try Deployment.load(folder, tokens: .none).deadlines().filter {
            $0.at.seconds(since: now) <= Int64(within) * 86_400
        }
        for deadline in deadlines {
            let days = deadline.at.seconds(since: now) / 86_400
            print(
                json
                    ? deadline.json.text
                    : [deadline.at.text, deadline.kind.rawValue, deadline.name, days < 0 ? "OVER" : "\(days) days"].joined(separator: "\t"))
        }
        if deadlines.contains(where: { ($0.reminder(at: now) ?? 30) <= 3 }) { throw ExitCode(1) }
    }
}

struct MeteringCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "metering",
        abstract: "What members used, by month, with the costs of the checks that `metering:` in sekisho.yaml names.",
        discussion: """
            Counts what came into the audit trail since the last count first, in the steps that a running server counts in. Kinds: card-login,
            session-login, signature, status-again, attributes, refusal.
            """)

    @Argument(help: "The deployment folder.") var folder: String
    @Option(help: "A month of Japan's calendar (2026-11); default: every one.") var month: String?
    @Option(help: "One member.") var member: String?
    @Flag(help: "Print CSV (RFC 4180).") var csv = false

    func validate() throws {
        if let month, month.utf8.count != 7 || Timestamp(month + "-01T00:00:00Z") == nil {
            throw ValidationError("--month is like 2026-11")
        }
    }

    func run() async throws {
        let settings = try Deployment.load(folder, tokens: .none)
        let store = try AdminCommand.store(settings)
        while try await store.meter(limit: 2_000) >= 2_000 { await Task.yield() }
        let id = try member.map { text in
            guard let id = MemberID(text) else { throw ValidationError("`\(Explanation.redacted(text))` is no member's id") }
            return id
        }
        let usage = try await store.usage(month: month, member: id)
        guard !csv else { return print(MeteringTable.csv(usage, settings.metering), terminator: "") }
        let table = MeteringTable(usage, settings.metering)
        print((["member"] + UsageKind.allCases.map(\.rawValue) + ["cost " + table.currency]).joined(separator: "\t"))
        for row in table.rows {
            print(
                ([row.member.text] + UsageKind.allCases.map { String(row.counts[$0] ?? 0) } + [Money.text(row.cost)]).joined(
                    separator: "\t"))
        }
        print((["total"] + UsageKind.allCases.map { String(table.total($0)) } + [Money.text(table.cost)]).joined(separator: "\t"))
    }
}
