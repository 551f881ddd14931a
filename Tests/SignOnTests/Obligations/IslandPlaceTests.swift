import Credentials
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `An island whose rule wants a signature certificate` {
    private static let policy = Duties.policy(
        Obligations(session: SessionLimit(island: "finance")), condition: Condition([.signatureCertificate: .among(["true"])]))
    private static let more = Duties.policy(
        .none,
        more: [
            Rule(
                id: "island beside a certificate", effect: .permit, condition: Condition([.signatureCertificate: .among(["true"])]),
                obligations: Obligations(session: SessionLimit(island: "finance")), basis: "law")
        ])

    @Test func `gets the login before the certificate is there, and then serves with it`() throws {
        let bank = try Duties.member()
        let place = SignOn.island(of: Duties.login(), for: Duties.ask(bank), by: bank, under: Self.policy, at: Fixture.now)
        #expect(place == "finance")
        let session = try Duties.session(Duties.login(island: place))
        guard case .presentSignature = Duties.next(Duties.ask(bank), bank, session, Self.policy) else {
            Issue.record("the certificate is not asked for")
            return
        }
        let given = Given(record: try Duties.record(bank))
        #expect(Duties.next(Duties.ask(bank), bank, session, Self.policy, given: given).permitted != nil)
    }

    @Test func `is not the place where a certificate changes nothing that is there`() throws {
        let bank = try Duties.member()
        let ask = Duties.ask(bank)
        #expect(SignOn.island(of: Duties.login(), for: ask, by: bank, under: Self.more, at: Fixture.now) == nil)
        let record = try Duties.record(bank)
        let place = SignOn.island(of: Duties.login(), for: ask, by: bank, under: Self.more, beside: record, at: Fixture.now)
        #expect(place == "finance", "beside the record that is kept the rule holds")
        let session = try Duties.session(Duties.login(island: place))
        #expect(Duties.next(ask, bank, session, Self.more, given: Given(record: record)).permitted != nil)
        let old = try Duties.record(bank, alive: false)
        #expect(SignOn.island(of: Duties.login(), for: ask, by: bank, under: Self.more, beside: old, at: Fixture.now) == nil)
    }
}

@Suite struct `A new use of the card` {
    @Test func `on another island is none on this one`() throws {
        let clinic = try Duties.member("clinic")
        let policy = Duties.policy(
            Obligations(authenticateAgain: AuthenticateAgain(mode: .pin, within: 300), session: SessionLimit(island: "health")))
        let old = Duties.login(before: 3_600, island: "health")
        #expect(Duties.next(Duties.ask(clinic), clinic, try Duties.session(old, Duties.login(island: "health")), policy).permitted != nil)
        for place in ["tax", nil] as [String?] {
            let step = Duties.next(Duties.ask(clinic), clinic, try Duties.session(old, Duties.login(island: place)), policy)
            guard case .authenticate = step else {
                Issue.record("no login was asked for: \(step.picture)")
                continue
            }
        }
    }
}

@Suite struct `Who sees a page of his own` {
    @Test(
        arguments: [
            (CardMode.pin, true, true), (.face, true, true), (.presence, true, false), (.presence, false, true), (.pin, false, true),
        ]) func `is whoever used the key of the card`(mode: CardMode, isStated: Bool, opens: Bool) throws
    {
        let login = SessionAuthentication(
            restored: AssuranceFacts(
                mode: mode, modeIsStated: isStated, carrier: .card, door: .challenge, statusSource: .crl, statusAt: Fixture.now,
                authenticatedAt: Fixture.now),
            certificate: CertificateIdentity(issuer: String(repeating: "a", count: 64), serial: "01"), terminal: nil)
        #expect(try Duties.session(login).opensOwnPages == opens)
        #expect(try Duties.session(login.spent, Duties.login(.presence)).opensOwnPages == false, "what is used up opens nothing")
    }

    @Test func `is asked for a login of that kind`() throws {
        let need = SignOn.ownLogin(in: nil, under: Fixture.ladder)
        #expect(!need.acceptable.isEmpty)
        #expect(need.acceptable.allSatisfy { $0.modes != [.presence] || !$0.needsStatement })
        #expect(need.weakestMode == .pin, "a client that is told of presence sends it, and it opens nothing")
    }

    @Test(arguments: [(CardMode.presence, Need.Why.stronger), (.face, .first), (.pin, .first)])
    func `is told why where only the presence of the card was stated`(mode: CardMode, why: Need.Why) throws {
        let session = try Duties.session(Duties.login(mode))
        #expect(SignOn.ownLogin(in: session, under: Fixture.ladder).why == why)
        let again = AuthenticateAgain(mode: .pin, within: 300)
        #expect(SignOn.ownLogin(in: session, under: Fixture.ladder, again: again).why == .again(again))
    }
}

@Suite struct `A session that is renewed` {
    @Test func `brings no login back that was used up meanwhile`() throws {
        let first = Duties.login(island: "health", serial: "aa")
        let session = try Duties.session(first)
        let id = try #require(SessionID([UInt8](repeating: 2, count: 32)))
        let renewed = session.renewed(with: Duties.login(serial: "bb"), id: id, at: Fixture.now)
        let kept = renewed.keeping(spent: [first.spent])
        #expect(kept.authentications.map(\.isSpent) == [true, false])
        #expect(renewed.keeping(spent: []) == renewed)
        #expect(renewed.keeping(spent: [Duties.login(serial: "cc").spent]) == renewed)
    }
}

@Suite struct `The mark of a consent's form` {
    @Test func `names the citizen it was shown to`() throws {
        func need(_ citizen: String) throws -> ConsentNeed {
            let bank = try Duties.member()
            let session = try Duties.session(Duties.login())
            let other = Session(
                id: session.id, subject: try #require(SubjectID(citizen)), authentications: session.authentications,
                createdAt: session.createdAt, lastSeenAt: session.lastSeenAt, indexSeed: session.indexSeed)
            let step = Duties.next(Duties.ask(bank), bank, other, Duties.policy(Obligations(consent: [.pinUsed])))
            guard case .consent(let need) = step else { throw Missing(what: "a consent that is asked for") }
            return need
        }
        #expect(try need("citizen-0123456789").digest == need("citizen-0123456789").digest)
        #expect(try need("citizen-0123456789").digest != need("citizen-9876543210").digest)
    }
}
