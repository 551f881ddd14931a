import Credentials
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// A step-up that cannot come to an end is not asked for again and again.
@Suite struct `A card used where it does not do` {
    private static let policy = Policy(
        rules: [
            Rule(
                id: "reception", effect: .permit, says: ["ja": "受付の端末で確認します。", "en": "the kiosk at the reception confirms it"],
                condition: Condition([.terminal: .among(["clinic-kiosk"]), .mode: .among(["face", "pin"])]), release: [.pinUsed],
                basis: "law")
        ], ladder: Fixture.ladder, version: "v1")

    private static func login(
        _ mode: CardMode, at terminal: String?, during journey: TransactionID?, before seconds: Int64 = 0
    ) -> SessionAuthentication {
        SessionAuthentication(
            restored: AssuranceFacts(
                mode: mode, modeIsStated: terminal != nil, carrier: .card, door: .challenge, statusSource: .crl,
                statusAt: Fixture.now.adding(seconds: -600), authenticatedAt: Fixture.now.adding(seconds: -seconds),
                terminalClass: terminal),
            certificate: CertificateIdentity(issuer: String(repeating: "a", count: 64), serial: "01"), terminal: nil, journey: journey)
    }

    private static func next(_ logins: [SessionAuthentication], isThisVisit: Bool = true) throws -> Step {
        let member = try Fixture.shop()
        let ask = Fixture.ask(member)
        return SignOn.next(
            for: isThisVisit ? ask.during(try journey()) : ask, by: member, in: logins.isEmpty ? nil : try Fixture.session(logins),
            under: policy, sessions: Fixture.rules, at: Fixture.now)
    }

    private static func journey(_ byte: UInt8 = 1) throws -> TransactionID {
        var random = SeededBytes(byte: byte)
        return try #require(TransactionID.fresh(using: &random))
    }

    private struct SeededBytes: RandomNumberGenerator {
        var byte: UInt8
        mutating func next() -> UInt64 {
            byte &+= 1
            return UInt64(byte) &* 0x0101_0101_0101_0101
        }
    }

    @Test func `at a terminal of another kind is refused at once, in the rules' own words`() throws {
        let step = try Self.next([Self.login(.face, at: "counter", during: Self.journey())])
        #expect(step.picture == "refuse policy.context")
        guard case .refuse(let refusal) = step else { throw Missing(what: "a refusal") }
        #expect(refusal.citizenWords["en"]?.contains("the kiosk at the reception confirms it") == true)
        #expect(refusal.citizenWords["ja"]?.contains("受付の端末で確認します。") == true)
    }

    @Test func `at the right one is permitted, also after one at the wrong one`() throws {
        let right = Self.login(.face, at: "clinic-kiosk", during: try Self.journey())
        #expect(try Self.next([right]).picture == "permit card-face")
        #expect(try Self.next([Self.login(.face, at: "counter", during: Self.journey(), before: 9), right]).picture == "permit card-face")
    }

    @Test func `is asked for where nobody tried on this visit: a login of before, or of the next tab, refuses nothing`() throws {
        for login in [
            Self.login(.face, at: "counter", during: nil), Self.login(.face, at: "counter", during: try Self.journey(9)),
        ] {
            #expect(try Self.next([login]).picture == "authenticate card-face, card-pin by the same person")
            #expect(try Self.next([login], isThisVisit: false).picture == "authenticate card-face, card-pin by the same person")
        }
        #expect(try Self.next([]).picture == "authenticate card-face, card-pin")
    }

    @Test func `where another use would do, three on one visit are enough`() throws {
        let journey = try Self.journey()
        let tries = (0..<3).map { Self.login(.presence, at: "clinic-kiosk", during: journey, before: $0) }
        for count in 1...2 {
            #expect(
                try Self.next(Array(tries.prefix(count))).picture == "authenticate card-face, card-pin by the same person", "\(count)")
        }
        #expect(try Self.next(tries).picture == "refuse policy.context")
        let elsewhere = tries.dropLast() + [Self.login(.presence, at: "clinic-kiosk", during: nil, before: 60)]
        #expect(try Self.next(Array(elsewhere)).picture == "authenticate card-face, card-pin by the same person")
    }
}
