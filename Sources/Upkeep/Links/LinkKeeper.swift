package import Credentials
package import Logging
import ServiceLifecycle
package import Settings
package import SignOn
package import Vocabulary

/// Ends phones with the cards they belong to, and undoes merges that an operator wants undone.
///
/// A phone's card is seen to have ended by the night watch, which keeps what became of every certificate. J-LIS is asked once more before the
/// phone is ended: a card that was only renewed takes its phones along.
package final class LinkKeeper: Service {
    package typealias Store = CertificateLinkStore & MergeStore & LogoutStore & AuditTrail

    private let store: any Store
    private let settings: @Sendable () -> LinksPart
    private let correspond: @Sendable (CertificateIdentity, Timestamp) async -> CorrespondenceWord
    /// Hears of phones that ended, so that their sessions do.
    private let ended: @Sendable (CertificateIdentity, Timestamp) -> Void
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger

    package init(
        store: any Store, settings: @escaping @Sendable () -> LinksPart,
        correspond: @escaping @Sendable (CertificateIdentity, Timestamp) async -> CorrespondenceWord,
        ended: @escaping @Sendable (CertificateIdentity, Timestamp) -> Void, clock: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.store = store
        self.settings = settings
        self.correspond = correspond
        self.ended = ended
        self.clock = clock
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            var looked: Timestamp?
            while !Task.isCancelled {
                do {
                    try await self.orders()
                    let now = self.clock()
                    // Either way: what a clock said that was ahead does not hold when it is right again.
                    if looked.map({ abs(now.seconds(since: $0)) >= self.settings().watch }) ?? true {
                        looked = now
                        try await self.phones()
                    }
                } catch {
                    self.logger.warning("upkeep failed", metadata: ["job": "links", "error": "\(type(of: error))"])
                }
                try? await Task.sleep(for: .seconds(1))
            }
        }
    }

    /// One look at phones whose card has ended. Returns how many ended with it.
    @discardableResult package func phones() async throws -> Int {
        let now = clock()
        var count = 0
        for phone in try await store.phonesOfEndedCards() {
            guard let card = phone.card else { continue }
            if let next = try await successor(of: card, for: phone, at: now) {
                try await store.retie(
                    phone.certificate, from: card, to: next,
                    recording: Record("link.phone-kept", at: now, [("subject", .string(phone.subject.text)), ("because", "card-renewed")]))
                continue
            }
            let gone = try await store.endPhones(
                of: card,
                recording: { Record("link.phone-ended", at: now, [("subject", .string($0.subject.text)), ("because", "card-ended")]) },
                at: now)
            for phone in gone { ended(phone.certificate, now) }
            count += gone.count
        }
        return count
    }

    /// The card in whose place the phone's came, by J-LIS's word; where that is silent, a card that its citizen has had since.
    private func successor(of card: CertificateIdentity, for phone: CertificateLink, at now: Timestamp) async throws -> CertificateIdentity?
    {
        switch await correspond(phone.certificate, now) {
        case .known(let found): return found.card == card ? nil : found.card
        case .unknown: return nil
        case .silent: break
        }
        let own = try await store.certificateLinks(of: phone.subject)
        guard let old = own.first(where: { $0.certificate == card }) else { return nil }
        return own.last { $0.endedAt == nil && $0.card == nil && $0.certificate != card && $0.since > old.since }?.certificate
    }

    /// Undoes what an operator ordered. The sessions of the one record end with it, by the order that the undoing leaves.
    package func orders() async throws {
        let now = clock()
        for id in try await store.undoOrders() {
            do {
                _ = try await store.undo(id, recording: { $0.undone(by: "operator", at: now) }, at: now)
            } catch {
                // The next is another's.
                logger.error("merge not undone", metadata: ["merge": "\(id.text)", "error": "\(type(of: error))"])
            }
        }
    }
}
