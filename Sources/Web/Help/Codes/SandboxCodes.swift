extension Catalogue {
    /// The identity provider for developers.
    static let sandbox: [CatalogueEntry] = [
        CatalogueEntry(
            "developers.software", "there are no settings for this software", clause: "docs/developers.md",
            remedy: "choose one at /developers, or use the metadata and discovery addresses there",
            japanese: "このソフトウェアの設定例はありません", mend: "/developers から選ぶか、そこにあるメタデータとディスカバリーのアドレスを使ってください"),
        CatalogueEntry(
            "sandbox.absent", "this deployment has no sandbox", clause: "docs/developers.md",
            remedy: "write `sandbox: true` into the sekisho.yaml of a development deployment", japanese: "この環境ではサンドボックス（試験用の認証）を利用できません",
            mend: "開発環境の sekisho.yaml に `sandbox: true` を追加してください"),
        CatalogueEntry(
            "sandbox.failed", "the sandbox says no on purpose", clause: "SAML Core §3.2.2.2",
            remedy: "refuse the assertion beside this status", japanese: "試験のため、意図的に失敗の応答を返しています", mend: "この状態に添えられたアサーションを拒否してください"),
        CatalogueEntry(
            "sandbox.form", "the choice of an answer is not whole", clause: "docs/developers.md",
            remedy: "begin the login at your service again, and choose on the page that follows", japanese: "返す応答の指定がそろっていません",
            mend: "サービスからログインをやり直し、次の画面で応答を選んでください"),
        CatalogueEntry(
            "sandbox.too-large", "the request is larger than 16 KiB", clause: "checklist D2", remedy: "send a smaller request",
            japanese: "リクエストが16 KiBを超えています", mend: "リクエストを小さくして送信してください"),
    ]
}
