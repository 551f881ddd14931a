import SAML
import Settings
import Testing
import Vocabulary

@Suite struct `saml.metadata of sekisho.yaml` {
    private static let text = """

        saml:
          scopes: [example.jp, login.example.jp]
          metadata:
            valid: 7d
            cache: 3h
            display-names: {ja: 関所, en: Sekisho}
            information-urls: {en: https://login.example.jp/about}
            error-url: https://login.example.jp/error?code=ERRORURL_CODE
            organization: {name: {ja: 庁}, url: {ja: https://example.jp/}}
            contacts:
              - {type: technical, email: noc@example.jp, given-name: 当直}
            entity-attributes:
              http://macedir.org/entity-category-support: [http://refeds.org/category/research-and-scholarship]
            registration-authority: https://federation.example.jp

        """

    @Test func `reaches our metadata`() throws {
        let deployment = try Deployment()
        try deployment.write("sekisho.yaml", try deployment.read("sekisho.yaml") + Self.text)
        let provider = try deployment.load().identityProvider
        #expect(provider.lifetimes.metadata == 7 * 86_400 && provider.lifetimes.metadataCache == 3 * 3600)
        #expect(provider.scope == "example.jp" && provider.details.displayNames == ["ja": "関所", "en": "Sekisho"])
        #expect(provider.details.contacts.map(\.emails) == [["noc@example.jp"]])
        #expect(provider.details.organization?.displayNames == ["ja": "庁"])
        #expect(try deployment.load().keys.first { $0.entry.use == .samlSigning }?.age == 3 * 3600, "so long a key is published before use")
    }

    @Test func `left out gives the host as scope, and nothing else`() throws {
        let details = try Deployment().load(["SEKISHO_BASE_URL": "https://login.example.jp"]).identityProvider.details
        #expect(details.scopes == ["login.example.jp"] && details.displayNames.isEmpty && details.errorURL == nil)
        #expect(try Deployment().load().identityProvider.scope == nil, "an address of numbers is no scope")
    }

    @Test(arguments: [
        ("https://login.example.jp/about", "javascript:alert(1)", "saml.metadata.url"),
        ("[example.jp, login.example.jp]", "[\"^.*$\"]", "saml.scopes"), ("cache: 3h", "cache: 6d", "saml.metadata.cache"),
        ("noc@example.jp", "mailto:noc@example.jp", "saml.metadata.email"), ("type: technical", "type: boss", "yaml.value"),
        ("{ja: 関所, en: Sekisho}", "{\"j a\": 関所}", "saml.metadata.language"), ("valid: 7d", "validity: 7d", "yaml.key.unknown"),
    ]) func `that is wrong is told`(old: String, new: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.write("sekisho.yaml", try deployment.read("sekisho.yaml") + Self.text)
        try deployment.edit("sekisho.yaml", old, new)
        #expect(deployment.codes().contains(code), "\(deployment.problems())")
    }
}
