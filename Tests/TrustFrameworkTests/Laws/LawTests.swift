import Testing
import TrustFramework
import Vocabulary

/// Every law on generated policies and questions. Together 100,000 pairs of a policy and a question go through every law in one run.
@Suite struct `The laws of deciding` {
    static let lots: UInt64 = 20
    static let policies: UInt64 = 50
    static let questions = 100

    @Test(arguments: 0..<lots) func `are kept by the policy`(lot: UInt64) throws {
        let universe = try Universe()
        let seeds = lot * Self.policies + 1...(lot + 1) * Self.policies
        let (pairs, breaches) = Law.tried(Law.all, on: Law.real, in: universe, seeds: seeds, questions: Self.questions)
        #expect(breaches.isEmpty, "\(breaches.joined(separator: "\n"))")
        #expect(pairs == Int(Self.policies) * Self.questions)
    }

    @Test func `cover a hundred thousand pairs`() {
        #expect(Int(Self.lots * Self.policies) * Self.questions >= 100_000)
    }

    @Test func `do not turn on which logins are tried`() throws {
        let (_, breaches) = Law.tried([.brevity], on: Law.real, in: try Universe(), seeds: 5001...5030, questions: 10)
        #expect(breaches.isEmpty, "\(breaches)")
    }

    /// A law that is never breached because nothing happens would be none.
    @Test func `are tried on every outcome`() throws {
        let universe = try Universe()
        var seen: Set<String> = []
        var signatures = 0
        var erring = 0
        for seed in 1...60 as ClosedRange<UInt64> {
            var random = SeededNumbers(seed: seed)
            let policy = Policy(rules: universe.rules(&random, count: 1 + random.below(9)), ladder: universe.ladder, version: "law")
            for _ in 0..<100 {
                let answer = ReferenceAnswer(policy.decide(universe.question(&random)))
                seen.insert(String(answer.outcome.prefix { $0 != "(" && $0 != "[" }.split(separator: " ").prefix(2).joined(separator: " ")))
                if answer.needsSignature { signatures += 1 }
                if !answer.erring.isEmpty { erring += 1 }
            }
        }
        for outcome in [
            "permit card-pin", "permit card-face", "permit card-presence", "permit card-fresh", "deny forbidden", "deny noPermit",
            "deny contextOutOfReach", "deny standing", "deny purposeNotAccredited", "deny attributesNotAccredited",
            "deny modeNotAccredited",
            "deny permissionMissing",
        ] { #expect(seen.contains(outcome), "\(outcome) among \(seen.sorted())") }
        #expect(seen.contains { $0.hasPrefix("authenticate") })
        #expect(signatures > 0 && erring > 0)
    }
}

/// For each law something that breaks it, and is caught.
@Suite struct `A law is broken by` {
    static func breach(_ law: Law, _ evaluator: @escaping Evaluator) throws -> String? {
        Law.tried([law], on: evaluator, in: try Universe(), seeds: 1...60, questions: 50).breaches.first
    }

    /// The real answer of other rules.
    static func of(_ change: @escaping @Sendable ([Rule]) -> [Rule]) -> Evaluator {
        { rules, ladder in Law.real(change(rules), ladder) }
    }

    @Test func `one that permits what no rule speaks of`() throws {
        let open: Evaluator = { rules, ladder in
            let decide = Law.real(rules, ladder)
            return { question in
                var answer = decide(question)
                if answer.outcome == "deny noPermit", question.facts != nil { answer.outcome = "permit card-presence []" }
                return answer
            }
        }
        #expect(try Self.breach(.defaultDeny, open) != nil)
        #expect(try Self.breach(.meaning, open) != nil)
    }

    @Test func `one that lets permits override forbids`() throws {
        let lenient = Self.of { $0.filter { $0.effect == .permit } }
        #expect(try Self.breach(.forbidWins, lenient) != nil)
        #expect(try Self.breach(.meaning, lenient) != nil)
    }

    @Test func `one in which the first rule that speaks decides`() throws {
        let first: Evaluator = { rules, ladder in
            { question in
                let verdict = Reference(rules: rules, ladder: ladder, book: nil).judge(rules, question)
                guard let rule = rules.first(where: { rule in (verdict.permits + verdict.forbids).contains { $0.id == rule.id } }) else {
                    return ReferenceAnswer("deny noPermit")
                }
                return ReferenceAnswer(rule.effect == .permit ? "permit" : "deny forbidden", by: [rule])
            }
        }
        #expect(try Self.breach(.order, first) != nil)
        #expect(try Self.breach(.forbidWins, first) != nil)
    }

    @Test func `one in which two forbids cancel each other out`() throws {
        let cancelling: Evaluator = { rules, ladder in
            let forbids = rules.filter { $0.effect == .forbid }.count
            return Law.real(forbids.isMultiple(of: 2) ? rules.filter { $0.effect == .permit } : rules, ladder)
        }
        #expect(try Self.breach(.moreForbids, cancelling) != nil)
    }

    @Test func `one that turns on what is not kept`() throws {
        let forgetful: Evaluator = { rules, ladder in
            let decide = Law.real(rules, ladder)
            return { question in
                var answer = decide(question)
                // The name of a member is no part of a question.
                if question.member.displayName.isEmpty { answer.outcome += "!" }
                return answer
            }
        }
        #expect(try Self.breach(.replay, forgetful) != nil)
    }

    @Test func `one that does not look at exceptions`() throws {
        let blunt = Self.of { rules in
            rules.map {
                Rule(
                    id: $0.id, effect: $0.effect, condition: $0.condition, release: $0.release, obligations: $0.obligations, basis: $0.basis
                )
            }
        }
        #expect(try Self.breach(.meaning, blunt) != nil)
    }

    @Test(arguments: Fact.allCases) func `one that does not look at a fact`(fact: Fact) throws {
        let blind = Self.of { rules in
            rules.map { rule in
                @Sendable func without(_ condition: Condition) -> Condition { Condition(condition.domains.filter { $0.key != fact }) }
                return Rule(
                    id: rule.id, effect: rule.effect, condition: without(rule.condition), exceptions: rule.exceptions.map(without),
                    release: rule.release, obligations: rule.obligations, basis: rule.basis)
            }
        }
        // Stops at the first breach; what is rare takes some hundred policies to matter.
        let (_, breaches) = Law.tried([.meaning], on: blind, in: try Universe(), seeds: 1...2000, questions: 25)
        #expect(!breaches.isEmpty)
    }
}
