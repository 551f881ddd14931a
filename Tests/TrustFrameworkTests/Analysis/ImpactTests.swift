import Testing
import TrustFramework
import Vocabulary

/// Issue 6, point 4: every decision that changes, and no other.
@Suite struct `The impact of a change, beside brute force` {
    // A build for speed looks at two thousand pairs; one for debugging at as many as a suite of seconds has time for.
    #if DEBUG
    static let rounds = 0..<4
    static let pairs = 8
    #else
    static let rounds = 0..<40
    static let pairs = 50
    #endif

    /// Both policies are asked questions that were made without them. What differs must be told by exactly one change, with the answers as they
    /// came; what does not differ by none.
    @Test(arguments: rounds) func `is what differs for questions of every kind, over a deployment's members`(round: Int) throws {
        var differing = 0
        for seed in 0..<Self.pairs {
            var chance = Chance(UInt64(round * 1000 + seed))
            let (old, new) = chance.pair()
            var members: [Member] = []
            for _ in 0..<6 { members.append(try chance.member()) }
            let impact = try Impact(from: old, to: new, population: .members(members, at: Chance.now), at: Chance.now)
            for _ in 0..<60 {
                let question = try chance.question(members)
                let (before, after) = (Answer(old.decide(question)), Answer(new.decide(question)))
                guard let point = impact.space.point(of: question) else {
                    // Asked for what its accreditation does not cover: no rule is looked at. Or an upstream that nothing speaks of, or a
                    // login by another device, which no context of these ladders is reached through.
                    let isUncovered =
                        question.member.accreditation.gap(for: question.purpose) != nil
                        || question.member.accreditation.gap(asking: question.request.asked) != nil
                    try #require(isUncovered && before == after || question.facts?.upstream != nil || question.facts?.door == .otherDevice)
                    continue
                }
                let told = impact.changes.filter { $0.contains(point) }
                if before.saysTheSame(as: after) {
                    let words = Self.words(told)
                    try #require(words == [], "\(Self.clue(round, seed, old, new, question, impact.space, point))")
                } else {
                    differing += 1
                    let words = Self.words(told)
                    let expected = [before.picture + " → " + after.picture]
                    try #require(words == expected, "\(Self.clue(round, seed, old, new, question, impact.space, point))")
                }
            }
        }
        #expect(differing > 0)
    }

    static func words(_ changes: [Impact.Change]) -> [String] { changes.map { $0.before.picture + " → " + $0.after.picture } }

    /// What a failing round has to show: the rules, the question, and the one that stood for it.
    static func clue(
        _ round: Int, _ seed: Int, _ old: Policy, _ new: Policy, _ question: Question, _ space: Space, _ point: [Int]
    ) -> String {
        let standing = space.question(at: point)
        let facts = Set((old.rules + new.rules).flatMap(\.facts))
        let values = Fact.allCases.filter(facts.contains).map { fact in
            "\(fact): \(question.value(of: fact, old.ladder)) ~ \(standing.map { "\($0.value(of: fact, old.ladder))" } ?? "-")"
        }
        return "seed \(round) \(seed)\n" + values.joined(separator: "\n") + "\n"
            + (old.rules.map { "old \($0)" } + new.rules.map { "new \($0)" }).joined(separator: "\n")
            + (standing.map { "\nstands: " + Answer(old.decide($0)).picture + " → " + Answer(new.decide($0)).picture } ?? "")
    }
}

extension Answer {
    /// The whole answer, flat.
    var picture: String {
        words + " +" + release.map(\.rawValue).sorted().joined(separator: ",") + " " + obligations.words.joined(separator: ",") + " by "
            + rules.joined(separator: ",")
    }
}
