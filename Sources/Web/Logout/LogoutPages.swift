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
        return document(step == .done ? Words("ログアウトしました", "Logged out") : Words("ログアウト", "Logging out"), onward: next) { page in
            page.note(
                Words(
                    "この認証サービスのログインは終わりました。", "Your login here has ended.", easy: "ここの ログインは おわりました。"), kind: .done)
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
                        page.words(Words("次のサービスのログアウトへ", "Go on to the next service", easy: "つぎの サービスへ"))
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
                        easy: "もどらないときは、ブラウザの「戻る」を おしてください。"))
                page.raw("<div class=\"row\">")
                skip(base, number: id.number, Words("このサービスをとばす", "Skip this service", easy: "この サービスを とばす"), &page)
                skip(base, number: nil, Words("残りをすべてとばす", "Skip all that are left", easy: "ぜんぶ とばす"), &page)
                page.raw("</div>")
            case .wait:
                page.paragraph { page in
                    page.words(Words("サービスの応答を待っています。", "Waiting for the services to answer.", easy: "サービスを まっています。"))
                    page.raw(" ")
                    page.onward(base, seconds: Pace.wait) { $0.words(Words("いま確かめる", "Look now", easy: "いま 見る")) }
                }
            case .done: end(progress, base, owed, initiator, &page)
            }
        }
    }

    private static func results(
        _ progress: LogoutProgress, _ base: String, at now: Timestamp, _ page: inout Markup, _ member: (MemberID) -> Member?
    ) {
        page.heading(2, Words("ほかのサービス", "Other services"))
        page.raw("<dl>")
        for leg in progress.legs {
            page.raw("<dt>")
            page.strong(words(leg.member, member(leg.member)))
            page.raw("</dt><dd>")
            let result = progress.result(of: leg, at: now)
            page.words(Self.words(result))
            page.element(" <code>", result.rawValue + (leg.reason.map { ", " + $0.rawValue } ?? ""), "</code>")
            if let reason = leg.reason {
                page.raw("<br>")
                page.words(words(reason))
            }
            if leg.state == .asked {
                page.raw("<br>")
                page.words(Words("応答がまだ届いていません。", "Its answer has not come.", easy: "まだ 答えが 来ません。"))
            }
            if leg.channel == .front, leg.state == .asked || leg.reason == .skipped {
                page.element("<br><a target=\"_blank\" rel=\"noopener\" href=\"", base + "/next?leg=" + String(leg.id.number), "\">")
                page.words(Words("新しいタブでもう一度", "Try again in a new tab", easy: "もう一回 する（新しい タブ）"))
                page.raw("</a>")
            }
            page.raw("</dd>")
        }
        page.raw("</dl>")
    }

    private static func words(_ result: LogoutProgress.Result) -> Words {
        switch result {
        case .ended: Words("終わりました", "Ended", easy: "おわりました")
        case .failed: Words("終わったことを確かめられませんでした", "Could not be confirmed", easy: "わかりません")
        case .open: Words("まだ開いています", "Still open", easy: "まだ おわっていません")
        }
    }

    private static func end(_ progress: LogoutProgress, _ base: String, _ owed: Owed, _ initiator: Member?, _ page: inout Markup) {
        if progress.outcome == .partial {
            page.note(
                Words(
                    "まだ開いているサービスは、そのサービスの画面でログアウトするか、ブラウザを閉じてください。",
                    "Where a service is still open, log out there, or close your browser.",
                    easy: "おわっていない サービスは、その 画面で ログアウトするか、ブラウザを 閉じてください。"))
        } else {
            page.paragraph(Words("すべて終わりました。", "Everything has ended.", easy: "ぜんぶ おわりました。"))
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

    private static let backToService = Words("サービスに戻る", "Back to the service", easy: "サービスに もどる")

    private static func words(_ reason: LogoutReason) -> Words {
        switch reason {
        case .noService: Words("ログアウトの窓口がありません。", "It offers no logout to us.")
        case .browserOnly: Words("ブラウザからしか伝えられません。", "Only your browser could tell it.")
        case .leftOpen: Words("ここだけログアウトを選びました。", "You chose to log out here only.", easy: "ここだけ おわりました。")
        case .skipped: Words("とばしました。", "Skipped.")
        case .notInForce: Words("認定が有効でないため、知らせることができません。", "Its accreditation is not in force, so that it is not told.")
        case .notRegistered: Words("登録がなくなりました。", "It is registered no longer.")
        case .unreachable: Words("応答がありません。あとでまた伝えます。", "It does not answer; we go on trying.", easy: "答えが ありません。あとで また 伝えます。")
        case .badAnswer: Words("応答を読めません。", "Its answer cannot be read.")
        case .unproven: Words("応答を確かめられません。", "Its answer is not proven.")
        case .refused: Words("できないと答えました。", "It answered that it could not.")
        case .expired: Words("時間切れです。", "The time was up.", easy: "時間が おわりました。")
        case .unspeakable: Words("伝えられませんでした。", "It could not be told.")
        }
    }

    private static func skip(_ base: String, number: Int?, _ label: Words, _ page: inout Markup) {
        page.button(to: base + "/skip", fields: number.map { [("leg", String($0))] } ?? [], label, kind: .plain)
    }

    private static func words(_ id: MemberID, _ member: Member?) -> Words { member?.words ?? Words(verbatim: id.text) }

    /// Asks the citizen: nobody is logged out by a link that anybody can write (checklist H4).
    static func askLogout(_ parameters: String, _ member: Member?) -> Markup {
        document(Words("ログアウトしますか", "Log out?")) { page in
            if let member {
                page.paragraph { page in
                    page.strong(member.words)
                    page.words(Words("がログアウトを求めています。", " asks you to log out.", easy: "が ログアウトして くださいと 言っています。"))
                }
            }
            page.paragraph(
                Words(
                    "この認証サービスと、ログイン中のサービスからログアウトします。", "This ends your login here and at the services you use with it.",
                    easy: "ここと、つかっている サービスの ログインが おわります。"))
            page.form(to: "/openid/logout/confirm", fields: [("request", parameters)]) { page in
                page.submit(Words("ログアウト", "Log out"), name: "answer", value: "yes")
            }
            page.linkLine("/", Words("ログアウトしない", "Stay logged in", easy: "ログアウトしません"))
        }
    }

    /// Brings a request from the client's site back from our own page, with our cookies.
    static func resendLogout(_ parameters: String) -> Markup {
        document(Words("ログアウト", "Log out")) { page in
            page.form(to: "/openid/logout/confirm", fields: [("request", parameters)]) { page in
                page.submit(Words("ログアウトへ進む", "Go on to log out"))
            }
            page.script(.submitForm)
        }
    }

    /// There was nothing to end. `back` is a registered address that nobody vouched for: followed only by hand.
    static func loggedOut(_ back: (address: String, member: Member?)?) -> Markup {
        document(Words("ログアウトしました", "Logged out")) { page in
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
        words(Words("自動で進むのを止める", "Do not go on by itself", easy: "とめる"))
        raw("</button>")
    }
}
