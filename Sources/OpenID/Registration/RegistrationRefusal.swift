package import Vocabulary

/// Why somebody may not register, or not so: ready for the wire (RFC 7591 §3.2.2, RFC 7592 §2, RFC 6750 §3).
package struct RegistrationRefusal: Error, Hashable, Sendable {
    package let error: TokenError
    /// All that is wrong; never empty.
    package let explanations: [Explanation]
    package let status: Int
    /// Seconds to wait, with 429.
    package let retryAfter: Int64?
    /// Nobody showed a token: no error code is told then (RFC 6750 §3.1).
    private let bringsNoToken: Bool

    package init(
        _ error: TokenError, _ explanation: Explanation, status: Int = 400, retryAfter: Int64? = nil,
        withoutToken bringsNoToken: Bool = false
    ) {
        self.error = error
        explanations = [explanation]
        self.status = status
        self.retryAfter = retryAfter
        self.bringsNoToken = bringsNoToken
    }

    /// What is wrong with metadata; a redirect address has an error of its own.
    init(metadata explanations: [Explanation]) {
        let redirects: Set<String> = ["openid.client.redirect-uri", "openid.client.no-redirect-uri"]
        let isRedirect = explanations.first.map { redirects.contains($0.code) } ?? false
        error = isRedirect ? .invalidRedirectURI : .invalidClientMetadata
        self.explanations = explanations
        status = 400
        retryAfter = nil
        bringsNoToken = false
    }

    package var explanation: Explanation { explanations.first ?? .registrationMalformed("") }

    package var body: JSON {
        var members: [(String, JSON)] = [
            ("error", .string(error.rawValue)), ("error_description", .string(explanation.errorDescription)),
            ("explanation", explanation.json),
        ]
        if explanations.count > 1 { members.append(("explanations", .array(explanations.map(\.json)))) }
        return .object(members)
    }

    /// RFC 6750 §3: with 401 only, and with at least one parameter.
    package var authenticateHeader: String? {
        guard status == 401 else { return nil }
        return "Bearer realm=\"registration\"" + (bringsNoToken ? "" : ", error=\"invalid_token\"")
    }
}

extension RegistrationRefusal {
    static func malformed(_ why: JSONRefusal?) -> RegistrationRefusal {
        let words: String =
            switch why {
            case .tooLarge(let limit): "it is larger than \(limit) bytes"
            case .tooDeep: "it is nested too deeply"
            case .duplicateMember(let name): "the member `" + Explanation.redacted(name) + "` comes twice"
            case .notUTF8: "it is not UTF-8"
            case .syntax: "its syntax is broken"
            case nil: "it is no object"
            }
        return RegistrationRefusal(.invalidClientMetadata, .registrationMalformed(words))
    }

    static func statement(_ why: String) -> RegistrationRefusal {
        RegistrationRefusal(
            .invalidSoftwareStatement,
            Explanation(
                "openid.registration.statement", "the software statement cannot be believed: " + why, clause: "RFC 7591 §2.3, §3.2.2",
                remedy: "ask the federation's registrar for a new one"))
    }

    static func unapproved(_ why: String) -> RegistrationRefusal { unapproved(.registrationUnapproved(why)) }

    static func unapproved(_ explanation: Explanation) -> RegistrationRefusal {
        RegistrationRefusal(.unapprovedSoftwareStatement, explanation)
    }

    static func forbidden(_ explanation: Explanation) -> RegistrationRefusal {
        RegistrationRefusal(.accessDenied, explanation, status: 403)
    }

    static func contradiction(_ member: String, _ why: String) -> RegistrationRefusal {
        RegistrationRefusal(
            .invalidRequest,
            Explanation(
                "openid.registration.contradiction", "the update contradicts the registration: " + why,
                compared: [.init("member", member)], clause: "RFC 7592 §2.2",
                remedy: "send the metadata alone, with the client's own client_id"))
    }

    package static let closed = RegistrationRefusal(
        .accessDenied,
        Explanation(
            "openid.registration.closed", "clients do not register themselves here", clause: "RFC 7591 §3",
            remedy: "ask the operator to register the client"), status: 404)

    package static let noToken = RegistrationRefusal(
        .invalidToken,
        Explanation(
            "openid.registration.no-token", "nobody said that this client may register", clause: "RFC 7591 §3",
            remedy: "bring an initial access token of the registrar in `Authorization: Bearer`, or a software statement"), status: 401,
        withoutToken: true)

    package static let unknownToken = RegistrationRefusal(
        .invalidToken,
        Explanation(
            "openid.registration.token-unknown", "there is no such initial access token, or it has run out", clause: "RFC 7591 §3",
            remedy: "ask the registrar for a new one"), status: 401)

    package static let spentToken = RegistrationRefusal(
        .invalidToken,
        Explanation(
            "openid.registration.token-spent", "the initial access token has been used up", clause: "RFC 7591 §3",
            remedy: "ask the registrar for a new one"), status: 401)

    package static let unknownAccess = RegistrationRefusal(
        .invalidToken,
        Explanation(
            "openid.registration.access", "there is no such registration, or this is not its registration access token",
            clause: "RFC 7592 §2.1, §4", remedy: "use the token of the newest answer, which every update renews"), status: 401)

    /// The same, told to whoever shows no token.
    package static let noAccess = RegistrationRefusal(unknownAccess.error, unknownAccess.explanation, status: 401, withoutToken: true)

    package static func full(_ most: Int) -> RegistrationRefusal {
        RegistrationRefusal(
            .accessDenied,
            Explanation(
                "openid.registration.full", "no more registrations are kept", compared: [.init("most", String(most))],
                clause: "RFC 7591 §5",
                remedy: "remove clients that are not used, or ask the operator"), status: 403)
    }

    package static func tooFast(wait seconds: Int64) -> RegistrationRefusal {
        RegistrationRefusal(
            .accessDenied,
            Explanation(
                "openid.registration.too-fast", "too many clients registered for this sponsor within an hour",
                clause: "RFC 7591 §5; RFC 6585 §4",
                remedy: "wait, and register a client once"), status: 429, retryAfter: seconds)
    }

    package static let contentType = RegistrationRefusal(
        .invalidClientMetadata,
        Explanation(
            "openid.registration.content-type", "the request is no application/json", clause: "RFC 7591 §3.1",
            remedy: "send the metadata as a JSON object"))

    package static let tooLarge = RegistrationRefusal(
        .invalidClientMetadata,
        Explanation(
            "openid.registration.too-large", "the request is larger than 64 KiB", clause: "RFC 7591 §3.1", remedy: "send a smaller one"),
        status: 413)
}
