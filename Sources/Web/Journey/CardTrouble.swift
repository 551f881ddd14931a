/// What a citizen is told when a card was not taken: what is so, and what helps. Never whose fault it is. The codes of apps and terminals get
/// one sentence in common: a citizen can do nothing about them but tell.
enum CardTrouble {
    static func words(_ code: String) -> Words { special[code] ?? general(code) }

    private static func general(_ code: String) -> Words {
        if code.hasPrefix("card.statement.") || code.hasPrefix("card.api.") || code.hasPrefix("card.signature.") {
            return Words(
                "アプリか端末とのやり取りがうまくいきませんでした。もう一度お試しください。続くときは、アプリや端末の係に番号「",
                "The app or the terminal and we did not understand each other. Please try once more; if it goes on, tell whoever runs it the code “",
                easy: "アプリか 機械が うまく うごきませんでした。もう一回 してください。だめなときは 係の人に 見せてください「")
                + Words(code + "」をお伝えください。", code + "”.", easy: code + "」。")
        }
        if code.hasPrefix("card.certificate.") {
            return Words(
                "このカードの証明書は、ここのログインには使えないものでした。「利用者証明用電子証明書」を選んで、もう一度お試しください。",
                "This certificate cannot be used for logging in here. Please choose the one for user authentication and try again.",
                easy: "この 証明書は つかえません。「利用者証明用」を えらんでください。")
        }
        return Words(
            "今回はカードの確認ができませんでした。もう一度お試しください。", "The card could not be checked this time. Please try again.",
            easy: "カードを たしかめられませんでした。もう一回 してください。")
    }

    private static let counter = Words(
        "市区町村の窓口で新しく発行できます。", " A municipal counter issues a new one.", easy: "市役所で 新しく 作れます。")

    private static let special: [String: Words] = [
        "card.tls.no-certificate": Words(
            "カードの証明書が届きませんでした。カードリーダーとカードを確かめ、ブラウザが尋ねたら「利用者証明用」の証明書を選んでください。",
            "No certificate of a card arrived. Check the reader and the card, and choose the user-authentication certificate when your browser asks.",
            easy: "カードが 読めませんでした。カードリーダーを 見てください。「利用者証明用」を えらんでください。"),
        "card.certificate.expired": Words(
            "このカードの電子証明書は有効期限が過ぎています。カードはそのままで、市区町村の窓口で証明書を更新できます。",
            "The certificate on this card has run out. The card stays; a municipal counter renews the certificate.",
            easy: "証明書の 期限が すぎました。市役所で 新しくできます。"),
        "card.certificate.not-yet-valid": Words(
            "このカードの電子証明書は、まだ使い始めの時刻になっていません。少し待ってからお試しください。",
            "The certificate on this card is not valid yet. Please wait a little and try again.", easy: "まだ つかえません。すこし まってください。"),
        "card.certificate.signature-use": Words(
            "「署名用」の証明書が選ばれました。ログインには「利用者証明用」の証明書を使います。",
            "The signature certificate was chosen. Logging in takes the one for user authentication.",
            easy: "「利用者証明用」を えらんでください。「署名用」では ありません。"),
        "card.certificate.simulated": Words(
            "試験用のカードのようです。このサービスでは本物のカードを使ってください。", "This looks like a test card. Please use a real one here.", easy: "テスト用の カードは つかえません。"),
        "card.status.revoked": Words(
            "このカードの電子証明書は、いまは使えない状態（失効）になっています。引っ越しや更新の手続きでもそうなります。",
            "The certificate on this card is no longer valid. Moving house or renewing can be the reason.", easy: "この カードの 証明書は いま つかえません。")
            + counter,
        "card.status.held": Words(
            "このカードの電子証明書は一時停止されています。カードが見つかったときは、発行した窓口で再開の手続きができます。",
            "The certificate on this card is on hold. If you have your card again, the office that issued it can lift the hold.",
            easy: "カードは 止まっています。市役所で また つかえるように できます。"),
        "card.status.unknown": Words(
            "カードの証明書が有効かどうかを、いま確かめられません。カードに問題があるわけではありません。少し待ってから、もう一度お試しください。",
            "At the moment we cannot find out whether the certificate is valid. Nothing is wrong with your card: please try again in a little while.",
            easy: "いま たしかめられません。カードは わるくありません。すこし まって もう一回 してください。"),
        "card.status.stale": Words(
            "カードの証明書が有効かどうかを、いま確かめられません。カードに問題があるわけではありません。少し待ってから、もう一度お試しください。",
            "At the moment we cannot find out whether the certificate is valid. Nothing is wrong with your card: please try again in a little while.",
            easy: "いま たしかめられません。カードは わるくありません。すこし まって もう一回 してください。"),
        "card.challenge.expired": Words(
            "時間がかかったため、確認をやり直します。もう一度お試しください。", "It took longer than the check lasts. Please try once more.", easy: "時間が すぎました。もう一回 してください。"
        ),
        "card.challenge.unknown": Words(
            "前の画面の確認が残っていました。もう一度お試しください。", "That belonged to an earlier page. Please try once more.", easy: "もう一回 してください。"),
        "card.handover.unknown": Words(
            "前の画面の確認が残っていました。もう一度カードを使ってください。", "That belonged to an earlier page. Please use your card once more.",
            easy: "もう一回 カードを つかってください。"),
        "signon.step-up.other-person": Words(
            "いまログインしている人とは別の方のカードでした。同じカードを使うか、下の「別の人がログインする」を選んでください。",
            "That card is another person's than the one who is logged in. Use the same card, or choose “Someone else logs in” below.",
            easy: "ちがう人の カードでした。同じ カードを つかってください。"),
        "signon.presence.first-link": Words(
            "このカードはここで初めて使われます。はじめの1回だけ、暗証番号を使ってログインしてください。",
            "This card is used here for the first time. Log in once with its PIN, please; after that it will do without.",
            easy: "はじめての カードです。はじめの 1回は 暗証番号を つかってください。"),
    ]
}
