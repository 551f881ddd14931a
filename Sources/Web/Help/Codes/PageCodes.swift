extension Catalogue {
    /// The pages' own doors: an app on another device.
    static let pages: [CatalogueEntry] = [
        CatalogueEntry(
            "card.app.unknown", "no login waits for an app at this address, or it has run out", clause: "card API",
            remedy: "open the login page again and scan the code that it shows", japanese: "このアドレスでアプリを待っているログインがないか、有効時間が過ぎています",
            mend: "ログイン画面を開き直し、表示された二次元コードを読み取ってください", easy: "時間が すぎました。ログインの 画面を もう一回 開いてください。"),
        CatalogueEntry(
            "card.app.readiness", "this is not the JSON that says what the app sees", clause: "card API",
            remedy: "send reader and card as booleans, pin_tries_left as a number, certificate_valid_until as a time, or leave them out",
            japanese: "カードの状態を知らせるJSONの形式ではありません", mend: "reader と card を真偽値、pin_tries_left を数値、certificate_valid_until を日時で送信するか、省略してください"),
        CatalogueEntry(
            "card.app.code", "the number typed is not the one that the app was given", clause: "card API",
            remedy: "type the number that the app shows now", japanese: "入力された番号が、アプリに表示された番号と異なります", mend: "アプリに現在表示されている番号を入力してください"),
    ]
}
