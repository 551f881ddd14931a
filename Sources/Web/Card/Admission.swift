import Credentials
import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

extension Platform {
    /// Proven evidence becomes a session: the citizen is found or linked, the same person in a step-up, the session's id renewed. `certificate`
    /// is what was shown; it is kept where the policy will ask its status again.
    func admit(_ authentication: Authentication, showing certificate: [UInt8], to visit: Visit) async throws -> Admission {
        let now = visit.now
        var random = SystemRandomNumberGenerator()
        guard let proven = SessionAuthentication(authentication, during: visit.transaction.id) else { throw StoreRefusal() }
        let evidence = placed(proven, certificate, visit)
        let subject: SubjectID
        if let known = try await stores.subject(linkedTo: authentication.certificate) {
            subject = known
        } else {
            // A card that nobody knows is not this session's citizen: nothing is linked by a step-up that is refused.
            guard visit.session == nil else { return .refused(.otherCitizenAtStepUp) }
            guard authentication.mode != .presence else { return .refused(.presenceNeverLinks) }
            guard let fresh = SubjectID.fresh(using: &random) else { throw StoreRefusal() }
            subject = try await stores.link(authentication.certificate, to: fresh, at: now)
        }
        if let session = visit.session, session.subject != subject { return .refused(.otherCitizenAtStepUp) }
        let ticket = Ticket.fresh(using: &random)
        guard let id = SessionID(ticket.digest) else { throw StoreRefusal() }
        let session =
            visit.session?.renewed(with: evidence, id: id, at: now)
            ?? Session(
                id: id, subject: subject, authentications: [evidence], createdAt: now, lastSeenAt: now,
                indexSeed: Ticket.fresh(using: &random).digest)
        async let recorded: Void = stores.append(Self.record(authentication, visit, subject))
        let started = try await stores.start(
            session, replacing: visit.session?.id, expires: session.expires(under: visit.settings.sessions))
        try await recorded
        guard started else { return .refused(.sessionEnded) }
        let names = CookieNames(secure: visit.settings.isSecure)
        return .admitted(cookie: names.set(names.session, ticket.text, maximumAge: visit.settings.sessions.absolute))
    }

    /// On the island that the rules have for this member; a login for a page of ours is on the open sea.
    private func placed(_ authentication: SessionAuthentication, _ certificate: [UInt8], _ visit: Visit) -> SessionAuthentication {
        let policy = visit.settings.policy
        let refreshes = policy.rules.contains { $0.obligations.refreshStatus != nil }
        if case .own = visit.tongue { return authentication.on(nil, keeping: refreshes ? certificate : nil) }
        let island = SignOn.island(
            of: authentication, for: visit.tongue.ask.during(visit.transaction.id), by: visit.member, under: policy,
            at: visit.now)
        return authentication.on(island, keeping: refreshes ? certificate : nil)
    }

    private static func record(_ authentication: Authentication, _ visit: Visit, _ subject: SubjectID) -> Record {
        Record(
            "card.accepted", at: visit.now,
            [
                ("subject", .string(subject.text)), ("member", .string(visit.member.id.text)),
                ("mode", .string(authentication.mode.rawValue)), ("mode-stated", .bool(authentication.modeIsStated)),
                ("carrier", .string(authentication.carrier.rawValue)), ("door", .string(authentication.door.rawValue)),
                ("terminal", authentication.terminal.map { .string($0.text) } ?? .null),
                ("policy-version", .string(visit.settings.policy.version)),
            ])
    }

    func recordRefusedCard(_ explanation: Explanation, _ visit: Visit, _ door: Door) async throws {
        try await stores.append(
            Record(
                "card.refused", at: visit.now,
                [
                    ("member", .string(visit.member.id.text)), ("door", .string(door.rawValue)), ("code", .string(explanation.code)),
                    ("policy-version", .string(visit.settings.policy.version)),
                ]))
    }
}

enum Admission: Sendable {
    case admitted(cookie: String)
    case refused(SignOnRefusal)
}
