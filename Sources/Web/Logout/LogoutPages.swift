import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// The pages of logout: what became of each service, in Japanese and English, complete without JavaScript.
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
        let next: (seconds: Int, address: String)? =
            switch step {
            case .visit: (Pace.visit, base + "/next")
            case .wait: (Pace.wait, base)
            case .done: owed == .answer ? (Pace.answer, base + "/answer") : nil
            }
        return document("ログアウト Logging out", next: next) { page in
            page.raw("<p>この認証サービスのログインは終わりました。 Your login here has ended.</p>")
            if let initiator {
                page.raw("<p>")
                name(initiator.id, initiator, &page)
                page.raw("からログアウトしました。 You logged out from there.</p>")
            }
            if !progress.legs.isEmpty { results(progress, base, at: now, &page, member) }
            switch step {
            case .visit(let id):
                let leg = progress.legs.first { $0.id == id }
                page.element("<p><a href=\"", base + "/next", "\">次のサービスのログアウトへ Go on to the next service")
                if let leg { page.element(": <strong>", title(leg.member, member(leg.member)), "</strong>") }
                page.raw("</a></p>")
                page.raw("<p>サービスから戻らないときは、ブラウザの「戻る」でこのページに戻り、続けてください。")
                page.raw(" If a service does not bring you back, return to this page with your browser's back button and go on.</p>")
                skip(base, number: id.number, "このサービスをとばす Skip this service", &page)
                skip(base, number: nil, "残りをすべてとばす Skip all that are left", &page)
            case .wait: page.raw("<p>サービスの応答を待っています。 Waiting for the services to answer.</p>")
            case .done: end(progress, base, owed, initiator, &page)
            }
        }
    }

    private static func results(
        _ progress: LogoutProgress, _ base: String, at now: Timestamp, _ page: inout Markup, _ member: (MemberID) -> Member?
    ) {
        page.raw("<h2>ほかのサービス Other services</h2><dl>")
        for leg in progress.legs {
            page.raw("<dt>")
            name(leg.member, member(leg.member), &page)
            page.raw("</dt><dd>")
            let result = progress.result(of: leg, at: now)
            switch result {
            case .ended: page.raw("終わりました Ended")
            case .failed: page.raw("失敗しました Failed")
            case .open: page.raw("まだ開いています Still open")
            }
            page.element(" <code>", result.rawValue + (leg.reason.map { ", " + $0.rawValue } ?? ""), "</code>")
            if let reason = leg.reason { explain(reason, &page) }
            if leg.state == .asked { page.raw("<br>応答がまだ届いていません。 Its answer has not come.") }
            if leg.channel == .front, leg.state == .asked || leg.reason == .skipped {
                page.element("<br><a target=\"_blank\" rel=\"noopener\" href=\"", base + "/next?leg=" + String(leg.id.number), "\">")
                page.raw("新しいタブでもう一度 Try again in a new tab</a>")
            }
            page.raw("</dd>")
        }
        page.raw("</dl>")
    }

    private static func end(_ progress: LogoutProgress, _ base: String, _ owed: Owed, _ initiator: Member?, _ page: inout Markup) {
        if progress.outcome == .partial {
            page.raw("<p>まだ開いているサービスは、そのサービスの画面でログアウトするか、ブラウザを閉じてください。")
            page.raw(" Where a service is still open, log out there, or close your browser.</p>")
        } else {
            page.raw("<p>すべて終わりました。 Everything has ended.</p>")
        }
        switch owed {
        case .answer:
            page.element("<p><a href=\"", base + "/answer", "\">サービスに戻る Back to the service")
            if let initiator { page.element(": <strong>", title(initiator.id, initiator), "</strong>") }
            page.raw("</a></p>")
        case .nothing: page.raw("<p><a href=\"/\">はじめのページ Front page</a></p>")
        }
    }

    private static func explain(_ reason: LogoutReason, _ page: inout Markup) {
        page.raw("<br>")
        switch reason {
        case .noService: page.raw("ログアウトの窓口がありません。 It offers no logout to us.")
        case .browserOnly: page.raw("ブラウザからしか伝えられません。 Only your browser could tell it.")
        case .leftOpen: page.raw("ここだけログアウトを選びました。 You chose to log out here only.")
        case .skipped: page.raw("とばしました。 Skipped.")
        case .notInForce: page.raw("認定が有効でないため、知らせることができません。 Its accreditation is not in force, so that it is not told.")
        case .notRegistered: page.raw("登録がなくなりました。 It is registered no longer.")
        case .unreachable: page.raw("応答がありません。あとでまた伝えます。 It does not answer; we go on trying.")
        case .badAnswer: page.raw("応答を読めません。 Its answer cannot be read.")
        case .unproven: page.raw("応答を確かめられません。 Its answer is not proven.")
        case .refused: page.raw("できないと答えました。 It answered that it could not.")
        case .expired: page.raw("時間切れです。 The time was up.")
        case .unspeakable: page.raw("伝えられませんでした。 It could not be told.")
        }
    }

    private static func skip(_ base: String, number: Int?, _ label: StaticString, _ page: inout Markup) {
        page.element("<form method=\"post\" action=\"", base + "/skip", "\">")
        if let number { page.element("<input type=\"hidden\" name=\"leg\" value=\"", String(number), "\">") }
        page.raw("<button type=\"submit\">")
        page.raw(label)
        page.raw("</button></form>")
    }

    private static func name(_ id: MemberID, _ member: Member?, _ page: inout Markup) {
        page.element("<strong>", title(id, member), "</strong>")
        if let english = member?.displayName["en"], english != member?.displayName["ja"] { page.element(" (", english, ")") }
    }

    private static func title(_ id: MemberID, _ member: Member?) -> String {
        member.flatMap { $0.displayName["ja"] ?? $0.displayName["en"] } ?? id.text
    }

    /// Asks the citizen: nobody is logged out by a link that anybody can write (checklist H4).
    static func askLogout(_ parameters: String, _ member: Member?) -> Markup {
        document("ログアウトしますか Log out?") { page in
            if let member {
                page.raw("<p>")
                name(member.id, member, &page)
                page.raw("がログアウトを求めています。 asks you to log out.</p>")
            }
            page.raw("<p>この認証サービスと、ログイン中のサービスからログアウトします。")
            page.raw(" This ends your login here and at the services you use with it.</p>")
            page.raw("<form method=\"post\" action=\"/openid/logout/confirm\">")
            page.element("<input type=\"hidden\" name=\"request\" value=\"", parameters, "\">")
            page.raw("<button type=\"submit\" name=\"answer\" value=\"yes\">ログアウト Log out</button></form>")
            page.raw("<p><a href=\"/\">ログアウトしない Stay logged in</a></p>")
        }
    }

    /// Brings a request from the client's site back from our own page, with our cookies.
    static func resendLogout(_ parameters: String) -> Markup {
        document("関所 Sekisho") { page in
            page.raw("<form method=\"post\" action=\"/openid/logout/confirm\">")
            page.element("<input type=\"hidden\" name=\"request\" value=\"", parameters, "\">")
            page.raw("<button type=\"submit\">ログアウトへ進む Go on to log out</button></form>")
            page.raw(script)
        }
    }

    /// There was nothing to end. `back` is a registered address that nobody vouched for: followed only by hand.
    static func loggedOut(_ back: (address: String, member: Member?)?) -> Markup {
        document("ログアウト Logged out") { page in
            page.raw("<p>ログインしていません。 You are not logged in.</p>")
            if let back {
                page.element("<p><a href=\"", back.address, "\">サービスに戻る Back to the service")
                if let member = back.member { page.element(": <strong>", title(member.id, member), "</strong>") }
                page.raw("</a></p>")
            } else {
                page.raw("<p><a href=\"/\">はじめのページ Front page</a></p>")
            }
        }
    }
}
