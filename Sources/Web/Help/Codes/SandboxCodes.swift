extension Catalogue {
    /// The identity provider for developers.
    static let sandbox: [CatalogueEntry] = [
        CatalogueEntry(
            "developers.software", "there are no settings for this software", clause: "docs/developers.md",
            remedy: "choose one at /developers, or use the metadata and discovery addresses there",
            japanese: "このソフトウェアの設定の見本はありません"),
        CatalogueEntry(
            "sandbox.absent", "this deployment has no sandbox", clause: "docs/developers.md",
            remedy: "write `sandbox: true` into the sekisho.yaml of a development deployment", japanese: "この環境には試験用の認証（サンドボックス）がありません"),
        CatalogueEntry(
            "sandbox.failed", "the sandbox says no on purpose", clause: "SAML Core §3.2.2.2",
            remedy: "refuse the assertion beside this status", japanese: "試験のため、わざと失敗と答えています"),
        CatalogueEntry(
            "sandbox.form", "the choice of an answer is not whole", clause: "docs/developers.md",
            remedy: "begin the login at your service again, and choose on the page that follows", japanese: "どの応答を返すかの指定がそろっていません"),
        CatalogueEntry(
            "sandbox.too-large", "the request is larger than 16 KiB", clause: "checklist D2", remedy: "send a smaller request",
            japanese: "要求が16 KiBを超えています"),
    ]
}
