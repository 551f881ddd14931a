import Cryptography
import JOSE
import OpenID
import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `The openid part of a member's file` {
    static let name = "Metadata/members/shop.yaml"
    private static let mutual = """
        openid:
          refresh-tokens: true
          mutual-tls:
            base-url: https://mtls.login.example.jp
            forwarded-certificate: {header: Client-Cert, from: [192.0.2.7]}
            certificate-profile: login

        """

    /// A deployment where clients can show a certificate.
    private func deployment(_ openid: String, _ authentication: String = "private_key_jwt", keepingKeys: Bool = true) throws -> Deployment {
        let deployment = try Deployment()
        try deployment.edit("sekisho.yaml", "#  refresh-tokens: false", Self.mutual)
        try deployment.addShop(openid: openid)
        if authentication != "private_key_jwt" {
            try deployment.edit(Self.name, "authentication: private_key_jwt", "authentication: " + authentication)
        }
        if !keepingKeys {
            let lines = try deployment.read(Self.name).split(separator: "\n", omittingEmptySubsequences: false)
            try deployment.write(Self.name, lines.filter { !$0.contains("jwks:") }.joined(separator: "\n"))
        }
        return deployment
    }

    private func client(_ openid: String, _ authentication: String = "private_key_jwt") throws -> Client {
        try #require(try deployment(openid, authentication).load().federation.client("shop"))
    }

    @Test func `has defaults that suit a client of whom nothing is known but its keys and addresses`() throws {
        let client = try client("")
        #expect(client.profile == .core && client.grants == [.authorizationCode] && client.pkce == .required)
        #expect(client.senderConstraint == .none && client.accessTokenFormat == .opaque)
        #expect(!client.requiresPushedRequests && !client.requestObjects.isRequired && client.requestObjects.algorithms.isEmpty)
        #expect(client.ciba == nil && client.exchange == nil && !client.isResourceServer)
        #expect(client.keys?.keys.count == 1)
    }

    @Test func `says everything that can be said of one client`() throws {
        let client = try client(
            """
              profile: core
              grants: [authorization_code, refresh_token, device_code, ciba, token_exchange]
              sender-constraint: dpop
              require-pushed-requests: true
              pkce: optional
              assertion-signing-alg: ES256
              request-objects: {algorithms: [ES256], required: true, encryption-required: true}
              authorization-signed-response-alg: ES256
              userinfo-signed-response-alg: RS256
              introspection-signed-response-alg: ES256
              id-token-encryption: {alg: ECDH-ES+A256KW, enc: A256GCM}
              userinfo-encryption: {alg: ECDH-ES}
              authorization-details-types: []
              access-token-format: jwt
              resources: ["https://api.example/records"]
              audiences: ["https://shop.example/api"]
              accepts-exchanges-from: [shop]
              ciba: {delivery: ping, notification-endpoint: "https://shop.example/ping", request-signing-alg: ES256}
              exchange: {audiences: ["https://api.example/records"], depth: 2}
              sector-identifier: shop.example
              initiate-login-uri: https://shop.example/login
              client-uri: https://shop.example/
              policy-uri: https://shop.example/policy
              tos-uri: https://shop.example/terms

            """)
        #expect(client.grants == [.authorizationCode, .refreshToken, .deviceCode, .ciba, .tokenExchange])
        #expect(client.senderConstraint == .dpop && client.requiresPushedRequests && client.pkce == .optional)
        #expect(client.assertionAlgorithms == [.es256])
        #expect(client.requestObjects == RequestObjects(algorithms: [.es256], isRequired: true, isEncryptionRequired: true))
        #expect(client.authorizationSigning == .es256 && client.userInfoSigning == .rs256 && client.introspectionSigning == .es256)
        #expect(client.idTokenEncryption == Encryption(algorithm: .ecdhESA256KW, content: .a256GCM))
        #expect(client.userInfoEncryption == Encryption(algorithm: .ecdhES, content: .a128CBCHS256))
        #expect(client.accessTokenFormat == .jwt && client.resources == ["https://api.example/records"])
        #expect(client.audiences == ["https://shop.example/api"] && client.acceptsExchangesFrom == ["shop"])
        #expect(client.ciba?.delivery == .ping && client.ciba?.notificationEndpoint == "https://shop.example/ping")
        #expect(client.exchange == ExchangeRegistration(audiences: ["https://api.example/records"], depth: 2))
        #expect(client.sectorIdentifier == "shop.example" && client.initiateLoginURI == "https://shop.example/login")
        #expect(client.presentation.policy == "https://shop.example/policy")
        #expect(client.summary.contains("device") && client.summary.contains("PKCE if sent") && client.summary.contains("bound: dpop"))
    }

    @Test func `a sector identifier is the sector under which the citizen is known (C9)`() throws {
        let configuration = try deployment("  sector-identifier: shop.example\n").load()
        let id = try #require(MemberID("shop"))
        #expect(configuration.federation.member(id)?.sector == "shop.example")
        let both = try deployment("  sector-identifier: shop.example\n")
        try both.edit(Self.name, "kind: private-verifier", "kind: private-verifier\nsector: https://sector.example")
        #expect(both.codes() == ["member.sector"])
    }

    @Test(arguments: [
        ("tls_client_auth", "  tls-client-auth: {subject-dn: \"CN=shop.example,O=Shop,C=JP\"}\n"),
        ("tls_client_auth", "  tls-client-auth: {san-dns: shop.example, certificate-profile: login}\n"),
        ("tls_client_auth", "  tls-client-auth: {san-ip: \"2001:db8::7\"}\n"),
        ("tls_client_auth", "  tls-client-auth: {san-email: a@shop.example}\n"),
        ("tls_client_auth", "  tls-client-auth: {san-uri: \"https://shop.example/c\"}\n"),
        ("self_signed_tls_client_auth", "  certificates-sha256: [\"" + String(repeating: "AB:", count: 31) + "AB\"]\n"),
        ("client_secret_post", "  secret-sha256: \"" + String(repeating: "0a", count: 32) + "\"\n"),
        ("client_secret_basic", "  secret-sha256: \"" + String(repeating: "0a", count: 32) + "\"\n"),
    ])
    func `takes each method with what belongs to it`(method: String, lines: String) throws {
        #expect(try client(lines, method).authentication.method == method)
        // Without what belongs to it the method is nothing.
        #expect(try deployment("", method, keepingKeys: false).codes() != [])
    }

    struct Wrong: CustomTestStringConvertible, Sendable {
        let lines: String
        var method = "private_key_jwt"
        let code: String
        let place: String
        var testDescription: String { code + ": " + lines }
    }

    static let wrong = [
        Wrong(lines: "  profile: fapi3\n", code: "yaml.value", place: "profile:"),
        Wrong(lines: "  profile: fapi2\n  sender-constraint: none\n", code: "openid.client.profile", place: "sender-constraint:"),
        Wrong(lines: "  profile: fapi2\n  require-pushed-requests: false\n", code: "openid.client.profile", place: "require-pushed"),
        Wrong(lines: "  profile: fapi2\n  pkce: optional\n", code: "openid.client.profile", place: "pkce:"),
        Wrong(lines: "  profile: fapi2\n  id-token-algorithm: RS256\n", code: "openid.client.algorithm", place: "id-token-algorithm:"),
        Wrong(
            lines: "  profile: fapi2\n  assertion-audience: issuer-or-token-endpoint\n", code: "openid.client.profile",
            place: "assertion-audience:"),
        Wrong(
            lines: "  profile: fapi2\n  secret-sha256: \"" + String(repeating: "0a", count: 32) + "\"\n",
            method: "client_secret_basic", code: "openid.client.profile", place: "authentication:"),
        Wrong(lines: "  profile: fapi2-message-signing\n", code: "openid.client.profile", place: "profile:"),
        Wrong(
            lines: "  profile: fapi2-message-signing\n  authorization-signed-response-alg: RS256\n", code: "openid.client.algorithm",
            place: "authorization-signed-response-alg:"),
        Wrong(lines: "  profile: digital-auth-app\n  require-nonce: false\n", code: "openid.client.profile", place: "require-nonce:"),
        Wrong(lines: "  grants: [password]\n", code: "yaml.value", place: "grants:"),
        Wrong(lines: "  grants: [authorization_code, implicit]\n", code: "yaml.value", place: "grants:"),
        Wrong(lines: "  response-types: [code, id_token]\n", code: "yaml.key.unknown", place: "response-types:"),
        Wrong(lines: "  grants: [authorization_code, token_exchange]\n", code: "openid.client.exchange", place: "openid:"),
        Wrong(lines: "  exchange: {audiences: [x]}\n", code: "openid.client.grant-settings", place: "openid:"),
        Wrong(lines: "  ciba: {delivery: poll}\n", code: "openid.client.grant-settings", place: "openid:"),
        Wrong(
            lines: "  grants: [authorization_code, ciba]\n  ciba: {delivery: push}\n", code: "yaml.value", place: "ciba:"),
        Wrong(lines: "  initiate-login-uri: http://shop.example/login\n", code: "openid.client.address", place: "initiate-login-uri:"),
        Wrong(lines: "  sector-identifier: \"https://x\"\n", code: "openid.client.sector", place: "sector-identifier:"),
        Wrong(lines: "  id-token-encryption: {alg: RSA1_5}\n", code: "yaml.value", place: "id-token-encryption:"),
        Wrong(lines: "  id-token-encryption: {alg: RSA-OAEP-256}\n", code: "openid.client.encryption-key", place: "id-token-encryption:"),
        Wrong(lines: "  resources: [relative]\n", code: "openid.client.resource", place: "resources:"),
        Wrong(lines: "  secret-sha256: \"00\"\n", code: "member.secret", place: "secret-sha256:"),
        Wrong(lines: "  certificates-sha256: [\"00\"]\n", code: "member.certificates", place: "certificates-sha256:"),
        Wrong(
            lines: "  certificates-sha256: [\"00\"]\n", method: "self_signed_tls_client_auth", code: "member.certificates",
            place: "certificates-sha256:"),
        Wrong(lines: "", method: "self_signed_tls_client_auth", code: "member.certificates", place: "authentication:"),
        Wrong(lines: "  tls-client-auth: {san-dns: shop.example}\n", code: "member.tls-client-auth", place: "tls-client-auth:"),
        Wrong(lines: "  tls-client-auth: {}\n", method: "tls_client_auth", code: "member.tls-client-auth", place: "tls-client-auth:"),
        Wrong(
            lines: "  tls-client-auth: {san-dns: a.example, san-ip: 192.0.2.1}\n", method: "tls_client_auth",
            code: "member.tls-client-auth",
            place: "tls-client-auth:"),
        Wrong(
            lines: "  tls-client-auth: {subject-dn: nobody}\n", method: "tls_client_auth", code: "member.tls-client-auth",
            place: "tls-client-auth:"),
        Wrong(
            lines: "  tls-client-auth: {san-ip: 192.0.2.0/24}\n", method: "tls_client_auth", code: "member.tls-client-auth",
            place: "tls-client-auth:"),
        Wrong(
            lines: "  tls-client-auth: {san-dns: a.example, certificate-profile: nobody}\n", method: "tls_client_auth",
            code: "member.certificate-profile", place: "tls-client-auth:"),
        Wrong(lines: "  tls-client-auth: {san: a}\n", method: "tls_client_auth", code: "yaml.key.unknown", place: "tls-client-auth:"),
        Wrong(lines: "  pushed: true\n", code: "yaml.key.unknown", place: "pushed:"),
    ]

    @Test(arguments: wrong)
    func `what cannot be or contradicts itself is told with its line`(one: Wrong) throws {
        let deployment = try deployment(one.lines, one.method)
        let problems = deployment.problems()
        let line = try deployment.line(of: one.place, in: Self.name)
        #expect(problems.contains { $0.file == Self.name && $0.code == one.code && $0.line == line }, "line \(line): \(problems)")
    }

    @Test(arguments: ["tls_client_auth", "self_signed_tls_client_auth"])
    func `nobody can show a certificate to a deployment that asks for none`(method: String) throws {
        let deployment = try Deployment()
        try deployment.addShop()
        try deployment.edit(Self.name, "authentication: private_key_jwt", "authentication: " + method)
        #expect(deployment.codes().contains("member.mutual-tls"))
        let bound = try Deployment()
        try bound.addShop(openid: "  sender-constraint: mtls\n")
        #expect(bound.codes() == ["member.mutual-tls"])
    }

    @Test func `a client without a login needs no redirect address`() throws {
        let deployment = try deployment("  grants: []\n  audiences: [\"https://shop.example/api\"]\n")
        try deployment.edit(Self.name, "  redirect-uris: [https://shop.example/callback]\n", "")
        let federation = try deployment.load().federation
        #expect(federation.client("shop")?.grants.isEmpty == true)
        #expect(federation.resourceServer(for: "https://shop.example/api")?.id.text == "shop")
        #expect(federation.resourceServer(for: "shop")?.id.text == "shop")
        #expect(federation.resourceServer(for: "https://shop.example/other") == nil)
    }

    @Test func `one resource is one member`() throws {
        let deployment = try deployment("  audiences: [\"https://shop.example/api\"]\n")
        try deployment.addShop("other", id: "other", openid: "  audiences: [\"https://shop.example/api\"]\n")
        #expect(deployment.codes() == ["member.audience"])
    }

    @Test func `tokens for another member's resource are asked for only where that member takes them (checklist E20)`() throws {
        func codes(_ host: String) throws -> [String] {
            let deployment = try deployment("  resources: [\"https://agency.example/api\"]\n")
            try deployment.addShop("agency", id: "agency", openid: "  audiences: [\"https://agency.example/api\"]\n" + host)
            return deployment.codes()
        }
        #expect(try codes("") == ["member.resource"])
        #expect(try codes("  accepts-exchanges-from: [shop]\n") == [])
    }

    @Test(arguments: [
        ("  pkce: optional\n", "member.pkce"),
        ("  accepts-exchanges-from: [nobody]\n  audiences: [\"https://shop.example/a\"]\n", "member.exchange"),
    ])
    func `what is right and worth an eye is a notice`(lines: String, code: String) throws {
        #expect(try deployment(lines).load().notices.map(\.code).contains(code))
        #expect(try !deployment("").load().notices.map(\.code).contains(code))
    }

    @Test func `a client whose answers no key of ours can sign is not taken`() throws {
        #expect(try deployment("  userinfo-signed-response-alg: EdDSA\n").codes() == ["member.algorithm"])
        #expect(try deployment("  userinfo-signed-response-alg: Ed25519\n").codes() == ["member.algorithm"])
        #expect(try deployment("  userinfo-signed-response-alg: RS256\n").codes() == [])
    }
}
