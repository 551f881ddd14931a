import Credentials
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `An obligation to use the card again` {
    static let obligations = Obligations(authenticateAgain: AuthenticateAgain(mode: .pin, within: 300))

    @Test(arguments: [(CardMode.pin, Int64(0), true), (.pin, 300, true), (.pin, 301, false), (.face, 0, false), (.presence, 10, false)])
    func `is met by a strong and recent use only`(mode: CardMode, ago: Int64, isMet: Bool) throws {
        let bank = try Duties.member()
        let step = Duties.next(
            Duties.ask(bank), bank, try Duties.session(Duties.login(mode, before: ago)), Duties.policy(Self.obligations))
        #expect((step.permitted != nil) == isMet)
    }

    @Test func `asks the same person, says why, and wants that mode`() throws {
        let bank = try Duties.member()
        let step = Duties.next(
            Duties.ask(bank), bank, try Duties.session(Duties.login(.face)), Duties.policy(Self.obligations))
        guard case .authenticate(let need) = step else {
            Issue.record("no login was asked for: \(step.picture)")
            return
        }
        #expect(need.why == .again(AuthenticateAgain(mode: .pin, within: 300)))
        #expect(need.weakestMode == .pin)
        #expect(need.acceptable.map(\.name) == ["card-pin"])
        #expect(need.samePerson?.text == Duties.citizen)
        #expect(need.says == [["en": "Because it matters."]])
    }

    @Test func `is met by another login of the session, whose strength is told`() throws {
        let bank = try Duties.member()
        let session = try Duties.session(Duties.login(.pin, before: 60), Duties.login(.presence, before: 10))
        let permit = try #require(Duties.next(Duties.ask(bank), bank, session, Duties.policy(Self.obligations)).permitted)
        #expect(permit.facts.mode == .pin)
    }

    @Test(arguments: [(Int64(600), true), (1_000, false)])
    func `is not met by another login that the rules would refuse`(statusBefore: Int64, isMet: Bool) throws {
        let bank = try Duties.member()
        let condition = Condition([.maximumStatusAge: .range(least: .min, most: 900)])
        let session = try Duties.session(
            Duties.login(.pin, before: 400), Duties.login(.pin, before: 10, statusBefore: statusBefore, serial: "02"))
        let step = Duties.next(Duties.ask(bank), bank, session, Duties.policy(Self.obligations, condition: condition))
        #expect((step.permitted != nil) == isMet, "\(step.picture)")
    }

    @Test func `answers a passive request with a missing login`() throws {
        let bank = try Duties.member()
        let step = Duties.next(
            Duties.ask(bank, passive: true), bank, try Duties.session(Duties.login(.face)), Duties.policy(Self.obligations))
        #expect(step.picture == "refuse signon.passive.login")
    }

    @Test func `stands before a consent, so that nobody agrees to what then fails`() throws {
        let bank = try Duties.member()
        let policy = Duties.policy(Obligations(authenticateAgain: Self.obligations.authenticateAgain, consent: [.pinUsed]))
        let weak = try Duties.session(Duties.login(.face))
        #expect(Duties.next(Duties.ask(bank), bank, weak, policy).picture.hasPrefix("authenticate"))
        let strong = try Duties.session(Duties.login(.pin))
        #expect(Duties.next(Duties.ask(bank), bank, strong, policy).picture == "consent to pin-used")
    }
}

@Suite struct `An obligation to ask the status on line` {
    static let policy = Duties.policy(Obligations(refreshStatus: 900))
    static let der: [UInt8] = [0x30, 0x00]

    static func given(_ status: RefreshedStatus) -> Given {
        Given(refreshed: [Duties.login().certificate: status])
    }

    @Test(arguments: [
        (StatusSource.ocsp, Int64(900), true), (.ocsp, 901, false), (.crl, 10, false),
    ]) func `is met by a responder's recent word only`(source: StatusSource, age: Int64, isMet: Bool) throws {
        let bank = try Duties.member()
        let login = Duties.login(source: source, statusBefore: age, certificate: Self.der)
        let step = Duties.next(Duties.ask(bank), bank, try Duties.session(login), Self.policy)
        #expect(step.picture == (isMet ? "permit card-pin" : "refresh within 900"))
    }

    @Test func `makes the new word a fact of the decision`() throws {
        let bank = try Duties.member()
        let session = try Duties.session(Duties.login(certificate: Self.der))
        let moment = Fixture.now.adding(seconds: -30)
        let permit = try #require(
            Duties.next(Duties.ask(bank), bank, session, Self.policy, given: Self.given(.good(.ocsp, at: moment))).permitted)
        #expect(permit.facts.statusSource == .ocsp)
        #expect(permit.facts.statusAt == moment)
        #expect(permit.question.facts == permit.facts)
    }

    @Test(arguments: [
        (RefreshedStatus.revoked, "signon.status.revoked"), (.unknown, "signon.status.unknown"),
        (.good(.crl, at: Fixture.now), "signon.status.unknown"),
        (.good(.ocsp, at: Fixture.now.adding(seconds: -901)), "signon.status.stale"),
    ]) func `is refused by any other word`(status: RefreshedStatus, code: String) throws {
        let bank = try Duties.member()
        let session = try Duties.session(Duties.login(certificate: Self.der))
        #expect(Duties.next(Duties.ask(bank), bank, session, Self.policy, given: Self.given(status)).picture == "refuse " + code)
    }

    @Test func `needs no page, so that a passive request is answered too`() throws {
        let bank = try Duties.member()
        let session = try Duties.session(Duties.login(certificate: Self.der))
        #expect(Duties.next(Duties.ask(bank, passive: true), bank, session, Self.policy).picture == "refresh within 900")
    }

    @Test func `asks for the card where the certificate was not kept`() throws {
        let bank = try Duties.member()
        let session = try Duties.session(Duties.login())
        guard case .authenticate(let need) = Duties.next(Duties.ask(bank), bank, session, Self.policy) else {
            Issue.record("no login was asked for")
            return
        }
        #expect(need.why == .status)
        #expect(Duties.next(Duties.ask(bank, passive: true), bank, session, Self.policy).picture == "refuse signon.passive.login")
    }
}

@Suite struct `An obligation to name a mandate` {
    @Test(arguments: [
        (ActingFor.nobody, "signon.mandate.unnamed"), (.person, "signon.mandate.unproven"), (.company, "signon.mandate.unproven"),
    ]) func `is refused as long as no mandate proves it, R15, R16`(acting: ActingFor, code: String) throws {
        let bank = try Duties.member()
        let step = Duties.next(
            Duties.ask(bank, acting: acting), bank, try Duties.session(Duties.login()), Duties.policy(Obligations(namesMandate: true)))
        #expect(step.picture == "refuse " + code)
    }

    @Test func `is nothing to a rule without it, and acting for a company is a fact of the request`() throws {
        let bank = try Duties.member()
        let policy = Duties.policy(.none, condition: Condition([.actingFor: .among(["company"])]))
        let session = try Duties.session(Duties.login())
        #expect(Duties.next(Duties.ask(bank, acting: .company), bank, session, policy).picture == "permit card-pin")
        #expect(Duties.next(Duties.ask(bank), bank, session, policy).picture == "refuse policy.no-permit")
    }
}
