import Cryptography
package import OpenID
package import SignOn
package import Signals
import TrustFramework
package import Vocabulary

extension Client {
    /// What the member's file allows; nil: it gets no events.
    package var signalTerms: SignalTerms? { signals.map { SignalTerms(events: $0.events, endpoints: $0.endpoints) } }
}

extension SignalReceiver {
    /// Whether it can be told of a citizen outside of a session.
    fileprivate var knowsCitizens: Bool { naming.suffix != nil }
}

/// Who hears of something that happened to a citizen. Asked in one way by requests, commands and the night watch.
package struct SignalAudience: Sendable {
    private let stores: any ConsentStore & SubjectStore
    private let settings: Configuration

    /// What a citizen agrees to when a member may watch for changes.
    package static let purpose = "change-watch"
    /// What of it a watch tells: the moment that the certificate's status speaks of.
    private static let told = AttributeSource.revocationTime

    package init(_ stores: any ConsentStore & SubjectStore, _ settings: Configuration) {
        self.stores = stores
        self.settings = settings
    }

    /// The same for each of several events, as the stores take it: each with a record of what was queued for whom, without the names that
    /// members have for the citizen. Empty where nobody is to be told.
    package func announcements(
        of events: [SignalEvent], about subject: SubjectID, to member: MemberID? = nil, at now: Timestamp
    ) async throws -> [Announcement] {
        var announcements: [Announcement] = []
        for event in events {
            let signals = try await signals(for: event, about: subject, to: member, at: now)
            guard !signals.isEmpty else { continue }
            announcements.append(
                Announcement(
                    signals,
                    recording: Record(
                        "signal.queued", at: now,
                        [
                            ("type", .string(event.type.word)),
                            ("members", .array(Set(signals.map(\.member.text)).sorted().map { .string($0) })),
                            ("ledger", .array(signals.compactMap { $0.ledger.map { .string($0.reference.text) } })),
                        ])))
        }
        return announcements
    }

    /// A signal for each member that may hear of it: those whose watch the citizen agreed to, as far as policy permits it today, or the one
    /// member that it is about. Empty for the end of a session, which is queued in the commit that ends it, and where nobody is to be told.
    /// `sharing`: only members of this one's sector, who know the citizen by the same name. `happened`: when, where that is not now.
    package func signals(
        for event: SignalEvent, about subject: SubjectID, to member: MemberID? = nil, sharing other: MemberID? = nil,
        happened: Timestamp? = nil, at now: Timestamp
    ) async throws -> [Signal] {
        guard settings.signals.isOffered else { return [] }
        switch event.audience {
        case .session: return []
        case .member:
            guard let member, let receiver = receiver(member, of: event, at: now),
                let name = try await name(of: subject, to: receiver, at: now)
            else { return [] }
            return [Signal(event, to: member, about: name.text, happened: happened, at: now)]
        case .watchers:
            let sector = other.map { settings.federation.member($0)?.sector ?? $0.text }
            var signals: [Signal] = []
            for consent in try await stores.consents(of: subject) {
                guard let watch = watch(consent, for: event, at: now), sector?.hasSameBytes(as: watch.member.sector) ?? true,
                    let name = try await name(of: subject, to: watch.member, at: now)
                else { continue }
                signals.append(
                    Signal(
                        event, to: consent.member, about: name.text, happened: happened, ledger: entry(watch, event, at: now), at: now))
            }
            return signals
        }
    }

    /// The member, when it is in force and registered for such an event.
    private func receiver(_ id: MemberID, of event: SignalEvent, at now: Timestamp) -> Member? {
        guard let receiver = settings.signalReceiver(id), receiver.terms.events.contains(event.type), receiver.knowsCitizens,
            let member = settings.federation.member(id), member.standing(at: now) == .inForce
        else { return nil }
        return member
    }

    private func watch(_ consent: Consent, for event: SignalEvent, at now: Timestamp) -> StandingConsent? {
        guard consent.purpose.text == Self.purpose, let member = receiver(consent.member, of: event, at: now) else { return nil }
        return consent.stands(
            for: member, toTell: [Self.told], under: settings.policy, circumstances: settings.policy.circumstances, at: now)
    }

    /// The name that the member has for the citizen; nil when it never had one. A store that fails is no such answer: the event would be lost.
    private func name(of subject: SubjectID, to member: Member, at now: Timestamp) async throws -> PairwiseID? {
        do { return try await stores.pairwise(subject, sector: member.sector, orElse: try Self.nobody(), at: now) } catch is Unknown {
            return nil
        }
    }

    private static func nobody() throws -> PairwiseID { throw Unknown() }

    private struct Unknown: Error {}

    /// What the member learns is in the citizen's ledger, as everything that is told is (R18).
    private func entry(_ watch: StandingConsent, _ event: SignalEvent, at now: Timestamp) -> LedgerEntry? {
        var random = SystemRandom()
        guard let reference = LedgerReference.fresh(using: &random) else { return nil }
        return LedgerEntry(
            reference: reference, subject: watch.consent.subject, question: watch.question, decision: watch.decision,
            told: [Self.told.rawValue], consentedAt: watch.consent.at, at: now)
    }
}
