import Foundation
import Logging
import ServiceLifecycle
import Settings
import SignOn
import Synchronization
import TrustFramework
import UnixSignals
import Upkeep
import Vocabulary

/// Takes over what changes in the folder while citizens are answered: at SIGHUP, when somebody has changed the rules, the members or the
/// officers, and when the moment of a planned activation has come. What is wrong is logged, shown by /health, and the old state stays; what
/// is right is kept in the archive, told the audit trail, and published in one step.
struct Reloader: Service {
    let folder: String
    /// What was there before this server read it at its start.
    let read: FolderPrint
    let signals: UnixSignalsSequence
    let configuration: Published<Configuration>
    let members: MetadataKeeping
    let trail: any AuditTrail
    let alarm: SettingsAlarm
    let logger: Logger
    let watch: FolderWatch
    private let bell: ReloadBell
    private let orders = ReloadOrders()

    init(
        folder: String, read: FolderPrint, signals: UnixSignalsSequence, configuration: Published<Configuration>,
        members: MetadataKeeping, trail: any AuditTrail, alarm: SettingsAlarm, logger: Logger
    ) {
        self.folder = folder
        self.read = read
        self.signals = signals
        self.configuration = configuration
        self.members = members
        self.trail = trail
        self.alarm = alarm
        self.logger = logger
        let bell = ReloadBell()
        self.bell = bell
        let tried = Published<Timestamp?>(nil)
        watch = FolderWatch(
            { Self.watched(folder, configuration.current) },
            due: {
                // A moment that was tried and did not work out is not tried every other second.
                let next = configuration.current.policies.next?.at
                return next == tried.current ? nil : next
            }, clock: SystemClock.now,
            changed: { paths in
                guard paths.isEmpty else {
                    bell.ring { $0.files.formUnion(paths) }
                    return
                }
                tried.replace(configuration.current.policies.next?.at)
                bell.ring { $0.isDue = true }
            })
    }

    /// What takes effect without being asked to. Keys and `sekisho.yaml` wait for SIGHUP: they are changed by commands, step by step.
    private static func watched(_ folder: String, _ configuration: Configuration) -> [String] {
        ["/Policies", "/Metadata/members", "/Keys/officers"].map { folder + $0 } + [plan(in: configuration.policies.archive)]
    }

    private static func plan(in archive: PolicyArchive) -> String { archive.path + "/" + ActivationPlan.fileName }

    /// Of all that a reload reads in the folder; blocks.
    static func print(of folder: String) -> FolderPrint {
        let archive = Settings.places(of: folder, environment: ProcessInfo.processInfo.environment)?.archive
        return FolderPrint(
            of: ["/sekisho.yaml", "/Keys", "/Metadata", "/Policies"].map { folder + $0 } + (archive.map { [plan(in: $0)] } ?? []))
    }

    func run() async throws {
        await MemberLedger(configuration.current).noted(in: trail, logger)
        // A start takes its time, up to a minute beside other nodes. Whoever changed something meanwhile found no server to tell.
        await watch.renew()
        let late = await offPool { Self.print(of: folder).differences(from: read) }
        if !late.isEmpty { bell.ring { $0.files.formUnion(late) } }
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { for await _ in signals { bell.ring { $0.isSignalled = true } } }
                group.addTask { try? await watch.run() }
                var generation = 1
                for await _ in bell.rings {
                    let causes = bell.taken()
                    // Rung while the last were being taken.
                    guard !causes.isNone else { continue }
                    if causes.isSignalled {
                        generation += 1
                        try? RunningServer.note(.begun, generation, in: folder)
                    }
                    // Whoever writes files and then asks has them read once.
                    if causes.isSignalled || causes.order != nil { await watch.renew() }
                    let isTaken = await reload(causes)
                    if causes.isSignalled { try? RunningServer.note(isTaken ? .served : .refused, generation, in: folder) }
                    if let order = causes.order { orders.finish(order, isTaken: isTaken) }
                }
                group.cancelAll()
            }
        }
    }

    /// Has the folder read now, by every node, and waits for it, ten seconds at most. False where the old state stays here; a node that keeps
    /// its own says so in its log and in /health.
    func take() async -> Bool {
        guard await takeHere() else { return false }
        if let others = RunningServer(besideOwn: folder) { _ = try? await others.reload(within: 5) }
        return true
    }

    private func takeHere() async -> Bool {
        let number = orders.give()
        bell.ring { $0.order = max($0.order ?? 0, number) }
        for _ in 0..<200 {
            if let isTaken = orders.result(of: number) { return isTaken }
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return false }
        }
        return false
    }

    private func reload(_ causes: ReloadCauses) async -> Bool {
        let folder = folder, now = SystemClock.now(), store = configuration.current.store
        // One node after the other: the second finds in the archive and the trail what the first has written there.
        let turn = await offPool { store.isShared ? FileLock.waiting(for: store.path + ".reload", .alone, seconds: 20) : nil }
        defer { withExtendedLifetime(turn) {} }
        // Reading takes its time, and blocks.
        let read = await offPool { () -> Result<Configuration, SettingsProblems> in
            do throws(SettingsProblems) {
                return .success(try Settings.load(folder, environment: ProcessInfo.processInfo.environment, at: now))
            } catch { return .failure(error) }
        }
        switch read {
        case .failure(let refusal):
            refuse(refusal.problems, at: now)
            await takeOutOfOffice()
            return false
        case .success(let loaded):
            let fresh = members.joined(loaded), before = configuration.current.policy.version
            do {
                try await PolicyArchiving(trail: trail, logger: logger).settle(fresh, changedBy: Self.owners(causes), at: now)
            } catch {
                refuse([PolicyArchiving.problem(error)], at: now)
                await takeOutOfOffice()
                return false
            }
            configuration.replace(fresh)
            if let over = alarm.clear() { logger.notice("settings are good again", metadata: ["refused-since": "\(over.since.text)"]) }
            KeyKeeping.note(fresh, logger)
            MemberFileWatch(logger: logger).noteLater(fresh)
            await MemberLedger(fresh).noted(in: trail, logger)
            for notice in loaded.notices where notice.code.hasPrefix("policy.") {
                logger.warning("settings", metadata: ["notice": "\(notice.description)"])
            }
            var facts: Logger.Metadata = ["cause": "\(Self.word(causes))", "policy-version": "\(fresh.policy.version)"]
            if before != fresh.policy.version { facts["policy-before"] = "\(before)" }
            logger.notice("settings read again", metadata: facts)
            return true
        }
    }

    /// Who loses an office loses it now, also where the rest of the folder cannot be taken over: perhaps because of what that officer signed.
    private func takeOutOfOffice() async {
        let held = configuration.current
        let officers = await offPool { Settings.officers(held) }
        guard officers != held.officers else { return }
        configuration.replace(held.with(officers: officers))
        let changed = officers.all.filter { held.officers[$0.id] != $0 }.map(\.id)
        logger.warning(
            "officers lost what the refused settings take from them", metadata: ["officers": "\(changed.joined(separator: ", "))"])
    }

    private func refuse(_ problems: [Problem], at now: Timestamp) {
        guard alarm.raise(problems, at: now) else { return }
        for problem in problems { logger.error("settings refused", metadata: ["problem": "\(problem.description)"]) }
        logger.error(
            "the settings from before stay in use", metadata: ["policy-version": "\(configuration.current.policy.version)"])
    }

    private static func word(_ causes: ReloadCauses) -> String {
        let files = causes.files.sorted().prefix(5).map { ($0 as NSString).lastPathComponent }.joined(separator: ", ")
        return [
            causes.isSignalled ? "signal" : nil, files.isEmpty ? nil : "files: " + files, causes.isDue ? "planned activation" : nil,
            causes.order == nil ? nil : "the console",
        ].compactMap { $0 }.joined(separator: "; ")
    }

    private static func owners(_ causes: ReloadCauses) -> String? {
        let owners = FolderPrint.owners(of: causes.files.sorted())
        return owners.isEmpty ? nil : owners.joined(separator: ", ")
    }
}

/// What the console ordered, and what came of it.
private final class ReloadOrders: Sendable {
    private struct State {
        var given = 0
        var done = 0
        var isTaken = false
    }

    private let state = Mutex(State())

    func give() -> Int {
        state.withLock {
            $0.given += 1
            return $0.given
        }
    }

    func finish(_ number: Int, isTaken: Bool) {
        state.withLock {
            $0.done = number
            $0.isTaken = isTaken
        }
    }

    /// Nil while it is not done. Orders are carried out one after the other: a later one has read what this one wrote.
    func result(of number: Int) -> Bool? { state.withLock { $0.done >= number ? $0.isTaken : nil } }
}

/// Before a policy decides: it is in the archive, and the audit trail knows of it.
struct PolicyArchiving {
    let trail: any AuditTrail
    let logger: Logger

    func settle(_ configuration: Configuration, changedBy: String?, at now: Timestamp) async throws {
        let repaired = try await PolicyShelf(configuration.policies.archive).settle(
            configuration, trail: trail, changedBy: changedBy, at: now)
        guard let repaired else { return }
        logger.critical(
            "a file of the policy archive had been changed; it holds the texts that decide again", metadata: ["file": "\(repaired)"])
    }

    static func problem(_ error: any Error) -> Problem {
        Problem(
            file: "State/" + PolicyArchive.folderName, code: "policy.archive",
            message:
                "the version could not be kept, so it does not decide: \(error is DiskTrouble ? "\(error)" : "the audit trail failed")",
            remedy: "make room, and let the server's user write beside the store; then change a file or send SIGHUP")
    }
}
