import Credentials
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `An island of logins` {
    static let policy = Duties.policy(
        Obligations(session: SessionLimit(island: "health")), condition: Condition([.member: .among(["clinic", "pharmacy"])]),
        more: [Rule(id: "open sea", effect: .permit, condition: Condition([.member: .among(["bank"])]), basis: "law")])

    @Test(
        arguments: [
            ("clinic", "health", true), ("pharmacy", "health", true), ("clinic", nil, false), ("clinic", "tax", false), ("bank", nil, true),
            ("bank", "health", false),
        ] as [(String, String?, Bool)]) func `is left by no login, and entered by none`(member: String, island: String?, isUsable: Bool)
        throws
    {
        let member = try Duties.member(member)
        let step = Duties.next(Duties.ask(member), member, try Duties.session(Duties.login(island: island)), Self.policy)
        #expect((step.permitted != nil) == isUsable)
        guard !isUsable else { return }
        guard case .authenticate(let need) = step else {
            Issue.record("no login was asked for: \(step.picture)")
            return
        }
        #expect(need.why == .apart)
        #expect(need.samePerson?.text == Duties.citizen, "one citizen's session holds several islands")
    }

    @Test func `lies beside others in one session`() throws {
        let session = try Duties.session(Duties.login(island: "health"), Duties.login(island: nil))
        for name in ["clinic", "bank"] {
            let member = try Duties.member(name)
            #expect(Duties.next(Duties.ask(member), member, session, Self.policy).picture == "permit card-pin")
        }
    }

    @Test func `is where a new login is put`() throws {
        let (clinic, bank) = (try Duties.member("clinic"), try Duties.member("bank"))
        #expect(SignOn.island(of: Duties.login(), for: Duties.ask(clinic), by: clinic, under: Self.policy, at: Fixture.now) == "health")
        #expect(SignOn.island(of: Duties.login(), for: Duties.ask(bank), by: bank, under: Self.policy, at: Fixture.now) == nil)
    }

    @Test func `answers a passive request with a missing login`() throws {
        let clinic = try Duties.member("clinic")
        let step = Duties.next(Duties.ask(clinic, passive: true), clinic, try Duties.session(Duties.login()), Self.policy)
        #expect(step.picture == "refuse signon.passive.login")
    }

    @Test func `keeps its last logins, however many are made elsewhere`() throws {
        var session = try Duties.session(Duties.login(island: "health", serial: "aa"))
        let id = try #require(SessionID([UInt8](repeating: 2, count: 32)))
        for number in 0..<9 { session = session.renewed(with: Duties.login(serial: "0\(number)"), id: id, at: Fixture.now) }
        #expect(session.authentications.map(\.certificate.serial) == ["aa", "05", "06", "07", "08"])
        for number in 0..<20 { session = session.renewed(with: Duties.login(island: "i\(number)"), id: id, at: Fixture.now) }
        #expect(session.authentications.count == 12)
    }
}

@Suite struct `A limit of a session's life` {
    @Test(arguments: [(Int64(0), true), (899, true), (900, false)])
    func `counts from the login`(ago: Int64, isUsable: Bool) throws {
        let bank = try Duties.member()
        let policy = Duties.policy(Obligations(session: SessionLimit(lifetime: 900)))
        let step = Duties.next(Duties.ask(bank), bank, try Duties.session(Duties.login(before: ago)), policy)
        #expect((step.permitted != nil) == isUsable)
        guard case .authenticate(let need) = step else { return }
        #expect(need.why == .over)
    }

    @Test func `is told to the member, where it is shorter than the session`() throws {
        let bank = try Duties.member()
        let session = try Duties.session(Duties.login(before: 100))
        let short = Duties.policy(Obligations(session: SessionLimit(lifetime: 900)))
        #expect(Duties.next(Duties.ask(bank), bank, session, short).permitted?.sessionExpires == Fixture.now.adding(seconds: 800))
        let long = Duties.policy(Obligations(session: SessionLimit(lifetime: 1_000_000)))
        #expect(Duties.next(Duties.ask(bank), bank, session, long).permitted?.sessionExpires == session.expires(under: Fixture.rules))
    }

    /// What joined is in the graph until the session ends: a logout at the member finds it there after its own time too.
    @Test(arguments: [(900, 800), (1_000_000, 28_700)] as [(Int64, Int64)])
    func `keeps no logout from finding the session afterwards`(lifetime: Int64, told: Int64) throws {
        let bank = try Duties.member()
        let session = try Duties.session(Duties.login(before: 100))
        let policy = Duties.policy(Obligations(session: SessionLimit(lifetime: lifetime)))
        let permit = try #require(Duties.next(Duties.ask(bank), bank, session, policy).permitted)
        let grant = try permit.grant(to: try #require(PairwiseID("pairwise-of-hanako")), for: Duties.ask(bank))
        #expect(grant.sessionExpires == Fixture.now.adding(seconds: told))
        let joining = grant.joining(as: .subject("hanako"), at: Fixture.now, ledger: nil)
        #expect(joining.participation.expiresAt == session.expires(under: Fixture.rules))
        #expect(joining.expiresAt == Fixture.now.adding(seconds: 28_700))
    }
}

@Suite struct `A login for one answer` {
    static let policy = Duties.policy(Obligations(session: SessionLimit(once: true)))

    @Test func `is used up with it, and only it`() throws {
        let bank = try Duties.member()
        let session = try Duties.session(Duties.login(serial: "01"), Duties.login(island: "tax", serial: "02"))
        let spending = try #require(Duties.next(Duties.ask(bank), bank, session, Self.policy).permitted?.spending)
        #expect(spending.before == session.authentications)
        #expect(spending.after.map(\.isSpent) == [true, false])
        #expect(!spending.isLast)
        let alone = try Duties.session(Duties.login())
        #expect(Duties.next(Duties.ask(bank), bank, alone, Self.policy).permitted?.spending?.isLast == true)
    }

    @Test func `serves nobody afterwards, whatever their rules`() throws {
        let bank = try Duties.member()
        let session = try Duties.session(Duties.login(spent: true))
        for policy in [Self.policy, Duties.policy(.none)] {
            #expect(Duties.next(Duties.ask(bank), bank, session, policy).picture.hasPrefix("authenticate"))
        }
        #expect(!session.isAlive(at: Fixture.now, under: Fixture.rules), "nobody is logged in any more")
    }

    @Test func `is an ordinary one to a rule that does not ask for it`() throws {
        let bank = try Duties.member()
        let permit = Duties.next(Duties.ask(bank), bank, try Duties.session(Duties.login()), Duties.policy(.none)).permitted
        #expect(permit != nil)
        #expect(permit?.spending == nil)
    }
}
