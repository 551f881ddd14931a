import NIOCore
import NIOPosix

/// The threads that wait for the network also run the tasks.
package enum EventLoops {
    /// Makes NIO's shared event loops the executor of every task that has no executor of its own, so that a request is read, decided and
    /// answered on one thread instead of being handed over at each step. True when it took hold; false leaves Swift's own pool, which
    /// works as well and costs more.
    ///
    /// Once per process, first thing on the main thread. From then on a task that blocks holds up the connections of its loop: slow work
    /// (a large list, a private key made) belongs on a thread of its own.
    @MainActor package static func carryTasks() -> Bool {
        NIOSingletons.unsafeTryInstallSingletonPosixEventLoopGroupAsConcurrencyGlobalExecutor()
    }
}
