import Cryptography
import OpenID
import SAML
import Settings
import Testing
import Vocabulary
import Web
import XML
import XMLSecurity

/// What developers copy from `/developers/settings`; `Tests/Interop/guides.py` carries the texts out with the software itself.
@Suite struct `Settings to copy` {
    private static func text(_ software: String) async throws -> String {
        let page = try await Browser(try await House.ordinary()).get("/developers/settings/" + software)
        #expect(page.status == 200, "\(software)")
        return Form.unescaped(page.text)
    }

    /// With the ordinary world's own identity provider in place of the sandbox's: names and keys are no matter here.
    private static func sandboxed() async throws -> House {
        let world = try await World.shared()
        let (saml, openID) = (world.configuration.identityProvider, world.configuration.openIDProvider)
        return try House(
            world,
            sandbox: Sandbox(identityProvider: saml, provider: openID, samlStranger: saml.signingKey(at: World.now), strangers: openID))
    }

    @Test(arguments: [
        ("pysaml2", ["\"signing_algorithm\": \"http://www.w3.org/2001/04/xmldsig-more#rsa-sha256\"", "allow_unknown_attributes"]),
        ("python3-saml", ["\"x509cert\": \"the certificate of sp.crt\"", "\"privateKey\": \"the key of sp.key\""]),
        ("authlib", ["ECKey.import_key(open(\"key.pem\").read())", "assertion-lifetime: 1h"]),
        ("requests-oauth2client", ["private_jwk, alg=\"ES256\"", "id_token_signed_response_alg=\"ES256\""]),
        ("mod-auth-openidc", ["<Location /callback>"]),
        ("go-oidc", ["oauth2.S256ChallengeOption(verifier)", "oauth2.VerifierOption(verifier)"]),
        ("spring-openid", ["id-token-algorithm: RS256", "pkce: optional"]),
        ("mod-auth-mellon", ["mellon_create_metadata https://service.example.jp/mellon/metadata", "curl -o idp.xml"]),
    ])
    func `say what the software does not do by itself`(software: String, said: [String]) async throws {
        let text = try await Self.text(software)
        for part in said { #expect(text.has(part), "\(software): \(part)") }
    }

    @Test func `name a client once to software that refuses its name beside its authentication`() async throws {
        let text = try await Self.text("requests-oauth2client")
        #expect(text.has("PrivateKeyJwt(\"YOUR-CLIENT-ID\"") && !text.has("client_id="))
    }

    @Test func `fetch the certificate that proves our metadata, and the certificate is there`() async throws {
        let text = try await Self.text("shibboleth-sp")
        #expect(text.has("curl -o sekisho-metadata.pem \(World.base)/saml/metadata/signing.pem"))
        let browser = Browser(try await House.ordinary())
        #expect(try await browser.get("/saml/metadata/signing.pem").status == 200)
    }

    @Test func `fetch the sandbox's certificate from the sandbox, which signed its metadata with it`() async throws {
        let browser = Browser(try await Self.sandboxed())
        let page = try await browser.get("/developers/settings/shibboleth-sp")
        #expect(Form.unescaped(page.text).has("curl -o sekisho-metadata.pem \(World.base)/sandbox/saml/metadata/signing.pem"))
        let pem = try await browser.get("/sandbox/saml/metadata/signing.pem").text
        let key = try #require(PEM.decode(Array(pem.utf8), label: "CERTIFICATE").first)
        let root = try XMLDocument(parsing: try await browser.get("/sandbox/saml/metadata").body).root
        #expect(throws: Never.self) { try EnvelopedSignature.verify(root, keys: [try Certificate(der: key).publicKey]) }
    }

    @Test func `a deployment without a sandbox has no certificate of one`() async throws {
        let refused = try await Browser(try await House.ordinary()).get("/sandbox/saml/metadata/signing.pem")
        #expect(refused.status == 404 && refused.text.has("sandbox.absent"))
    }

    @Test func `name our logout, and none in the sandbox, which has none`() async throws {
        let page = try await Browser(try await Self.sandboxed()).get("/developers/settings/python3-saml")
        let text = Form.unescaped(page.text)
        #expect(text.has("\(World.base)/saml/logout") && text.has("\(World.base)/sandbox/saml/sso"))
        #expect(!text.has("\(World.base)/sandbox/saml/logout"))
    }

    @Test func `for software that nobody wrote down are refused with their code`() async throws {
        let refused = try await Browser(try await House.ordinary()).get("/developers/settings/nothing")
        #expect(refused.status == 404 && refused.text.has("developers.software"))
    }
}
