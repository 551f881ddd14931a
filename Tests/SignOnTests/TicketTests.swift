import SignOn
import Testing
import TrustFramework
import Vocabulary

struct Counter: RandomNumberGenerator {
    var state: UInt64
    mutating func next() -> UInt64 {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return state ^ (state >> 31)
    }
}

@Suite struct `A ticket` {
    @Test func `opens with its own text only`() {
        var random = Counter(state: 1)
        let (one, other) = (Ticket.fresh(using: &random), Ticket.fresh(using: &random))
        #expect(Ticket.matches(one.text, one.digest))
        #expect(!Ticket.matches(other.text, one.digest))
        #expect(!Ticket.matches("", one.digest))
        #expect(!Ticket.matches(one.text + "A", one.digest))
        #expect(!Ticket.matches(one.text, []))
    }

    @Test func `is 256 bits in the holder's hands and their digest in ours`() {
        var random = Counter(state: 1)
        let ticket = Ticket.fresh(using: &random)
        #expect(Base64url.decode(ticket.text)?.count == 32)
        #expect(ticket.digest.count == 32)
        #expect(Base64url.decode(ticket.text) != ticket.digest)
        #expect(SessionID(ticket.digest) != nil)
    }

    /// Draws as many bytes as it is asked for, all the same.
    private struct Constant: RandomNumberGenerator {
        let byte: UInt8
        func next() -> UInt64 { UInt64(byte) &* 0x0101_0101_0101_0101 }
    }

    @Test(arguments: UInt8.min...UInt8.max)
    func `and what is named at random never begin with the hyphen that makes an option of a word`(byte: UInt8) throws {
        var random = Constant(byte: byte)
        let texts = [
            Ticket.fresh(using: &random).text, try #require(SubjectID.fresh(using: &random)).text,
            try #require(TransactionID.fresh(using: &random)).text, try #require(LogoutID.fresh(using: &random)).text,
        ]
        for text in texts { #expect(!text.hasPrefix("-")) }
        #expect(Base64url.decode(texts[0])?.dropFirst() == [UInt8](repeating: byte, count: 31)[...])
        #expect(Base64url.decode(texts[0])?.first == ((0xf8...0xfb).contains(byte) ? byte - 0x80 : byte))
    }

    @Test func `and identifiers follow from the randomness they are given`() throws {
        var random = Counter(state: 2), same = Counter(state: 2), other = Counter(state: 3)
        #expect(SubjectID.fresh(using: &random) == SubjectID.fresh(using: &same))
        #expect(TransactionID.fresh(using: &random) == TransactionID.fresh(using: &same))
        let (one, two) = (try #require(PairwiseID.fresh(using: &random)), try #require(PairwiseID.fresh(using: &other)))
        #expect(one != two)
        #expect(one.text == one.text.lowercased(), "identifiers never differ only by case (Kantara IIP-IDP21, checklist S45)")
        #expect(one.text.utf8.count == 32)
    }
}

@Suite struct `A refusal` {
    static func denial(_ denial: Decision.Denial) throws -> SignOnRefusal {
        .denied(
            denial, member: try Fixture.some(MemberID("shop"), "id"), purpose: try Fixture.some(Purpose("points"), "purpose"),
            policyVersion: "v1")
    }

    @Test func `explains itself, each under a code of its own`() throws {
        let refusals: [SignOnRefusal] =
            [
                .passive(sessionExists: true), .otherCitizen, .otherCitizenAtStepUp, .presenceNeverLinks, .cancelled,
                try Self.denial(.purposeNotAccredited), try Self.denial(.forbidden), try Self.denial(.noPermit),
                try Self.denial(.contextOutOfReach),
            ]
            + (try [Standing.notAccredited, .notYet, .expired, .suspended, .withdrawn].map { try Self.denial(.standing($0)) })
        let explanations = refusals.map(\.explanation)
        #expect(Set(explanations.map(\.code)).count == refusals.count)
        for explanation in explanations {
            #expect(!explanation.summary.hasSuffix(".") && !explanation.clause.isEmpty && !explanation.remedy.isEmpty)
        }
    }

    @Test func `tells a policy's version, member and purpose, and nothing of the citizen`() throws {
        let compared = try Self.denial(.noPermit).explanation.compared
        #expect(compared.map(\.name) == ["member", "purpose", "policy-version"])
        #expect(compared.map(\.value) == ["shop", "points", "v1"])
        #expect(SignOnRefusal.otherCitizen.explanation.compared.isEmpty)
    }
}
