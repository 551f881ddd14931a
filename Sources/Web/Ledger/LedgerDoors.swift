import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The citizen's own list (R18): who was told what, when, why and under which rule, what he agreed to, and the button that takes it back.
extension Platform {
    /// `GET /ledger`, `GET /ledger?before=MILLISECONDS`
    func ledger(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard let session = try await session(of: request, at: now) else { return LargePages.answer(LedgerPages.login()) }
        let before = Self.before(request.rawQuery) ?? now.adding(seconds: 1)
        let entries = try await stores.entries(of: session.subject, before: before, limit: Self.entriesOnPage + 1)
        let shown = Array(entries.prefix(Self.entriesOnPage))
        let page = LedgerPages.Page(
            consents: try await stores.consents(of: session.subject), entries: shown,
            told: try await stores.participations(in: session.thread),
            earlier: entries.count > shown.count ? shown.last?.at : nil, mark: ledgerMark(request, settings))
        return LargePages.answer(LedgerPages.list(page) { settings.federation.member($0) })
    }

    /// `POST /ledger/login`
    func ledgerLogin(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard let member = MemberID(settings.baseURL) else { throw StoreRefusal() }
        return try await begun(.ledger, message: [], member: member, settings, at: now)
    }

    /// `POST /ledger/withdraw`: one consent, by `service` and `for`. Twice is as good as once.
    func consentWithdrawn(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard Self.isForm(request), let body = try await request.collected(upTo: 4_096), let form = try? FormParameters(body),
            let session = try await session(of: request, at: now), let sent = form[LedgerPages.mark],
            Ticket.matches(sent, Ticket.digest(of: ledgerMark(request, settings))),
            let member = form[LedgerPages.service].flatMap({ MemberID($0) }),
            let purpose = form[LedgerPages.purpose].flatMap({ Purpose($0) }),
            let consent = try await stores.consent(of: session.subject, member: member, purpose: purpose)
        else { return Answer.redirect(settings.baseURL + "/ledger") }
        _ = try await stores.withdraw(
            of: session.subject, member: member, purpose: purpose, recording: Self.record("consent.withdrawn", consent, at: now))
        return Answer.redirect(settings.baseURL + "/ledger")
    }

    /// Not to be made by anybody who has not the session's cookie.
    private func ledgerMark(_ request: Request, _ settings: Configuration) -> String {
        let cookie = request.cookie(CookieNames(secure: settings.isSecure).session) ?? ""
        return Base64url.encode(Ticket.digest(of: "ledger " + cookie))
    }

    private static func before(_ query: String) -> Timestamp? {
        guard query.hasPrefix("before="), query.utf8.count <= 32, let milliseconds = Int64(query.dropFirst(7)) else { return nil }
        return Timestamp(milliseconds: milliseconds)
    }

    static let entriesOnPage = 50
}
