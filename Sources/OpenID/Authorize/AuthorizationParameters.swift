import Vocabulary

/// The parameters that a request is judged by, wherever they were found: in the query or form, or in a signed object.
struct AuthorizationParameters: Sendable {
    private let form: FormParameters?
    /// The verified claims of a request object; they outrank the form.
    private let object: JSON?

    init(_ form: FormParameters) {
        self.form = form
        object = nil
    }

    /// `form` is there only where what stands outside of the object counts too (OpenID Connect Core §6.1).
    init(object: JSON, beside form: FormParameters?) {
        self.form = form
        self.object = object
    }

    /// The value, if there is exactly one and it is not empty. A number, an array or an object of a request object is its JSON text.
    subscript(_ name: String) -> String? {
        guard let value = object?[name] else { return form?[name] }
        switch value {
        case .string(let text): return text.isEmpty ? nil : text
        case .null: return nil
        default: return value.text
        }
    }

    /// Every `resource` (RFC 8707 §2), the one parameter that may come several times.
    var resources: [String] {
        guard let value = object?["resource"] else { return form?.all("resource") ?? [] }
        return value.string.map { [$0] } ?? value.strings ?? []
    }

    /// The first name that came more than once and may not.
    var repeated: String? { form?.repeated.first { $0 != "resource" } }

    /// Names that came without `=`.
    var bare: [String] { form?.bare ?? [] }

    /// Whether the client signed them.
    var isSigned: Bool { object != nil }
}
