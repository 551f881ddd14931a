import Credentials
import Cryptography
import Foundation
import Settings
import Testing
import Trust
import Vocabulary

@Suite struct `Production` {
    /// A fresh production folder with an authority of its own: right as it is.
    static func deployment() throws -> Deployment {
        let deployment = try Deployment(.production)
        try deployment.write("Keys/anchors/auth.pem", try Authority.pem(organization: "JPKI"))
        return deployment
    }

    @Test func `takes a folder that has everything`() throws {
        let configuration = try Self.deployment().load()
        #expect(configuration.mode == .production && configuration.isSecure && !configuration.cards.allowSimulated)
        #expect(configuration.cards.anchorList.map(\.isSimulated) == [false])
        #expect(configuration.cards.profile.loginAuthorities.count == 1 && configuration.cards.profile.simulatedAuthorities.isEmpty)
        #expect(configuration.outbound.hosts == [], "asks nobody it was not told about")
    }

    @Test(arguments: [
        ("base-url: \"https://login.example.jp\"", "base-url: http://login.example.jp", "production.base-url", "base-url"),
        ("base-url: \"https://login.example.jp\"", "base-url: https://localhost:8080", "production.base-url", "base-url"),
        ("origin: \"https://card.example.jp\"", "origin: https://127.0.0.1:8443", "production.tls-door", "origin:"),
        ("card:\n", "card:\n  allow-simulated: true\n", "production.allow-simulated", "allow-simulated"),
        ("      weakest-mode: presence   #", "      weakest-mode: pin   #", "production.weakest-mode", "weakest-mode: pin"),
        (
            "    challenge:\n      weakest-mode: presence", "    challenge:\n      weakest-mode: pin", "production.weakest-mode",
            "weakest-mode: pin"
        ),
    ]) func `refuses what is for development`(old: String, new: String, code: String, place: String) throws {
        let deployment = try Self.deployment()
        try deployment.edit("sekisho.yaml", old, new)
        let problems = deployment.problems()
        #expect(problems.map(\.code) == [code], "\(problems)")
        #expect(problems.first?.line == (try deployment.line(of: place, in: "sekisho.yaml")))
        try deployment.edit("sekisho.yaml", "mode: production", "mode: development")
        #expect(deployment.problems().isEmpty, "development takes it")
    }

    @Test func `believes that a PIN was used where its operator says so in so many words`() throws {
        let deployment = try Self.deployment()
        try deployment.edit(
            "sekisho.yaml", "      weakest-mode: presence   #", "      weakest-mode: pin\n      every-client-asks-for-the-pin: true   #")
        #expect(try deployment.load().cards.tlsRules.weakestMode == .pin)
    }

    @Test(arguments: ["JPKI-TEST", "Simulated JPKI", "JPKI (simulation)", "Development", "sample"])
    func `refuses anchors of test and simulated authorities`(organization: String) throws {
        let deployment = try Self.deployment()
        try deployment.write("Keys/anchors/test.pem", try Authority.pem(organization: organization))
        let problems = deployment.problems()
        #expect(problems.map(\.code) == ["production.simulated-anchor"] && problems.first?.file == "Keys/anchors/test.pem")
        try deployment.edit("sekisho.yaml", "mode: production", "mode: development")
        let configuration = try deployment.load()
        #expect(configuration.cards.anchorList.filter(\.isSimulated).count == 1)
        #expect(configuration.cards.profile.simulatedAuthorities.count == 1)
    }

    @Test func `refuses keys from the repository, wherever they stand`() throws {
        for name in ["openid-es256", "openid-rs256"] {
            let deployment = try Self.deployment()
            try FileManager.default.removeItem(atPath: deployment.path + "/Keys/\(name).key.pem")
            try FileManager.default.copyItem(
                atPath: Deployment.repository("Keys/\(name).key.pem").path, toPath: deployment.path + "/Keys/\(name)-next.key.pem")
            try deployment.write("Keys/\(name).key.pem", try deployment.read("Keys/\(name)-next.key.pem"))
            let problems = deployment.problems().filter { $0.code == "production.development-key" }
            #expect(problems.map(\.file) == ["Keys/\(name)-next.key.pem", "Keys/\(name).key.pem"])
        }
    }

    @Test func `refuses certificates that call themselves development`() throws {
        let deployment = try Self.deployment()
        let other = try Deployment(.development)
        for name in ["saml-signing.key.pem", "saml-signing.crt.pem"] {
            try deployment.write("Keys/" + name, try other.read("Keys/" + name))
        }
        #expect(deployment.problems().map(\.code).contains("production.development-certificate"))
    }

    @Test func `refuses private keys that others may read`() throws {
        let deployment = try Self.deployment()
        for bits in [0o640, 0o604, 0o666] {
            try FileManager.default.setAttributes([.posixPermissions: bits], ofItemAtPath: deployment.path + "/Keys/openid-es256.key.pem")
            #expect(deployment.codes() == ["production.key-mode"])
        }
        try FileManager.default.setAttributes([.posixPermissions: 0o400], ofItemAtPath: deployment.path + "/Keys/openid-es256.key.pem")
        #expect(deployment.problems().isEmpty)
    }

    @Test func `is advised where it may be left weaker than it could be`() throws {
        let deployment = try Self.deployment()
        try deployment.edit("sekisho.yaml", "#  synchronous: full ", "  synchronous: normal ")
        #expect(try deployment.load().notices.map(\.code).sorted() == ["outbound.ocsp", "store.synchronous"])
    }
}

@Suite struct `An anchor` {
    @Test func `is an authority's certificate, once`() throws {
        let deployment = try Deployment()
        let authority = try Authority.pem(organization: "JPKI")
        try deployment.write("Keys/anchors/a.pem", authority)
        try deployment.write("Keys/anchors/b.pem", authority)
        #expect(deployment.codes() == ["anchor.duplicate"])
        try deployment.write("Keys/anchors/b.pem", try deployment.read("Keys/tls-door.crt.pem"))
        #expect(deployment.codes() == ["anchor.authority"])
        try deployment.write("Keys/anchors/b.pem", "no certificate")
        #expect(deployment.codes() == ["certificate.unreadable"])
        try deployment.remove("Keys/anchors/b.pem")
        try deployment.write("Keys/anchors/b.der", "x")
        #expect(deployment.codes() == ["file.unexpected"])
    }

    @Test func `stands beside other generations of its name`() throws {
        let deployment = try Deployment()
        try deployment.write("Keys/anchors/generations.pem", try Authority.pem(organization: "JPKI") + Authority.pem(organization: "JPKI"))
        let cards = try deployment.load().cards
        #expect(cards.anchorList.count == 2 && cards.profile.loginAuthorities.count == 1)
    }

    @Test func `that has ended is told, and kept for the cards that have not`() throws {
        let deployment = try Deployment()
        try deployment.write("Keys/anchors/a.pem", try Authority.pem(organization: "JPKI"))
        let later = Deployment.now.adding(seconds: 11 * 365 * 86_400)
        let configuration = try deployment.load(at: later)
        #expect(configuration.cards.anchorList.count == 1)
        #expect(configuration.notices.map(\.code).contains("anchor.expired"))
        #expect(configuration.notices.map(\.code).contains("certificate.expired"))
    }

    @Test func `of another authority than the one for logins lets nobody in`() throws {
        let deployment = try Deployment(.production)
        try deployment.write("Keys/anchors/sign.pem", try Authority.pem(organization: "JPKI", unit: "JPKI for digital signature"))
        #expect(deployment.codes() == ["anchor.none"])
    }
}

/// An authority with the names of the real one, and a key nobody else has.
enum Authority {
    static func pem(organization: String, unit: String = "JPKI for user authentication") throws -> String {
        let key = try PrivateKey.generate(.ec(.p256))
        let name = DistinguishedName([
            (.country, "JP"), (.organization, organization), (.organizationalUnit, unit),
            (.organizationalUnit, "Japan Agency for Local Authority Information Systems"),
        ])
        return PEM.encode(try certificate(key, name), label: "CERTIFICATE")
    }

    /// RFC 5280 §4.1, with basicConstraints and keyUsage of an authority.
    private static func certificate(_ key: PrivateKey, _ name: DistinguishedName) throws -> [UInt8] {
        let algorithm: [UInt8] = [0x30, 0x0a, 0x06, 0x08, 0x2a, 0x86, 0x48, 0xce, 0x3d, 0x04, 0x03, 0x02]
        let validity = tlv(0x30, tlv(0x17, Array("240101000000Z".utf8)) + tlv(0x17, Array("340101000000Z".utf8)))
        let constraints = tlv(0x30, [0x06, 0x03, 0x55, 0x1d, 0x13, 0x01, 0x01, 0xff, 0x04, 0x05, 0x30, 0x03, 0x01, 0x01, 0xff])
        let usage = tlv(0x30, [0x06, 0x03, 0x55, 0x1d, 0x0f, 0x01, 0x01, 0xff, 0x04, 0x04, 0x03, 0x02, 0x01, 0x06])
        var body: [UInt8] = [0xa0, 0x03, 0x02, 0x01, 0x02, 0x02, 0x01, 0x01] + algorithm
        body += name.der + validity + name.der + key.publicKey.spki + tlv(0xa3, tlv(0x30, constraints + usage))
        let signed = tlv(0x30, body)
        return tlv(0x30, signed + algorithm + tlv(0x03, [0] + (try key.sign(signed, .ecdsa(.sha256)))))
    }

    private static func tlv(_ tag: UInt8, _ content: [UInt8]) -> [UInt8] {
        let length: [UInt8] =
            switch content.count {
            case ..<128: [UInt8(content.count)]
            case ..<256: [0x81, UInt8(content.count)]
            default: [0x82, UInt8(content.count >> 8), UInt8(content.count & 255)]
            }
        return [tag] + length + content
    }
}
