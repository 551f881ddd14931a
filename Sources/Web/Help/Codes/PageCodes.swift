extension Catalogue {
    /// The pages' own doors: an app on another device.
    static let pages: [CatalogueEntry] = [
        CatalogueEntry(
            "card.app.unknown", "no login waits for an app at this address, or it has run out", clause: "card API",
            remedy: "open the login page again and scan the code that it shows", japanese: "このアドレスでアプリを待っているログインはないか、時間が過ぎました"),
        CatalogueEntry(
            "card.app.readiness", "this is not the JSON that says what the app sees", clause: "card API",
            remedy: "send reader and card as booleans, pin_tries_left as a number, certificate_valid_until as a time, or leave them out",
            japanese: "カードの状態を知らせるJSONではありません"),
        CatalogueEntry(
            "card.app.code", "the number typed is not the one that the app was given", clause: "card API",
            remedy: "type the number that the app shows now", japanese: "入力された番号が、アプリに示した番号と違います"),
    ]
}
