import Settings

extension Pages {
    /// `GET /help`: what helps a person with a card, in the order in which things go wrong.
    static func citizenHelp(_ care: CarePart) -> Markup {
        document(Words("困ったとき", "If something does not work", easy: "わからないとき")) { page in
            for topic in topics {
                page.heading(2, topic.question)
                page.list(topic.answers)
                if topic.isLoss { loss(care, &page) }
            }
            page.heading(2, Words("コードが表示されたとき", "If you were shown a code", easy: "コードが 出たとき"))
            page.paragraph { page in
                page.words(
                    Words(
                        "画面に出たコードの意味を調べられます: ", "You can look up what a code on the page means: ", easy: "コードの 意味を 見られます: "))
                page.link("/help/codes", allCodes)
            }
        }
    }

    /// Whom to call is the operator's to say (`care:` in sekisho.yaml): no number is built in.
    private static func loss(_ care: CarePart, _ page: inout Markup) {
        if let hotline = care.hotline {
            page.paragraph { page in
                page.strong(Words(hotline.name["ja"] ?? "窓口", hotline.name["en"] ?? "Hotline"))
                page.raw(": ")
                page.open("a", [("href", "tel:" + hotline.number.filter { $0 != " " && $0 != "-" })])
                page.text(hotline.number)
                page.close("a")
                if let hours = hotline.hours["ja"] { page.words(Words("（" + hours + "）", " (" + (hotline.hours["en"] ?? hours) + ")")) }
            }
            if let abroad = hotline.abroad {
                page.paragraph(Words("海外から: ", "From abroad: ") + abroad)
            }
        }
        page.linkLine("/me/lost", Words("紛失を届けて、ログインをすべて終える", "Report the loss here, and end all of your logins", easy: "なくした ことを 伝える"))
    }

    private struct Topic {
        let question: Words
        let answers: [Words]
        var isLoss = false
    }

    private static let topics: [Topic] = [
        Topic(
            question: Words("カードが読めない", "The card cannot be read", easy: "カードが 読めません"),
            answers: [
                Words(
                    "カードリーダーのときは、金色の端子を上にして、奥まで差し込みます。ほかのアプリがカードを使っていると読めないことがあります。",
                    "With a reader, push the card all the way in, gold contacts up. Another program that uses the card can be in the way.",
                    easy: "カードを おくまで 入れてください。金色の ところが 上です。"),
                Words(
                    "スマートフォンのときは、NFCを使える設定にし、ケースを外して、カードを背面に当てたまま動かさずに待ちます。",
                    "With a phone, switch NFC on, take the case off, and hold the card still against its back.",
                    easy: "スマートフォンの NFCを オンに します。カードを うごかさないでください。"),
            ]
        ),
        Topic(
            question: Words("暗証番号が分からない・使えなくなった", "The PIN is forgotten, or no longer taken", easy: "暗証番号が わかりません"),
            answers: [
                Words(
                    "ログインに使うのは「利用者証明用」の4けたの数字です。6〜16文字のパスワードは署名用で、別のものです。",
                    "Logging in takes the four digits for user authentication. The password of 6 to 16 characters is for signing and is another one.",
                    easy: "ログインは 4つの 数字です。"),
                Words(
                    "3回続けて違う番号を入れると、カードを守るために使えなくなります。市区町村の窓口で設定し直せます。カードはそのまま使い続けられます。",
                    "After three wrong ones in a row the card protects itself. A municipal counter sets a new PIN; you keep the card.",
                    easy: "3回 まちがえると 止まります。市役所で なおせます。カードは そのままです。"),
            ]
        ),
        Topic(
            question: Words("電子証明書の期限が切れた", "The certificate has run out", easy: "証明書の 期限が すぎました"),
            answers: [
                Words(
                    "カード本体と電子証明書の期限は別です。市区町村の窓口で電子証明書を更新できます。更新しても、つながっているサービスの登録はなくなりません。",
                    "The card and its certificate run out on different days. A municipal counter renews the certificate. Your links to services are not lost by it.",
                    easy: "市役所で 証明書を 新しくできます。サービスの 登録は なくなりません。")
            ]
        ),
        Topic(
            question: Words("カードをなくした", "The card is lost", easy: "カードを なくしました"),
            answers: [
                Words(
                    "まず、マイナンバーカードの紛失の窓口に電話して、カードの機能を止めてください。ここでのログインも終わります。",
                    "First call the office for lost cards and have the card stopped. Logins here end with it.",
                    easy: "はじめに 電話で カードを 止めてください。"),
                Words(
                    "ログインしている端末があれば、そこから自分のログインをすべて終えられます。", "Where you are still logged in you can end all of your logins yourself.",
                    easy: "ログインしている スマートフォンで、ぜんぶの ログインを おわらせることが できます。"),
            ], isLoss: true
        ),
        Topic(
            question: Words("身に覚えのない画面・電話・メッセージ", "A page, call or message that you did not expect", easy: "しらない 画面・電話・メール"),
            answers: [
                Words(
                    "だれかに頼まれて、コードや二次元コードを使ったり、番号を教えたりしないでください。職員が暗証番号を尋ねることはありません。",
                    "Never use a code, scan a code or tell a number because somebody asked you to. Nobody of ours will ever ask for your PIN.",
                    easy: "たのまれても、番号を 教えないでください。暗証番号を 聞く 職員は いません。"),
                Words(
                    "ログイン中の画面は、最初のページから終えられます。", "You can end what is open from the front page.", easy: "最初の ページで ログアウトできます。"),
            ]
        ),
        Topic(
            question: Words("時間切れになった・画面を戻ってしまった", "The time ran out, or you went back", easy: "時間が おわりました"),
            answers: [
                Words(
                    "安全のため、ログインの画面には時間の限りがあります。使いたいサービスの画面から、もう一度始められます。二重に申し込まれることはありません。",
                    "For safety the login pages last for a limited time. Start again from the service; nothing is done twice.",
                    easy: "サービスの 画面から もう一回 はじめてください。二回 する ことに なりません。")
            ]
        ),
    ]
}
