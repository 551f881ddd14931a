extension Catalogue {
    /// The citizen's own page.
    static let citizen: [CatalogueEntry] = [
        CatalogueEntry(
            "signon.certificate.blocked",
            "this card or phone was reported as lost or misused here, and logs nobody in; use another one with its PIN, or ask at the counter",
            clause: "trust framework: loss reports",
            remedy: "the citizen logs in with another card or phone and its PIN and lifts the block, or asks at the counter",
            japanese: "このカードまたはスマートフォンは、紛失などの届出があったため、ここでのログインには使えません",
            mend: "別のカードまたはスマートフォンと暗証番号でログインして「カードとスマートフォン」のページで解除するか、窓口にご相談ください",
            easy: "この カードは、いま ここでは 使えません。ほかの カードか スマートフォンで ログインしてください。ない ときは、窓口に 行ってください。")
    ]
}
