import Credentials
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// One visit to the login page, read anew at each of its doors.
struct Visit: Sendable {
    let transaction: Transaction
    let tongue: Tongue
    let member: Member
    let session: Session?
    let settings: Configuration
    let now: Timestamp
    /// What stores and responders had to say is in it.
    let step: Step
    /// Where the browser says it runs, in two coarse words.
    let device: DeviceWord?

    /// Of the login page; its other doors are below it.
    var path: String { "/journey/" + transaction.id.text }
    var address: String { settings.baseURL + path }
}

extension Platform {
    /// The visit that the URL names, if this browser began it; else the answer to give.
    func visit(_ request: Request, _ context: DoorContext) async throws -> Result<Visit, VisitRefusal> {
        let now = clock()
        let settings = configuration.current
        guard let id = context.parameters.get("transaction").flatMap({ TransactionID($0) }),
            let transaction = try await transaction(id, of: request, at: now)
        else { return .failure(VisitRefusal(explanation: Self.noTransaction)) }
        guard let member = asker(of: transaction, settings) else {
            return .failure(VisitRefusal(explanation: Self.memberLeft(transaction.member)))
        }
        let tongue: Tongue
        do {
            tongue = try await reread(transaction, settings)
        } catch let refusal as TongueRefusal {
            return .failure(VisitRefusal(explanation: refusal.explanation))
        }
        if case .openID(let asked) = tongue, let locales = asked.uiLocales { Language.choice?.ask(locales) }
        let session = try await session(of: request, at: now)
        let step: Step =
            if case .own(let login) = tongue, !login.isUnderPolicy {
                .authenticate(SignOn.ownLogin(in: session, under: settings.policy.ladder, again: login.again).about(login.meeting))
            } else {
                try await self.step(for: tongue.ask.during(transaction.id), by: member, in: session, settings, at: now)
            }
        return .success(
            Visit(
                transaction: transaction, tongue: tongue, member: member, session: session, settings: settings, now: now, step: step,
                device: DeviceWord(userAgent: request.headers[.userAgent])))
    }

    /// `GET /journey/{transaction}`: the login page, or the answer when the session allows it by now.
    func journey(_ request: Request, _ context: DoorContext) async throws -> Response {
        switch try await visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let visit):
            if let answer = try await arrived(visit) { return answer }
            let step = visit.step
            if case .authenticate(let need) = step {
                return Answer.page(try await loginPage(need, visit).markup)
            }
            return try await finish(visit, step)
        }
    }

    func loginPage(_ need: Need, _ visit: Visit, refused: Explanation? = nil) async throws -> LoginPage {
        let purpose: Words =
            if case .own = visit.tongue {
                Words("「あなたのページ」を開くため", "to open your page here", easy: "あなたの ページを 見る ため")
            } else {
                visit.settings.words(for: visit.tongue.ask.purpose ?? visit.member.defaultPurpose)
            }
        return LoginPage(
            member: visit.member, purpose: purpose, need: need,
            address: visit.address, door: visit.path,
            card: takesHandshake(need, visit) ? visit.settings.tlsDoor.map { $0.origin + "/card/" + visit.transaction.id.text } : nil,
            details: visit.tongue.details(visit.settings), about: visit.settings.federation.client(visit.member.id)?.presentation,
            news: try await cardNews(of: visit.transaction.id, at: visit.now), pairing: pairing(for: need, visit),
            refused: refused,
            until: visit.transaction.expiresAt, now: visit.now)
    }

    /// The card in this browser is offered only where it can succeed: a handshake proves the door's weakest mode, since nobody states another.
    private func takesHandshake(_ need: Need, _ visit: Visit) -> Bool {
        let mode = visit.settings.cards.tlsRules.weakestMode
        if case .again(let again) = need.why, mode.strength < again.mode.strength { return false }
        let contexts = need.acceptable.filter { $0.doors.contains(.tls) && !$0.needsStatement }
        // A page of ours opens to a key that signed, however it was opened; a second card is taken with its PIN only.
        if case .own(let login) = visit.tongue, !login.isUnderPolicy { return !contexts.isEmpty && (login.meeting == nil || mode == .pin) }
        return contexts.contains { $0.modes.contains(mode) }
    }

    /// `GET /journey/{transaction}/continue`: on to the service, or back to the page when a stronger login is needed.
    func continued(_ request: Request, _ context: DoorContext) async throws -> Response {
        switch try await visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let visit):
            if let aside = aside(request, visit) { return aside }
            if let answer = try await arrived(visit) { return answer }
            return try await finish(visit, visit.step)
        }
    }

    /// `POST /journey/{transaction}/cancel`
    func cancel(_ request: Request, _ context: DoorContext) async throws -> Response {
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: clock()) }
        switch try await visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let visit):
            // Who goes back from the page that says why is not one who gave up: the service hears the reason.
            var refusal = SignOnRefusal.cancelled
            if case .refuse(let why) = visit.step, visit.hasTried, why.isOfThePlace { refusal = why }
            return try await close(visit) { try await answer(visit.tongue, refusing: refusal, visit.settings, at: visit.now) }
        }
    }

    private func finish(_ visit: Visit, _ step: Step) async throws -> Response {
        switch step {
        case .permit(let permit):
            return try await close(visit) { try await answer(visit.tongue, with: permit, visit.settings, at: visit.now) }
        case .refuse(let refusal):
            if visit.hasTried, refusal.isOfThePlace { return Answer.page(WrongPlacePage(visit: visit, refusal: refusal).markup) }
            return try await close(visit) { try await answer(visit.tongue, refusing: refusal, visit.settings, at: visit.now) }
        case .authenticate, .refreshStatus, .lookUpCustomers:
            return Self.redirect(visit)
        case .presentSignature:
            return Self.redirect(visit, "/identity")
        case .consent:
            return Self.redirect(visit, "/consent")
        }
    }

    /// To a door of the visit; without one to its login page.
    static func redirect(_ visit: Visit, _ door: String = "") -> Response { Answer.redirect(visit.address + door) }

    static func onwards(_ visit: Visit) -> Response { redirect(visit, "/continue") }

    /// A transaction is answered once: whoever takes it out of the store answers.
    func close(_ visit: Visit, _ answer: () async throws -> Response) async throws -> Response {
        guard try await stores.consume(visit.transaction.id, at: visit.now) != nil else {
            return try await refuse(Self.noTransaction, at: visit.now)
        }
        let names = CookieNames(secure: visit.settings.isSecure)
        let response = try await answer().setting(names.remove(names.transaction(visit.transaction.id)))
        // The last login that was good for anything was used up by this answer.
        if case .permit(let permit) = visit.step, permit.spending?.isLast == true { return response.setting(names.remove(names.session)) }
        return response
    }

    static let noTransaction = Explanation(
        "journey.unknown", "this login was begun in another browser, is finished, or has expired", clause: "checklist H1",
        remedy: "start again from the service you want to use")

    private static func memberLeft(_ member: MemberID) -> Explanation {
        Explanation(
            "member.unknown", "the service is no longer registered", compared: [.init("member", member.text)],
            clause: "trust framework: members", remedy: "ask the service")
    }
}

struct VisitRefusal: Error {
    let explanation: Explanation
}
