import NIOCore
import NIOPosix

/// The threads that wait for the network also run the tasks.
package enum EventLoops {
    /// Does `work` on NIO's shared event loops, with all tasks that become its children, so that a request is read, decided and answered on
    /// one thread instead of being handed over at each step. A `Task` that is made by itself has Swift's own pool, which works as well and
    /// costs more.
    ///
    /// A task that blocks holds up the connections of its loop: slow work (a large list, a private key made) belongs on a thread of its own.
    package static func carry<Answer>(_ work: () async throws -> Answer) async rethrows -> Answer {
        try await withTaskExecutorPreference(LoopTasks(), operation: work)
    }
}

/// All event loops as one executor (SE-0417). One for all, and not each loop for itself: a task that is where it prefers to be takes its next
/// step at once, and a lock that it holds on the way is not left behind in a queue.
private final class LoopTasks: TaskExecutor {
    private let loops = MultiThreadedEventLoopGroup.singleton

    /// On the loop that this thread belongs to, else on the next one.
    func enqueue(_ job: consuming ExecutorJob) {
        let job = UnownedJob(job)
        loops.any().execute { unsafe job.runSynchronously(on: self.asUnownedTaskExecutor()) }
    }
}
