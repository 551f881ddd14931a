import Vocabulary

/// Headings, paragraphs, links, notes, times: parts of a page in the page's own language.
extension Markup {
    enum Note: Sendable {
        /// Something to know before going on.
        case plain
        /// Something was done: read out politely.
        case done
        /// Something was not taken, or is urgent: read out at once.
        case fault
    }

    /// `level` 2…4; the one of level 1 is the page's title.
    mutating func heading(_ level: Int, _ words: Words, id: String? = nil) {
        let tag: StaticString = level <= 2 ? "h2" : level == 3 ? "h3" : "h4"
        var attributes: [(StaticString, String?)] = []
        if let id { attributes.append(("id", id)) }
        open(tag, attributes)
        self.words(words)
        close(tag)
    }

    mutating func paragraph(_ words: Words) {
        raw("<p>")
        self.words(words)
        raw("</p>")
    }

    mutating func paragraph(_ build: (inout Markup) -> Void) {
        raw("<p>")
        build(&self)
        raw("</p>")
    }

    mutating func note(_ words: Words, kind: Note = .plain) { note(kind) { $0.paragraph(words) } }

    mutating func note(_ kind: Note = .plain, _ build: (inout Markup) -> Void) {
        switch kind {
        case .plain: raw("<div class=\"note\">")
        case .done: raw("<div class=\"good\" role=\"status\">")
        case .fault: raw("<div class=\"alert\" role=\"alert\">")
        }
        build(&self)
        raw("</div>")
    }

    /// `away`: an address that is not ours; it learns nothing of where the citizen came from.
    mutating func link(_ address: String, _ words: Words, away: Bool = false, class style: String? = nil) {
        var attributes: [(StaticString, String?)] = []
        if away { attributes.append(("rel", "noreferrer")) }
        attributes.append(("href", address))
        if let style { attributes.append(("class", style)) }
        open("a", attributes)
        self.words(words)
        close("a")
    }

    /// A link alone in its paragraph.
    mutating func linkLine(_ address: String, _ words: Words, away: Bool = false) {
        paragraph { $0.link(address, words, away: away) }
    }

    /// Text of a person, a service or a machine: isolated, so that its writing direction does not turn ours (H12).
    mutating func value(_ text: String) { element("<bdi>", text, "</bdi>") }

    mutating func strong(_ words: Words) {
        raw("<strong><bdi>")
        self.words(words)
        raw("</bdi></strong>")
    }

    mutating func code(_ text: String) { element("<code>", text, "</code>") }

    /// Words that are in another language than the page, said so for those who listen (WCAG 2.2, 3.1.2).
    mutating func foreign(_ text: String, _ tag: String) {
        guard tag != language.tag else { return self.text(text) }
        element("<span lang=\"", tag, "\">")
        element("", text, "</span>")
    }

    mutating func list(_ items: [Words]) {
        list(items) { item, page in page.words(item) }
    }

    mutating func list<Item>(_ items: [Item], ordered: Bool = false, _ build: (Item, inout Markup) -> Void) {
        guard !items.isEmpty else { return }
        raw(ordered ? "<ol>" : "<ul>")
        for item in items {
            raw("<li>")
            build(item, &self)
            raw("</li>")
        }
        raw(ordered ? "</ol>" : "</ul>")
    }

    /// A definition list.
    mutating func facts(_ facts: [(Words, Cell)]) {
        guard !facts.isEmpty else { return }
        raw("<dl>")
        for (name, value) in facts {
            raw("<dt>")
            words(name)
            raw("</dt><dd>")
            cell(value)
            raw("</dd>")
        }
        raw("</dl>")
    }

    mutating func details(_ summary: Words, isOpen: Bool = false, _ build: (inout Markup) -> Void) {
        raw(isOpen ? "<details open><summary>" : "<details><summary>")
        words(summary)
        raw("</summary>")
        build(&self)
        raw("</details>")
    }

    mutating func section(_ build: (inout Markup) -> Void) {
        raw("<section>")
        build(&self)
        raw("</section>")
    }

    /// A moment as a clock on a Japanese wall shows it, and for machines in UTC.
    mutating func time(_ moment: Timestamp) {
        element("<time datetime=\"", moment.text, "\">")
        words(Words(verbatim: moment.shown(in: language)))
        raw("</time>")
    }

    mutating func day(_ moment: Timestamp) {
        element("<time datetime=\"", moment.text, "\">")
        words(Words(verbatim: moment.dayShown(in: language)))
        raw("</time>")
    }
}

extension Timestamp {
    private var civil: (day: Substring, clock: Substring) {
        let text = inJapan.text
        return (text.prefix(10), text.dropFirst(11).prefix(5))
    }

    func dayShown(in language: Language) -> String { CalendarDay.shown(civil.day, in: language) }

    func clockShown(in language: Language) -> String {
        language == .easy ? civil.clock.replacing(":", with: "時") + "分" : String(civil.clock)
    }

    func shown(in language: Language) -> String {
        dayShown(in: language) + (language == .english ? ", " : " ") + clockShown(in: language)
            + (language == .english ? " (Japan time)" : "")
    }
}

/// A day of the calendar as people write it.
enum CalendarDay {
    /// `1990-04-02`; as a register knows a day of birth also `1990`, and `0000-04-02` where the year is not known (OpenID Connect Core
    /// §5.1). Anything else stays as it is.
    static func shown(_ day: Substring, in language: Language) -> String {
        let parts = day.split(separator: "-").map { String(Int($0) ?? 0) }
        if parts.count == 1, parts[0] != "0" { return language == .english ? parts[0] : parts[0] + "年" }
        guard parts.count == 3, let month = Int(parts[1]) else { return String(day) }
        let hasYear = parts[0] != "0"
        guard language == .english else { return (hasYear ? parts[0] + "年" : "") + parts[1] + "月" + parts[2] + "日" }
        let dayAndMonth = parts[2] + " " + (months.indices.contains(month - 1) ? months[month - 1] : parts[1])
        return hasYear ? dayAndMonth + " " + parts[0] : dayAndMonth
    }

    private static let months = [
        "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
    ]
}
