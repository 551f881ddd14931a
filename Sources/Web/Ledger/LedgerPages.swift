import SignOn
import TrustFramework
import Vocabulary

/// Who was told what, for the one it is about.
enum LedgerPages {
    /// The names of the form's fields.
    static let mark = "form"
    static let service = "service"
    static let purpose = "for"

    struct Page: Sendable {
        let consents: [Consent]
        let entries: [LedgerEntry]
        /// Members that this login was told to.
        let told: [Participation]
        /// The moment before which there is more.
        let earlier: Timestamp?
        let mark: String
    }

    static func login() -> Markup {
        LargePages.document("伝えた記録", "What was told of you") { page in
            page.both(
                "あなたについて、いつ・どのサービスに・何を伝えたかを見るには、カードまたはスマートフォンの電子証明書でログインしてください。",
                "To see what was told of you, to whom and when, log in with your card or with the certificate on your phone.")
            page.button(to: "/ledger/login", [], "ログインする", "Log in")
        }
    }

    static func list(_ list: Page, _ member: (MemberID) -> Member?) -> Markup {
        LargePages.document("伝えた記録", "What was told of you") { page in
            page.raw("<h2>同意していること <span lang=\"en\">What you agreed to</span></h2>")
            if list.consents.isEmpty { page.both("いまは何もありません。", "Nothing at present.") }
            for consent in list.consents { self.consent(consent, member(consent.member), list.mark, &page) }
            page.raw("<h2>伝えたこと <span lang=\"en\">What was told</span></h2>")
            if list.entries.isEmpty { page.both("記録はありません。", "There is no entry.") }
            for entry in list.entries { self.entry(entry, member(entry.member), &page) }
            if let earlier = list.earlier {
                page.element("<p><a href=\"", "/ledger?before=" + String(earlier.milliseconds), "\">")
                page.raw("これより前の記録 <span lang=\"en\">Earlier entries</span></a></p>")
            }
            page.raw("<h2>いまのログインを使っているサービス <span lang=\"en\">Services that use this login</span></h2>")
            if list.told.isEmpty { page.both("ありません。", "None.") }
            page.raw("<ul>")
            for participation in list.told {
                page.element("<li>", name(member(participation.member), participation.member), "")
                page.element(" <span lang=\"en\">since</span> ", participation.joinedAt.text, "</li>")
            }
            page.raw("</ul><p><a href=\"/identity\">提示した署名用電子証明書 <span lang=\"en\">Signature certificates you showed</span></a></p>")
            page.raw("<p><a href=\"/\">最初のページ <span lang=\"en\">First page</span></a></p>")
        }
    }

    private static func consent(_ consent: Consent, _ member: Member?, _ mark: String, _ page: inout Markup) {
        page.element("<section><p><strong>", name(member, consent.member), "</strong></p><dl>")
        page.element("<dt>目的 <span lang=\"en\">Purpose</span></dt><dd>", consent.purpose.text, "</dd>")
        page.raw("<dt>伝えてよいこと <span lang=\"en\">May be told</span></dt><dd>")
        words(consent.given.map(\.rawValue), &page)
        page.raw("</dd>")
        if !consent.declined.isEmpty {
            page.raw("<dt>伝えないこと <span lang=\"en\">Left out by you</span></dt><dd>")
            words(consent.declined.map(\.rawValue), &page)
            page.raw("</dd>")
        }
        page.element("<dt>同意した時刻 <span lang=\"en\">Agreed at</span></dt><dd>", consent.at.text, "</dd></dl>")
        page.button(
            to: "/ledger/withdraw", [(self.mark, mark), (service, consent.member.text), (purpose, consent.purpose.text)],
            "同意を取り消す", "Take it back")
        page.raw("</section><hr>")
    }

    private static func entry(_ entry: LedgerEntry, _ member: Member?, _ page: inout Markup) {
        page.element("<section><p><strong>", entry.at.text, "</strong> ")
        page.element("", name(member, entry.member), "</p><dl>")
        page.raw("<dt>伝えた内容 <span lang=\"en\">What was told</span></dt><dd>")
        if entry.told.isEmpty {
            page.raw("このサービス専用のあなたの番号 <span lang=\"en\">an identifier of you made for this service alone</span>")
        }
        words(entry.told, &page)
        page.element("</dd><dt>目的 <span lang=\"en\">Purpose</span></dt><dd>", entry.purpose.text, "</dd>")
        page.element("<dt>規則 <span lang=\"en\">Rules</span></dt><dd>", entry.rules.joined(separator: ", "), "</dd>")
        page.element("<dt>根拠 <span lang=\"en\">Basis</span></dt><dd>", entry.bases.joined(separator: " / "), "</dd>")
        page.element("<dt>方法 <span lang=\"en\">How</span></dt><dd>", entry.protocolName + ", " + entry.path.rawValue, "</dd>")
        if let consented = entry.consentedAt {
            page.element("<dt>あなたの同意 <span lang=\"en\">Your consent</span></dt><dd>", consented.text, "</dd>")
        }
        page.element("<dt>記録番号 <span lang=\"en\">Entry</span></dt><dd><code>", entry.reference.text, "</code></dd></dl></section><hr>")
    }

    /// By the names of attributes; what is none of ours, the identifiers of SAML, is shown as it is.
    private static func words(_ names: [String], _ page: inout Markup) {
        page.raw("<ul>")
        for name in names.sorted() {
            guard let words = AttributeSource(rawValue: name)?.words else {
                page.element("<li><code>", name, "</code></li>")
                continue
            }
            page.element("<li>", words.ja, "")
            page.element(" <span lang=\"en\">", words.en, "</span></li>")
        }
        page.raw("</ul>")
    }

    private static func name(_ member: Member?, _ id: MemberID) -> String {
        guard let member else { return id.text }
        let names = [member.displayName["ja"], member.displayName["en"]].compactMap { $0 }
        return names.isEmpty ? id.text : names.joined(separator: " / ")
    }
}
