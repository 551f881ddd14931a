import Settings
import SignOn
package import Signals
package import Vocabulary

extension Platform {
    /// Tells the members that are to hear of it (`SignalEvent.audience`) that something happened to a citizen; `member` is the one that the end
    /// of a link or another identifier is about. Returns when it is queued; the courier sends it. Where nobody listens it is one look, and
    /// nothing is written. How many streams took it.
    @discardableResult
    package func tell(
        _ event: SignalEvent, about subject: SubjectID, to member: MemberID? = nil, at now: Timestamp
    ) async throws -> Int {
        let signals = try await SignalAudience(stores, configuration.current).signals(for: event, about: subject, to: member, at: now)
        return try await stores.enqueue(signals, recording: Record.signalled(event.type, signals, at: now), at: now)
    }
}

extension Record {
    /// What was queued for whom, without the names that members have for the citizen.
    static func signalled(_ type: EventType, _ signals: [Signal], at now: Timestamp) -> Record {
        Record(
            "signal.queued", at: now,
            [
                ("type", .string(type.word)), ("members", .array(Set(signals.map(\.member.text)).sorted().map { .string($0) })),
                ("ledger", .array(signals.compactMap { $0.ledger.map { .string($0.reference.text) } })),
            ])
    }
}
