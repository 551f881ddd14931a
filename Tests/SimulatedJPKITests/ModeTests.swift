import Credentials
import Cryptography
import SimulatedJPKI
import Testing
import Trust
import Vocabulary

/// The platform's own judgement of what card, citizen and terminal bring, for one challenge.
struct Encounter {
    static let origin = "https://sekisho.example"

    let world: World
    let challenge: CardChallenge
    let text: ChallengeText
    var random = Counting()

    init(_ world: World, purpose: ChallengePurpose = .login) throws {
        self.world = world
        let transaction = try #require(TransactionID("transaction-0123456789"))
        challenge = CardChallenge.issue(
            origin: Self.origin, transaction: transaction, purpose: purpose, at: World.now, lifetime: 120, using: &random)
        text = try #require(
            ChallengeText(
                String(decoding: challenge.signedText, as: UTF8.self), id: challenge.id.text, base: Self.origin,
                transaction: transaction.text))
    }

    /// Runs the card's side, then the platform's.
    mutating func pass(_ holder: CardHolder, mode: CardMode? = nil) throws -> Authentication {
        let answer = try holder.answer(text, mode: mode ?? holder.mode, algorithms: ["RS256", "ES384"], at: World.now, using: &random)
        return try judge(answer.certificate, answer.signature, answer.statement)
    }

    func judge(_ certificate: [UInt8], _ signature: [UInt8]?, _ statement: String?) throws -> Authentication {
        let login = try world.recognised(certificate)
        let issuer = login.chain.issuer
        let authority = try #require(world.simulator.authorities.first { $0.certificate == issuer })
        let list = try Verdicts(world).verified("/crl/user/\(authority.generation)/full.crl", issuer: issuer)
        let status = RevocationLists([list]).status(of: login.chain, at: World.now)
        return try login.authentication(
            answering: challenge, signature: signature, statement: statement, terminals: try world.terminals(),
            rules: DoorRules(weakestMode: .presence), status: status, at: World.now)
    }
}

@Suite struct `The three legal modes, jpki.md §2.1` {
    @Test(arguments: ["hanako", "taro", "misaki", "hanako-phone", "shota", "emi"])
    func `mode A: PIN, signature and the app's statement are believed`(handle: String) async throws {
        let world = try await World.copy()
        var encounter = try Encounter(world)
        let holder = CardHolder(try world.simulator.card(handle), pin: "1234", terminal: try world.simulator.terminal("sekisho-app"))
        let authentication = try encounter.pass(holder)
        #expect(authentication.mode == .pin)
        #expect(authentication.modeIsStated)
        #expect(authentication.carrier == (handle == "hanako-phone" ? .phone : .card))
        #expect(authentication.terminal?.text == "sekisho-app")
    }

    @Test func `mode A without a terminal counts as the door's weakest`() async throws {
        let world = try await World.copy()
        var encounter = try Encounter(world)
        let authentication = try encounter.pass(CardHolder(try world.simulator.card("hanako"), pin: "1234"))
        #expect(authentication.mode == .presence)
        #expect(!authentication.modeIsStated)
    }

    @Test(arguments: ["hanako", "sakura"]) func `mode B: the kiosk opens the card, no PIN is typed`(handle: String) async throws {
        let world = try await World.shared()
        var encounter = try Encounter(world)
        let holder = CardHolder(try world.simulator.card(handle), mode: .face, terminal: try world.simulator.terminal("kiosk"))
        let authentication = try encounter.pass(holder)
        #expect(authentication.mode == .face)
        #expect(authentication.modeIsStated)
    }

    @Test func `mode B fails for another's face, at unattended terminals and with a phone`() async throws {
        let world = try await World.shared()
        var encounter = try Encounter(world)
        let card = try world.simulator.card("hanako")
        let kiosk = try world.simulator.terminal("kiosk")
        #expect(throws: UseRefusal.faceDoesNotMatch) {
            try encounter.pass(CardHolder(card, mode: .face, terminal: kiosk, faceMatches: false))
        }
        #expect(throws: UseRefusal.terminalMayNot(.face)) {
            try encounter.pass(CardHolder(card, mode: .face, terminal: try world.simulator.terminal("stb")))
        }
        #expect(throws: UseRefusal.terminalMissing(.face)) { try encounter.pass(CardHolder(card, mode: .face)) }
        #expect(throws: UseRefusal.card(.wrongParameters)) {
            try encounter.pass(CardHolder(try world.simulator.card("hanako-phone"), mode: .face, terminal: kiosk))
        }
    }

    @Test func `mode C: no signature; the terminal's own word about a genuine card`() async throws {
        let world = try await World.shared()
        var encounter = try Encounter(world)
        let holder = CardHolder(try world.simulator.card("hanako"), mode: .presence, terminal: try world.simulator.terminal("stb"))
        let answer = try holder.answer(encounter.text, mode: .presence, algorithms: [], at: World.now, using: &encounter.random)
        #expect(answer.signature == nil)
        #expect(answer.json(for: encounter.text)["signature"] == nil)
        let authentication = try encounter.judge(answer.certificate, answer.signature, answer.statement)
        #expect(authentication.mode == .presence)
        #expect(authentication.modeIsStated)
    }

    @Test func `mode C without a statement is nothing, and never a phone`() async throws {
        let world = try await World.shared()
        var encounter = try Encounter(world)
        let certificate = try world.user("hanako").der
        #expect(throws: CredentialRefusal.signatureMissing) { try encounter.judge(certificate, nil, nil) }
        #expect(throws: UseRefusal.terminalMissing(.presence)) {
            try encounter.pass(CardHolder(try world.simulator.card("hanako"), mode: .presence))
        }
        #expect(throws: UseRefusal.notGenuine) {
            try encounter.pass(
                CardHolder(
                    try world.simulator.card("hanako-phone"), mode: .presence, terminal: try world.simulator.terminal("stb")))
        }
    }

    @Test func `terminals state only what they may`() async throws {
        let world = try await World.copy()
        var encounter = try Encounter(world)
        let card = try world.simulator.card("hanako")
        #expect(throws: UseRefusal.terminalMayNot(.pin)) {
            try encounter.pass(CardHolder(card, pin: "1234", terminal: try world.simulator.terminal("stb")))
        }
        #expect(throws: UseRefusal.terminalMayNot(.presence)) {
            try encounter.pass(CardHolder(card, mode: .presence, terminal: try world.simulator.terminal("kiosk")))
        }
    }

    @Test func `a statement for another challenge or another card is refused`() async throws {
        let world = try await World.copy()
        var first = try Encounter(world)
        var second = try Encounter(world, purpose: .stepUp)
        let app = try world.simulator.terminal("sekisho-app")
        let holder = CardHolder(try world.simulator.card("hanako"), pin: "1234", terminal: app)
        let answer = try holder.answer(first.text, mode: .pin, algorithms: ["RS256"], at: World.now, using: &first.random)
        let other = try holder.answer(second.text, mode: .pin, algorithms: ["RS256"], at: World.now, using: &second.random)
        #expect(throws: CredentialRefusal.self) { try first.judge(answer.certificate, answer.signature, other.statement) }
        let taro = try CardHolder(try world.simulator.card("taro"), pin: "1234", terminal: app)
            .answer(first.text, mode: .pin, algorithms: ["RS256"], at: World.now, using: &first.random)
        #expect(throws: CredentialRefusal.statementClaim("x5t#S256")) {
            try first.judge(answer.certificate, answer.signature, taro.statement)
        }
        #expect(throws: CredentialRefusal.signatureWrong(.rs256)) { try first.judge(answer.certificate, other.signature, answer.statement) }
    }

    @Test func `a wrong PIN, a blocked one and none at all bring no answer`() async throws {
        let world = try await World.copy()
        var encounter = try Encounter(world)
        #expect(throws: UseRefusal.card(.wrong(left: 2))) {
            try encounter.pass(CardHolder(try world.simulator.card("hanako"), pin: "0000"))
        }
        #expect(throws: UseRefusal.card(.blocked)) { try encounter.pass(CardHolder(try world.simulator.card("goro"), pin: "1234")) }
        #expect(throws: UseRefusal.pinNotGiven) { try encounter.pass(CardHolder(try world.simulator.card("hanako"))) }
        #expect(throws: UseRefusal.card(.notFound)) { try encounter.pass(CardHolder(try world.simulator.card("sakura"), pin: "1234")) }
    }

    @Test func `an algorithm that the platform does not take is not used`() async throws {
        let world = try await World.copy()
        var encounter = try Encounter(world)
        let holder = CardHolder(try world.simulator.card("misaki"), pin: "1234")
        #expect(throws: UseRefusal.algorithmNotOffered("ES384")) {
            try holder.answer(encounter.text, mode: .pin, algorithms: ["RS256"], at: World.now, using: &encounter.random)
        }
    }
}

@Suite struct `What a platform recognises` {
    @Test func `signature certificates are no logins`() async throws {
        let world = try await World.shared()
        let certificate = try world.simulator.identity("hanako", .sign).certificate.der
        #expect(throws: CredentialRefusal.signatureCertificate) { try world.recognised(certificate) }
    }

    @Test func `expired ones are not accepted`() async throws {
        let world = try await World.shared()
        #expect(throws: CredentialRefusal.self) { try world.recognised(try world.user("saburo").der) }
    }

    @Test func `none is, unless the deployment says development`() async throws {
        let world = try await World.shared()
        #expect(throws: CredentialRefusal.self) {
            try world.profile.recognise(
                certificate: try world.user("hanako").der, anchors: world.store, allowSimulated: false, at: World.now)
        }
    }

    @Test func `another simulated JPKI's are foreign`() async throws {
        let world = try await World.shared()
        var random = SystemRandom()
        let other = try await Simulator.make(
            at: World.path(), cards: TestCard.all(at: World.now).filter { $0.handle == "misaki" }, at: World.now, using: &random)
        #expect(throws: CredentialRefusal.self) { try world.recognised(try other.identity("misaki", .user).certificate.der) }
    }
}

@Suite struct `A challenge's text` {
    static let good = "SEKISHO-CARD-LOGIN-1\npurpose: login\norigin: https://a.example\ntransaction: tx\nchallenge: id\nnonce: n\n"

    @Test func `is signed on the page it is for`() {
        #expect(ChallengeText(Self.good, id: "id", base: "https://a.example", transaction: "tx")?.purpose == "login")
    }

    @Test(arguments: [
        ("SEKISHO-CARD-LOGIN-2", "SEKISHO-CARD-LOGIN-1"), ("https://b.example", "https://a.example"),
        ("transaction: ty", "transaction: tx"),
        ("challenge: ie", "challenge: id"), ("purpose: login\npurpose: login", "purpose: login"), ("nonce", "nonce: n"),
    ])
    func `is not signed when it is for anything else`(wrong: String, right: String) {
        let text = Self.good.split(separator: right, maxSplits: 1, omittingEmptySubsequences: false).joined(separator: wrong)
        #expect(text != Self.good)
        #expect(ChallengeText(text, id: "id", base: "https://a.example", transaction: "tx") == nil)
    }

    @Test func `is of a bounded length`() {
        let long = Self.good + String(repeating: "x: y\n", count: 2000)
        #expect(ChallengeText(long, id: "id", base: "https://a.example", transaction: "tx") == nil)
    }
}
