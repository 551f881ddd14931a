/// What a citizen is told when a card was not taken: what is so, and what helps. Never whose fault it is. The codes of apps and terminals get
/// one sentence in common: a citizen can do nothing about them but tell.
enum CardTrouble {
    static func words(_ code: String) -> Words {
        own(code) ?? RefusalWords.known(code)
            ?? Words(
                "カードを確認できませんでした。もう一度お試しください。", "The card could not be checked. Please try again.",
                easy: "カードを 確かめられませんでした。もう一回 してください。")
    }

    /// Nil where there is nothing to say of the card that the catalogue does not say.
    static func own(_ code: String) -> Words? { special[code] ?? ofKind(code) }

    private static func ofKind(_ code: String) -> Words? {
        if code.hasPrefix("card.statement.") || code.hasPrefix("card.api.") || code.hasPrefix("card.signature.") {
            return Words(
                "アプリまたは端末との通信がうまくいきませんでした。もう一度お試しください。解消しないときは、アプリや端末の窓口にコード「",
                "Communication with the app or terminal failed. Please try again. If it keeps failing, please give the operator of the app or terminal the code “",
                easy: "アプリか 機械が うまく 動きませんでした。もう一回 してください。だめな ときは、係の 人に これを 見せてください「")
                + Words(code + "」をお知らせください。", code + "”.", easy: code + "」。")
        }
        if code.hasPrefix("card.certificate.") {
            return Words(
                "この証明書は、ここでのログインには使えません。「利用者証明用電子証明書」を選んで、もう一度お試しください。",
                "This certificate cannot be used to log in here. Please choose the user authentication certificate and try again.",
                easy: "この 証明書は 使えません。「利用者証明用」を 選んでください。")
        }
        return nil
    }

    private static let counter = Words("市区町村の窓口で、新しく発行を受けられます。", " Your municipal office can issue a new one.", easy: "市役所か 役場で 新しく 作れます。")

    private static let special: [String: Words] = [
        "card.tls.no-certificate": Words(
            "カードの証明書を受け取れませんでした。カードリーダーとカードを確認し、ブラウザに選択画面が表示されたら「利用者証明用」の証明書を選んでください。",
            "No certificate was received from the card. Check the reader and the card, and choose the user authentication certificate when your browser asks.",
            easy: "カードが 読めませんでした。カードリーダーを 見てください。つぎに「利用者証明用」を 選んでください。"),
        "card.certificate.expired": Words(
            "このカードの電子証明書は、有効期限が切れています。市区町村の窓口で電子証明書を更新できます。カードは引き続き使えます。",
            "The certificate on this card has expired. Your municipal office can renew it; you keep the card.",
            easy: "証明書の 期限が すぎました。市役所か 役場で 新しく できます。カードは 同じ ものを 使えます。"),
        "card.certificate.not-yet-valid": Words(
            "このカードの電子証明書は、まだ有効期間が始まっていません。少し待ってから、もう一度お試しください。",
            "The certificate on this card is not valid yet. Please wait a little and try again.", easy: "まだ 使えません。少し 待ってください。"),
        "card.certificate.signature-use": Words(
            "「署名用」の証明書が選ばれました。ログインには「利用者証明用」の証明書を選んでください。",
            "The signature certificate was chosen. Please choose the user authentication certificate to log in.",
            easy: "「利用者証明用」を 選んでください。「署名用」では ありません。"),
        "card.certificate.simulated": Words(
            "試験用のカードは使えません。ご自身のマイナンバーカードをお使いください。", "Test cards cannot be used here. Please use your own My Number Card.",
            easy: "テスト用の カードは 使えません。あなたの マイナンバーカードを 使ってください。"),
        "card.status.revoked": Words(
            "このカードの電子証明書は失効しています。引っ越しや更新などの手続きにより失効することがあります。",
            "The certificate on this card has been revoked. This can happen when you move house or renew the card.",
            easy: "この カードの 証明書は、いま 使えません。")
            + counter,
        "card.status.held": Words(
            "このカードの電子証明書は一時停止中です。カードが見つかったときは、市区町村の窓口で一時停止を解除できます。",
            "The certificate on this card is suspended. If you have your card again, your municipal office can lift the suspension.",
            easy: "カードは 止まっています。カードが ある ときは、市役所か 役場で また 使えるように できます。"),
        "card.status.unknown": Words(
            "現在、電子証明書が有効かどうかを確認できません。カードに問題があるわけではありません。少し待ってから、もう一度お試しください。",
            "At the moment we cannot check whether the certificate is valid. Nothing is wrong with your card. Please try again in a little while.",
            easy: "いま 確かめられません。カードは わるくありません。少し 待って、もう一回 してください。"),
        "card.status.stale": Words(
            "現在、電子証明書が有効かどうかを確認できません。カードに問題があるわけではありません。少し待ってから、もう一度お試しください。",
            "At the moment we cannot check whether the certificate is valid. Nothing is wrong with your card. Please try again in a little while.",
            easy: "いま 確かめられません。カードは わるくありません。少し 待って、もう一回 してください。"),
        "card.challenge.expired": Words(
            "確認の有効時間が過ぎました。もう一度お試しください。", "The time for this check has run out. Please try again.", easy: "時間が すぎました。もう一回 してください。"),
        "card.challenge.unknown": Words(
            "前の画面での操作が残っていました。もう一度お試しください。", "That belonged to an earlier page. Please try again.", easy: "もう一回 してください。"),
        "card.handover.unknown": Words(
            "前の画面での操作が残っていました。もう一度カードを読み取ってください。", "That belonged to an earlier page. Please use your card again.",
            easy: "もう一回 カードを 使ってください。"),
        "signon.step-up.other-person": Words(
            "ログイン中の方とは別の方のカードです。同じカードを使うか、下の「別の人がログインする」を選んでください。",
            "That card belongs to someone other than the person who is logged in. Use the same card, or choose “Someone else logs in” below.",
            easy: "ちがう 人の カードでした。同じ カードを 使ってください。"),
        "signon.presence.first-link": Words(
            "このカードは、ここで初めて使われます。最初の1回だけ、暗証番号を使ってログインしてください。",
            "This card is being used here for the first time. Please log in with its PIN this once; after that you will not need it here.",
            easy: "はじめての カードです。1回目は 暗証番号を 使ってください。"),
    ]
}
