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
    /// The code by which an app on another device finds this visit; nil where none is offered.
    var pairing: AppPairing.Offer?
    /// Why the card was not taken just now, for the developer of its app.
    var refused: Explanation?
    let until: Timestamp
    let now: Timestamp

    var markup: Markup {
        let again = need.samePerson != nil
        let title =
            again
            ? Words("もう一度カードを使ってください", "Use your card once more", easy: "もう一回 カードを つかいます")
            : Words("マイナンバーカードでログイン", "Log in with your card", easy: "マイナンバーカードで ログインします")
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
            page.button(to: door + "/cancel", Words("やめる", "Stop", easy: "やめます"), kind: .plain)
            if again {
                page.button(
                    to: "/session/end",
                    Words(
                        "別の人がログインする（いまのログインを終える）", "Someone else logs in (end this login)",
                        easy: "ほかの人が つかう（いまのログインを おわる）"), kind: .plain)
            }
        }
    }

    private func who(_ page: inout Markup) {
        page.paragraph { page in
            page.strong(member.words)
            page.words(Words(" がログインを求めています。", " asks you to log in.", easy: " が、あなたが だれかを 知りたいと 言っています。"))
        }
        page.facts([(Words("目的", "Purpose", easy: "なんのため"), .words(purpose))])
        if let about { Pages.links(about, &page) }
    }

    private func pin(_ page: inout Markup) {
        switch need.weakestMode {
        case .pin:
            page.paragraph(
                Words(
                    "暗証番号（4けた）が必要です。", "You will need your 4-digit PIN.", easy: "4つの数字（暗証番号）が いります。"))
        case .face:
            page.paragraph(
                Words("窓口の端末で顔を確認します。", "A staffed terminal will check your face.", easy: "窓口の機械で 顔を 見ます。"))
        case .presence:
            page.paragraph(
                Words(
                    "カードをかざしてください。窓口や専用の端末では、暗証番号なしで進めます。", "Present your card. At a counter or a terminal made for it no PIN is needed.",
                    easy: "カードを 機械に おいてください。窓口では 暗証番号は いりません。"))
        }
    }

    private var takesHandshake: Bool { need.acceptable.contains { $0.doors.contains(.tls) && !$0.needsStatement } }
    private var takesChallenge: Bool { need.acceptable.contains { $0.doors.contains(.challenge) } }
    private var takesPhone: Bool { need.acceptable.contains { $0.carriers.contains(.phone) } }
    private var takesTerminal: Bool {
        need.acceptable.contains { $0.needsStatement || !$0.modes.isDisjoint(with: [.face, .presence]) }
    }

    private func ways(_ page: inout Markup) {
        page.heading(2, Words("方法を選んでください", "Choose a way", easy: "やりかたを えらんでください"))
        page.raw("<ul class=\"ways\">")
        if let card, takesHandshake {
            page.raw("<li>")
            page.heading(3, Words("このパソコンのカードリーダー", "The card reader of this computer"))
            page.paragraph { $0.link(card, Words("このブラウザでカードを使う", "Use the card in this browser"), class: "button primary") }
            page.paragraph(
                Words(
                    "ブラウザが証明書を選ぶ画面を出します。「利用者証明用」のものを選び、暗証番号を入力してください。",
                    "Your browser lets you choose a certificate: take the one for user authentication, then type your PIN.",
                    easy: "証明書を えらぶ 画面が 出ます。「利用者証明用」を えらんでください。つぎに 暗証番号を 入れてください。"))
            page.raw("</li>")
        }
        if takesChallenge {
            page.raw("<li>")
            app(&page)
            page.raw("</li>")
        }
        if takesTerminal {
            page.raw("<li>")
            page.heading(3, Words("窓口や店の端末", "A terminal at a counter"))
            page.paragraph(
                Words(
                    "窓口や店の端末では、係の人の案内にしたがってカードを置いてください。", "At a terminal of a counter or a shop, follow what its staff tell you.",
                    easy: "窓口や 店では、係の人に 聞いてください。"))
            page.raw("</li>")
        }
        page.raw("</ul>")
    }

    private func app(_ page: inout Markup) {
        page.heading(
            3,
            takesPhone
                ? Words("スマートフォン・アプリ", "A phone or an app", easy: "スマートフォン・アプリ")
                : Words("カードを読むアプリ", "An app that reads the card"))
        if let pairing {
            page.paragraph(
                Words(
                    "カードを読むアプリでこの二次元コードを読み取り、アプリに出る番号を下に入力してください。",
                    "Scan this code with the app that reads your card, then type below the number that the app shows.",
                    easy: "アプリで この四角い もようを 読んでください。アプリに 出る 番号を 下に 入れてください。"))
            page.qr(pairing.address, label: Words("アプリで読み取る二次元コード", "Code to scan with the app"))
            page.details(Words("読み取れないとき", "If it cannot be scanned", easy: "読めないとき")) { page in
                page.paragraph { page in
                    page.words(Words("アプリに入力するアドレス: ", "Address to type into the app: "))
                    page.code(pairing.address)
                }
            }
            page.note(
                Words(
                    "この画面は、いま自分で開いたものですか。だれかに送られてきた二次元コードやリンクなら、だまされています。使わないでください。",
                    "Did you open this page yourself? If the code or a link was sent to you by somebody, you are being deceived: do not use it.",
                    easy: "この画面は じぶんで 開きましたか。だれかが 送ってきたものなら、つかわないでください。"))
            page.form(to: door + "/app") { page in
                page.field(
                    FormField(
                        AppPairing.field, Words("アプリに出た番号", "The number that the app shows", easy: "アプリの 番号"), kind: .digits,
                        error: news?.pairingFault, isRequired: true, maximum: 16))
                page.submit(Words("次へ", "Next"))
            }
        }
        page.paragraph { page in
            page.words(Words("この端末の中のアプリ用のアドレス: ", "For an app on this device: "))
            page.code(address)
        }
    }

    /// What to see to before starting: most logins that fail, fail at one of these.
    private func before(_ page: inout Markup) {
        page.details(Words("始める前に確かめること", "Before you start", easy: "はじめる まえに")) { page in
            var items = [
                Words(
                    "マイナンバーカード（またはカードの機能を入れたスマートフォン）が手元にある。",
                    "You have your Individual Number Card, or a phone with its certificate, at hand.", easy: "マイナンバーカードが ここに ある。")
            ]
            if need.weakestMode == .pin {
                items.append(
                    Words(
                        "利用者証明用の暗証番号（数字4けた）が分かる。3回続けて違う番号を入れると、カードを守るために使えなくなります。思い出せないときは、試さずに市区町村の窓口で設定し直せます。",
                        "You know the PIN for user authentication: four digits. After three wrong ones in a row the card protects itself and stops. If you cannot remember it, do not try: a municipal counter sets a new one.",
                        easy: "4つの数字を おぼえている。3回 まちがえると つかえなくなります。わすれたら、市役所に 行ってください。"))
            }
            if card != nil, takesHandshake {
                items.append(
                    Words(
                        "カードリーダーがつながっていて、カードは金色の端子を上にして奥まで入っている。",
                        "The reader is plugged in, and the card is all the way in with its gold contacts up.",
                        easy: "カードリーダーが つながっている。カードを おくまで 入れた。"))
            }
            if takesPhone || takesChallenge {
                items.append(
                    Words(
                        "スマートフォンで読むときは、NFCが使える設定で、カードを背面に当てたまま動かさない。",
                        "With a phone: NFC is on, and the card stays still against its back.", easy: "スマートフォンの NFCを オンに する。カードを うごかさない。"))
            }
            items.append(
                Words(
                    "電子証明書の有効期限（ふつう発行から5回目の誕生日まで）が過ぎていない。",
                    "The certificate has not run out (as a rule it lasts until your fifth birthday after it was issued).",
                    easy: "証明書の 期限が すぎていない。"))
            page.list(items)
            page.linkLine("/help", Words("困ったときの案内", "If something does not work", easy: "わからないとき"))
        }
    }

    /// What the app found when it looked, before any PIN is typed.
    private func advice(_ news: CardNews, _ page: inout Markup) {
        guard let readiness = news.readiness else { return }
        let lines = readiness.advice(for: need.weakestMode, at: now)
        guard !lines.isEmpty else { return }
        page.note(readiness.isReady ? .done : .plain) { page in
            page.paragraph(Words("アプリからのお知らせ", "Your app says", easy: "アプリから"))
            page.list(lines)
        }
    }

    private func time(_ page: inout Markup) {
        page.timeLeft(
            until: until, at: now,
            note: Words(
                "この画面を使える時刻: ", "This page can be used until ", easy: "この画面は この時間まで つかえます: "),
            warning: Words(
                "まもなくこの画面の時間が終わります。間に合わないときは、サービスの画面からもう一度始められます。",
                "This page is about to run out. If you need longer, you can start again from the service.",
                easy: "もうすぐ 時間が おわります。おわっても、サービスから もう一回 はじめられます。"))
    }
}
