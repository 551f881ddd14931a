import Credentials
import Cryptography
import JOSE
import Testing
import Trust
import Vocabulary

@Suite struct `A presented identity (R7)` {
    @Test func `is signed by the signature key in the session of a fresh login`() throws {
        let presented = try Presentation().given()
        #expect(presented.tie == .journey)
        #expect(presented.member == Presentation.bank)
        #expect(presented.purpose == "bank-account")
        #expect(presented.statusSource == "crl")
        #expect(presented.certificateDigest.count == 32)
        #expect(presented.at == Presentation().now)
    }

    static let otherTexts: [(String, [UInt8])] = [
        ("another service", Presentation.challenge(member: "https://evil.example").signedText),
        ("another purpose", Presentation.challenge(purpose: "loan").signedText),
        ("another origin", Presentation.challenge(origin: "https://login.example.go.jp.evil.example").signedText),
        ("another visit", Presentation.challenge(transaction: "transaction-0002").signedText),
        ("another session", Presentation.challenge(session: [UInt8](repeating: 8, count: 32)).signedText),
        ("another nonce", Presentation.challenge(seed: 2).signedText),
        ("a document", Presentation.challenge(document: [UInt8](repeating: 1, count: 32)).signedText),
        ("a login challenge", Answer.challenge().signedText), ("nothing", []),
        ("without its end", Presentation.challenge().signedText.dropLast()),
    ].map { ($0.0, Array($0.1)) }

    @Test(arguments: otherTexts) func `over another text is refused`(what: String, text: [UInt8]) {
        #expect(throws: IdentityRefusal.signatureWrong(.rs256), "\(what)") { try Presentation(signed: text).given() }
    }

    @Test func `signed by another key is refused`() {
        var presentation = Presentation()
        presentation.signature = { try Presentation.sign($0.challenge.signedText, with: Card.rsa) }
        #expect(throws: IdentityRefusal.signatureWrong(.rs256)) { try presentation.given() }
        presentation.signature = { _ in [] }
        #expect(throws: IdentityRefusal.signatureWrong(.rs256)) { try presentation.given() }
        presentation.signature = { _ in [UInt8](repeating: 1, count: 5000) }
        #expect(throws: IdentityRefusal.signatureWrong(.rs256)) { try presentation.given() }
    }

    /// The card signs whatever it is handed (§3.3): an EM that is not the whole DigestInfo is none.
    @Test func `with another padding is refused`() {
        var presentation = Presentation()
        presentation.signature = { try $0.card.key.signDigestInfo(Digest.sha256($0.challenge.signedText)) }
        #expect(throws: IdentityRefusal.signatureWrong(.rs256)) { try presentation.given() }
        presentation.signature = { try $0.card.key.sign($0.challenge.signedText, .rsaPSS(.sha256)) }
        #expect(throws: IdentityRefusal.signatureWrong(.rs256)) { try presentation.given() }
        presentation.signature = { try $0.card.key.sign($0.challenge.signedText, .rsaPKCS1(.sha512)) }
        #expect(throws: IdentityRefusal.signatureWrong(.rs256)) { try presentation.given() }
    }

    @Test func `has a declaration that opens and closes`() {
        var late = Presentation()
        late.now = late.challenge.expiresAt
        late.listMade = late.now.adding(seconds: -60)
        #expect(throws: IdentityRefusal.self) { try late.given() }
        var early = Presentation()
        early.challenge = Presentation.challenge(at: Moment.now.adding(seconds: 200))
        #expect(throws: IdentityRefusal.self) { try early.given() }
    }

    static let elsewhere: [(IdentityChallenge, IdentityRefusal.Binding?)] = [
        (Presentation.challenge(), nil), (Presentation.challenge(transaction: "transaction-0002"), .transaction),
        (Presentation.challenge(origin: "https://other.example"), .origin), (Presentation.challenge(member: "https://x.example"), .purpose),
        (Presentation.challenge(purpose: "loan"), .purpose), (Presentation.challenge(session: [UInt8](repeating: 8, count: 32)), .session),
    ]

    @Test(arguments: elsewhere.indices) func `counts in the visit and session it was made for alone`(index: Int) throws {
        let (challenge, binding) = Self.elsewhere[index]
        let transaction = try #require(TransactionID("transaction-0001"))
        let member = try #require(Presentation.bank)
        func expected() throws {
            try challenge.expected(
                origin: "https://login.example.go.jp", transaction: transaction, member: member, purpose: "bank-account",
                session: Presentation.session)
        }
        if let binding {
            #expect(throws: IdentityRefusal.elsewhere(binding)) { try expected() }
        } else {
            #expect(throws: Never.self) { try expected() }
        }
    }

    @Test func `is a sentence that no field can break, and no login`() throws {
        let text = String(
            decoding: Presentation.challenge(origin: "https://a\nservice: https://evil.example", purpose: "x").signedText, as: UTF8.self)
        #expect(text.split(separator: "\n").filter { $0.hasPrefix("service:") } == ["service: https://bank.example.co.jp"])
        #expect(text.hasPrefix(IdentityChallenge.domain + "\n" + IdentityChallenge.statement + "\n"))
        #expect(!text.hasPrefix(String(decoding: Answer.challenge().signedText.prefix(20), as: UTF8.self)))
        let document = String(decoding: Presentation.challenge(document: [UInt8](repeating: 0xab, count: 32)).signedText, as: UTF8.self)
        #expect(document.contains("\ndocument-sha256: " + String(repeating: "ab", count: 32) + "\n"))
        var random = Dice(1)
        #expect(
            IdentityChallenge.issue(
                origin: "o", transaction: try #require(TransactionID("transaction-0001")), member: try #require(Presentation.bank),
                purpose: "p",
                document: [1], session: [], at: Moment.now, lifetime: 60, using: &random) == nil, "a digest has 32 bytes")
    }

    // MARK: Status

    @Test func `needs a certificate that is not revoked`() {
        var presentation = Presentation()
        presentation.revoked = [(presentation.card.serial, .affiliationChanged)]
        let refusal = #expect(throws: IdentityRefusal.self) { try presentation.given() }
        guard case .status(.revoked(.affiliationChanged, _)) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
    }

    @Test func `needs a word about its status`() {
        var presentation = Presentation()
        presentation.isListed = false
        #expect(throws: IdentityRefusal.status(.statusUnknown)) { try presentation.given() }
    }

    @Test func `needs a word that is not too old`() {
        var presentation = Presentation()
        presentation.listMade = Moment.now.adding(seconds: -40 * 3600)
        let refusal = #expect(throws: IdentityRefusal.self) { try presentation.given() }
        guard case .status(.statusStale) = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
    }

    // MARK: The tie

    @Test(arguments: [(CardMode.pin, Int64(600), true), (.pin, 601, false), (.face, 30, false), (.presence, 30, false)])
    func `without more takes a login with PIN that is fresh`(mode: CardMode, ago: Int64, holds: Bool) {
        var presentation = Presentation()
        presentation.logins = [(Card(), mode, ago)]
        if holds {
            #expect(throws: Never.self) { try presentation.given() }
        } else {
            #expect(throws: IdentityRefusal.self) { try presentation.given() }
        }
        presentation.logins = []
        #expect(throws: IdentityRefusal.loginMissing) { try presentation.given() }
    }

    /// Relayed from another device, or used up by an answer: it does not say who is in this browser. The login key, used now, does.
    @Test func `takes no login that is no proof, unless its key signs too`() throws {
        var presentation = Presentation()
        presentation.areProof = false
        #expect(throws: IdentityRefusal.loginMissing) { try presentation.given() }
        #expect(try presentation.withKeys().given().tie == .keys)
        #expect(try presentation.stated().given().tie == .card)
    }

    @Test func `is tied by both keys when the login key signs the same declaration`() throws {
        var presentation = Presentation().withKeys()
        presentation.logins = [(Card(), .presence, 20_000)]
        #expect(try presentation.given().tie == .keys)
    }

    @Test func `is refused when what is beside it is wrong, however fresh the login`() {
        #expect(throws: IdentityRefusal.otherCitizen) { try Presentation().withKeys(of: Card(key: Card.otherRSA, serial: [0x09])).given() }
        #expect(throws: IdentityRefusal.loginSignatureWrong(.rs256)) {
            try Presentation().withKeys(signing: Answer.challenge().signedText).given()
        }
        #expect(throws: IdentityRefusal.loginSignatureMissing, "a certificate alone is a copy") {
            try Presentation().withKeys(signs: false).given()
        }
        var alone = Presentation()
        alone.statement = "x.y.z"
        #expect(throws: IdentityRefusal.loginCertificateMissing) { try alone.given() }
    }

    @Test func `is tied by one card when a registered terminal says so`() throws {
        #expect(try Presentation().stated().given().tie == .card)
        #expect(try Presentation().stated(by: .attended).given().tie == .card)
    }

    static let claims = ["aud", "challenge", "challenge_hash", "x5t#S256", "login_x5t#S256", "iat"]

    @Test(arguments: claims) func `is refused when the terminal's statement is about something else`(claim: String) throws {
        let presentation = try Presentation().stated { members in
            members.map { $0.0 == claim ? ($0.0, claim == "iat" ? .integer(0) : .string("other")) : $0 }
        }
        #expect(throws: IdentityRefusal.statement(.statementClaim(claim))) { try presentation.given() }
        let without = try Presentation().stated { $0.filter { $0.0 != claim } }
        #expect(throws: IdentityRefusal.statement(.statementClaim(claim))) { try without.given() }
    }

    @Test func `is refused when nobody registered made the statement, or it is another token`() throws {
        #expect(throws: IdentityRefusal.statement(.terminalUnknown("stranger-1"))) { try Presentation().stated(by: .stranger).given() }
        #expect(throws: IdentityRefusal.self) { try Presentation().stated(by: .former).given() }
        #expect(throws: IdentityRefusal.statement(.statementType(ModeStatement.type))) {
            try Presentation().stated(type: ModeStatement.type).given()
        }
        var forged = try Presentation().stated()
        forged.statement = forged.statement.map { String($0.dropLast(4)) + "AAAA" }
        #expect(throws: IdentityRefusal.self) { try forged.given() }
    }

    @Test(arguments: IdentityTie.allCases) func `is as strong as the deployment asks`(needed: IdentityTie) throws {
        let made: [(IdentityTie, Presentation)] = [
            (.journey, Presentation()), (.keys, Presentation().withKeys()), (.card, try Presentation().stated()),
        ]
        for (tie, presentation) in made {
            var presentation = presentation
            presentation.rules = IdentityRules(tie: needed)
            if tie >= needed {
                #expect(try presentation.given().tie == tie)
            } else {
                #expect(throws: IdentityRefusal.tieTooWeak(tie, needed: needed)) { try presentation.given() }
            }
        }
    }
}

@Suite struct `The explanation of a refused signature certificate` {
    static let refusals: [IdentityRefusal] =
        [
            .certificateMalformed(.pem), .loginCertificate, .authorityCertificate, .keyUsage(nil), .policy([]), .keyAlgorithm(.ec(.p256)),
            .untrusted(.leafIsAnchor), .authority("O=X"), .simulatedAuthority("O=X"), .elsewhere(.session),
            .challengeTime(issuedAt: Moment.now, expiresAt: Moment.now, now: Moment.now), .signatureWrong(.rs256), .loginMissing,
            .loginTooOld(at: Moment.now, now: Moment.now, oldest: 5), .loginCertificateMissing, .loginSignatureMissing,
            .loginSignatureWrong(.es384), .otherCitizen, .tieTooWeak(.journey, needed: .card), .otherPerson,
        ]
        + [
            CertifiedFault.missing(.name), .twice(.name), .type(.name), .length(.name), .characters(.name), .marks(.nameSubstitution), .sex,
            .birthForm, .birthDate, .birthEra, .birthFuture,
        ].map { IdentityRefusal.attributes($0) }

    @Test(arguments: refusals) func `has a code of its own, a sentence, a clause and a way out`(refusal: IdentityRefusal) {
        let explanation = refusal.explanation
        #expect(explanation.code.hasPrefix("identity."))
        #expect(!explanation.summary.isEmpty && explanation.summary.first?.isLowercase == true && !explanation.summary.hasSuffix("."))
        #expect(!explanation.clause.isEmpty && !explanation.remedy.isEmpty)
        #expect(Self.refusals.filter { $0.explanation.code == explanation.code }.count == 1)
    }

    @Test func `is the card's own where the words fit both certificates`() {
        #expect(IdentityRefusal.status(.statusUnknown).explanation.code == "card.status.unknown")
        #expect(IdentityRefusal.statement(.statementType(nil)).explanation.code == "card.statement.type")
    }
}
