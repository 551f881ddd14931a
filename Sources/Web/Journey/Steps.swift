import Credentials
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// From a pure step to one that a door can act on: what a step names is looked up, and the question is asked again. A login that no
/// obligation touches costs no look at all.
extension Platform {
    /// Every part is looked up at most once; what is still missing then is the citizen's to bring.
    func step(
        for ask: Ask, by member: Member, in session: Session?, _ settings: Configuration, at now: Timestamp
    ) async throws -> Step {
        var given = Given.nothing
        var looked: Set<Look> = []
        while true {
            let step = SignOn.next(
                for: ask, by: member, in: session, under: settings.policy, sessions: settings.sessions, given: given,
                at: now)
            switch step {
            case .consent(let need) where looked.insert(.consent).inserted:
                given.consent = try await stores.consent(of: need.subject, member: need.member.id, purpose: need.purpose)
            case .presentSignature(let need) where looked.insert(.record).inserted:
                given.record = try await stores.record(of: need.subject, for: need.purpose, member: need.member.id, at: now)
            case .lookUpCustomers(let subject, let member) where looked.insert(.customers).inserted:
                given.customers = try await stores.customers(of: subject, member: member)
            case .refreshStatus(let need):
                guard looked.insert(.status(need.certificate)).inserted else { return .refuse(.statusUnknown) }
                let status = await cards.refresh(need, now)
                given.refreshed[need.certificate] = status
                try await noteRefreshed(status, of: ask.member, in: session, settings, at: now)
            // A passive ask is refused for a yes or a certificate that may be there: nobody looked yet.
            case .refuse(.passiveConsent) where session != nil && looked.insert(.consent).inserted:
                given.consent = try await standing(of: session, member, ask)
            case .refuse(.passiveSignature) where session != nil && looked.insert(.record).inserted:
                given.record = try await record(of: session, member, ask, at: now)
            default: return step
            }
        }
    }

    private enum Look: Hashable {
        case consent, record, customers
        case status(CertificateIdentity)
    }

    private func standing(of session: Session?, _ member: Member, _ ask: Ask) async throws -> Consent? {
        guard let session else { return nil }
        return try await stores.consent(of: session.subject, member: member.id, purpose: ask.purpose ?? member.defaultPurpose)
    }

    private func record(of session: Session?, _ member: Member, _ ask: Ask, at now: Timestamp) async throws -> IdentityRecord? {
        guard let session else { return nil }
        return try await stores.record(
            of: session.subject, for: ask.purpose ?? member.defaultPurpose, member: member.id, at: now)
    }

    /// The trail says that somebody was asked; a certificate that is good no more ends its citizen's session at once (R27).
    private func noteRefreshed(
        _ status: RefreshedStatus, of member: MemberID, in session: Session?, _ settings: Configuration, at now: Timestamp
    ) async throws {
        guard let session else { return }
        var facts: [(name: String, value: JSON)] = [("member", .string(member.text)), ("subject", .string(session.subject.text))]
        switch status {
        // The record of the answer says it.
        case .good: return
        case .unknown: facts.append(("status", "unknown"))
        case .revoked: facts.append(("status", "revoked"))
        }
        try await stores.append(Record("status.refreshed", at: now, facts))
        guard status == .revoked else { return }
        _ = try await begin(
            Ending(threads: [session.thread], subject: session.subject, origin: .administrator, hasBrowser: false), settings, at: now)
    }
}
