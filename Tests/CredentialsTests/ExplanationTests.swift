import Credentials
import Cryptography
import JOSE
import Testing
import Trust
import Vocabulary

@Suite struct `The explanation of a refused card` {
    static let moment = Moment.now
    static let terminal = Kiosk.attended.terminal.id
    static let refusals: [CredentialRefusal] = [
        .signatureCertificate, .authorityCertificate, .keyUsage(nil), .keyUsage([.digitalSignature]), .policy([]), .policy(["1.2.3"]),
        .notYetValid(notBefore: moment, now: moment), .expired(notAfter: moment, now: moment), .keyAlgorithm(.ec(.p256)), .authority("O=X"),
        .simulatedAuthority("O=JPKI-TEST"), .revoked(.keyCompromise, moment), .revoked(.certificateHold, moment), .statusUnknown,
        .statusStale(thisUpdate: moment, now: moment, oldest: 5), .challengeElsewhere(.transaction), .challengeElsewhere(.origin),
        .challengeElsewhere(.purpose), .challengeFuture(issuedAt: moment, now: moment), .challengeExpired(expiresAt: moment, now: moment),
        .signatureMissing, .signatureWrong(.rs256), .statementMalformed(.parts), .statementType(nil), .statementType("JWT"),
        .terminalUnknown(nil), .terminalUnknown("x\ny"), .statementForged(terminal, .signature), .terminalOutOfTime(terminal, now: moment),
        .statementClaim("aud"), .terminalMayNot(terminal, .face),
    ]

    @Test(arguments: refusals) func `has a stable code, a sentence, a clause and a way out`(refusal: CredentialRefusal) {
        let explanation = refusal.explanation
        #expect(explanation.code.hasPrefix("card."))
        #expect(explanation.code.utf8.allSatisfy { (0x61...0x7a).contains($0) || $0 == 0x2e || $0 == 0x2d })
        #expect(!explanation.summary.isEmpty && !explanation.summary.hasSuffix("."))
        #expect(explanation.summary.first?.isLowercase == true)
        #expect(!explanation.clause.isEmpty)
        #expect(!explanation.remedy.isEmpty)
    }

    @Test func `has one code for one reason`() {
        let codes = Self.refusals.map(\.explanation.code)
        // Four reasons are here twice, with and without a value.
        #expect(Set(codes).count == codes.count - 4)
    }

    @Test func `shows what a stranger sent so that it forges no line`() {
        #expect(CredentialRefusal.terminalUnknown("x\ny").explanation.compared.map(\.value) == ["x\\u{a}y"])
        #expect(
            CredentialRefusal.statementType(String(repeating: "t", count: 5000)).explanation.compared.allSatisfy {
                $0.value.utf8.count < 210
            })
    }

    /// INVARIANT: no citizen's data, no serial.
    @Test func `never shows the person or the serial`() throws {
        let cards = [
            Card(authority: .stranger), Card(authority: .signing), Card(authority: .test), Card(policies: ["1.2.3"]), Card(usage: [0, 1]),
            Card(usage: [2]), Card(to: Moment.now.adding(seconds: -1)), Card(from: Moment.now.adding(seconds: 1)),
            Card(key: Card.key(.ec(.p256))),
        ]
        for card in cards {
            let refusal = #expect(throws: CredentialRefusal.self) { try card.recognised() }
            let shown = String(describing: refusal?.explanation)
            #expect(!shown.contains("997794E9AGCIEG13221003A"))
            #expect(!shown.lowercased().contains("06d18007"))
        }
    }
}
