import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Where a citizen finds the requests that services put to him (CIBA). There is no app that is woken: he opens this page, or the link or code
/// that a counter shows, in his own browser, and logs in with card or phone. Like his other pages they open to nobody who only has the card.
extension Platform {
    /// `GET /approve`
    func approvals(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard let session = try await ownSession(of: request, at: now) else { return Answer.page(ApprovalPages.login(ticket: nil)) }
        let waiting = try await stores.waiting(for: session.subject, limit: Self.mostShown, at: now)
        let shown = waiting.compactMap { grant in settings.federation.member(grant.client).map { (grant, $0) } }
        return Answer.page(ApprovalPages.list(shown, ends: ends(session, at: now), at: now))
    }

    /// `GET /approve/{ticket}`: to the request itself, for the citizen it was put to. For anybody else, and for a ticket that never was, the
    /// same as without one (checklist H9).
    func approval(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        let ticket = context.parameters.get("ticket") ?? ""
        guard ticket.utf8.count <= 64, ticket.utf8.allSatisfy(\.isBase64url) else { return Answer.redirect(settings.baseURL + "/approve") }
        guard let session = try await ownSession(of: request, at: now) else { return Answer.page(ApprovalPages.login(ticket: ticket)) }
        return try await opened(Ticket.digest(of: ticket), for: session, settings, at: now)
            ?? Answer.redirect(settings.baseURL + "/approve")
    }

    /// `POST /approve/login`
    func approvalLogin(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard Self.isForm(request), let body = try await request.collected(upTo: 1_024), let form = try? FormParameters(body),
            let member = MemberID(settings.baseURL)
        else { return try await refuse(Self.noTransaction, at: now) }
        let about = form[ApprovalPages.ticket].map { Ticket.digest(of: $0) } ?? []
        return try await begun(.approval, message: about, member: member, settings, at: now)
    }

    /// `POST /approve/open`: one of the requests on the list.
    func approvalOpen(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard Self.isForm(request), let body = try await request.collected(upTo: 1_024), let form = try? FormParameters(body),
            let handle = form[ApprovalPages.request].flatMap(Base64url.decode), let session = try await ownSession(of: request, at: now)
        else { return Answer.redirect(settings.baseURL + "/approve") }
        return try await opened(handle, for: session, settings, at: now) ?? Answer.redirect(settings.baseURL + "/approve")
    }

    /// A visit about a request that waits for this citizen; nil when it is not his, or waits no more.
    func opened(
        _ handle: [UInt8], for session: Session, _ settings: Configuration, at now: Timestamp
    ) async throws -> Response? {
        let waiting = try await stores.waiting(for: session.subject, limit: Self.mostShown, at: now)
        guard let grant = waiting.first(where: { $0.handle == handle }) else { return nil }
        return try await begun(.backchannel, message: grant.handle, member: grant.client, then: "/continue", settings, at: now)
    }

    /// Requests on one page. A client may have three, so that more is an attack.
    static let mostShown = 64
}
