import Testing
import TrustFramework
import Vocabulary

@Suite struct `A ceiling` {
    static let box = AssuranceCeiling.Source.terminal("set-top-box")

    static func ladder(_ ceilings: AssuranceCeiling...) -> AssuranceLadder {
        AssuranceLadder([Fixture.presence, Fixture.face, Fixture.pin], ceilings: ceilings)
    }

    static func facts(_ mode: CardMode, terminal: String? = nil, upstream: MemberID? = nil) -> AssuranceFacts {
        Fixture.facts(mode).changed(terminal: .some(terminal), upstream: .some(upstream))
    }

    @Test(arguments: [
        ("card-presence", CardMode.presence, Optional("card-presence")), ("card-presence", .face, nil), ("card-presence", .pin, nil),
        ("card-face", .presence, "card-presence"), ("card-face", .face, "card-face"), ("card-face", .pin, nil),
        ("card-pin", .presence, "card-presence"), ("card-pin", .face, "card-face"), ("card-pin", .pin, "card-pin"),
    ]) func `of a class of terminals is the most that they reach`(highest: String, mode: CardMode, name: String?) {
        let ladder = Self.ladder(AssuranceCeiling(Self.box, highest: highest))
        #expect(ladder.reached(by: Self.facts(mode, terminal: "set-top-box"))?.name == name)
        // Its sibling: the same login elsewhere is not under it.
        #expect(ladder.reached(by: Self.facts(mode))?.name == "card-" + mode.rawValue)
        #expect(ladder.reached(by: Self.facts(mode, terminal: AssuranceLadder.unclassified))?.name == "card-" + mode.rawValue)
    }

    @Test func `that is missing bars a class, once the ladder lists any`() {
        let ladder = Self.ladder(AssuranceCeiling(Self.box, highest: "card-pin"))
        #expect(ladder.reached(by: Self.facts(.pin, terminal: "kiosk")) == nil)
        #expect(ladder["card-pin"]?.missed(by: Self.facts(.pin, terminal: "kiosk")) == .terminal)
        #expect(Self.ladder().reached(by: Self.facts(.pin, terminal: "kiosk"))?.name == "card-pin", "a ladder without any has no say")
    }

    @Test func `may be set for terminals without a class`() {
        let ladder = Self.ladder(AssuranceCeiling(.terminal(AssuranceLadder.unclassified), highest: "card-presence"))
        #expect(ladder.reached(by: Self.facts(.pin, terminal: AssuranceLadder.unclassified)) == nil)
        #expect(ladder.reached(by: Self.facts(.pin))?.name == "card-pin")
    }

    @Test func `of an upstream is the most that its word is worth, and without one it is worth nothing`() throws {
        let one = try #require(MemberID("https://one.example")), other = try #require(MemberID("https://other.example"))
        let ladder = Self.ladder(AssuranceCeiling(.upstream(one), highest: "card-face"))
        #expect(ladder.reached(by: Self.facts(.face, upstream: one))?.name == "card-face")
        #expect(ladder.reached(by: Self.facts(.pin, upstream: one)) == nil)
        #expect(ladder["card-pin"]?.missed(by: Self.facts(.pin, upstream: one)) == .upstream)
        #expect(ladder.reached(by: Self.facts(.face, upstream: other)) == nil)
        #expect(Self.ladder().reached(by: Self.facts(.face, upstream: one)) == nil, "nobody spoke for it")
        #expect(ladder.upstreams == [one] && ladder.terminalClasses.isEmpty)
    }

    @Test func `whose context the ladder does not have lets nothing through`() {
        let ladder = Self.ladder(AssuranceCeiling(Self.box, highest: "card-nip"))
        for mode in CardMode.allCases { #expect(ladder.reached(by: Self.facts(mode, terminal: "set-top-box")) == nil) }
    }

    @Test func `only ever lowers, and the lower the more`() {
        var chance = AssuranceGenerator(seed: 8)
        for _ in 0..<4000 {
            let contexts = chance.contexts()
            let facts = chance.facts()
            // A ladder that has a say about every class, so that the ceiling is the only difference.
            let open =
                AssuranceGenerator.classes.map { AssuranceCeiling(.terminal($0), highest: contexts.last?.name ?? "") }
                + AssuranceGenerator.upstreams.map { AssuranceCeiling(.upstream($0), highest: contexts.last?.name ?? "") }
            var above = AssuranceLadder(contexts, ceilings: open)
            for highest in contexts.reversed().map(\.name) {
                let lowered = AssuranceLadder(contexts, ceilings: open.map { AssuranceCeiling($0.source, highest: highest) })
                let reached = lowered.contexts.filter { $0.isReached(by: facts) }.map(\.name)
                #expect(Set(reached).isSubset(of: above.contexts.filter { $0.isReached(by: facts) }.map(\.name)))
                if facts.terminalClass != nil || facts.upstream != nil {
                    let top = lowered[highest].flatMap(lowered.rank) ?? 0
                    #expect(reached.allSatisfy { lowered[$0].flatMap(lowered.rank) ?? .max <= top })
                }
                above = lowered
            }
        }
    }

    @Test func `is part of what the ladder says`() {
        let one = Self.ladder(AssuranceCeiling(Self.box, highest: "card-pin")),
            other = Self.ladder(AssuranceCeiling(Self.box, highest: "card-face"))
        #expect(one.json != other.json && one != other)
        #expect(one.json != Self.ladder().json)
    }
}
