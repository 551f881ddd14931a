import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// Exactly what would be sent, with its values, in Japanese and English, complete without JavaScript.
enum ConsentPages {
    /// The names of the form's fields.
    static let decision = "decision"
    static let mark = "form"
    static let told = "tell"
    static let yes = "give"
    static let no = "refuse"

    static func ask(_ need: ConsentNeed, _ id: TransactionID, mark: String, about: ClientPresentation?) -> Markup {
        LargePages.document("この内容を伝えますか", "May this be sent?") { page in
            member(need.member, need.purpose, &page)
            if let about { Pages.links(about, &page) }
            why(need, &page)
            page.element("<form method=\"post\" action=\"", "/journey/" + id.text + "/consent", "\">")
            page.element("<input type=\"hidden\" name=\"form\" value=\"", mark, "\">")
            page.raw("<h2>伝わる内容 <span lang=\"en\">What would be sent</span></h2><ul>")
            page.raw("<li>このサービス専用のあなたの番号 <span lang=\"en\">an identifier of you made for this service alone</span></li>")
            for attribute in need.released { item(attribute, need, &page) }
            page.raw("</ul>")
            if !need.optional.isEmpty {
                page.both(
                    "チェックを外した項目は伝わりません。", "What you leave unticked is not sent.")
            }
            page.both(
                "同じ目的で同じ内容を伝えるときは、次からはお聞きしません。いつでも「伝えた記録」のページで取り消せます。すでに伝わったことは取り消せません。",
                "For the same purpose and the same contents you will not be asked again. You can take this back at any time on the page of what was told. What a service was told already cannot be taken back."
            )
            page.raw(
                "<p><button type=\"submit\" name=\"decision\" value=\"give\">同意して伝える<br><span lang=\"en\">I agree, send it</span></button></p>"
            )
            page.raw(
                "<p><button type=\"submit\" name=\"decision\" value=\"refuse\">伝えない（やめる）<br><span lang=\"en\">Do not send it, stop</span></button></p>"
            )
            page.raw("</form>")
        }
    }

    private static func item(_ attribute: ReleasedAttribute, _ need: ConsentNeed, _ page: inout Markup) {
        let words = attribute.source.words
        page.raw("<li>")
        let isOptional = need.optional.contains(attribute.source)
        if isOptional { page.element("<label><input type=\"checkbox\" name=\"tell\" checked value=\"", attribute.source.rawValue, "\"> ") }
        page.element("", words.ja, "")
        page.element(" <span lang=\"en\">", words.en, "</span>")
        page.element(": <strong><bdi>", attribute.text, "</bdi></strong>")
        if isOptional { page.raw("</label>") }
        if let original = need.derived[attribute.source] {
            page.element("<br>（", original.words.ja, "の代わりに、これだけを伝えます。")
            page.element(" <span lang=\"en\">Only this, in place of your ", original.words.en, ".</span>）")
        }
        page.raw("</li>")
    }

    static func member(_ member: Member, _ purpose: Purpose, _ page: inout Markup) {
        page.raw("<dl><dt>伝える相手 <span lang=\"en\">Who would be told</span></dt>")
        page.element("<dd><strong>", member.displayName["ja"] ?? member.id.text, "</strong><br>")
        page.element("<span lang=\"en\">", member.displayName["en"] ?? member.id.text, "</span></dd>")
        page.raw("<dt>目的 <span lang=\"en\">Purpose</span></dt>")
        page.element("<dd>", purpose.text, "</dd></dl>")
    }

    /// In the words of the rules themselves, and what they stand on.
    private static func why(_ need: ConsentNeed, _ page: inout Markup) {
        page.raw("<h2>理由 <span lang=\"en\">Why</span></h2><ul>")
        RuleWords.items(need.says, &page)
        for basis in need.bases { page.element("<li>根拠 <span lang=\"en\">Basis</span>: ", basis, "</li>") }
        page.raw("</ul>")
    }
}

/// What rules say of themselves, for those whom they are about.
enum RuleWords {
    static func items(_ says: [[String: String]], _ page: inout Markup) {
        for sentence in says {
            page.raw("<li>")
            if let japanese = sentence["ja"] { page.element("", japanese, "") }
            if let english = sentence["en"] { page.element(" <span lang=\"en\">", english, "</span>") }
            page.raw("</li>")
        }
    }

    /// Sentences by language tag, the same number in each.
    static func paragraphs(_ words: [String: [String]], _ page: inout Markup) {
        for sentence in words["ja"] ?? [] { page.element("<p>", sentence, "</p>") }
        for sentence in words["en"] ?? [] { page.element("<p lang=\"en\">", sentence, "</p>") }
    }
}
