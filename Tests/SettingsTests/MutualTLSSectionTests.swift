import Cryptography
import Foundation
import OpenID
import Settings
import Testing
import Vocabulary

@Suite struct `openid.mutual-tls in sekisho.yaml` {
    private func deployment(_ lines: String, pair: Bool = true) throws -> Deployment {
        let deployment = try Deployment()
        try deployment.edit("sekisho.yaml", "#  refresh-tokens: false", "openid:\n  mutual-tls:\n" + lines)
        if pair {
            let key = try PrivateKey.generate(.ec(.p256))
            let certificate = try SelfSigned.certificate(
                for: key, commonName: "mtls", notBefore: Deployment.now, notAfter: Deployment.now.adding(seconds: 86_400),
                dnsNames: ["mtls.login.example.jp"])
            try deployment.write("Keys/mutual-tls.key.pem", try key.exportPEM())
            try deployment.write("Keys/mutual-tls.crt.pem", PEM.encode(certificate, label: "CERTIFICATE"))
        }
        return deployment
    }

    @Test func `a listener of our own, with its pair in Keys`() throws {
        let deployment = try deployment("    base-url: https://mtls.login.example.jp\n    listen: {host: 0.0.0.0, port: 9443}\n")
        let configuration = try deployment.load()
        let door = try #require(configuration.mutualTLS)
        #expect(door.origin == "https://mtls.login.example.jp" && door.listen == Endpoint(host: "0.0.0.0", port: 9443))
        #expect(door.certificateFile.hasSuffix("/Keys/mutual-tls.crt.pem") && door.forwarded == nil)
        #expect(configuration.openIDProvider.mutualTLS == MutualTLSAddresses(base: "https://mtls.login.example.jp"))
        #expect(try Deployment().load().openIDProvider.offers.authentication.isDisjoint(with: [.tlsClientAuth, .selfSignedTLS]))
    }

    @Test func `tls_client_auth is offered where somebody believes the certificates, and else only self-signed ones`() throws {
        func offered(_ profile: String, _ change: (Deployment) throws -> Void = { _ in }) throws -> Set<ClientAuthentication.Method> {
            let lines = "    base-url: https://mtls.login.example.jp\n    listen: {host: 0.0.0.0, port: 9443}\n"
            let deployment = try deployment(lines + profile)
            try change(deployment)
            return try deployment.load().openIDProvider.offers.authentication
        }
        let tls: Set<ClientAuthentication.Method> = [.tlsClientAuth, .selfSignedTLS]
        #expect(try offered("").intersection(tls) == [.selfSignedTLS])
        #expect(try offered("    certificate-profile: login\n").intersection(tls) == tls)
        let named = try offered("") { deployment in
            try deployment.addShop(openid: "  tls-client-auth: {san-dns: shop.example, certificate-profile: login}\n")
            try deployment.edit("Metadata/members/shop.yaml", "authentication: private_key_jwt", "authentication: tls_client_auth")
        }
        #expect(named.intersection(tls) == tls)
    }

    @Test func `a proxy that asks, and which peers it is (checklist H14)`() throws {
        let deployment = try deployment(
            """
                base-url: https://mtls.login.example.jp
                forwarded-certificate:
                  header: X-Client-Cert
                  form: escaped-pem
                  from: [192.0.2.7, 10.1.2.0/28, "2001:db8::/64"]

            """, pair: false)
        let forwarded = try #require(try deployment.load().mutualTLS?.forwarded)
        #expect(forwarded.header == "x-client-cert" && forwarded.form == .escapedPEM)
        for (peer, isTrusted) in [
            ("192.0.2.7", true), ("::ffff:192.0.2.7", true), ("192.0.2.8", false), ("10.1.2.15", true), ("10.1.2.16", false),
            ("2001:db8::1", true), ("2001:db8:0:1::1", false), ("", false), ("localhost", false),
        ] { #expect(forwarded.trusts(peer: peer) == isTrusted, "\(peer)") }
        #expect(!forwarded.trusts(peer: nil))
    }

    @Test(arguments: [
        ("    listen: {port: 9443}\n", "yaml.key.missing"),
        ("    base-url: http://mtls.example\n    listen: {port: 9443}\n", "openid.mutual-tls.base-url"),
        ("    base-url: http://127.0.0.1:8080\n    listen: {port: 9443}\n", "openid.mutual-tls.base-url"),
        ("    base-url: https://mtls.example\n", "openid.mutual-tls.where"),
        ("    base-url: https://mtls.example\n    forwarded-certificate: {}\n", "yaml.key.missing"),
        ("    base-url: https://mtls.example\n    forwarded-certificate: {from: [everybody]}\n", "openid.forwarded-certificate"),
        ("    base-url: https://mtls.example\n    forwarded-certificate: {from: [0.0.0.0/0]}\n", "openid.forwarded-certificate"),
        ("    base-url: https://mtls.example\n    forwarded-certificate: {from: [10.0.0.1/8]}\n", "openid.forwarded-certificate"),
        ("    base-url: https://mtls.example\n    forwarded-certificate: {from: [10.0.0.1/33]}\n", "openid.forwarded-certificate"),
        (
            "    base-url: https://mtls.example\n    forwarded-certificate: {header: \"a b\", from: [10.0.0.1]}\n",
            "openid.forwarded-certificate"
        ),
        (
            "    base-url: https://mtls.example\n    listen: {port: 9443}\n    certificate-profile: nobody\n",
            "openid.mutual-tls.certificate-profile"
        ),
        ("    base-url: https://mtls.example\n    listen: {port: 9443}\n    key: ../x.pem\n", "member.file"),
    ])
    func `what cannot be is told`(lines: String, code: String) throws {
        #expect(try deployment(lines).codes().contains(code))
    }

    @Test func `the listener's own files have to be there and belong together`() throws {
        let lines = "    base-url: https://mtls.example\n    listen: {port: 9443}\n"
        #expect(try Set(deployment(lines, pair: false).codes()) == ["file.missing"])
        let mixed = try deployment(lines)
        try mixed.write("Keys/mutual-tls.key.pem", try PrivateKey.generate(.ec(.p256)).exportPEM())
        #expect(mixed.codes() == ["key.certificate"])
        let named = try deployment(lines + "    certificate: other.pem\n    key: mutual-tls.key.pem\n")
        #expect(Set(named.problems().map(\.file)) == ["Keys/other.pem", "Keys/mutual-tls.crt.pem"])
    }

    @Test func `processes of one deployment share a secret, and a restart keeps it`() throws {
        let deployment = try Deployment()
        let store = deployment.path + "/State/sekisho.sqlite"
        try FileManager.default.createDirectory(atPath: deployment.path + "/State", withIntermediateDirectories: true)
        var random = SystemRandom()
        let before = try deployment.load().openIDProvider.nonces.current(at: Deployment.now)
        #expect(try deployment.load().openIDProvider.nonces.current(at: Deployment.now) != before, "none is shared yet")
        #expect(try !deployment.load().hasSecret)
        try DeploymentSecret.ensure(beside: store, using: &random)
        #expect(try deployment.load().hasSecret)
        let one = try deployment.load().openIDProvider.nonces.current(at: Deployment.now)
        // The second takes what is there.
        try DeploymentSecret.ensure(beside: store, using: &random)
        #expect(one != nil)
        #expect(try deployment.load().openIDProvider.nonces.current(at: Deployment.now) == one)
        let mode = try FileManager.default.attributesOfItem(atPath: deployment.path + "/State/secret")[.posixPermissions] as? NSNumber
        #expect(mode?.intValue == 0o600)
    }
}
