/// One field of a form: its label, what it wants, what was wrong with it, and what was typed, which a refusal does not lose (H7).
struct FormField: Sendable {
    enum Kind: Sendable {
        case line
        case number, email, address, date
        /// Many lines.
        case text(rows: Int)
        /// One of several, closed (`select`) or open (radio buttons).
        case choice([(value: String, label: Words)], isOpen: Bool)
        case check
        /// Large letters, far apart: a code read from another screen.
        case code
        /// The same, of digits only.
        case digits
    }

    let name: String
    let label: Words
    var hint: Words?
    var error: Words?
    var value: String
    var kind: Kind
    /// The autofill token (HTML §4.10.18.7), or "off".
    var autocomplete: String
    var isRequired: Bool
    var maximum: Int?

    init(
        _ name: String, _ label: Words, kind: Kind = .line, value: String = "", hint: Words? = nil, error: Words? = nil,
        autocomplete: String = "off", isRequired: Bool = false, maximum: Int? = nil
    ) {
        self.name = name
        self.label = label
        self.kind = kind
        self.value = value
        self.hint = hint
        self.error = error
        self.autocomplete = autocomplete
        self.isRequired = isRequired
        self.maximum = maximum
    }
}

enum ButtonKind: Sendable { case plain, primary, danger }

extension Markup {
    mutating func hidden(_ name: String, _ value: String) {
        element("<input type=\"hidden\" name=\"", name, "\"")
        element(" value=\"", value, "\">")
    }

    /// A button inside a form; `name` and `value` are what it sends.
    mutating func submit(_ words: Words, kind: ButtonKind = .primary, name: String? = nil, value: String? = nil) {
        raw("<button type=\"submit\"")
        if let name { element(" name=\"", name, "\"") }
        if let value { element(" value=\"", value, "\"") }
        switch kind {
        case .plain: raw(">")
        case .primary: raw(" class=\"primary\">")
        case .danger: raw(" class=\"danger\">")
        }
        self.words(words)
        raw("</button>")
    }

    /// One button alone in its form.
    mutating func button(to door: String, fields: [(String, String)] = [], _ words: Words, kind: ButtonKind = .primary) {
        form(to: door, fields: fields) { $0.submit(words, kind: kind) }
    }

    mutating func form(to door: String, fields: [(String, String)] = [], _ build: (inout Markup) -> Void) {
        hasForm = true
        element("<form method=\"post\" action=\"", door, "\">")
        for (name, value) in fields { hidden(name, value) }
        build(&self)
        raw("</form>")
    }

    /// Label, hint, error and control, tied together for those who listen (WCAG 2.2, 1.3.1, 3.3.1, 3.3.2, 4.1.2).
    mutating func field(_ field: FormField) {
        let id = "f-" + field.name
        let described = [field.hint.map { _ in id + "-hint" }, field.error.map { _ in id + "-error" }].compactMap { $0 }
        if case .choice(let choices, isOpen: true) = field.kind { return radios(choices, field, described) }
        raw("<p>")
        if case .check = field.kind {
            control(field, id, described)
            element("<label for=\"", id, "\">")
            words(field.label)
            raw("</label>")
        } else {
            element("<label for=\"", id, "\">")
            words(field.label)
            if field.isRequired { words(Self.required) }
            raw("</label>")
        }
        raw("</p>")
        help(field, id)
        if case .check = field.kind { return }
        raw("<p>")
        control(field, id, described)
        raw("</p>")
    }

    private static let required = Words("（必須）", " (required)", easy: "（必ず）")

    private mutating func help(_ field: FormField, _ id: String) {
        if let hint = field.hint {
            open("p", [("class", "hint"), ("id", id + "-hint")])
            words(hint)
            raw("</p>")
        }
        if let error = field.error {
            open("p", [("class", "error"), ("id", id + "-error")])
            words(error)
            raw("</p>")
        }
    }

    private mutating func radios(_ choices: [(value: String, label: Words)], _ field: FormField, _ described: [String]) {
        var group: [(StaticString, String?)] = []
        if !described.isEmpty { group.append(("aria-describedby", described.joined(separator: " "))) }
        open("fieldset", group)
        raw("<legend>")
        words(field.label)
        if field.isRequired { words(Self.required) }
        raw("</legend>")
        help(field, "f-" + field.name)
        for choice in choices {
            raw("<label class=\"choice\">")
            var attributes: [(StaticString, String?)] = [("type", "radio"), ("name", field.name), ("value", choice.value)]
            if choice.value == field.value { attributes.append(("checked", nil)) }
            if field.isRequired { attributes.append(("required", nil)) }
            open("input", attributes)
            words(choice.label)
            raw("</label>")
        }
        raw("</fieldset>")
    }

    private mutating func control(_ field: FormField, _ id: String, _ described: [String]) {
        var attributes: [(StaticString, String?)] = [("id", id), ("name", field.name)]
        if !described.isEmpty { attributes.append(("aria-describedby", described.joined(separator: " "))) }
        if field.error != nil { attributes.append(("aria-invalid", "true")) }
        if field.isRequired { attributes.append(("required", nil)) }
        if let maximum = field.maximum { attributes.append(("maxlength", String(maximum))) }
        attributes.append(("autocomplete", field.autocomplete))
        switch field.kind {
        case .line: open("input", attributes + [("type", "text"), ("value", field.value)])
        case .number: open("input", attributes + [("inputmode", "numeric"), ("value", field.value)])
        case .email: open("input", attributes + [("type", "email"), ("value", field.value)])
        case .address: open("input", attributes + [("type", "url"), ("value", field.value)])
        case .date: open("input", attributes + [("type", "date"), ("value", field.value)])
        case .code:
            open(
                "input",
                attributes + [
                    ("class", "code"), ("size", "16"), ("autocapitalize", "characters"), ("spellcheck", "false"), ("value", field.value),
                ])
        case .digits:
            open("input", attributes + [("class", "code"), ("size", "8"), ("inputmode", "numeric"), ("value", field.value)])
        case .check:
            open("input", attributes + [("type", "checkbox"), ("value", "yes")] + (field.value == "yes" ? [("checked", nil)] : []))
        case .text(let rows):
            open("textarea", attributes + [("rows", String(rows)), ("spellcheck", "false")])
            // HTML drops the first line feed of a text area.
            raw("\n")
            text(field.value)
            close("textarea")
        case .choice(let choices, isOpen: _):
            open("select", attributes)
            for choice in choices {
                open("option", [("value", choice.value)] + (choice.value == field.value ? [("selected", nil)] : []))
                plain(choice.label)
                close("option")
            }
            close("select")
        }
    }
}
