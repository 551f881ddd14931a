import Testing
import TrustFramework
import Vocabulary

@Suite struct `A floor of a context` {
    static let now = AssuranceGenerator.now

    static func context(
        needsStatement: Bool = false, doors: Set<Door> = Set(Door.allCases), sources: Set<StatusSource> = Set(StatusSource.allCases),
        statusAge: Int64? = nil, loginAge: Int64? = nil
    ) -> AssuranceContext {
        AssuranceContext(
            name: "level", samlClasses: ["urn:x"], acrValues: ["x"], amr: ["sc"], proofingLevel: 3, authenticationLevel: 3, modes: [.pin],
            carriers: [.card], needsStatement: needsStatement, doors: doors, statusSources: sources, maximumStatusAge: statusAge,
            maximumLoginAge: loginAge)
    }

    static let facts = AssuranceFacts(
        mode: .pin, modeIsStated: false, carrier: .card, door: .challenge, statusSource: .crl, statusAt: now.adding(seconds: -1800),
        authenticatedAt: now.adding(seconds: -900), terminalClass: nil)

    @Test(
        arguments: [
            (context(), nil), (context(needsStatement: true), AssuranceFloor.statement), (context(doors: [.tls]), .door),
            (context(doors: [.challenge]), nil), (context(sources: [.ocsp]), .statusSource), (context(sources: [.crl]), nil),
            (context(statusAge: 899), .statusAge), (context(statusAge: 900), nil), (context(loginAge: 899), .loginAge),
            (context(loginAge: 900), nil),
        ] as [(AssuranceContext, AssuranceFloor?)])
    func `is missed by what lies below it, and by nothing else`(context: AssuranceContext, floor: AssuranceFloor?) {
        #expect(context.missed(by: Self.facts, at: Self.now) == floor)
        #expect(context.isReached(by: Self.facts, at: Self.now) == (floor == nil))
        #expect(AssuranceLadder([context]).reached(by: Self.facts, at: Self.now)?.name == (floor == nil ? "level" : nil))
    }

    @Test func `of mode or carrier is missed by another`() {
        #expect(Self.context().missed(by: Self.facts.changed(mode: .face)) == .mode)
        let phone = AssuranceFacts(
            mode: .pin, modeIsStated: true, carrier: .phone, door: .challenge, statusSource: .crl, statusAt: Self.now,
            authenticatedAt: Self.now)
        #expect(Self.context().missed(by: phone) == .carrier)
    }

    @Test func `of the login's age is looked at when it is asked now, not when it is asked about then`() {
        let context = Self.context(loginAge: 60)
        #expect(context.isReached(by: Self.facts), "at the login it was reached")
        #expect(!context.isReached(by: Self.facts, at: Self.now))
    }

    @Test func `counts the age of revocation data at the login, so it does not grow`() {
        let context = Self.context(statusAge: 900)
        for seconds in [0, 1000, 86_400] as [Int64] { #expect(context.isReached(by: Self.facts, at: Self.now.adding(seconds: seconds))) }
    }

    @Test func `is passed by data that is newer than the login`() {
        let newer = Self.facts.refreshed(from: .ocsp, at: Self.now)
        #expect(newer.statusAge == 0)
        #expect(Self.context(sources: [.ocsp], statusAge: 60).isReached(by: newer, at: Self.now))
        #expect(!Self.context(sources: [.ocsp], statusAge: 60).isReached(by: Self.facts, at: Self.now))
    }

    /// One login at a time, without looking at how the ladder does it.
    static func naive(_ context: AssuranceContext, _ facts: AssuranceFacts, _ ladder: AssuranceLadder) -> Bool {
        var holds = context.modes.contains(facts.mode) && context.carriers.contains(facts.carrier) && context.doors.contains(facts.door)
        holds = holds && context.statusSources.contains(facts.statusSource) && !(context.needsStatement && !facts.modeIsStated)
        if let most = context.maximumStatusAge { holds = holds && facts.statusAge <= most }
        if let most = context.maximumLoginAge { holds = holds && facts.loginAge(at: now) <= most }
        func ceiling(_ source: AssuranceCeiling.Source) -> Int? {
            ladder.ceilings.first { $0.source == source }.flatMap { ceiling in
                ladder.contexts.firstIndex { $0.name == ceiling.highest }
            }
        }
        let rank = ladder.contexts.firstIndex { $0.name == context.name } ?? .max
        if let upstream = facts.upstream { holds = holds && rank <= ceiling(.upstream(upstream)) ?? -1 }
        if let terminal = facts.terminalClass, !ladder.terminalClasses.isEmpty {
            let open = terminal == AssuranceLadder.unclassified ? Int.max : -1
            holds = holds && rank <= ceiling(.terminal(terminal)) ?? open
        }
        return holds
    }

    @Test func `and all others come to what the plain reading says`() {
        var chance = AssuranceGenerator(seed: 6)
        var reached = 0
        for _ in 0..<3000 {
            let contexts = chance.contexts()
            let ladder = AssuranceLadder(contexts, ceilings: chance.ceilings(on: contexts))
            for _ in 0..<8 {
                let facts = chance.facts()
                let due = ladder.contexts.last { Self.naive($0, facts, ladder) }?.name
                #expect(ladder.reached(by: facts, at: Self.now)?.name == due)
                for context in ladder.contexts {
                    let isReached = context.isReached(by: facts, at: Self.now)
                    #expect(isReached == Self.naive(context, facts, ladder))
                    #expect(isReached == (context.missed(by: facts, at: Self.now) == nil))
                    if isReached { reached += 1 }
                }
            }
        }
        #expect(reached > 2000, "the test would say nothing of what is reached")
    }

    @Test func `never is easier for a weaker login`() {
        var chance = AssuranceGenerator(seed: 7)
        for _ in 0..<4000 {
            let contexts = chance.contexts()
            let ladder = AssuranceLadder(contexts, ceilings: chance.ceilings(on: contexts))
            let facts = chance.facts()
            let weaker = [
                facts.changed(stated: false), facts.changed(statusAge: facts.statusAge + 60),
                facts.changed(statusAge: facts.statusAge, loginAge: facts.loginAge(at: Self.now) + 60),
            ]
            for weak in weaker {
                for context in ladder.contexts where context.isReached(by: weak, at: Self.now) {
                    #expect(context.isReached(by: facts, at: Self.now))
                }
            }
        }
    }
}
