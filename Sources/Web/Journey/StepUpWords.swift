import SignOn
import TrustFramework

/// Why the card is asked for while the citizen is logged in already: in plain words, and in those of the rules that want it.
enum StepUpWords {
    static func why(_ need: Need, _ page: inout Markup) {
        guard need.samePerson != nil, let words = words(for: need.why) else { return }
        page.heading(2, Words("もう一度カードを使う理由", "Why you are asked again", easy: "どうして もう一回 使いますか"))
        page.paragraph(words)
        if case .again(let again) = need.why { minutes(again.within, &page) }
        page.list(need.says.map(RuleWords.words))
    }

    private static let sameCard = Words("同じカードを使ってください。", " Please use the same card.", easy: "同じ カードを 使ってください。")

    private static func words(for why: Need.Why) -> Words? {
        switch why {
        case .first: nil
        case .stronger:
            Words(
                "すでにログインしていますが、このサービスでは、より強い認証が必要です。", "You are logged in, but this service needs a stronger login.",
                easy: "あなたは もう ログインしています。でも、この サービスでは もっと よく 確かめます。") + sameCard
        case .again:
            Words(
                "重要な手続きのため、もう一度カードで本人確認をします。開いたままの画面をほかの人に使われることを防ぐためです。",
                "This is an important step, so you are identified again. It keeps others from using a page you left open.",
                easy: "たいせつな ことなので、もう一回 カードで 確かめます。") + sameCard
        case .apart:
            Words(
                "このサービスのログインは、ほかのサービスのログインとは別に扱います。", "Logins for this service are kept apart from those for other services.",
                easy: "この サービスの ログインは、ほかの サービスと 別です。") + sameCard
        case .over:
            Words(
                "このサービスのログインの有効時間が過ぎました。もう一度カードを使ってください。", "Your login for this service has expired. Please use your card again.",
                easy: "ログインの 時間が 終わりました。もう一回 カードを 使ってください。")
        case .status:
            Words(
                "電子証明書が現在も有効かどうかを確認するため、もう一度カードを使ってください。", "To check that your certificate is still valid, please use your card again.",
                easy: "カードが いまも 使えるか 見ます。もう一回 カードを 使ってください。")
        }
    }

    private static func minutes(_ seconds: Int64, _ page: inout Markup) {
        let minutes = String(max(1, (seconds + 59) / 60))
        page.paragraph(
            Words(
                "過去" + minutes + "分以内のカードでの本人確認が必要です。", "You need to have used your card within the last " + minutes + " minutes.",
                easy: minutes + "分の 間に カードを 使った 人だけ できます。"))
    }
}
