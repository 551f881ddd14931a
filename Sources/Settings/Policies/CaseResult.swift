package import TrustFramework
import Vocabulary

/// How one case came out.
package struct CaseResult: Sendable {
    package let says: String
    package let file: String
    package let line: Int
    package let answer: Answer
    /// What was decided, to be decided again without a rule.
    let question: Question
    /// Rules of which nobody could say whether they hold, for want of a fact in the case.
    package let erring: [String]
    /// What it should have come to and what it came to, as far as the two differ; nil when it came out as expected.
    package let fault: (expected: String, came: String)?

    init(_ item: Case, _ decision: Decision) {
        says = item.says
        file = item.file
        line = item.line
        erring = decision.erring
        answer = Answer(decision)
        question = decision.question
        fault = Self.fault(item, answer, decision.erring)
    }

    private static func fault(_ item: Case, _ answer: Answer, _ erring: [String]) -> (expected: String, came: String)? {
        var expected: [String] = []
        var came: [String] = []
        let reached = answer.contexts.first
        let isOther = answer.outcome.rawValue != item.expectation.rawValue
        if isOther || item.context != nil && item.context != reached {
            expected.append(item.expectation.rawValue + (item.context.map { " " + $0 } ?? ""))
            came.append(answer.outcome.rawValue + (reached.map { " " + $0 } ?? ""))
        }
        func compare(_ what: String, _ wanted: [String]?, _ found: [String]) {
            guard !isOther, let wanted, wanted != found else { return }
            expected.append(what + " " + list(wanted))
            came.append(what + " " + list(found))
        }
        compare("release", item.release.map { $0.map(\.rawValue).sorted() }, answer.release.map(\.rawValue).sorted())
        if item.obligations != answer.obligations { compare("obligations", item.obligations?.words, answer.obligations.words) }
        let byRules = item.rules.map { $0.sorted() }
        if let byRules, byRules != answer.rules { expected.append("by " + list(byRules)) }
        guard !expected.isEmpty else { return nil }
        if came.isEmpty { came.append(answer.outcome.rawValue + (reached.map { " " + $0 } ?? "")) }
        // What came, and by which rules: where to look first.
        let rules = " by " + (answer.rules.isEmpty ? "no rule" : answer.rules.joined(separator: ", "))
        let unsure = erring.isEmpty ? "" : "; \(erring.joined(separator: ", ")) cannot be judged, the case does not say enough"
        return (expected.joined(separator: "; "), came.joined(separator: "; ") + rules + unsure)
    }

    private static func list(_ words: [String]) -> String { words.isEmpty ? "nothing" : words.joined(separator: ", ") }
}
