/// A form of a page, as far as somebody who presses one of its buttons needs it.
struct PageForm {
    let action: String
    let isPost: Bool
    /// Hidden fields, and boxes that are ticked.
    private(set) var fields: [(name: String, value: String)] = []
    private(set) var buttons: [(name: String, value: String)] = []

    /// The forms of an HTML page in their order; markup it does not know is skipped.
    static func all(in html: String) -> [PageForm] {
        var forms: [PageForm] = []
        var isOpen = false
        for tag in html.split(separator: "<").dropFirst() {
            let inside = tag.prefix { $0 != ">" }
            let name = inside.prefix { $0.isLetter || $0 == "/" }.lowercased()
            let attributes = attributes(inside.dropFirst(name.count))
            switch name {
            case "form":
                forms.append(PageForm(action: attributes["action"] ?? "", isPost: attributes["method"]?.lowercased() == "post"))
                isOpen = true
            case "/form": isOpen = false
            case "input" where isOpen: forms[forms.count - 1].add(input: attributes)
            case "button" where isOpen: forms[forms.count - 1].buttons.append((attributes["name"] ?? "", attributes["value"] ?? ""))
            default: break
            }
        }
        return forms
    }

    private mutating func add(input attributes: [String: String]) {
        guard let name = attributes["name"], !name.isEmpty else { return }
        switch attributes["type"]?.lowercased() {
        case "submit", "button", "image", "reset": buttons.append((name, attributes["value"] ?? ""))
        case "checkbox", "radio": if attributes["checked"] != nil { fields.append((name, attributes["value"] ?? "on")) }
        default: fields.append((name, attributes["value"] ?? ""))
        }
    }

    /// Names in lower case; a name without a value has an empty one.
    private static func attributes(_ text: Substring) -> [String: String] {
        var found: [String: String] = [:]
        var rest = text
        while let start = rest.firstIndex(where: { $0.isLetter }) {
            rest = rest[start...]
            let name = rest.prefix { $0 != "=" && !$0.isWhitespace && $0 != "/" }
            rest = rest[name.endIndex...]
            guard rest.first == "=" else {
                found[name.lowercased()] = ""
                continue
            }
            rest = rest.dropFirst()
            let quote = rest.first.flatMap { $0 == "\"" || $0 == "'" ? $0 : nil }
            if quote != nil { rest = rest.dropFirst() }
            let value = rest.prefix { quote == nil ? !$0.isWhitespace : $0 != quote }
            rest = rest[value.endIndex...].dropFirst(quote == nil ? 0 : 1)
            found[name.lowercased()] = unescaped(String(value))
        }
        return found
    }

    private static func unescaped(_ text: String) -> String {
        let references = [("&quot;", "\""), ("&#39;", "'"), ("&#x27;", "'"), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")]
        return references.reduce(text) { $0.replacing($1.0, with: $1.1) }
    }
}
