import Settings
import Vocabulary

/// The console's frame: who is here, the parts this officer may open, the page, and the way out.
enum Console {
    /// `path`: the part that the page belongs to, marked in the navigation. `notice` and `fault` as in `Pages.document`.
    static func document(
        title: Words, desk: Desk, in path: String? = nil, notice: Words? = nil, fault: Words? = nil, _ build: (inout Markup) -> Void
    ) -> Markup {
        Pages.document(title, kind: .console, notice: notice, fault: fault) { page in
            navigation(desk, path, &page)
            build(&page)
            page.section { page in
                page.paragraph { page in
                    page.words(Words("ログイン中：", "Logged in: "))
                    page.value(desk.officer.name)
                    let roles = OfficerRole.allCases.filter(desk.roles.contains).map { $0.words() }
                    page.text(
                        page.language == .english ? " (" + roles.joined(separator: ", ") + ")" : "（" + roles.joined(separator: "、") + "）")
                }
                page.paragraph { page in
                    page.words(Words("ログイン参照番号：", "Reference of this login: "))
                    page.code(desk.login)
                }
                page.button(
                    to: "/session/end", fields: [("scope", "here")], Words("コンソールからログアウトする", "Log out of the console"), kind: .plain)
            }
        }
    }

    private static func navigation(_ desk: Desk, _ path: String?, _ page: inout Markup) {
        page.open("nav", [("aria-label", Words("コンソール", "Console")())])
        page.open("div", [("class", "row")])
        for part in ConsolePart.all where desk.may(part.roles) {
            page.open("a", [("href", part.path)] + (part.path == path ? [("aria-current", "page")] : []))
            page.words(part.title)
            page.close("a")
        }
        page.close("div")
        page.close("nav")
    }

    /// A form with the mark of this login; `build` adds fields and buttons. `upload`: a file may be in it.
    static func form(
        to path: String, _ fields: [(String, String)] = [], _ desk: Desk, _ page: inout Markup, upload: Bool = false,
        _ build: (inout Markup) -> Void
    ) {
        page.open("form", [("method", "post"), ("action", path)] + (upload ? [("enctype", "multipart/form-data")] : []))
        for (name, value) in fields + [(Desk.markField, desk.mark)] { page.hidden(name, value) }
        build(&page)
        page.close("form")
    }

    /// After a form was done: the browser is sent here, so that the back button and a reload repeat nothing (checklist H7). `word` is one of
    /// the page's own words for what was done.
    static func after(_ path: String, done word: String, _ settings: Configuration) -> String {
        settings.baseURL + path + "?" + done + "=" + word
    }

    static let done = "done"

    /// Why, for the audit trail. Several forms of one page have it; `id` keeps them apart.
    static func reason(_ id: String, typed: String = "", _ page: inout Markup) {
        let words = Words("理由（監査記録に残ります）", "Reason (kept in the audit trail)")
        page.paragraph { page in
            page.open("label", [("for", "reason-" + id)])
            page.words(words)
            page.close("label")
        }
        page.paragraph { page in
            page.open(
                "input",
                [
                    ("id", "reason-" + id), ("name", "reason"), ("type", "text"), ("required", nil), ("maxlength", "300"),
                    ("autocomplete", "off"), ("value", typed),
                ])
        }
    }
}
