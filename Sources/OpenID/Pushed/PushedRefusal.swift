package import Vocabulary

extension AuthorizationRefusal {
    /// The same refusal for a client that pushed its request: JSON, and no browser goes anywhere (RFC 9126 §2.3).
    package var pushedBody: JSON {
        .object([
            ("error", .string(error.rawValue)), ("error_description", .string(explanation.errorDescription)),
            ("explanation", explanation.json),
        ])
    }

    /// 500 for what is our fault.
    package var pushedStatus: Int { error == .serverError ? 500 : 400 }
}

extension Explanation {
    static let pushedUnknown = Explanation(
        "openid.pushed.unknown", "there is no such pushed request: it ran out, or its login is over",
        clause: "RFC 9126 §2.2, §4; RFC 9101 §6.3",
        remedy: "push the request again, and send the browser at once")

    static let pushedByAnother = Explanation(
        "openid.pushed.other-client", "another client pushed this request", clause: "RFC 9126 §4",
        remedy: "bring only requests that this client pushed, with its own client_id")

    /// Two tabs brought one pushed request, and the other one was first.
    package static let pushedFinished = Explanation(
        "openid.pushed.finished", "this login was completed in another tab", clause: "RFC 9126 §4, §7.3",
        remedy: "go on in the other tab, or start again from the service")
}
