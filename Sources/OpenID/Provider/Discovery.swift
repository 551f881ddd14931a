import JOSE
package import TrustFramework
package import Vocabulary

extension Provider {
    /// The metadata document (OpenID Connect Discovery §3, RFC 8414 §2): only what is true (checklist C3).
    package func discovery(ladder: AssuranceLadder) -> JSON {
        .object([
            ("issuer", .string(issuer)),
            ("authorization_endpoint", .string(authorizationEndpoint)),
            ("token_endpoint", .string(tokenEndpoint)),
            ("userinfo_endpoint", .string(userInfoEndpoint)),
            ("jwks_uri", .string(jwksEndpoint)),
            ("scopes_supported", Self.list(scopes.sorted())),
            ("response_types_supported", ["code"]),
            ("response_modes_supported", ["query"]),
            ("grant_types_supported", Self.list(["authorization_code"] + (refreshTokens ? ["refresh_token"] : []))),
            ("acr_values_supported", Self.list(ladder.contexts.flatMap(\.acrValues))),
            ("subject_types_supported", ["pairwise"]),
            ("id_token_signing_alg_values_supported", Self.list(algorithms.map(\.rawValue).sorted())),
            ("token_endpoint_auth_methods_supported", ["private_key_jwt", "client_secret_basic"]),
            ("token_endpoint_auth_signing_alg_values_supported", Self.list(ClientAssertion.algorithms.map(\.rawValue).sorted())),
            ("claim_types_supported", ["normal"]),
            ("claims_supported", Self.list(IDToken.claims + AttributeSource.allCases.map(\.claim))),
            ("claims_parameter_supported", true),
            ("request_parameter_supported", false),
            ("request_uri_parameter_supported", false),
            ("prompt_values_supported", Self.list(Prompt.allCases.map(\.rawValue))),
            ("code_challenge_methods_supported", ["S256"]),
            ("authorization_response_iss_parameter_supported", true),
            ("end_session_endpoint", .string(endSessionEndpoint)),
            ("backchannel_logout_supported", true),
            ("backchannel_logout_session_supported", true),
        ])
    }

    private static func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}
