import Outbound
package import Vocabulary

extension UserAgent {
    /// A browser on the real network. The person may go anywhere, this machine included.
    package init(clock: @escaping @Sendable () -> Timestamp, trace: @escaping @Sendable (TraceEvent) -> Void = { _ in }) {
        let outbound = Outbound(rules: OutboundRules(allowsPrivateAddresses: true, allowsPlainHTTP: true, seconds: 30))
        self.init(clock: clock, trace: trace) { (request) throws(OutboundRefusal) in try await outbound.fetch(request) }
    }
}
