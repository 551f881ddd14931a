import Credentials
import Cryptography
import Outbound
import SimulatedJPKI
import Testing
import Trust
import Vocabulary

/// The platform's own judgement of a shown signature certificate.
struct Showing {
    static let session = [UInt8](repeating: 9, count: 32)

    let world: World
    let challenge: IdentityChallenge
    let text: DeclarationText
    let transaction: TransactionID

    init(_ world: World, origin: String = Encounter.origin) throws {
        self.world = world
        var random = Counting()
        transaction = try #require(TransactionID("transaction-0123456789"))
        let bank = try #require(MemberID("https://bank.example"))
        challenge = try #require(
            IdentityChallenge.issue(
                origin: origin, transaction: transaction, member: bank, purpose: "account-opening", session: Self.session, at: World.now,
                lifetime: 120, using: &random))
        text = try #require(
            DeclarationText(
                String(decoding: challenge.signedText, as: UTF8.self), id: challenge.id.text, base: origin, transaction: transaction.text))
    }

    var profile: SignatureProfile {
        SignatureProfile(
            policies: [
                .card: [world.simulator.profile.policy(.sign, onPhone: false)],
                .phone: [world.simulator.profile.policy(.sign, onPhone: true)],
            ], authorities: [],
            simulatedAuthorities: world.simulator.authorities.filter { $0.purpose == .sign }.map(\.certificate.subject),
            values: SignatureProfile.standardValues, sexes: SignatureProfile.standardSexes, eras: SignatureProfile.standardEras)
    }

    func holder(_ handle: String, password: String? = "SAMPLE2026") throws -> CardHolder {
        CardHolder(
            try world.simulator.card(handle), pin: "1234", password: password, terminal: try world.simulator.terminal("sekisho-app"))
    }

    func presented(_ handle: String, tie: IdentityTie = .keys) throws -> CardHolder.Presented {
        try holder(handle).present(text, tie: tie, algorithms: ["RS256", "ES384"], at: World.now)
    }

    /// What the platform makes of the JSON that goes over the wire.
    func judge(_ body: [UInt8], of handle: String) throws -> PresentedIdentity {
        let answer = try #require(IdentityAnswer(body))
        #expect(answer.challenge == challenge.id)
        let anchors = TrustStore(anchors: world.simulator.authorities.map { TrustAnchor(certificate: $0.certificate, isSimulated: true) })
        let certificate = try profile.recognise(certificate: answer.certificate, anchors: anchors, allowSimulated: true, at: World.now)
        let beside = try answer.login.map { login in
            let recognised = try world.recognised(login.certificate)
            return LoginBeside(certificate: recognised, signature: login.signature, status: try status(.user, of: recognised.chain))
        }
        let own = try world.recognised(world.simulator.identity(handle, .user).certificate.der)
        return try certificate.identity(
            answering: challenge, signature: answer.signature, beside: beside, statement: answer.statement,
            logins: [SessionLogin(certificate: own.identity, mode: .pin, at: World.now)], terminals: try world.terminals(),
            rules: IdentityRules(),
            status: status(.sign, of: certificate.chain), at: World.now)
    }

    private func status(_ purpose: Purpose, of chain: TrustedChain) throws -> CertificateStatus {
        let authority = try #require(world.simulator.authorities.first { $0.certificate == chain.issuer })
        let list = try Verdicts(world).verified("/crl/\(purpose.rawValue)/\(authority.generation)/full.crl", issuer: chain.issuer)
        return RevocationLists([list]).status(of: chain, at: World.now)
    }
}

@Suite struct `A signature certificate, shown with a simulated card (R7)` {
    @Test(arguments: ["hanako", "taro", "misaki", "hanako-phone", "emi", "kenji", "rin"], IdentityTie.allCases)
    func `is believed by the platform's own judgement, and says who its holder is`(handle: String, tie: IdentityTie) async throws {
        let showing = try Showing(try await World.copy())
        let presented = try showing.presented(handle, tie: tie)
        let body = presented.json(for: showing.text).bytes
        if handle == "rin" {
            #expect(throws: IdentityRefusal.self, "on hold") { try showing.judge(body, of: handle) }
            return
        }
        let identity = try showing.judge(body, of: handle)
        #expect(identity.tie == tie)
        let citizen = try showing.world.simulator.record(handle).citizen
        #expect(identity.attributes.name == citizen.name && identity.attributes.address == citizen.address)
        #expect(identity.attributes.nameSubstitutes.contains(true) == (handle == "taro"))
        #expect(identity.attributes.birth.isWhole == (handle != "kenji"))
        #expect(identity.carrier == (handle == "hanako-phone" ? .phone : .card))
    }

    @Test func `is not there below fifteen`() async throws {
        let showing = try Showing(try await World.copy())
        #expect(throws: UseRefusal.password(.notFound)) { try showing.presented("shota") }
    }

    @Test func `takes the password, of which five wrong ones block it`() async throws {
        let showing = try Showing(try await World.copy())
        #expect(throws: UseRefusal.passwordNotGiven) {
            try showing.holder("hanako", password: nil).present(showing.text, tie: .journey, algorithms: ["RS256"], at: World.now)
        }
        for left in [4, 3, 2, 1] {
            #expect(throws: UseRefusal.password(.wrong(left: left))) {
                try showing.holder("hanako", password: "WRONG2026").present(
                    showing.text, tie: .journey, algorithms: ["RS256"], at: World.now)
            }
        }
        #expect(throws: UseRefusal.password(.blocked)) {
            try showing.holder("hanako", password: "WRONG2026").present(showing.text, tie: .journey, algorithms: ["RS256"], at: World.now)
        }
        #expect(throws: UseRefusal.password(.blocked)) { try showing.presented("hanako") }
        let card = try showing.world.simulator.card("hanako")
        #expect(throws: Never.self, "the PIN has a counter of its own") { try card.verify(pin: "1234") }
    }

    @Test func `is one signature for each password`() async throws {
        let card = try await World.copy().simulator.card("misaki")
        try card.verify(password: "SAMPLE2026")
        _ = try card.signDocument(hashing: [1])
        #expect(throws: CardRefusal.notAuthorised) { try card.signDocument(hashing: [1]) }
    }

    /// A client that signs blindly is a phisher's tool.
    @Test(arguments: [
        ("SEKISHO-IDENTITY-1", "SEKISHO-CARD-LOGIN-1"), ("This is no application and no contract.", "I owe you 1,000,000 yen."),
        ("purpose: identity", "purpose: login"), ("origin: https://sekisho.example", "origin: https://evil.example"),
        ("for: account-opening", "nothing: here"), ("for: account-opening", "for: account-opening\nfor: loan"),
    ]) func `is for a declaration of the page alone`(old: String, new: String) async throws {
        let showing = try Showing(try await World.shared())
        let text = String(decoding: showing.challenge.signedText, as: UTF8.self)
        let changed = text.split(separator: "\n", omittingEmptySubsequences: false).map {
            $0 == old || $0.hasSuffix(old) ? $0.dropLast(old.count) + new : $0
        }
        .joined(separator: "\n")
        #expect(changed != text)
        #expect(
            DeclarationText(changed, id: showing.challenge.id.text, base: Encounter.origin, transaction: showing.transaction.text) == nil)
        #expect(DeclarationText(text, id: "other", base: Encounter.origin, transaction: showing.transaction.text) == nil)
        #expect(DeclarationText(text, id: showing.challenge.id.text, base: Encounter.origin, transaction: "other") == nil)
    }

    // MARK: On the web

    /// A platform that asks for the certificate, and a service behind it.
    private func agent(
        _ showing: Showing, service: String? = nil, login: String = "fresh", wished: String? = nil, asked: Published<[String]>,
        of handle: String = "hanako"
    ) -> UserAgent {
        let page = Encounter.origin + "/journey/" + showing.transaction.text + "/identity"
        return UserAgent(clock: { World.now }) { (request) throws(OutboundRefusal) in
            let address = "\(request.address)"
            asked.replace(asked.current + [address])
            func answer(_ status: Int, _ type: String, _ body: String, location: String? = nil) -> OutboundAnswer {
                OutboundAnswer(
                    status: status, headers: [.init("Content-Type", type)] + (location.map { [.init("Location", $0)] } ?? []),
                    body: Array(body.utf8), address: request.address)
            }
            switch address {
            case "https://bank.example/login": return answer(303, "text/html", "", location: page)
            case page: return answer(200, "text/html", "<h1>Show your certificate</h1>")
            case page + "/challenge":
                let text = String(decoding: showing.challenge.signedText, as: UTF8.self)
                return answer(
                    200, "application/json",
                    JSON.object([
                        ("challenge", .string(showing.challenge.id.text)), ("text", .string(text)), ("algorithms", ["RS256", "ES384"]),
                        ("service", .string(service ?? showing.challenge.member.text)), ("login", .string(login)), ("tie", "journey"),
                        ("tie_wished", wished.map { .string($0) } ?? .null),
                    ]).text)
            case page + "/answer":
                do {
                    let identity = try showing.judge(request.body, of: handle)
                    asked.replace(asked.current + ["tie " + identity.tie.rawValue])
                } catch {
                    return answer(403, "application/json", JSON.object([("error", "identity.wrong")]).text)
                }
                return answer(
                    200, "application/json", JSON.object([("continue", .string(Encounter.origin + "/continue"))]).text)
            case Encounter.origin + "/continue": return answer(303, "text/html", "", location: "https://bank.example/home")
            default: return answer(200, "text/html", "<h1>Welcome</h1>")
            }
        }
    }

    @Test(arguments: [("fresh", "tie journey"), ("needed", "tie keys")]) func `brings a citizen's browser to the service`(
        login: String, tie: String
    ) async throws {
        let showing = try Showing(try await World.copy())
        let asked = Published<[String]>([])
        var agent = agent(showing, login: login, asked: asked)
        let arrival = try await agent.open("https://bank.example/login", holding: try showing.holder("hanako"))
        #expect(arrival.isAtService && arrival.identitiesShown == 1)
        #expect(asked.current.contains(tie))
    }

    /// Nothing more is asked of the citizen, so what is wished alone is given where it costs nothing.
    @Test(
        arguments: [
            ("hanako", "sekisho-app", "card", "tie card"), ("hanako", "sekisho-app", "keys", "tie journey"),
            ("hanako", nil, "card", "tie journey"), ("hanako", "stb", "card", "tie journey"),
            ("hanako-phone", "sekisho-app", "card", "tie journey"),
        ] as [(String, String?, String, String)]
    ) func `is tied as strongly as is wished by a terminal that may say so`(
        handle: String, terminal: String?, wished: String, tie: String
    ) async throws {
        let showing = try Showing(try await World.copy())
        let asked = Published<[String]>([])
        var agent = agent(showing, wished: wished, asked: asked, of: handle)
        let holder = CardHolder(
            try showing.world.simulator.card(handle), password: "SAMPLE2026",
            terminal: try terminal.map { try showing.world.simulator.terminal($0) })
        let arrival = try await agent.open("https://bank.example/login", holding: holder)
        #expect(arrival.isAtService && asked.current.contains(tie), "\(asked.current)")
    }

    @Test func `is not shown by a citizen who types no password, nor to another service than the page says`() async throws {
        let showing = try Showing(try await World.copy())
        let asked = Published<[String]>([])
        var plain = agent(showing, asked: asked)
        let arrival = try await plain.open("https://bank.example/login", holding: try showing.holder("hanako", password: nil))
        #expect(!arrival.isAtService && arrival.identitiesShown == 0)
        #expect(asked.current.allSatisfy { !$0.hasSuffix("/challenge") })
        var phished = agent(showing, service: "https://other.example", asked: asked)
        let holder = try showing.holder("hanako")
        var refusal: UserAgentRefusal?
        do throws(UserAgentRefusal) {
            _ = try await phished.open("https://bank.example/login", holding: holder)
        } catch {
            refusal = error
        }
        #expect(refusal == .challengeNotForHere)
    }
}
