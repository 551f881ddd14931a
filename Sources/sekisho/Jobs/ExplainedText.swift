import Vocabulary

/// A refusal in lines for a terminal.
enum ExplainedText {
    static func lines(_ explanation: Explanation) -> [String] {
        ["code        \(explanation.code)", "why         \(explanation.summary)"]
            + explanation.compared.map { "            \($0.name): \($0.value)" }
            + ["clause      \(explanation.clause)", "what to do  \(explanation.remedy)"]
    }
}
