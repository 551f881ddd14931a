import Credentials
import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// The pages of the journey, complete without JavaScript.
enum Pages {
    /// The least page there is: it carries a message, and most browsers never show it.
    private static func carrier(room: Int, _ build: (inout Markup) -> Void) -> Markup {
        var page = Markup(capacity: room + 1_024)
        page.sheet = .carrier
        page.element("<!DOCTYPE html><html lang=\"", page.language.tag, "\"><head><meta charset=\"utf-8\">")
        page.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        page.raw(Style.carrier)
        page.raw("<title>関所 Sekisho</title></head><body><main><h1>関所 Sekisho</h1>")
        build(&page)
        page.script(.sendOnce)
        page.script(.submitForm)
        page.raw("</main></body></html>")
        return page
    }

    /// Carries a SAML message to the service; with a button for browsers without JavaScript (SAML Bindings §3.5.4).
    static func post(to destination: String, _ message: (name: String, bytes: [UInt8]), _ fields: [(String, String)]) -> Markup {
        carrier(room: message.bytes.count / 3 * 4) { page in
            form(to: destination, fields, &page) { page in
                page.element("<input type=\"hidden\" name=\"", message.name, "\" value=\"")
                page.base64(message.bytes)
                page.raw("\">")
            }
        }
    }

    /// The same with fields of text only.
    static func post(to destination: String, _ fields: [(String, String)]) -> Markup {
        carrier(room: fields.reduce(0) { $0 + $1.1.utf8.count }) { page in
            form(to: destination, fields, &page) { _ in }
        }
    }

    private static func form(
        to destination: String, _ fields: [(String, String)], _ page: inout Markup, _ first: (inout Markup) -> Void
    ) {
        page.element("<form method=\"post\" action=\"", destination, "\">")
        first(&page)
        for (name, value) in fields {
            page.element("<input type=\"hidden\" name=\"", name, "\"")
            page.element(" value=\"", value, "\">")
        }
        page.raw("<button type=\"submit\">")
        page.words(toService)
        page.raw("</button></form>")
    }

    private static let toService = Words("サービスへ進む", "Continue to the service", easy: "サービスへ")

    /// Where the service tells about itself (OpenID Connect Dynamic Client Registration §2): links, nothing is fetched for the citizen. The logo
    /// is one too: a picture from elsewhere would tell its owner who logs in.
    static func links(_ about: ClientPresentation, _ page: inout Markup) {
        let links: [(String?, Words)] = [
            (about.home, Words("サービスのページ", "The service's page", easy: "サービスの ページ")),
            (about.policy, Words("個人情報の取扱い", "Privacy policy", easy: "あなたの ことを どう 使うか")),
            (about.terms, Words("利用規約", "Terms of use", easy: "使う ときの きまり")), (about.logo, Words("ロゴ", "The service's logo", easy: "ロゴ")),
        ]
        let given = links.compactMap { address, words in address.map { ($0, words) } }
        page.list(given) { link, page in page.link(link.0, link.1, away: true) }
    }

    /// `words`: what the rules themselves say to the citizen, by language tag; without them the dictionary's.
    static func refusal(_ explanation: Explanation, words: [String: [String]] = [:]) -> Markup {
        document(Words("ログインを進められません", "We cannot continue", easy: "進めません")) { page in
            page.note { page in
                if !words.isEmpty {
                    RuleWords.paragraphs(words, &page)
                } else if explanation.code.hasPrefix("card.") {
                    page.paragraph(CardTrouble.words(explanation.code))
                } else {
                    page.paragraph(RefusalWords.of(explanation))
                }
            }
            page.paragraph(
                Words(
                    "あなたの情報は、サービスに何も伝えていません。ご利用になるサービスの画面から、もう一度始められます。",
                    "Nothing about you was sent to anybody. You can start again from the service you want to use.",
                    easy: "何も 伝えていません。サービスの 画面から もう一回 始められます。"))
            forDevelopers(explanation, &page)
        }
    }

    /// The same fault with its values, in the words of the standards.
    static func forDevelopers(_ explanation: Explanation, _ page: inout Markup) {
        page.details(Words("サービスの開発者の方へ", "For the developer of the service", easy: "サービスを 作る 人へ")) { page in
            if page.language != .english, let entry = Catalogue.entry(explanation.code) {
                page.paragraph(entry.meaning)
                page.paragraph(entry.advice)
            }
            page.raw("<dl lang=\"en\">")
            page.element("<dt>code</dt><dd><code>", explanation.code, "</code> ")
            page.link("/help/" + explanation.code, Words("説明", "What it means", easy: "意味"))
            page.element("</dd><dt>summary</dt><dd>", explanation.summary, "</dd>")
            for compared in explanation.compared {
                page.element("<dt>", compared.name, "</dt>")
                page.element("<dd><code>", compared.value, "</code></dd>")
            }
            page.element("<dt>clause</dt><dd>", explanation.clause, "</dd>")
            page.element("<dt>remedy</dt><dd>", explanation.remedy, "</dd></dl>")
        }
    }
}
