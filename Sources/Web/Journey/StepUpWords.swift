import SignOn
import TrustFramework

/// Why the card is asked for while the citizen is logged in already: in plain words, and in those of the rules that want it.
enum StepUpWords {
    static func why(_ need: Need, _ page: inout Markup) {
        guard need.samePerson != nil, let words = words(for: need.why) else { return }
        page.heading(2, Words("もう一度お願いする理由", "Why you are asked again", easy: "どうして もう一回 つかいますか"))
        page.paragraph(words)
        if case .again(let again) = need.why { minutes(again.within, &page) }
        page.list(need.says.map(RuleWords.words))
    }

    private static let sameCard = Words("同じカードを使ってください。", " Use the same card.", easy: "同じ カードを つかってください。")

    private static func words(for why: Need.Why) -> Words? {
        switch why {
        case .first: nil
        case .stronger:
            Words(
                "すでにログインしていますが、このサービスには、より確かな確認が必要です。", "You are logged in, but this service needs a stronger login.",
                easy: "あなたは もう ログインしています。でも、このサービスは もっと よく たしかめます。") + sameCard
        case .again:
            Words(
                "大切な手続きなので、もう一度カードを使って確認します。ほかの人が、あなたの開いた画面を使うことを防ぐためです。",
                "This matters enough to check once more, so that nobody can use a page that you left open.",
                easy: "たいせつな ことなので、もう一回 カードで たしかめます。") + sameCard
        case .apart:
            Words(
                "このサービスのログインは、ほかのサービスのログインとは分けて扱われます。", "Logins for this service are kept apart from those for others.",
                easy: "このサービスの ログインは、ほかの サービスと べつです。") + sameCard
        case .over:
            Words(
                "このサービスで使えるログインの時間が過ぎました。もう一度カードを使ってください。", "The time for which this service accepts a login is over: use your card again.",
                easy: "ログインの 時間が おわりました。もう一回 カードを つかってください。")
        case .status:
            Words(
                "カードの証明書がいまも有効かを確かめるため、もう一度カードを使ってください。",
                "To see that your card's certificate is still valid, use your card once more.",
                easy: "カードが いまも つかえるか 見ます。もう一回 カードを つかってください。")
        }
    }

    private static func minutes(_ seconds: Int64, _ page: inout Markup) {
        let minutes = String(max(1, (seconds + 59) / 60))
        page.paragraph(
            Words("カードの確認は、" + minutes + "分以内のものが必要です。", "The card must have been used within " + minutes + " minutes."))
    }
}
