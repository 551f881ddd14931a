import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What a citizen is asked whose certificate is new here, and the page on which the signature certificate is shown.
enum NewcomerPages {
    static let needsPIN = Words(
        "前のカードから引き継ぐには、両方のカードで暗証番号を入力する必要があります。", "To take over from your old card, you need to use both cards with their PINs.",
        easy: "前の カードと 新しい カードの 暗証番号が いります。")
    static let chooseOne = Words("いずれか一つを選んでください。", "Please choose one.", easy: "ひとつ 選んでください。")

    static func question(_ newcomer: Newcomer, _ visit: Visit, mark: String, fault: Words?) -> Markup {
        let phone = newcomer.authentication.facts.carrier == .phone
        let door = visit.path + "/newcomer"
        return Pages.document(
            Words("初めてのご利用ですか", "Is this your first time here?", easy: "はじめて 使いますか"), fault: fault
        ) { page in
            page.paragraph(
                phone
                    ? Words(
                        "このスマートフォンの電子証明書は、ここで初めて使われます。以前に、カードや別のスマートフォンを使ったことがありますか。",
                        "This phone's certificate has not been used here before. Have you used a card or another phone here?",
                        easy: "この スマートフォンは、ここでは はじめてです。前に、カードか ほかの スマートフォンを 使いましたか。")
                    : Words(
                        "このカードの電子証明書は、ここで初めて使われます。カードを更新・再発行した方は、以前の利用を引き継げます。",
                        "This card's certificate has not been used here before. If your card was renewed or reissued, you can continue where you were.",
                        easy: "この カードは、ここでは はじめてです。カードを 新しく した 人は、前の つづきから 使えます。"))
            page.form(to: door, fields: [("form", mark)]) { page in
                page.field(
                    FormField(
                        "answer", Words("あてはまるものを選んでください", "Choose what applies to you", easy: "ひとつ 選んでください"),
                        kind: .choice(choices, isOpen: true), value: "", isRequired: true))
                page.submit(Words("次へ", "Next", easy: "つぎへ"))
            }
            page.note(
                Words(
                    "「初めて使う」を選ぶと、各サービスには新しい利用者として伝わります。後からでも、両方のカードがあれば一つにまとめられます。",
                    "If you choose “first time”, services will see a new user. With both cards you can combine the two later.",
                    easy: "「はじめて」を 選ぶと、新しい 人に なります。あとで、前の カードが あれば、ひとつに できます。"))
        }
    }

    private static let choices: [(value: String, label: Words)] = [
        (
            "old",
            Words(
                "以前に使ったことがあり、前のカード・スマートフォンも使える", "I have used this before, and still have the old card or phone",
                easy: "前に 使いました。前の カードも あります")
        ),
        (
            "proof",
            Words(
                "以前に使ったことがあるが、前のカードは使えない（署名用電子証明書で確認する）",
                "I have used this before, but the old card no longer works (use the signature certificate)",
                easy: "前に 使いました。前の カードは もう 使えません")
        ),
        ("new", Words("初めて使う", "This is my first time", easy: "はじめて 使います")),
    ]

    static func proof(_ visit: Visit) -> Markup {
        let address = visit.address
        return Pages.document(Words("署名用電子証明書で引き継ぐ", "Take over with your signature certificate", easy: "「署名用」の 証明書で つづけます")) { page in
            page.paragraph(
                Words(
                    "新しいカードの署名用電子証明書を、アプリで提示してください。氏名・生年月日・性別・住所が、以前に提示されて保存されている内容と一致すれば、以前の利用を引き継げます。",
                    "Present the signature certificate of your new card with your app. If name, date of birth, sex and address match what you presented before and is stored here, you can continue where you were.",
                    easy: "アプリで 新しい カードの「署名用」の 証明書を 見せてください。前と 同じ 名前・住所などなら、前の つづきから 使えます。"))
            page.paragraph(
                Words(
                    "署名用電子証明書の暗証番号（英数字6文字以上16文字以下）が必要です。5回続けて間違えると、安全のためロックされます。",
                    "You need the password of the signature certificate (6 to 16 characters). After five wrong entries in a row it is locked for your security.",
                    easy: "「署名用」の 暗証番号が いります。6から16の 文字です。5回 まちがえると 止まります。"))
            page.paragraph(
                Words(
                    "内容は照合だけに使います。保存することも、サービスに伝えることもありません。",
                    "The contents are used for this comparison only; they are neither stored nor sent to any service.",
                    easy: "くらべるだけです。サービスには 伝えません。")
            )
            if visit.settings.links.relinkTie == .card {
                page.paragraph(
                    Words(
                        "新しいカードの二つの証明書（利用者証明用と署名用）を一度に読み取れるアプリか、市区町村の窓口などの端末が必要です。お持ちでないときは、新しいカードを持って窓口へお越しください。",
                        "This takes an app or a terminal, for example at a municipal office, that reads both certificates of your new card at once. If you have none, please take your new card to your municipal office.",
                        easy: "新しい カードの 2つの 証明書を 1回で 読める アプリか 機械が いります。ない ときは、新しい カードを もって 市役所か 役場に 行ってください。"))
                page.note(
                    Words(
                        "だれかに頼まれて署名用の暗証番号を入力しないでください。ご自分の記録を、ほかの人に渡すことになります。",
                        "Never enter your signature password because somebody asks you to: you would hand your record over to them.",
                        easy: "だれかに たのまれて 「署名用」の 暗証番号を 入れないでください。"))
            }
            page.paragraph { page in
                page.words(Words("アプリ・端末用のアドレス：", "Address for an app or a terminal: ", easy: "アプリや 機械の ための アドレス："))
                page.code(address + "/newcomer/identity")
            }
            page.linkLine(address + "/continue", Words("提示しました（次へ）", "I have presented it: next", easy: "見せました（つぎへ）"))
            page.linkLine(address + "/newcomer", Words("ほかの方法を選ぶ", "Choose another way", easy: "ほかの やりかたを 選びます"))
        }
    }
}
