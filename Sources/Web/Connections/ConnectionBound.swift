import HummingbirdCore
package import Logging

/// How many connections a listener holds at one time. More wait in the system's queue until one ends, so that whoever opens connections and
/// says nothing cannot take what the store, the log and the calls to others need: a process that can open nothing more cannot go on.
package struct ConnectionBound: AvailableConnectionsDelegate {
    /// Files and connections that `serve` asks the system for, where its operator allows so many.
    package static let wanted = 65_536
    /// What is left for files and for connections to others before the listeners have their share.
    private static let reserved = 256
    /// A listener takes so many, however little there is.
    private static let least = 16

    private let most: Int
    private let listener: String
    private let logger: Logger
    private var count = 0
    private var isTold = false

    /// `listener` is its address, for the log.
    package init(_ most: Int, at listener: String, logger: Logger) {
        self.most = most
        self.listener = listener
        self.logger = logger
    }

    /// The share of a listener in what the process may open: a quarter. There are three, and the last quarter is for what doors open.
    package static func share(of descriptors: Int) -> Int { max(least, (descriptors - reserved) / 4) }

    package mutating func connectionOpened() {
        count += 1
        guard count >= most, !isTold else { return }
        isTold = true
        logger.warning(
            "a listener has all the connections that it may have; more wait",
            metadata: ["listener": "\(listener)", "connections": "\(count)"])
    }

    package mutating func connectionClosed() {
        count -= 1
        // Not at each connection more or less: once for each time of need.
        if count <= most / 2 { isTold = false }
    }

    package func isAcceptingNewConnections() -> Bool { count < most }
}
