import Settings
import TrustFramework
import Vocabulary

/// A sentence of ours in every language. Where nothing easier is given, easy Japanese is the Japanese (docs/words.md says when that will do).
struct Words: Sendable, Hashable {
    let ja: String
    let en: String
    let easy: String?

    init(_ ja: String, _ en: String, easy: String? = nil) {
        self.ja = ja
        self.en = en
        self.easy = easy
    }

    /// The same in every language: a name, a code.
    init(verbatim text: String) { self.init(text, text) }

    func callAsFunction(_ language: Language = .current) -> String {
        switch language {
        case .japanese: ja
        case .english: en
        case .easy: easy ?? ja
        }
    }

    /// Both joined, for sentences that hold values.
    static func + (left: Words, right: Words) -> Words {
        Words(
            left.ja + right.ja, left.en + right.en,
            easy: left.easy == nil && right.easy == nil ? nil : (left.easy ?? left.ja) + (right.easy ?? right.ja))
    }

    static func + (left: Words, right: String) -> Words { left + Words(verbatim: right) }
}

extension Member {
    /// What the citizen knows the service by: in the language asked for, else in the one there is.
    var words: Words {
        let ja = displayName["ja"] ?? displayName["en"] ?? id.text
        return Words(ja, displayName["en"] ?? ja)
    }
}

extension Configuration {
    /// What a citizen is told that it is for: the operator's words, else ours for the purposes of the sample rules, else the code itself.
    func words(for purpose: Purpose) -> Words {
        guard let words = purposes.words[purpose], let ja = words["ja"] else { return PurposeWords.of(purpose) }
        return Words(ja, words["en"] ?? purpose.text, easy: words["ja-easy"])
    }
}
