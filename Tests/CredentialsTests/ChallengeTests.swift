import Credentials
import Foundation
import Testing
import Vocabulary

@Suite struct `A challenge` {
    let challenge = Answer.challenge()

    @Test func `is signed as a text of one field per line under its own domain`() {
        let text = String(decoding: challenge.signedText, as: UTF8.self)
        #expect(
            text == """
                SEKISHO-CARD-LOGIN-1
                purpose: login
                origin: https://login.example.go.jp
                transaction: transaction-0001
                challenge: \(challenge.id.text)
                nonce: \(challenge.nonce)
                issued: 2026-11-21T04:00:00Z
                expires: 2026-11-21T04:02:00Z

                """)
        #expect(Base64url.decode(challenge.nonce)?.count == 32)
        #expect(challenge.id.text.utf8.count == 22)
    }

    @Test func `is another text for every field`() {
        let others = [
            Answer.challenge(origin: "https://login.example.com"), Answer.challenge(transaction: "transaction-0002"),
            Answer.challenge(purpose: .stepUp), Answer.challenge(at: Moment.now.adding(milliseconds: 1)), Answer.challenge(lifetime: 121),
            Answer.challenge(seed: 2), challenge,
        ]
        #expect(Set(others.map(\.signedText)).count == others.count)
        #expect(Answer.challenge().signedText == challenge.signedText)
    }

    @Test(arguments: [
        "https://a.example\npurpose: step-up", "https://a.example\r\n", "https://a.example b", "https://a.example\u{0}",
        "https://日本.example",
        "https://a.example%0Apurpose: step-up", "\u{2028}",
    ]) func `keeps every field on its line`(origin: String) {
        let text = Answer.challenge(origin: origin).signedText
        #expect(text.count { $0 == 0x0a } == 8)
        #expect(text.allSatisfy { $0 == 0x0a || (0x20...0x7e).contains($0) })
        #expect(text.split(separator: 0x0a).count == 8)
    }

    @Test func `writes two origins as two texts`() {
        let texts = ["a\nb", "a%0ab", "a%250ab", "a b", "ab"].map { Answer.challenge(origin: $0).signedText }
        #expect(Set(texts).count == texts.count)
    }

    @Test(arguments: [(0, 1), (-5, 1), (60, 60), (600, 600), (601, 600), (Int64.max, 600)] as [(Int64, Int64)])
    func `lives for a short while`(asked: Int64, given: Int64) {
        #expect(Answer.challenge(lifetime: asked).expiresAt == Moment.now.adding(seconds: given))
    }

    @Test func `comes back from the store as it was`() throws {
        let stored = try JSONEncoder().encode(challenge)
        #expect(try JSONDecoder().decode(CardChallenge.self, from: stored) == challenge)
        let text = String(decoding: stored, as: UTF8.self).replacing(challenge.id.text, with: "../../x")
        #expect(throws: DecodingError.self) { try JSONDecoder().decode(CardChallenge.self, from: Data(text.utf8)) }
    }

    @Test func `is for one visit, one platform and one purpose`() throws {
        let here = challenge.transaction
        let there = Answer.challenge(transaction: "transaction-0002").transaction
        try challenge.expected(origin: challenge.origin, transaction: here, purpose: .login)
        #expect(throws: CredentialRefusal.challengeElsewhere(.transaction)) {
            try challenge.expected(origin: challenge.origin, transaction: there, purpose: .login)
        }
        #expect(throws: CredentialRefusal.challengeElsewhere(.origin)) {
            try challenge.expected(origin: "https://login.example.go.jp.evil.example", transaction: here, purpose: .login)
        }
        #expect(throws: CredentialRefusal.challengeElsewhere(.purpose)) {
            try challenge.expected(origin: challenge.origin, transaction: here, purpose: .stepUp)
        }
    }

    @Test(arguments: ["", "short", "0123456789abcde=", "0123456789abcde/", String(repeating: "a", count: 65)])
    func `has a name that is safe everywhere`(text: String) {
        #expect(ChallengeID(text) == nil)
    }
}
