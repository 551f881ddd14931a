import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What a citizen is told before he uses the signature certificate: that it is another one with another password, who asks and why, what
/// will be sent, how long it is kept, and that he need not.
enum SignaturePages {
    static func present(_ need: SignatureNeed, _ visit: Visit) -> Markup {
        let address = visit.settings.baseURL + "/journey/" + visit.transaction.id.text
        let door = "/journey/" + visit.transaction.id.text
        return Pages.document("署名用電子証明書の提示 Show your signature certificate") { page in
            page.element("<p><strong>", need.member.displayName["ja"] ?? need.member.id.text, "</strong>")
            page.element(" (", need.member.displayName["en"] ?? need.member.id.text, ")")
            page.raw(" が、あなたがどなたかの確認を求めています。 asks to be told who you are.</p>")
            told(need.attributes, &page)
            page.raw("<p>ログインに使う証明書とは別の、<strong>署名用電子証明書</strong>を使います。 This uses the <strong>signature certificate</strong>,")
            page.raw(" another one than the one you log in with.</p>")
            page.raw("<p>6〜16文字の<strong>署名用パスワード</strong>（英大文字と数字）が必要です。4けたの暗証番号ではありません。")
            page.raw("5回続けて間違えると使えなくなり、市区町村の窓口で再設定が必要です。<br>")
            page.raw("You need its <strong>password of 6 to 16 capital letters and digits</strong>, not the 4-digit PIN.")
            page.raw(" After five wrong tries it is blocked until you go to a municipal counter.</p>")
            page.raw("<p>カードは「この証明書をこのサービスにこの目的で示す」という文にだけ署名します。申込みや契約への署名ではありません。<br>")
            page.raw(
                "Your card signs one sentence: that you show this certificate to this service for this purpose. It signs no application")
            page.raw(" and no contract.</p>")
            kept(visit.settings.cards.identity.lifetime, &page)
            page.element("<p>アプリ・端末用のアドレス For an app or a terminal: <code>", address + "/identity", "</code></p>")
            page.element("<form method=\"get\" action=\"", door + "/continue", "\">")
            page.raw("<button type=\"submit\">カードを使いました。次へ I have used the card: next</button></form>")
            page.element("<form method=\"post\" action=\"", door + "/identity/refuse", "\">")
            page.raw("<button type=\"submit\">提示しない Do not show it</button></form>")
        }
    }

    private static func told(_ attributes: Set<AttributeSource>, _ page: inout Markup) {
        guard !attributes.isEmpty else {
            page.raw("<p>証明書があることだけが伝わり、内容は伝わりません。 The service learns that you showed it, and nothing it says.</p>")
            return
        }
        page.raw("<p>サービスに伝わること: What the service learns:</p><ul>")
        for source in AttributeSource.allCases where attributes.contains(source) {
            page.element("<li>", source.words.ja, "")
            page.element(" <span lang=\"en\">", source.words.en, "</span></li>")
        }
        page.raw("</ul>")
    }

    private static func kept(_ seconds: Int64, _ page: inout Markup) {
        let (count, ja, en) =
            seconds >= 2 * 86_400
            ? (seconds / 86_400, "日間", "days")
            : seconds >= 7200
                ? (seconds / 3600, "時間", "hours")
                : (max(1, seconds / 60), "分間", "minutes")
        page.element("<p>内容は、このサービスのこの目的のためだけに最長", String(count) + ja, "暗号化して保存し、その後削除します。")
        page.raw("いつでも「提示した証明書」のページで削除できます。<br>")
        page.element(
            "What it says is kept encrypted, for this service and this purpose only, for at most ", String(count) + " " + en,
            ", and can be deleted at any time on the <a href=\"/identity\">page of shown certificates</a>.</p>")
    }
}
