extension Catalogue {
    /// Customers' numbers, and the taking over of cards and phones.
    static let links: [CatalogueEntry] = [
        CatalogueEntry(
            "link.api.malformed", "the answer is not the JSON that the identity door takes", clause: "card API",
            remedy: "send challenge, certificate and signature, with login and statement or without",
            japanese: "身元確認APIが受け付けるJSONではありません"),
        CatalogueEntry(
            "link.certificate.ended", "this certificate ended with the card that it belonged to",
            clause: "Public Personal Authentication Act art. 18-4; R17",
            remedy: "use the new card, or have the phone's certificate issued anew",
            japanese: "この電子証明書は、もとになるカードが使えなくなったため終わっています。新しいカードをお使いいただくか、スマートフォンの電子証明書を発行し直してください"),
        CatalogueEntry(
            "link.challenge.unknown", "the declaration was used, has expired, or belongs to another visit", clause: "checklist H7",
            remedy: "ask for a new challenge", japanese: "この署名の依頼は、使用済みか、期限切れか、別の手続きのものです"),
        CatalogueEntry(
            "link.list.content-type", "the list is no application/jsonl", clause: "docs/protocols/links.md",
            remedy: "send a line of JSON for each customer, and Content-Type: application/jsonl",
            japanese: "一覧はapplication/jsonl（一行に一件のJSON）で送ってください"),
        CatalogueEntry(
            "link.list.too-long", "the list has more than 20,000 lines or 8 MiB; what came before that was taken",
            clause: "docs/protocols/links.md", remedy: "send it in parts; what was sent before may be sent again",
            japanese: "一覧が20,000行または8MiBを超えています。その前までは受け付けました。分けて送ってください（同じものを再度送っても差し支えありません）"),
        CatalogueEntry(
            "link.merge.other-person",
            "the two cards belong to two people: their dates of birth differ, or J-LIS knows both and names neither beside the other",
            clause: "decision 0056",
            remedy: "use two cards of the same person",
            japanese: "二つのカードは別の方のものと確認されたため（生年月日が異なる、または地方公共団体情報システム機構の回答による）、一つにまとめられません。同じ方のカードをお使いください"),
        CatalogueEntry(
            "link.old.unknown", "this card or phone has not been used here either", clause: "decision 0056",
            remedy: "use the one that was used here before, or choose another way",
            japanese: "このカード（スマートフォン）も、ここではまだ使われたことがありません。以前にお使いのものを使うか、ほかの方法を選んでください"),
        CatalogueEntry(
            "link.pin", "both cards have to be used with their PIN", clause: "Public Personal Authentication Act art. 38 (mode A)",
            remedy: "use both at a place that asks for the PIN", japanese: "両方のカードを、暗証番号を入れて使う必要があります"),
        CatalogueEntry(
            "link.record.none", "nothing is kept here that says what this signature certificate says", clause: "decision 0056",
            remedy: "if name or address has changed, use the old card beside the new one, or ask the service to send a link code",
            japanese: "この署名用電子証明書と同じ内容の記録が見つかりません。氏名や住所が変わった方は、前のカードと続けて使うか、サービスにコードの郵送をお申し込みください"),
        CatalogueEntry(
            "link.record.several", "two records here say what this signature certificate says", clause: "decision 0056",
            remedy: "log in with a card that is known here, and put the two together on the page of links",
            japanese: "同じ内容の記録が二つあります。登録済みのカードでログインし、「引きつぎと、お客様番号」のページで一つにまとめてください"),
        CatalogueEntry(
            "link.stale", "too much time has passed between the two cards, or this was done before",
            clause: "checklist H7; decision 0056", remedy: "start again", japanese: "二つのカードの間に時間がたったか、すでに終わった手続きです。もう一度はじめからお願いします"),
    ]
}
