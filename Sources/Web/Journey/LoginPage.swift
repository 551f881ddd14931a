import OpenID
import SignOn
import TrustFramework
import Vocabulary

/// The login page: which service asks and why, the ways that the policy allows, what to have at hand, and what became of the last try.
struct LoginPage: Sendable {
    let member: Member
    let purpose: Words
    let need: Need
    /// The address of this visit, for an app and a terminal.
    let address: String
    /// Under which its doors are, on our own origin.
    let door: String
    /// The card listener's address for this visit; nil where there is none.
    let card: String?
    var details: [DetailsWords] = []
    var about: ClientPresentation?
    /// What the card's app told, and what became of the last try.
    var news: CardNews?
    /// The address by which an app on another device finds this visit; nil where none is offered.
    var pairing: String?
    /// Why the card was not taken just now, for the developer of its app.
    var refused: Explanation?
    let until: Timestamp
    let now: Timestamp

    var markup: Markup {
        let again = need.samePerson != nil
        let title =
            again
            ? Words("もう一度カードを使ってください", "Please use your card again", easy: "もう一回 カードを 使ってください")
            : Words("マイナンバーカードでログイン", "Log in with your My Number Card", easy: "マイナンバーカードで ログインします")
        return Pages.document(title, fault: news?.trouble.map(CardTrouble.words)) { page in
            if let news { advice(news, &page) }
            who(&page)
            StepUpWords.why(need, &page)
            Pages.details(details, &page)
            pin(&page)
            ways(&page)
            before(&page)
            time(&page)
            if let refused { Pages.forDevelopers(refused, &page) }
            page.button(to: door + "/cancel", Words("やめる", "Cancel", easy: "やめます"), kind: .plain)
            if again {
                page.button(
                    to: "/session/end",
                    Words("別の人がログインする（いまのログインを終了する）", "Someone else logs in (ends this login)", easy: "ほかの 人が 使う（いまの ログインを 終わります）"),
                    kind: .plain)
            }
        }
    }

    private func who(_ page: inout Markup) {
        page.paragraph { page in
            page.strong(member.words)
            page.words(Words(" がログインを求めています。", " asks you to log in.", easy: " が、あなたが だれか 知りたいと 言っています。"))
        }
        page.facts([(Words("利用目的", "Purpose", easy: "何の ため"), .words(purpose))])
        if let about { Pages.links(about, &page) }
    }

    private func pin(_ page: inout Markup) {
        switch need.weakestMode {
        case .pin:
            page.paragraph(
                Words("利用者証明用電子証明書の暗証番号（数字4桁）が必要です。", "You need your 4-digit PIN.", easy: "4つの 数字（暗証番号）が いります。"))
        case .face:
            page.paragraph(
                Words("窓口の端末で顔認証を行います。", "Your face will be checked at a staffed terminal.", easy: "窓口の 機械で 顔を 見ます。"))
        case .presence:
            page.paragraph(
                Words(
                    "カードをかざしてください。窓口や専用の端末では、暗証番号は不要です。",
                    "Hold your card to the reader. At a counter or a dedicated terminal no PIN is needed.",
                    easy: "カードを 機械に 置いてください。窓口では 暗証番号は いりません。"))
        }
    }

    private var takesChallenge: Bool { need.acceptable.contains { $0.doors.contains(.challenge) } }
    private var takesPhone: Bool { need.acceptable.contains { $0.carriers.contains(.phone) } }
    private var takesTerminal: Bool {
        need.acceptable.contains { $0.needsStatement || !$0.modes.isDisjoint(with: [.face, .presence]) }
    }

    private func ways(_ page: inout Markup) {
        page.heading(2, Words("ログインの方法を選んでください", "Choose how to log in", easy: "どの やりかたで ログインしますか"))
        page.raw("<ul class=\"ways\">")
        if let card {
            page.raw("<li>")
            page.heading(3, Words("このパソコンのカードリーダー", "The card reader of this computer", easy: "この パソコンの カードリーダー"))
            page.paragraph {
                $0.link(card, Words("このブラウザでカードを使う", "Use the card in this browser", easy: "この ブラウザで カードを 使います"), class: "button primary")
            }
            page.paragraph(
                Words(
                    "ブラウザに証明書の選択画面が表示されます。「利用者証明用」の証明書を選び、暗証番号を入力してください。",
                    "Your browser will ask you to choose a certificate. Choose the one for user authentication, then enter your PIN.",
                    easy: "証明書を 選ぶ 画面が 出ます。「利用者証明用」を 選んでください。つぎに 暗証番号を 入れてください。"))
            page.raw("</li>")
        }
        if takesChallenge {
            page.raw("<li>")
            app(&page)
            page.raw("</li>")
        }
        if takesTerminal {
            page.raw("<li>")
            page.heading(3, Words("窓口や店舗の端末", "A terminal at a counter or a shop", easy: "窓口や 店の 機械"))
            page.paragraph(
                Words(
                    "窓口や店舗では、係員の案内に従ってカードを置いてください。", "At a counter or a shop, place your card as the staff tell you.",
                    easy: "窓口や 店では、係の 人に 聞いてください。"))
            page.raw("</li>")
        }
        page.raw("</ul>")
    }

    private func app(_ page: inout Markup) {
        page.heading(
            3,
            takesPhone
                ? Words("スマートフォン・アプリ", "A phone or an app", easy: "スマートフォン・アプリ")
                : Words("カードを読み取るアプリ", "An app that reads the card", easy: "カードを 読む アプリ"))
        if let pairing {
            page.paragraph(
                Words(
                    "カードを読み取るアプリでこの二次元コードを読み取り、アプリに表示される番号を下の欄に入力してください。",
                    "Scan this QR code with the app that reads your card, then enter below the number that the app shows.",
                    easy: "アプリで この QRコードを 読んでください。アプリに 出る 番号を 下に 入れてください。"))
            page.qr(pairing, label: Words("アプリで読み取る二次元コード", "QR code to scan with the app", easy: "アプリで 読む QRコード"))
            page.details(Words("読み取れないとき", "If it cannot be scanned", easy: "読めない とき")) { page in
                page.paragraph { page in
                    page.words(Words("アプリに入力するアドレス：", "Address to enter in the app: ", easy: "アプリに 入れる アドレス："))
                    page.code(pairing)
                }
            }
            page.note(
                Words(
                    "この画面は、ご自身で開いたものですか。ほかの人から送られてきた二次元コードやリンクの場合は、詐欺のおそれがあります。使わないでください。",
                    "Did you open this page yourself? If somebody sent you the QR code or a link, it may be a fraud: do not use it.",
                    easy: "この 画面は じぶんで 開きましたか。だれかが 送ってきた ときは、うそかもしれません。使わないでください。"))
            page.form(to: door + "/app") { page in
                page.field(
                    FormField(
                        AppPairing.field, Words("アプリに表示された番号", "The number that the app shows", easy: "アプリの 番号"), kind: .digits,
                        error: news?.pairingFault?.words, isRequired: true, maximum: 16))
                page.submit(Words("次へ", "Next", easy: "つぎへ"))
            }
        }
        page.paragraph { page in
            page.words(Words("この端末に入っているアプリ用のアドレス：", "Address for an app on this device: ", easy: "この スマートフォンの アプリの ための アドレス："))
            page.code(address)
        }
    }

    /// What to see to before starting: most logins that fail, fail at one of these.
    private func before(_ page: inout Markup) {
        page.details(Words("始める前にご確認ください", "Before you start", easy: "始める 前に 見てください")) { page in
            var items = [
                Words(
                    "マイナンバーカード（または電子証明書を搭載したスマートフォン）が手元にありますか。",
                    "Do you have your My Number Card, or a phone with its certificate, at hand?", easy: "マイナンバーカードが ここに ありますか。")
            ]
            if need.weakestMode == .pin {
                items.append(
                    Words(
                        "利用者証明用電子証明書の暗証番号（数字4桁）は分かりますか。3回続けて間違えると、安全のためロックされます。思い出せないときは、市区町村の窓口で設定し直してください。",
                        "Do you know the PIN of your user authentication certificate (four digits)? After three wrong entries in a row it is locked for your security. If you cannot remember it, have a new one set at your municipal office.",
                        easy: "4つの 数字を おぼえていますか。3回 まちがえると 止まります。忘れた ときは、市役所か 役場に 行ってください。"))
            }
            if card != nil {
                items.append(
                    Words(
                        "カードリーダーはつながっていますか。カードは、金色の端子を上にして奥まで差し込んでください。",
                        "Is the reader connected? Push the card all the way in with its gold contacts facing up.",
                        easy: "カードリーダーを つなぎましたか。カードを おくまで 入れてください。"))
            }
            if takesPhone || takesChallenge {
                items.append(
                    Words(
                        "スマートフォンで読み取るときは、NFCを有効にし、カードを背面に当てたまま動かさないでください。",
                        "With a phone: switch NFC on, and hold the card still against the back of the phone.",
                        easy: "スマートフォンの NFCを オンに してください。カードを 動かさないでください。"))
            }
            items.append(
                Words(
                    "電子証明書の有効期限（通常は発行から5回目の誕生日まで）は切れていませんか。",
                    "Has the certificate expired? (It is usually valid until your fifth birthday after it was issued.)",
                    easy: "証明書の 期限は すぎていませんか。"))
            page.list(items)
            page.linkLine("/help", Words("困ったときの案内", "Help", easy: "わからない とき"))
        }
    }

    /// What the app found when it looked, before any PIN is typed.
    private func advice(_ news: CardNews, _ page: inout Markup) {
        guard let readiness = news.readiness else { return }
        let lines = readiness.advice(for: need.weakestMode, at: now)
        guard !lines.isEmpty else { return }
        page.note(readiness.isReady ? .done : .plain) { page in
            page.paragraph(Words("アプリからのお知らせ", "From your app", easy: "アプリから"))
            page.list(lines)
        }
    }

    private func time(_ page: inout Markup) {
        page.timeLeft(
            until: until, at: now,
            note: Words("この画面の有効時刻：", "This page is valid until ", easy: "この 画面は この 時間まで 使えます："),
            warning: Words(
                "まもなくこの画面の有効時間が終わります。間に合わないときは、サービスの画面からもう一度始められます。",
                "This page is about to expire. If you need more time, you can start again from the service.",
                easy: "もうすぐ 時間が 終わります。終わっても、サービスから もう一回 始められます。"))
    }
}
