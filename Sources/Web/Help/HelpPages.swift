extension Pages {
    static func help(_ code: String, _ entry: CatalogueEntry) -> Markup {
        document("コードの説明 What this code means") { page in
            page.element("<p><code>", code, "</code></p>")
            page.element("<p lang=\"ja\">", entry.japanese, "</p>")
            page.element("<p lang=\"en\">", entry.summary, "</p>")
            page.element("<dl><dt>根拠 clause</dt><dd>", entry.clause, "</dd>")
            page.element("<dt>対処 what to do</dt><dd>", entry.remedy, "</dd></dl>")
            page.raw("<p lang=\"ja\">ここには個別の値は出ません。値は表示された画面と、運用者の監査記録にあります。</p>")
            page.raw("<p lang=\"en\">The values compared stand on the page that showed the code, and in the operator's audit record. ")
            page.raw("SAML messages can be taken apart with <code>sekisho saml decode</code>.</p>")
            page.raw("<p><a href=\"/help\">コードの一覧 All codes</a></p>")
        }
    }

    static func unknownCode(_ code: String, near: [CatalogueEntry]) -> Markup {
        document("このコードはありません There is no such code") { page in
            page.element("<p><code>", code, "</code></p>")
            if !near.isEmpty {
                page.raw("<p>似たもの Similar ones:</p>")
                list(near, &page)
            }
            page.raw("<p><a href=\"/help\">コードの一覧 All codes</a></p>")
        }
    }

    static func helpIndex() -> Markup {
        document("コードの一覧 All codes") { page in list(Catalogue.entries, &page) }
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
            page.element("<dd>", entry.japanese, "<br>")
            page.element("", entry.summary, "</dd>")
        }
        page.raw("</dl>")
    }
}
