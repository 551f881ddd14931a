import JOSE
package import TrustFramework
package import Vocabulary

extension Provider {
    /// The metadata of a sandbox (OpenID Connect Discovery §3): the code flow and userinfo, and nothing that it does not do.
    package func sandboxDiscovery(ladder: AssuranceLadder, at now: Timestamp) -> JSON {
        func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
        return .object([
            ("issuer", .string(issuer)), ("authorization_endpoint", .string(authorizationEndpoint)),
            ("token_endpoint", .string(tokenEndpoint)), ("userinfo_endpoint", .string(userInfoEndpoint)),
            ("pushed_authorization_request_endpoint", .string(pushedAuthorizationEndpoint)),
            ("jwks_uri", .string(jwksEndpoint)), ("scopes_supported", list(scopes.sorted())), ("response_types_supported", ["code"]),
            ("response_modes_supported", list(ResponseMode.published)), ("grant_types_supported", ["authorization_code"]),
            ("code_challenge_methods_supported", ["S256"]), ("subject_types_supported", ["pairwise"]),
            ("id_token_signing_alg_values_supported", signingNames(at: now)),
            (
                "token_endpoint_auth_methods_supported",
                list(ClientAuthentication.Method.allCases.filter { !$0.isTLS }.map(\.rawValue))
            ),
            ("token_endpoint_auth_signing_alg_values_supported", list(ClientProfile.core.algorithms.map(\.rawValue).sorted())),
            ("acr_values_supported", list(ladder.contexts.flatMap(\.acrValues))),
            ("claims_supported", list(IDToken.claims.filter { $0 != "sid" && $0 != "amr" } + ["name", "birthdate", "gender", "address"])),
            ("dpop_signing_alg_values_supported", list(DPoPProof.algorithms.map(\.rawValue).sorted())),
            ("authorization_signing_alg_values_supported", signingNames(at: now)),
            ("authorization_response_iss_parameter_supported", true), ("request_parameter_supported", true),
            ("request_uri_parameter_supported", false),
        ])
    }
}
