package import Vocabulary

/// Why an endpoint for trust marks says no (OpenID Federation 1.0 §8.9).
package enum TrustMarkRefusal: Error, Hashable, Sendable {
    case invalidRequest(Explanation)
    case notFound(Explanation)
    case unavailable(Explanation)

    package var explanation: Explanation {
        switch self {
        case .invalidRequest(let explanation), .notFound(let explanation), .unavailable(let explanation): explanation
        }
    }

    package var status: Int {
        switch self {
        case .invalidRequest: 400
        case .notFound: 404
        case .unavailable: 503
        }
    }

    package var body: JSON {
        let error =
            switch self {
            case .invalidRequest: "invalid_request"
            case .notFound: "not_found"
            case .unavailable: "temporarily_unavailable"
            }
        return .object([
            ("error", .string(error)), ("error_description", .string(explanation.errorDescription)), ("explanation", explanation.json),
        ])
    }
}

extension Explanation {
    static func missing(_ name: String) -> Explanation {
        Explanation(
            "federation.trust-mark.parameter", "a parameter is missing", compared: [.init("parameter", name)],
            clause: "OpenID Federation 1.0 §8.4.1, §8.5.1, §8.6.1", remedy: "send it once, with a value")
    }

    static let unreadable = Explanation(
        "federation.trust-mark.request", "the request cannot be read", clause: "OpenID Federation 1.0 §8.4.1, §8.9",
        remedy: "send each parameter once, encoded as a form; a trust mark is a compact JWS")

    static func unknownType(_ text: String) -> Explanation {
        Explanation(
            "federation.trust-mark.type", "no trust marks of this type are issued here", compared: [.init("trust_mark_type", text)],
            clause: "OpenID Federation 1.0 §8.6.2", remedy: "see trust_mark_issuers in /.well-known/openid-federation")
    }

    static let unmarked = Explanation(
        "federation.trust-mark.unmarked", "the entity has no trust mark of this type now", clause: "OpenID Federation 1.0 §8.6.2",
        remedy: "see the list of those who have; a mark ends with the accreditation")

    static let notOurs = Explanation(
        "federation.trust-mark.not-ours", "this is no trust mark that was issued here", clause: "OpenID Federation 1.0 §8.4.2",
        remedy: "ask the issuer that `iss` names, with the mark unchanged")

    static let noKey = Explanation(
        "federation.trust-mark.unavailable", "nothing can be signed now", clause: "OpenID Federation 1.0 §8.9",
        remedy: "the operator looks at `sekisho keys list`; try again later")
}

extension TrustMarkRefusal {
    package static let unmarked = Explanation.unmarked
    package static let unreadable = Explanation.unreadable
}
