extension Catalogue {
    /// Administrators' console.
    static let administrators: [CatalogueEntry] = [
        CatalogueEntry(
            "console.form", "the form is too large, or no form of the console's pages", clause: "HTML §4.10.21.6; checklist H18",
            remedy: "send it from the page again, with less in it", japanese: "送信された内容が大きすぎるか、コンソールの画面から送信されたものではありません",
            mend: "内容を減らし、コンソールの画面からもう一度送信してください"),
        CatalogueEntry(
            "console.pin", "the console opens to the card with its PIN only", clause: "decision 0055",
            remedy: "have the rules for `administration` ask for the mode `pin`", japanese: "コンソールは、カードと暗証番号によるログインでのみ開きます",
            mend: "`administration` の規則で、方式 `pin` を求めるように設定してください"),
        CatalogueEntry(
            "console.role", "this part of the console takes a role that the officer has not", clause: "Keys/officers; checklist H17",
            remedy: "ask an officer who has it", japanese: "この画面を開く役割がありません", mend: "役割を持つ担当者に依頼してください"),
        CatalogueEntry(
            "console.rules", "the rules for `administration` ask for something that a console has no page for", clause: "decision 0055",
            remedy: "leave consent and signature certificates out of Policies/administration.yaml",
            japanese: "管理用の規則が、コンソールでは行えない手続き（同意など）を求めています", mend: "Policies/administration.yaml から、同意と署名用電子証明書の条件を外してください"),
        CatalogueEntry(
            "console.test.answer", "no answer to this member can be made", clause: "decision 0061",
            remedy: "look at the report of its keys and addresses", japanese: "この機関への応答を作成できません", mend: "鍵と送信先の検証結果を確認してください"),
        CatalogueEntry(
            "console.test.unfinished", "no login that was tried satisfies the rules at this level", clause: "decision 0061",
            remedy: "try another level, or look at the rules with `sekisho policy explain`",
            japanese: "この水準のログインでは、規則を満たせませんでした", mend: "別の水準で試すか、`sekisho policy explain` で規則を確認してください"),
        CatalogueEntry(
            "console.term", "the officer's term is over or has not begun, or the officer was revoked", clause: "Keys/officers",
            remedy: "ask another officer, who sees the terms in Keys/officers", japanese: "担当者の任期外か、担当が取り消されています",
            mend: "ほかの担当者に依頼してください。任期は Keys/officers で確認できます"),
    ]
}
