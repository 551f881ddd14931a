import JOSE
package import TrustFramework
package import Vocabulary

extension Provider {
    /// The metadata document (OpenID Connect Discovery §3, RFC 8414 §2): only what is true (checklist C3). It is not signed
    /// (`signed_metadata`): whoever asks could then make our keys work. `releasing`: what some rule of the policy can release.
    package func discovery(
        ladder: AssuranceLadder, releasing sources: Set<AttributeSource> = Set(AttributeSource.allCases), at now: Timestamp
    ) -> JSON {
        .object(
            endpoints + grants + authentication + requests(ladder, at: now) + answers(sources, at: now) + sessions
                + awaitedMetadata + mutualTLSMetadata)
    }

    /// The userinfo endpoint as a protected resource (RFC 9728 §2).
    package func userInfoResource(at now: Timestamp) -> JSON {
        var members: [(String, JSON)] = [
            ("resource", .string(userInfoEndpoint)), ("authorization_servers", [.string(issuer)]), ("jwks_uri", .string(jwksEndpoint)),
            ("scopes_supported", Self.list(scopes.sorted())), ("bearer_methods_supported", ["header", "body"]),
            ("resource_signing_alg_values_supported", signingNames(at: now)),
            ("dpop_signing_alg_values_supported", Self.list(DPoPProof.algorithms.map(\.rawValue).sorted())),
            ("dpop_bound_access_tokens_required", false),
        ]
        if mutualTLS != nil { members.append(("tls_client_certificate_bound_access_tokens", true)) }
        return .object(members)
    }
}

extension Provider {
    private var endpoints: [(String, JSON)] {
        let registration: [(String, JSON)] = offers.registration ? [("registration_endpoint", .string(registrationEndpoint))] : []
        return [
            ("issuer", .string(issuer)),
            ("authorization_endpoint", .string(authorizationEndpoint)),
            ("token_endpoint", .string(tokenEndpoint)),
            ("userinfo_endpoint", .string(userInfoEndpoint)),
            ("jwks_uri", .string(jwksEndpoint)),
            ("pushed_authorization_request_endpoint", .string(pushedAuthorizationEndpoint)),
            ("introspection_endpoint", .string(introspectionEndpoint)),
            ("revocation_endpoint", .string(revocationEndpoint)),
            ("end_session_endpoint", .string(endSessionEndpoint)),
        ] + registration
    }

    private var grants: [(String, JSON)] {
        let given = offers.grants.filter { $0 != .refreshToken || refreshTokens }
        return [
            ("scopes_supported", Self.list(scopes.sorted())),
            ("response_types_supported", ["code"]),
            ("response_modes_supported", Self.list(ResponseMode.published)),
            ("grant_types_supported", Self.list(given.map(\.rawValue).sorted())),
            ("code_challenge_methods_supported", ["S256"]),
            ("authorization_response_iss_parameter_supported", true),
        ]
    }

    private var authentication: [(String, JSON)] {
        let methods = Self.list(ClientAuthentication.Method.allCases.filter(offers.authentication.contains).map(\.rawValue))
        let algorithms = Self.list(ClientProfile.core.algorithms.map(\.rawValue).sorted())
        return ["token_endpoint", "introspection_endpoint", "revocation_endpoint"].flatMap { endpoint -> [(String, JSON)] in
            [(endpoint + "_auth_methods_supported", methods), (endpoint + "_auth_signing_alg_values_supported", algorithms)]
        } + [("dpop_signing_alg_values_supported", Self.list(DPoPProof.algorithms.map(\.rawValue).sorted()))]
    }

    private func requests(_ ladder: AssuranceLadder, at now: Timestamp) -> [(String, JSON)] {
        let opening = publishedDecryptionKeys(at: now)
        let encryption = JWEForm.algorithms.filter { algorithm in opening.contains { $0.jwk.serves(algorithm) } }
        let details = authorization.details.names
        return [
            ("acr_values_supported", Self.list(ladder.contexts.flatMap(\.acrValues))),
            ("prompt_values_supported", Self.list(Prompt.allCases.map(\.rawValue))),
            // Easy Japanese is chosen on the page, or asked for by a private-use subtag (BCP 47 §2.2.7); `ja-easy` is read too.
            ("ui_locales_supported", Self.list(["ja", "en", "ja-x-easy"])),
            ("claims_parameter_supported", true),
            ("request_parameter_supported", true),
            // By reference means fetching: requests are pushed instead (RFC 9126; checklist C10, E21).
            ("request_uri_parameter_supported", false),
            ("require_pushed_authorization_requests", false),
            ("request_object_signing_alg_values_supported", Self.list(ClientProfile.core.algorithms.map(\.rawValue).sorted())),
        ]
            + (encryption.isEmpty
                ? []
                : [
                    ("request_object_encryption_alg_values_supported", Self.list(encryption.map(\.rawValue).sorted())),
                    ("request_object_encryption_enc_values_supported", Self.list(JWEForm.contents.map(\.rawValue).sorted())),
                ]) + (details.isEmpty ? [] : [("authorization_details_types_supported", Self.list(details.sorted()))])
    }

    /// What we sign and encrypt for clients.
    private func answers(_ sources: Set<AttributeSource>, at now: Timestamp) -> [(String, JSON)] {
        let algorithms = Self.list(JWEAlgorithm.allCases.map(\.rawValue))
        let contents = Self.list(JWEContent.allCases.map(\.rawValue))
        let signed = signingNames(at: now)
        let claims = IDToken.claims + AttributeSource.allCases.filter { sources.contains($0) }.map(\.claim)
        return [
            ("subject_types_supported", ["pairwise"]),
            ("claim_types_supported", ["normal"]),
            ("claims_supported", Self.list(claims)),
        ]
            + ["id_token", "userinfo", "authorization", "introspection"].flatMap { answer -> [(String, JSON)] in
                [
                    (answer + "_signing_alg_values_supported", signed),
                    (answer + "_encryption_alg_values_supported", algorithms),
                    (answer + "_encryption_enc_values_supported", contents),
                ]
            }
    }

    private var sessions: [(String, JSON)] {
        [("backchannel_logout_supported", true), ("backchannel_logout_session_supported", true)]
    }

    /// The endpoints again, as clients with a certificate reach them (RFC 8705 §3.3, §5).
    private var mutualTLSMetadata: [(String, JSON)] {
        guard let mutualTLS else { return [] }
        let endpoints: [(String, String)] =
            [
                ("token_endpoint", tokenEndpoint), ("userinfo_endpoint", userInfoEndpoint),
                ("pushed_authorization_request_endpoint", pushedAuthorizationEndpoint), ("introspection_endpoint", introspectionEndpoint),
                ("revocation_endpoint", revocationEndpoint),
            ] + (offers.grants.contains(.deviceCode) ? [("device_authorization_endpoint", deviceAuthorizationEndpoint)] : [])
            + (offers.grants.contains(.ciba) ? [("backchannel_authentication_endpoint", backchannelAuthenticationEndpoint)] : [])
            + (offers.registration ? [("registration_endpoint", registrationEndpoint)] : [])
        return [
            ("tls_client_certificate_bound_access_tokens", true),
            ("mtls_endpoint_aliases", .object(endpoints.map { ($0.0, .string(mutualTLS.alias(of: $0.1, issuer: issuer))) })),
        ]
    }

    func signingNames(at now: Timestamp) -> JSON { Self.list(algorithms(at: now).map(\.rawValue).sorted()) }

    private static func list(_ texts: [String]) -> JSON { .array(texts.map { .string($0) }) }
}
