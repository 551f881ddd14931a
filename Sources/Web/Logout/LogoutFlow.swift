import HTTPTypes
import Hummingbird
import OpenID
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Sessions about to end: whose, because of what.
struct Ending: Sendable {
    let threads: [SessionThread]
    let subject: SubjectID
    let origin: Logout.Origin
    var message: [UInt8] = []
    /// The member that asked; a SAML one ends its own session by itself.
    var initiator: MemberID?
    /// Of this browser's own session, where it is known: it visits nobody for another browser's.
    var ownThread: SessionThread?
    var propagates = true
    var hasBrowser = true
    /// An order was left under this name in an earlier commit; nil makes one.
    var order: LogoutID?

    /// A member's cookie for another browser's session is in that browser: visited from here, the member would find none, or end another
    /// session, and say `Success` (decision 0034).
    fileprivate func plan(_ plan: LogoutPlan, for participation: Participation) -> LogoutPlan {
        guard plan.channel == .front, let ownThread, participation.thread != ownThread else { return plan }
        return LogoutPlan(.none, .browserOnly)
    }
}

extension Platform {
    /// Ends the sessions, and only then tells the members: those that we tell ourselves at once and outside of this request, of which a
    /// moment is waited for. The ticket opens the page of results.
    func begin(_ ending: Ending, _ settings: Configuration, at now: Timestamp) async throws -> (LogoutProgress, Ticket) {
        var random = SystemRandomNumberGenerator()
        guard let id = ending.order ?? LogoutID.fresh(using: &random) else { throw StoreRefusal() }
        let ticket = Ticket.fresh(using: &random)
        let logout = Logout(
            id: id, browser: ending.hasBrowser ? ticket.digest : nil, origin: ending.origin, message: ending.message,
            initiator: ending.initiator, propagates: ending.propagates, startedAt: now, expiresAt: now.adding(seconds: Logout.lifetime))
        let record = Record(
            "session.ended", at: now,
            [
                ("subject", .string(ending.subject.text)), ("by", .string(ending.initiator == nil ? "citizen" : "member")),
                ("origin", .string(ending.origin.rawValue)), ("member", ending.initiator.map { .string($0.text) } ?? .null),
                ("sessions", .integer(Int64(ending.threads.count))), ("others-told", .bool(ending.propagates)),
            ])
        let federation = settings.federation
        let legs = try await stores.begin(logout, ending: ending.threads, recording: record) { participation in
            let plan = federation.logoutPlan(for: participation, at: now)
            guard participation.member == ending.initiator else { return ending.plan(plan, for: participation) }
            // Who asked by SAML ends its session by itself; an OpenID client too, unless it registered to hear of every end.
            return participation.name.tongue == .openID && plan.channel == .back ? plan : nil
        }
        guard legs.contains(where: { $0.channel == .back }) else { return (LogoutProgress(logout, legs), ticket) }
        await deliver(id)
        return (try await stores.progress(of: id, at: clock()) ?? LogoutProgress(logout, legs), ticket)
    }

    /// What the browser sees when the sessions have ended: the answer to who asked, when there is nothing to show, else the page.
    func proceed(_ progress: LogoutProgress, ticket: Ticket, _ settings: Configuration, at now: Timestamp) async throws -> Response {
        if progress.outcome == .complete, let answer = try await answer(progress, settings, at: now) { return answer }
        let names = CookieNames(secure: settings.isSecure)
        return Answer.redirect(settings.baseURL + "/logout/" + progress.logout.id.text)
            .setting(names.set(names.logout(progress.logout.id), ticket.text, maximumAge: Logout.lifetime))
    }

    /// The answer that the one who asked waits for; nil when nobody does.
    func answer(_ progress: LogoutProgress, _ settings: Configuration, at now: Timestamp) async throws -> Response? {
        let logout = progress.logout
        // Who was suspended while the sessions ended is not told that they have.
        if let initiator = logout.initiator, settings.federation.member(initiator)?.standing(at: now) != .inForce { return nil }
        switch logout.origin {
        case .ownPage, .administrator, .samlSOAP: return nil
        case .openID:
            guard let request = try? readOpenIDLogout(String(decoding: logout.message, as: UTF8.self), settings) else { return nil }
            return request.location.map(Answer.redirect)
        case .samlRedirect, .samlPost:
            var random = SystemRandomNumberGenerator()
            // Proven once more, at the moment it came.
            guard let request = try? readSAMLLogout(logout, settings),
                let answer = try request.response(progress.outcome, from: settings.identityProvider, at: now, using: &random)
            else { return nil }
            try await stores.append(
                Record(
                    "logout.answered", at: now,
                    [
                        ("member", .string(request.sender.entityID.text)), ("in-response-to", .string(request.id)),
                        ("response-id", .string(answer.id)), ("outcome", progress.outcome == .complete ? "complete" : "partial"),
                    ] + Self.facts(of: progress, at: now)))
            return carry(answer)
        }
    }

    private static func facts(of progress: LogoutProgress, at now: Timestamp) -> [(name: String, value: JSON)] {
        let counts = progress.counts(at: now)
        return LogoutProgress.Result.allCases.map { ($0.rawValue, .integer(Int64(counts[$0] ?? 0))) }
    }

    /// A logout message on its way through the browser.
    func carry(_ message: OutgoingLogout) -> Response {
        switch message.carrier {
        case .redirect(let address): Answer.redirect(address)
        case .post(let destination, let name, let bytes, let relayState):
            Answer.carrier(
                Pages.post(to: destination, (name, bytes), relayState.map { [("RelayState", $0)] } ?? []))
        case .soap(_, let envelope): Answer.bytes(envelope, type: SOAPEnvelope.contentType)
        }
    }

    /// Whether there is such a session and no browser can go on with it: a device's or a back-channel request's, one that nobody has used
    /// for too long, one whose logins are used up.
    func isInNoBrowser(_ thread: SessionThread, _ settings: Configuration, at now: Timestamp) async throws -> Bool {
        guard let session = try await stores.session(in: thread, at: now) else { return false }
        return session.device == DeviceWord.service || !session.isAlive(at: now, under: settings.sessions)
    }

    /// The removal of this browser's cookie, when its session is among those that end: another citizen's stays.
    func removal(of threads: [SessionThread], _ session: Session?, _ settings: Configuration) -> [String] {
        let names = CookieNames(secure: settings.isSecure)
        guard let session, threads.contains(session.thread) else { return [] }
        return [names.remove(names.session)]
    }
}

extension CookieNames {
    /// Opens the page of one logout.
    func logout(_ id: LogoutID) -> String { (secure ? "__Host-sekisho-out-" : "sekisho-out-") + id.text }
}

extension Response {
    func setting(_ cookies: [String]) -> Response {
        var response = self
        for cookie in cookies { response.headers.append(HTTPField(name: .setCookie, value: cookie)) }
        return response
    }
}
