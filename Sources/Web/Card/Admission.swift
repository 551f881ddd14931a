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
        guard let proven = SessionAuthentication(authentication, during: visit.transaction.id) else {
            throw CredentialRefusal.statusUnknown
        }
        return try await admit(proven, showing: certificate, to: visit)
    }

    /// What was proven at this visit, here or at another node.
    func admit(_ authentication: SessionAuthentication, showing certificate: [UInt8], to visit: Visit) async throws -> Admission {
        let now = visit.now
        var random = SystemRandomNumberGenerator()
        let subject: SubjectID
        let known = try await stores.subject(linkedTo: authentication.certificate)
        if case .own(let login) = visit.tongue, let meeting = login.meeting {
            switch try await self.meeting(meeting, authentication, showing: certificate, of: known, visit) {
            case .citizen(let found): subject = found
            case .admission(let admission): return admission
            }
        } else if let known {
            subject = known
        } else {
            switch try await arrival(of: authentication, showing: certificate, visit) {
            case .citizen(let found): subject = found
            case .admission(let admission): return admission
            }
        }
        if let session = visit.session, session.subject != subject { return .refused(.otherCitizenAtStepUp) }
        let evidence = try await placed(authentication, certificate, of: subject, visit)
        let ticket = Ticket.fresh(using: &random)
        guard let id = SessionID(ticket.digest) else { throw StoreRefusal() }
        let session =
            visit.session?.renewed(with: evidence, id: id, at: now)
            ?? Session(
                id: id, subject: subject, authentications: [evidence], createdAt: now, lastSeenAt: now,
                indexSeed: Ticket.fresh(using: &random).digest, device: visit.device)
        async let recorded: Void = stores.append(Self.record(authentication, visit, subject))
        let started = try await stores.start(
            session, replacing: visit.session?.id, expires: session.expires(under: visit.settings.sessions))
        try await recorded
        guard started else { return .refused(try await hindrance(authentication, visit)) }
        let names = CookieNames(secure: visit.settings.isSecure)
        return .admitted(cookie: names.set(names.session, ticket.text, maximumAge: visit.settings.sessions.absolute))
    }

    /// On the island that the rules have for this member; a login for a page of ours is on the open sea.
    private func placed(
        _ authentication: SessionAuthentication, _ certificate: [UInt8], of subject: SubjectID, _ visit: Visit
    ) async throws -> SessionAuthentication {
        let policy = visit.settings.policy
        let refreshes = policy.rules.contains { $0.obligations.refreshStatus != nil }
        if case .own(let login) = visit.tongue, !login.isUnderPolicy {
            return authentication.on(nil, keeping: refreshes ? certificate : nil)
        }
        let island = SignOn.island(
            of: authentication, for: visit.tongue.ask.during(visit.transaction.id), by: visit.member, under: policy,
            beside: try await shown(by: subject, visit), at: visit.now)
        return authentication.on(island, keeping: refreshes ? certificate : nil)
    }

    /// Looked for only where an island can turn on it.
    private func shown(by subject: SubjectID, _ visit: Visit) async throws -> IdentityRecord? {
        let rules = visit.settings.policy.rules
        guard rules.contains(where: { $0.obligations.session?.island != nil }),
            rules.contains(where: { $0.facts.contains(.signatureCertificate) })
        else { return nil }
        return try await stores.record(
            of: subject, for: visit.tongue.ask.purpose ?? visit.member.defaultPurpose, member: visit.member.id, at: visit.now)
    }

    private static func record(_ authentication: SessionAuthentication, _ visit: Visit, _ subject: SubjectID) -> Record {
        Record(
            "card.accepted", at: visit.now,
            [
                ("subject", .string(subject.text)), ("member", .string(visit.member.id.text)),
                ("mode", .string(authentication.facts.mode.rawValue)), ("mode-stated", .bool(authentication.facts.modeIsStated)),
                ("carrier", .string(authentication.facts.carrier.rawValue)), ("door", .string(authentication.facts.door.rawValue)),
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
