import HTTPTypes
import Hummingbird
import OpenID
import Settings
import SignOn
import TrustFramework
import Vocabulary

/// The citizen's side of the device grant (RFC 8628 §3.3): type the code, see who asks, log in, decide.
extension Platform {
    /// `GET /device`, `GET /device?user_code=…`: nothing is looked up, so that a link that somebody sent around tells nothing.
    func devicePage(_ request: Request) -> Response {
        Answer.page(DevicePages.entry(typed: DeviceForm.code(query: request.rawQuery), fault: nil))
    }

    /// `POST /device`
    func deviceCode(_ request: Request, _ context: DoorContext) async throws -> Response {
        let now = clock()
        let settings = configuration.current
        guard !request.isCrossSite else { return try await refuse(Self.crossSite, at: now) }
        guard Self.isForm(request), let body = try await request.collected(upTo: 1_024), let typed = DeviceForm.code(form: body) else {
            return Answer.page(DevicePages.entry(typed: nil, fault: .userCodeUnknown), status: .badRequest)
        }
        let session = try await session(of: request, at: now)
        let guesser: CodeAttempts.Guesser = session.map { .citizen($0.subject) } ?? .stranger(address: context.publicAddress)
        switch codes.taken(by: guesser, at: now) {
        case .go: break
        case .wait(let seconds):
            let fault = Explanation.userCodeTooOften(wait: seconds)
            try await recordWrongCode(fault, guesser, at: now)
            return Answer.page(DevicePages.entry(typed: nil, fault: fault), status: .tooManyRequests)
        case .card: return Answer.page(DevicePages.cardFirst(), status: .tooManyRequests)
        }
        guard let code = UserCode(typed: typed), let (grant, state) = try await stores.awaited(code.digest, .device, at: now),
            state == .waiting, settings.federation.member(grant.client) != nil
        else {
            try await recordWrongCode(.userCodeUnknown, guesser, at: now)
            return Answer.page(DevicePages.entry(typed: nil, fault: .userCodeUnknown), status: .badRequest)
        }
        codes.returned(by: guesser)
        return try await begun(.device, message: grant.handle, member: grant.client, then: "/about", settings, at: now)
    }

    /// `GET /journey/{transaction}/about`: who asks, before any card is used.
    func deviceAbout(_ request: Request, _ context: DoorContext) async throws -> Response {
        switch try await visit(request, context) {
        case .failure(let refusal): return try await refuse(refusal.explanation, at: clock())
        case .success(let visit):
            guard case .awaited(let grant, _) = visit.tongue, grant.kind == .device else {
                return try await refuse(Self.noTransaction, at: visit.now)
            }
            return Answer.page(DevicePages.about(grant, visit.member, visit.transaction.id, at: visit.now))
        }
    }

    private func recordWrongCode(_ explanation: Explanation, _ guesser: CodeAttempts.Guesser, at now: Timestamp) async throws {
        let subject: JSON = if case .citizen(let subject) = guesser { .string(subject.text) } else { .null }
        try await stores.append(Record("device.code-refused", at: now, [("code", .string(explanation.code)), ("subject", subject)]))
    }
}

/// The one field of the page.
enum DeviceForm {
    static let field = "user_code"

    static func code(query: String) -> String? { query.isEmpty ? nil : code(form: Array(query.utf8)) }

    static func code(form: [UInt8]) -> String? {
        guard let form = try? FormParameters(form), form.repeated.isEmpty else { return nil }
        return form[field]
    }
}
