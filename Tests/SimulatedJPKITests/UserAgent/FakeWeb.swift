import Credentials
import Cryptography
import Outbound
import SimulatedJPKI
import Synchronization
import Testing
import Trust
import Vocabulary

/// A small web in memory: two services and a platform that speaks the card API and judges with the house's own `Credentials`.
final class FakeWeb: Sendable {
    static let platform = "https://sekisho.example"

    /// How the platform misbehaves.
    enum Trick: Sendable { case none, otherOrigin, otherContinue, endless }

    struct State {
        var requests: [OutboundRequest] = []
        var challenges: [String: CardChallenge] = [:]
        /// By the value of the session cookie.
        var sessions: [String: CardMode] = [:]
        var count = 0
    }

    let world: World
    let trick: Trick
    let state = Mutex(State())

    init(_ world: World, trick: Trick = .none) {
        self.world = world
        self.trick = trick
    }

    var requests: [OutboundRequest] { state.withLock { $0.requests } }

    func agent(trace: @escaping @Sendable (TraceEvent) -> Void = { _ in }) -> UserAgent {
        UserAgent(clock: { World.now }, trace: trace) { [self] (request) throws(OutboundRefusal) in
            state.withLock { $0.requests.append(request) }
            do { return try answer(request) } catch { throw .failed(what: "\(error)") }
        }
    }

    func holder(_ handle: String, _ mode: CardMode = .pin, pin: String? = "1234", at terminal: String = "sekisho-app") throws -> CardHolder
    {
        CardHolder(
            try world.simulator.card(handle), mode: mode, pin: pin, terminal: try world.simulator.terminal(terminal),
            stepUpTerminal: try world.simulator.terminal("sekisho-app"))
    }

    private func answer(_ request: OutboundRequest) throws -> OutboundAnswer {
        switch request.address.origin {
        case Self.platform: try platform(request)
        case "https://ministry.example", "https://shop.example": service(request)
        default: page(request, 404, "nobody")
        }
    }

    // MARK: Services

    private func service(_ request: OutboundRequest) -> OutboundAnswer {
        let own = request.address.origin
        let isMinistry = own == "https://ministry.example"
        switch (request.method, request.address.path) {
        case (.get, "/login"):
            return redirect(
                request, "\(Self.platform)/enter?need=\(isMinistry ? "pin" : "presence")&back=\(own)",
                cookies: ["visit=1; Path=/; Secure; SameSite=None"])
        case (.post, "/acs"), (.get, "/acs"):
            guard cookie("visit", request) == "1" else { return page(request, 403, "no visit") }
            return redirect(
                request, "/home?a=1#part", cookies: ["visit=; Path=/; Max-Age=0; Secure; SameSite=None", "session=s; HttpOnly"])
        case (.get, "/home"):
            return page(request, cookie("session", request) == "s" ? 200 : 403, "<h1>Welcome to \(own)</h1>")
        default: return page(request, 404, "nothing")
        }
    }

    // MARK: The platform

    private func platform(_ request: OutboundRequest) throws -> OutboundAnswer {
        let parts = request.address.path.split(separator: "/").map(String.init)
        let (need, back) = Self.wanted(request.address.query ?? cookie("wanted", request) ?? "")
        if parts == ["enter"] {
            let number = state.withLock { state in
                state.count += 1
                return state.count
            }
            return redirect(
                request, "/journey/transaction-\(number)-0123456789",
                cookies: ["wanted=need=\(need.rawValue)&back=\(back); Path=/; SameSite=Lax"])
        }
        guard parts.count >= 2, parts[0] == "journey", let transaction = TransactionID(parts[1]) else {
            return page(request, 404, "nothing")
        }
        let mode = cookie("sekisho", request).flatMap { id in state.withLock { $0.sessions[id] } }
        let isDone = trick != .endless && mode.map { Self.rank($0) >= Self.rank(need) } ?? false
        switch parts.dropFirst(2).first {
        case nil:
            return isDone ? finish(request, back) : page(request, 200, "<form method=post action=/cancel><button>Stop</button></form>")
        case "continue": return isDone ? finish(request, back) : redirect(request, "/journey/\(transaction.text)")
        case "challenge": return challenge(request, transaction, need, isStepUp: mode != nil)
        case "answer": return try answered(request, transaction)
        default: return page(request, 404, "nothing")
        }
    }

    private func challenge(_ request: OutboundRequest, _ transaction: TransactionID, _ need: CardMode, isStepUp: Bool) -> OutboundAnswer {
        var random = SystemRandom()
        let challenge = CardChallenge.issue(
            origin: trick == .otherOrigin ? "https://bank.example" : Self.platform, transaction: transaction,
            purpose: isStepUp ? .stepUp : .login, at: World.now, lifetime: 60, using: &random)
        state.withLock { $0.challenges[challenge.id.text] = challenge }
        return json(
            request, 200,
            [
                "challenge": .string(challenge.id.text), "text": .string(String(decoding: challenge.signedText, as: UTF8.self)),
                "algorithms": ["RS256", "ES384"], "expires": .string(challenge.expiresAt.text),
                "purpose": .string(challenge.purpose.rawValue),
                "minimum_mode": .string(need.rawValue),
            ])
    }

    private func answered(_ request: OutboundRequest, _ transaction: TransactionID) throws -> OutboundAnswer {
        let body = try JSON(reading: request.body)
        guard let id = body["challenge"]?.string, let challenge = state.withLock({ $0.challenges.removeValue(forKey: id) }),
            let certificate = body["certificate"]?.string.flatMap(Base64.decode)
        else { return json(request, 403, ["error": "card.challenge.unknown"]) }
        do {
            let login = try world.recognised(certificate)
            let generation = try #require(world.simulator.authorities.first { $0.certificate == login.chain.issuer }).generation
            let list = try Verdicts(world).verified("/crl/user/\(generation)/full.crl", issuer: login.chain.issuer)
            let authentication = try login.authentication(
                answering: challenge, signature: body["signature"]?.string.flatMap(Base64.decode), statement: body["statement"]?.string,
                terminals: try world.terminals(), rules: DoorRules(weakestMode: .presence),
                status: RevocationLists([list]).status(of: login.chain, at: World.now), at: World.now)
            let session = "session-\(id)"
            state.withLock { $0.sessions[session] = authentication.mode }
            let base = trick == .otherContinue ? "https://evil.example" : Self.platform
            return json(
                request, 200, ["continue": .string("\(base)/journey/\(transaction.text)/continue")],
                cookies: ["sekisho=\(session); Path=/; HttpOnly; SameSite=Lax; Max-Age=600"])
        } catch let refusal as CredentialRefusal {
            return json(
                request, 403,
                [
                    "error": .string(refusal.explanation.code), "error_description": .string(refusal.explanation.summary),
                ])
        }
    }

    private func finish(_ request: OutboundRequest, _ back: String) -> OutboundAnswer {
        guard back == "https://ministry.example" else { return redirect(request, back + "/acs?code=c&state=s") }
        return page(
            request, 200,
            """
            <form method="post" action="\(back)/acs"><input type="hidden" name="SAMLResponse" value="PGE+PC9hPg==">\
            <input type="hidden" name="RelayState" value="a &amp; b"><button>Continue</button></form>\
            <script>document.forms[0].submit()</script>
            """)
    }

    private static func wanted(_ text: String) -> (CardMode, String) {
        var values: [String: String] = [:]
        for pair in text.split(separator: "&") {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { values[String(parts[0])] = String(parts[1]) }
        }
        return (values["need"].flatMap { CardMode(rawValue: $0) } ?? .pin, values["back"] ?? "")
    }

    private static func rank(_ mode: CardMode) -> Int { mode == .pin ? 2 : mode == .face ? 1 : 0 }

    // MARK: HTTP

    private func cookie(_ name: String, _ request: OutboundRequest) -> String? {
        let header = request.headers.first { $0.name == "Cookie" }?.value ?? ""
        return header.split(separator: "; ").first { $0.hasPrefix(name + "=") }.map { String($0.dropFirst(name.count + 1)) }
    }

    private func redirect(_ request: OutboundRequest, _ target: String, cookies: [String] = []) -> OutboundAnswer {
        OutboundAnswer(
            status: 303, headers: [.init("Location", target)] + cookies.map { .init("Set-Cookie", $0) }, body: [], address: request.address)
    }

    private func page(_ request: OutboundRequest, _ status: Int, _ body: String) -> OutboundAnswer {
        OutboundAnswer(
            status: status, headers: [.init("Content-Type", "text/html; charset=utf-8")],
            body: Array("<!DOCTYPE html><head><title>A title</title></head><body>\(body)</body>".utf8), address: request.address)
    }

    private func json(_ request: OutboundRequest, _ status: Int, _ body: JSON, cookies: [String] = []) -> OutboundAnswer {
        OutboundAnswer(
            status: status, headers: [.init("content-type", "application/json")] + cookies.map { .init("Set-Cookie", $0) },
            body: body.bytes,
            address: request.address)
    }
}
