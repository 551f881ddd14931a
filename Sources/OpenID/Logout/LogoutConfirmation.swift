import Vocabulary

/// What our own page sends back: the request as it came, and whether the citizen said yes to it.
package struct LogoutConfirmation: Sendable {
    /// Raw parameters, to be read and proven again.
    package let request: String
    package let isConfirmed: Bool

    /// The names of the page's fields.
    package static let request = "request"
    package static let answer = "answer"
    package static let yes = "yes"

    /// Nil when this is not our page's form.
    package init?(form: [UInt8]) {
        guard let fields = try? FormParameters(form), fields.repeated.isEmpty else { return nil }
        request = fields[Self.request] ?? ""
        isConfirmed = fields[Self.answer] == Self.yes
    }
}
