import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// The pages of logout: what became of each service, complete without JavaScript.
extension Pages {
    /// The body of the button that leaves the other services open.
    static let onlyHere = "scope=here"

    /// What waits behind the page.
    enum Owed { case nothing, answer }

    /// Seconds until the page goes on by itself.
    private enum Pace {
        static let visit = 2
        static let wait = 1
        static let answer = 8
    }

    static func logout(
        _ progress: LogoutProgress, step: LogoutProgress.Step, owed: Owed, at now: Timestamp, initiator: Member?,
        member: (MemberID) -> Member?
    ) -> Markup {
        let base = "/logout/" + progress.logout.id.text
        let next: Onward? =
            switch step {
            case .visit: Onward(seconds: Pace.visit, address: base + "/next")
            case .wait: Onward(seconds: Pace.wait, address: base)
            case .done: owed == .answer ? Onward(seconds: Pace.answer, address: base + "/answer") : nil
            }
        return document(
            step == .done ? Words("ログアウトしました", "Logged out", easy: "ログアウトしました") : Words("ログアウト", "Log out", easy: "ログアウト"), onward: next
        ) { page in
            page.note(
                Words("この認証サービスからログアウトしました。", "You have been logged out here.", easy: "ここの ログインは 終わりました。"), kind: .done)
            if let initiator {
                page.paragraph { page in
                    page.strong(initiator.words)
                    page.words(Words("からログアウトしました。", ": you logged out from there.", easy: "から ログアウトしました。"))
                }
            }
            if !progress.legs.isEmpty { results(progress, base, at: now, &page, member) }
            switch step {
            case .visit(let id):
                let leg = progress.legs.first { $0.id == id }
                page.paragraph { page in
                    page.onward(base + "/next", seconds: Pace.visit) { page in
                        page.words(Words("次のサービスのログアウトへ進む", "Go on to the next service", easy: "つぎの サービスへ"))
                        if let leg {
                            page.raw(": ")
                            page.strong(words(leg.member, member(leg.member)))
                        }
                    }
                }
                page.paragraph(
                    Words(
                        "サービスから戻らないときは、ブラウザの「戻る」でこのページに戻り、続けてください。",
                        "If a service does not bring you back, return to this page with your browser's back button and go on.",
                        easy: "戻らない ときは、ブラウザの「戻る」を 押してください。"))
                page.raw("<div class=\"row\">")
                skip(base, number: id.number, Words("このサービスを省略する", "Skip this service", easy: "この サービスを とばします"), &page)
                skip(base, number: nil, Words("残りをすべて省略する", "Skip all the remaining services", easy: "ぜんぶ とばします"), &page)
                page.raw("</div>")
            case .wait:
                page.paragraph { page in
                    page.words(Words("サービスの応答を待っています。", "Waiting for the services to answer.", easy: "サービスを 待っています。"))
                    page.raw(" ")
                    page.onward(base, seconds: Pace.wait) { $0.words(Words("最新の状態を表示する", "Check now", easy: "いま 見ます")) }
                }
            case .done: end(progress, base, owed, initiator, &page)
            }
        }
    }

    private static func results(
        _ progress: LogoutProgress, _ base: String, at now: Timestamp, _ page: inout Markup, _ member: (MemberID) -> Member?
    ) {
        page.heading(2, Words("ほかのサービス", "Other services", easy: "ほかの サービス"))
        page.raw("<dl>")
        for leg in progress.legs {
            page.raw("<dt>")
            page.strong(words(leg.member, member(leg.member)))
            page.raw("</dt>")
            let result = progress.result(of: leg, at: now)
            // The machine's words are for programs that read the page.
            page.element("<dd data-result=\"", result.rawValue + (leg.reason.map { ", " + $0.rawValue } ?? ""), "\">")
            page.words(Self.words(result))
            if let reason = leg.reason {
                page.raw("<br>")
                page.words(words(reason))
            }
            if leg.state == .asked {
                page.raw("<br>")
                page.words(Words("応答がまだ届いていません。", "No answer has arrived yet.", easy: "まだ 答えが 来ません。"))
            }
            if leg.channel == .front, leg.state == .asked || leg.reason == .skipped {
                page.element("<br><a target=\"_blank\" rel=\"noopener\" href=\"", base + "/next?leg=" + String(leg.id.number), "\">")
                page.words(Words("新しいタブでもう一度試す", "Try again in a new tab", easy: "もう一回 します（新しい タブ）"))
                page.raw("</a>")
            }
            page.raw("</dd>")
        }
        page.raw("</dl>")
    }

    static func words(_ result: LogoutProgress.Result) -> Words {
        switch result {
        case .ended: Words("ログアウトしました", "Logged out", easy: "終わりました")
        case .failed: Words("ログアウトを確認できませんでした", "Could not be confirmed", easy: "終わったか わかりません")
        case .open: Words("ログイン中です", "Still logged in", easy: "まだ 終わっていません")
        }
    }

    private static func end(_ progress: LogoutProgress, _ base: String, _ owed: Owed, _ initiator: Member?, _ page: inout Markup) {
        if progress.outcome == .partial {
            page.note(
                Words(
                    "ログイン中のサービスは、そのサービスの画面でログアウトするか、ブラウザを閉じてください。",
                    "Where you are still logged in, please log out at that service, or close your browser.",
                    easy: "終わっていない サービスは、その 画面で ログアウトするか、ブラウザを 閉じてください。"))
        } else {
            page.paragraph(Words("すべてのサービスからログアウトしました。", "You have been logged out everywhere.", easy: "ぜんぶ 終わりました。"))
        }
        guard owed == .answer else { return }
        page.paragraph { page in
            page.onward(base + "/answer", seconds: Pace.answer) { page in
                page.words(backToService)
                if let initiator {
                    page.raw(": ")
                    page.strong(initiator.words)
                }
            }
        }
    }

    private static let backToService = Words("サービスに戻る", "Back to the service", easy: "サービスに 戻ります")

    private static func words(_ reason: LogoutReason) -> Words {
        switch reason {
        case .noService: Words("このサービスには、ログアウトを知らせる方法がありません。", "This service has no way to be told of a logout.", easy: "知らせる ことが できません。")
        case .unnamed:
            Words(
                "このサービスにはあなたの識別名を渡していないため、知らせることができません。", "It was told no name of yours that a message could repeat.",
                easy: "この サービスには 知らせる ことが できません。")
        case .browserOnly:
            Words("このサービスには、ブラウザからしか知らせられません。", "This service can be told only through your browser.", easy: "ブラウザだけが 知らせる ことが できます。")
        case .leftOpen: Words("「ここだけログアウト」を選択しました。", "You chose to log out here only.", easy: "ここだけ 終わりました。")
        case .skipped: Words("省略しました。", "Skipped.", easy: "とばしました。")
        case .notInForce:
            Words(
                "サービスの認定が有効でないため、知らせられません。", "The service's accreditation is not in force, so it was not told.",
                easy: "いま、この サービスには 知らせる ことが できません。")
        case .notRegistered: Words("サービスの登録が終了しています。", "The service is no longer registered.", easy: "この サービスは もう ありません。")
        case .unreachable: Words("応答がありません。後で再度知らせます。", "No answer. We will try again later.", easy: "答えが ありません。あとで また 知らせます。")
        case .badAnswer: Words("応答を読み取れません。", "The answer cannot be read.", easy: "答えを 読めません。")
        case .unproven: Words("応答が正しいかどうかを確認できません。", "The answer cannot be verified.", easy: "答えが 正しいか わかりません。")
        case .refused: Words("サービスがログアウトできないと応答しました。", "The service answered that it could not log you out.", easy: "できないと 言っています。")
        case .expired: Words("有効時間が過ぎました。", "The time ran out.", easy: "時間が 終わりました。")
        case .unspeakable: Words("知らせられませんでした。", "The service could not be told.", easy: "知らせる ことが できませんでした。")
        }
    }

    private static func skip(_ base: String, number: Int?, _ label: Words, _ page: inout Markup) {
        page.button(to: base + "/skip", fields: number.map { [("leg", String($0))] } ?? [], label, kind: .plain)
    }

    private static func words(_ id: MemberID, _ member: Member?) -> Words { member?.words ?? Words(verbatim: id.text) }

    /// Asks the citizen: nobody is logged out by a link that anybody can write (checklist H4).
    static func askLogout(_ parameters: String, _ member: Member?) -> Markup {
        document(Words("ログアウトしますか", "Log out?", easy: "ログアウトしますか")) { page in
            if let member {
                page.paragraph { page in
                    page.strong(member.words)
                    page.words(Words("がログアウトを求めています。", " asks you to log out.", easy: "が、ログアウトを してほしいと 言っています。"))
                }
            }
            page.paragraph(
                Words(
                    "この認証サービスとログイン中のサービスから、すべてログアウトします。", "This logs you out here and at the services you are using with this login.",
                    easy: "ここと、使っている サービスから ログアウトします。"))
            page.form(to: "/openid/logout/confirm", fields: [("request", parameters)]) { page in
                page.submit(Words("ログアウト", "Log out", easy: "ログアウト"), name: "answer", value: "yes")
            }
            page.linkLine("/", Words("ログアウトしない", "Stay logged in", easy: "ログアウトしません"))
        }
    }

    /// Brings a request from the client's site back from our own page, with our cookies.
    static func resendLogout(_ parameters: String) -> Markup {
        document(Words("ログアウト", "Log out", easy: "ログアウト")) { page in
            page.form(to: "/openid/logout/confirm", fields: [("request", parameters)]) { page in
                page.submit(Words("ログアウトへ進む", "Go on to log out", easy: "ログアウトへ"))
            }
            page.script(.submitForm)
        }
    }

    /// There was nothing to end. `back` is a registered address that nobody vouched for: followed only by hand.
    static func loggedOut(_ back: (address: String, member: Member?)?) -> Markup {
        document(Words("ログアウトしました", "Logged out", easy: "ログアウトしました")) { page in
            page.paragraph(Words("ログインしていません。", "You are not logged in.", easy: "ログインしていません。"))
            guard let back else { return }
            page.raw("<p>")
            page.link(back.address, back.member.map { backToService + ": " + $0.words } ?? backToService, away: true)
            page.raw("</p>")
        }
    }
}

extension Markup {
    /// The link that the page is going to follow by itself, and a button, for those with scripts, that holds it (WCAG 2.2, 2.2.1, 2.2.2).
    fileprivate mutating func onward(_ address: String, seconds: Int, _ build: (inout Markup) -> Void) {
        open("a", [("href", address), ("data-go", String(seconds))])
        build(&self)
        raw("</a> <button type=\"button\" hidden data-stay>")
        words(Words("自動で進むのを止める", "Do not go on automatically", easy: "止めます"))
        raw("</button>")
    }
}
