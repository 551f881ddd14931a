import HTTPTypes
import Hummingbird
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// An officer who is here: logged in with the card under the rules for `administration`, in office, with one of the roles that were asked for.
struct Desk: Sendable {
    let officer: Officer
    let session: Session
    let settings: Configuration
    let now: Timestamp
    /// Names the login in the trail and in what the officer approves; tells nothing else.
    let login: String
    /// The value of every form's hidden field `Desk.markField`; bound to the session's cookie.
    let mark: String

    static let markField = "mark"

    var roles: Set<OfficerRole> { officer.roles }

    /// The one member that a developer may see; nil for everybody else (checklist H17).
    var onlyMember: MemberID? { officer.roles == [.developer] ? officer.member : nil }

    func may(_ roles: Set<OfficerRole>) -> Bool { !officer.roles.isDisjoint(with: roles) }

    /// Who did it, for the trail.
    var facts: [(name: String, value: JSON)] { [("officer", .string(officer.id)), ("login", .string(login))] }

    var approval: ConsoleApproval { ConsoleApproval(login: login, subject: session.subject) }
}

/// Whoever is logged in at the console: an officer, or somebody whose card is to become one's.
struct ConsoleCaller: Sendable {
    let session: Session
    let settings: Configuration
    let now: Timestamp
    let login: String
    let mark: String
}

struct ConsoleRefusal: Error {
    let response: Response
    /// A login is missing, and nothing else.
    let isLogin: Bool
}

enum DeskAnswer: Sendable {
    case desk(Desk)
    /// What to show instead: the login page, or what is missing.
    case page(Response)
}

extension Platform {
    /// The officer behind this request, with one of `roles` (none named: any officer). Looks at the session, the rules for `administration`,
    /// the officers and the term anew every time.
    func desk(_ request: Request, needs roles: Set<OfficerRole>) async throws -> DeskAnswer {
        let caller: ConsoleCaller
        switch try await self.caller(request) {
        case .failure(let refusal): return .page(refusal.response)
        case .success(let found): caller = found
        }
        let settings = caller.settings, now = caller.now
        guard let officer = settings.officers.holder(of: caller.session.subject) else {
            return .page(Answer.page(ConsolePages.stranger(mark: caller.mark), status: .forbidden))
        }
        guard !officer.isRevoked, officer.isInOffice(at: now) else {
            return .page(Answer.page(Pages.refusal(Self.consoleTerm), status: .forbidden))
        }
        let desk = Desk(
            officer: officer, session: caller.session, settings: settings, now: now, login: caller.login, mark: caller.mark)
        guard roles.isEmpty || desk.may(roles) else {
            try await stores.append(
                Record("console.refused", at: now, desk.facts + [("needs", .array(roles.map(\.rawValue).sorted().map { .string($0) }))]))
            return .page(Answer.page(ConsolePages.missingRole(roles, desk), status: .forbidden))
        }
        return .desk(desk)
    }

    /// Whoever is logged in under the rules for `administration`, officer or not.
    func caller(_ request: Request) async throws -> Result<ConsoleCaller, ConsoleRefusal> {
        let now = clock()
        let settings = configuration.current
        let status: HTTPResponse.Status = request.uri.path == ConsolePart.home ? .ok : .forbidden
        guard let administration = Self.administration(settings), let session = try await session(of: request, at: now) else {
            return .failure(ConsoleRefusal(response: Answer.page(ConsolePages.login(.first), status: status), isLogin: true))
        }
        func refused(_ explanation: Explanation) -> Result<ConsoleCaller, ConsoleRefusal> {
            .failure(ConsoleRefusal(response: Answer.page(Pages.refusal(explanation), status: .forbidden), isLogin: false))
        }
        switch try await step(for: Self.consoleAsk(administration, at: now), by: administration, in: session, settings, at: now) {
        // No rule of a deployment makes less than the PIN open the console.
        case .permit(let permit) where permit.facts.mode == .pin && permit.facts.isAtOwnDevice:
            return .success(
                ConsoleCaller(
                    session: session, settings: settings, now: now, login: Self.loginReference(session, permit.facts),
                    mark: request.formMark("console", boundTo: CookieNames(secure: settings.isSecure).session)))
        case .permit: return refused(Self.consolePIN)
        case .refuse(let refusal): return refused(refusal.explanation)
        case .authenticate(let need):
            let why: ConsolePages.Why = need.why == .over ? .over : .first
            return .failure(ConsoleRefusal(response: Answer.page(ConsolePages.login(why), status: status), isLogin: true))
        case .consent, .presentSignature, .refreshStatus, .lookUpCustomers: return refused(Self.consoleRules)
        }
    }

    /// A page for officers: `body` builds the answer.
    func atDesk(
        _ request: Request, needs roles: Set<OfficerRole>, _ body: (Desk) async throws -> Response
    ) async throws -> Response {
        switch try await desk(request, needs: roles) {
        case .page(let response): return response
        case .desk(let desk): return try await body(desk)
        }
    }

    /// A form of an officer, up to `limit` bytes: from our own page, with the mark of this very login. Where the login is over or was renewed
    /// meanwhile, nothing is done and nothing typed is lost: a page shows it again, with the button to send it once more (checklist H3, H7).
    func atDesk(
        posting request: Request, needs roles: Set<OfficerRole>, limit: Int = 65_536, _ body: (Desk, ConsoleForm) async throws -> Response
    ) async throws -> Response {
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: clock()) }
        guard let bytes = try await request.collected(upTo: limit),
            let form = ConsoleForm(bytes, type: request.headers[.contentType] ?? "")
        else { return try await refuse(Self.consoleForm, at: clock()) }
        if case .failure(let refusal) = try await caller(request), refusal.isLogin {
            return Answer.page(ConsolePages.again(form, to: request.uri.path, at: nil), status: .forbidden)
        }
        switch try await desk(request, needs: roles) {
        case .page(let response): return response
        case .desk(let desk):
            guard let sent = form[Desk.markField], Ticket.matches(sent, Ticket.digest(of: desk.mark)) else {
                return Answer.page(ConsolePages.again(form, to: request.uri.path, at: desk), status: .conflict)
            }
            return try await body(desk, form)
        }
    }

    /// Half a digest over the session's thread and the moment of the card's use: the same at every page of one login.
    static func loginReference(_ session: Session, _ facts: AssuranceFacts) -> String {
        let seed = "console login " + session.thread.text + " " + String(facts.authenticatedAt.milliseconds)
        return Base64url.encode(Array(Ticket.digest(of: seed).prefix(16)))
    }

    /// An officer's approval of `digest`, on the platform's word (decision 0055). Throws `OfficerRefusal` where it would not count.
    func approved(_ kind: ChangeKind, digest: [UInt8], reason: String, at desk: Desk) throws -> SignedChange {
        let change = try console.attest(kind, digest, reason, desk.officer, desk.approval, desk.now)
        _ = try change.verified(kind, digest: digest, by: desk.settings.officers, within: 60, at: desk.now)
        return change
    }

    /// Puts this officer's word under what waits, once; who gave it before may have the last step tried again, where that failed. Nil where it
    /// waits no longer. Throws `OfficerRefusal` where the word would not count.
    func countersigned(
        _ ask: OfficeAsk, as kind: ChangeKind, digest: [UInt8], reason: String, at desk: Desk, recording record: (SignedChange) -> Record
    ) async throws -> (changes: [SignedChange], isAgain: Bool)? {
        guard let store = console.store else { throw StoreRefusal() }
        let held = ask.changes
        guard !held.contains(where: { $0.claimedOfficer == desk.officer.id }) else { return (held, true) }
        let change = try approved(kind, digest: digest, reason: reason, at: desk)
        let signed = try await store.sign(ask.name, ask.kind, with: change.text, recording: record(change), at: desk.now)
        return signed.map { ($0.changes, false) }
    }

    static let consoleRole = Explanation(
        "console.role", "this part of the console takes a role that the officer has not", clause: "Keys/officers; checklist H17",
        remedy: "ask an officer who has it")
    static let consolePIN = Explanation(
        "console.pin", "the console opens to the card with its PIN only", clause: "decision 0055",
        remedy: "have the rules for `administration` ask for the mode `pin`")
    static let consoleRules = Explanation(
        "console.rules", "the rules for `administration` ask for something that a console has no page for", clause: "decision 0055",
        remedy: "leave consent and signature certificates out of Policies/administration.yaml")
    static let consoleTerm = Explanation(
        "console.term", "the officer's term is over or has not begun, or the officer was revoked", clause: "Keys/officers",
        remedy: "ask another officer, who sees the terms in Keys/officers")
    static let consoleForm = Explanation(
        "console.form", "the form is too large, or no form of the console's pages", clause: "HTML §4.10.21.6; checklist H18",
        remedy: "send it from the page again, with less in it")
}
