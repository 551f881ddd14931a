package import Vocabulary

/// How often a client may ask whether the citizen has decided (RFC 8628 §3.5, CIBA Core §11). A client that comes too early is told to slow
/// down, and from then on has to wait five seconds longer.
package struct AwaitedPace: Hashable, Sendable {
    /// Seconds.
    package private(set) var interval: Int64
    package private(set) var lastAsked: Timestamp?

    /// What comes this much too early is on time: networks hurry and dawdle. Milliseconds.
    static let tolerance: Int64 = 1_000
    static let step: Int64 = 5
    /// Nobody is told to wait longer, in seconds.
    static let slowest: Int64 = 120

    package init(interval: Int64, lastAsked: Timestamp? = nil) {
        self.interval = interval
        self.lastAsked = lastAsked
    }

    /// Notes a poll; whether it came in time.
    package mutating func asked(at now: Timestamp) -> Bool {
        defer { lastAsked = now }
        guard let lastAsked else { return true }
        guard now < lastAsked.adding(seconds: interval).adding(milliseconds: -Self.tolerance) else { return true }
        interval = min(interval + Self.step, Self.slowest)
        return false
    }
}
