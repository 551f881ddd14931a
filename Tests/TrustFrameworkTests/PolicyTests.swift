import Testing
import TrustFramework
import Vocabulary

@Suite struct `A policy` {
    @Test func `denies by default`() throws {
        let question = try Fixture.question(try Fixture.member(), facts: Fixture.facts(.pin))
        #expect(Fixture.policy([]).decide(question).picture == "deny noPermit by ")
    }

    @Test func `knows what some permit could release, with its marks and what is told instead`() {
        let less = Rule(
            id: "less", effect: .permit, condition: Condition(), release: [.birthDate],
            obligations: Obligations(derived: [.birthDate: .over18]), basis: "basis")
        let forbid = Rule(id: "no", effect: .forbid, condition: Condition(), release: [.address], basis: "basis")
        let policy = Fixture.policy([Fixture.permit("who", release: [.name, .pinUsed]), less, forbid])
        #expect(policy.releasable == [.name, .nameSubstitution, .pinUsed, .birthDate, .over18])
        #expect(Fixture.policy([Fixture.permit(), forbid]).releasable.isEmpty)
    }

    @Test func `permits what a rule permits, and says which and on what basis`() throws {
        let rule = Fixture.permit("procedures", kinds: [.ministry], floor: "card-pin", release: [.pinUsed])
        let decision = Fixture.policy([rule]).decide(try Fixture.question(try Fixture.member(), facts: Fixture.facts(.pin)))
        #expect(decision.picture == "permit card-pin +pin-used by procedures")
        #expect(decision.bases == ["basis of procedures"])
        #expect(decision.policyVersion == "test")
    }

    @Test(arguments: [MemberKind.localGovernment, .privateVerifier, .platformOperator, .servedFirm, .identityProvider])
    func `does not lend one kind's permit to another`(kind: MemberKind) throws {
        let policy = Fixture.policy([Fixture.permit(kinds: [.ministry])])
        let question = try Fixture.question(try Fixture.member(kind), facts: Fixture.facts(.pin))
        #expect(policy.decide(question).picture == "deny noPermit by ")
    }

    @Test func `does not lend one purpose's permit to another`() throws {
        let policy = Fixture.policy([Fixture.permit(purposes: [try Fixture.purpose("points")])])
        let member = try Fixture.member(purposes: ["procedure", "points"])
        #expect(policy.decide(try Fixture.question(member, "points", facts: Fixture.facts(.pin))).picture == "permit card-pin by permit")
        #expect(policy.decide(try Fixture.question(member, "procedure", facts: Fixture.facts(.pin))).picture == "deny noPermit by ")
    }

    @Test func `does not lend one member's permit to another`() throws {
        let policy = Fixture.policy([Fixture.permit(members: [try Fixture.memberID("https://other.example")])])
        #expect(policy.decide(try Fixture.question(try Fixture.member(), facts: Fixture.facts(.pin))).picture == "deny noPermit by ")
    }

    @Test func `refuses a purpose outside the accreditation, whatever the rules say`() throws {
        let policy = Fixture.policy([Fixture.permit()])
        let question = try Fixture.question(try Fixture.member(), "points", facts: Fixture.facts(.pin))
        #expect(policy.decide(question).picture == "deny purposeNotAccredited by ")
    }

    @Test(arguments: Accreditation.State.allCases)
    func `refuses a member that is not accredited, whatever the rules say`(state: Accreditation.State) throws {
        let policy = Fixture.policy([Fixture.permit()])
        let decision = policy.decide(try Fixture.question(try Fixture.member(state: state), facts: Fixture.facts(.pin)))
        if state == .accredited {
            #expect(decision.picture == "permit card-pin by permit")
        } else {
            guard case .deny(.standing) = decision.outcome else {
                Issue.record("\(decision.picture)")
                return
            }
        }
    }

    @Test func `lets a forbid override every permit`() throws {
        let rules = [Fixture.permit("one", floor: "card-presence"), Fixture.permit("two"), Fixture.forbid("no", kinds: [.ministry])]
        let decision = Fixture.policy(rules).decide(try Fixture.question(try Fixture.member(), facts: Fixture.facts(.pin)))
        #expect(decision.picture == "deny forbidden by no")
        #expect(decision.bases == ["basis of no"])
    }

    @Test func `does not let a forbid reach further than its words`() throws {
        let rules = [Fixture.permit(), Fixture.forbid("no", kinds: [.servedFirm])]
        let decision = Fixture.policy(rules).decide(try Fixture.question(try Fixture.member(), facts: Fixture.facts(.pin)))
        #expect(decision.picture == "permit card-pin by permit")
    }

    @Test func `releases what the holding permits release together, and nothing of the others`() throws {
        let rules = [
            Fixture.permit("a", release: [.pinUsed]), Fixture.permit("b", floor: "card-presence", release: [.cardMode]),
            Fixture.permit("c", floor: "card-pin", release: [.revocationTime]),
        ]
        let decision = Fixture.policy(rules).decide(try Fixture.question(try Fixture.member(), facts: Fixture.facts(.face)))
        #expect(decision.picture == "permit card-face +card-mode +pin-used by a, b")
    }
}

@Suite struct `A floor` {
    @Test(arguments: [
        ("card-presence", CardMode.presence, "permit card-presence by permit"),
        ("card-presence", .pin, "permit card-pin by permit"),
        ("card-face", .presence, "authenticate card-face, card-pin by permit"),
        ("card-face", .face, "permit card-face by permit"),
        ("card-pin", .face, "authenticate card-pin by permit"),
        ("card-pin", .presence, "authenticate card-pin by permit"),
        ("card-pin", .pin, "permit card-pin by permit"),
    ]) func `asks for a stronger login instead of passing quietly`(floor: String, mode: CardMode, picture: String) throws {
        let policy = Fixture.policy([Fixture.permit(floor: floor)])
        #expect(policy.decide(try Fixture.question(try Fixture.member(), facts: Fixture.facts(mode))).picture == picture)
    }

    @Test func `says before any login which one would do`() throws {
        let policy = Fixture.policy([Fixture.permit(floor: "card-face")])
        let decision = policy.decide(try Fixture.question(try Fixture.member(), facts: nil))
        #expect(decision.picture == "authenticate card-face, card-pin by permit")
    }

    @Test func `that the ladder does not know is reached by nobody`() throws {
        let policy = Fixture.policy([Fixture.permit(floor: "retina")])
        for facts in [nil, Fixture.facts(.pin)] {
            #expect(policy.decide(try Fixture.question(try Fixture.member(), facts: facts)).picture == "deny contextOutOfReach by permit")
        }
    }

    @Test func `counts as the lowest of several permits`() throws {
        let policy = Fixture.policy([Fixture.permit("high", floor: "card-pin"), Fixture.permit("low", floor: "card-face")])
        let decision = policy.decide(try Fixture.question(try Fixture.member(), facts: Fixture.facts(.presence)))
        #expect(decision.picture == "authenticate card-face, card-pin by high, low")
    }

    @Test(arguments: [(Int64(3600), "permit card-pin by permit"), (3601, "authenticate card-presence, card-face, card-pin by permit")])
    func `of freshness is measured at the login`(age: Int64, picture: String) throws {
        let policy = Fixture.policy([Fixture.permit(maximumStatusAge: 3600)])
        let facts = Fixture.facts(.pin, statusAge: age)
        #expect(policy.decide(try Fixture.question(try Fixture.member(), facts: facts)).picture == picture)
        let later = try Fixture.question(try Fixture.member(), facts: facts, at: Fixture.now.adding(seconds: 7200))
        #expect(policy.decide(later).picture == picture, "time that passes in a session makes no revocation data older")
    }
}

@Suite struct `A request's own requirement` {
    static let pin = "urn:x-sekisho:ac:card-pin"

    @Test(arguments: [
        ([pin], Comparison.minimum, true, CardMode.face, "authenticate card-pin by permit"),
        ([pin], .exact, false, .presence, "authenticate card-pin by permit"),
        (["aal2"], .exact, true, .pin, "authenticate card-face by permit"),
        (["aal2"], .minimum, true, .pin, "permit card-pin by permit"),
        (["urn:unknown"], .exact, true, .pin, "deny contextOutOfReach by permit"),
        (["urn:unknown"], .exact, false, .presence, "permit card-presence by permit"),
        ([pin], .better, true, .pin, "deny contextOutOfReach by permit"),
        (["aal2"], .maximum, true, .pin, "authenticate card-presence, card-face by permit"),
    ]) func `is compared beside the rules`(values: [String], comparison: Comparison, essential: Bool, mode: CardMode, picture: String)
        throws
    {
        let policy = Fixture.policy([Fixture.permit()])
        let requirement = ContextRequirement(values: values, comparison: comparison, essential: essential)
        let question = try Fixture.question(try Fixture.member(), facts: Fixture.facts(mode), requirement: requirement)
        #expect(policy.decide(question).picture == picture)
    }

    @Test func `cannot go below a rule's floor`() throws {
        let policy = Fixture.policy([Fixture.permit(floor: "card-pin")])
        let requirement = ContextRequirement(values: ["aal1"], comparison: .exact, essential: true)
        let question = try Fixture.question(try Fixture.member(), facts: Fixture.facts(.presence), requirement: requirement)
        #expect(policy.decide(question).picture == "deny contextOutOfReach by permit")
    }
}

@Suite struct `The order of rules` {
    struct Sequence: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
            return state ^ (state >> 29)
        }
    }

    static func rules() throws -> [Rule] {
        [
            Fixture.permit("a", kinds: [.ministry], floor: "card-pin", release: [.pinUsed, .revocationTime]),
            Fixture.permit("b", kinds: [.ministry, .localGovernment], floor: "card-face", maximumStatusAge: 3600, release: [.cardMode]),
            Fixture.permit("c", purposes: [try Fixture.purpose("points")], floor: "card-presence", release: [.carrier]),
            Fixture.permit("d", members: [try Fixture.memberID("https://shop.example")], release: [.authenticationLevel]),
            Fixture.forbid("e", kinds: [.servedFirm]),
            Fixture.forbid("f", purposes: [try Fixture.purpose("marketing")]),
            Fixture.permit("g", kinds: [.servedFirm, .privateVerifier], floor: "unknown"),
        ]
    }

    @Test(arguments: 1...40 as ClosedRange<UInt64>) func `never matters`(seed: UInt64) throws {
        var random = Sequence(state: seed)
        let rules = try Self.rules()
        let policy = Fixture.policy(rules)
        let shuffled = Fixture.policy(rules.shuffled(using: &random))
        for kind in MemberKind.allCases {
            for purpose in ["procedure", "points", "marketing"] {
                let member = try Fixture.member(kind, id: "https://shop.example", purposes: ["procedure", "points", "marketing"])
                for facts in [nil, Fixture.facts(.presence), Fixture.facts(.face, statusAge: 4000), Fixture.facts(.pin)] {
                    let question = try Fixture.question(member, purpose, facts: facts)
                    let (one, other) = (policy.decide(question), shuffled.decide(question))
                    #expect(one.picture == other.picture)
                    #expect(one.bases == other.bases)
                }
            }
        }
    }

    @Test func `and their number cost one pass`() throws {
        let rules = (0..<20_000).map { Fixture.permit("r\($0)", kinds: [.servedFirm], floor: "card-pin") }
        let decision = Fixture.policy(rules).decide(try Fixture.question(try Fixture.member(), facts: Fixture.facts(.pin)))
        #expect(decision.picture == "deny noPermit by ")
    }
}
