import Cryptography
import Foundation
import JOSE
import OpenID
import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `openid.registration in sekisho.yaml (checklist C4, E22)` {
    private static let member = """
        id: "RP00000099"
        kind: private-verifier
        names: {ja: "見本"}
        accreditation: {state: STATE, not-before: 2026-04-01, not-after: 2027-03-31, purposes: [points]}
        openid:
          redirect-uris: ["https://rp.example.jp/cb"]
          authentication: client_secret_basic
          secret-sha256: "0000000000000000000000000000000000000000000000000000000000000000"

        """

    private func deployment(_ lines: String, _ mode: Mode = .development, state: String = "accredited", keys: String? = nil) throws
        -> Deployment
    {
        let deployment = try Deployment(mode)
        try deployment.edit("sekisho.yaml", "#  refresh-tokens: false", "openid:\n  registration:\n" + lines)
        try deployment.write("Metadata/members/sponsor.yaml", Self.member.replacingOccurrences(of: "STATE", with: state))
        if let keys { try deployment.write("Keys/registrar.jwks.json", keys) }
        return deployment
    }

    private func jwks() throws -> String {
        JWKSet([JWK(try PrivateKey.generate(.ec(.p256)).publicKey, keyID: "r", algorithm: .es256)]).json.text
    }

    private static let open = "    anybody: {sponsor: RP00000099, kind: private-verifier, purposes: [points]}\n"

    @Test func `left out, nobody registers and the metadata do not speak of it`() throws {
        let provider = try Deployment().load().openIDProvider
        #expect(provider.registration == nil && !provider.offers.registration)
        let with = try deployment("    by: [token]\n").load().openIDProvider
        #expect(with.registration?.ways == [.token] && with.offers.registration)
        #expect(with.registration?.isDevelopment == true && with.registration?.fetchesFromAnyHost == false)
        let kept = try deployment("    by: []\n").load().openIDProvider
        #expect(kept.registration?.ways == [] && !kept.offers.registration)
    }

    @Test func `numbers, and the registrar's keys`() throws {
        let rules = try #require(
            try deployment(
                """
                    by: [token, statement]
                    statement: {issuer: "https://registrar.example.go.jp"}
                    most: 50
                    most-of-sponsor: 5
                    per-hour: 7
                    secret-lifetime: 30d
                    unused: 60d
                    keys-lifetime: 1h

                """, keys: jwks()
            ).load().openIDProvider.registration)
        #expect(rules.bounds == RegistrationBounds(most: 50, mostOfSponsor: 5, perHour: 7))
        #expect(rules.secretLifetime == 30 * 86_400 && rules.unusedLifetime == 60 * 86_400 && rules.keysLifetime == 3_600)
        #expect(rules.registrar?.issuer == "https://registrar.example.go.jp" && rules.registrar?.keys.keys.count == 1)
    }

    @Test func `without a token for development only, and for a sponsor in force`() throws {
        let terms = try #require(try deployment("    by: [anybody]\n" + Self.open).load().openIDProvider.registration?.open)
        #expect(terms.sponsor.text == "RP00000099" && terms.purposes.map(\.text) == ["points"] && terms.pkce == .required)
        #expect(try deployment("    by: [anybody]\n" + Self.open, state: "suspended").codes() == ["openid.registration.sponsor"])
        #expect(try deployment("    by: [anybody]\n" + Self.open, .production).codes().contains("production.registration"))
        #expect(try !deployment("    by: [token]\n", .production).codes().contains("production.registration"))
    }

    @Test(arguments: [
        ("    by: [everybody]\n", "yaml.value"), ("    by: [anybody]\n", "yaml.key.missing"), ("    by: [statement]\n", "yaml.key.missing"),
        ("    most: 0\n", "yaml.value"), ("    unused: 1h\n", "yaml.value"), ("    frobnicate: true\n", "yaml.key.unknown"),
        ("    by: [statement]\n    statement: {issuer: x}\n", "file.missing"),
        ("    by: [statement]\n    statement: {issuer: x, keys: \"../x\"}\n", "member.file"),
        ("    by: [anybody]\n    anybody: {sponsor: nobody, kind: ministry, purposes: [points]}\n", "openid.registration.sponsor"),
        ("    by: [anybody]\n    anybody: {sponsor: RP00000099, kind: ministry, purposes: [points]}\n", "openid.registration.sponsor"),
        ("    by: [anybody]\n    anybody: {sponsor: RP00000099, kind: private-verifier, purposes: [tax]}\n", "openid.registration.sponsor"),
        (
            "    by: [anybody]\n    anybody: {sponsor: RP00000099, kind: private-verifier, purposes: [points], default-purpose: tax}\n",
            "openid.registration.purpose"
        ),
    ])
    func `what cannot be is refused`(lines: String, code: String) throws {
        #expect(try deployment(lines).codes().contains(code))
    }

    @Test(arguments: ["{}", "{\"keys\":[]}", "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AAAA\"}]}", "no json"])
    func `keys of a registrar that cannot be used are refused`(text: String) throws {
        let lines = "    by: [statement]\n    statement: {issuer: x}\n"
        #expect(try deployment(lines, keys: text).codes() == ["openid.registration.keys"])
    }
}
