import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `What is remembered of a revocation` {
    static func status(_ reason: RevocationReason?, thisUpdate: Timestamp = Moment.minutes(-10)) throws -> CertificateStatus {
        let authority = try Authority.first.get()
        let card = try authority.card()
        let der = try authority.answer(card) { draft in
            if let reason { draft.words[0].status = AnswerDraft.Word.revoked(reason, at: Moment.days(-2)) }
            draft.words[0].thisUpdate = thisUpdate
            draft.words[0].nextUpdate = nil
            draft.producedAt = thisUpdate
        }
        return try UnverifiedOCSPResponse(der: der).verified(
            about: card, issuer: authority.certificate, at: Moment.now, under: OCSPRules(maximumAge: 7 * 86_400))
    }

    static func remembered(
        _ reason: RevocationReason?, thisUpdate: Timestamp = Moment.minutes(-10)
    ) throws -> RememberedRevocation? {
        let authority = try Authority.first.get()
        return RememberedRevocation(
            try status(reason, thisUpdate: thisUpdate), of: try authority.card(), issuer: authority.certificate)
    }

    @Test(arguments: RevocationReason.allCases.filter { $0 != .removeFromCRL }) func `is its reason, its source and their times`(
        reason: RevocationReason
    ) throws {
        let memory = try #require(try Self.remembered(reason))
        let status = memory.status(at: Moment.days(1))
        #expect(status.verdict == .revoked(reason, Moment.days(-2)) && status.source == .ocsp)
        #expect(status.thisUpdate == Moment.minutes(-10) && status.checkedAt == Moment.days(1) && status.nextUpdate == nil)
        #expect(memory.expiresAt == Moment.late.adding(seconds: 1))
    }

    @Test(arguments: [nil, .removeFromCRL] as [RevocationReason?]) func `is nothing when there is none`(reason: RevocationReason?) throws {
        #expect(try Self.remembered(reason) == nil)
        let authority = try Authority.first.get()
        let unknown = CertificateStatus.unknown(checkedAt: Moment.now)
        #expect(RememberedRevocation(unknown, of: try authority.card(), issuer: authority.certificate) == nil)
    }

    @Test func `is lifted when it was a hold, by newer good word alone`() throws {
        let hold = try #require(try Self.remembered(.certificateHold))
        #expect(hold.isLifted(by: try Self.status(nil, thisUpdate: Moment.minutes(-9))))
        #expect(!hold.isLifted(by: try Self.status(nil, thisUpdate: Moment.minutes(-10))))
        #expect(!hold.isLifted(by: try Self.status(nil, thisUpdate: Moment.days(-1))))
        #expect(!hold.isLifted(by: .unknown(checkedAt: Moment.now)))
        #expect(!hold.isLifted(by: try Self.status(.certificateHold, thisUpdate: Moment.minutes(-9))))
    }

    @Test(arguments: RevocationReason.allCases.filter(\.isPermanent)) func `is never lifted when it was for good`(reason: RevocationReason)
        throws
    {
        let memory = try #require(try Self.remembered(reason, thisUpdate: Moment.days(-1)))
        #expect(!memory.isLifted(by: try Self.status(nil, thisUpdate: Moment.minutes(-1))))
    }

    @Test func `gives way to what is worse or newer`() throws {
        let hold = try #require(try Self.remembered(.certificateHold, thisUpdate: Moment.minutes(-10)))
        let laterHold = try #require(try Self.remembered(.certificateHold, thisUpdate: Moment.minutes(-5)))
        let revoked = try #require(try Self.remembered(.keyCompromise, thisUpdate: Moment.days(-1)))
        let laterRevoked = try #require(try Self.remembered(.superseded, thisUpdate: Moment.minutes(-5)))
        #expect(laterHold.replaces(hold) && !hold.replaces(laterHold) && !hold.replaces(hold))
        #expect(revoked.replaces(hold) && revoked.replaces(laterHold))
        #expect(!laterHold.replaces(revoked) && !laterRevoked.replaces(revoked))
    }

    @Test func `is found by issuer key and serial, and shows neither`() throws {
        let (first, second) = (try Authority.first.get(), try Authority.second.get())
        let card = try first.card()
        let key = RevocationKey(of: card, issuer: first.certificate)
        #expect(key == RevocationKey(of: try first.card(town: nil), issuer: first.certificate))
        #expect(key != RevocationKey(of: try first.card(serial: [0x42]), issuer: first.certificate))
        #expect(key != RevocationKey(of: card, issuer: second.certificate))
        #expect(key.digest == Digest.sha256(first.certificate.publicKey.spki + card.serial))
        #expect(RevocationKey(digest: key.digest) == key)
        #expect(RevocationKey(digest: Array(key.digest.dropLast())) == nil)
    }
}
