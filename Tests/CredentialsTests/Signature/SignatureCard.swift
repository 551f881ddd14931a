import Credentials
import Cryptography
import JOSE
import Trust
import Vocabulary

/// What the signature certificate of a card looks like; each test changes one thing.
struct SignatureCard: Sendable {
    /// One otherName: the last number of its identifier, the tag of its value, the value.
    struct Value: Sendable {
        var number: Int
        var tag: UInt8 = DERTag.utf8String
        var content: [UInt8]

        init(_ number: Int, _ text: String) {
            self.number = number
            content = Array(text.utf8)
        }
    }

    var authority = Authority.signing
    var key = SignatureCard.rsa
    var serial: [UInt8] = [0x07, 0x01, 0x02, 0x03]
    var from = Moment.now.adding(seconds: -Moment.year)
    var to = Moment.now.adding(seconds: 4 * Moment.year)
    var policies = ["1.2.392.200149.8.5.1.1.20"]
    var usage: [Int]? = [0, 1]
    var isAuthority = false
    /// In the order in which real ones have them (`jpki.md` §1.3).
    var values = SignatureCard.hanako

    static let hanako = [
        Value(1, "関所　花子"), Value(4, "419900402"), Value(3, "2"), Value(5, "東京都千代田区霞が関一丁目２番３号"), Value(2, "00000"),
        Value(6, "00000000000000000"),
    ]
    static let rsa = Card.key(.rsa(bits: 2048))
    static let p384 = Card.key(.ec(.p384))

    static let gazetteer = Gazetteer(["東京都": ["千代田区", "千代田"], "見本県": ["関町市", "関町", "川端市"], "北海道": []])
    static let profile = SignatureProfile(
        policies: SignatureProfile.jpki.policies, authorities: SignatureProfile.jpki.authorities,
        simulatedAuthorities: SignatureProfile.jpki.simulatedAuthorities, values: SignatureProfile.standardValues,
        sexes: SignatureProfile.standardSexes, eras: SignatureProfile.standardEras,
        gazetteer: Gazetteer(["東京都": ["千代田区", "中央区"], "見本県": ["関町市", "関町", "川端市"]]))

    func with(_ number: Int, _ text: String) -> SignatureCard {
        var card = self
        card.values = values.map { $0.number == number ? Value(number, text) : $0 }
        return card
    }

    func without(_ number: Int) -> SignatureCard {
        var card = self
        card.values = values.filter { $0.number != number }
        return card
    }

    func certificate() throws -> [UInt8] {
        var extensions = [Extension.policies(policies), Extension.authorityKey(authority.key.publicKey.keyIdentifier)]
        if let usage { extensions.append(Extension.keyUsage(usage)) }
        if isAuthority { extensions.append(Extension.basicConstraints) }
        if !values.isEmpty {
            extensions.append(
                Extension.make(.subjectAlternativeName, critical: false) { writer in
                    writer.sequence { names in
                        for value in values {
                            guard let kind = ObjectIdentifier("1.2.392.200149.8.5.5.\(value.number)") else { continue }
                            names.context(0) { other in
                                other.objectIdentifier(kind)
                                other.context(0) { $0.element(value.tag, value.content) }
                            }
                        }
                    }
                })
        }
        return try Issuing.certificate(
            subject: DistinguishedName([(.country, "JP"), (.commonName, "20261121XYZ13221003A")]), key: key.publicKey,
            issuer: authority.name, signer: authority.key, serial: serial, from: from, to: to, extensions: extensions)
    }

    func recognised(
        by profile: SignatureProfile = SignatureCard.profile, anchors: TrustStore = Authority.anchors, allowSimulated: Bool = false,
        at now: Timestamp = Moment.now
    ) throws -> SignatureCertificate {
        try profile.recognise(certificate: certificate(), anchors: anchors, allowSimulated: allowSimulated, at: now)
    }
}

/// A presentation; each test changes one thing.
struct Presentation {
    var card = SignatureCard()
    var login = Card()
    var challenge = Presentation.challenge()
    /// What the signature key really signs; the declaration unless a test says otherwise.
    var signed: [UInt8]?
    var signature: ((Presentation) throws -> [UInt8])?
    /// What the login key signs beside it: nil for no login certificate beside it.
    var beside: ((Presentation) throws -> (certificate: LoginCertificate, signature: [UInt8]?))?
    var statement: String?
    /// Whose login key was used in the session, how, and how many seconds ago.
    var logins: [(card: Card, mode: CardMode, ago: Int64)] = [(Card(), .pin, 30)]
    /// Whether they were made at the session's device, and are not used up.
    var areProof = true
    var rules = IdentityRules()
    var revoked: [([UInt8], RevocationReason)] = []
    var listMade = Moment.now.adding(seconds: -3600)
    var isListed = true
    var now = Moment.now.adding(seconds: 10)

    static let session = [UInt8](repeating: 7, count: 32)
    static let bank = MemberID("https://bank.example.co.jp")

    static func challenge(
        origin: String = "https://login.example.go.jp", transaction: String = "transaction-0001",
        member: String = "https://bank.example.co.jp",
        purpose: String = "bank-account", document: [UInt8]? = nil, session: [UInt8] = Presentation.session, at: Timestamp = Moment.now,
        lifetime: Int64 = 120, seed: UInt64 = 1
    ) -> IdentityChallenge {
        var random = Dice(seed)
        guard let transaction = TransactionID(transaction), let member = MemberID(member),
            let challenge = IdentityChallenge.issue(
                origin: origin, transaction: transaction, member: member, purpose: purpose, document: document, session: session, at: at,
                lifetime: lifetime, using: &random)
        else { preconditionFailure("no challenge") }
        return challenge
    }

    static func sign(_ text: [UInt8], with key: PrivateKey) throws -> [UInt8] {
        switch key.publicKey.kind {
        case .rsa: try key.sign(text, .rsaPKCS1(.sha256))
        default: try key.sign(text, .ecdsa(.sha384))
        }
    }

    static func status(
        of chain: TrustedChain, by authority: Authority, revoked: [([UInt8], RevocationReason)] = [], made: Timestamp,
        isListed: Bool = true,
        at now: Timestamp
    ) throws -> CertificateStatus {
        guard isListed else { return RevocationLists([]).status(of: chain, at: now) }
        let der = try Word.list(of: authority, revoked: revoked, from: made, to: made.adding(seconds: 7 * Moment.day))
        let verified = try UnverifiedRevocationList(der: der).verified(issuer: authority.certificate, at: now)
        return RevocationLists([verified]).status(of: chain, at: now)
    }

    /// Both keys: the login key signs the same declaration.
    func withKeys(of card: Card = Card(), signing text: [UInt8]? = nil, signs: Bool = true) -> Presentation {
        var copy = self
        copy.beside = { presentation in
            let signature = signs ? try Self.sign(text ?? presentation.challenge.signedText, with: card.key) : nil
            return (try card.recognised(at: presentation.now), signature)
        }
        return copy
    }

    /// With the statement of a terminal that both are on one card.
    func stated(
        by kiosk: Kiosk = .app, type: String? = CardStatement.type, changing: ([(String, JSON)]) -> [(String, JSON)] = { $0 }
    ) throws -> Presentation {
        var copy = withKeys(signs: false)
        let payload = CardStatement.payload(
            terminal: kiosk.terminal.id, challenge: challenge, certificate: Digest.sha256(try card.certificate()),
            login: Digest.sha256(try login.certificate()), at: now)
        copy.statement = try kiosk.key.signed(.object(changing(payload.members ?? [])), type: type)
        return copy
    }

    func given() throws -> PresentedIdentity {
        let certificate = try card.recognised(at: now)
        let beside = try self.beside.map { make in
            let made = try make(self)
            let status = try Self.status(
                of: made.certificate.chain, by: .newer, made: listMade, at: now)
            return LoginBeside(certificate: made.certificate, signature: made.signature, status: status)
        }
        let signature = try signature?(self) ?? Self.sign(signed ?? challenge.signedText, with: card.key)
        return try certificate.identity(
            answering: challenge, signature: signature, beside: beside, statement: statement,
            logins: logins.map { login in
                SessionLogin(
                    certificate: try login.card.recognised().identity, mode: login.mode, at: now.adding(seconds: -login.ago),
                    isProof: areProof)
            }, terminals: TerminalRegistry([Kiosk.attended, .reader, .app, .former].map(\.terminal)), rules: rules,
            status: Self.status(
                of: certificate.chain, by: card.authority, revoked: revoked, made: listMade, isListed: isListed, at: now), at: now)
    }
}
