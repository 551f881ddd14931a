import Credentials
import Settings
import SignOn
import Signals
import Testing
import Vocabulary

@Suite struct `What members that watch hear of a loss (R9, R27)` {
    private func card(_ number: Int, isBlocked: Bool = false, isEnded: Bool = false) throws -> LinkedCertificate {
        let subject = try #require(SubjectID("citizen-000000001"))
        let identity = CertificateIdentity(issuer: String(repeating: "a", count: 64), serial: "0\(number)")
        let now = Timestamp(seconds: 1_795_233_600)
        return LinkedCertificate(
            identity: identity, subject: subject, linkedAt: now, carrier: .card, lastUsed: nil,
            block: isBlocked ? CertificateBlock(certificate: identity, subject: subject, reason: .lost, by: "citizen", at: now) : nil,
            endedAt: isEnded ? now : nil)
    }

    @Test func `a card of two that is lost is nobody's business`() throws {
        let cards = [try card(1), try card(2)]
        #expect(LossSignals.after(.lost, blocking: [cards[0]], of: cards).isEmpty)
    }

    @Test(arguments: [CertificateBlock.Reason.stolen, .misused])
    func `one in other hands is`(reason: CertificateBlock.Reason) throws {
        let cards = [try card(1), try card(2)]
        #expect(LossSignals.after(reason, blocking: [cards[0]], of: cards) == [.credentialCompromise])
    }

    @Test func `with the last one the citizen is gone for a while`() throws {
        let cards = [try card(1), try card(2, isBlocked: true), try card(3, isEnded: true)]
        #expect(LossSignals.after(.lost, blocking: [cards[0]], of: cards) == [.accountDisabled])
        #expect(LossSignals.after(.stolen, blocking: cards, of: cards) == [.credentialCompromise, .accountDisabled])
    }

    @Test func `what was blocked before is not told again`() throws {
        let cards = [try card(1, isBlocked: true)]
        #expect(LossSignals.after(.stolen, blocking: cards, of: cards).isEmpty)
    }

    @Test func `and back, when none of the others would have done`() throws {
        let blocked = [try card(1, isBlocked: true), try card(2, isBlocked: true)]
        #expect(LossSignals.afterLift(of: blocked[0], among: blocked) == [.accountEnabled])
        let one = [try card(1, isBlocked: true), try card(2)]
        #expect(LossSignals.afterLift(of: one[0], among: one).isEmpty)
    }
}
