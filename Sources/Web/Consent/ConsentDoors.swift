import HTTPTypes
import Hummingbird
import OpenID
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What exactly would be sent, to whom and why, and the citizen's yes or no. Bound to the browser by the visit's cookie, which no form on
/// another site brings here (checklist H1, H3), and to what was shown by the form's own mark.
extension Platform {
    /// `GET /journey/{transaction}/consent`
    func consent(_ request: Request, _ context: DoorContext) async throws -> Response {
        switch try await visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let visit):
            guard case .consent(let need) = visit.step else { return Self.onwards(visit) }
            return Answer.page(
                ConsentPages.ask(
                    need, visit.transaction.id, mark: mark(of: need, visit, request),
                    about: visit.settings.federation.client(visit.member.id)?.presentation,
                    purpose: visit.settings.words(for: need.purpose), isShared: Self.tellsShared(visit),
                    ends: visit.session.map { ends($0, at: visit.now) }, at: visit.now))
        }
    }

    /// `POST /journey/{transaction}/consent`. Sent twice it is one consent; sent from a page of the browser's history, for something else
    /// than would be sent now, it is none, and the citizen is shown what it is now.
    func consented(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: clock()) }
        let visit: Visit
        switch try await self.visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let found): visit = found
        }
        guard case .consent(let need) = visit.step else { return Self.onwards(visit) }
        guard Self.isForm(request), let body = try await request.collected(upTo: 8_192), let form = try? FormParameters(body),
            let sent = form[ConsentPages.mark], Ticket.matches(sent, Ticket.digest(of: mark(of: need, visit, request)))
        else { return Self.redirect(visit, "/consent") }
        guard form[ConsentPages.decision] == ConsentPages.yes else {
            return try await close(visit) { try await answer(visit.tongue, refusing: .consentRefused, visit.settings, at: visit.now) }
        }
        let told = Set(form.all(ConsentPages.told).compactMap(AttributeSource.init(rawValue:)))
        guard let consent = need.agreed(without: need.optional.subtracting(told), at: visit.now) else { throw StoreRefusal() }
        try await stores.give(consent, recording: Self.record("consent.given", consent, at: visit.now))
        return Self.onwards(visit)
    }

    /// Names this visit of this browser, and what its citizen was shown. Not to be made by anybody who has not the visit's cookie.
    private func mark(of need: ConsentNeed, _ visit: Visit, _ request: Request) -> String {
        let names = CookieNames(secure: visit.settings.isSecure)
        let cookie = request.cookie(names.transaction(visit.transaction.id)) ?? ""
        return Base64url.encode(Ticket.digest(of: "consent " + cookie + " " + Base64url.encode(need.digest)))
    }

    /// `subject-id` in place of an identifier of the service's own.
    private static func tellsShared(_ visit: Visit) -> Bool {
        if case .saml(let request) = visit.tongue { request.serviceProvider.takesGeneralIdentifier } else { false }
    }

    static func record(_ event: String, _ consent: Consent, at now: Timestamp) -> Record {
        func names(_ sources: Set<AttributeSource>) -> JSON { .array(sources.map(\.rawValue).sorted().map { .string($0) }) }
        return Record(
            event, at: now,
            [
                ("subject", .string(consent.subject.text)), ("member", .string(consent.member.text)),
                ("purpose", .string(consent.purpose.text)), ("given", names(consent.given)), ("declined", names(consent.declined)),
                ("policy-version", .string(consent.policyVersion)),
            ])
    }
}
