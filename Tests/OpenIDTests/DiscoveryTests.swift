import JOSE
import OpenID
import Testing
import Vocabulary

/// OpenID Connect Discovery §3, RFC 8414 §2; checklist C3, C12.
@Suite struct `Discovery and keys` {
    @Test func `the document says what is true`() throws {
        let document = try Federation().provider.discovery(ladder: Federation.ladder)
        #expect(document["issuer"]?.string == Federation.issuer)
        for (name, path) in [
            ("authorization_endpoint", "/openid/authorize"), ("token_endpoint", "/openid/token"), ("userinfo_endpoint", "/openid/userinfo"),
            ("jwks_uri", "/openid/jwks"),
        ] { #expect(document[name]?.string == Federation.issuer + path) }
        #expect(document["response_types_supported"]?.strings == ["code"])
        #expect(document["grant_types_supported"]?.strings == ["authorization_code"])
        #expect(document["code_challenge_methods_supported"]?.strings == ["S256"])
        #expect(document["subject_types_supported"]?.strings == ["pairwise"])
        #expect(document["id_token_signing_alg_values_supported"]?.strings == ["ES256", "RS256"])
        #expect(document["token_endpoint_auth_methods_supported"]?.strings == ["private_key_jwt", "client_secret_basic"])
        #expect(document["request_parameter_supported"]?.bool == false)
        #expect(document["request_uri_parameter_supported"]?.bool == false, "the default would be true")
        #expect(document["claims_parameter_supported"]?.bool == true)
        #expect(document["authorization_response_iss_parameter_supported"]?.bool == true)
        #expect(document["acr_values_supported"]?.strings?.contains("aal3") == true)
        #expect(document["claims_supported"]?.strings?.contains("pin_used") == true)
        #expect(document["end_session_endpoint"]?.string == "https://login.example/openid/logout")
        #expect(document["backchannel_logout_supported"]?.bool == true)
        #expect(document["backchannel_logout_session_supported"]?.bool == true)
        for absent in [
            "frontchannel_logout_supported", "check_session_iframe", "registration_endpoint", "introspection_endpoint",
            "revocation_endpoint",
        ] {
            #expect(document[absent] == nil)
        }
    }

    @Test func `refresh tokens are listed only where they are on`() throws {
        let document = try Federation(refreshTokens: true).provider.discovery(ladder: Federation.ladder)
        #expect(document["grant_types_supported"]?.strings == ["authorization_code", "refresh_token"])
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
