/// Why something was refused, for the developer of the relying party: a stable code, what was compared, the clause, the fix.
/// Values are shown redacted to what the peer itself sent or what its own registration says; never a secret, never a citizen's data.
package struct Explanation: Hashable, Sendable, Codable {
    package struct Compared: Hashable, Sendable, Codable {
        package let name: String
        package let value: String

        package init(_ name: String, _ value: String) {
            self.name = name
            self.value = Explanation.redacted(value)
        }
    }

    /// Stable across versions, dotted, lower case: `saml.request.destination`.
    package let code: String
    /// One sentence, lower case, no full stop.
    package let summary: String
    package let compared: [Compared]
    /// The clause that asks for the refusal, such as `SAML Core §3.2.1`.
    package let clause: String
    /// What the developer or the operator can do.
    package let remedy: String

    package init(_ code: String, _ summary: String, compared: [Compared] = [], clause: String, remedy: String) {
        self.code = code
        self.summary = summary
        self.compared = compared
        self.clause = clause
        self.remedy = remedy
    }

    /// At most 200 characters; whatever is not visible or turns the direction of reading is shown as `\u{…}`, so that a value cannot
    /// forge a log line or a page.
    package static func redacted(_ value: String) -> String {
        var text = ""
        var count = 0
        for scalar in value.unicodeScalars {
            guard count < 200 else { return text + "…" }
            count += 1
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator, .privateUse, .surrogate, .unassigned:
                text += "\\u{" + String(scalar.value, radix: 16) + "}"
            default:
                text.unicodeScalars.append(scalar)
            }
        }
        return text
    }
}

extension Explanation {
    /// The same five things as on a page.
    package var json: JSON {
        .object([
            ("code", .string(code)), ("summary", .string(summary)),
            ("compared", .array(compared.map { .object([("name", .string($0.name)), ("value", .string($0.value))]) })),
            ("clause", .string(clause)), ("remedy", .string(remedy)),
        ])
    }
}
