import Foundation
import SQLiteStores
import Settings
import SignOn
import TrustFramework
import Upkeep
import Vocabulary
import Web

/// What the console is given by the roof: the same functions that the commands stand on.
struct ConsoleFeeding {
    let folder: String
    let configuration: Published<Configuration>
    let store: SQLiteStore
    let alarm: SettingsAlarm
    let deadlines: DeadlineKeeper
    let reloader: Reloader

    private static var environment: [String: String] { ProcessInfo.processInfo.environment }

    var feeds: ConsoleFeeds {
        var feeds = ConsoleFeeds()
        feeds.store = store
        feeds.environment = Self.environment
        feeds.attest = { [configuration] kind, digest, reason, officer, console, now throws(OfficerRefusal) in
            guard let seal = ConsoleSeal(beside: configuration.current.store.path) else { throw .key }
            return try seal.attested(kind, digest: digest, reason: reason, by: officer, at: console, now)
        }
        feeds.reload = { [reloader] in await reloader.take() }
        feeds.problems = { [alarm] in alarm.current?.problems ?? [] }
        feeds.trust = { [configuration] in Self.trust(configuration.current) }
        feeds.deadlines = { [deadlines] in deadlines.deadlines }
        feeds.deadlineSummary = { [deadlines] in deadlines.summary }
        feeds.shadow = { [configuration] in PolicyShelf(configuration.current.policies.archive).shadowReport() }
        feeds.rehearse = { settings, member, now in try await Rehearsals.party(for: member, in: settings, at: now) }
        feeds.draft = { [folder] in
            try await offPool {
                () -> Result<PolicyBundle, SettingsProblems> in
                do throws(SettingsProblems) {
                    return .success(
                        try Settings.load(
                            folder, environment: Self.environment, tokens: .none, policies: .folder, at: SystemClock.now()
                        ).policies.bundle)
                } catch { return .failure(error) }
            }.get()
        }
        feeds.activations = { [store] in try await PolicyTrail(store: store).activations }
        feeds.impact = { [configuration] bundle in
            let settings = configuration.current
            return await offPool { Self.impact(of: bundle, settings) }
        }
        feeds.activate = { [folder, configuration, reloader] order in
            await PolicyCarrying(folder: folder, archive: configuration.current.policies.archive) { await reloader.take() }.carry(order)
        }
        feeds.explain = { [store, configuration] sequence, language in
            await RecordExplanation.told(sequence, store, configuration.current.policies.archive, in: language)
        }
        return feeds
    }

    /// `sekisho trust status --json`, and the feed of changes, newest first.
    private static func trust(_ settings: Configuration) -> JSON {
        let overview = TrustOverview(settings, soon: 60, at: SystemClock.now()).json
        guard case .object(let members) = overview else { return overview }
        let feed = TrustDisk(settings).changes.suffix(100).reversed().map { change in
            JSON.object([
                ("at", .string(change.at.text)), ("event", .string(change.event.rawValue)),
                ("about", .string(change.subject + (change.why.isEmpty ? "" : " (" + change.why + ")"))),
            ])
        }
        return .object(members + [("feed", .array(Array(feed)))])
    }

    /// As `sekisho policy impact` tells it, for the members that are registered. A page has seconds, the command has minutes.
    private static func impact(of bundle: PolicyBundle, _ settings: Configuration) -> [String]? {
        guard let policy = Settings.policySet(bundle).policy else { return nil }
        let now = SystemClock.now()
        var limits = AnalysisLimits()
        limits.decisions = 2_000_000
        let members = settings.federation.members
        let population: Population = members.isEmpty ? .kinds : .members(members, at: now)
        guard let impact = try? Impact(from: settings.policy, to: policy, population: population, at: now, reasons: false, limits: limits)
        else { return nil }
        return impact.isEmpty ? [] : ImpactReport(impact, most: 12).lines
    }
}

/// Lets a version of the policy decide: the console's way; `sekisho policy activate` and `rollback` write the same plan by the same shelf.
struct PolicyCarrying {
    let folder: String
    let archive: PolicyArchive
    let reload: @Sendable () async -> Bool

    /// What is wrong, or nothing when it is done. A server that will not take it up has its old plan back.
    func carry(_ order: PolicyOrder) async -> [Problem] {
        let shelf = PolicyShelf(archive), now = SystemClock.now()
        let demand: PolicyDemand = order.act == .rollback ? .rolledBack(order.bundle) : .bundle(order.bundle)
        let problems = await offPool { [folder] () -> [Problem] in
            guard order.act != .shadow else { return order.bundle.policy() == nil ? [Self.problem("its rules cannot be read")] : [] }
            do throws(SettingsProblems) {
                _ = try Settings.load(
                    folder, environment: ProcessInfo.processInfo.environment, tokens: .none, policies: demand, at: now)
                return []
            } catch { return error.problems }
        }
        guard problems.isEmpty else { return problems }
        guard let before = archive.plan else { return [Self.problem("\(ActivationPlan.fileName) cannot be read")] }
        let entry = ActivationPlan.Entry(
            target: .bundle(order.bundle.fileName), at: order.at, by: order.by, reason: order.reason, isRollback: order.act == .rollback)
        var plan = before
        if order.act == .shadow {
            plan.shadow = entry
        } else {
            plan = plan.adding(entry, at: now)
            if case .bundle(let waiting)? = plan.shadow?.target, waiting == order.bundle.fileName, order.at <= now { plan.shadow = nil }
        }
        do {
            _ = try shelf.keep(order.bundle)
            try shelf.write(plan)
        } catch { return [Self.problem("it was not written: \(error)")] }
        guard await reload() else {
            try? shelf.write(before)
            return [Self.problem("the server did not take it over; the plan is as it was")]
        }
        return []
    }

    private static func problem(_ text: String) -> Problem {
        Problem(
            file: "State/" + PolicyArchive.folderName, code: "policy.carry", message: text,
            remedy: "see /health and the log, or use `sekisho policy activate`")
    }
}
