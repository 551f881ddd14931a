/// One code that a page, a response or a log can show, for whoever looks it up.
package struct CatalogueEntry: Sendable {
    /// As in `Explanation.code`. One `*` stands for a part that the occasion decides: the name of a parameter, an HTTP status.
    package let code: String
    /// As in the explanation, with `…` for values.
    package let summary: String
    package let clause: String
    package let remedy: String
    /// What it means, in Japanese, without the last full stop. Where a citizen can be shown it, it says so in a citizen's words.
    package let japanese: String
    /// What to do about it, in Japanese (公用文: 「…してください」), without the last full stop. No entry does without (`WordsTests`).
    package let mend: String?
    /// Both in easy Japanese, where a citizen can be shown it.
    package let easy: String?

    init(
        _ code: String, _ summary: String, clause: String, remedy: String, japanese: String, mend: String? = nil, easy: String? = nil
    ) {
        self.code = code
        self.summary = summary
        self.clause = clause
        self.remedy = remedy
        self.japanese = japanese
        self.mend = mend
        self.easy = easy
    }

    /// What it means, for a page.
    var meaning: Words { Words(japanese + "。", summary, easy: easy) }

    /// What to do about it. In easy Japanese the meaning says that as well.
    var advice: Words { mend.map { Words($0 + "。", remedy, easy: easy) } ?? Words(verbatim: remedy) }

    fileprivate func covers(_ code: String) -> Bool {
        let parts = self.code.split(separator: "*", omittingEmptySubsequences: false)
        guard parts.count == 2, let start = parts.first, let end = parts.last else { return false }
        return code.hasPrefix(start) && code.hasSuffix(end) && code.utf8.count > start.utf8.count + end.utf8.count
    }
}

/// Every code of the product. `HouseTests` compares it with the sources, both ways.
package enum Catalogue {
    package static let entries: [CatalogueEntry] =
        card + signOn + openID + saml + samlMessages + samlMetadata + xml + openIDJOSE
        + openIDTokens + openIDResource + openIDGrants + openIDClients + openIDAuthorize + openIDRegistration + obligations
        + signatureCertificates
        + userInfoRules
        + pages
        + administrators
        + citizen
        + links
        + sandbox
        + signals

    private static let byCode: [String: CatalogueEntry] = Dictionary(entries.map { ($0.code, $0) }) { first, _ in first }

    package static func entry(_ code: String) -> CatalogueEntry? {
        byCode[code] ?? entries.filter { $0.covers(code) }.max { $0.code.utf8.count < $1.code.utf8.count }
    }

    /// Codes that somebody may have meant: those that share a part with what was typed. At most `most`.
    package static func near(_ text: String, most: Int = 12) -> [CatalogueEntry] {
        let words = text.lowercased().split { !($0.isLetter || $0.isNumber) }.filter { $0.count > 2 }.prefix(8)
        guard !words.isEmpty else { return [] }
        let scored = entries.map { entry in (entry, words.count { entry.code.contains($0) || entry.summary.contains($0) }) }
        return scored.filter { $0.1 > 0 }.sorted { $0.1 > $1.1 }.prefix(most).map(\.0)
    }
}
