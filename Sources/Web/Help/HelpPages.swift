extension Pages {
    /// `near`: what somebody may have meant whose code is only one of a family.
    static func help(_ code: String, _ entry: CatalogueEntry, near: [CatalogueEntry] = []) -> Markup {
        document(Words("コードの説明", "What this code means", easy: "コードの 意味")) { page in
            page.paragraph { $0.code(code) }
            page.paragraph(entry.meaning)
            page.raw("<dl><dt>")
            page.words(Words("根拠", "Clause", easy: "もとの きまり"))
            page.element("</dt><dd>", entry.clause, "</dd><dt>")
            page.words(Words("対処", "What to do", easy: "どう するか"))
            page.raw("</dt><dd>")
            page.words(entry.advice)
            page.raw("</dd></dl>")
            // What logs and answers to programs say, to compare with.
            if page.language != .english {
                page.details(Words("英語の説明", "In English", easy: "英語")) { page in
                    page.element("<p lang=\"en\">", entry.summary, "</p>")
                    page.element("<p lang=\"en\">", entry.remedy, "</p>")
                }
            }
            if let words = CardTrouble.own(code) {
                page.heading(2, Words("マイナンバーカードをお使いの方へ", "If this happened with your card", easy: "カードを 使う 人へ"))
                page.paragraph(words)
            }
            page.paragraph(
                Words(
                    "このページには個別の値を表示しません。値は、コードが表示された画面と運用者の監査記録で確認できます。SAMLメッセージの内容は sekisho saml decode で確認できます。",
                    "This page shows no values. They are on the page that showed the code and in the operator's audit trail. SAML messages can be decoded with sekisho saml decode."
                ))
            if !near.isEmpty {
                page.heading(2, similar)
                list(near, &page)
            }
            page.linkLine("/help/codes", allCodes)
        }
    }

    private static let similar = Words("似ているコード", "Similar codes", easy: "にている コード")
    static let allCodes = Words("コードの一覧", "All codes", easy: "コードの リスト")

    static func unknownCode(_ code: String, near: [CatalogueEntry]) -> Markup {
        document(Words("該当するコードがありません", "There is no such code", easy: "この コードは ありません")) { page in
            page.paragraph { $0.code(code) }
            if !near.isEmpty {
                page.paragraph(Words("似ているコード：", "Similar codes:", easy: "にている コード："))
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
            page.words(entry.meaning)
            page.raw("</dd>")
        }
        page.raw("</dl>")
    }
}
