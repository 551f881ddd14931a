import SignOn
import Vocabulary

extension Pages {
    /// `waiting`: requests of services that were put to this citizen. `ends`: when the login ends if it is not used.
    static func front(_ session: Session?, waiting: Int = 0, ends: Timestamp? = nil, at now: Timestamp) -> Markup {
        document(Words("関所", "Sekisho")) { page in
            page.paragraph(
                Words(
                    "マイナンバーカードで、国や自治体、民間のサービスにログインします。", "One login, with the Individual Number Card, for public and private services.",
                    easy: "マイナンバーカードで いろいろな サービスに ログインします。"))
            if let session {
                login(session, ends, at: now, &page)
                page.list([
                    ("/approve", Words("承認待ち: ", "Requests that wait for you: ", easy: "まっている こと: ") + String(waiting)),
                    ("/me", Words("あなたのページ", "Your page: logins, services, cards, losses")),
                    ("/ledger", Words("伝えた記録と同意", "What was told of you, and what you agreed to", easy: "だれに 何を 伝えたか")),
                    ("/identity", Words("提示した署名用電子証明書", "Signature certificates you showed", easy: "見せた 証明書")),
                ]) { link, page in page.link(link.0, link.1) }
                page.heading(2, Words("ログアウト", "Log out"))
                page.button(to: "/session/end", Words("ログアウト", "Log out"))
                page.paragraph(
                    Words(
                        "ログイン中のサービスからもログアウトします。", "The services you use with this login are told.", easy: "つかっている サービスも おわります。"))
                page.button(
                    to: "/session/end", fields: [("scope", "here")],
                    Words("ここだけログアウト", "Log out here only", easy: "ここだけ おわる"), kind: .plain)
            } else {
                page.paragraph(
                    Words(
                        "ログインしていません。使いたいサービスの画面から始めてください。", "You are not logged in. Start from the service that you want to use.",
                        easy: "ログインしていません。サービスの 画面から はじめてください。"))
            }
            page.heading(2, Words("ほかの入り口", "Other ways in", easy: "ほかの ページ"))
            page.list([
                ("/services", Words("サービス", "Services")),
                ("/device", Words("テレビや端末のコードを入力する", "Enter the code of a television or terminal", easy: "テレビの コードを 入れる")),
            ]) { link, page in page.link(link.0, link.1) }
        }
    }

    private static func login(_ session: Session, _ ends: Timestamp?, at now: Timestamp, _ page: inout Markup) {
        page.note(.plain) { page in
            page.paragraph { page in
                page.words(Words("ログイン中です。ログインした時刻: ", "You are logged in since ", easy: "ログインしています。はじめ: "))
                page.time(session.createdAt)
            }
            if let ends { page.sessionEnds(ends, at: now) }
        }
    }

    /// `GET /session`: opened from the warning, in a tab of its own, so that nothing typed elsewhere is lost.
    static func session(ends: Timestamp?, at now: Timestamp) -> Markup {
        guard let ends else {
            return document(Words("ログインは終わっています", "Your login has ended", easy: "ログインは おわりました")) { page in
                page.paragraph(
                    Words(
                        "使いたいサービスの画面から、もう一度ログインできます。", "You can log in again from the service that you want to use.",
                        easy: "サービスの 画面から もう一回 ログインできます。"))
            }
        }
        return document(Words("ログインを続けています", "You stay logged in", easy: "ログインを つづけます")) { page in
            page.sessionEnds(ends, at: now)
            page.paragraph(
                Words(
                    "このページは閉じて、前のページに戻ってください。", "Close this page and go back to the one you came from.",
                    easy: "この ページを 閉じて、前の ページに もどってください。"))
        }
    }
}

extension Markup {
    /// When the login ends if it is not used, from the start; and in good time a way to go on (WCAG 2.2, 2.2.1).
    mutating func sessionEnds(_ ends: Timestamp, at now: Timestamp) {
        timeLeft(
            until: ends, at: now,
            note: Words(
                "使わないと、ログインはこの時刻に終わります: ", "Unless you use it, your login ends at ", easy: "つかわないと、この 時間に ログインが おわります: "),
            warning: Words("まもなくログインが終わります。", "Your login is about to end.", easy: "もうすぐ ログインが おわります。"),
            more: ("/session", Words("続けて使う", "Stay logged in", easy: "つづける")))
    }
}
