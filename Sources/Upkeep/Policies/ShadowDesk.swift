package import Logging
import ServiceLifecycle
package import Settings
import Synchronization
package import TrustFramework
package import Vocabulary

/// Lets a version that waits decide beside the one in force, on the questions that are really asked, and counts what it would have
/// answered differently. Nobody is ever answered from it. A door puts question and answer down and goes on; the work is done here, behind
/// it, and when there is more of it than fits, questions are left out and counted.
package final class ShadowDesk: Service {
    /// Questions that wait, at most: a second of the busiest hour.
    static let longestQueue = 4_096
    /// Kinds of difference that are told apart; more are counted together.
    static let mostKinds = 256

    private struct Waiting: Sendable {
        let question: Question
        let decision: Decision
    }

    private struct State: Sendable {
        var queue: [Waiting] = []
        var counts = ShadowCounts()
        var isDirty = false
    }

    private let state = Mutex(State())
    private let configuration: Published<Configuration>
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger
    private let pause: Duration

    package init(
        configuration: Published<Configuration>, clock: @escaping @Sendable () -> Timestamp,
        logger: Logger,
        pause: Duration = .milliseconds(500)
    ) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.pause = pause
    }

    /// Called by the doors, on their way: costs one look where there is no shadow, and a place in the queue where there is.
    package func observe(_ decision: Decision, of question: Question) {
        guard configuration.current.policies.shadow != nil else { return }
        state.withLock { state in
            guard state.queue.count < Self.longestQueue else {
                state.counts.passedOver += 1
                return
            }
            state.queue.append(Waiting(question: question, decision: decision))
        }
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var turns = 0
            while !Task.isCancelled {
                try? await Task.sleep(for: self.pause)
                self.work()
                turns += 1
                if turns % 10 == 0 { await self.write() }
            }
            self.work()
            await self.write()
        }
    }

    /// Decides what waits.
    package func work() {
        guard let shadow = configuration.current.policies.shadow else {
            state.withLock { $0 = State() }
            return
        }
        let now = clock()
        let waiting = state.withLock { state in
            defer { state.queue = [] }
            if state.counts.shadow != shadow.policy.version
                || state.counts.version != configuration.current.policy.version
            {
                // Nothing was compared yet with what was passed over before the first turn: it belongs to this version.
                let passedOver = state.counts.shadow.isEmpty ? state.counts.passedOver : 0
                state.counts = ShadowCounts(
                    shadow: shadow.policy.version, version: configuration.current.policy.version, since: now)
                state.counts.passedOver = passedOver
                state.isDirty = true
            }
            return state.queue
        }
        guard !waiting.isEmpty else { return }
        var found: [ShadowCounts.Kind] = []
        var decided: Int64 = 0
        for item in waiting where item.decision.policyVersion == configuration.current.policy.version {
            decided += 1
            let inForce = DecisionTrace(item.decision, of: item.question)
            let beside = DecisionTrace(shadow.policy.decide(item.question), of: item.question)
            let differences = inForce.outcomeDifferences(from: beside)
            if !differences.isEmpty {
                found.append(ShadowCounts.Kind(item.question, inForce, beside, differences))
            }
        }
        let (total, kinds) = (decided, found)
        state.withLock { state in
            state.counts.decided += total
            for kind in kinds { state.counts.note(kind, at: now, most: Self.mostKinds) }
            state.isDirty = true
        }
    }

    private func write() async {
        let report = state.withLock { state -> JSON? in
            guard state.isDirty else { return nil }
            state.isDirty = false
            return state.counts.json
        }
        guard let report else { return }
        let shelf = PolicyShelf(configuration.current.policies.archive)
        let failure = await offPool { () -> String? in
            do throws(DiskTrouble) {
                try shelf.write(shadow: report)
                return nil
            } catch { return "\(error)" }
        }
        if let failure {
            logger.warning("the shadow's report was not written", metadata: ["why": "\(failure)"])
        }
    }

    /// Nil where no version decides beside the one in force.
    package var summary: JSON? {
        guard configuration.current.policies.shadow != nil else { return nil }
        return state.withLock { $0.counts.summary }
    }

    package var counts: ShadowCounts { state.withLock { $0.counts } }
}
