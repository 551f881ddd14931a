import ArgumentParser
import Foundation
import SQLiteStores
import Settings
import SignOn
import Vocabulary

struct AdminList: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "list", abstract: "Officers, and what waits for them in the console.")

    @Argument(help: "The deployment folder.") var folder: String
    @Flag(help: "Print JSON instead.") var json = false

    func run() async throws {
        let settings = try Deployment.load(folder, tokens: .none)
        let now = SystemClock.now()
        var asks: [OfficeAsk] = []
        if FileManager.default.fileExists(atPath: settings.store.path) {
            let store = try AdminCommand.store(settings)
            for kind in OfficeAsk.Kind.allCases { asks += try await store.asks(kind, at: now) }
        }
        if json {
            print(
                JSON.object([
                    ("officers", .array(settings.officers.all.map { $0.json(at: now) })),
                    ("asks", .array(asks.map { Self.json($0) })),
                ]).text)
            return
        }
        for officer in settings.officers.all {
            print(
                officer.id, officer.name, officer.roles.map(\.rawValue).sorted().joined(separator: ","),
                officer.isRevoked ? "revoked" : officer.isInOffice(at: now) ? "in office until \(officer.notAfter.text)" : "out of term",
                officer.card == nil ? "no card" : "card bound", officer.key == nil ? "no key" : "key", separator: "\t")
        }
        for ask in asks {
            let signed = ask.changes.map(\.claimedOfficer)
            print(
                "waits", ask.kind.rawValue, ask.name, Self.about(ask), "signed: " + (signed.isEmpty ? "-" : signed.joined(separator: ",")),
                separator: "\t")
        }
        if settings.officers.all.isEmpty { print("there is no officer; `sekisho admin bootstrap \(folder) --officer ID` makes the first") }
    }

    private static func about(_ ask: OfficeAsk) -> String {
        ask.kind == .officer
            ? "card for " + (ask.body["officer"]?.string ?? "-")
            : (ask.body["act"]?.string ?? "-") + ", by " + (ask.body["by"]?.string ?? "-")
    }

    private static func json(_ ask: OfficeAsk) -> JSON {
        .object([
            ("kind", .string(ask.kind.rawValue)), ("name", .string(ask.name)), ("about", .string(about(ask))),
            ("asked", .string(ask.askedAt.text)), ("expires", .string(ask.expiresAt.text)),
            ("signed", .array(ask.changes.map { .string($0.claimedOfficer) })),
        ])
    }
}

struct AdminApprove: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "approve", abstract: "Approve a card for an officer with an officer's own key, as the console does with a card.")

    @Argument(help: "The deployment folder.") var folder: String
    @Argument(help: "The number of the request, as `sekisho admin list` prints it.") var ask: String
    @OptionGroup var officer: OfficerKey
    @Option(help: "Why, for the signature.") var reason: String
    @Option(help: "Seconds to wait for a running server, 0 to 3600.") var wait: Patience = 10

    func run() async throws {
        let settings = try Deployment.load(folder, tokens: .none)
        let store = try AdminCommand.store(settings)
        let now = SystemClock.now()
        guard let waiting = try await store.asks(.officer, at: now).first(where: { $0.name == ask }),
            let binding = OfficerBinding(waiting.body)
        else { throw ValidationError("no card waits under `\(Explanation.redacted(ask))`; `sekisho admin list` shows what does") }
        let change: SignedChange
        do {
            change = try SignedChange.signed(
                .officer, digest: binding.digest, reason: reason, as: officer.officer, with: try officer.key(), at: now)
            _ = try change.verified(.officer, digest: binding.digest, by: settings.officers, within: 60, at: now)
        } catch let refusal as OfficerRefusal {
            Console.error("the signature does not count: \(refusal) [\(refusal.code)]")
            throw ExitCode(1)
        }
        let record = Record(
            "console.card-approved", at: now,
            [
                ("officer", .string(officer.officer)), ("ask", .string(ask)), ("for", .string(binding.officer)),
                ("reason", .string(reason)),
            ])
        guard let signed = try await store.sign(ask, .officer, with: change.text, recording: record, at: now) else {
            throw ValidationError("it no longer waits")
        }
        let changes = signed.changes
        do throws(SettingsProblems) {
            _ = try Settings.take(binding, signed: changes, in: folder, environment: AdminCommand.environment, at: now)
        } catch  where error.problems.contains(where: { $0.code == "officer.too-few" }) {
            print("approved; others have still to")
            return
        } catch {
            for problem in error.problems { Console.error(problem.description) }
            throw ExitCode(1)
        }
        _ = try await store.close(
            ask, .officer,
            recording: Record(
                "console.card-bound", at: now,
                [
                    ("officer", .string(binding.officer)), ("ask", .string(ask)),
                    ("officers", .array(changes.map { .string($0.claimedOfficer) })),
                ]))
        print("\(binding.officer): the card is bound")
        try await AdminCommand.tell(folder, wait: wait)
    }
}

struct AdminReject: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "reject", abstract: "Take back what waits in the console.")

    @Argument(help: "The deployment folder.") var folder: String
    @Argument(help: "The number, as `sekisho admin list` prints it.") var ask: String
    @Option(help: "Who gives the command; default: the account here.") var by: String?

    func run() async throws {
        let store = try AdminCommand.store(try Deployment.load(folder, tokens: .none))
        let account = try PolicyDesk.account(by)
        for kind in OfficeAsk.Kind.allCases {
            let event = kind == .officer ? "console.card-rejected" : "console.policy-rejected"
            let record = Record(event, at: SystemClock.now(), [("by", .string(account)), ("ask", .string(ask))])
            guard try await store.close(ask, kind, recording: record) else { continue }
            print("\(ask) waits no longer; nothing was changed")
            return
        }
        throw ValidationError("nothing waits under `\(Explanation.redacted(ask))`")
    }
}
