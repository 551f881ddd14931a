import HTTPTypes
import Hummingbird
import SAML
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// Single logout over SAML: members' requests, and their answers to ours.
extension Platform {
    /// `GET /saml/logout` (SAML Bindings §3.4)
    func samlLogoutRedirect(_ request: Request) async throws -> Response {
        let query = request.rawQuery
        return try await samlLogout(request, .samlRedirect, Array(query.utf8))
    }

    /// `POST /saml/logout` (SAML Bindings §3.5)
    func samlLogoutPost(_ request: Request) async throws -> Response {
        guard let form = try await request.collected(upTo: 262_144) else { return try await refuse(Self.logoutTooLarge, at: clock()) }
        return try await samlLogout(request, .samlPost, form)
    }

    private func samlLogout(_ request: Request, _ origin: Logout.Origin, _ bytes: [UInt8]) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        do {
            let message = try Self.message(origin, bytes)
            // A member of a metadata query service may be known no longer since we started.
            await settings.federation.learn(message.issuer)
            let provider = settings.federation.serviceProvider(message.issuer)
            if message.isResponse {
                let answer: Result<VerifiedLogoutResponse, SAMLRefusal.Reason> = Result { () throws(SAMLRefusal.Reason) in
                    if let reason = settings.refusal(ofSAML: message.issuer, at: now) { throw reason }
                    return try message.response(from: provider, at: settings.identityProvider, at: now)
                }
                return try await returned(answer, message.relayState, settings, at: now)
            }
            let asked = try message.request(from: provider, at: settings.identityProvider, at: now)
            // No session ends by its word, and no answer tells it what lived: the citizen has our own page for that.
            if let reason = settings.refusal(ofSAML: message.issuer, at: now) {
                return try await refuse(reason.explanation, at: now, member: message.issuer)
            }
            return try await samlLogout(request, origin, bytes, asked, settings, at: now)
        } catch let reason as SAMLRefusal.Reason {
            return try await refuse(reason.explanation, at: now)
        }
    }

    private static func message(_ origin: Logout.Origin, _ bytes: [UInt8]) throws(SAMLRefusal.Reason) -> UnverifiedLogoutMessage {
        origin == .samlPost ? try .post(form: bytes) : try .redirect(query: String(decoding: bytes, as: UTF8.self))
    }

    private func samlLogout(
        _ request: Request, _ origin: Logout.Origin, _ bytes: [UInt8], _ asked: Result<VerifiedLogoutRequest, RefusedLogoutRequest>,
        _ settings: Configuration, at now: Timestamp
    ) async throws -> Response {
        var random = SystemRandomNumberGenerator()
        let logout: VerifiedLogoutRequest
        switch asked {
        case .success(let verified): logout = verified
        case .failure(let refused):
            let explanation = refused.reason.explanation
            guard let answer = try refused.response(from: settings.identityProvider, at: now, using: &random) else {
                return try await refuse(explanation, at: now, member: refused.sender.entityID)
            }
            try await recordRefusal(explanation, of: refused.sender.entityID, at: now)
            return carry(answer)
        }
        let replay = logout.replayKey
        guard try await stores.claim(replay.key, scope: replay.scope, until: replay.until, at: now) else {
            guard let answer = try logout.replayed(from: settings.identityProvider, at: now, using: &random) else {
                return try await refuse(Self.logoutReplayed(logout.id), at: now, member: logout.sender.entityID)
            }
            try await recordRefusal(Self.logoutReplayed(logout.id), of: logout.sender.entityID, at: now)
            return carry(answer)
        }
        let session = try await endableSession(of: request, at: now)
        let named = try await participations(of: logout)
        guard let subject = named.first?.subject else { return try await nothingToEnd(logout, in: session, settings, at: now) }
        noteAcceptance(shownBy: logout, among: named, settings, at: now)
        let threads = Self.threads(of: named)
        let (progress, ticket) = try await begin(
            Ending(
                threads: threads, subject: subject, origin: origin, message: bytes, initiator: logout.sender.entityID,
                ownThread: session?.thread), settings, at: now)
        return try await proceed(progress, ticket: ticket, settings, at: now).setting(removal(of: threads, session, settings))
    }

    /// A session that is not known, or not any more, has ended: that is what is asked (checklist §1.4). Where one of the sender's is open
    /// and was meant by another name, Success would be untrue.
    private func nothingToEnd(
        _ logout: VerifiedLogoutRequest, in session: Session?, _ settings: Configuration, at now: Timestamp
    ) async throws -> Response {
        var random = SystemRandomNumberGenerator()
        if try await isOpen(logout, in: session) {
            let explanation = VerifiedLogoutRequest.otherName
            guard let answer = try logout.unknownPrincipal(from: settings.identityProvider, at: now, using: &random) else {
                return try await refuse(explanation, at: now, member: logout.sender.entityID)
            }
            try await recordRefusal(explanation, of: logout.sender.entityID, at: now)
            return carry(answer)
        }
        try await stores.append(
            Record("logout.unknown-session", at: now, [("protocol", "saml"), ("member", .string(logout.sender.entityID.text))]))
        guard let answer = try logout.response(.complete, from: settings.identityProvider, at: now, using: &random) else {
            return Answer.page(Pages.loggedOut(nil))
        }
        return carry(answer)
    }

    /// Whether the sender has a session open that a request which names none may mean: by its text, or since it is this browser's and the
    /// request does not name another one.
    private func isOpen(_ logout: VerifiedLogoutRequest, in session: Session?) async throws -> Bool {
        let sender = logout.sender.entityID
        if let name = logout.name, try await stores.participations(of: sender, named: name.text).contains(where: logout.mayMean) {
            return true
        }
        guard let session else { return false }
        return try await stores.participations(in: session.thread).contains { part in
            part.member == sender && part.name.tongue == .saml && logout.mayMean(session: part.sessionIndex)
        }
    }

    /// What the request names: one session by its index, or all of the principal at this member.
    private func participations(of logout: VerifiedLogoutRequest) async throws -> [Participation] {
        guard let name = logout.name else { return [] }
        return try await stores.participations(of: logout.sender.entityID, named: name.text).filter(logout.names)
    }

    private static func threads(of participations: [Participation]) -> [SessionThread] {
        var seen: Set<SessionThread> = []
        return participations.map(\.thread).filter { seen.insert($0).inserted }
    }

    /// The request behind a logout under way, proven at the moment it came.
    func readSAMLLogout(_ logout: Logout, _ settings: Configuration) throws -> VerifiedLogoutRequest {
        let message = try Self.message(logout.origin, logout.message)
        return try message.request(
            from: settings.federation.serviceProvider(message.issuer), at: settings.identityProvider, at: logout.startedAt
        ).get()
    }

    /// A member's answer came back by the browser. Proven or not, the citizen goes on; only a proven one changes what is shown.
    private func returned(
        _ answer: Result<VerifiedLogoutResponse, SAMLRefusal.Reason>, _ relayState: String?, _ settings: Configuration, at now: Timestamp
    ) async throws -> Response {
        switch answer {
        case .success(let response):
            guard let leg = try await stores.leg(asking: response.inResponseTo, at: now), leg.member == response.sender.entityID else {
                return try await refuse(Self.unasked(response.inResponseTo), at: now, member: response.sender.entityID)
            }
            _ = try await stores.settle(
                leg.id, as: response.hasEnded ? .ended : .failed, response.hasEnded ? nil : .refused,
                recording: Record(
                    "logout.member", at: now,
                    [
                        ("member", .string(leg.member.text)), ("channel", "front"), ("result", response.hasEnded ? "ended" : "failed"),
                        ("status", .string(response.status)),
                    ]), at: now)
            return Answer.redirect(settings.baseURL + "/logout/" + leg.id.logout.text)
        case .failure(let reason):
            // Our page carried the logout's id to the member: the chain does not break on an answer that nobody proves.
            guard let id = relayState.flatMap({ LogoutID($0) }), try await stores.progress(of: id, at: now) != nil else {
                return try await refuse(reason.explanation, at: now)
            }
            try await stores.append(
                Record("request.refused", at: now, [("protocol", "saml"), ("code", .string(reason.explanation.code))]))
            return Answer.redirect(settings.baseURL + "/logout/" + id.text)
        }
    }

    /// `POST /saml/logout/soap` (SAML Bindings §3.2): no browser; members that only a browser could tell stay open.
    func samlLogoutSOAP(_ request: Request) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        let limit = SOAPEnvelope.limit()
        do {
            try SOAPEnvelope.admit(contentType: request.headers[.contentType])
            guard let bytes = try await request.collected(upTo: limit) else { throw SOAPRefusal.tooLarge(limit: limit) }
            let message = try UnverifiedLogoutMessage.soap(bytes)
            await settings.federation.learn(message.issuer)
            let asked: Result<VerifiedLogoutRequest, RefusedLogoutRequest>
            do throws(SAMLRefusal.Reason) {
                asked = try message.request(
                    from: settings.federation.serviceProvider(message.issuer), at: settings.identityProvider, at: now)
                if let reason = settings.refusal(ofSAML: message.issuer, at: now) { throw reason }
            } catch {
                throw SOAPRefusal.message(error)
            }
            return try await samlLogoutSOAP(asked, settings, at: now)
        } catch let refusal as SOAPRefusal {
            try await stores.append(
                Record("request.refused", at: now, [("protocol", "saml"), ("code", .string(refusal.explanation.code))]))
            return Answer.bytes(SOAPEnvelope.fault(refusal), type: SOAPEnvelope.contentType, status: .init(code: refusal.status))
        }
    }

    private func samlLogoutSOAP(
        _ asked: Result<VerifiedLogoutRequest, RefusedLogoutRequest>, _ settings: Configuration, at now: Timestamp
    ) async throws -> Response {
        var random = SystemRandomNumberGenerator()
        let logout: VerifiedLogoutRequest
        switch asked {
        case .success(let verified): logout = verified
        case .failure(let refused):
            try await recordRefusal(refused.reason.explanation, of: refused.sender.entityID, at: now)
            guard let answer = try refused.response(from: settings.identityProvider, at: now, using: &random) else { throw StoreRefusal() }
            return carry(answer)
        }
        let replay = logout.replayKey
        guard try await stores.claim(replay.key, scope: replay.scope, until: replay.until, at: now) else {
            try await recordRefusal(Self.logoutReplayed(logout.id), of: logout.sender.entityID, at: now)
            guard let answer = try logout.replayed(from: settings.identityProvider, at: now, using: &random) else { throw StoreRefusal() }
            return carry(answer)
        }
        let named = try await participations(of: logout)
        guard let subject = named.first?.subject else { return try await nothingToEnd(logout, in: nil, settings, at: now) }
        noteAcceptance(shownBy: logout, among: named, settings, at: now)
        let (progress, _) = try await begin(
            Ending(
                threads: Self.threads(of: named), subject: subject, origin: .samlSOAP, initiator: logout.sender.entityID, hasBrowser: false),
            settings, at: now)
        guard let answer = try logout.response(progress.outcome, from: settings.identityProvider, at: now, using: &random) else {
            throw StoreRefusal()
        }
        return carry(answer)
    }

    private func recordRefusal(_ explanation: Explanation, of member: MemberID, at now: Timestamp) async throws {
        try await stores.append(
            Record(
                "request.refused", at: now,
                [("protocol", "saml"), ("member", .string(member.text)), ("code", .string(explanation.code))]))
    }

    private static let logoutTooLarge = Explanation(
        "saml.request.too-large", "the form is larger than 256 KiB", clause: "checklist D2", remedy: "send a smaller request")

    private static func logoutReplayed(_ id: String) -> Explanation {
        Explanation(
            "saml.request.replayed", "a request with this ID was answered before", compared: [.init("ID", id)], clause: "SAML Core §1.3.4",
            remedy: "send a new request with a new ID")
    }

    private static func unasked(_ id: String) -> Explanation {
        Explanation(
            "saml.logout.unasked", "the LogoutResponse answers no request of ours to this member", compared: [.init("InResponseTo", id)],
            clause: "SAML Core §3.2.2; SAML Profiles §4.4.3.5", remedy: "answer the LogoutRequest that came last, within the hour")
    }
}
