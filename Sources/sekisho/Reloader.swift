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
    private enum Cause: Sendable {
        case signal
        case files([String])
        case moment
        /// The console has written something; the number is its order.
        case order(Int)
    }

    let folder: String
    /// What was there before this server read it at its start.
    let read: FolderPrint
    let configuration: Published<Configuration>
    let members: MetadataKeeping
    let trail: any AuditTrail
    let alarm: SettingsAlarm
    let logger: Logger
    let watch: FolderWatch
    private let causes: AsyncStream<Cause>
    private let tell: AsyncStream<Cause>.Continuation
    private let orders = ReloadOrders()

    init(
        folder: String, read: FolderPrint, configuration: Published<Configuration>, members: MetadataKeeping, trail: any AuditTrail,
        alarm: SettingsAlarm,
        logger: Logger
    ) {
        self.folder = folder
        self.read = read
        self.configuration = configuration
        self.members = members
        self.trail = trail
        self.alarm = alarm
        self.logger = logger
        let (causes, tell) = AsyncStream.makeStream(of: Cause.self, bufferingPolicy: .bufferingNewest(16))
        self.causes = causes
        self.tell = tell
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
                    tell.yield(.files(paths))
                    return
                }
                tried.replace(configuration.current.policies.next?.at)
                tell.yield(.moment)
            })
    }

    /// What takes effect without being asked to. Keys and `sekisho.yaml` wait for SIGHUP: they are changed by commands, step by step.
    private static func watched(_ folder: String, _ configuration: Configuration) -> [String] {
        own(folder) + [configuration.policies.archive.path + "/" + ActivationPlan.fileName]
    }

    private static func own(_ folder: String) -> [String] { ["/Policies", "/Metadata/members", "/Keys/officers"].map { folder + $0 } }

    /// Of what the folder itself has of that; blocks.
    static func print(of folder: String) -> FolderPrint { FolderPrint(of: own(folder)) }

    func run() async throws {
        try RunningServer.note(generation: "1\n", in: folder)
        await MemberLedger(configuration.current).noted(in: trail, logger)
        let signals = await UnixSignalsSequence(trapping: .sighup)
        // A start takes its time, up to a minute beside other nodes: who was told to read again meanwhile, or not told at all, does it now.
        await watch.renew()
        let late = await offPool { Self.print(of: folder).differences(from: read) }
        if !late.isEmpty { tell.yield(.files(late)) }
        await cancelWhenGracefulShutdown {
            await withTaskGroup { group in
                group.addTask { for await _ in signals { tell.yield(.signal) } }
                group.addTask { try? await watch.run() }
                var generation = 1
                for await cause in causes {
                    guard case .signal = cause else {
                        if case .order(let number) = cause {
                            await watch.renew()
                            orders.finish(number, isTaken: await reload(cause))
                        } else {
                            await reload(cause)
                        }
                        continue
                    }
                    generation += 1
                    // Whoever writes files and then sends the signal has them read once.
                    await watch.renew()
                    let isTaken = await reload(cause)
                    try? RunningServer.note(generation: (isTaken ? "" : "refused ") + "\(generation)\n", in: folder)
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
        tell.yield(.order(number))
        for _ in 0..<200 {
            if let isTaken = orders.result(of: number) { return isTaken }
            guard (try? await Task.sleep(for: .milliseconds(50))) != nil else { return false }
        }
        return false
    }

    @discardableResult private func reload(_ cause: Cause) async -> Bool {
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
            return false
        case .success(let loaded):
            let fresh = members.joined(loaded), before = configuration.current.policy.version
            do {
                try await PolicyArchiving(trail: trail, logger: logger).settle(fresh, changedBy: Self.owners(cause), at: now)
            } catch {
                refuse([PolicyArchiving.problem(error)], at: now)
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
            var facts: Logger.Metadata = ["cause": "\(Self.word(cause))", "policy-version": "\(fresh.policy.version)"]
            if before != fresh.policy.version { facts["policy-before"] = "\(before)" }
            logger.notice("settings read again", metadata: facts)
            return true
        }
    }

    private func refuse(_ problems: [Problem], at now: Timestamp) {
        guard alarm.raise(problems, at: now) else { return }
        for problem in problems { logger.error("settings refused", metadata: ["problem": "\(problem.description)"]) }
        logger.error(
            "the settings from before stay in use", metadata: ["policy-version": "\(configuration.current.policy.version)"])
    }

    private static func word(_ cause: Cause) -> String {
        switch cause {
        case .signal: "signal"
        case .files(let paths): "files: " + paths.prefix(5).map { ($0 as NSString).lastPathComponent }.joined(separator: ", ")
        case .moment: "planned activation"
        case .order: "the console"
        }
    }

    private static func owners(_ cause: Cause) -> String? {
        guard case .files(let paths) = cause else { return nil }
        let owners = FolderPrint.owners(of: paths)
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
