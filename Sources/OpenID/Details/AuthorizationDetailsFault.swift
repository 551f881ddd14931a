package import Vocabulary

/// Why authorization details are refused: `invalid_authorization_details` wherever they were sent (RFC 9396 §5).
package struct AuthorizationDetailsFault: Error, Hashable, Sendable {
    package let explanation: Explanation
}

extension AuthorizationDetailsFault {
    static let form = AuthorizationDetailsFault(
        explanation: Explanation(
            "openid.details.form", "authorization_details is no JSON array of 1 to \(AuthorizationDetails.most) objects with a type",
            clause: "RFC 9396 §2", remedy: "send [{\"type\": …}]"))

    static func type(_ name: String, known: [String]) -> AuthorizationDetailsFault {
        AuthorizationDetailsFault(
            explanation: Explanation(
                "openid.details.type", "this type of authorization details is not known here, or not for this client",
                compared: [.init("type", name), .init("known", known.joined(separator: " "))], clause: "RFC 9396 §5",
                remedy: "send a type of the registration, or have it added to `authorization-details-types`"))
    }

    static func field(_ path: String, _ why: String) -> AuthorizationDetailsFault {
        AuthorizationDetailsFault(
            explanation: Explanation(
                "openid.details.field", "a member of the authorization details is not as its type has it",
                compared: [.init("member", path), .init("why", why)], clause: "RFC 9396 §5",
                remedy: "see the type in the provider's documentation of its authorization details"))
    }

    static let broader = AuthorizationDetailsFault(
        explanation: Explanation(
            "openid.details.broader", "more is asked for than was granted", clause: "RFC 9396 §6.1; RFC 8693 §2.1",
            remedy: "ask for a part of the granted authorization details, or send the citizen to the authorization endpoint again"))
}
