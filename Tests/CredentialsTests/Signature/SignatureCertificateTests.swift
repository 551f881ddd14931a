import Credentials
import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `A signature certificate (R7)` {
    @Test func `of the card is recognised, with its attributes`() throws {
        let attributes = try Presentation().given().attributes
        #expect(attributes.name == "関所　花子")
        #expect(attributes.birth == BirthDate(year: 1990, month: 4, day: 2))
        #expect(attributes.sex == .female)
        #expect(attributes.address == "東京都千代田区霞が関一丁目２番３号")
        #expect(attributes.nameSubstitutes == [false, false, false, false, false])
        #expect(attributes.addressSubstitutes.count == 17)
    }

    @Test func `of the next card is recognised too`() throws {
        var presentation = Presentation()
        presentation.card.key = SignatureCard.p384
        #expect(try presentation.given().attributes.name == "関所　花子")
    }

    static let wrong: [(what: String, SignatureCard, IdentityRefusal)] = [
        ("a login certificate", SignatureCard(usage: [0]), .loginCertificate),
        ("no key usage", SignatureCard(usage: nil), .keyUsage(nil)),
        ("a key that encrypts too", SignatureCard(usage: [0, 1, 2]), .keyUsage([.digitalSignature, .nonRepudiation, .keyEncipherment])),
        ("an authority", SignatureCard(isAuthority: true), .authorityCertificate),
        ("the login policy", SignatureCard(policies: ["1.2.392.200149.8.5.1.3.30"]), .policy(["1.2.392.200149.8.5.1.3.30"])),
        ("no policy of ours", SignatureCard(policies: ["1.2.3.4"]), .policy(["1.2.3.4"])),
        (
            "the login authority", SignatureCard(authority: .newer), .authority(Authority.newer.name.text)
        ),
        (
            "expired", SignatureCard(to: Moment.now.adding(seconds: -1)),
            .time(.expired(notAfter: Moment.now.adding(seconds: -1), now: Moment.now))
        ),
        (
            "from tomorrow", SignatureCard(from: Moment.now.adding(seconds: Moment.day)),
            .time(.notYetValid(notBefore: Moment.now.adding(seconds: Moment.day), now: Moment.now))
        ),
        ("an elliptic key of another size", SignatureCard(key: Card.key(.ec(.p256))), .keyAlgorithm(.ec(.p256))),
    ]

    @Test(arguments: wrong.indices) func `of another kind is refused by name`(index: Int) {
        let (what, card, refusal) = Self.wrong[index]
        #expect(throws: refusal, "\(what)") { try card.recognised() }
    }

    @Test func `that nobody we trust issued is refused, and its contents are not looked at`() throws {
        let card = SignatureCard(authority: .make(unit: CardProfile.signatureUnit, born: -Moment.year), values: [])
        let refusal = #expect(throws: IdentityRefusal.self) { try card.recognised() }
        guard case .untrusted = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
    }

    @Test func `of a simulated authority counts only where the deployment says so`() throws {
        let authority = Authority.make(
            organisation: CardProfile.simulatedOrganisation, unit: CardProfile.signatureUnit, born: -Moment.year)
        let anchors = TrustStore(anchors: [authority.simulatedAnchor])
        let card = SignatureCard(authority: authority)
        #expect(throws: IdentityRefusal.simulatedAuthority(authority.name.text)) { try card.recognised(anchors: anchors) }
        #expect(try card.recognised(anchors: anchors, allowSimulated: true).carrier == .card)
    }

    @Test func `of a phone counts only when its policy is configured`() throws {
        let policy = "1.3.6.1.4.1.32473.8.5.1.1.20"
        let card = SignatureCard(policies: [policy])
        #expect(throws: IdentityRefusal.policy([policy])) { try card.recognised() }
        let base = SignatureCard.profile
        let profile = SignatureProfile(
            policies: base.policies.merging([.phone: [try #require(ObjectIdentifier(policy))]]) { $1 }, authorities: base.authorities,
            simulatedAuthorities: [], values: base.values, sexes: base.sexes, eras: base.eras)
        #expect(try card.recognised(by: profile).carrier == .phone)
    }

    @Test func `is never a login, and a login certificate never this`() throws {
        let der = try SignatureCard().certificate()
        #expect(throws: CredentialRefusal.signatureCertificate) {
            try CardProfile.jpki.recognise(certificate: der, anchors: Authority.anchors, allowSimulated: false, at: Moment.now)
        }
        let login = try Card().certificate()
        #expect(throws: IdentityRefusal.loginCertificate) {
            try SignatureCard.profile.recognise(certificate: login, anchors: Authority.anchors, allowSimulated: false, at: Moment.now)
        }
    }

    @Test func `that is no certificate is refused`() {
        for bytes in [[], [0x30], [UInt8](repeating: 0x30, count: 100_000)] {
            #expect(throws: IdentityRefusal.self) {
                try SignatureCard.profile.recognise(certificate: bytes, anchors: Authority.anchors, allowSimulated: false, at: Moment.now)
            }
        }
    }
}
