extension Catalogue {
    /// Administrators' console.
    static let administrators: [CatalogueEntry] = [
        CatalogueEntry(
            "console.form", "the form is too large, or no form of the console's pages", clause: "HTML §4.10.21.6; checklist H18",
            remedy: "send it from the page again, with less in it", japanese: "送信された内容が大きすぎるか、コンソールの画面から送られたものではありません"),
        CatalogueEntry(
            "console.pin", "the console opens to the card with its PIN only", clause: "decision 0055",
            remedy: "have the rules for `administration` ask for the mode `pin`", japanese: "コンソールは、カードと暗証番号によるログインでのみ開きます"),
        CatalogueEntry(
            "console.role", "this part of the console takes a role that the officer has not", clause: "Keys/officers; checklist H17",
            remedy: "ask an officer who has it", japanese: "この画面を開く役割がありません。役割のある担当者に依頼してください"),
        CatalogueEntry(
            "console.rules", "the rules for `administration` ask for something that a console has no page for", clause: "decision 0055",
            remedy: "leave consent and signature certificates out of Policies/administration.yaml",
            japanese: "管理用の規則が、コンソールでは行えない手続き（同意など）を求めています"),
        CatalogueEntry(
            "console.term", "the officer's term is over or has not begun, or the officer was revoked", clause: "Keys/officers",
            remedy: "ask another officer, who sees the terms in Keys/officers", japanese: "担当者の任期の外であるか、担当が取り消されています"),
    ]
}
