import Cryptography
import JOSE
import OpenID
import Testing
import TrustFramework
import Vocabulary

/// OpenID Connect Discovery §3, RFC 8414 §2; checklist C3, C12.
@Suite struct `Discovery and keys` {
    @Test func `the document says what is true`() throws {
        let document = try Federation().provider.discovery(ladder: Federation.ladder, at: Federation.now)
        #expect(document["issuer"]?.string == Federation.issuer)
        for (name, path) in [
            ("authorization_endpoint", "/openid/authorize"), ("token_endpoint", "/openid/token"), ("userinfo_endpoint", "/openid/userinfo"),
            ("jwks_uri", "/openid/jwks"), ("pushed_authorization_request_endpoint", "/openid/par"),
            ("introspection_endpoint", "/openid/introspect"), ("revocation_endpoint", "/openid/revoke"),
        ] { #expect(document[name]?.string == Federation.issuer + path) }
        #expect(document["response_types_supported"]?.strings == ["code"])
        #expect(document["grant_types_supported"]?.strings == ["authorization_code"])
        #expect(document["code_challenge_methods_supported"]?.strings == ["S256"])
        #expect(document["subject_types_supported"]?.strings == ["pairwise"])
        #expect(document["id_token_signing_alg_values_supported"]?.strings == ["ES256", "RS256"])
        for endpoint in ["token", "introspection", "revocation"] {
            #expect(document[endpoint + "_endpoint_auth_methods_supported"]?.strings == ["private_key_jwt", "client_secret_basic"])
            #expect(document[endpoint + "_endpoint_auth_signing_alg_values_supported"]?.strings?.contains("none") == false)
        }
        #expect(document["request_parameter_supported"]?.bool == true)
        #expect(document["response_modes_supported"]?.strings == ["query", "form_post", "query.jwt", "form_post.jwt", "jwt"])
        #expect(document["dpop_signing_alg_values_supported"]?.strings?.contains("ES256") == true)
        #expect(document["request_uri_parameter_supported"]?.bool == false, "the default would be true")
        #expect(document["claims_parameter_supported"]?.bool == true)
        #expect(document["authorization_response_iss_parameter_supported"]?.bool == true)
        #expect(document["acr_values_supported"]?.strings?.contains("aal3") == true)
        #expect(document["claims_supported"]?.strings?.contains("pin_used") == true)
        #expect(document["end_session_endpoint"]?.string == "https://login.example/openid/logout")
        #expect(document["backchannel_logout_supported"]?.bool == true)
        #expect(document["backchannel_logout_session_supported"]?.bool == true)
        for absent in [
            "frontchannel_logout_supported", "check_session_iframe", "registration_endpoint", "device_authorization_endpoint",
            "backchannel_authentication_endpoint", "mtls_endpoint_aliases", "tls_client_certificate_bound_access_tokens",
            "request_object_encryption_alg_values_supported", "authorization_details_types_supported", "signed_metadata",
        ] {
            #expect(document[absent] == nil)
        }
    }

    @Test func `claims are those of the protocol and those that some rule releases`() throws {
        let provider = try Federation().provider
        func claims(_ sources: Set<AttributeSource>) throws -> [String] {
            let document = provider.discovery(ladder: Federation.ladder, releasing: sources, at: Federation.now)
            return try #require(document["claims_supported"]?.strings)
        }
        let bare = try claims([])
        #expect(bare.contains("sub") && bare.contains("auth_time") && !bare.contains("pin_used"))
        #expect(try claims([.birthDate, .pinUsed]) == bare + ["pin_used", "birthdate"])
    }

    /// What is offered is listed, each with what belongs to it; what is not is not (checklist C3, H19).
    @Test func `every offer adds its own members and no others`() throws {
        let federation = try Federation()
        let plain = Set(try #require(federation.provider.discovery(ladder: Federation.ladder, at: Federation.now).members).map(\.0))
        func added(_ provider: Provider) throws -> Set<String> {
            let members = try #require(provider.discovery(ladder: Federation.ladder, at: Federation.now).members).map(\.0)
            #expect(Set(members).count == members.count, "no member twice")
            return Set(members).subtracting(plain)
        }
        let provider = federation.provider
        #expect(try added(provider.with(offers: ProviderOffers(grants: [.deviceCode]))) == ["device_authorization_endpoint"])
        #expect(
            try added(provider.with(offers: ProviderOffers(grants: [.ciba]))) == [
                "backchannel_authentication_endpoint", "backchannel_token_delivery_modes_supported",
                "backchannel_authentication_request_signing_alg_values_supported", "backchannel_user_code_parameter_supported",
            ])
        #expect(try added(provider.with(offers: ProviderOffers(registration: true))) == ["registration_endpoint"])
        #expect(
            try added(provider.with(mutualTLS: MutualTLSAddresses(base: "https://mtls.example"))) == [
                "mtls_endpoint_aliases", "tls_client_certificate_bound_access_tokens",
            ])
        let key = DecryptionKey(keyID: "enc", key: try PrivateKey.generate(.ec(.p256)))
        #expect(
            try added(provider.with(decryptionKeys: [key])) == [
                "request_object_encryption_alg_values_supported", "request_object_encryption_enc_values_supported",
            ])
    }

    @Test func `what may be encrypted to us is published for that and nothing else, and the algorithms fit the keys`() throws {
        let ec = DecryptionKey(keyID: "enc-ec", key: try PrivateKey.generate(.ec(.p256)))
        let provider = try Federation().provider.with(decryptionKeys: [ec])
        let published = provider.jwks(at: Federation.now)["keys"]?.array?.filter { $0["use"]?.string == "enc" }
        #expect(published?.compactMap { $0["kid"]?.string } == ["enc-ec"])
        let algorithms = provider.discovery(ladder: Federation.ladder, at: Federation.now)[
            "request_object_encryption_alg_values_supported"]?.strings
        #expect(algorithms?.contains("ECDH-ES") == true)
        #expect(algorithms?.contains { $0.hasPrefix("RSA") } == false)
        let stepped = provider.with(decryptionLives: ["enc-ec": KeyLife(from: .init(seconds: 0), succeeded: Federation.now)])
        #expect(stepped.discovery(ladder: Federation.ladder, at: Federation.now)["request_object_encryption_alg_values_supported"] == nil)
    }

    @Test func `the same endpoints are listed again for clients with a certificate (RFC 8705 §5)`() throws {
        let provider = try Federation().provider
            .with(
                mutualTLS: MutualTLSAddresses(base: "https://mtls.example"),
                offers: ProviderOffers(grants: [.deviceCode, .ciba], registration: true))
        let document = provider.discovery(ladder: Federation.ladder, at: Federation.now)
        let aliases = try #require(document["mtls_endpoint_aliases"]?.members)
        #expect(aliases.count == 8)
        for (name, alias) in aliases {
            let endpoint = try #require(document[name]?.string)
            #expect(endpoint.hasPrefix(Federation.issuer + "/openid/"))
            #expect(alias.string == "https://mtls.example" + endpoint.dropFirst(Federation.issuer.count))
        }
        #expect(document["authorization_endpoint"]?.string == Federation.issuer + "/openid/authorize", "browsers are not asked")
    }

    @Test func `userinfo says of itself what it takes (RFC 9728)`() throws {
        let provider = try Federation().provider
        let resource = provider.userInfoResource(at: Federation.now)
        #expect(resource["resource"]?.string == provider.userInfoEndpoint)
        #expect(resource["authorization_servers"]?.strings == [Federation.issuer])
        #expect(resource["bearer_methods_supported"]?.strings == ["header", "body"], "never the query")
        #expect(resource["tls_client_certificate_bound_access_tokens"] == nil)
        let bound = provider.with(mutualTLS: MutualTLSAddresses(base: "https://mtls.example")).userInfoResource(at: Federation.now)
        #expect(bound["tls_client_certificate_bound_access_tokens"]?.bool == true)
    }

    @Test func `refresh tokens are listed only where they are on and somebody has them`() throws {
        let offers = ProviderOffers(grants: [.refreshToken])
        let on = try Federation(refreshTokens: true).provider
        #expect(on.discovery(ladder: Federation.ladder, at: Federation.now)["grant_types_supported"]?.strings == ["authorization_code"])
        let listed = on.with(offers: offers).discovery(ladder: Federation.ladder, at: Federation.now)
        #expect(listed["grant_types_supported"]?.strings == ["authorization_code", "refresh_token"])
        let off = try Federation().provider.with(offers: offers).discovery(ladder: Federation.ladder, at: Federation.now)
        #expect(off["grant_types_supported"]?.strings == ["authorization_code"])
    }

    @Test func `the key set has public keys only, one kid each`() throws {
        let keys = try Federation().provider.jwks(at: Federation.now)["keys"]?.array ?? []
        #expect(keys.count == 2)
        #expect(Set(keys.compactMap { $0["kid"]?.string }).count == 2)
        for key in keys {
            for secret in ["d", "p", "q", "dp", "dq", "qi", "k"] { #expect(key[secret] == nil) }
            #expect(key["alg"] != nil)
        }
    }
}
