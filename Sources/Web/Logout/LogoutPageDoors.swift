import HTTPTypes
import Hummingbird
import OpenID
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The page of one logout: what became of each service, and the way on. A citizen's own, opened by a cookie.
extension Platform {
    /// `POST /session/end`: the button on our own page. The cookie is `SameSite=Lax`: a form on another site cannot bring it here
    /// (checklist H4).
    func endSession(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        let names = CookieNames(secure: settings.isSecure)
        let home = Answer.redirect(settings.baseURL + "/").setting(names.remove(names.session))
        guard let session = try await endableSession(of: request, at: now) else { return home }
        let form = try await request.collected(upTo: 1024) ?? []
        let (progress, ticket) = try await begin(
            Ending(
                threads: [session.thread], subject: session.subject, origin: .ownPage,
                propagates: String(decoding: form, as: UTF8.self) != Pages.onlyHere), settings, at: now)
        if progress.legs.isEmpty { return home }
        return try await proceed(progress, ticket: ticket, settings, at: now).setting(names.remove(names.session))
    }

    /// `GET /logout/{logout}`
    func logoutPage(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await onPage(request, context) { progress, settings, now in
            Answer.page(page(of: progress, settings, at: now))
        }
    }

    /// `GET /logout/{logout}/next`: to the member whose turn it is, or to the one named by `leg` once more.
    func logoutNext(_ request: Request, _ context: DoorContext) async throws -> Response {
        let again = Self.leg(request.rawQuery)
        return try await onPage(request, context) { progress, settings, now in
            let page = Answer.redirect(settings.baseURL + "/logout/" + progress.logout.id.text)
            var turn = progress.legs.first { $0.channel == .front && $0.id.number == again && $0.state != .ended && $0.state != .failed }
            if again == nil, case .visit(let id) = progress.step(at: now) { turn = progress.legs.first { $0.id == id } }
            guard let leg = turn else { return page }
            return try await visit(leg, of: progress.logout, settings, at: now) ?? page
        }
    }

    /// `POST /logout/{logout}/skip`: past one member, or past all that are left.
    func logoutSkip(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: clock()) }
        let form = try await request.collected(upTo: 1024) ?? []
        let number = Self.leg(String(decoding: form, as: UTF8.self))
        return try await onPage(request, context) { progress, settings, now in
            for leg in progress.legs where leg.channel == .front && leg.state == .open && (number == nil || number == leg.id.number) {
                try await stores.skip(leg.id, at: now)
            }
            return Answer.redirect(settings.baseURL + "/logout/" + progress.logout.id.text)
        }
    }

    /// `GET /logout/{logout}/answer`: back to the service that asked, with what came of it.
    func logoutAnswer(_ request: Request, _ context: DoorContext) async throws -> Response {
        try await onPage(request, context) { progress, settings, now in
            if let answer = try await answer(progress, settings, at: now) { return answer }
            return Answer.redirect(settings.baseURL + "/logout/" + progress.logout.id.text)
        }
    }

    private func onPage(
        _ request: Request, _ context: DoorContext, _ show: (LogoutProgress, Configuration, Timestamp) async throws -> Response
    ) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard let id = context.parameters.get("logout").flatMap({ LogoutID($0) }),
            let cookie = request.cookie(CookieNames(secure: settings.isSecure).logout(id)),
            let progress = try await stores.progress(of: id, at: now), let browser = progress.logout.browser,
            Ticket.matches(cookie, browser)
        else { return try await refuse(Self.noLogout, at: now) }
        return try await show(progress, settings, now)
    }

    private func page(of progress: LogoutProgress, _ settings: Configuration, at now: Timestamp) -> Markup {
        let owed: Pages.Owed
        switch progress.logout.origin {
        case .ownPage, .administrator, .samlSOAP: owed = .nothing
        case .openID:
            let request = try? readOpenIDLogout(String(decoding: progress.logout.message, as: UTF8.self), settings)
            owed = request?.location == nil ? .nothing : .answer
        case .samlRedirect, .samlPost:
            owed = (try? readSAMLLogout(progress.logout, settings))?.answersByBrowser == true ? .answer : .nothing
        }
        return Pages.logout(
            progress, step: progress.step(at: now), owed: owed, at: now,
            initiator: progress.logout.initiator.flatMap { settings.federation.member($0) }
        ) { settings.federation.member($0) }
    }

    /// Sends the browser to a member with our request; nil when there is none to send.
    private func visit(_ leg: LogoutLeg, of logout: Logout, _ settings: Configuration, at now: Timestamp) async throws -> Response? {
        var random = SystemRandomNumberGenerator()
        await settings.federation.learn(leg.member)
        let isInForce = settings.federation.member(leg.member)?.standing(at: now) == .inForce
        let provider = isInForce ? settings.federation.serviceProvider(leg.member) : nil
        let message: OutgoingLogout?
        do throws(AnswerFailure) {
            message = try provider?.logoutRequest(
                ending: leg.participation, by: .front, because: .user, relayState: logout.id.text, from: settings.identityProvider, at: now,
                using: &random)
        } catch .signature {
            // Our key rests at this moment: the page goes past this service, and offers it once more.
            try await stores.skip(leg.id, at: now)
            return nil
        } catch {
            message = nil
        }
        guard let message else {
            let isRegistered = settings.federation.serviceProvider(leg.member) != nil
            let reason: LogoutReason = !isRegistered ? .notRegistered : isInForce ? .unspeakable : .notInForce
            _ = try await stores.settle(
                leg.id, as: .failed, reason,
                recording: Record(
                    "logout.member", at: now,
                    [
                        ("member", .string(leg.member.text)), ("channel", "front"), ("result", "failed"),
                        ("reason", .string(reason.rawValue)),
                    ]), at: now)
            return nil
        }
        guard try await stores.ask(leg.id, by: message.id, at: now) else { return nil }
        return carry(message)
    }

    private static func leg(_ parameters: String) -> Int? {
        let name = "leg="
        guard parameters.hasPrefix(name), parameters.utf8.count <= name.utf8.count + 4 else { return nil }
        return Int(parameters.dropFirst(name.count))
    }

    private static let noLogout = Explanation(
        "logout.unknown", "this logout was begun in another browser, or has expired; the sessions have ended all the same",
        clause: "checklist H1", remedy: "log out at each service that you still see open")
}
