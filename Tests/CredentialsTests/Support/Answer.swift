import Credentials
import Cryptography
import JOSE
import Trust
import Vocabulary

/// One answer to one challenge; each test changes one thing.
struct Answer {
    var card = Card()
    var challenge = Answer.challenge()
    /// What the card really signs; the challenge's text unless a test says otherwise.
    var signed: [UInt8]?
    var signature: ((Answer) throws -> [UInt8]?) = { try $0.cardSignature() }
    var statement: ((Answer) throws -> String?) = { _ in nil }
    var terminals = TerminalRegistry([Kiosk.attended, .reader, .app, .former].map(\.terminal))
    var rules = DoorRules(weakestMode: .presence)
    var now = Moment.now.adding(seconds: 10)

    static func challenge(
        origin: String = "https://login.example.go.jp", transaction: String = "transaction-0001", purpose: ChallengePurpose = .login,
        at: Timestamp = Moment.now, lifetime: Int64 = 120, seed: UInt64 = 1
    ) -> CardChallenge {
        var random = Dice(seed)
        guard let transaction = TransactionID(transaction) else { preconditionFailure("not an identifier: \(transaction)") }
        return .issue(origin: origin, transaction: transaction, purpose: purpose, at: at, lifetime: lifetime, using: &random)
    }

    func cardSignature() throws -> [UInt8] {
        let text = signed ?? challenge.signedText
        return switch card.key.publicKey.kind {
        case .rsa: try card.key.sign(text, .rsaPKCS1(.sha256))
        default: try card.key.sign(text, .ecdsa(.sha384))
        }
    }

    func given(status: ((LoginCertificate) throws -> CertificateStatus)? = nil) throws -> Authentication {
        let login = try card.recognised(at: now)
        let known = try status.map { try $0(login) } ?? Word.status(of: login, by: card.authority, at: now)
        return try login.authentication(
            answering: challenge, signature: signature(self), statement: statement(self), terminals: terminals, rules: rules, status: known,
            at: now)
    }

    /// The answer with a statement of this terminal about itself, or about whatever `about` makes of it.
    func stating(
        _ mode: CardMode, by kiosk: Kiosk = .attended, type: String? = ModeStatement.type,
        changing: @escaping ([(String, JSON)]) -> [(String, JSON)] = { $0 },
        about: @escaping (Answer) -> Answer = { $0 }
    ) -> Answer {
        var answer = self
        answer.statement = { answer in
            let subject = about(answer)
            let payload = ModeStatement.payload(
                terminal: kiosk.terminal.id, challenge: subject.challenge,
                certificate: Digest.sha256(try subject.card.certificate()), mode: mode, at: subject.now)
            return try kiosk.key.signed(.object(changing(payload.members ?? [])), type: type)
        }
        return answer
    }

    func withoutSignature() -> Answer {
        var answer = self
        answer.signature = { _ in nil }
        return answer
    }
}

/// A terminal and its key.
struct Kiosk: Sendable {
    let terminal: Terminal
    let key: SigningKey

    init(_ name: String, modes: Set<CardMode>, attended: Bool, until: Timestamp = Moment.now.adding(seconds: Moment.year)) {
        let signing = Self.signing(.p256)
        guard let id = TerminalID(name) else { preconditionFailure("not an identifier: \(name)") }
        key = signing
        terminal = Terminal(
            id: id, name: "the terminal \(name)", keys: [signing.jwk], modes: modes, attended: attended,
            notBefore: Moment.now.adding(seconds: -Moment.year), notAfter: until)
    }

    static func signing(_ curve: EllipticCurve) -> SigningKey {
        SigningKey(keyID: "terminal-key", algorithm: curve == .p256 ? .es256 : .es384, key: Card.key(.ec(curve)))
    }

    static let attended = Kiosk("kiosk-1", modes: [.pin, .face, .presence], attended: true)
    static let reader = Kiosk("reader-1", modes: [.pin, .face], attended: false)
    static let app = Kiosk("app-1", modes: [.pin], attended: false)
    static let former = Kiosk("former-1", modes: [.pin], attended: false, until: Moment.now)
    static let stranger = Kiosk("stranger-1", modes: [.pin, .face, .presence], attended: true)
}

/// Numbers that every run draws alike.
struct Dice: RandomNumberGenerator {
    private var state: UInt64

    init(_ seed: UInt64) { state = seed }

    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 29)
    }
}
