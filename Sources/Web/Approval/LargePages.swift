import HTTPTypes
import Hummingbird

/// Pages in large type, for a television across the room and for eyes that are not young (R11, R25): complete without JavaScript, with a
/// keyboard or the arrows of a remote control, Japanese and English one under the other.
enum LargePages {
    private static let style: StaticString =
        "<style>body{font:1.5rem/1.7 sans-serif;max-width:48rem;margin:2rem auto;padding:0 1rem}a,button,input{font-size:1.5rem}button,input{padding:.75rem 1.25rem;margin:.5rem 0}input{font-family:monospace;letter-spacing:.2em;max-width:100%;box-sizing:border-box}:focus{outline:.3rem solid}.note{border:.2rem solid;padding:.5rem 1rem}dd{margin:0 0 .75rem 1rem;overflow-wrap:anywhere}</style>"
    // SHA-256 of the text between the tags above; `DevicePageTests` computes it again.
    static let styleDigest = "fcTicJqRnl8Rkd2zWNqPXPcLb7Gp3ljIDYoh8jHxShQ="
    static let policy = "default-src 'none'; style-src 'sha256-\(styleDigest)'; base-uri 'none'; frame-ancestors 'none'"

    static func document(_ japanese: StaticString, _ english: StaticString, _ build: (inout Markup) -> Void) -> Markup {
        var page = Markup(capacity: 4_096)
        page.raw("<!DOCTYPE html><html lang=\"ja\"><head><meta charset=\"utf-8\">")
        page.raw("<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">")
        page.raw(style)
        page.raw("<title>")
        page.raw(japanese)
        page.raw(" ")
        page.raw(english)
        page.raw("</title></head><body><main><h1>")
        page.raw(japanese)
        page.raw("<br><span lang=\"en\">")
        page.raw(english)
        page.raw("</span></h1>")
        build(&page)
        page.raw("</main></body></html>")
        return page
    }

    static func answer(_ markup: Markup, status: HTTPResponse.Status = .ok) -> Response {
        var response = Answer.page(markup, status: status)
        response.headers[.contentSecurityPolicy] = policy
        return response
    }
}

extension Markup {
    /// One sentence in both languages.
    mutating func both(_ japanese: StaticString, _ english: StaticString) {
        raw("<p>")
        raw(japanese)
        raw("<br><span lang=\"en\">")
        raw(english)
        raw("</span></p>")
    }

    /// One button in both languages, alone in its form; `name` and `value` are what it sends.
    mutating func button(
        to door: String, _ fields: [(String, String)], _ japanese: StaticString, _ english: StaticString
    ) {
        element("<form method=\"post\" action=\"", door, "\">")
        for (name, value) in fields {
            element("<input type=\"hidden\" name=\"", name, "\"")
            element(" value=\"", value, "\">")
        }
        raw("<button type=\"submit\">")
        raw(japanese)
        raw("<br><span lang=\"en\">")
        raw(english)
        raw("</span></button></form>")
    }
}
