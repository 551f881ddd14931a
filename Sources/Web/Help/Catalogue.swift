/// One code that a page, a response or a log can show, for whoever looks it up.
package struct CatalogueEntry: Sendable {
    /// As in `Explanation.code`. One `*` stands for a part that the occasion decides: the name of a parameter, an HTTP status.
    package let code: String
    /// As in the explanation, with `…` for values.
    package let summary: String
    package let clause: String
    package let remedy: String
    package let japanese: String

    init(_ code: String, _ summary: String, clause: String, remedy: String, japanese: String) {
        self.code = code
        self.summary = summary
        self.clause = clause
        self.remedy = remedy
        self.japanese = japanese
    }

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
