package import Vocabulary

/// Why a resource that takes access tokens says no, ready for the wire: status, challenges, body (RFC 6750 §3, RFC 9449 §7.1).
package struct ResourceRefusal: Error, Hashable, Sendable {
    package let error: TokenError
    package let explanation: Explanation
    /// For `DPoP-Nonce`, when the proof lacks the server's nonce (RFC 9449 §9).
    package let nonce: String?
    /// The scheme that the request tried; nil when it brought no token at all and is told no error code (RFC 6750 §3.1).
    private let scheme: PresentedToken.Scheme?
    private let parameters: [Parameter]

    private struct Parameter: Hashable {
        let name: String
        let value: String
    }

    init(_ error: TokenError, _ explanation: Explanation, by scheme: PresentedToken.Scheme?, nonce: String? = nil) {
        self.init(error, explanation, by: scheme, nonce: nonce, parameters: [])
    }

    private init(
        _ error: TokenError, _ explanation: Explanation, by scheme: PresentedToken.Scheme?, nonce: String?, parameters: [Parameter]
    ) {
        self.error = error
        self.explanation = explanation
        self.scheme = scheme
        self.nonce = nonce
        self.parameters = parameters
    }

    /// What the token endpoint would say of a proof, said by a resource.
    package init(_ refusal: TokenRefusal) { self.init(refusal.error, refusal.explanation, by: .dpop, nonce: refusal.nonce) }

    /// The step-up challenge of RFC 9470 §3: what a login has to reach before this resource answers. `acrValues` from the best liked on;
    /// `maximumAge` in seconds.
    package static func stepUp(
        _ explanation: Explanation, acrValues: [String], maximumAge: Int64? = nil, by scheme: PresentedToken.Scheme
    ) -> ResourceRefusal {
        var parameters: [Parameter] = []
        if !acrValues.isEmpty { parameters.append(Parameter(name: "acr_values", value: acrValues.joined(separator: " "))) }
        if let maximumAge { parameters.append(Parameter(name: "max_age", value: String(maximumAge))) }
        return ResourceRefusal(.insufficientUserAuthentication, explanation, by: scheme, nonce: nil, parameters: parameters)
    }

    package var status: Int {
        switch error {
        case .invalidRequest: 400
        case .insufficientScope: 403
        case .serverError: 500
        default: 401
        }
    }

    package var body: JSON {
        .object([
            ("error", .string(error.rawValue)), ("error_description", .string(explanation.errorDescription)),
            ("explanation", explanation.json),
        ])
    }

    /// The values of `WWW-Authenticate`, one challenge each (RFC 9110 §11.6.1). Who sent nothing sees every scheme there is; who sent a
    /// token sees what was wrong in the scheme that would have been right. `metadata` is where the resource describes itself
    /// (RFC 9728 §5.1).
    package func challenges(metadata: String?, realm: String = "userinfo", scope: String = "openid") -> [String] {
        guard error != .serverError else { return [] }
        let common = metadata.map { [Parameter(name: "resource_metadata", value: $0)] } ?? []
        let algorithms = Parameter(name: "algs", value: DPoPProof.algorithmNames)
        guard let scheme else {
            return [
                Self.challenge(.bearer, [Parameter(name: "realm", value: realm)] + common),
                Self.challenge(.dpop, [Parameter(name: "realm", value: realm), algorithms] + common),
            ]
        }
        var told = [
            Parameter(name: "realm", value: realm), Parameter(name: "error", value: error.rawValue),
            Parameter(name: "error_description", value: explanation.errorDescription),
        ]
        if error == .insufficientScope { told.append(Parameter(name: "scope", value: scope)) }
        return [Self.challenge(scheme, told + parameters + (scheme == .dpop ? [algorithms] : []) + common)]
    }

    /// Nothing in the values needs escaping: `errorDescription` has neither quotation mark nor backslash, the rest is ours.
    private static func challenge(_ scheme: PresentedToken.Scheme, _ parameters: [Parameter]) -> String {
        scheme.rawValue + " " + parameters.map { $0.name + "=\"" + $0.value + "\"" }.joined(separator: ", ")
    }
}
