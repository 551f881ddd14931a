/// What a person without a browser needs of an HTML page: its title, its text, and a form that submits itself. Reads what it is given
/// once, from front to back; markup it does not know is skipped.
struct WebPage {
    private(set) var title = ""
    private(set) var text = ""
    private(set) var forms: [WebForm] = []
    /// Some script on the page submits a form.
    private(set) var submitsForm = false

    init(_ bytes: [UInt8]) {
        var reader = MarkupReader(bytes)
        var hidden = 0
        while let token = reader.next() {
            switch token {
            case .text(let piece):
                if hidden == 0 { text += MarkupReader.unescaped(piece) }
            case .raw(let element, let content):
                if element == "title" { title = Self.collapsed(MarkupReader.unescaped(content)) }
                if element == "script", content.contains(".submit()") { submitsForm = true }
            case .start(let element, let attributes):
                if element == "head" { hidden += 1 }
                if attributes["onload"]?.contains(".submit()") == true { submitsForm = true }
                if Self.blocks.contains(element) { text += "\n" }
                if element == "form" { forms.append(WebForm(attributes)) }
                if WebForm.controls.contains(element), !forms.isEmpty { forms[forms.count - 1].add(element, attributes) }
            case .end(let element):
                if element == "head" { hidden = max(0, hidden - 1) }
                if Self.blocks.contains(element) { text += "\n" }
            }
        }
        text = text.split(separator: "\n").map { Self.collapsed(String($0)) }.filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// The one form that a script of the page sends on: a post of hidden fields, as the SAML POST binding has it (SAML Bindings §3.5.4).
    var automaticForm: WebForm? {
        guard submitsForm, forms.count == 1, let form = forms.first, form.isMessage else { return nil }
        return form
    }

    private static let blocks: Set<String> = [
        "p", "div", "br", "h1", "h2", "h3", "h4", "li", "ul", "ol", "dl", "dt", "dd", "tr", "table", "form", "main", "section", "pre",
        "header", "footer", "article", "hr",
    ]

    private static func collapsed(_ text: String) -> String { text.split(whereSeparator: \.isWhitespace).joined(separator: " ") }
}

struct WebForm {
    static let controls: Set<String> = ["input", "select", "textarea", "button"]

    let action: String
    let isPost: Bool
    private let isPlainlyEncoded: Bool
    private(set) var fields: [(name: String, value: String)] = []
    private var wantsPerson = false

    init(_ attributes: [String: String]) {
        action = attributes["action"] ?? ""
        isPost = attributes["method"]?.lowercased() == "post"
        let encoding = attributes["enctype"]?.lowercased()
        isPlainlyEncoded = encoding == nil || encoding == "application/x-www-form-urlencoded"
    }

    mutating func add(_ element: String, _ attributes: [String: String]) {
        let type = attributes["type"]?.lowercased()
        switch (element, type) {
        // `form.submit()` sends no button.
        case ("button", _), ("input", "submit"), ("input", "button"), ("input", "image"), ("input", "reset"): return
        case ("input", "hidden"):
            guard let name = attributes["name"], !name.isEmpty else { return }
            guard !fields.contains(where: { $0.name == name }) else {
                wantsPerson = true
                return
            }
            fields.append((name, attributes["value"] ?? ""))
        default: wantsPerson = true
        }
    }

    /// Nothing in it is for a person to fill in, and no name occurs twice.
    var isMessage: Bool { isPost && isPlainlyEncoded && !wantsPerson && !fields.isEmpty }
}
