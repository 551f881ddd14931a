import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// Exactly what would be sent, with its values, complete without JavaScript.
enum ConsentPages {
    /// The names of the form's fields.
    static let decision = "decision"
    static let mark = "form"
    static let told = "tell"
    static let yes = "give"
    static let no = "refuse"

    /// `isShared`: the service is told the identifier that several services have, not one of its own.
    static func ask(
        _ need: ConsentNeed, _ id: TransactionID, mark: String, about: ClientPresentation?, purpose: Words, isShared: Bool = false,
        ends: Timestamp?,
        at now: Timestamp
    ) -> Markup {
        Pages.document(Words("この内容を伝えますか", "May this be sent?", easy: "伝えて いいですか")) { page in
            page.facts([
                (Words("伝える相手", "Who would be told", easy: "だれに"), .words(need.member.words)),
                (Words("目的", "Purpose", easy: "なんのため"), .words(purpose)),
            ])
            if let about { Pages.links(about, &page) }
            why(need, &page)
            page.form(to: "/journey/" + id.text + "/consent", fields: [(Self.mark, mark)]) { page in
                page.heading(2, Words("伝わる内容", "What would be sent", easy: "伝える こと"))
                page.raw("<ul><li>")
                page.words(isShared ? TellingWords.sharedIdentifier : TellingWords.identifier)
                page.raw("</li>")
                for attribute in need.released { item(attribute, need, &page) }
                page.raw("</ul>")
                if !need.optional.isEmpty {
                    page.paragraph(
                        Words("チェックを外した項目は伝わりません。", "What you leave unticked is not sent.", easy: "チェックが ない ものは 伝えません。"))
                }
                page.paragraph(
                    Words(
                        "同じ目的で同じ内容を伝えるときは、次からはお聞きしません。いつでも「伝えた記録」のページで取り消せます。すでに伝わったことは取り消せません。",
                        "For the same purpose and the same contents you will not be asked again. You can take this back at any time on the page of what was told. What a service was told already cannot be taken back.",
                        easy: "つぎからは 聞きません。「伝えた記録」で やめられます。もう 伝えた ことは 消せません。"))
                page.raw("<div class=\"row\">")
                page.submit(Words("同意して伝える", "I agree, send it", easy: "はい、伝えます"), name: decision, value: yes)
                page.submit(Words("伝えない（やめる）", "Do not send it, stop", easy: "いいえ、伝えません"), kind: .plain, name: decision, value: no)
                page.raw("</div>")
            }
            if let ends { page.sessionEnds(ends, at: now) }
        }
    }

    private static func item(_ attribute: ReleasedAttribute, _ need: ConsentNeed, _ page: inout Markup) {
        page.raw("<li>")
        let isOptional = need.optional.contains(attribute.source)
        if isOptional {
            page.element(
                "<label class=\"choice\"><input type=\"checkbox\" name=\"tell\" checked value=\"", attribute.source.rawValue, "\">")
        }
        page.words(attribute.source.phrase)
        page.element(": <strong><bdi>", attribute.text, "</bdi></strong>")
        if isOptional { page.raw("</label>") }
        if let original = need.derived[attribute.source] {
            page.raw("<br>")
            page.words(
                Words(
                    "（" + original.phrase.ja + "の代わりに、これだけを伝えます。）", "(Only this, in place of your " + original.phrase.en + ".)",
                    easy: "（" + original.phrase(.easy) + "は 伝えません。これだけ 伝えます。）"))
        }
        page.raw("</li>")
    }

    /// In the words of the rules themselves, and what they stand on.
    private static func why(_ need: ConsentNeed, _ page: inout Markup) {
        page.heading(2, Words("理由", "Why", easy: "どうして"))
        page.raw("<ul>")
        RuleWords.items(need.says, &page)
        for basis in need.bases {
            page.raw("<li>")
            page.words(Words("根拠: ", "Basis: "))
            page.element("", basis, "</li>")
        }
        page.raw("</ul>")
    }
}

/// What rules say of themselves, for those whom they are about.
enum RuleWords {
    /// By language tag; what is said in one language only is said in that one.
    static func words(_ sentence: [String: String]) -> Words {
        let any = sentence["ja"] ?? sentence["en"] ?? sentence.min { $0.key < $1.key }?.value ?? ""
        return Words(sentence["ja"] ?? any, sentence["en"] ?? any, easy: sentence["ja-easy"])
    }

    static func items(_ says: [[String: String]], _ page: inout Markup) {
        for sentence in says {
            page.raw("<li>")
            page.words(words(sentence))
            page.raw("</li>")
        }
    }

    /// Sentences by language tag, the same number in each.
    static func paragraphs(_ words: [String: [String]], _ page: inout Markup) {
        let wanted = page.language == .english ? ["en", "ja"] : page.language == .easy ? ["ja-easy", "ja", "en"] : ["ja", "en"]
        guard let tag = wanted.first(where: { words[$0]?.isEmpty == false }) else { return }
        for sentence in words[tag] ?? [] {
            page.paragraph { $0.foreign(sentence, tag == "en" ? "en" : "ja") }
        }
    }
}
