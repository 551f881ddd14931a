import HTTPTypes
import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

extension Platform {
    /// A verified request comes in: answered at once when the session allows it, else paused behind the login page.
    func enter(
        _ tongue: Tongue, origin: Transaction.Origin, message: [UInt8], _ request: Request, _ settings: Configuration, at now: Timestamp
    ) async throws -> Response {
        guard let member = settings.federation.member(tongue.ask.member) else {
            return try await refuse(Self.unknownMember(tongue), at: now)
        }
        let session = try await session(of: request, at: now)
        // A POST from the service's site comes without our Lax cookies; only after a redirect of our own can we know the session.
        let mayHideSession = request.method == .post && session == nil
        switch try await step(for: tongue.ask, by: member, in: session, settings, at: now) {
        case .permit(let permit):
            let response = try await answer(tongue, with: permit, settings, at: now)
            guard permit.spending?.isLast == true else { return response }
            let names = CookieNames(secure: settings.isSecure)
            return response.setting(names.remove(names.session))
        case .refuse(let refusal):
            if mayHideSession, case .passive = refusal { break }
            return try await answer(tongue, refusing: refusal, settings, at: now)
        case .authenticate, .refreshStatus, .lookUpCustomers, .presentSignature, .consent: break
        }
        return try await begun(origin, message: message, member: member.id, settings, at: now)
    }

    /// Begins a visit of this browser: a service's request that waits for the citizen, or a page of ours that does.
    func begun(
        _ origin: Transaction.Origin, message: [UInt8], member: MemberID, then door: String = "", _ settings: Configuration,
        at now: Timestamp
    ) async throws -> Response {
        var random = SystemRandomNumberGenerator()
        guard let id = TransactionID.fresh(using: &random) else { throw StoreRefusal() }
        let browser = Ticket.fresh(using: &random)
        try await stores.open(
            Transaction(
                id: id, browser: browser.digest, origin: origin, message: message, member: member, receivedAt: now,
                expiresAt: now.adding(seconds: settings.transactionLifetime)))
        let names = CookieNames(secure: settings.isSecure)
        return Answer.redirect(settings.baseURL + "/journey/" + id.text + door)
            .setting(names.set(names.transaction(id), browser.text, maximumAge: settings.transactionLifetime))
    }

    static func unknownMember(_ tongue: Tongue) -> Explanation {
        Explanation(
            "member.unknown", "no member is registered under this identifier", compared: [.init("member", tongue.ask.member.text)],
            clause: "trust framework: members", remedy: "register the service with `sekisho member add`")
    }
}
