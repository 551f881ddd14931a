import Foundation
import Glibc

/// Runs what blocks (disks, long parsing, a deployment that is read) on a thread that may wait, so that the shared pool goes on answering
/// citizens. The thread also stands back for them, unless somebody waits for it: where processors are scarce it gets what they leave, and a
/// tenth beside a thread that leaves nothing.
package func offPool<Value: Sendable, Failure: Error>(
    standingBack: Bool = true, _ work: @escaping @Sendable () throws(Failure) -> Value
) async throws(Failure) -> Value {
    let outcome: Result<Value, Failure> = await withCheckedContinuation { continuation in
        Thread.detachNewThread {
            Thread.current.name = "off-pool"
            // Linux counts the niceness of a thread, not of the process. A system that will not hear of it runs the work as it is.
            if standingBack { _ = setpriority(__priority_which_t(PRIO_PROCESS.rawValue), 0, 10) }
            continuation.resume(returning: Result(catching: work))
        }
    }
    return try outcome.get()
}
