import Vocabulary

extension Markup {
    /// When something ends, told from the start; with scripts also a warning in good time, read aloud (WCAG 2.2, 2.2.1). Nothing reloads by
    /// itself: what is being typed is not lost.
    mutating func timeLeft(
        until end: Timestamp, at now: Timestamp, note: Words, warning: Words, more: (address: String, words: Words)? = nil
    ) {
        let left = max(0, end.seconds(since: now))
        raw("<p class=\"hint\">")
        words(note)
        time(end)
        raw("</p>")
        // Two minutes before, and never later than half-way.
        element("<div class=\"alert\" hidden data-ends=\"", String(left - min(120, left / 2)), "\"><p>")
        words(warning)
        if let more {
            raw(" ")
            open("a", [("href", more.address), ("target", "_blank"), ("rel", "noopener")])
            words(more.words)
            raw("</a>")
        }
        raw("</p></div>")
        script(.timeLeft)
    }
}
