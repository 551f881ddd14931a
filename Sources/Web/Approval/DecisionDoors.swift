import Credentials
import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Yes or no: the page behind the login, for a device's code and for a request that was put to the citizen. Bound to the browser by the
/// visit's cookie, which is `SameSite=Lax`: a form on another site cannot bring it here (checklist H1, H3).
extension Platform {
    /// `GET /journey/{transaction}/confirm`
    func decision(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await deciding(request, context) { visit, grant, permit in
            Answer.page(
                ApprovalPages.decide(grant, visit.member, permit, visit.transaction.id, at: visit.now))
        }
    }

    /// `POST /journey/{transaction}/confirm`
    func decided(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: clock()) }
        guard Self.isForm(request), let body = try await request.collected(upTo: 256),
            let answer = Decided(rawValue: String(decoding: body, as: UTF8.self))
        else { return try await refuse(Self.noTransaction, at: clock()) }
        return try await deciding(request, context) { visit, grant, permit in
            // Two clicks are one decision: whoever takes the visit out of the store decides.
            try await close(visit) {
                switch answer {
                case .yes: try await approve(grant, visit, spending: permit.spending)
                case .no: try await deny(grant, by: visit.session, because: .cancelled, visit.settings, at: visit.now)
                }
            }
        }
    }

    private enum Decided: String {
        case yes = "decision=approve"
        case no = "decision=deny"
    }

    private func deciding(
        _ request: Request, _ context: DoorContext, _ decide: (Visit, AwaitedGrant, Permit) async throws -> Response
    ) async throws -> Response {
        switch try await visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let visit):
            guard case .awaited(let grant, let ask) = visit.tongue else { return try await refuse(Self.noTransaction, at: visit.now) }
            switch visit.step {
            case .authenticate: return Self.redirect(visit)
            case .refreshStatus, .lookUpCustomers, .presentSignature, .consent:
                return Self.onwards(visit)
            case .refuse(let refusal):
                return try await close(visit) {
                    try await deny(grant, by: visit.session, because: refusal, visit.settings, at: visit.now)
                }
            case .permit(let permit):
                // Somebody else has logged in meanwhile: what was put to another citizen is not shown (checklist H2).
                if let expected = ask.expected {
                    let here = try? await stores.pairwise(
                        permit.subject, sector: permit.member.sector, orElse: Self.freshPairwise(for: ask), at: visit.now)
                    guard here == expected else { return Answer.redirect(visit.settings.baseURL + "/approve") }
                }
                return try await decide(visit, grant, permit)
            }
        }
    }

    /// The citizen's yes becomes a session of the client's own: no cookie of any browser opens it, and the citizen's logout on this phone does
    /// not end it; an administrator's does, and the client's. `spending`: the login in the citizen's own session that this answer uses up.
    private func approve(_ awaited: AwaitedGrant, _ visit: Visit, spending: Spending?) async throws -> Response {
        guard let session = visit.session else { return try await refuse(SignOnRefusal.sessionEnded.explanation, at: visit.now) }
        let now = visit.now
        var random = SystemRandomNumberGenerator()
        guard let id = SessionID(Ticket.fresh(using: &random).digest) else { throw StoreRefusal() }
        let own = Session(
            id: id, subject: session.subject, authentications: session.authentications, createdAt: now, lastSeenAt: now,
            indexSeed: Ticket.fresh(using: &random).digest, device: .service)
        let ask = visit.tongue.ask.during(visit.transaction.id)
        let step = try await self.step(for: ask, by: visit.member, in: own, visit.settings, at: now)
        guard case .permit(let permit) = step else { throw StoreRefusal() }
        let grant: Grant
        do {
            grant = try await granted(permit, for: ask, at: now)
        } catch let refusal as SignOnRefusal {
            return try await refuse(refusal.explanation, at: now, member: visit.member.id)
        }
        let told = awaited.told(of: grant).sources
        let ledger = grant.ledgerEntry(telling: told, at: now, using: &random)
        let approval = AwaitedApproval(
            entitlement: awaited.entitlement(for: grant), session: own, sessionExpires: grant.sessionExpires,
            joining: grant.joining(as: .subject(grant.pairwise.text), at: now, ledger: ledger), approver: session.thread,
            spending: spending)
        observe(grant.decision, grant.question)
        let record = Record(
            "awaited.approved", at: now, Self.facts(of: grant, visit.tongue, released: told, ledger))
        switch try await stores.settle(awaited.handle, awaited.kind, as: .approved(approval), recording: record, at: now) {
        case .settled:
            notify()
            return try await done(.approved(awaited.kind), session, visit.settings, at: now)
        case .settledBefore: return try await done(.decidedBefore, session, visit.settings, at: now)
        case .gone: return try await done(.gone, session, visit.settings, at: now)
        case .sessionEnded: return try await refuse(SignOnRefusal.sessionEnded.explanation, at: now, member: visit.member.id)
        }
    }

    /// No, by the citizen or by policy: the client is told at its next question.
    func deny(
        _ awaited: AwaitedGrant, by session: Session?, because refusal: SignOnRefusal, _ settings: Configuration, at now: Timestamp
    ) async throws -> Response {
        let facts: [(name: String, value: JSON)] = [
            ("protocol", .string(awaited.kind.rawValue)), ("member", .string(awaited.client.text)),
            ("subject", session.map { .string($0.subject.text) } ?? .null), ("code", .string(refusal.explanation.code)),
            ("policy-version", .string(settings.policy.version)),
        ]
        let record = Record(
            "awaited.denied", at: now,
            facts
                + traced(
                    refusal, of: awaited.ask(at: now, of: settings.federation.client(awaited.client)), settings, beside: facts, at: now))
        switch try await stores.settle(awaited.handle, awaited.kind, as: .denied, recording: record, at: now) {
        case .settled:
            notify()
            guard refusal == .cancelled || refusal == .consentRefused else {
                return try await refuse(refusal.explanation, at: now, member: awaited.client, words: refusal.citizenWords)
            }
            return try await done(.denied(awaited.kind), session, settings, at: now)
        case .settledBefore: return try await done(.decidedBefore, session, settings, at: now)
        case .gone, .sessionEnded: return try await done(.gone, session, settings, at: now)
        }
    }

    /// The last page. On a terminal that others use too the citizen is logged out by it (R20): what was granted has a session of its own.
    private func done(
        _ outcome: ApprovalPages.Outcome, _ session: Session?, _ settings: Configuration, at now: Timestamp
    ) async throws -> Response {
        guard let session, isShared(session, settings) else {
            return Answer.page(ApprovalPages.done(outcome, loggedOut: false))
        }
        _ = try await begin(Ending(threads: [session.thread], subject: session.subject, origin: .ownPage), settings, at: now)
        let names = CookieNames(secure: settings.isSecure)
        return Answer.page(ApprovalPages.done(outcome, loggedOut: true)).setting(names.remove(names.session))
    }

    /// The card was used last at a terminal that others use too: a counter, a town hall, a kiosk in a shop.
    private func isShared(_ session: Session, _ settings: Configuration) -> Bool {
        guard let terminal = session.authentications.last?.terminal.flatMap({ settings.cards.terminals.find($0) }) else { return false }
        return terminal.isShared
    }
}
