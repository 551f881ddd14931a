import SignOn
import TrustFramework
package import Vocabulary

/// Error codes of the authorization endpoint (RFC 6749 §4.1.2.1, OpenID Connect Core §3.1.2.6, OpenID Connect Core Error Code
/// unmet_authentication_requirements 1.0).
package enum AuthorizationError: String, Sendable, CaseIterable {
    case invalidRequest = "invalid_request"
    case unauthorizedClient = "unauthorized_client"
    case accessDenied = "access_denied"
    case unsupportedResponseType = "unsupported_response_type"
    case invalidScope = "invalid_scope"
    case loginRequired = "login_required"
    case interactionRequired = "interaction_required"
    case consentRequired = "consent_required"
    case requestNotSupported = "request_not_supported"
    case requestURINotSupported = "request_uri_not_supported"
    case registrationNotSupported = "registration_not_supported"
    case unmetAuthenticationRequirements = "unmet_authentication_requirements"
    /// RFC 9101 §6.3, OpenID Connect Core §3.1.2.6.
    case invalidRequestObject = "invalid_request_object"
    case invalidRequestURI = "invalid_request_uri"
    /// RFC 8707 §2.
    case invalidTarget = "invalid_target"
    /// RFC 9396 §5.
    case invalidAuthorizationDetails = "invalid_authorization_details"
    case serverError = "server_error"
}

/// Why a request does not enter, and where that may be said. Only the second case has an address, and only a registered one (checklist E3).
package enum AuthorizationRefusal: Error, Hashable, Sendable {
    /// Nowhere proven to send it: a page of ours. The error code is for those who ask without a browser (RFC 9126 §2.3).
    case page(Explanation, AuthorizationError = .invalidRequest)
    case redirect(to: AnswerTarget, AuthorizationError, Explanation)
}

extension AuthorizationRefusal {
    package var explanation: Explanation {
        switch self {
        case .page(let explanation, _), .redirect(_, _, let explanation): explanation
        }
    }

    package var error: AuthorizationError {
        switch self {
        case .page(_, let error), .redirect(_, let error, _): error
        }
    }

    /// What the browser carries to the client: `error`, `error_description`, `state` and `iss` (RFC 9207 §2), in the mode that was asked
    /// for. Nil for a page.
    package func answer(
        at provider: Provider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AnswerRefusal) -> AuthorizationAnswer? {
        guard case .redirect(let target, let error, let explanation) = self else { return nil }
        return try target.answer(error, explanation, at: provider, at: now, using: &random)
    }
}

extension AnswerTarget {
    func answer(
        _ error: AuthorizationError, _ explanation: Explanation, at provider: Provider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(AnswerRefusal) -> AuthorizationAnswer {
        try answer(
            [("error", error.rawValue), ("error_description", explanation.errorDescription)], at: provider, at: now, using: &random)
    }
}

/// A fault found after the address was proven.
struct AuthorizationFault: Error {
    let error: AuthorizationError
    let explanation: Explanation

    init(_ error: AuthorizationError, _ explanation: Explanation) {
        self.error = error
        self.explanation = explanation
    }
}

extension SignOnRefusal {
    /// How the journey's refusals are called on this wire.
    var authorizationError: AuthorizationError {
        switch self {
        // There is somebody, but a page would be needed: the client can try without `prompt=none`.
        case .passive(sessionExists: true), .passiveSignature: .interactionRequired
        case .passive(sessionExists: false), .passiveLogin, .otherCitizen: .loginRequired
        case .passiveConsent: .consentRequired
        case .otherCitizenAtStepUp, .presenceNeverLinks, .cancelled, .sessionEnded, .noIdentifier: .accessDenied
        case .consentRefused, .mandate, .certificateRevoked, .certificateBlocked, .link, .statusUnknown, .statusStale: .accessDenied
        case .denied(.contextOutOfReach, _, _, _, _): .unmetAuthenticationRequirements
        case .denied(.standing, _, _, _, _): .unauthorizedClient
        case .denied(.attributesNotAccredited, _, _, _, _): .invalidScope
        case .denied(.modeNotAccredited, _, _, _, _), .denied(.permissionMissing, _, _, _, _): .unmetAuthenticationRequirements
        case .denied: .accessDenied
        }
    }
}

extension Explanation {
    static func repeated(_ name: String) -> Explanation {
        Explanation(
            "openid.request.repeated", "a parameter came more than once", compared: [.init("parameter", name)],
            clause: "RFC 6749 §3.1", remedy: "send every parameter once")
    }

    static let clientMissing = Explanation(
        "openid.request.client-missing", "the request names no client", clause: "OpenID Connect Core §3.1.2.1",
        remedy: "send client_id")

    static func clientUnknown(_ name: String) -> Explanation {
        Explanation(
            "openid.request.client-unknown", "no client is registered under this client_id", compared: [.init("client_id", name)],
            clause: "RFC 6749 §4.1.2.1", remedy: "register the client with `sekisho member add`, or correct the client_id")
    }

    static let redirectMissing = Explanation(
        "openid.request.redirect-missing", "the request has no redirect_uri", clause: "OpenID Connect Core §3.1.2.1",
        remedy: "send redirect_uri as it is registered")

    static func redirectUnregistered(_ asked: String, registered: Int) -> Explanation {
        Explanation(
            "openid.request.redirect-unregistered", "the redirect_uri is not one of the client's registered addresses, byte for byte",
            compared: [.init("redirect_uri", asked), .init("registered-addresses", String(registered))],
            clause: "OpenID Connect Core §3.1.2.1; RFC 9700 §4.1.3",
            remedy: "send the registered address unchanged, or register this one")
    }
}
