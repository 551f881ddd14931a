import JOSE
import Vocabulary

/// How the answer travels (OAuth 2.0 Multiple Response Types §2.1, Form Post Response Mode 1.0, JARM §2.3).
package enum ResponseMode: String, Hashable, Sendable, CaseIterable {
    case query
    case formPost = "form_post"
    /// What JARM calls `jwt` when the answer is a code.
    case queryJWT = "query.jwt"
    case formPostJWT = "form_post.jwt"

    /// Whether the answer is one signed object.
    var isSigned: Bool { self == .queryJWT || self == .formPostJWT }

    var isForm: Bool { self == .formPost || self == .formPostJWT }

    /// Names for the metadata.
    static let published = allCases.map(\.rawValue) + ["jwt"]

    /// What `response_mode` asks for, or what the client's profile has it be when nothing is asked. A fault, when there is one, is told in
    /// the mode beside it: no signature can be promised to a client that registered none.
    static func read(
        _ asked: String?, for client: Client, at provider: Provider, at now: Timestamp
    ) -> (mode: ResponseMode, fault: AuthorizationFault?) {
        guard asked != nil || client.requiresSignedAnswers else { return (.query, nil) }
        let key = client.authorizationSigning.flatMap { provider.signingKey(for: $0, at: now) }
        let fallback: ResponseMode = client.requiresSignedAnswers && key != nil ? .queryJWT : .query
        let name = asked ?? "jwt"
        guard let mode = name == "jwt" ? .queryJWT : ResponseMode(rawValue: name) else {
            let accepted = published.joined(separator: " ")
            return (
                fallback,
                AuthorizationFault(
                    .invalidRequest, .value("response_mode", name, accepted: accepted, "OAuth 2.0 Multiple Response Types §2.1"))
            )
        }
        guard mode.isSigned else {
            guard client.requiresSignedAnswers else { return (mode, nil) }
            return (fallback, AuthorizationFault(.invalidRequest, .signedAnswersRequired(name)))
        }
        guard let algorithm = client.authorizationSigning else {
            return (.query, AuthorizationFault(.invalidRequest, .signedAnswersUnregistered))
        }
        return key == nil ? (.query, AuthorizationFault(.serverError, .noAnswerKey(algorithm.rawValue))) : (mode, nil)
    }
}

extension Explanation {
    static let signedAnswersUnregistered = Explanation(
        "openid.request.response-mode-unregistered", "the client is not registered for signed answers", clause: "JARM §3",
        remedy: "have `authorization-signed-response-alg` put into the registration, or use a response mode without `jwt`")

    static func signedAnswersRequired(_ asked: String) -> Explanation {
        Explanation(
            "openid.request.response-mode-plain", "the client takes signed answers only", compared: [.init("response_mode", asked)],
            clause: "FAPI 2.0 Message Signing §5.4.1", remedy: "send response_mode=jwt, or leave it out")
    }

    static func noAnswerKey(_ algorithm: String) -> Explanation {
        Explanation(
            "openid.provider.answer-key", "the provider has no key for the client's signed answers",
            compared: [.init("algorithm", algorithm)], clause: "JARM §3", remedy: "tell the operator; `sekisho check` shows it")
    }
}
