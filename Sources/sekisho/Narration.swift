import Credentials
import Outbound
import SampleParties
import SimulatedJPKI
import Vocabulary

/// The four logins of the demonstration, told as they happen.
struct Narration {
    private let world: DemoWorld
    private let verbose: Bool
    private var failures = 0
    private var identifiers: [String] = []

    init(_ world: DemoWorld, verbose: Bool) {
        self.world = world
        self.verbose = verbose
    }

    mutating func run() async -> Bool {
        var hanako = browser()
        await step(
            "1. Hanako shows her card and types its PIN (mode A): into the ministry's SAML service", &hanako,
            world.ministry.title.origin + "/start",
            card: "hanako", mode: .pin, pin: "1234"
        ) { arrival in arrival.isAtService && arrival.text.contains("pin-used") && arrival.cardUses == [.pin] }
        await step(
            "2. The same browser enters the private OpenID service: no second login", &hanako, world.shop.title.origin + "/start", card: nil
        ) { arrival in arrival.isAtService && arrival.cardUses.isEmpty && arrival.text.contains("pin_used") }
        tellIDToken()
        var taro = browser()
        await step(
            "3. Taro enters the private service at a kiosk that compares his face (mode B)", &taro, world.shop.title.origin + "/start",
            card: "taro",
            mode: .face, terminal: "kiosk"
        ) { arrival in arrival.isAtService && arrival.cardUses == [.face] }
        tellIDToken()
        await step(
            "   … then goes on to the ministry, which needs the PIN: stepped up, same card, same person", &taro,
            world.ministry.title.origin + "/start", card: "taro", mode: .face, pin: "1234", terminal: "kiosk"
        ) { arrival in arrival.isAtService && arrival.cardUses.last == .pin && arrival.text.contains("pin-used") }
        var jiro = browser()
        await step(
            "4. Jiro's card is revoked: refused", &jiro, world.ministry.title.origin + "/start", card: "jiro", mode: .pin, pin: "1234",
            refusal: "card.status.revoked"
        ) { _ in false }
        compareIdentifiers()
        Console.say(failures == 0 ? "\nevery step succeeded" : "\n\(failures) step(s) FAILED")
        return failures == 0
    }

    private func browser() -> UserAgent {
        let writer = TraceWriter()
        let verbose = verbose
        return UserAgent(clock: SystemClock.now) { event in
            if verbose || Self.carriesMessage(event) { Console.say(writer.text(event)) }
        }
    }

    private static func carriesMessage(_ event: TraceEvent) -> Bool {
        guard case .hop(let hop) = event else { return true }
        return hop.requestJSON != nil || hop.parameters.contains { ["SAMLRequest", "SAMLResponse", "client_id", "code"].contains($0.name) }
    }

    private mutating func step(
        _ title: String, _ agent: inout UserAgent, _ url: String, card: String?, mode: CardMode = .pin, pin: String? = nil,
        terminal: String = "sekisho-app", refusal: String? = nil, _ isRight: (Arrival) -> Bool
    ) async {
        Console.say("\n=== \(title)\n")
        do {
            let holder: CardHolder? =
                if let card {
                    CardHolder(
                        try world.simulator.card(card), mode: mode, pin: pin, terminal: try world.simulator.terminal(terminal),
                        stepUpTerminal: try world.simulator.terminal("sekisho-app"))
                } else {
                    nil
                }
            let arrival = try await agent.open(url, holding: holder)
            Console.say("\narrived: \(arrival.status) \(arrival.address.origin)\(arrival.address.path)\n\(arrival.text)")
            if let identifier = identifier(in: arrival.text) { identifiers.append(identifier) }
            verdict(isRight(arrival), "the page is not what was expected")
        } catch {
            let told = "\(error)"
            Console.say("\nended: \(told)")
            verdict(refusal.map(told.contains) ?? false, "expected the service's page")
        }
    }

    private mutating func verdict(_ right: Bool, _ why: String) {
        Console.say(right ? "--- as it should be" : "--- WRONG: \(why)")
        if !right { failures += 1 }
    }

    /// The line behind `identifier` (ministry) or `sub` (private service) of a sample service's page.
    private func identifier(in text: String) -> String? {
        let lines = text.split(whereSeparator: \.isNewline).map { $0.trimmed }
        guard let index = lines.firstIndex(where: { $0 == "identifier" || $0 == "sub" }), index + 1 < lines.count else { return nil }
        return lines[index + 1]
    }

    private func tellIDToken() {
        guard let token = world.latestIDToken.current, let decoded = MessageDecoding.jwt(token) else { return }
        Console.say("the ID token the private service got, decoded:\n" + decoded)
    }

    private mutating func compareIdentifiers() {
        Console.say("\n=== One citizen, two services, two identifiers\n")
        for identifier in identifiers { Console.say("   \(identifier)") }
        verdict(
            identifiers.count == 4 && Set(identifiers).count == 4, "the services should know each citizen by an identifier of their own")
    }

    func invite() {
        let folder = world.folder
        Console.say(
            """

            Everything stays up until Ctrl-C.

              the ministry (SAML)          \(world.ministry.title.origin)/
              the point service (OpenID)   \(world.shop.title.origin)/
              the situations' services     \(world.situations.origin)/
              Sekisho                      \(world.base)/   metadata: /saml/metadata   discovery: /.well-known/openid-configuration

            To log in with a browser, import a test card and use it at the card listener (\(world.tlsOrigin), self-signed):
              jpki-simulator export --state \(folder)/jpki --card hanako --password sekisho /tmp
              then import /tmp/hanako.p12 (password: sekisho) into the browser's own certificates: in Firefox, Settings → Privacy & Security →
              View Certificates → Your Certificates → Import; in Chromium, Settings → Privacy and security → Manage certificates.
            To log in without a browser:
              jpki-simulator login --state \(folder)/jpki --card hanako --pin 1234 --trace \(world.ministry.title.origin)/start
            """)
    }
}

extension Substring {
    fileprivate var trimmed: String { String(self.drop { $0 == " " }.reversed().drop { $0 == " " }.reversed()) }
}
