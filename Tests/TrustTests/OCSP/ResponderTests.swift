import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `An appointed responder's own status, RFC 6960 §4.2.2.2.1` {
    /// An answer by a responder with or without id-pkix-ocsp-nocheck.
    static func judge(
        noCheck: Bool, _ rule: OCSPRules.ResponderStatus, evidence: StatusVerdict
    ) throws -> CertificateStatus {
        let authority = try Authority.first.get()
        let responder = try Responder(of: authority) { if !noCheck { $0.extensions.removeLast() } }
        let card = try authority.card()
        let der = try authority.answer(card) {
            $0.signer = responder.key
            $0.responder = AnswerDraft.byKey(responder.key.publicKey)
            $0.certificates = [responder.certificate]
        }
        return try UnverifiedOCSPResponse(der: der).verified(
            for: OCSPRequest(certificate: card, issuer: authority.certificate), issuer: authority.certificate, at: Moment.now,
            under: OCSPRules(maximumAge: 3600, responderStatus: rule)
        ) { asked, issuer in
            #expect(asked == responder.certificate && issuer == authority.certificate)
            return evidence
        }
    }

    @Test(arguments: OCSPRules.ResponderStatus.allCases, [.good, .unknown, .revoked(.keyCompromise, Moment.days(-1))] as [StatusVerdict])
    func `is not asked when its certificate says so`(rule: OCSPRules.ResponderStatus, evidence: StatusVerdict) throws {
        #expect(try Self.judge(noCheck: true, rule, evidence: evidence).verdict == .good)
    }

    @Test(arguments: OCSPRules.ResponderStatus.allCases) func `good passes`(rule: OCSPRules.ResponderStatus) throws {
        #expect(try Self.judge(noCheck: false, rule, evidence: .good).verdict == .good)
    }

    @Test(arguments: OCSPRules.ResponderStatus.allCases, [.keyCompromise, .certificateHold] as [RevocationReason])
    func `revoked or held does not`(rule: OCSPRules.ResponderStatus, reason: RevocationReason) throws {
        #expect(throws: RevocationRefusal.answer(.responderRevoked(reason))) {
            try Self.judge(noCheck: false, rule, evidence: .revoked(reason, Moment.days(-1)))
        }
    }

    @Test func `unknown is the operator's choice`() throws {
        #expect(try Self.judge(noCheck: false, .unlessRevoked, evidence: .unknown).verdict == .good)
        #expect(throws: RevocationRefusal.answer(.responderUnknown)) { try Self.judge(noCheck: false, .known, evidence: .unknown) }
    }

    @Test func `does not matter when the authority itself answers`() throws {
        let authority = try Authority.first.get()
        let card = try authority.card()
        let status = try UnverifiedOCSPResponse(der: authority.answer(card)).verified(
            about: card, issuer: authority.certificate, at: Moment.now, under: OCSPRules(maximumAge: 3600, responderStatus: .known))
        #expect(status.verdict == .good)
    }
}

@Suite struct `A responder of the operator's choice, RFC 6960 §2.2` {
    /// Appointed by nobody we ask about: of another authority, without any purpose.
    static func judge(
        chosen: Bool, change: (inout CertificateDraft) -> Void = { _ in }, draft: (inout AnswerDraft) -> Void = { _ in }
    ) throws -> CertificateStatus {
        let authority = try Authority.first.get()
        let responder = try Responder(of: Authority.second.get()) { draft in
            draft.extensions = []
            change(&draft)
        }
        let card = try authority.card()
        let der = try authority.answer(card) {
            $0.signer = responder.key
            $0.responder = AnswerDraft.byName(responder.certificate.subject)
            draft(&$0)
        }
        return try UnverifiedOCSPResponse(der: der).verified(
            about: card, issuer: authority.certificate, at: Moment.now,
            under: OCSPRules(maximumAge: 3600, responders: chosen ? [responder.certificate] : []))
    }

    @Test func `is believed, without its certificate in the answer, and only when chosen`() throws {
        #expect(try Self.judge(chosen: true).verdict == .good)
        #expect(throws: RevocationRefusal.responder) { try Self.judge(chosen: false) }
    }

    @Test func `is believed in its time, and for its own signature`() throws {
        #expect(throws: RevocationRefusal.responder) { try Self.judge(chosen: true, change: { $0.notAfter = Moment.minutes(-1) }) }
        let other = try PrivateKey.generate(.ec(.p256))
        #expect(throws: RevocationRefusal.signature) { try Self.judge(chosen: true, draft: { $0.signer = other }) }
    }
}

@Suite struct `A signature over SHA-1` {
    @Test func `proves nothing, by the authority's own key`() throws {
        let authority = try Authority.second.get()
        let card = try authority.card()
        let question = OCSPRequest(certificate: card, issuer: authority.certificate)
        func judge(isOverSHA1: Bool) throws -> StatusVerdict {
            try UnverifiedOCSPResponse(der: authority.answer(card) { $0.isOverSHA1 = isOverSHA1 }).verified(
                for: question, issuer: authority.certificate, at: Moment.now, under: OCSPRules(maximumAge: 3600)
            ).verdict
        }
        #expect(try judge(isOverSHA1: false) == .good)
        #expect(throws: RevocationRefusal.answer(.weakSignature)) { try judge(isOverSHA1: true) }
    }
}

@Suite struct `A stapled answer` {
    static func judge(_ change: (inout AnswerDraft) throws -> Void) throws -> CertificateStatus {
        let authority = try Authority.first.get()
        let card = try authority.card()
        return try UnverifiedOCSPResponse(der: authority.answer(card, change: change)).verified(
            about: card, issuer: authority.certificate, at: Moment.now, under: OCSPRules(maximumAge: 3600, skew: 60, needsNonce: true))
    }

    @Test func `needs no nonce, and may have one that was meant for another`() throws {
        let status = try Self.judge { _ in }
        #expect(status.verdict == .good && status.age == 600)
        for length in [1, 3, 128] { #expect(try Self.judge { $0.nonce = [UInt8](repeating: 7, count: length) }.verdict == .good) }
        for length in [0, 129] {
            #expect(throws: RevocationRefusal.answer(.malformed(.value))) {
                try Self.judge { $0.nonce = [UInt8](repeating: 7, count: length) }
            }
        }
    }

    @Test func `is held to its age`() throws {
        #expect(throws: RevocationRefusal.stale(nextUpdate: Moment.days(3), now: Moment.now)) {
            try Self.judge {
                $0.words[0].thisUpdate = Moment.minutes(-62)
                $0.words[0].nextUpdate = Moment.days(3)
            }
        }
    }

    @Test func `keeps its word and its time when it is looked at again`() throws {
        let again = try Self.judge { _ in }.checked(at: Moment.minutes(2))
        #expect(again.verdict == .good && again.source == .ocsp && again.thisUpdate == Moment.minutes(-10))
        #expect(again.checkedAt == Moment.minutes(2) && again.age == 720)
        #expect(CertificateStatus.unknown(checkedAt: Moment.now).age == nil)
    }
}
