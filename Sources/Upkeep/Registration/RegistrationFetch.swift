package import Logging
package import OpenID
package import Outbound
package import Settings
import Synchronization
package import Vocabulary

/// Fetches what registrations point to. Whoever registers chooses the address: only public addresses are asked, no redirect is followed, and
/// size, time and number are bounded (checklist E21).
package final class RegistrationFetch: Sendable {
    package typealias Ask = @Sendable (OutboundRules, OutboundRequest) async throws(OutboundRefusal) -> OutboundAnswer

    /// Seconds for one document.
    package static let patience: Int64 = 5
    /// Fetches at one time.
    package static let most = 8
    /// Of one host: so many at once, and one more every so many seconds. A registered client must not make us besiege another.
    package static let burst: Int64 = 30
    package static let pause: Int64 = 2

    private let configuration: @Sendable () -> Configuration
    private let logger: Logger
    private let ask: Ask
    private let clock: @Sendable () -> Timestamp
    private let places = Places(RegistrationFetch.most)
    /// Until when the fetches of a host reach, in milliseconds.
    private let paces = Mutex<[String: Int64]>([:])

    package init(
        configuration: @escaping @Sendable () -> Configuration, clock: @escaping @Sendable () -> Timestamp, logger: Logger,
        ask: @escaping Ask = { (rules, request) throws(OutboundRefusal) in try await Outbound(rules: rules).fetch(request) }
    ) {
        self.configuration = configuration
        self.clock = clock
        self.logger = logger
        self.ask = ask
    }

    /// The document at an address that a client registered; nil when it cannot be had, for whatever reason: what our network did is for the
    /// operator, not for whoever chose the address.
    package func document(_ address: String, limit: Int) async -> [UInt8]? {
        let settings = configuration()
        guard let rules = Self.rules(settings, limit: limit), let address = WebAddress(address), mayAsk(address.host), places.enter() else {
            return nil
        }
        defer { places.leave() }
        do throws(OutboundRefusal) {
            let answer = try await ask(rules, .get(address, headers: [OutboundRequest.Header("Accept", "application/json")]))
            guard answer.status == 200 else {
                logger.notice("a client's document is not there", metadata: ["host": "\(address.host)", "status": "\(answer.status)"])
                return nil
            }
            return answer.body
        } catch {
            logger.notice("a client's document was not fetched", metadata: ["host": "\(address.host)", "reason": "\(error)"])
            return nil
        }
    }

    /// Nil where nobody registers.
    package static func rules(_ settings: Configuration, limit: Int) -> OutboundRules? {
        settings.openIDProvider.registration.map { rules($0, within: settings.outbound, limit: limit) }
    }

    /// Any host is any public host: private addresses that the deployment itself asks are not for whoever registers. In development, where
    /// clients stand on this machine, they are.
    package static func rules(_ registration: RegistrationRules, within outbound: Configuration.Outbound, limit: Int) -> OutboundRules {
        OutboundRules(
            hosts: registration.fetchesFromAnyHost ? nil : outbound.hosts,
            allowsPrivateAddresses: outbound.allowsPrivateAddresses && (registration.isDevelopment || !registration.fetchesFromAnyHost),
            allowsPlainHTTP: registration.isDevelopment, limit: limit, seconds: patience, redirects: 0)
    }

    private func mayAsk(_ host: String) -> Bool {
        let now = clock().milliseconds
        let step = Self.pause * 1_000
        return paces.withLock { paces in
            if paces.count >= 4_096 { paces = paces.filter { $0.value > now } }
            let reached = max(paces[host] ?? now, now)
            guard reached + step <= now + Self.burst * step else { return false }
            paces[host] = reached + step
            return true
        }
    }
}
