import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `The next step` {
    @Test func `is a login when nobody is here`() throws {
        let shop = try Fixture.shop()
        #expect(try Fixture.next(Fixture.ask(shop), shop, nil).picture == "authenticate card-presence, card-face, card-pin")
    }

    @Test func `is a permit when the session suffices`() throws {
        let shop = try Fixture.shop()
        let step = try Fixture.next(Fixture.ask(shop), shop, try Fixture.session([Fixture.login(.face)]))
        #expect(step.picture == "permit card-face")
    }

    @Test func `never passes quietly a service that needs the PIN`() throws {
        let ministry = try Fixture.ministry()
        let session = try Fixture.session([Fixture.login(.face)])
        #expect(try Fixture.next(Fixture.ask(ministry), ministry, session).picture == "authenticate card-pin by the same person")
        let stepped = try Fixture.session([Fixture.login(.face), Fixture.login(.pin)])
        #expect(try Fixture.next(Fixture.ask(ministry), ministry, stepped).picture == "permit card-pin")
    }

    @Test func `serves both members from one session`() throws {
        let (ministry, shop) = (try Fixture.ministry(), try Fixture.shop())
        let session = try Fixture.session([Fixture.login(.pin)])
        #expect(try Fixture.next(Fixture.ask(ministry), ministry, session).picture == "permit card-pin")
        #expect(try Fixture.next(Fixture.ask(shop), shop, session).picture == "permit card-pin")
    }

    @Test func `tells the strongest login of the session, and of equal ones the latest`() throws {
        let ministry = try Fixture.ministry()
        let early = Fixture.now.adding(seconds: -600), late = Fixture.now.adding(seconds: -60)
        let session = try Fixture.session(
            [Fixture.login(.pin, at: early), Fixture.login(.pin, at: late), Fixture.login(.face)], created: early, seen: Fixture.now)
        let permit = try #require(try Fixture.next(Fixture.ask(ministry), ministry, session).permitted)
        #expect(permit.facts.mode == .pin)
        #expect(permit.facts.authenticatedAt == late)
    }

    @Test func `releases what the rules release, in a fixed order, and nothing else`() throws {
        let ministry = try Fixture.ministry()
        let permit = try #require(
            try Fixture.next(Fixture.ask(ministry), ministry, try Fixture.session([Fixture.login(.pin)])).permitted)
        #expect(permit.attributes.map(\.source) == [.pinUsed, .cardMode, .revocationSource])
        #expect(permit.attributes.map(\.text) == ["true", "pin", "crl"])
        #expect(permit.decision.determining == ["ministries"])
        #expect(permit.decision.policyVersion == "v1")
    }

    @Test(arguments: [("profiling", "refuse policy.forbidden"), ("marketing", "refuse policy.purpose")])
    func `is a refusal when policy says no, whoever is here`(purpose: String, picture: String) throws {
        let ministry = try Fixture.ministry()
        for session in [nil, try Fixture.session([Fixture.login(.pin)])] {
            #expect(try Fixture.next(Fixture.ask(ministry, purpose: purpose), ministry, session).picture == picture)
        }
    }

    @Test(arguments: [
        (Accreditation.State.applied, "refuse policy.member.not-accredited"), (.suspended, "refuse policy.member.suspended"),
        (.withdrawn, "refuse policy.member.withdrawn"),
    ]) func `is a refusal for a member that is not accredited, session or not`(state: Accreditation.State, picture: String) throws {
        let member = try Fixture.member(.privateVerifier, "shop", ["points"], state: state)
        for session in [nil, try Fixture.session([Fixture.login(.pin)])] {
            #expect(try Fixture.next(Fixture.ask(member), member, session).picture == picture)
        }
    }
}

/// SAML Core §3.4.1; OpenID Connect Core §3.1.2.1; checklist S24, C6.
@Suite struct `A request for a new login` {
    static let early = Fixture.now.adding(seconds: -600)
    static let own = "journey-of-this-ask"

    @Test func `is not content with the session's old one`() throws {
        let shop = try Fixture.shop()
        let session = try Fixture.session([Fixture.login(.pin, at: Self.early)], created: Self.early)
        let step = try Fixture.next(Fixture.ask(shop, force: true), shop, session)
        #expect(step.picture == "authenticate card-presence, card-face, card-pin by the same person")
    }

    @Test func `is content with one of the same mode made in its own journey`() throws {
        let shop = try Fixture.shop()
        let later = Fixture.now.adding(seconds: 20)
        let session = try Fixture.session(
            [Fixture.login(.presence, at: Self.early), Fixture.login(.presence, at: later, journey: Self.own)], created: Self.early,
            seen: later)
        let permit = try #require(try Fixture.next(Fixture.ask(shop, force: true, during: Self.own), shop, session, at: later).permitted)
        #expect(permit.facts.authenticatedAt == later, "the answer tells of the new login, never of the old one")
    }

    @Test(arguments: ["journey-of-next-tab", nil])
    func `is not content with a login made since it asked in another journey, S24`(made: String?) throws {
        let shop = try Fixture.shop()
        let later = Fixture.now.adding(seconds: 20)
        let session = try Fixture.session([Fixture.login(.pin, at: later, journey: made)], created: later)
        for during in [Self.own, nil] {
            let step = try Fixture.next(Fixture.ask(shop, force: true, during: during), shop, session, at: later)
            #expect(step.picture == "authenticate card-presence, card-face, card-pin by the same person")
        }
    }

    @Test func `does not fall back to an older, stronger login`() throws {
        let ministry = try Fixture.ministry()
        let later = Fixture.now.adding(seconds: 20)
        let session = try Fixture.session(
            [Fixture.login(.pin, at: Self.early), Fixture.login(.face, at: later, journey: Self.own)], created: Self.early, seen: later)
        let step = try Fixture.next(Fixture.ask(ministry, force: true, during: Self.own), ministry, session, at: later)
        #expect(step.picture == "authenticate card-pin by the same person")
    }

    @Test(arguments: [(Int64(601), true), (600, true), (599, false), (0, false)])
    func `by max_age counts from the login`(maximumAge: Int64, isContent: Bool) throws {
        let shop = try Fixture.shop()
        let session = try Fixture.session([Fixture.login(.pin, at: Self.early)], created: Self.early, seen: Fixture.now)
        let step = try Fixture.next(Fixture.ask(shop, maximumAge: maximumAge), shop, session)
        #expect((step.permitted != nil) == isContent)
    }

    @Test func `by max_age of nothing is met by a login made for it, however long the page stayed open`() throws {
        let shop = try Fixture.shop()
        let login = Fixture.now.adding(seconds: 5), later = Fixture.now.adding(seconds: 65)
        let session = try Fixture.session([Fixture.login(.pin, at: login)], created: login, seen: later)
        let step = try Fixture.next(Fixture.ask(shop, maximumAge: 0, at: Fixture.now), shop, session, at: later)
        #expect(step.permitted?.facts.authenticatedAt == login)
    }
}

/// `IsPassive`, `prompt=none`; checklist S25, C6.
@Suite struct `A request without pages` {
    @Test func `is answered from the session`() throws {
        let shop = try Fixture.shop()
        let step = try Fixture.next(Fixture.ask(shop, passive: true), shop, try Fixture.session([Fixture.login(.presence)]))
        #expect(step.picture == "permit card-presence")
    }

    @Test func `is refused when a login is missing`() throws {
        let shop = try Fixture.shop()
        guard case .refuse(.passive(sessionExists: false)) = try Fixture.next(Fixture.ask(shop, passive: true), shop, nil) else {
            Issue.record("a page would have been shown")
            return
        }
    }

    @Test func `is refused when a stronger or newer login is missing`() throws {
        let ministry = try Fixture.ministry()
        let weak = try Fixture.session([Fixture.login(.face)])
        let old = try Fixture.session([Fixture.login(.pin, at: Fixture.now.adding(seconds: -60))])
        for (ask, session) in [
            (Fixture.ask(ministry, passive: true), weak), (Fixture.ask(ministry, force: true, passive: true), old),
            (Fixture.ask(ministry, passive: true, maximumAge: 10), old),
        ] {
            guard case .refuse(.passive(sessionExists: true)) = try Fixture.next(ask, ministry, session) else {
                Issue.record("a page would have been shown")
                continue
            }
        }
    }

    @Test func `hears the policy's own refusal first`() throws {
        let ministry = try Fixture.ministry()
        let step = try Fixture.next(Fixture.ask(ministry, purpose: "profiling", passive: true), ministry, nil)
        #expect(step.picture == "refuse policy.forbidden")
    }
}

@Suite struct `A login that is missing` {
    @Test(arguments: [
        ("urn:x-sekisho:ac:card-presence", CardMode.presence), ("urn:x-sekisho:ac:card-face", .face), ("urn:x-sekisho:ac:card-pin", .pin),
    ]) func `names the weakest mode that would do`(value: String, mode: CardMode) throws {
        let shop = try Fixture.shop()
        let requirement = ContextRequirement(values: [value], comparison: .minimum, essential: true)
        guard case .authenticate(let need) = try Fixture.next(Fixture.ask(shop, requirement: requirement), shop, nil) else {
            Issue.record("no login was asked for")
            return
        }
        #expect(need.weakestMode == mode)
        #expect(need.samePerson == nil)
        #expect(!need.acceptable.isEmpty)
    }

    @Test func `is owed by the citizen who is here`() throws {
        let ministry = try Fixture.ministry()
        let session = try Fixture.session([Fixture.login(.presence)])
        guard case .authenticate(let need) = try Fixture.next(Fixture.ask(ministry), ministry, session) else {
            Issue.record("no login was asked for")
            return
        }
        #expect(need.samePerson == session.subject)
    }

    /// SAML Core §3.3.2.2.1: of the classes that would do exactly, "the first element is the most preferred".
    @Test(
        arguments: [
            (Comparison.exact, ["card-pin", "card-presence"], CardMode.pin, "card-pin, card-presence"),
            (.exact, ["card-presence", "card-pin"], .presence, "card-presence, card-pin"),
            (.exact, ["card-face", "urn:unknown"], .face, "card-face"),
            (.minimum, ["card-pin", "card-presence"], .presence, "card-presence, card-face, card-pin"),
        ] as [(Comparison, [String], CardMode, String)])
    func `is the one that the request lists first, where it lists what it takes`(
        comparison: Comparison, names: [String], mode: CardMode, contexts: String
    ) throws {
        let shop = try Fixture.shop()
        let requirement = Self.requirement(comparison, names)
        let step = try Fixture.next(Fixture.ask(shop, requirement: requirement), shop, nil)
        #expect(step.picture == "authenticate " + contexts)
        guard case .authenticate(let need) = step else { return }
        #expect(need.weakestMode == mode)
    }

    @Test(
        arguments: [
            (.exact, ["card-pin", "card-presence"], "permit card-pin"), (.exact, ["card-presence", "card-pin"], "permit card-presence"),
            (.minimum, ["card-presence", "card-pin"], "permit card-pin"),
            (.exact, ["card-face"], "authenticate card-face by the same person"),
        ] as [(Comparison, [String], String)])
    func `is not missing where one of the session's would do, and the first listed is told`(
        comparison: Comparison, names: [String], picture: String
    ) throws {
        let shop = try Fixture.shop()
        let session = try Fixture.session([Fixture.login(.pin), Fixture.login(.presence, serial: "02")])
        let ask = Fixture.ask(shop, requirement: Self.requirement(comparison, names))
        #expect(try Fixture.next(ask, shop, session).picture == picture)
    }

    private static func requirement(_ comparison: Comparison, _ names: [String]) -> ContextRequirement {
        ContextRequirement(values: names.map { "urn:x-sekisho:ac:" + $0 }, comparison: comparison, essential: true)
    }
}
