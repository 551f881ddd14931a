import SignOn
import Vocabulary

extension Pages {
    /// `waiting`: requests of services that were put to this citizen. `ends`: when the login ends if it is not used.
    static func front(_ session: Session?, waiting: Int = 0, ends: Timestamp? = nil, at now: Timestamp) -> Markup {
        document(Words("関所", "Sekisho")) { page in
            page.paragraph(
                Words(
                    "マイナンバーカードで、国・地方公共団体・民間のサービスにログインできます。", "Log in to public and private services with your My Number Card.",
                    easy: "マイナンバーカードで いろいろな サービスに ログインします。"))
            if let session {
                login(session, ends, at: now, &page)
                page.list([
                    ("/approve", Words("承認待ちの依頼：", "Requests waiting for you: ", easy: "あなたの 返事を 待っている もの：") + String(waiting)),
                    ("/me", Words("あなたのページ（ログイン・サービス・カード・紛失の届出）", "Your page: logins, services, cards, losses", easy: "あなたの ページ")),
                    ("/ledger", Words("伝えた記録と同意", "Record of what was sent, and your consents", easy: "だれに 何を 伝えたか")),
                    ("/identity", Words("提示した署名用電子証明書", "Signature certificates you presented", easy: "見せた 証明書")),
                ]) { link, page in page.link(link.0, link.1) }
                page.heading(2, Words("ログアウト", "Log out", easy: "ログアウト"))
                page.button(to: "/session/end", Words("ログアウト", "Log out", easy: "ログアウト"))
                page.paragraph(
                    Words(
                        "ログイン中のサービスからもログアウトします。", "You will be logged out of the services you are using with this login too.",
                        easy: "使っている サービスからも ログアウトします。"))
                page.button(
                    to: "/session/end", fields: [("scope", "here")],
                    Words("ここだけログアウト", "Log out here only", easy: "ここだけ ログアウト"), kind: .plain)
            } else {
                page.paragraph(
                    Words(
                        "ログインしていません。ご利用になるサービスの画面からログインしてください。", "You are not logged in. Please start from the service you want to use.",
                        easy: "ログインしていません。使いたい サービスの 画面から 始めてください。"))
            }
            page.heading(2, Words("その他のページ", "Other pages", easy: "ほかの ページ"))
            page.list([
                ("/services", Words("ここから始められるサービス", "Services you can start from here", easy: "サービス")),
                ("/device", Words("テレビや端末のコードを入力する", "Enter the code of a television or terminal", easy: "テレビの コードを 入れます")),
            ]) { link, page in page.link(link.0, link.1) }
        }
    }

    private static func login(_ session: Session, _ ends: Timestamp?, at now: Timestamp, _ page: inout Markup) {
        page.note(.plain) { page in
            page.paragraph { page in
                page.words(Words("ログイン中です。ログインした日時：", "You are logged in since ", easy: "ログインしています。ログインした 時間："))
                page.time(session.createdAt)
            }
            if let ends { page.sessionEnds(ends, at: now) }
        }
    }

    /// `GET /session`: opened from the warning, in a tab of its own, so that nothing typed elsewhere is lost.
    static func session(ends: Timestamp?, at now: Timestamp) -> Markup {
        guard let ends else {
            return document(Words("ログアウトしています", "You are logged out", easy: "ログインは 終わりました")) { page in
                page.paragraph(
                    Words(
                        "ご利用になるサービスの画面から、もう一度ログインできます。", "You can log in again from the service you want to use.",
                        easy: "使いたい サービスの 画面から、もう一回 ログインできます。"))
            }
        }
        return document(Words("ログインを延長しました", "You stay logged in", easy: "ログインを つづけます")) { page in
            page.sessionEnds(ends, at: now)
            page.paragraph(
                Words(
                    "このページを閉じて、前のページにお戻りください。", "Close this page and go back to the one you came from.",
                    easy: "この ページを 閉じて、前の ページに 戻ってください。"))
        }
    }
}

extension Markup {
    /// When the login ends if it is not used, from the start; and in good time a way to go on (WCAG 2.2, 2.2.1).
    mutating func sessionEnds(_ ends: Timestamp, at now: Timestamp) {
        timeLeft(
            until: ends, at: now,
            note: Words("操作がない場合、次の時刻にログアウトします：", "If you do nothing, you will be logged out at ", easy: "何も しないと、この 時間に ログインが 終わります："),
            warning: Words("まもなく自動的にログアウトします。", "You are about to be logged out.", easy: "もうすぐ ログインが 終わります。"),
            more: ("/session", Words("ログインを続ける", "Stay logged in", easy: "つづけます")))
    }
}
