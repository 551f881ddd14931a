import Testing
import TrustFramework
import Vocabulary

/// What a citizen is shown, in every language, after somebody has used everything once.
@Suite struct `No machine's word on a citizen's page` {
    static let pages = [
        "/", "/me", "/me/sessions", "/me/services", "/me/told", "/me/consents", "/me/cards", "/me/links", "/me/lost", "/ledger", "/approve",
        "/identity",
        "/session", "/help", "/services", "/device", "/tv", "/language", "/no-such-page",
    ]

    /// Attributes, modes, paths, protocols, purposes and values as machines write them.
    static let raw: [String] =
        AttributeSource.allCases.map(\.rawValue).filter { $0.contains("-") }
        + IssuancePath.allCases.map(\.rawValue).filter { $0.contains("-") || $0 == "userinfo" }
        + ["identity-check", "urn:", "openid", "saml", "card-pin", ">true<", ">false<", "presence", "signon.", "token.", "own-page"]

    /// The words of the main part: markup, addresses and what stands in fields are for machines.
    static func shown(_ page: Answer) -> String {
        let whole = page.text.components(splitBy: "<main").last?.components(splitBy: "</main>").first ?? ""
        // The ledger names the rules in its details (R18), beside their words.
        let main = whole.components(splitBy: "<details>").map { $0.components(splitBy: "</details>").last ?? "" }.joined(separator: " ")
        var shown = ""
        var inTag = false
        for letter in main {
            if letter == "<" { inTag = true }
            if !inTag { shown.append(letter) }
            if letter == ">" {
                inTag = false
                shown += "\n"
            }
        }
        return shown
    }

    @Test(arguments: ["ja", "en", "ja-easy"])
    func `after a login, a consent and what follows from them`(language: String) async throws {
        let home = try await CitizenHome()
        let browser = Browser(home.house)
        let journey = try await browser.begin(OpenIDQuestion(Parties.bank).path)
        _ = try await browser.login("misaki", at: journey)
        _ = try await Duty.agree(browser, journey)
        _ = try await browser.get("/?lang=" + language)
        var seen = 0
        for path in Self.pages {
            let page = try await browser.get(path)
            guard page.status != 303 else { continue }
            seen += 1
            let text = Self.shown(page)
            #expect(text.contains { $0.isLetter }, "\(path)")
            let isReadAloudTwice = page.text.firstMatch(of: /(="[^"]*|<title>[^<]*|<option[^>]*>[^<]*)<ruby/) != nil
            #expect(!isReadAloudTwice, "\(path): a reading where no element may stand")
            let found = Self.raw.filter { text.has($0) }
            #expect(found.isEmpty, "\(path) in \(language): \(found)")
            #expect(text.firstMatch(of: /\d{4}-\d{2}-\d{2}T/) == nil, "\(path): a moment as machines write it")
        }
        #expect(seen >= Self.pages.count - 2)
        #expect(
            Self.shown(try await browser.get("/me/told")).has(["ja": "本人確認", "en": "Proof of identity", "ja-easy": "だれか"][language] ?? "?"))
    }

    @Test func `a refusal that is the service's fault does not trouble the citizen with its terms`() async throws {
        let browser = Browser(try await House.ordinary())
        let page = try await browser.get("/openid/authorize?client_id=x")
        let first = page.text.components(splitBy: "<details>").first ?? ""
        #expect(first.has("サービスからのログインの依頼に問題がある"))
        #expect(!first.has("client_id") && page.text.has("client_id"), "its developer reads it further down")
    }
}
