import Settings
import SignOn
import TrustFramework
import Vocabulary

/// What a citizen is asked whose certificate is new here, and the page on which the signature certificate is shown.
enum NewcomerPages {
    static let needsPIN = Words(
        "前のカードから引きつぐには、両方のカードを暗証番号つきで使う必要があります。",
        "To take over from the old card, both cards have to be used with their PIN.")
    static let chooseOne = Words("どれか一つを選んでください。", "Please choose one.", easy: "どれか ひとつ 選んでください。")

    static func question(_ newcomer: Newcomer, _ visit: Visit, mark: String, fault: Words?) -> Markup {
        let phone = newcomer.authentication.facts.carrier == .phone
        let door = "/journey/" + visit.transaction.id.text + "/newcomer"
        return Pages.document(
            Words("はじめてのご利用ですか", "Is this your first time here?", easy: "はじめて 使いますか"), fault: fault
        ) { page in
            page.paragraph(
                phone
                    ? Words(
                        "このスマートフォンの電子証明書は、ここではまだ使われたことがありません。以前に、カードや別のスマートフォンを使ったことがありますか。",
                        "This phone's certificate has not been used here yet. Have you used a card or another phone here before?",
                        easy: "この スマートフォンは、ここでは はじめてです。前に、カードか ほかの スマートフォンを 使いましたか。")
                    : Words(
                        "このカードの電子証明書は、ここではまだ使われたことがありません。カードを更新・再発行した方は、前のご利用を引きつげます。",
                        "This card's certificate has not been used here yet. If your card was renewed or replaced, you can go on where you were.",
                        easy: "この カードは、ここでは はじめてです。カードを 新しくした人は、前の つづきから 使えます。"))
            page.form(to: door, fields: [("form", mark)]) { page in
                page.field(
                    FormField(
                        "answer", Words("あてはまるものを選んでください", "Please choose what applies to you", easy: "ひとつ 選んでください"),
                        kind: .choice(choices, isOpen: true), value: "", isRequired: true))
                page.submit(Words("次へ", "Next", easy: "つぎへ"))
            }
            page.note(
                Words(
                    "「はじめて」を選ぶと、各サービスには新しい利用者として伝わります。あとから、両方のカードがあれば一つにまとめられます。",
                    "If you choose \"first time\", services will see a new user. With both cards you can put the two together later.",
                    easy: "「はじめて」を 選ぶと、新しい人に なります。あとで 両方の カードが あれば、ひとつに できます。"))
        }
    }

    private static let choices: [(value: String, label: Words)] = [
        (
            "old",
            Words(
                "以前に使ったことがあり、前のカード・スマートフォンも手元にある（両方とも使えます）",
                "I have been here before, and have the old card or phone at hand",
                easy: "前に 使いました。前の カードも 持っています")
        ),
        (
            "proof",
            Words(
                "以前に使ったことがあるが、前のカードはもう使えない（署名用電子証明書で確認します）",
                "I have been here before, but the old card no longer works (the signature certificate will show it)",
                easy: "前に 使いました。前の カードは もう 使えません")
        ),
        ("new", Words("はじめて使う", "This is my first time", easy: "はじめて 使います")),
    ]

    static func proof(_ visit: Visit) -> Markup {
        let address = visit.settings.baseURL + "/journey/" + visit.transaction.id.text
        return Pages.document(Words("署名用電子証明書で引きつぐ", "Take over with your signature certificate")) { page in
            page.paragraph(
                Words(
                    "新しいカードの署名用電子証明書を、お使いのアプリで提示してください。そこに書かれた氏名・生年月日・性別・住所が、以前に提示されて保存されている内容と一致すれば、前のご利用を引きつぎます。",
                    "Show the signature certificate of your new card with your app. If name, date of birth, sex and address are those that were shown before and are kept, you go on where you were."
                ))
            page.paragraph(
                Words(
                    "6〜16文字の署名用パスワード（英大文字と数字）が必要です。5回続けて間違えると使えなくなります。",
                    "You need its password of 6 to 16 capital letters and digits. After five wrong tries it is blocked."))
            page.paragraph(
                Words("内容は照合だけに使い、新しく保存することも、サービスに伝えることもありません。", "What it says is compared, and neither kept anew nor told to any service.")
            )
            page.paragraph { page in
                page.words(Words("アプリ・端末用のアドレス：", "For an app or a terminal: "))
                page.code(address + "/newcomer/identity")
            }
            page.linkLine(address + "/continue", Words("提示しました。次へ", "I have shown it: next"))
            page.linkLine(address + "/newcomer", Words("ほかの方法を選ぶ", "Choose another way"))
        }
    }
}
