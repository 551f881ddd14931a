import Credentials
import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// The pages of the journey: Japanese and English side by side, complete without JavaScript.
enum Pages {
    enum Script { case submitForm }

    /// `form-action` is left out: browsers apply it to the redirects behind a form too, and the next hop is the service's (checklist S2).
    static let policy = "default-src 'none'; style-src 'sha256-\(styleDigest)'; base-uri 'none'; frame-ancestors 'none'"
    static let policyWithScript = policy + "; script-src 'sha256-\(scriptDigest)'"

    private static let style: StaticString =
        "<style>body{font:1.125rem/1.7 sans-serif;max-width:40rem;margin:2rem auto;padding:0 1rem}a,button{font-size:1.125rem}</style>"
    static let script: StaticString = "<script>document.forms[0].submit()</script>"
    // SHA-256 of the text between the tags above; `PageTests` computes them again.
    static let styleDigest = "xt9V1n4c3kO7uZE12U3HNH09S3LMijRDn3rUsFcyYxw="
    static let scriptDigest = "ePniVEkSivX/c7XWBGafqh8tSpiRrKiqYeqbG7N1TOE="

    /// `next`: where the page goes by itself after some seconds, without JavaScript.
    static func document(
        _ title: String, room: Int = 0, next: (seconds: Int, address: String)? = nil, _ build: (inout Markup) -> Void
    ) -> Markup {
        var page = Markup(capacity: room + 2_048)
        page.raw("<!DOCTYPE html><html lang=\"ja\"><head><meta charset=\"utf-8\">")
        page.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        if let next { page.element("<meta http-equiv=\"refresh\" content=\"", String(next.seconds) + ";url=" + next.address, "\">") }
        page.raw(style)
        page.element("<title>", title, "</title></head><body><main>")
        page.element("<h1>", title, "</h1>")
        build(&page)
        page.raw("</main></body></html>")
        return page
    }

    /// Carries a SAML message to the service; with a button for browsers without JavaScript (SAML Bindings §3.5.4).
    static func post(to destination: String, _ message: (name: String, bytes: [UInt8]), _ fields: [(String, String)]) -> Markup {
        document("関所 Sekisho", room: message.bytes.count / 3 * 4) { page in
            form(to: destination, fields, &page) { page in
                page.element("<input type=\"hidden\" name=\"", message.name, "\" value=\"")
                page.base64(message.bytes)
                page.raw("\">")
            }
        }
    }

    /// The same with fields of text only.
    static func post(to destination: String, _ fields: [(String, String)]) -> Markup {
        document("関所 Sekisho", room: fields.reduce(0) { $0 + $1.1.utf8.count }) { page in
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
        page.raw("<button type=\"submit\">サービスへ進む Continue to the service</button></form>")
        page.raw(script)
    }

    static func login(
        _ member: Member, need: Need, base: String, transaction: TransactionID, card: String?, details: [DetailsWords] = [],
        about: ClientPresentation? = nil
    ) -> Markup {
        document("マイナンバーカードでログイン Log in with your card") { page in
            page.element("<p><strong>", member.displayName["ja"] ?? member.id.text, "</strong>")
            page.element(" (", member.displayName["en"] ?? member.id.text, ")")
            page.raw(" がログインを求めています。 asks you to log in.</p>")
            if let about { links(about, &page) }
            Self.details(details, &page)
            StepUpWords.why(need, &page)
            switch need.weakestMode {
            case .pin: page.raw("<p>暗証番号（4けた）が必要です。 You will need your 4-digit PIN.</p>")
            case .face: page.raw("<p>窓口の端末で顔を確認します。 A staffed terminal will check your face.</p>")
            case .presence: page.raw("<p>カードをかざしてください。 Present your card.</p>")
            }
            if let card {
                page.element("<p><a href=\"", card, "\">このブラウザでカードを使う Use the card in this browser</a></p>")
            }
            page.element("<p>アプリ・端末用のアドレス For an app or a terminal: <code>", base + "/journey/" + transaction.text, "</code></p>")
            page.element("<form method=\"post\" action=\"", "/journey/" + transaction.text + "/cancel", "\">")
            page.raw("<button type=\"submit\">やめる Stop</button></form>")
            if need.samePerson != nil {
                page.raw("<form method=\"post\" action=\"/session/end\"><button type=\"submit\">")
                page.raw("別の人がログインする（いまのログインを終える） Someone else logs in (end this session)</button></form>")
            }
        }
    }

    /// Where the service tells about itself (OpenID Connect Dynamic Client Registration §2): links, nothing is fetched for the citizen. The logo
    /// is one too: a picture from elsewhere would tell its owner who logs in.
    static func links(_ about: ClientPresentation, _ page: inout Markup) {
        let links: [(String?, StaticString)] = [
            (about.home, "サービスのページ The service's page"), (about.policy, "個人情報の取扱い How it uses your data"),
            (about.terms, "利用規約 Terms of use"), (about.logo, "ロゴ The service's logo"),
        ]
        for case (let address?, let title) in links {
            page.element("<p><a rel=\"noreferrer\" href=\"", address, "\">")
            page.raw(title)
            page.raw("</a></p>")
        }
    }

    /// `words`: what the rules themselves say to the citizen, by language tag; without them the dictionary's.
    static func refusal(_ explanation: Explanation, words: [String: [String]] = [:]) -> Markup {
        document("進めません We cannot continue") { page in
            if words.isEmpty {
                if let japanese = Catalogue.entry(explanation.code)?.japanese { page.element("<p>", japanese, "</p>") }
            } else {
                RuleWords.paragraphs(words, &page)
            }
            page.element("<p>", explanation.summary, "</p>")
            page.raw("<p>サービスの開発者の方へ For the developer of the service:</p><dl>")
            page.element("<dt>code</dt><dd><code>", explanation.code, "</code>")
            page.element(" <a href=\"/help/", explanation.code, "\">説明 What it means</a></dd>")
            for compared in explanation.compared {
                page.element("<dt>", compared.name, "</dt>")
                page.element("<dd><code>", compared.value, "</code></dd>")
            }
            page.element("<dt>clause</dt><dd>", explanation.clause, "</dd>")
            page.element("<dt>remedy</dt><dd>", explanation.remedy, "</dd></dl>")
        }
    }

    /// `waiting`: requests of services that were put to this citizen.
    static func front(_ session: Session?, waiting: Int = 0) -> Markup {
        document("関所 Sekisho") { page in
            page.raw("<p>公的個人認証による共通ログイン。 One login with the Individual Number Card.</p>")
            if let session {
                page.element("<p>ログイン中 You are logged in since ", session.createdAt.text, "</p>")
                page.element("<p><a href=\"/approve\">承認待ち Requests that wait for you: ", String(waiting), "</a></p>")
                page.raw("<p><a href=\"/ledger\">伝えた記録と同意 What was told of you, and what you agreed to</a></p>")
                page.raw("<form method=\"post\" action=\"/session/end\"><button type=\"submit\">ログアウト Log out</button></form>")
                page.raw("<p>ログイン中のサービスからもログアウトします。 The services you use with this login are told.</p>")
                page.raw("<form method=\"post\" action=\"/session/end\"><button name=\"scope\" value=\"here\" type=\"submit\">")
                page.raw("ここだけログアウト Log out here only</button></form>")
            } else {
                page.raw("<p>ログインしていません。 You are not logged in.</p>")
            }
            page.raw("<p><a href=\"/services\">サービス Services</a></p>")
        }
    }
}
