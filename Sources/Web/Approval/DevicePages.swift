import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// The citizen's pages of the device grant.
enum DevicePages {
    /// `typed`: what a link brought along, to be compared with the device's screen. `fault`: why it was not taken.
    static func entry(typed: String?, fault: Explanation?) -> Markup {
        Pages.document(
            Words("機器のコードを入力", "Enter the code of your device", easy: "テレビの コードを 入れてください"), fault: fault.map(words)
        ) { page in
            if typed == nil {
                page.paragraph(
                    Words(
                        "テレビや端末の画面に出ているコードを入力してください。", "Type the code that the screen of your television or terminal shows.",
                        easy: "テレビに 出ている コードを 入れてください。"))
            } else {
                page.paragraph(
                    Words(
                        "下のコードが、目の前の機器の画面と同じか確かめてください。違うときは進まないでください。",
                        "Compare this code with the screen of the device in front of you. If they differ, do not go on.",
                        easy: "下の コードと テレビの コードは 同じですか。ちがうときは やめてください。"))
            }
            page.form(to: "/device") { page in
                page.field(
                    FormField(
                        DeviceForm.field, Words("コード", "Code"), kind: .code, value: typed.map(Explanation.redacted) ?? "",
                        error: fault == nil ? nil : Words("画面のコードをもう一度確かめてください。", "Look at the code once more.", easy: "もう一回 見てください。"),
                        isRequired: true, maximum: 64))
                page.submit(Words("次へ", "Next"))
            }
            page.note(
                Words(
                    "だれかに送られてきたコードは入力しないでください。", "Never type a code that somebody sent you.", easy: "だれかが 送ってきた コードは 入れないでください。"))
            if let fault { page.paragraph { $0.link("/help/" + fault.code, Words(verbatim: fault.code)) } }
        }
    }

    private static func words(_ fault: Explanation) -> Words {
        fault.code == Explanation.userCodeUnknown.code
            ? Words(
                "このコードは使えません。画面のコードをもう一度確かめてください。期限が切れたときは、機器で新しいコードを表示してください。",
                "This code is not valid. Compare it with the screen. If it has run out, have the device show a new one.",
                easy: "この コードは つかえません。もう一回 見てください。古い ときは、テレビで 新しい コードを 出してください。")
            : Words(
                "コードの入力が続いたので、安全のため少し時間をおいています。少し待ってから、もう一度入力してください。",
                "Several codes did not fit, so there is a short pause for safety. Wait a little, then type it once more.",
                easy: "すこし まってから、もう一回 入れてください。")
    }

    /// Strangers have guessed too much: a citizen with a card is not held up by them.
    static func cardFirst() -> Markup {
        Pages.document(Words("先にログインしてください", "Log in first", easy: "はじめに ログインしてください")) { page in
            page.paragraph(
                Words(
                    "いま、ほかの場所から違うコードの入力が続いているため、コードの前にカードでログインしていただいています。あなたのせいではありません。",
                    "Many wrong codes are being typed from elsewhere at the moment; that is not your doing. Log in with your card first, then open this page again.",
                    easy: "いま、はじめに カードで ログインします。そのあと、この ページを もう一回 開いてください。"))
            page.button(to: "/approve/login", Words("ログインする", "Log in"))
        }
    }

    /// Who asks, what it comes to, and how not to be taken in (RFC 8628 §5.4).
    static func about(_ grant: AwaitedGrant, _ member: Member, _ id: TransactionID, at now: Timestamp) -> Markup {
        Pages.document(Words("この機器をログインさせますか", "Log in on this device?", easy: "この テレビで ログインしますか")) { page in
            ApprovalPages.facts(grant, member, at: now, &page)
            warning(&page)
            page.paragraph(
                Words(
                    "続けると、あなたのカードで本人確認をします。サービスに伝わるのは、このサービス専用の番号と、カードの使い方などです。次の画面で正確に示します。",
                    "If you go on, your card is checked. The service learns an identifier made for it alone and how the card was used; the next page says exactly what.",
                    easy: "つぎに カードで たしかめます。何を 伝えるかは、つぎの 画面に 出ます。"))
            page.paragraph {
                $0.link(
                    "/journey/" + id.text,
                    Words("目の前の機器で自分が始めた。続ける", "I started this on the device before me. Go on", easy: "じぶんで はじめた。つづける"),
                    class: "button primary")
            }
            page.button(
                to: "/journey/" + id.text + "/cancel", Words("自分ではない。断る", "I did not start this. Refuse", easy: "じぶんでは ない。断る"), kind: .plain
            )
        }
    }

    static func warning(_ page: inout Markup) {
        page.note(
            Words(
                "この機器の前にいて、自分でこの操作を始めたときだけ進んでください。電話・メール・メッセージでコードやリンクを受け取ったのなら、だまされています。断ってください。",
                "Only go on if you are standing before this device and started this yourself. If the code or link came by telephone, mail or message, somebody is trying to deceive you: refuse.",
                easy: "じぶんで はじめたときだけ すすんでください。電話や メールで コードが 来たなら、だまされています。断ってください。"))
    }
}
