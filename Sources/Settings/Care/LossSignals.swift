package import SignOn
package import Signals

/// What members that watch a citizen hear of a loss report and of its end: that something happened, never which card or why (R9, R27).
package enum LossSignals {
    /// `cards`: all of the citizen's as they were before the report.
    package static func after(
        _ reason: CertificateBlock.Reason, blocking chosen: [LinkedCertificate], of cards: [LinkedCertificate]
    ) -> [SignalEvent] {
        let gone = Set(chosen.map(\.identity))
        guard chosen.contains(where: { $0.block == nil }) else { return [] }
        var events: [SignalEvent] = reason == .lost ? [] : [.credentialCompromise]
        if cards.allSatisfy({ $0.block != nil || $0.endedAt != nil || gone.contains($0.identity) }) { events.append(.accountDisabled) }
        return events
    }

    /// `cards`: all of the citizen's as they were before the block was lifted.
    package static func afterLift(of card: LinkedCertificate, among cards: [LinkedCertificate]) -> [SignalEvent] {
        cards.allSatisfy { $0.block != nil || $0.endedAt != nil } ? [.accountEnabled] : []
    }
}
