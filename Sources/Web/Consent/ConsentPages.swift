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
        Pages.document(Words("次の内容をサービスに伝えますか", "May this be sent to the service?", easy: "サービスに 伝えて いいですか")) { page in
            page.facts([
                (Words("伝える相手", "Sent to", easy: "だれに"), .words(need.member.words)),
                (Words("利用目的", "Purpose", easy: "何の ため"), .words(purpose)),
            ])
            if let about { Pages.links(about, &page) }
            why(need, &page)
            page.form(to: "/journey/" + id.text + "/consent", fields: [(Self.mark, mark)]) { page in
                page.heading(2, Words("伝える内容", "What will be sent", easy: "伝える こと"))
                page.raw("<ul><li>")
                page.words(isShared ? TellingWords.sharedIdentifier : TellingWords.identifier)
                page.raw("</li>")
                for attribute in need.released { item(attribute, need, &page) }
                page.raw("</ul>")
                if !need.optional.isEmpty {
                    page.paragraph(
                        Words("チェックを外した項目は伝えません。", "Items you untick are not sent.", easy: "チェックが ない ものは 伝えません。"))
                }
                page.paragraph(
                    Words(
                        "同じ利用目的で同じ内容を伝えるときは、次回から確認を省略します。同意は、「あなたのページ」の「同意」でいつでも取り消せます。すでに伝えた内容は取り消せません。",
                        "You will not be asked again for the same purpose and the same items. You can withdraw your consent at any time under “Your consents” on your page. What has already been sent cannot be taken back.",
                        easy: "つぎからは 聞きません。あとで やめる ことも できます。「あなたの ページ」で やめてください。もう 伝えた ことは 消せません。"))
                page.raw("<div class=\"row\">")
                page.submit(Words("同意して伝える", "I consent: send it", easy: "はい、伝えます"), name: decision, value: yes)
                page.submit(Words("同意しない（やめる）", "I do not consent: stop", easy: "いいえ、伝えません"), kind: .plain, name: decision, value: no)
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
        page.raw(": <strong>")
        page.cell(attribute.cell)
        page.raw("</strong>")
        if isOptional { page.raw("</label>") }
        if let original = need.derived[attribute.source] {
            page.raw("<br>")
            page.words(
                Words(
                    "（" + original.phrase.ja + "そのものは伝えず、この内容だけを伝えます。）", "(Only this is sent, not your " + original.phrase.en + ".)",
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
            page.words(Words("根拠となる法令など：", "Legal basis: ", easy: "法律など："))
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
