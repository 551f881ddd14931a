import SignOn
import TrustFramework

/// Why the card is asked for while the citizen is logged in already: in plain words, and in those of the rules that want it.
enum StepUpWords {
    static func why(_ need: Need, _ page: inout Markup) {
        guard need.samePerson != nil else { return }
        switch need.why {
        case .first: return
        case .stronger:
            page.raw("<p>このサービスには、より確かな確認が必要です。同じカードを使ってください。")
            page.raw(" This service needs a stronger login with the same card.</p>")
        case .again(let again):
            page.raw("<p>大切な手続きなので、もう一度カードを使って確認します。同じカードを使ってください。")
            page.raw(" This matters enough to check once more: use the same card again.</p>")
            minutes(again.within, &page)
        case .apart:
            page.raw("<p>このサービスのログインは、ほかのサービスのログインとは分けて扱われます。同じカードを使ってください。")
            page.raw(" Logins for this service are kept apart from those for others: use the same card.</p>")
        case .over:
            page.raw("<p>このサービスで使えるログインの時間が過ぎました。もう一度カードを使ってください。")
            page.raw(" The time for which this service accepts a login is over: use your card again.</p>")
        case .status:
            page.raw("<p>カードの証明書がいまも有効かを確かめるため、もう一度カードを使ってください。")
            page.raw(" To see that your card's certificate is still valid, use your card once more.</p>")
        }
        guard !need.says.isEmpty else { return }
        page.raw("<ul>")
        RuleWords.items(need.says, &page)
        page.raw("</ul>")
    }

    private static func minutes(_ seconds: Int64, _ page: inout Markup) {
        let minutes = String(max(1, (seconds + 59) / 60))
        page.element("<p>カードの確認は、", minutes, "分以内のものが必要です。")
        page.element(" The card must have been used within ", minutes, " minutes.</p>")
    }
}
