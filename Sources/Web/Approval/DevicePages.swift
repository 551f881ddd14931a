import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// The citizen's pages of the device grant.
enum DevicePages {
    /// `typed`: what a link brought along, to be compared with the device's screen. `fault`: why it was not taken.
    static func entry(typed: String?, fault: Explanation?) -> Markup {
        Pages.document(
            Words("機器のコードを入力", "Enter the code shown on your device", easy: "テレビの コードを 入れてください"), fault: fault.map(words)
        ) { page in
            if typed == nil {
                page.paragraph(
                    Words(
                        "テレビや端末の画面に表示されているコードを入力してください。", "Type the code shown on the screen of your television or terminal.",
                        easy: "テレビに 出ている コードを 入れてください。"))
            } else {
                page.paragraph(
                    Words(
                        "下のコードが、目の前にある機器の画面のコードと同じか確かめてください。違うときは先に進まないでください。",
                        "Check that the code below is the same as the one on the device in front of you. If it is different, do not go on.",
                        easy: "下の コードと テレビの コードは 同じですか。ちがう ときは、やめてください。"))
            }
            page.form(to: "/device") { page in
                page.field(
                    FormField(
                        DeviceForm.field, Words("コード", "Code", easy: "コード"), kind: .code, value: typed.map(Explanation.redacted) ?? "",
                        error: fault == nil
                            ? nil
                            : Words("画面のコードをもう一度確かめてください。", "Please check the code on the screen again.", easy: "テレビの コードを もう一回 見てください。"),
                        isRequired: true, maximum: 64))
                page.submit(Words("次へ", "Next", easy: "つぎへ"))
            }
            page.note(
                Words("ほかの人から送られてきたコードは、入力しないでください。", "Never enter a code that somebody sent you.", easy: "だれかが 送ってきた コードは 入れないでください。"))
            if let fault { page.paragraph { $0.link("/help/" + fault.code, Words(verbatim: fault.code)) } }
        }
    }

    private static func words(_ fault: Explanation) -> Words {
        fault.code == Explanation.userCodeUnknown.code
            ? Words(
                "このコードは使えません。機器の画面のコードをもう一度確かめてください。有効時間が過ぎているときは、機器で新しいコードを表示してください。",
                "This code cannot be used. Check it against the screen of the device. If its time has run out, show a new one on the device.",
                easy: "この コードは 使えません。もう一回 見てください。時間が すぎた ときは、テレビで 新しい コードを 出してください。")
            : Words(
                "安全のため、コードの入力を一時的に止めています。しばらく待ってから、もう一度入力してください。",
                "For your security, codes cannot be entered for a short time. Wait a little, then enter the code again.",
                easy: "安全の ために 少し 止めています。少し 待ってから、もう一回 入れてください。")
    }

    /// Strangers have guessed too much: a citizen with a card is not held up by them.
    static func cardFirst() -> Markup {
        Pages.document(Words("先にログインしてください", "Log in first", easy: "はじめに ログインしてください")) { page in
            page.paragraph(
                Words(
                    "現在、ほかの場所から誤ったコードが続けて入力されています。安全のため、コードを入力する前にカードでログインしてください。あなたの操作に問題はありません。",
                    "Wrong codes are being entered from elsewhere at the moment. This is nothing you did. For your security, log in with your card first, then open this page again.",
                    easy: "安全の ために、はじめに カードで ログインしてください。そのあと、この ページを もう一回 開いてください。あなたは わるくありません。"))
            page.button(to: "/approve/login", Words("ログインする", "Log in", easy: "ログインします"))
        }
    }

    /// Who asks, what it comes to, and how not to be taken in (RFC 8628 §5.4).
    static func about(_ grant: AwaitedGrant, _ member: Member, _ id: TransactionID, at now: Timestamp) -> Markup {
        Pages.document(Words("この機器でログインしますか", "Log in on this device?", easy: "この テレビで ログインしますか")) { page in
            ApprovalPages.facts(grant, member, at: now, &page)
            warning(&page)
            page.paragraph(
                Words(
                    "続けると、マイナンバーカードで本人確認を行います。サービスには、このサービス専用の番号やログインの方法などが伝わります。伝わる内容は、次の画面ですべて確認できます。",
                    "If you go on, you will be identified with your card. The service learns an identifier made for it alone and how you logged in; the next page shows exactly what is sent.",
                    easy: "つぎに カードで あなたを 確かめます。何を 伝えるかは、つぎの 画面に 出ます。"))
            page.paragraph {
                $0.link(
                    "/journey/" + id.text,
                    Words("目の前の機器で自分が始めました（続ける）", "I started this on the device in front of me: go on", easy: "わたしが はじめました（つづけます）"),
                    class: "button primary")
            }
            page.button(
                to: "/journey/" + id.text + "/cancel", Words("自分ではありません（断る）", "I did not start this: refuse", easy: "わたしでは ありません（断ります）"),
                kind: .plain
            )
        }
    }

    static func warning(_ page: inout Markup) {
        page.note(
            Words(
                "この機器の前にいて、ご自身で操作を始めたときだけ進んでください。電話・メール・メッセージでコードやリンクを受け取った場合は、詐欺のおそれがあります。「断る」を選んでください。",
                "Go on only if you are in front of this device and started this yourself. If you were given the code or a link by phone, mail or message, it may be a fraud: choose “refuse”.",
                easy: "あなたが この テレビで はじめた ときだけ、進んでください。電話や メールで コードが 来たときは、うそかもしれません。「断ります」を 押してください。"))
    }
}
