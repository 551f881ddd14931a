import Credentials
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// Somebody helps a citizen at his own machine, and his own cards lie there too (decisions 0054, 0063).
@Suite struct `A helper at whose machine a citizen shows a signature certificate` {
    /// The citizen is new, and the card of `shown` answers for the signature. What a successor of that card gets who says it is the same person.
    private func relinked(_ tie: IdentityTie) async throws -> (answer: Answer, old: SubjectID?, new: SubjectID?) {
        let house = try await Knots.house()
        let citizen = Browser(house)
        let journey = try await citizen.newcomer("hanako", Showing.question().path)
        _ = try await citizen.answer("new", at: journey)
        try #require(try await citizen.get(journey + "/continue").location == journey + "/identity")
        try #require(try await citizen.show(tie == .card ? "hanako" : "taro", at: journey, tie: tie).status == 200)
        let card = try house.successor(of: tie == .card ? "hanako" : "taro")
        let other = Browser(house)
        let next = try await other.newcomer(card)
        let asked = try await other.post(next + "/newcomer/identity/challenge", json: [:]).json
        let answer = try await other.post(
            next + "/newcomer/identity/answer", json: try house.presented(asked, card, next, tie: .card))
        return (answer, try await house.citizen("hanako"), try await house.citizen(card))
    }

    @Test func `does not become the citizen with a new card of his own`() async throws {
        let (answer, old, new) = try await relinked(.journey)
        #expect(answer.status == 403 && answer.code == "link.record.none", "\(answer.text)")
        #expect(old != nil && new == nil)
    }

    @Test func `keeps no citizen from his record whose card was read as one`() async throws {
        let (answer, old, new) = try await relinked(.card)
        #expect(answer.status == 200, "\(answer.text)")
        #expect(old != nil && new == old)
    }
}

@Suite struct `A login as evidence of who shows a signature certificate` {
    private static func login(_ door: Door, _ mode: CardMode = .pin, isSpent: Bool = false) -> SessionLogin {
        SessionLogin(
            SessionAuthentication(
                restored: AssuranceFacts(
                    mode: mode, modeIsStated: true, carrier: .card, door: door, statusSource: .crl, statusAt: World.now,
                    authenticatedAt: World.now),
                certificate: CertificateIdentity(issuer: "CN=A", serial: "01"), terminal: nil, isSpent: isSpent))
    }

    @Test func `is one with the PIN in this browser, and not used up`() {
        #expect(Self.login(.tls).isProof && Self.login(.challenge).isProof)
        #expect(!Self.login(.otherDevice).isProof, "whoever relays a code has it from somebody else")
        #expect(!Self.login(.tls, isSpent: true).isProof)
        #expect(!Self.login(.tls, .face).isProof && !Self.login(.tls, .presence).isProof)
    }
}
