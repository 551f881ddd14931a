import Credentials
import Cryptography
import Testing
import Trust
import Vocabulary

@Suite struct `The status of a certificate` {
    static let reasons: [RevocationReason] = [
        .unspecified, .keyCompromise, .affiliationChanged, .superseded, .cessationOfOperation, .certificateHold,
    ]

    /// `jpki.md` §4.3. A hold is refused like every other reason, and named by its own code.
    @Test(arguments: reasons) func `refuses the login when it is revoked`(reason: RevocationReason) throws {
        let answer = Answer()
        let refusal = #expect(throws: CredentialRefusal.self) {
            try answer.given { try Word.status(of: $0, revoked: [(answer.card.serial, reason)], at: answer.now) }
        }
        guard case .revoked(reason, _)? = refusal else {
            Issue.record("\(String(describing: refusal))")
            return
        }
        #expect(refusal?.explanation.code == (reason == .certificateHold ? "card.status.held" : "card.status.revoked"))
    }

    @Test func `lets others of the same authority in`() throws {
        let answer = Answer()
        #expect(
            try answer.given { try Word.status(of: $0, revoked: [([0x06, 0xd1, 0x80, 0x08], .keyCompromise)], at: answer.now) }.status
                .source == .crl)
    }

    @Test func `that nobody knows refuses`() {
        #expect(throws: CredentialRefusal.statusUnknown) { try Answer().given(status: Word.unknown) }
    }

    /// The list itself would hold for a week; our rule is stricter (`jpki.md` §1.4: lists are made daily).
    @Test func `is younger than its source's age`() throws {
        let answer = Answer()
        let edge = answer.now.adding(seconds: -36 * 3600)
        #expect(try answer.given { try Word.status(of: $0, made: edge, at: answer.now) }.status.thisUpdate == edge)
        let old = edge.adding(seconds: -1)
        #expect(throws: CredentialRefusal.statusStale(thisUpdate: old, now: answer.now, oldest: 36 * 3600)) {
            try answer.given { try Word.status(of: $0, made: old, at: answer.now) }
        }
    }

    @Test func `by an on-line answer is younger than an hour`() throws {
        let answer = Answer()
        let edge = answer.now.adding(seconds: -3600)
        let authentication = try answer.given { try Word.online(of: $0, made: edge, at: answer.now) }
        #expect(authentication.status.source == .ocsp)
        #expect(authentication.status.nextUpdate == nil)
        let old = edge.adding(seconds: -1)
        #expect(throws: CredentialRefusal.statusStale(thisUpdate: old, now: answer.now, oldest: 3600)) {
            try answer.given { try Word.online(of: $0, made: old, at: answer.now) }
        }
        #expect(throws: CredentialRefusal.statusUnknown) {
            try answer.given { try Word.online(of: $0, isGood: false, made: answer.now, at: answer.now) }
        }
    }

    @Test func `that was good when it was asked is stale later`() throws {
        let login = try Card().recognised()
        let status = try Word.status(of: login)
        let later = Moment.now.adding(seconds: 8 * Moment.day)
        let tolerant = StatusAges(list: 100 * Moment.day, answer: 3600)
        #expect {
            try login.authenticationOverTLS(rules: DoorRules(weakestMode: .pin, ages: tolerant), status: status, at: later)
        } throws: { error in
            guard case .statusStale? = error as? CredentialRefusal else { return false }
            return true
        }
    }

    @Test func `comes from the list of the generation that signed, not of its namesake`() throws {
        let answer = Answer(card: Card(authority: .older))
        #expect(throws: CredentialRefusal.statusUnknown) {
            try answer.given { try Word.status(of: $0, by: .newer, at: answer.now) }
        }
        #expect(try answer.given { try Word.status(of: $0, by: .older, at: answer.now) }.status.verdict == .good)
    }
}
