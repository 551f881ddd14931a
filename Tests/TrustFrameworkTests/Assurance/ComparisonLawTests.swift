import Testing
import TrustFramework
import Vocabulary

/// SAML Core §3.3.2.2.1, checklist S26: the four comparisons over whole ladders.
@Suite struct `The comparisons over a whole ladder` {
    /// The specification's own words, one context at a time; strength is the place on the ladder.
    static func satisfies(_ strength: Int, _ asked: [Int], _ comparison: Comparison) -> Bool {
        guard !asked.isEmpty else { return false }
        return switch comparison {
        // "the exact match of at least one of the authentication contexts specified"
        case .exact: asked.contains(strength)
        // "at least as strong (as deemed by the responder) as one of the authentication contexts specified"
        case .minimum: asked.contains { strength >= $0 }
        // "as strong as possible … without exceeding the strength of at least one of the authentication contexts specified"
        case .maximum: asked.contains { strength <= $0 }
        // "stronger (as deemed by the responder) than any one of the authentication contexts specified"
        case .better: asked.allSatisfy { strength > $0 }
        }
    }

    @Test(arguments: 0...5, Comparison.allCases)
    func `are the specification's, for every choice of what is asked`(size: Int, comparison: Comparison) {
        let ladder = AssuranceLadder((0..<size).map { Fixture.context("level-\($0)", [.pin], level: 1, aliases: ["alias-\($0)"]) })
        for choice in 0..<(1 << size) {
            let asked = (0..<size).filter { choice & (1 << $0) != 0 }
            // Each context by another of its names, and backwards: neither may matter.
            let values = asked.reversed().map { $0.isMultiple(of: 2) ? "urn:example:class:alias-\($0)" : "alias-\($0)" }
            let came = ladder.satisfying(ContextRequirement(values: values, comparison: comparison, essential: true)).map(\.name)
            let due = (0..<size).filter { Self.satisfies($0, asked, comparison) }.map { "level-\($0)" }
            #expect(comparison == .exact ? came.sorted() == due : came == due, "\(values)")
        }
    }

    /// Whether the laws hold for what one requirement names; the sets are told apart by their comparison.
    struct Answers {
        let ladder: AssuranceLadder
        let values: [String]

        func callAsFunction(_ comparison: Comparison) -> Set<String> {
            Set(ladder.satisfying(ContextRequirement(values: values, comparison: comparison, essential: true)).map(\.name))
        }
    }

    @Test func `keep their laws on ladders by chance`() {
        var chance = AssuranceGenerator(seed: 26)
        for _ in 0..<4000 {
            let contexts = chance.contexts()
            let ladder = AssuranceLadder(contexts, ceilings: chance.ceilings(on: contexts))
            let values = chance.requirement(on: contexts, .exact).values
            let answer = Answers(ladder: ladder, values: values)
            let all = Set(contexts.map(\.name))
            let isKnown = values.contains { ladder.rank(meantBy: $0) != nil }
            #expect(answer(.exact).isSubset(of: answer(.minimum)) && answer(.exact).isSubset(of: answer(.maximum)))
            #expect(answer(.better).isSubset(of: answer(.minimum)), "what is better is enough")
            #expect(answer(.better).isDisjoint(with: answer(.exact)) && answer(.better).isDisjoint(with: answer(.maximum)))
            #expect(answer(.minimum).union(answer(.maximum)) == (isKnown ? all : []))
            #expect(Comparison.allCases.allSatisfy { answer($0).isEmpty } || isKnown, "nothing is asked that the ladder knows")
            for comparison in Comparison.allCases {
                let more = Answers(ladder: ladder, values: values + ["urn:unknown:too"])
                #expect(more(comparison) == answer(comparison), "what the ladder does not know changes nothing")
            }
        }
    }

    @Test func `of one context are its place on the ladder`() {
        var chance = AssuranceGenerator(seed: 27)
        for _ in 0..<1000 {
            let ladder = AssuranceLadder(chance.contexts())
            for (rank, context) in ladder.contexts.enumerated() {
                for value in context.samlClasses + context.acrValues {
                    let answer = Answers(ladder: ladder, values: [value])
                    #expect(answer(.exact) == [context.name])
                    #expect(answer(.better) == answer(.minimum).subtracting(answer(.exact)), "better is minimum without equal")
                    #expect(answer(.minimum).intersection(answer(.maximum)) == answer(.exact))
                    #expect(answer(.minimum) == Set(ladder.contexts[rank...].map(\.name)))
                    #expect(ladder.rank(meantBy: value) == rank && ladder.rank(of: context) == rank)
                }
            }
        }
    }

    @Test func `give more for more that is asked, but for better`() {
        var chance = AssuranceGenerator(seed: 28)
        for _ in 0..<4000 {
            let contexts = chance.contexts()
            let ladder = AssuranceLadder(contexts)
            let few = chance.requirement(on: contexts, .exact).values.filter { $0 != "urn:unknown" }
            let extra = chance.requirement(on: contexts, .exact).values.filter { $0 != "urn:unknown" }
            guard !few.isEmpty else { continue }
            let less = Answers(ladder: ladder, values: few), more = Answers(ladder: ladder, values: few + extra)
            for comparison in [Comparison.exact, .minimum, .maximum] { #expect(less(comparison).isSubset(of: more(comparison))) }
            #expect(more(.better).isSubset(of: less(.better)))
        }
    }
}
