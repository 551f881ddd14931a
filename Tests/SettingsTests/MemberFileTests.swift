import JOSE
import OpenID
import SAML
import Settings
import Testing
import TrustFramework
import Vocabulary

@Suite struct `A member's file` {
    @Test func `of a SAML service is read with the metadata beside it`() throws {
        let deployment = try Deployment()
        try deployment.addMinistry(yaml: "  sign: assertion\nsector: https://sector.example\n")
        let federation = try deployment.load().federation
        let id = try #require(MemberID("https://ministry.example/sp"))
        let member = try #require(federation.member(id))
        #expect(member.kind == .ministry && member.displayName == ["ja": "見本省", "en": "Sample Ministry"])
        #expect(member.sector == "https://sector.example" && member.defaultPurpose.text == "procedure")
        #expect(federation.serviceProvider(id)?.signing == .assertion)
        #expect(federation.serviceProvider("https://ministry.example/sp") != nil)
        #expect(federation.serviceProvider("https://ministry.example/SP") == nil && federation.serviceProvider("") == nil)
    }

    @Test func `of an OpenID service is its registration`() throws {
        let deployment = try Deployment()
        try deployment.edit("sekisho.yaml", "#  refresh-tokens: false", "openid: {refresh-tokens: true, scopes: [address]}")
        try deployment.addShop(
            openid: "  id-token-algorithm: RS256\n  scopes: [openid, address]\n  require-nonce: true\n  refresh-tokens: true\n"
                + "  assertion-audience: issuer-only\n  assertion-lifetime: 60s\n")
        let client = try #require(try deployment.load().federation.client("shop"))
        #expect(client.redirectURIs == ["https://shop.example/callback"] && client.authentication.method == "private_key_jwt")
        #expect(client.idTokenAlgorithm == .rs256 && client.scopes == ["openid", "address"])
        #expect(client.requiresNonce && client.refreshTokens && client.assertionAudiences == .issuerOnly && client.assertionLifetime == 60)
    }

    @Test func `takes a secret's digest and never the secret`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        let yaml = try deployment.read("Metadata/members/shop.yaml").split(separator: "\n").dropLast(2).joined(separator: "\n")
        let digest = String(repeating: "0a", count: 32)
        try deployment.write(
            "Metadata/members/shop.yaml", yaml + "\n  authentication: client_secret_basic\n  secret-sha256: \(digest)\n")
        #expect(try deployment.load().federation.client("shop")?.authentication.method == "client_secret_basic")
        try deployment.write(
            "Metadata/members/shop.yaml", yaml + "\n  authentication: client_secret_basic\n  secret-sha256: correct horse\n")
        let problem = try #require(deployment.problems().first)
        #expect(problem.code == "member.secret" && !problem.description.contains("horse"))
    }

    @Test func `may keep a key set beside it`() throws {
        let deployment = try Deployment()
        try deployment.addShop()
        let key =
            #"{"keys":[{"kty":"EC","crv":"P-256","x":"866-vsX0sJTPOFJENQtrTTNbdWmgDpHhHQTyrA1IoY0","y":"lC6UzjtoEsatJjJ81thIA-aGzlxuNULOU8yEQnlqL6w"}]}"#
        let yaml = try deployment.read("Metadata/members/shop.yaml").split(separator: "\n").dropLast().joined(separator: "\n")
        try deployment.write("Metadata/members/shop.yaml", yaml + "\n  jwks-file: shop.json\n")
        try deployment.write("Metadata/members/shop.json", key)
        #expect(try deployment.load().federation.client("shop") != nil)
        try deployment.write("Metadata/members/shop.json", key.replacing("\"kty\"", with: "\"d\":\"AA\",\"kty\""))
        #expect(deployment.problems().map(\.code) == ["member.keys"], "a private key has no place in a registration")
        try deployment.write("Metadata/members/shop.json", "{")
        #expect(deployment.problems().map(\.code) == ["member.keys.json"])
        #expect(deployment.problems().first?.file == "Metadata/members/shop.json")
    }

    @Test(arguments: [
        ("not-before: 2026-04-01\n", "2026-03-31T14:59:59Z", "2026-03-31T15:00:00Z"),
        ("not-before: 2026-04-01T00:00:00Z\n", "2026-03-31T23:59:59Z", "2026-04-01T00:00:00Z"),
    ]) func `has dates, which are days in Japan unless they say otherwise`(written: String, before: String, first: String) throws {
        let deployment = try Deployment()
        try deployment.addMinistry()
        try deployment.edit("Metadata/members/ministry.yaml", "not-before: 2026-04-01\n", written)
        let member = try #require(try deployment.load().federation.members.first)
        #expect(member.standing(at: try #require(Timestamp(before))) == .notYet)
        #expect(member.standing(at: try #require(Timestamp(first))) == .inForce)
        #expect(member.standing(at: try #require(Timestamp("2027-03-31T14:59:59.999Z"))) == .inForce, "the last day counts whole")
        #expect(member.standing(at: try #require(Timestamp("2027-03-31T15:00:00Z"))) == .expired)
    }
}

@Suite struct `What is wrong with a SAML member` {
    static let name = "Metadata/members/ministry.yaml"

    @Test(arguments: [
        ("kind: ministry", "kind: Ministry", "yaml.value", "kind: Ministry"), ("kind: ministry\n", "", "yaml.key.missing", "id:"),
        ("id: https://ministry.example/sp", "id: 省", "member.id", "id:"),
        ("id: https://ministry.example/sp", "id: https://other.example", "member.metadata.entity", "metadata:"),
        ("  ja: 見本省\n  en: Sample Ministry", "  japanese_x: 見本省", "member.names", "japanese_x"),
        ("names:\n  ja: 見本省\n  en: Sample Ministry", "names: {}", "member.names", "names: {}"),
        ("  en: Sample Ministry", "  en: Sample \u{202e}yrtsiniM", "member.names", "en:"),
        ("  ja: 見本省", "  ja: 見\u{200b}本省", "member.names", "ja:"),
        ("state: accredited", "state: approved", "yaml.value", "state: approved"),
        ("not-after: 2027-03-31", "not-after: 2027-02-31", "yaml.value", "not-after:"),
        ("not-after: 2027-03-31", "not-after: 2025-03-31", "member.dates", "not-after:"),
        ("not-after: 2027-03-31", "not-after: 31.3.2027", "yaml.value", "not-after:"),
        ("purposes: [procedure]", "purposes: []", "member.purposes", "purposes:"),
        ("purposes: [procedure]", "purposes: [procedure, 手続]", "purpose.word", "purposes:"),
        ("purposes: [procedure]", "purposes: [procedure, points]", "member.default-purpose", "id:"),
        ("purposes: [procedure]\n", "purposes: [procedure]\ndefault-purpose: points\n", "member.default-purpose", "default-purpose:"),
        ("saml:\n  metadata: ministry.xml\n", "", "member.protocol", "id:"),
        ("saml:", "openid: {}\nsaml:", "member.protocol", "openid:"),
        ("metadata: ministry.xml", "metadata: ../ministry.xml", "member.file", "metadata:"),
        ("metadata: ministry.xml", "metadata: /etc/passwd", "member.file", "metadata:"),
        ("metadata: ministry.xml", "metadata: .hidden.xml", "member.file", "metadata:"),
        ("metadata: ministry.xml", "meta-data: ministry.xml", "yaml.key.unknown", "meta-data:"),
        ("metadata: ministry.xml", "metadata: ministry.xml\n  sign: all", "yaml.value", "sign: all"),
    ]) func `is told with its line`(old: String, new: String, code: String, place: String) throws {
        let deployment = try Deployment()
        try deployment.addMinistry()
        try deployment.edit(Self.name, old, new)
        let problems = deployment.problems()
        let line = try deployment.line(of: place, in: Self.name)
        #expect(problems.contains { $0.file == Self.name && $0.code == code && $0.line == line }, "line \(line): \(problems)")
    }

    @Test func `may be its metadata`() throws {
        let deployment = try Deployment()
        try deployment.addMinistry()
        let file = "Metadata/members/ministry.xml"
        try deployment.write(file, try Samples.metadata("https://ministry.example/sp", location: "javascript:alert(1)"))
        #expect(deployment.problems().allSatisfy { $0.file == file && $0.code.hasPrefix("saml.metadata.") })
        #expect(!deployment.problems().isEmpty, "checklist A26: no address that could run")
        try deployment.write(file, "<!DOCTYPE x [<!ENTITY a \"b\">]><x>&a;</x>")
        #expect(deployment.codes() == ["saml.metadata.xml"])
        try deployment.remove(file)
        #expect(deployment.problems().first?.file == file && deployment.codes() == ["file.missing"])
    }

    @Test func `is a plain http address in production, and none in development`() throws {
        for mode in Mode.allCases {
            let deployment = try Deployment(mode)
            try deployment.addMinistry()
            try deployment.write(
                "Metadata/members/ministry.xml", try Samples.metadata("https://ministry.example/sp", location: "http://127.0.0.1:9000/acs"))
            #expect(deployment.codes().contains { $0.hasPrefix("saml.metadata") } == (mode == .production))
        }
    }
}

@Suite struct `What is wrong with an OpenID member` {
    static let name = "Metadata/members/shop.yaml"

    @Test(arguments: [
        ("[https://shop.example/callback]", "[\"https://shop.example/callback#x\"]", "openid.client.redirect-uri", "redirect-uris"),
        ("[https://shop.example/callback]", "[http://shop.example/callback]", "openid.client.redirect-uri", "redirect-uris"),
        ("[https://shop.example/callback]", "[\"javascript:alert(1)\"]", "openid.client.redirect-uri", "redirect-uris"),
        ("[https://shop.example/callback]", "[]", "openid.client.no-redirect-uri", "openid:"),
        ("authentication: private_key_jwt", "authentication: none", "yaml.value", "authentication: none"),
        ("authentication: private_key_jwt", "authentication: client_secret_basic", "yaml.key.missing", "openid:"),
        ("authentication: private_key_jwt", "authentication: private_key_jwt\n  secret-sha256: 00", "member.secret", "secret-sha256"),
        ("authentication: private_key_jwt", "authentication: private_key_jwt\n  jwks-file: x.json", "member.keys", "openid:"),
        ("authentication: private_key_jwt", "authentication: private_key_jwt\n  scopes: [address]", "member.scope", "scopes:"),
        (
            "authentication: private_key_jwt",
            "authentication: private_key_jwt\n  post-logout-redirect-uris: [https://shop.example/bye, \"http://shop.example/x\"]",
            "openid.client.post-logout-redirect-uri", "post-logout-redirect-uris"
        ),
        (
            "authentication: private_key_jwt",
            "authentication: private_key_jwt\n  backchannel-logout-uri: \"https://shop.example/bc#x\"",
            "openid.client.backchannel-logout-uri", "backchannel-logout-uri"
        ),
        (
            "authentication: private_key_jwt", "authentication: private_key_jwt\n  refresh-tokens: true", "member.refresh-tokens",
            "refresh-tokens"
        ),
        (
            "authentication: private_key_jwt", "authentication: private_key_jwt\n  id-token-algorithm: none", "yaml.value",
            "id-token-algorithm"
        ),
        (
            "authentication: private_key_jwt", "authentication: private_key_jwt\n  assertion-lifetime: 2h", "yaml.value",
            "assertion-lifetime"
        ),
        ("authentication: private_key_jwt", "authentication: private_key_jwt\n  redirect_uris: [x]", "yaml.key.unknown", "redirect_uris"),
        ("kty: EC", "kty: oct", "member.keys", "jwks:"), ("kty: EC", "kty: EC, d: AA", "member.keys", "jwks:"),
        ("crv: P-256", "crv: P-384", "openid.client.keys", "openid:"),
        ("default-purpose: points\n", "", "member.default-purpose", "id:"),
    ]) func `is told with its line`(old: String, new: String, code: String, place: String) throws {
        let deployment = try Deployment()
        try deployment.addShop()
        try deployment.edit(Self.name, old, new)
        let problems = deployment.problems()
        let line = try deployment.line(of: place, in: Self.name)
        #expect(problems.contains { $0.file == Self.name && $0.code == code && $0.line == line }, "line \(line): \(problems)")
    }
}

@Suite struct `The members' folder` {
    @Test func `holds each member once`() throws {
        let deployment = try Deployment()
        try deployment.addShop("a-shop")
        try deployment.addShop("b-shop")
        let problem = try #require(deployment.problems().first)
        #expect(
            problem.code == "member.duplicate" && problem.file == "Metadata/members/b-shop.yaml" && problem.message.contains("a-shop.yaml"))
    }

    @Test(arguments: ["shop.yml", "shop.json", "shop.yaml.orig"]) func `holds no file that nobody reads`(name: String) throws {
        let deployment = try Deployment()
        try deployment.write("Metadata/members/" + name, "id: x\n")
        #expect(deployment.codes() == ["file.unexpected"])
    }

    @Test func `may hold a README and hidden files`() throws {
        let deployment = try Deployment()
        for name in ["Metadata/README.md", "Metadata/members/README.md", "Metadata/members/.gitkeep"] { try deployment.write(name, "x") }
        #expect(deployment.problems().isEmpty)
    }

    @Test func `is read to its end, whatever is wrong on the way`() throws {
        let deployment = try Deployment()
        for number in 1...40 { try deployment.write("Metadata/members/m\(number).yaml", "id: m\(number)\n") }
        let problems = deployment.problems()
        #expect(Set(problems.map(\.file)).count == 40)
    }

    @Test func `never fills the screen`() throws {
        let deployment = try Deployment()
        for number in 1...200 { try deployment.write("Metadata/members/m\(number).yaml", "a: 1\nb: 2\nc: 3\n") }
        #expect(deployment.problems().count == 500)
    }
}
