import Credentials
import Cryptography
package import Outbound
package import Vocabulary

/// A citizen's browser and app in one: keeps cookies, follows redirects and self-submitting forms by a browser's rules, and on the
/// platform's login page lets the citizen use the card by the JSON card API.
///
/// One value is one browser: entries that are started in it one after another share its cookies. Nothing of the network is in here, the
/// transport is handed in.
package struct UserAgent: Sendable {
    package typealias Transport = @Sendable (OutboundRequest) async throws(OutboundRefusal) -> OutboundAnswer

    package private(set) var jar = CookieJar()
    /// The origins on which a login page was met: an end there is not at a service.
    package private(set) var platforms: Set<String> = []
    private let transport: Transport
    private let clock: @Sendable () -> Timestamp
    private let trace: @Sendable (TraceEvent) -> Void
    private var hops = 0
    /// Signature certificates that were shown on the way.
    private var shown = 0

    /// What a person would still wait for.
    private static let mostHops = 40
    /// Once for the login, once for a step-up, and one more before something is wrong.
    private static let mostUses = 3

    package init(
        clock: @escaping @Sendable () -> Timestamp, trace: @escaping @Sendable (TraceEvent) -> Void = { _ in },
        transport: @escaping Transport
    ) {
        self.clock = clock
        self.trace = trace
        self.transport = transport
    }

    /// Types `url` into the address bar and goes on until a page stays. Without a holder it stops at the login page, without a choice at the
    /// sandbox's, and without a `newcomer`'s answer at the page that asks about a card which is not known there.
    package mutating func open(
        _ url: String, holding holder: CardHolder? = nil, choosing choice: SandboxChoice? = nil, newcomer: NewcomerAnswer? = nil
    ) async throws(UserAgentRefusal) -> Arrival {
        guard let address = WebAddress(String(url.prefix { $0 != "#" })) else { throw .address(url) }
        return try await go(Navigation(request: .get(address), initiator: nil), holding: holder, choosing: choice, newcomer: newcomer)
    }

    /// Sends what another browser sent, as whoever caught it would: without that browser's cookies.
    package mutating func replay(_ request: OutboundRequest) async throws(UserAgentRefusal) -> Arrival {
        try await go(
            Navigation(request: request.with(request.headers.filter { $0.name == "Origin" }), initiator: nil), holding: nil, choosing: nil)
    }

    private mutating func go(
        _ first: Navigation, holding card: CardHolder?, choosing choice: SandboxChoice?, newcomer: NewcomerAnswer? = nil
    ) async throws(UserAgentRefusal) -> Arrival {
        var holder = card
        var next = first
        var uses: [CardMode] = []
        shown = 0
        hops = 0
        while true {
            let answer = try await send(next)
            if let redirected = try next.redirected(by: answer) {
                next = redirected
                continue
            }
            let page = WebPage(answer.type == "text/html" ? answer.body : [])
            if answer.status == 200, let journey = JourneyPage(answer.address) {
                platforms.insert(answer.address.origin)
                guard let holder else { return arrival(answer, page, uses) }
                next = try await use(holder, at: journey, uses: &uses)
            } else if answer.status == 200, let asked = NewcomerPage(answer.address) {
                platforms.insert(answer.address.origin)
                guard let newcomer, let sent = asked.sent(newcomer.choice, page) else { return arrival(answer, page, uses) }
                note("the platform does not know the card; the citizen says: " + newcomer.choice.rawValue)
                if newcomer.choice == .old { holder = newcomer.old }
                next = sent
            } else if answer.status == 200, let identity = IdentityPage(answer.address) {
                platforms.insert(answer.address.origin)
                guard let holder, holder.password != nil else { return arrival(answer, page, uses) }
                guard shown < Self.mostUses else { throw .askedAgain(shown) }
                shown += 1
                next = try await show(holder, at: identity)
            } else if answer.status == 200, let choice, let chosen = SandboxPage(answer.address, page)?.answered(by: choice) {
                next = chosen
            } else if answer.status == 200, let form = page.automaticForm {
                guard let target = answer.address.resolving(form.action) else { throw .address(form.action) }
                let body = Array(WebAddress.encoded(form.fields).utf8)
                next = Navigation(
                    request: .post(target, type: Self.formType, body: body, headers: [.init("Origin", answer.address.origin)]),
                    initiator: answer.address)
            } else {
                return arrival(answer, page, uses)
            }
        }
    }

    static let formType = "application/x-www-form-urlencoded"

    private func arrival(_ answer: OutboundAnswer, _ page: WebPage, _ uses: [CardMode]) -> Arrival {
        Arrival(
            status: answer.status, address: answer.address, title: page.title,
            text: answer.type == "text/html" ? page.text : String(decoding: answer.body.prefix(4096), as: UTF8.self),
            body: answer.body, cardUses: uses, identitiesShown: shown,
            isAtService: answer.status == 200 && !platforms.contains(answer.address.origin))
    }

    private mutating func send(_ navigation: Navigation) async throws(UserAgentRefusal) -> OutboundAnswer {
        hops += 1
        guard hops <= Self.mostHops else { throw .tooManyHops(Self.mostHops) }
        let now = clock()
        var headers = navigation.request.headers
        headers.append(.init("User-Agent", "jpki-simulator"))
        if !headers.contains(where: { $0.name == "Accept" }) {
            headers.append(.init("Accept", "text/html,application/json;q=0.9,*/*;q=0.8"))
        }
        let cookies = jar.header(for: navigation.request, from: navigation.initiator, at: now)
        if let cookies { headers.append(.init("Cookie", cookies.text)) }
        let answer: OutboundAnswer
        do throws(OutboundRefusal) {
            answer = try await transport(navigation.request.with(headers))
        } catch {
            throw .network(error, navigation.request.address.origin)
        }
        let set = jar.store(answer, at: now)
        trace(.hop(Hop(number: hops, navigation.request, answer, sent: cookies?.names ?? [], set: set)))
        return answer
    }
}

// MARK: The card API

extension UserAgent {
    private mutating func use(
        _ holder: CardHolder, at journey: JourneyPage, uses: inout [CardMode]
    ) async throws(UserAgentRefusal) -> Navigation {
        guard uses.count < Self.mostUses else { throw .askedAgain(uses.count) }
        let asked = try await call(journey.page, "challenge", .object([]))
        guard let id = asked["challenge"]?.string, let text = asked["text"]?.string,
            let challenge = ChallengeText(text, id: id, base: journey.base, transaction: journey.transaction)
        else { throw .challengeNotForHere }
        let isStepUp = asked["purpose"]?.string == ChallengePurpose.stepUp.rawValue
        guard challenge.purpose == asked["purpose"]?.string else { throw .challengeNotForHere }
        // A citizen types the PIN again when the service asks for more than the way the card was used at first.
        let mode = isStepUp ? CardMode.pin : holder.mode
        if isStepUp, holder.pin == nil { throw .strongerLoginNeeded(minimum: asked["minimum_mode"]?.string ?? "pin") }
        trace(
            .note(
                isStepUp
                    ? "the platform asks for a stronger login: PIN"
                    : "the platform asks for a login (at least \(asked["minimum_mode"]?.string ?? "?"))"))
        var random = SystemRandom()
        let answer: CardHolder.Answer
        do throws(UseRefusal) {
            answer = try holder.answer(
                challenge, mode: mode, algorithms: asked["algorithms"]?.strings ?? [], isStepUp: isStepUp, at: clock(), using: &random)
        } catch {
            throw .card(error)
        }
        for step in answer.did { trace(.note("card: " + step)) }
        uses.append(mode)
        let done = try await call(journey.page, "answer", answer.json(for: challenge))
        guard let url = done["continue"]?.string, let address = WebAddress(url), address.origin == journey.page.origin else {
            throw .cardAPI("the answer has no `continue` on the platform's own origin")
        }
        return Navigation(request: .get(address), initiator: journey.page)
    }

    var now: Timestamp { clock() }
    func note(_ text: String) { trace(.note(text)) }

    /// A door of the card API below a page.
    mutating func call(_ page: WebAddress, _ name: String, _ body: JSON) async throws(UserAgentRefusal) -> JSON {
        guard let address = WebAddress(page.origin + page.path + "/" + name) else { throw .address(name) }
        let answer = try await send(
            Navigation(
                request: .post(
                    address, type: "application/json", body: body.bytes,
                    headers: [.init("Accept", "application/json"), .init("Origin", page.origin)]),
                initiator: page))
        guard answer.type == "application/json", let json = try? JSON(reading: answer.body) else {
            throw .cardAPI("`\(name)` answered status \(answer.status) and no JSON")
        }
        guard answer.status == 200 else {
            throw .refused(
                status: answer.status, code: json["error"]?.string ?? "none", summary: json["error_description"]?.string ?? "",
                explanation: json["explanation"] ?? .null)
        }
        return json
    }
}

/// A page at `{base}/journey/{transaction}`.
struct JourneyPage {
    let page: WebAddress
    let base: String
    let transaction: String

    init?(_ address: WebAddress) {
        let parts = address.path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 3, parts[parts.count - 2] == "journey", let last = parts.last, TransactionID(String(last)) != nil else {
            return nil
        }
        page = address
        transaction = String(last)
        base = address.origin + parts.dropLast(2).joined(separator: "/")
    }
}
