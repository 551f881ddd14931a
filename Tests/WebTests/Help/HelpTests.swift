import Testing
import Vocabulary
import Web

/// `/help/CODE`: what a code means, in both languages, for the developer whose user was shown it.
@Suite struct `The page of a code` {
    @Test(arguments: ["saml.request.destination", "card.status.revoked", "http.404", "openid.request.nonce-missing"])
    func `says what it means in Japanese and English, the clause and the remedy`(code: String) throws {
        let entry = try #require(Catalogue.entry(code))
        #expect(!entry.summary.isEmpty && !entry.clause.isEmpty && !entry.remedy.isEmpty)
        #expect(entry.japanese.unicodeScalars.contains { (0x3040...0x9fff).contains($0.value) }, "\(entry.japanese)")
    }

    @Test func `every entry has a Japanese line of its own`() {
        let without = Catalogue.entries.filter { entry in !entry.japanese.unicodeScalars.contains { (0x3040...0x9fff).contains($0.value) } }
        #expect(without.isEmpty, "\(without.map(\.code))")
        #expect(!Catalogue.entries.contains { $0.japanese.contains("英語だけ") }, "translate what was added")
    }

    @Test(arguments: ["saml.encryption.cipher", "saml.encryption.key", "saml.name.cipher"])
    func `names the same settings in both languages`(code: String) throws {
        func settings(_ text: String) -> [String] {
            let parts = text.split(separator: "`", omittingEmptySubsequences: false)
            return parts.indices.filter { !$0.isMultiple(of: 2) }.map { String(parts[$0]) }
        }
        let entry = try #require(Catalogue.entry(code))
        let named = settings(entry.remedy)
        #expect(settings(entry.mend ?? "") == named)
        #expect(!named.isEmpty && named.allSatisfy { $0.hasPrefix("ciphers: ") || $0.hasPrefix("encrypt: ") }, "\(named)")
    }

    @Test(arguments: ["", "saml", "saml.nothing.such", "http.", "<script>", "saml.request.destination "])
    func `knows no other code`(code: String) { #expect(Catalogue.entry(code) == nil) }

    @Test func `finds what was meant`() {
        #expect(Catalogue.near("request destination").first?.code == "saml.request.destination")
        #expect(Catalogue.near("?").isEmpty)
        #expect(Catalogue.near(String(repeating: "a ", count: 10_000)).count <= 12)
    }

    @Test func `is linked from the page that refuses`() async throws {
        let browser = Browser(try await House.ordinary())
        let refused = try await browser.get("/openid/authorize?client_id=x")
        let code = try #require(refused.code)
        #expect(refused.text.contains("<a href=\"/help/\(code)\">"))
        let page = try await browser.get("/help/" + code)
        #expect(page.status == 200)
        let entry = try #require(Catalogue.entry(code))
        #expect(page.text.contains(entry.japanese) && page.text.contains("<p lang=\"en\">"))
        #expect(try await browser.get("/help/codes").text.contains("/help/saml.request.destination"))
    }

    @Test func `has a part for whoever uses a card only where there is more to say of the card`() async throws {
        let browser = Browser(try await House.ordinary())
        let part = "マイナンバーカードをお使いの方へ"
        for code in ["card.status.revoked", "card.api.malformed", "signon.presence.first-link"] {
            #expect(try await browser.get("/help/" + code).text.contains(part), "\(code)")
        }
        for code in ["signon.certificate.blocked", "signon.cancelled", "card.app.unknown"] {
            let page = try await browser.get("/help/" + code)
            #expect(page.status == 200 && !page.text.contains(part), "\(code)")
            #expect(!page.text.contains("カードを確認できませんでした"), "\(code)")
        }
    }

    @Test(arguments: ["/help/saml.nothing", "/help/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "/help/%ff"])
    func `is a page of ours for what is no code`(path: String) async throws {
        let answer = try await Browser(try await House.ordinary()).get(path)
        #expect(answer.status == 404)
        #expect(!answer.text.contains("<script>"))
    }
}
