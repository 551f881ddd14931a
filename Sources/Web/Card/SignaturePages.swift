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
        return Pages.document(Words("署名用電子証明書の提示", "Show your signature certificate", easy: "署名用の 証明書を 見せます")) { page in
            page.paragraph { page in
                page.strong(need.member.words)
                page.words(
                    Words(" が、あなたがどなたかの確認を求めています。", " asks to be told who you are.", easy: " が、あなたが だれかを 知りたいと 言っています。"))
            }
            told(need.attributes, &page)
            page.note(.plain) { page in
                page.paragraph(
                    Words(
                        "ログインに使う証明書とは別の、署名用電子証明書を使います。", "This uses the signature certificate, another one than the one you log in with.",
                        easy: "ログインの 証明書では ありません。「署名用」の 証明書です。"))
                page.paragraph(
                    Words(
                        "6〜16文字の署名用パスワード（英大文字と数字）が必要です。4けたの暗証番号ではありません。5回続けて違うパスワードを入れると、カードを守るために使えなくなります。市区町村の窓口で設定し直せます。",
                        "You need its password of 6 to 16 capital letters and digits, not the 4-digit PIN. After five wrong ones in a row the card protects itself; a municipal counter sets a new one.",
                        easy: "6から16の 文字の パスワードが いります。4つの 数字では ありません。5回 まちがえると つかえません。そのときは 市役所に 行ってください。"))
            }
            page.paragraph(
                Words(
                    "カードは「この証明書をこのサービスにこの目的で示す」という文にだけ署名します。申込みや契約への署名ではありません。",
                    "Your card signs one sentence: that you show this certificate to this service for this purpose. It signs no application and no contract.",
                    easy: "カードは「この サービスに 見せます」とだけ 書きます。申し込みや 約束では ありません。"))
            kept(visit.settings.cards.identity.lifetime, &page)
            page.paragraph { page in
                page.words(Words("アプリ・端末用のアドレス: ", "For an app or a terminal: "))
                page.code(address + "/identity")
            }
            page.element("<form method=\"get\" action=\"", door + "/continue", "\">")
            page.submit(Words("カードを使いました。次へ", "I have used the card: next", easy: "カードを つかいました。つぎへ"))
            page.raw("</form>")
            page.button(to: door + "/identity/refuse", Words("提示しない", "Do not show it", easy: "見せません"), kind: .plain)
            page.timeLeft(
                until: visit.transaction.expiresAt, at: visit.now,
                note: Words("この画面を使える時刻: ", "This page can be used until ", easy: "この画面は この時間まで つかえます: "),
                warning: Words(
                    "まもなくこの画面の時間が終わります。サービスの画面からもう一度始められます。", "This page is about to run out. You can start again from the service.",
                    easy: "もうすぐ 時間が おわります。サービスから もう一回 はじめられます。"))
        }
    }

    private static func told(_ attributes: Set<AttributeSource>, _ page: inout Markup) {
        guard !attributes.isEmpty else {
            page.paragraph(
                Words(
                    "証明書があることだけが伝わり、内容は伝わりません。", "The service learns that you showed it, and nothing it says.", easy: "証明書の 中は 伝えません。"))
            return
        }
        page.heading(2, Words("サービスに伝わること", "What the service learns", easy: "サービスに 伝えること"))
        page.list(AttributeSource.allCases.filter(attributes.contains).map(\.phrase))
    }

    private static func kept(_ seconds: Int64, _ page: inout Markup) {
        let (count, ja, en) =
            seconds >= 2 * 86_400
            ? (seconds / 86_400, "日間", "days")
            : seconds >= 7200
                ? (seconds / 3600, "時間", "hours")
                : (max(1, seconds / 60), "分間", "minutes")
        page.paragraph { page in
            page.words(
                Words(
                    "内容は、このサービスのこの目的のためだけに最長" + String(count) + ja + "暗号化して保存し、その後削除します。いつでも次のページで削除できます: ",
                    "What it says is kept encrypted, for this service and this purpose only, for at most " + String(count) + " " + en
                        + ", and can be deleted at any time on this page: ",
                    easy: "中身は " + String(count) + ja + " しまっておきます。そのあと 消します。ここで いつでも 消せます: "))
            page.link("/identity", Words("提示した証明書", "Certificates you showed", easy: "見せた 証明書"))
        }
    }
}
