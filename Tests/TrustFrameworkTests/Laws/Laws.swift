import TrustFramework
import Vocabulary

/// Something that decides: the policy, or something that only looks like one.
typealias Evaluator = @Sendable ([Rule], AssuranceLadder) -> @Sendable (Question) -> ReferenceAnswer

/// One policy, many questions, and what the evaluator says to each.
struct Sample {
    let universe: Universe
    let evaluator: Evaluator
    let rules: [Rule]
    let questions: [Question]
    let decide: @Sendable (Question) -> ReferenceAnswer
    let answers: [ReferenceAnswer]
    let reference: Reference

    var answered: Zip2Sequence<[Question], [ReferenceAnswer]> { zip(questions, answers) }
}

/// One of the laws that every evaluator has to keep. It looks at one sample, and tells the first breach.
struct Law: Sendable {
    let name: String
    let breach: @Sendable (Sample, inout SeededNumbers) -> String?

    /// The laws on so many policies, one for each seed, and so many questions to each. Gives the first breach of each law, with its seed.
    static func tried(
        _ laws: [Law], on evaluator: @escaping Evaluator, in universe: Universe, seeds: ClosedRange<UInt64>, questions: Int
    ) -> (pairs: Int, breaches: [String]) {
        var pairs = 0
        var breaches: [String: String] = [:]
        for seed in seeds {
            var random = SeededNumbers(seed: seed)
            let rules = universe.rules(&random, count: 1 + random.below(9))
            let asked = (0..<questions).map { _ in universe.question(&random) }
            pairs += asked.count
            let decide = evaluator(rules, universe.ladder)
            let sample = Sample(
                universe: universe, evaluator: evaluator, rules: rules, questions: asked, decide: decide, answers: asked.map(decide),
                reference: Reference(rules: rules, ladder: universe.ladder, book: universe.book))
            for law in laws where breaches[law.name] == nil {
                if let breach = law.breach(sample, &random) { breaches[law.name] = "\(law.name): seed \(seed): \(breach)" }
            }
            if breaches.count == laws.count { break }
        }
        return (pairs, breaches.values.sorted())
    }

    static let real: Evaluator = { rules, ladder in
        let policy = Policy(rules: rules, ladder: ladder, version: "law")
        return { ReferenceAnswer(policy.decide($0)) }
    }
}

extension Law {
    static let defaultDeny = Law(name: "what no permit lets through is denied") { sample, _ in
        for (question, answer) in sample.answered where answer.isPermit {
            let holding = question.facts == nil ? [] : sample.reference.judge(sample.rules, question).permits.map(\.id)
            if answer.determining.isEmpty || !Set(answer.determining).isSubset(of: holding) {
                return "\(answer), but only \(holding) hold for \(question.json.text)"
            }
        }
        return nil
    }

    static let forbidWins = Law(name: "a forbid that holds overrides every permit") { sample, _ in
        for (question, answer) in sample.answered where answer.isPermit {
            let forbids = sample.reference.judge(sample.rules.filter { $0.effect == .forbid }, question).forbids.map(\.id)
            if !forbids.isEmpty { return "\(answer), in spite of \(forbids), to \(question.json.text)" }
        }
        return nil
    }

    static let order = Law(name: "the order of rules never matters") { sample, random in
        let shuffled = sample.evaluator(sample.rules.shuffled(using: &random), sample.universe.ladder)
        for (question, answer) in sample.answered {
            let other = shuffled(question)
            if answer != other { return "\(answer), but in another order \(other), to \(question.json.text)" }
        }
        return nil
    }

    static let moreForbids = Law(name: "adding a forbid never permits more") { sample, random in
        let added = sample.universe.rule(&random, id: "added", effect: .forbid)
        let after = sample.evaluator(sample.rules + [added], sample.universe.ladder)
        for (question, one) in sample.answered {
            let other = after(question)
            let isLike = other.outcome == one.outcome && other.obligations == one.obligations
            if other.isPermit, !isLike { return "\(one) became \(other), to \(question.json.text)" }
            guard let acceptable = other.acceptable, !one.isPermit else { continue }
            if !acceptable.isSubset(of: one.acceptable ?? []) { return "\(one) became \(other), to \(question.json.text)" }
        }
        return nil
    }

    /// Most are kept as values; every eighth goes through its bytes.
    static let replay = Law(name: "a question that was kept gets the same answer") { sample, _ in
        for (index, (question, answer)) in sample.answered.enumerated() {
            let json = question.json
            let kept = index.isMultiple(of: 8) ? try? JSON(reading: json.text) : json
            guard let kept, let again = Question(json: kept) else { return "what was kept cannot be read: \(json.text)" }
            let other = sample.decide(again)
            if answer != other { return "\(answer), but replayed \(other), to \(json.text)" }
            if index.isMultiple(of: 8), again.json.text != json.text { return "\(json.text) came back as \(again.json.text)" }
        }
        return nil
    }

    static let meaning = Law(name: "the compiled policy says what the plain reading says") { sample, _ in
        for (question, answer) in sample.answered {
            let other = sample.reference.answer(question)
            if answer != other {
                return "\(answer), but plainly \(other), to \(question.json.text) under \(sample.rules.map(\.json.text))"
            }
        }
        return nil
    }

    /// The reference looks logins up and leaves out those that nobody tells apart; without the book it says the same.
    static let brevity = Law(name: "trying every login changes nothing") { sample, _ in
        let slow = Reference(rules: sample.rules, ladder: sample.universe.ladder, book: nil)
        for (question, answer) in sample.answered {
            let other = slow.answer(question)
            if answer != other {
                return "\(answer), but with every login \(other), to \(question.json.text) under \(sample.rules.map(\.json.text))"
            }
        }
        return nil
    }

    static let all = [defaultDeny, forbidWins, order, moreForbids, replay, meaning]
}
