package import TrustFramework

/// `purposes:` of sekisho.yaml: what a citizen reads where rules and members have a code. A purpose without words is shown by its code.
package struct PurposesPart: Hashable, Sendable {
    /// By language tag: `ja`, `en`, `ja-easy`.
    package let words: [Purpose: [String: String]]

    package init(words: [Purpose: [String: String]] = [:]) { self.words = words }

    static func read(_ section: Section?) -> PurposesPart {
        guard let section else { return PurposesPart() }
        var words: [Purpose: [String: String]] = [:]
        for key in section.keys {
            guard let inner = section.section(key) else { continue }
            var texts: [String: String] = [:]
            for language in ["ja", "en", "ja-easy"] { texts[language] = inner.text(language, required: language == "ja", limit: 200) }
            inner.finish()
            guard let purpose = Purpose(key) else {
                _ = PurposeWord.refuse(key, section.line(of: key), section)
                continue
            }
            words[purpose] = texts
        }
        section.finish()
        return PurposesPart(words: words)
    }
}
