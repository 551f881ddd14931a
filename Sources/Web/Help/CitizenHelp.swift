import Settings

extension Pages {
    /// `GET /help`: what helps a person with a card, in the order in which things go wrong.
    static func citizenHelp(_ care: CarePart) -> Markup {
        document(Words("困ったとき", "Help", easy: "わからない とき")) { page in
            for topic in topics {
                page.heading(2, topic.question)
                page.list(topic.answers)
                if topic.isLoss { loss(care, &page) }
            }
            page.heading(2, Words("コードが表示されたとき", "If you were shown a code", easy: "番号（コード）が 出た とき"))
            page.paragraph { page in
                page.words(
                    Words("画面に表示されたコードの意味を調べられます：", "You can look up what a code on the page means: ", easy: "コードの 意味を 見る ことが できます："))
                page.link("/help/codes", allCodes)
            }
        }
    }

    /// Whom to call is the operator's to say (`care:` in sekisho.yaml): no number is built in.
    private static func loss(_ care: CarePart, _ page: inout Markup) {
        if let hotline = care.hotline {
            page.paragraph { page in
                page.strong(Words(hotline.name["ja"] ?? "窓口", hotline.name["en"] ?? "Hotline", easy: hotline.name["ja"] ?? "窓口"))
                page.raw(": ")
                page.open("a", [("href", "tel:" + hotline.number.filter { $0 != " " && $0 != "-" })])
                page.text(hotline.number)
                page.close("a")
                if let hours = hotline.hours["ja"] { page.words(Words("（" + hours + "）", " (" + (hotline.hours["en"] ?? hours) + ")")) }
            }
            if let abroad = hotline.abroad {
                page.paragraph(Words("海外から：", "From abroad: ", easy: "外国から：") + abroad)
            }
        }
        page.linkLine("/me/lost", Words("紛失の届出をして、ログインをすべて終了する", "Report the loss here and end all your logins", easy: "なくした ことを 知らせます"))
    }

    private struct Topic {
        let question: Words
        let answers: [Words]
        var isLoss = false
    }

    private static let topics: [Topic] = [
        Topic(
            question: Words("カードを読み取れない", "The card cannot be read", easy: "カードが 読めません"),
            answers: [
                Words(
                    "カードリーダーをお使いのときは、金色の端子を上にして、奥まで差し込んでください。ほかのアプリがカードを使っていると、読み取れないことがあります。",
                    "With a card reader, push the card all the way in with its gold contacts facing up. The card may not be readable while another program is using it.",
                    easy: "カードを おくまで 入れてください。金色の ところが 上です。"),
                Words(
                    "スマートフォンをお使いのときは、NFCを有効にしてケースを外し、カードを背面に当てたまま動かさずにお待ちください。",
                    "With a phone, switch NFC on, take off the case, and hold the card still against the back of the phone.",
                    easy: "スマートフォンの NFCを オンに します。カードを 動かさないでください。"),
            ]
        ),
        Topic(
            question: Words("暗証番号が分からない・ロックされた", "The PIN is forgotten or locked", easy: "暗証番号が わかりません・止まりました"),
            answers: [
                Words(
                    "ログインに使うのは、利用者証明用電子証明書の暗証番号（数字4桁）です。署名用電子証明書の暗証番号（6〜16文字の英数字）とは別のものです。",
                    "You log in with the 4-digit PIN of the user authentication certificate. The password of 6 to 16 characters belongs to the signature certificate and is a different one.",
                    easy: "ログインに 使うのは、4つの 数字です。"),
                Words(
                    "3回続けて間違えると、安全のためロックされます。市区町村の窓口で暗証番号を設定し直せます。カードは引き続き使えます。",
                    "After three wrong entries in a row the PIN is locked for your security. Your municipal office can set a new one; you keep the card.",
                    easy: "3回 まちがえると 止まります。市役所か 役場で 直せます。カードは 同じ ものを 使えます。"),
            ]
        ),
        Topic(
            question: Words("電子証明書の有効期限が切れた", "The certificate has expired", easy: "証明書の 期限が すぎました"),
            answers: [
                Words(
                    "電子証明書の有効期限は、カードの有効期限とは別です。市区町村の窓口で更新できます。更新しても、連携しているサービスの登録はなくなりません。",
                    "The card and its certificates expire on different dates. Your municipal office can renew the certificate. Your connected services stay connected.",
                    easy: "市役所か 役場で 証明書を 新しく できます。サービスの 登録は なくなりません。")
            ]
        ),
        Topic(
            question: Words("カードをなくした", "You have lost your card", easy: "カードを なくしました"),
            answers: [
                Words(
                    "まず、マイナンバーカードの紛失の窓口に電話して、カードの機能を一時停止してください。ここでのログインもできなくなります。",
                    "First call the office for lost cards and have the card suspended. Logins here stop too.",
                    easy: "はじめに 電話で カードを 止めてください。ここでも ログインできなく なります。"),
                Words(
                    "ログイン中の機器があれば、その機器からご自身のログインをすべて終了できます。",
                    "If you are still logged in on a device, you can end all your logins from there.",
                    easy: "ログインしている スマートフォンが あれば、ぜんぶの ログインを 終わる ことが できます。"),
            ], isLoss: true
        ),
        Topic(
            question: Words("心当たりのない画面・電話・メッセージ", "A page, call or message you did not expect", easy: "知らない 画面・電話・メール"),
            answers: [
                Words(
                    "ほかの人に頼まれても、コードや二次元コードを使ったり、番号を教えたりしないでください。職員が暗証番号をお尋ねすることはありません。",
                    "Never use a code, scan a QR code or tell anybody a number because you were asked to. Our staff will never ask for your PIN.",
                    easy: "たのまれても、番号を 教えないでください。暗証番号を 聞く 職員は いません。"),
                Words("ログアウトは、最初のページからできます。", "You can log out from the front page.", easy: "最初の ページで ログアウトできます。"),
            ]
        ),
        Topic(
            question: Words("有効時間が過ぎた・前の画面に戻った", "The time ran out, or you went back", easy: "時間が 終わりました"),
            answers: [
                Words(
                    "安全のため、ログインの画面には有効時間があります。ご利用になるサービスの画面から、もう一度始めてください。同じ手続きが二重に行われることはありません。",
                    "For your security the login pages last for a limited time. Please start again from the service; nothing is done twice.",
                    easy: "サービスの 画面から もう一回 始めてください。2回 申し込む ことに なりません。")
            ]
        ),
    ]
}
