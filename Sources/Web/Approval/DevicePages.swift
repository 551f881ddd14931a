import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// The citizen's pages of the device grant.
enum DevicePages {
    /// `typed`: what a link brought along, to be compared with the device's screen. `fault`: why it was not taken.
    static func entry(typed: String?, fault: Explanation?) -> Markup {
        LargePages.document("機器のコードを入力", "Enter the code of your device") { page in
            if let fault {
                page.raw("<div class=\"note\" role=\"alert\">")
                if fault.code == Explanation.userCodeUnknown.code {
                    page.both(
                        "このコードは使えません。画面のコードをもう一度確かめてください。期限が切れたときは、機器で新しいコードを表示してください。",
                        "This code is not valid. Compare it with the screen. If it has run out, have the device show a new one.")
                } else {
                    page.both(
                        "まちがったコードが続きました。少し待ってから、もう一度入力してください。",
                        "Too many wrong codes. Wait a little, then type it once more.")
                }
                page.element("<p><a href=\"/help/", fault.code, "\">")
                page.element("<code>", fault.code, "</code></a></p></div>")
            }
            if typed == nil {
                page.both(
                    "テレビや端末の画面に出ているコードを入力してください。", "Type the code that the screen of your television or terminal shows.")
            } else {
                page.both(
                    "下のコードが、目の前の機器の画面と同じか確かめてください。違うときは進まないでください。",
                    "Compare this code with the screen of the device in front of you. If they differ, do not go on.")
            }
            page.raw("<form method=\"post\" action=\"/device\"><p><label for=\"user_code\">コード Code</label><br>")
            page.raw(
                "<input id=\"user_code\" name=\"user_code\" maxlength=\"64\" size=\"16\" autocomplete=\"off\" autocapitalize=\"characters\""
            )
            page.raw(" spellcheck=\"false\" autofocus required")
            if let typed { page.element(" value=\"", Explanation.redacted(typed), "\"") }
            page.raw("></p><p><button type=\"submit\">次へ<br><span lang=\"en\">Next</span></button></p></form>")
            page.both(
                "だれかに送られてきたコードは入力しないでください。", "Never type a code that somebody sent you.")
        }
    }

    /// Strangers have guessed too much: a citizen with a card is not held up by them.
    static func cardFirst() -> Markup {
        LargePages.document("先にログインしてください", "Log in first") { page in
            page.both(
                "いま、まちがったコードの入力が多すぎるため、コードの前にカードでログインしていただいています。",
                "Too many wrong codes are being typed at the moment. Log in with your card first, then open this page again.")
            page.button(to: "/approve/login", [], "ログインする", "Log in")
        }
    }

    /// Who asks, what it comes to, and how not to be taken in (RFC 8628 §5.4).
    static func about(_ grant: AwaitedGrant, _ member: Member, _ id: TransactionID, at now: Timestamp) -> Markup {
        LargePages.document("この機器をログインさせますか", "Log in on this device?") { page in
            ApprovalPages.facts(grant, member, at: now, &page)
            warning(&page)
            page.both(
                "続けると、あなたのカードで本人確認をします。サービスに伝わるのは、このサービス専用の番号と、カードの使い方などです。次の画面で正確に示します。",
                "If you go on, your card is checked. The service learns an identifier made for it alone and how the card was used; the next page says exactly what."
            )
            page.element("<p><a href=\"", "/journey/" + id.text, "\">目の前の機器で自分が始めた。続ける<br><span lang=\"en\">")
            page.raw("I started this on the device before me. Go on</span></a></p>")
            page.button(
                to: "/journey/" + id.text + "/cancel", [], "自分ではない。断る", "I did not start this. Refuse")
        }
    }

    static func warning(_ page: inout Markup) {
        page.raw("<div class=\"note\">")
        page.both(
            "この機器の前にいて、自分でこの操作を始めたときだけ進んでください。電話・メール・メッセージでコードやリンクを受け取ったのなら、だまされています。断ってください。",
            "Only go on if you are standing before this device and started this yourself. If the code or link came by telephone, mail or message, somebody is trying to deceive you: refuse."
        )
        page.raw("</div>")
    }
}
