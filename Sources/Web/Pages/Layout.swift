/// One layout for every page: a link past the head, the head with the choice of language, the main part with its one heading, the foot.
extension Pages {
    /// For whom a page is laid out.
    enum Kind: Sendable {
        case citizen
        /// Ten-foot type, for a television across the room and the arrows of a remote control (R11).
        case television
        /// Smaller and wider, for those who work with it all day.
        case console
    }

    /// Where a page goes by itself: with our script after `seconds`, which the citizen can stop; without scripts by the browser's refresh.
    struct Onward: Sendable {
        let seconds: Int
        let address: String
    }

    /// `notice`: something that was done, said once at the top (`role=status`). `fault`: what was not taken and how to mend it; it also
    /// stands before the title, so that it is heard first (WCAG 2.2, 3.3.1, 4.1.3).
    static func document(
        _ title: Words, kind: Kind = .citizen, notice: Words? = nil, fault: Words? = nil, onward: Onward? = nil, room: Int = 0,
        _ build: (inout Markup) -> Void
    ) -> Markup {
        let kind = kind == .citizen && Language.choice?.isTelevision == true ? Kind.television : kind
        var page = Markup(capacity: room + 8_192)
        page.raw("<!DOCTYPE html><html lang=\"")
        page.text(page.language.tag)
        page.raw("\"><head><meta charset=\"utf-8\"><meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        if let onward {
            page.element(
                "<noscript><meta http-equiv=\"refresh\" content=\"", String(onward.seconds) + ";url=" + onward.address, "\"></noscript>")
        }
        page.raw("<title>")
        if fault != nil { page.plain(faulty) }
        page.plain(title)
        page.plain(ofUs)
        page.raw("</title>")
        page.raw(Style.sheet)
        switch kind {
        case .citizen: page.raw("</head><body>")
        case .television: page.raw("</head><body class=\"tv\">")
        case .console: page.raw("</head><body class=\"console\">")
        }
        head(&page)
        page.raw("<main id=\"main\" tabindex=\"-1\"><h1>")
        page.words(title)
        page.raw("</h1>")
        if let notice { page.note(notice, kind: .done) }
        if let fault { page.note(fault, kind: .fault) }
        build(&page)
        page.raw("</main>")
        foot(kind, &page)
        if page.hasForm { page.script(.sendOnce) }
        if onward != nil { page.script(.goOn) }
        if kind == .television { page.script(.arrows) }
        page.raw("</body></html>")
        return page
    }

    private static let faulty = Words("入力内容をご確認ください：", "Please check: ", easy: "もう一回 見てください：")
    private static let ofUs = Words(" - 関所", " - Sekisho")
    private static let brand = Words("関所", "Sekisho")
    private static let skip = Words("本文へ進む", "Skip to the main content", easy: "本文へ")
    private static let languageChoice = Words("言語", "Language", easy: "ことば")
    private static let help = Words("困ったとき", "Help", easy: "わからないとき")
    private static let frontPage = Words("最初のページ", "Front page", easy: "最初の ページ")

    private static func head(_ page: inout Markup) {
        let choice = Language.choice
        let base = choice?.here == nil ? choice?.base ?? "" : ""
        page.raw("<a class=\"skip\" href=\"#main\">")
        page.words(skip)
        page.raw("</a><header>")
        page.element("<a class=\"brand\" href=\"", base + "/", "\">")
        page.words(brand)
        page.raw("</a><nav aria-label=\"")
        page.plain(languageChoice)
        page.raw("\"><ul>")
        for language in Language.allCases {
            page.element("<li><a lang=\"", language.tag, "\"")
            page.element(" hreflang=\"", language.tag, "\"")
            if language == page.language { page.raw(" aria-current=\"true\"") }
            page.element(" href=\"", (choice?.here ?? base + "/language?") + "lang=" + language.rawValue, "\">")
            page.element("", language.ownName, "</a></li>")
        }
        page.raw("</ul></nav></header>")
    }

    private static let large = Words("テレビ用の大きな画面", "Large, for a television", easy: "テレビの 大きな 画面")
    private static let usual = Words("通常の画面", "Usual size", easy: "ふつうの 画面")

    private static func foot(_ kind: Kind, _ page: inout Markup) {
        let base = Language.choice?.here == nil ? Language.choice?.base ?? "" : ""
        page.element("<footer><a href=\"", base + "/", "\">")
        page.words(frontPage)
        page.element("</a> <a href=\"", base + "/help", "\">")
        page.words(help)
        page.raw("</a>")
        if kind != .console, let here = Language.choice?.here {
            page.element(" <a href=\"", here + (kind == .television ? "screen=plain" : "screen=tv"), "\">")
            page.words(kind == .television ? usual : large)
            page.raw("</a>")
        }
        page.raw("</footer>")
    }
}
