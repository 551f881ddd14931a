/// Who is told the reasons of a decision.
package enum Audience: String, Sendable, CaseIterable {
    /// Plain words: what happened and what helps. Names no rule, no law and no other citizen's matter.
    case citizen
    /// The developer of the member that asked: what its request came to, by which rules and on what basis, and what it can change.
    case developer
    /// Whoever defends the answer years later: everything that the decision turned on.
    case auditor
}

/// Two languages, the second for every tag that is not `ja`, and easy Japanese (`ja-easy`) where there is some.
struct Words {
    let isJapanese: Bool
    private let isEasy: Bool

    init(_ language: String) {
        isJapanese = language == "ja" || language.hasPrefix("ja-")
        isEasy = language == "ja-easy"
    }

    func callAsFunction(_ japanese: String, _ english: String, easy: String? = nil) -> String {
        isEasy ? easy ?? japanese : isJapanese ? japanese : english
    }

    var comma: String { self("、", ", ") }

    /// The one that is there for the language, else any.
    func of(_ texts: [String: String]) -> String? {
        (isEasy ? texts["ja-easy"] : nil) ?? texts[isJapanese ? "ja" : "en"] ?? texts.sorted { $0.key < $1.key }.first?.value
    }
}
