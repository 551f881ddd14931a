import Credentials
import Cryptography
import Foundation
import JOSE
import OpenID
import SAML
import Settings
import Testing
import Vocabulary

@Suite struct `What is wrong in Keys` {
    static func pem(_ kind: KeyKind) throws -> [UInt8] { try PrivateKey.generate(kind).exportPEM() }

    @Test(arguments: [
        "saml-signing.key.pem", "saml-signing.crt.pem", "openid-es256.key.pem", "openid-rs256.key.pem", "tls-door.key.pem",
        "tls-door.crt.pem",
    ]) func `may be that a key is missing`(name: String) throws {
        let deployment = try Deployment()
        try deployment.remove("Keys/" + name)
        #expect(deployment.problems().map(\.file) == ["Keys/" + name])
        #expect(deployment.codes() == ["file.missing"])
    }

    @Test(arguments: ["saml-signing.key.pem", "openid-es256.key.pem", "tls-door.key.pem"])
    func `may be that a key cannot be read`(name: String) throws {
        let deployment = try Deployment()
        for text in ["", "key", "-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY-----\n"] {
            try deployment.write("Keys/" + name, text)
            let problems = deployment.problems()
            #expect(problems.map(\.code) == ["key.unreadable"] && problems.first?.file == "Keys/" + name)
        }
        try deployment.write("Keys/" + name, String(repeating: "a", count: 65_537))
        #expect(deployment.codes() == ["file.size"])
    }

    @Test func `may be a certificate for another key`() throws {
        let deployment = try Deployment()
        try deployment.write("Keys/saml-signing.key.pem", try Self.pem(.rsa(bits: 2048)))
        try deployment.write("Keys/tls-door.key.pem", try Self.pem(.ec(.p256)))
        let problems = deployment.problems()
        #expect(problems.map(\.code) == ["key.certificate", "key.certificate"])
        #expect(problems.map(\.file) == ["Keys/saml-signing.crt.pem", "Keys/tls-door.crt.pem"])
    }

    @Test func `may be a key of the wrong kind`() throws {
        let deployment = try Deployment()
        try deployment.write("Keys/openid-es256.key.pem", try Self.pem(.rsa(bits: 2048)))
        try deployment.write("Keys/openid-rs256.key.pem", try Self.pem(.ec(.p256)))
        #expect(deployment.codes() == ["key.kind", "key.kind"])
        try deployment.write("Keys/openid-es256.key.pem", try Self.pem(.ec(.p384)))
        #expect(deployment.codes() == ["key.kind", "key.kind"], "ES256 is P-256 and nothing else (RFC 7518 §3.4)")
    }

    @Test(arguments: [("openid-es256.pem", "did you mean `openid-es256.key.pem`?"), ("secret.txt", "see Keys/README.md")])
    func `may be a file that nobody reads`(name: String, remedy: String) throws {
        let deployment = try Deployment()
        try deployment.write("Keys/" + name, "x")
        #expect(deployment.codes() == ["file.unexpected"])
        #expect(deployment.problems().first?.remedy.hasPrefix(remedy) == true)
    }

    @Test(arguments: ["Keys/saml-signing.key.pem", "Policies/rules.yaml", "sekisho.yaml"])
    func `may be a link`(name: String) throws {
        let deployment = try Deployment()
        try deployment.write("elsewhere", try deployment.read(name))
        try deployment.remove(name)
        try deployment.link(name, to: deployment.path + "/elsewhere")
        #expect(deployment.problems().contains { $0.file == name && $0.code == "file.link" })
    }

    @Test func `may be a folder in the place of a file, or the reverse`() throws {
        let deployment = try Deployment()
        try deployment.remove("Keys/openid-es256.key.pem")
        try FileManager.default.createDirectory(atPath: deployment.path + "/Keys/openid-es256.key.pem", withIntermediateDirectories: false)
        #expect(deployment.codes() == ["file.kind"])
        try deployment.remove("Keys/anchors")
        try deployment.write("Keys/anchors", "x")
        #expect(deployment.codes() == ["file.kind", "file.kind"])
    }
}

@Suite struct `Keys that are changed over` {
    @Test func `are published ahead of time and after their time, while the current one signs`() throws {
        let deployment = try Deployment()
        let current = try deployment.load().openIDProvider.signingKey(for: .es256, at: Deployment.now)?.keyID
        let retired = try PrivateKey.generate(.ec(.p256)).publicKey
        try deployment.write("Keys/openid-es256-next.key.pem", try PrivateKey.generate(.ec(.p256)).exportPEM())
        try deployment.write("Keys/openid-es256-retired.pub.pem", PEM.encode(retired.spki, label: "PUBLIC KEY"))
        try deployment.write("Keys/saml-signing-next.crt.pem", try deployment.read("Keys/tls-door.crt.pem"))
        let configuration = try deployment.load()
        let keys = configuration.openIDProvider.keys.filter { $0.jwk.algorithm == .es256 }
        #expect(keys.map { $0.life.state(at: Deployment.now) } == [.current, .next, .retiring])
        #expect(configuration.openIDProvider.signingKey(for: .es256, at: Deployment.now)?.keyID == current)
        #expect(keys.last?.jwk.key == retired)
        #expect(configuration.openIDProvider.jwks(at: Deployment.now)["keys"]?.array?.count == 4)
        #expect(configuration.identityProvider.signingKeys.published(at: Deployment.now).count == 2)
    }

    @Test func `must be what their names say`() throws {
        let deployment = try Deployment()
        try deployment.write("Keys/openid-es256-retired.pub.pem", try deployment.read("Keys/openid-es256.key.pem"))
        #expect(deployment.codes() == ["key.unreadable"])
        try deployment.write("Keys/openid-es256-next.key.pem", try PrivateKey.generate(.rsa(bits: 2048)).exportPEM())
        #expect(deployment.codes() == ["key.kind", "key.unreadable"])
    }
}

@Suite struct `A terminal's file` {
    static let name = "Keys/terminals/kiosk.json"

    static func text(_ changes: [String: String] = [:]) throws -> String {
        guard let point = try PrivateKey.generate(.ec(.p256)).publicKey.ecPoint else { throw Missing(what: "point") }
        let keys =
            "{\"keys\":[{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"\(Base64url.encode(point.x))\",\"y\":\"\(Base64url.encode(point.y))\"}]}"
        var members = [
            "id": "\"kiosk-1\"", "name": "\"市役所 1\"", "modes": "[\"pin\",\"face\"]", "attended": "true",
            "notBefore": "\"2026-04-01T00:00:00+09:00\"", "notAfter": "\"2027-04-01T00:00:00+09:00\"", "keys": keys,
        ]
        for (name, value) in changes { members[name] = value.isEmpty ? nil : value }
        return "{" + members.sorted { $0.key < $1.key }.map { "\"\($0.key)\":\($0.value)" }.joined(separator: ",") + "}"
    }

    @Test func `registers whose statements are believed`() throws {
        let deployment = try Deployment()
        try deployment.write(Self.name, try Self.text())
        let terminals = try deployment.load().cards.terminals
        let id = try #require(TerminalID("kiosk-1"))
        let terminal = try #require(terminals.find(id))
        #expect(terminals.count == 1 && terminal.may(state: .face) && !terminal.may(state: .presence))
        #expect(terminal.isRegistered(at: Deployment.now) && terminal.keys.count == 1)
    }

    @Test(arguments: [
        ("true", "", true), ("true", "false", false), ("false", "", false), ("false", "true", true),
    ])
    func `says whether others use it too, else who stands by does`(attended: String, shared: String, isShared: Bool) throws {
        let deployment = try Deployment()
        try deployment.write(Self.name, try Self.text(["modes": "[\"pin\"]", "attended": attended, "shared": shared]))
        let id = try #require(TerminalID("kiosk-1"))
        #expect(try #require(try deployment.load().cards.terminals.find(id)).isShared == isShared)
    }

    @Test(arguments: [
        (["id": "\"a b\""], "terminal.member"), (["id": ""], "terminal.member"), (["name": "1"], "terminal.member"),
        (["modes": "[]"], "terminal.member"), (["modes": "[\"fingerprint\"]"], "terminal.member"),
        (["modes": "[\"pin\",\"pin\"]"], "terminal.member"), (["attended": "\"yes\""], "terminal.member"),
        (["attended": "false"], "terminal.face"), (["notAfter": "\"2027-04-01\""], "terminal.member"),
        (["notAfter": "\"2026-03-01T00:00:00Z\""], "terminal.dates"), (["keys": ""], "terminal.member"),
        (["keys": "{\"keys\":[]}"], "terminal.keys"), (["keys": "[]"], "terminal.keys"),
        (["keys": "{\"keys\":[{\"kty\":\"oct\",\"k\":\"AA\"}]}"], "terminal.keys"), (["admin": "true"], "terminal.member"),
        (["shared": "\"yes\""], "terminal.member"), (["shared": "null"], "terminal.member"),
    ]) func `that is wrong is told`(changes: [String: String], code: String) throws {
        let deployment = try Deployment()
        try deployment.write(Self.name, try Self.text(changes))
        let problems = deployment.problems()
        #expect(problems.map(\.code) == [code] && problems.first?.file == Self.name, "\(problems)")
    }

    @Test func `that is no JSON, a twin, or of another kind is told`() throws {
        let deployment = try Deployment()
        for text in ["", "[]", "{\"id\":1,\"id\":2}", "// a comment\n{}"] {
            try deployment.write(Self.name, text)
            #expect(deployment.codes().contains("terminal.json"), "\(text)")
        }
        try deployment.write(Self.name, try Self.text())
        try deployment.write("Keys/terminals/twin.json", try Self.text())
        #expect(deployment.codes() == ["terminal.duplicate"])
        try deployment.remove("Keys/terminals/twin.json")
        try deployment.write("Keys/terminals/kiosk.yaml", "id: x")
        #expect(deployment.codes() == ["file.unexpected"])
    }
}
