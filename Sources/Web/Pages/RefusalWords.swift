import Vocabulary

/// A refusal on a page, for the person before it. What is wrong with a service's request is not the citizen's to mend, and is said in the
/// words of standards to its developer only, further down.
enum RefusalWords {
    static func of(_ explanation: Explanation) -> Words {
        guard let entry = Catalogue.entry(explanation.code) else { return ofService }
        if entry.easy == nil, isOfService(explanation.code) { return ofService }
        return words(entry, explanation.code, explanation.summary)
    }

    /// Where there is no more than the code: nil for what the catalogue does not say in a citizen's words.
    static func known(_ code: String) -> Words? {
        guard let entry = Catalogue.entry(code), entry.easy != nil else { return nil }
        return words(entry, code, entry.summary)
    }

    private static func words(_ entry: CatalogueEntry, _ code: String, _ summary: String) -> Words {
        let advice = mendedHere.contains(where: code.hasPrefix) ? entry.mend.map { $0 + "。" } ?? "" : ""
        return Words(
            entry.japanese + "。" + advice, sentence(summary), easy: entry.easy ?? "いまは できません。サービスか 窓口に 聞いてください。")
    }

    /// Codes whose advice is to the person before the page, not to the service.
    private static let mendedHere = [
        "card.", "console.", "http.", "identity.other", "journey.", "link.", "logout.unknown", "openid.awaited.gone",
        "openid.awaited.decided", "openid.device.", "openid.pushed.finished", "platform.", "session.", "signon.certificate.blocked",
        "signon.presence", "signon.status", "signon.step-up",
    ]

    /// Codes about what a member sent, is or has registered.
    private static func isOfService(_ code: String) -> Bool {
        ["saml.", "soap.", "xml.", "jose.", "openid.", "policy.", "member.", "federation.", "signon.identifier", "signon.passive"]
            .contains(where: code.hasPrefix)
    }

    private static let ofService = Words(
        "サービスからのログインの依頼に問題があるため、ログインを進められません。あなたの操作に問題はありません。サービスの窓口にお問い合わせください。",
        "There is a problem with the request of the service, so we cannot go on. This is nothing you did. Please contact the service.",
        easy: "サービスに 問題が あります。あなたは わるくありません。サービスに 聞いてください。")

    /// Explanations begin in lower case and have no full stop.
    private static func sentence(_ text: String) -> String {
        guard let first = text.first else { return text }
        return first.uppercased() + text.dropFirst() + "."
    }
}
