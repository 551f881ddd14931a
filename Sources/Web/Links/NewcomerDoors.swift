import Credentials
import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// A certificate waits that nobody is known by: its citizen says whether he has been here before, and shows it (decision 0056).
extension Platform {
    /// Where a certificate waits in this journey, its page; nil, and no look, where none does.
    func aside(_ request: Request, _ visit: Visit) -> Response? {
        let names = CookieNames(secure: visit.settings.isSecure)
        guard request.cookie(names.newcomer(visit.transaction.id)) != nil else { return nil }
        if case .own(let login) = visit.tongue, login.meeting == .add { return Self.redirect(visit, "/joining") }
        // Whoever is here by now has answered, in this tab or another.
        return visit.session == nil ? Self.redirect(visit, "/newcomer") : nil
    }

    /// `GET /journey/{transaction}/newcomer`
    func newcomer(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await atNewcomer(request, context) { visit, newcomer in
            Answer.page(NewcomerPages.question(newcomer, visit, mark: newcomerMark(request, visit), fault: nil))
        }
    }

    /// `POST /journey/{transaction}/newcomer`: `answer` is `new`, `old` or `proof`.
    func newcomerAnswered(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: clock()) }
        return try await atNewcomer(request, context) { visit, newcomer in
            let mark = newcomerMark(request, visit)
            guard Self.isForm(request), let body = try await request.collected(upTo: 1_024), let form = try? FormParameters(body),
                let sent = form["form"], Ticket.matches(sent, Ticket.digest(of: mark))
            else { return Self.redirect(visit, "/newcomer") }
            switch form["answer"] {
            case "new": return try await beginAnew(newcomer, visit)
            case "proof": return Self.redirect(visit, "/newcomer/identity")
            case "old":
                guard newcomer.authentication.facts.mode == .pin else {
                    return Answer.page(
                        NewcomerPages.question(newcomer, visit, mark: mark, fault: NewcomerPages.needsPIN), status: .badRequest)
                }
                guard let ourselves = MemberID(visit.settings.baseURL) else { throw StoreRefusal() }
                return try await begun(
                    .linking, message: Meeting.old(visit.transaction.id).message, member: ourselves, visit.settings, at: visit.now)
            default:
                return Answer.page(
                    NewcomerPages.question(newcomer, visit, mark: mark, fault: NewcomerPages.chooseOne), status: .badRequest)
            }
        }
    }

    /// The citizen says that he has not been here before.
    private func beginAnew(_ newcomer: Newcomer, _ visit: Visit) async throws -> Response {
        var random = SystemRandomNumberGenerator()
        // Whoever comes second finds the session of who came first.
        guard try await stores.consume(newcomer: visit.transaction.id, at: visit.now) != nil,
            let fresh = SubjectID.fresh(using: &random)
        else { return Self.onwards(visit) }
        let evidence = LinkEvidence(
            .first, of: fresh, certificate: newcomer.certificate, at: visit.now,
            basis: ["said": "citizen-says-new", "mode": .string(newcomer.authentication.facts.mode.rawValue)])
        let word = await correspond(newcomer.certificate, visit.now)
        let subject = try await stores.link(
            newcomer.certificate, by: evidence, card: word.card, recording: Self.record(evidence, visit.now))
        guard let subject else { return try await refused(.ended, visit) }
        return try await settle(newcomer, as: subject, visit)
    }

    /// The session of a newcomer whose citizen is known by now, and on to the service.
    func settle(_ newcomer: Newcomer, as subject: SubjectID, _ visit: Visit) async throws -> Response {
        guard let cookies = try await settled(newcomer, as: subject, visit) else {
            return try await refuse(SignOnRefusal.certificateBlocked.explanation, at: visit.now, member: visit.member.id)
        }
        return cookies.reduce(Self.onwards(visit)) { $0.setting($1) }
    }

    /// The cookies of that session; nil where the certificate is blocked here.
    func settled(_ newcomer: Newcomer, as subject: SubjectID, _ visit: Visit) async throws -> [String]? {
        var random = SystemRandomNumberGenerator()
        let ticket = Ticket.fresh(using: &random)
        guard let id = SessionID(ticket.digest) else { throw StoreRefusal() }
        let session = Session(
            id: id, subject: subject, authentications: [newcomer.authentication], createdAt: visit.now, lastSeenAt: visit.now,
            indexSeed: Ticket.fresh(using: &random).digest, device: visit.device)
        try await stores.append(
            Record(
                "card.accepted", at: visit.now,
                [
                    ("subject", .string(subject.text)), ("member", .string(visit.member.id.text)),
                    ("mode", .string(newcomer.authentication.facts.mode.rawValue)),
                    ("carrier", .string(newcomer.authentication.facts.carrier.rawValue)),
                    ("door", .string(newcomer.authentication.facts.door.rawValue)),
                    ("policy-version", .string(visit.settings.policy.version)),
                ]))
        guard try await stores.start(session, replacing: nil, expires: session.expires(under: visit.settings.sessions)) else { return nil }
        let names = CookieNames(secure: visit.settings.isSecure)
        return [
            names.set(names.session, ticket.text, maximumAge: visit.settings.sessions.absolute),
            names.remove(names.newcomer(visit.transaction.id)),
        ]
    }

    // MARK: Shared

    /// A visit in which a certificate waits; without one, on with the journey.
    func atNewcomer(
        _ request: Request, _ context: DoorContext, _ act: (Visit, Newcomer) async throws -> Response
    ) async throws -> Response {
        switch try await visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let visit):
            let names = CookieNames(secure: visit.settings.isSecure)
            guard let newcomer = try await stores.newcomer(visit.transaction.id, at: visit.now) else {
                return Self.onwards(visit).setting(names.remove(names.newcomer(visit.transaction.id)))
            }
            return try await act(visit, newcomer)
        }
    }

    /// Not to be made by anybody who has not the journey's cookie (checklist H3).
    func newcomerMark(_ request: Request, _ visit: Visit) -> String {
        request.formMark("newcomer", boundTo: CookieNames(secure: visit.settings.isSecure).transaction(visit.transaction.id))
    }

    func refused(_ fault: LinkFault, _ visit: Visit) async throws -> Response {
        try await refuse(fault.explanation, at: visit.now, member: visit.member.id)
    }
}
