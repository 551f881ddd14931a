import TrustFramework
import Vocabulary

/// What stands in a cell or behind a definition.
enum Cell: Sendable {
    case text(String)
    case words(Words)
    /// Right-aligned.
    case number(Int)
    case time(Timestamp)
    case day(Timestamp)
    case code(String)
    case link(String, Words)
    case list([Words])
    /// Made by other parts.
    case markup(Markup)
    case empty

    /// In another language than the page perhaps, and said so.
    static func foreign(_ text: String, _ tag: String) -> Cell {
        var cell = Markup()
        cell.raw("<bdi>")
        cell.foreign(text, tag)
        cell.raw("</bdi>")
        return .markup(cell)
    }

    /// A plain word, with the machine's word beside it for whoever has to write it somewhere.
    static func named(_ words: Words, _ code: String) -> Cell {
        var cell = Markup()
        cell.words(words)
        cell.raw(" ")
        cell.code(code)
        return .markup(cell)
    }

    /// The same for several.
    static func named(_ items: [(words: Words, code: String)]) -> Cell {
        var cell = Markup()
        cell.list(items) { item, page in page.cell(.named(item.words, item.code)) }
        return .markup(cell)
    }
}

extension Markup {
    mutating func cell(_ cell: Cell) {
        switch cell {
        case .text(let text): value(text)
        case .words(let words): self.words(words)
        case .number(let number): text(String(number))
        case .time(let moment): time(moment)
        case .day(let moment): day(moment)
        case .code(let text): code(text)
        case .link(let address, let words): link(address, words)
        case .list(let items): list(items)
        case .markup(let markup): append(markup)
        case .empty: break
        }
    }

    /// The first cell of every row heads it. A wide table scrolls by itself, with the keyboard too.
    mutating func table(caption: Words, head: [Words], rows: [[Cell]]) {
        raw("<div class=\"wide\" tabindex=\"0\" role=\"region\" aria-label=\"")
        plain(caption)
        raw("\"><table><caption>")
        words(caption)
        raw("</caption><thead><tr>")
        for title in head {
            raw("<th scope=\"col\">")
            words(title)
            raw("</th>")
        }
        raw("</tr></thead><tbody>")
        for row in rows {
            raw("<tr>")
            for (place, value) in row.enumerated() {
                if place == 0 {
                    raw("<th scope=\"row\">")
                } else if case .number = value {
                    raw("<td class=\"number\">")
                } else {
                    raw("<td>")
                }
                cell(value)
                raw(place == 0 ? "</th>" : "</td>")
            }
            raw("</tr>")
        }
        raw("</tbody></table></div>")
    }
}
