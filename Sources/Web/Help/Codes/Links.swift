extension Catalogue {
    /// Customers' numbers, and the taking over of cards and phones.
    static let links: [CatalogueEntry] = [
        CatalogueEntry(
            "link.api.malformed", "the answer is not the JSON that the identity door takes", clause: "card API",
            remedy: "send challenge, certificate and signature, with login and statement or without",
            japanese: "応答が、本人確認APIで定めたJSONの形式ではありません", mend: "challenge、certificate、signature を送信してください。login と statement は任意です"),
        CatalogueEntry(
            "link.certificate.ended", "this certificate ended with the card that it belonged to",
            clause: "Public Personal Authentication Act art. 18-4; R17",
            remedy: "use the new card, or have the phone's certificate issued anew",
            japanese: "この電子証明書は、対応するカードの失効に伴って使えなくなりました", mend: "新しいカードを使うか、スマートフォンの電子証明書の再発行を受けてください",
            easy: "この スマートフォンは もう 使えません。新しい カードを 使ってください。"),
        CatalogueEntry(
            "link.challenge.unknown", "the declaration was used, has expired, or belongs to another visit", clause: "checklist H7",
            remedy: "ask for a new challenge", japanese: "この宣言は、使用済みか期限切れ、または別の手続きのものです", mend: "新しいチャレンジを取得してください"),
        CatalogueEntry(
            "link.list.content-type", "the list is no application/jsonl", clause: "docs/protocols/links.md",
            remedy: "send a line of JSON for each customer, and Content-Type: application/jsonl",
            japanese: "一覧の形式が application/jsonl ではありません", mend: "Content-Type を application/jsonl とし、お客様1人につき1行のJSONを送信してください"),
        CatalogueEntry(
            "link.list.too-long", "the list has more than 20,000 lines or 8 MiB; what came before that was taken",
            clause: "docs/protocols/links.md", remedy: "send it in parts; what was sent before may be sent again",
            japanese: "一覧が20,000行または8 MiBを超えています。超える前までの分は受け付けました", mend: "分割して送信してください。送信済みのものを再度送っても問題ありません"),
        CatalogueEntry(
            "link.merge.other-person",
            "the two cards belong to two people: their dates of birth differ, or J-LIS knows both and names neither beside the other",
            clause: "decision 0056",
            remedy: "use two cards of the same person",
            japanese: "2枚のカードは、別の方のものと確認されました（生年月日の相違、または地方公共団体情報システム機構の回答による）。このため、1つにまとめられません", mend: "同じ方の2枚のカードを使ってください",
            easy: "ちがう 人の カードです。ひとつに できません。"),
        CatalogueEntry(
            "link.not-one-card", "nobody vouches that signature certificate and login certificate are on one card", clause: "decision 0063",
            remedy: "use an app or a terminal that reads both from the card and says so, or go to a municipal counter",
            japanese: "2つの証明書が同じカードにあることを確認できませんでした", mend: "両方の証明書を読み取れるアプリまたは窓口の端末で、新しいカードを使ってください",
            easy: "同じ カードか わかりませんでした。窓口で 新しい カードを 使ってください。"),
        CatalogueEntry(
            "link.old.unknown", "this card or phone has not been used here either", clause: "decision 0056",
            remedy: "use the one that was used here before, or choose another way",
            japanese: "このカードまたはスマートフォンも、ここでは使われたことがありません", mend: "以前に使ったカードを使うか、ほかの方法を選んでください",
            easy: "この カードも、ここでは はじめてです。前に 使った カードを 使ってください。"),
        CatalogueEntry(
            "link.pin", "both cards have to be used with their PIN", clause: "Public Personal Authentication Act art. 38 (mode A)",
            remedy: "use both at a place that asks for the PIN", japanese: "両方のカードで、暗証番号を入力する必要があります",
            mend: "暗証番号の入力を求める場所で、両方のカードを使ってください", easy: "前の カードと 新しい カードの 暗証番号が いります。"),
        CatalogueEntry(
            "link.record.none", "nothing is kept here that says what this signature certificate says", clause: "decision 0056",
            remedy: "if name or address has changed, use the old card beside the new one, or ask the service to send a link code",
            japanese: "この署名用電子証明書と同じ内容の記録が見つかりません", mend: "氏名や住所が変わった方は、前のカードと新しいカードを続けて使うか、サービスにコードの郵送を依頼してください",
            easy: "同じ 記録が ありません。前の カードを 使うか、サービスに 聞いてください。"),
        CatalogueEntry(
            "link.record.several", "two records here say what this signature certificate says", clause: "decision 0056",
            remedy: "log in with a card that is known here, and put the two together on the page of links",
            japanese: "同じ内容の記録が2つあります", mend: "登録済みのカードでログインし、「引継ぎとお客様番号」のページで1つにまとめてください",
            easy: "同じ 記録が ふたつ あります。ログインして、「新しい カードと お客様番号」の ページを 見てください。"),
        CatalogueEntry(
            "link.stale", "too much time has passed between the two cards, or this was done before",
            clause: "checklist H7; decision 0056", remedy: "start again", japanese: "2枚のカードを使う間に有効時間が過ぎたか、すでに終わった手続きです",
            mend: "もう一度はじめからやり直してください", easy: "時間が すぎました。はじめから もう一回 してください。"),
    ]
}
