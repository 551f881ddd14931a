import ServiceLifecycle
import Settings
import Synchronization
package import Vocabulary

/// Notices that somebody changed files, and says so once they have come to rest. Looks from outside every other second (a look is a `stat`
/// for each file, on a thread that waits, and never takes more than a two-hundredth of a processor): the kernel's own notices do not cross
/// network file systems nor the links that container platforms swap.
package final class FolderWatch: Service {
    private let paths: @Sendable () -> [String]
    private let due: @Sendable () -> Timestamp?
    private let clock: @Sendable () -> Timestamp
    private let every: Duration
    private let quiet: Duration
    private let share: Int
    private let changed: @Sendable ([String]) async -> Void
    private let seen = Mutex<FolderPrint?>(nil)

    /// How often files may go on changing before they are read all the same.
    static let patience = 20

    /// - Parameters:
    ///   - every: between two looks.
    ///   - quiet: for so long nothing may change before the change is told.
    ///   - share: a look takes at most one part in so many of the time.
    ///   - due: a moment at which the change is told although no file changes; nil for none.
    ///   - changed: is told the paths that differ; empty when a moment has come.
    package init(
        _ paths: @escaping @Sendable () -> [String], every: Duration = .seconds(2), quiet: Duration = .milliseconds(400), share: Int = 200,
        due: @escaping @Sendable () -> Timestamp? = { nil }, clock: @escaping @Sendable () -> Timestamp,
        changed: @escaping @Sendable ([String]) async -> Void
    ) {
        self.paths = paths
        self.every = every
        self.quiet = quiet
        self.share = share
        self.due = due
        self.clock = clock
        self.changed = changed
    }

    /// Takes the files as they are now for known: whoever reads them anyhow calls it first.
    package func renew() async {
        let now = await look()
        seen.withLock { $0 = now }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            if self.seen.withLock({ $0 == nil }) { await self.renew() }
            while !Task.isCancelled {
                let pause = await self.round()
                try? await Task.sleep(for: pause)
            }
        }
    }

    /// One look. Returns how long to wait for the next.
    func round() async -> Duration {
        let started = ContinuousClock.now
        var last = await look()
        let pause = max(every, (ContinuousClock.now - started) * share)
        guard let before = seen.withLock({ $0 }) else {
            seen.withLock { $0 = last }
            return pause
        }
        if last == before {
            if let due = due(), clock() >= due { await changed([]) }
            return pause
        }
        // An editor writes in steps, a copy takes its time: half a file is not worth an alarm.
        for _ in 0..<Self.patience where !Task.isCancelled {
            try? await Task.sleep(for: quiet)
            let again = await look()
            if again == last { break }
            last = again
        }
        // Somebody else may have read them meanwhile.
        let known = seen.withLock { seen in
            let known = seen
            seen = last
            return known
        }
        guard known != last else { return pause }
        await changed(last.differences(from: known ?? before))
        return pause
    }

    private func look() async -> FolderPrint {
        let paths = paths()
        return await offPool { FolderPrint(of: paths) }
    }
}
