import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What a citizen is told before he uses the signature certificate: that it is another one with another password, who asks and why, what
/// will be sent, how long it is kept, and that he need not.
enum SignaturePages {
    static func present(_ need: SignatureNeed, _ visit: Visit) -> Markup {
        let address = visit.address
        let door = visit.path
        return Pages.document(Words("署名用電子証明書の提示", "Present your signature certificate", easy: "「署名用」の 証明書を 見せます")) { page in
            page.paragraph { page in
                page.strong(need.member.words)
                page.words(
                    Words(" が、あなたの氏名などの確認を求めています。", " asks to confirm who you are.", easy: " が、あなたの 名前などを 知りたいと 言っています。"))
            }
            told(need.attributes, &page)
            page.note(.plain) { page in
                page.paragraph(
                    Words(
                        "ログインに使う利用者証明用電子証明書とは別の、署名用電子証明書を使います。",
                        "This uses your signature certificate, which is not the certificate you log in with.",
                        easy: "ログインの 証明書では ありません。「署名用」の 証明書を 使います。"))
                page.paragraph(
                    Words(
                        "署名用電子証明書の暗証番号（英数字6文字以上16文字以下、英字は大文字）が必要です。数字4桁の暗証番号ではありません。5回続けて間違えると、安全のためロックされます。ロックの解除は市区町村の窓口でできます。",
                        "You need the password of the signature certificate: 6 to 16 digits and capital letters, not the 4-digit PIN. After five wrong entries in a row it is locked for your security; your municipal office can unlock it.",
                        easy: "「署名用」の 暗証番号が いります。6から16の 文字です。4つの 数字では ありません。5回 まちがえると 止まります。止まった ときは、市役所か 役場に 行ってください。"))
            }
            page.paragraph(
                Words(
                    "カードで署名するのは、「この証明書を、このサービスに、この目的で提示する」という文だけです。申込みや契約への署名ではありません。",
                    "Your card signs one sentence only: that you present this certificate to this service for this purpose. It does not sign an application or a contract.",
                    easy: "カードは「この サービスに 見せます」とだけ 書きます。申し込みや 約束では ありません。"))
            kept(visit.settings.cards.identity.lifetime, &page)
            page.paragraph { page in
                page.words(Words("アプリ・端末用のアドレス：", "Address for an app or a terminal: ", easy: "アプリや 機械の ための アドレス："))
                page.code(address + "/identity")
            }
            page.element("<form method=\"get\" action=\"", door + "/continue", "\">")
            page.submit(Words("カードを使いました（次へ）", "I have used the card: next", easy: "カードを 使いました（つぎへ）"))
            page.raw("</form>")
            page.button(to: door + "/identity/refuse", Words("提示しない", "Do not present it", easy: "見せません"), kind: .plain)
            page.timeLeft(
                until: visit.transaction.expiresAt, at: visit.now,
                note: Words("この画面の有効時刻：", "This page is valid until ", easy: "この 画面は この 時間まで 使えます："),
                warning: Words(
                    "まもなくこの画面の有効時間が終わります。終わったときは、サービスの画面からもう一度始められます。",
                    "This page is about to expire. If it does, you can start again from the service.",
                    easy: "もうすぐ 時間が 終わります。終わっても、サービスから もう一回 始められます。"))
        }
    }

    private static func told(_ attributes: Set<AttributeSource>, _ page: inout Markup) {
        guard !attributes.isEmpty else {
            page.paragraph(
                Words(
                    "証明書を提示したことだけが伝わり、証明書の内容は伝わりません。", "The service learns only that you presented the certificate, not what it says.",
                    easy: "証明書を 見せた ことだけ 伝えます。中は 伝えません。"))
            return
        }
        page.heading(2, Words("サービスに伝わる内容", "What the service will learn", easy: "サービスに 伝える こと"))
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
                    "証明書の内容は、このサービスのこの利用目的のためだけに、最長" + String(count) + ja + "暗号化して保存し、その後削除します。次のページで、いつでも削除できます：",
                    "The contents of the certificate are stored encrypted, for this service and this purpose only, for at most "
                        + String(count) + " " + en
                        + ", and then deleted. You can delete them at any time on this page: ",
                    easy: "書いてある ことを " + String(count) + ja + " しまっておきます。そのあと 消します。ここで いつでも 消せます："))
            page.link("/identity", Words("提示した署名用電子証明書", "Signature certificates you presented", easy: "見せた 証明書"))
        }
    }
}
