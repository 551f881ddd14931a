package import Outbound
package import Vocabulary

/// The real network, for programs that act for a person: they may go anywhere, this machine included.
package enum RealNetwork {
    package static let outbound = Outbound(rules: OutboundRules(allowsPrivateAddresses: true, allowsPlainHTTP: true, seconds: 30))

    package static let transport: UserAgent.Transport = { (request) throws(OutboundRefusal) in try await outbound.fetch(request) }
}

extension UserAgent {
    /// A browser on the real network.
    package init(clock: @escaping @Sendable () -> Timestamp, trace: @escaping @Sendable (TraceEvent) -> Void = { _ in }) {
        self.init(clock: clock, trace: trace, transport: RealNetwork.transport)
    }
}
