import ArgumentParser
import Foundation
import Settings
import TrustFramework
import Upkeep
import Vocabulary

struct PolicyStatus: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "status",
        abstract:
            "Which version decides, who put it in force, what is planned, what the shadow found, and what is wrong. Exit 1 when something is."
    )

    @Option(help: "The deployment folder.") var deployment: String = "."
    @Option(help: "The last activations to print.") var history: Int = 5
    @Flag(help: "Print JSON instead.") var json = false

    func run() async throws {
        let desk = try PolicyDesk(deployment)
        let now = SystemClock.now(), plan = try desk.plan(), told = desk.shelf.told()
        var problems: [Problem] = []
        var loaded: Configuration?
        do throws(SettingsProblems) {
            loaded = try Settings.load(deployment, environment: ProcessInfo.processInfo.environment, tokens: .none, at: now)
        } catch { problems = error.problems }
        let activations = FileManager.default.fileExists(atPath: desk.store) ? try await PolicyTrail(desk).activations : []
        let report = desk.shelf.shadowReport()
        if json {
            say(desk, plan, told, loaded, problems, activations, report, now)
        } else {
            tell(desk, plan, told, loaded, problems, activations, report, now)
        }
        if !problems.isEmpty { throw ExitCode(1) }
    }

    private func tell(
        _ desk: PolicyDesk, _ plan: ActivationPlan, _ told: PolicyShelf.Told?, _ loaded: Configuration?, _ problems: [Problem],
        _ activations: [Activation], _ report: JSON?, _ now: Timestamp
    ) {
        if let last = activations.last, last.version == told?.version {
            print("in force: version \(last.version) since \(last.at.text), \(last.source), by \(last.by)" + Self.signed(last))
        } else {
            print("in force: " + (told.map { "version \($0.version)" } ?? "nothing has decided here yet"))
        }
        if let loaded {
            let state = loaded.policies
            if loaded.policy.version != told?.version {
                print("on the disk: version \(loaded.policy.version), taken up by the server that runs, or when one starts")
            }
            if let draft = state.draft { print("Policies/ says something else: version \(draft), which does not decide") }
            for notice in loaded.notices where notice.code.hasPrefix("policy.") { print("note: \(notice.description)") }
        }
        print(
            "signatures demanded: \(desk.signatures)"
                + (desk.signatures == 0 ? ", plain files suffice" : "")
                + (loaded.map { "; policy officers in office: \($0.officers.count(.policyOfficer, at: now))" } ?? ""))
        if let next = plan.next(after: now) {
            print("planned: \(Self.words(next.target)) from \(next.at.text), by \(next.by): \(next.reason)")
        }
        if let shadow = plan.shadow {
            print("shadow: \(Self.words(shadow.target)) since \(shadow.at.text), by \(shadow.by): \(shadow.reason)")
        }
        if plan.shadow != nil, let report { Self.tell(report) }
        for one in activations.suffix(max(history, 0)).reversed() {
            print(
                "  \(one.at.text)  \(one.before ?? "-") → \(one.version)  \(one.source)\(one.isRollback ? ", rolled back" : "")  \(one.by)"
                    + Self.signed(one) + (one.reason.map { "  “\($0)”" } ?? ""))
        }
        for problem in problems { Console.error(problem.description) }
        if !problems.isEmpty { Console.error("the folder has \(problems.count) problems: what decided before goes on deciding") }
    }

    private static func signed(_ one: Activation) -> String {
        one.officers.isEmpty ? "" : ", signed by " + one.officers.joined(separator: " and ")
    }

    private static func words(_ target: ActivationPlan.Target) -> String {
        switch target {
        case .folder: "Policies/"
        case .bundle(let name): "version " + name.prefix { $0 != "." }
        }
    }

    /// The commonest differences, in lines.
    private static func tell(_ report: JSON) {
        func number(_ name: String) -> Int64 { report[name]?.integer ?? 0 }
        print(
            "  \(number("decided")) decisions compared, \(number("different")) different"
                + (number("passed-over") > 0 ? ", \(number("passed-over")) not compared for want of time" : ""))
        for kind in report["kinds"]?.array?.prefix(20) ?? [] {
            func text(_ name: String) -> String { Explanation.redacted(kind[name]?.string ?? "-") }
            let what = (kind["differences"]?.array ?? []).map {
                "\($0["what"]?.string ?? "-"): \($0["in-force"]?.string ?? "-") → \($0["shadow"]?.string ?? "-")"
            }
            print("  \(kind["count"]?.integer ?? 0) × \(text("member")), \(text("purpose")), \(text("path"))")
            for line in what { print("      " + Explanation.redacted(line)) }
            func rules(_ name: String) -> String { (kind[name]?.strings ?? []).joined(separator: ", ") }
            print("      rules: \(rules("rules")) → \(rules("shadow-rules"))")
        }
        if number("others") > 0 { print("  \(number("others")) of further kinds") }
    }

    private func say(
        _ desk: PolicyDesk, _ plan: ActivationPlan, _ told: PolicyShelf.Told?, _ loaded: Configuration?, _ problems: [Problem],
        _ activations: [Activation], _ report: JSON?, _ now: Timestamp
    ) {
        func entry(_ entry: ActivationPlan.Entry?) -> JSON {
            entry.map { .object([("what", .string(Self.words($0.target))), ("at", .string($0.at.text)), ("by", .string($0.by))]) } ?? .null
        }
        print(
            JSON.object([
                ("in-force", told.map { .string($0.version) } ?? .null), ("sha256", told.map { .string($0.digest) } ?? .null),
                ("on-disk", (loaded?.policy.version).map { .string($0) } ?? .null),
                ("draft", (loaded?.policies.draft).map { .string($0) } ?? .null),
                ("signatures", .integer(Int64(desk.signatures))), ("planned", entry(plan.next(after: now))), ("shadow", entry(plan.shadow)),
                ("differences", plan.shadow == nil ? .null : report ?? .null),
                (
                    "history",
                    .array(
                        activations.suffix(max(history, 0)).map {
                            .object([
                                ("sequence", .integer($0.sequence)), ("at", .string($0.at.text)), ("version", .string($0.version)),
                                ("before", $0.before.map { .string($0) } ?? .null), ("source", .string($0.source)), ("by", .string($0.by)),
                                ("officers", .array($0.officers.map { .string($0) })), ("rollback", .bool($0.isRollback)),
                            ])
                        })
                ), ("problems", .array(problems.map { .string($0.description) })),
            ]).text)
    }
}
