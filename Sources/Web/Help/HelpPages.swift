extension Pages {
    static func help(_ code: String, _ entry: CatalogueEntry) -> Markup {
        document(Words("コードの説明", "What this code means")) { page in
            page.paragraph { $0.code(code) }
            if page.language != .english { page.paragraph { $0.foreign(entry.japanese, "ja") } }
            page.raw("<p lang=\"en\">")
            page.text(entry.summary)
            page.raw("</p><dl><dt>")
            page.words(Words("根拠", "Clause"))
            page.element("</dt><dd>", entry.clause, "</dd><dt>")
            page.words(Words("対処", "What to do"))
            page.element("</dt><dd lang=\"en\">", entry.remedy, "</dd></dl>")
            if code.hasPrefix("card.") || code.hasPrefix("signon.") {
                page.heading(2, Words("カードを使う方へ", "If it was your card"))
                page.paragraph(CardTrouble.words(code))
            }
            page.paragraph(
                Words(
                    "ここには個別の値は出ません。値は表示された画面と、運用者の監査記録にあります。SAMLの文は sekisho saml decode で読めます。",
                    "The values compared stand on the page that showed the code, and in the operator's audit record. SAML messages can be taken apart with sekisho saml decode."
                ))
            page.linkLine("/help/codes", allCodes)
        }
    }

    static let allCodes = Words("コードの一覧", "All codes")

    static func unknownCode(_ code: String, near: [CatalogueEntry]) -> Markup {
        document(Words("このコードはありません", "There is no such code")) { page in
            page.paragraph { $0.code(code) }
            if !near.isEmpty {
                page.paragraph(Words("似たもの:", "Similar ones:"))
                list(near, &page)
            }
            page.linkLine("/help/codes", allCodes)
        }
    }

    static func helpIndex() -> Markup {
        document(allCodes) { page in list(Catalogue.entries, &page) }
    }

    private static func list(_ entries: [CatalogueEntry], _ page: inout Markup) {
        page.raw("<dl>")
        for entry in entries {
            // A code with `*` is a family: nothing stands at its own address.
            if entry.code.contains("*") {
                page.element("<dt><code>", entry.code, "</code></dt>")
            } else {
                page.element("<dt><a href=\"/help/", entry.code, "\">")
                page.element("<code>", entry.code, "</code></a></dt>")
            }
            page.raw("<dd>")
            page.words(Words(entry.japanese, entry.summary))
            page.raw("</dd>")
        }
        page.raw("</dl>")
    }
}
