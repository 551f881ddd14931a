package import Vocabulary

/// Why a policy cannot be counted through. A half-walked space would read like a whole one, so nothing is told of it.
package enum AnalysisRefusal: Error, Hashable, Sendable {
    /// The rules name so many values of facts that hang together that they cannot be told apart in reasonable time.
    case tooManyClasses(facts: [Fact], limit: Int)
    case tooMuch(BudgetExceeded)
}

extension AnalysisRefusal: CustomStringConvertible {
    package var description: String {
        switch self {
        case .tooManyClasses(let facts, let limit):
            "the rules tell more than \(limit) combinations of " + facts.map(\.rawValue).joined(separator: ", ") + " apart"
        case .tooMuch(let exceeded): "more than \(exceeded.limit) \(exceeded.name) would be needed"
        }
    }
}

/// How much is counted through before it is refused.
package struct AnalysisLimits: Hashable, Sendable {
    /// Classes of one axis: a deployment of a million members has some thousands that differ, a ladder with all its ceilings as many logins.
    package var classes = 200_000
    /// Boxes that are cut, for each question that is asked of the rules.
    package var boxes = 4_000_000
    /// Decisions made to compare two policies: some ten seconds.
    package var decisions = 20_000_000

    package init() {}
}
