import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// RP-initiated logout (OpenID Connect RP-Initiated Logout 1.0).
extension Platform {
    /// `GET` or `POST /openid/logout`
    func openIDLogout(_ request: Request) async throws -> Response {
        let now = clock()
        var parameters = request.rawQuery
        if request.method == .post {
            guard let form = try await request.collected(upTo: 32_768) else { return try await refuse(Self.logoutFormTooLarge, at: now) }
            parameters = String(decoding: form, as: UTF8.self)
        }
        // A form on the client's site comes without our Lax cookie: sent once more from our own page, it has it.
        let mayHideSession = request.method == .post && request.cookie(CookieNames(secure: configuration.current.isSecure).session) == nil
        return try await openIDLogout(parameters, request, isConfirmed: false, mayHideSession: mayHideSession, at: now)
    }

    /// `POST /openid/logout/confirm`: from our own page.
    func openIDLogoutConfirmed(_ request: Request) async throws -> Response {
        let now = clock()
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard let form = try await request.collected(upTo: 131_072), let answer = LogoutConfirmation(form: form) else {
            return try await refuse(Self.logoutFormTooLarge, at: now)
        }
        return try await openIDLogout(answer.request, request, isConfirmed: answer.isConfirmed, mayHideSession: false, at: now)
    }

    private func openIDLogout(
        _ parameters: String, _ request: Request, isConfirmed: Bool, mayHideSession: Bool, at now: Timestamp
    ) async throws -> Response {
        let settings = configuration.current
        // A wish, so that it counts before anything is proven (OpenID Connect RP-Initiated Logout §2).
        if let locales = (try? FormParameters(Array(parameters.utf8)))?["ui_locales"], locales.utf8.count <= 128 {
            Language.choice?.ask(locales)
        }
        let asked: VerifiedLogoutRequest
        do throws(LogoutRefusal) {
            asked = try readOpenIDLogout(parameters, settings)
        } catch {
            return try await refuse(error.explanation, at: now)
        }
        if let client = asked.client, let explanation = settings.refusal(ofLogoutBy: client.id, at: now) {
            return try await refuse(explanation, at: now, member: client.id)
        }
        if mayHideSession { return Answer.page(Pages.resendLogout(parameters)) }
        let member = asked.client.flatMap { settings.federation.member($0.id) }
        let held = try await endableSession(of: request, at: now)
        if held.map({ asked.names($0) }) != true { try await endElsewhere(asked, settings, at: now) }
        guard let session = held else {
            // Nothing to end. Only an ID token of ours vouches for where the citizen comes from; else the citizen decides to follow.
            if asked.isHinted, let location = asked.location { return Answer.redirect(location) }
            return Answer.page(Pages.loggedOut(asked.location.map { ($0, member) }))
        }
        guard isConfirmed || (asked.names(session) && request.isSeen) else { return Answer.page(Pages.askLogout(parameters, member)) }
        let (progress, ticket) = try await begin(
            Ending(
                threads: [session.thread], subject: session.subject, origin: .openID, message: Array(parameters.utf8),
                initiator: asked.client?.id), settings, at: now)
        return try await proceed(progress, ticket: ticket, settings, at: now).setting(removal(of: [session.thread], session, settings))
    }

    /// Ends the session that the hint names where no browser has it, or none any more. To name its `sid` is the client's own word; what
    /// somebody may be using ends in its own browser alone (checklist H4). Who asks here need not be its citizen, and sees nothing of its
    /// other members.
    private func endElsewhere(_ asked: VerifiedLogoutRequest, _ settings: Configuration, at now: Timestamp) async throws {
        guard let client = asked.client, let name = asked.hintedName else { return }
        for part in try await stores.participations(of: client.id, named: name) where asked.names(part) {
            guard try await isInNoBrowser(part.thread, settings, at: now) else { continue }
            _ = try await begin(
                Ending(
                    threads: [part.thread], subject: part.subject, origin: .openID, initiator: client.id, hasBrowser: false), settings,
                at: now)
        }
    }

    func readOpenIDLogout(_ parameters: String, _ settings: Configuration) throws(LogoutRefusal) -> VerifiedLogoutRequest {
        let unverified = try UnverifiedLogoutRequest(parameters: parameters, at: settings.openIDProvider)
        return try unverified.verified(for: settings.federation.client(unverified.clientID), at: settings.openIDProvider)
    }

    private static let logoutFormTooLarge = Explanation(
        "openid.request.too-large", "the form is larger than 32 KiB, or not ours", clause: "OpenID Connect RP-Initiated Logout §2",
        remedy: "send a smaller request")
}
