import Credentials
import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `The answer to a challenge` {
    @Test(arguments: CardMode.allCases) func `signed by the card, without a statement, counts as the door's weakest mode`(weakest: CardMode)
        throws
    {
        var answer = Answer()
        answer.rules = DoorRules(weakestMode: weakest)
        let authentication = try answer.given()
        #expect(authentication.mode == weakest)
        #expect(!authentication.modeIsStated)
        #expect(authentication.terminal == nil)
        #expect(authentication.door == .challenge)
        #expect(authentication.carrier == .card)
        #expect(authentication.keyAlgorithm == .rsa(bits: 2048))
        #expect(authentication.at == answer.now)
        #expect(authentication.status.verdict == .good)
        #expect(authentication.certificate == (try answer.card.recognised().identity))
    }

    @Test func `of the next card is P-384 over SHA-384`() throws {
        let answer = Answer(card: Card(key: Card.p384))
        #expect(try answer.given().keyAlgorithm == .ec(.p384))
    }

    @Test(arguments: [SignatureAlgorithm.ecdsa(.sha256), .ecdsa(.sha512)]) func `of the next card is over no other digest`(
        algorithm: SignatureAlgorithm
    ) {
        var answer = Answer(card: Card(key: Card.p384))
        answer.signature = { try $0.card.key.sign($0.challenge.signedText, algorithm) }
        #expect(throws: CredentialRefusal.signatureWrong(.es384)) { try answer.given() }
    }

    @Test func `of the next card is DER, not the raw pair`() {
        var answer = Answer(card: Card(key: Card.p384))
        answer.signature = { try $0.card.key.sign($0.challenge.signedText, .ecdsa(.sha384), encoding: .raw) }
        #expect(throws: CredentialRefusal.signatureWrong(.es384)) { try answer.given() }
    }

    static let otherTexts: [(String, [UInt8])] = [
        ("another origin", Answer.challenge(origin: "https://login.example.go.jp.evil.example").signedText),
        ("another visit", Answer.challenge(transaction: "transaction-0002").signedText),
        ("another purpose", Answer.challenge(purpose: .stepUp).signedText),
        ("another nonce", Answer.challenge(seed: 2).signedText),
        ("another time", Answer.challenge(lifetime: 119).signedText),
        ("the nonce alone", Array(Answer.challenge().nonce.utf8)),
        ("without the last line feed", Answer.challenge().signedText.dropLast()),
        ("with carriage returns", Answer.challenge().signedText.flatMap { $0 == 0x0a ? [0x0d, 0x0a] : [$0] }),
        ("nothing", []),
    ].map { ($0.0, Array($0.1)) }

    @Test(arguments: otherTexts) func `over another text is refused`(what: String, text: [UInt8]) {
        #expect(throws: CredentialRefusal.signatureWrong(.rs256), "\(what)") { try Answer(signed: text).given() }
        #expect(throws: CredentialRefusal.signatureWrong(.es384), "\(what)") {
            try Answer(card: Card(key: Card.p384), signed: text).given()
        }
    }

    @Test func `by another key is refused`() {
        var answer = Answer()
        answer.signature = { try Card.otherRSA.sign($0.challenge.signedText, .rsaPKCS1(.sha256)) }
        #expect(throws: CredentialRefusal.signatureWrong(.rs256)) { try answer.given() }
        answer.signature = { try Card.p384.sign($0.challenge.signedText, .ecdsa(.sha384)) }
        #expect(throws: CredentialRefusal.signatureWrong(.rs256)) { try answer.given() }
    }

    @Test(arguments: [
        SignatureAlgorithm.rsaPSS(.sha256), .rsaPSS(.sha384), .rsaPKCS1(.sha384), .rsaPKCS1(.sha512),
    ]) func `by another algorithm is refused`(algorithm: SignatureAlgorithm) {
        var answer = Answer()
        answer.signature = { try $0.card.key.sign($0.challenge.signedText, algorithm) }
        #expect(throws: CredentialRefusal.signatureWrong(.rs256)) { try answer.given() }
    }

    /// The card signs whatever it is handed (`jpki.md` §3.3), so the block inside the padding is compared whole.
    static let blocks: [(String, @Sendable ([UInt8]) -> [UInt8])] = [
        ("no NULL", { [0x30, 0x2f, 0x30, 0x0b] + sha256 + [0x04, 0x20] + $0 }),
        ("bare digest", { $0 }),
        ("trailing byte", { whole($0) + [0] }),
        ("trailing garbage", { whole($0) + [UInt8](repeating: 0x5a, count: 150) }),
        ("trailing byte inside the outer length", { [0x30, 0x32, 0x30, 0x0d] + sha256 + [0x05, 0x00, 0x04, 0x20] + $0 + [0] }),
        ("garbage in the parameters", { [0x30, 0x33, 0x30, 0x0f] + sha256 + [0x05, 0x02, 0x00, 0x00, 0x04, 0x20] + $0 }),
        ("an OCTET STRING as parameters", { [0x30, 0x31, 0x30, 0x0d] + sha256 + [0x04, 0x00, 0x04, 0x20] + $0 }),
        ("long form of a length", { [0x30, 0x81, 0x31, 0x30, 0x0d] + sha256 + [0x05, 0x00, 0x04, 0x20] + $0 }),
        ("the digest's name of SHA-384", { [0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 0x20] + $0 }),
        ("SHA-1", { [0x30, 0x21, 0x30, 0x09, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 0x14] + $0.prefix(20) }),
        ("the digest cut", { [0x30, 0x30, 0x30, 0x0d] + sha256 + [0x05, 0x00, 0x04, 0x1f] + $0.dropLast() }),
        ("the digest of a digest", { whole(Digest.sha256($0)) }),
        ("a leading byte", { [0] + whole($0) }),
    ]

    static let sha256: [UInt8] = [0x06, 0x09, 0x60, 0x86, 0x48, 0x01, 0x65, 0x03, 0x04, 0x02, 0x01]

    static func whole(_ digest: [UInt8]) -> [UInt8] { [0x30, 0x31, 0x30, 0x0d] + sha256 + [0x05, 0x00, 0x04, 0x20] + digest }

    @Test(arguments: blocks.indices) func `with another block inside the padding is refused`(index: Int) {
        let (what, block) = Self.blocks[index]
        var answer = Answer()
        answer.signature = { try $0.card.key.signDigestInfo(block(Digest.sha256($0.challenge.signedText))) }
        #expect(throws: CredentialRefusal.signatureWrong(.rs256), "\(what)") { try answer.given() }
    }

    @Test func `with the card's own block is accepted`() throws {
        var answer = Answer()
        answer.signature = { try $0.card.key.signDigestInfo(Self.whole(Digest.sha256($0.challenge.signedText))) }
        #expect(try answer.given().certificate == Answer().given().certificate)
    }

    @Test(arguments: [0, 1, 255, 257, 512, 1025, 100_000]) func `of another length is refused`(count: Int) {
        var answer = Answer()
        answer.signature = { Array((try $0.cardSignature() + [UInt8](repeating: 0, count: 100_000)).prefix(count)) }
        #expect(throws: CredentialRefusal.signatureWrong(.rs256)) { try answer.given() }
    }

    @Test func `with any bit of the signature turned is refused`() throws {
        let login = try Card().recognised()
        let status = try Word.status(of: login)
        let answer = Answer()
        let signature = try answer.cardSignature()
        for position in signature.indices {
            var bytes = signature
            bytes[position] ^= 1 << UInt8(position % 8)
            #expect(throws: CredentialRefusal.signatureWrong(.rs256), "byte \(position)") {
                try login.authentication(
                    answering: answer.challenge, signature: bytes, statement: nil, terminals: answer.terminals, rules: answer.rules,
                    status: status, at: answer.now)
            }
        }
    }

    @Test func `without signature and without statement is refused`() {
        #expect(throws: CredentialRefusal.signatureMissing) { try Answer().withoutSignature().given() }
    }

    @Test func `comes in its time`() throws {
        var answer = Answer()
        let expires = answer.challenge.expiresAt
        answer.now = expires.adding(milliseconds: -1)
        #expect(try answer.given().at == answer.now)
        answer.now = expires
        #expect(throws: CredentialRefusal.challengeExpired(expiresAt: expires, now: expires)) { try answer.given() }
        answer.now = Moment.now.adding(seconds: -60)
        #expect(try answer.given().at == answer.now)
        answer.now = Moment.now.adding(seconds: -61)
        #expect(throws: CredentialRefusal.challengeFuture(issuedAt: Moment.now, now: answer.now)) { try answer.given() }
    }

    @Test func `is worth nothing when the certificate ends meanwhile`() throws {
        let card = Card(to: Moment.now)
        let login = try card.recognised(at: Moment.now.adding(seconds: -1))
        let status = try Word.status(of: login)
        let late = Moment.now.adding(seconds: 2)
        #expect(throws: CredentialRefusal.expired(notAfter: Moment.now, now: late)) {
            try login.authenticationOverTLS(rules: DoorRules(weakestMode: .pin), status: status, at: late)
        }
        #expect(throws: CredentialRefusal.expired(notAfter: Moment.now, now: late)) {
            try login.authentication(
                answering: Answer.challenge(), signature: Answer(card: card).cardSignature(), statement: nil,
                terminals: TerminalRegistry([]), rules: DoorRules(weakestMode: .pin), status: status, at: late)
        }
    }
}

@Suite struct `The TLS door` {
    @Test(arguments: CardMode.allCases) func `gives its weakest mode, never a stated one`(weakest: CardMode) throws {
        let login = try Card().recognised()
        let authentication = try login.authenticationOverTLS(
            rules: DoorRules(weakestMode: weakest), status: Word.status(of: login), at: Moment.now)
        #expect(authentication.mode == weakest)
        #expect(!authentication.modeIsStated)
        #expect(authentication.door == .tls)
        #expect(authentication.terminal == nil)
    }

    @Test func `asks for the status like the other`() throws {
        let login = try Card().recognised()
        let revoked = try Word.status(of: login, revoked: [(Card().serial, .keyCompromise)])
        #expect {
            try login.authenticationOverTLS(rules: DoorRules(weakestMode: .pin), status: revoked, at: Moment.now)
        } throws: { error in
            guard case .revoked(.keyCompromise, _)? = error as? CredentialRefusal else { return false }
            return true
        }
    }
}
