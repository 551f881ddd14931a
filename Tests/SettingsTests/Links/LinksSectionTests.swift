import Cryptography
import Settings
import Testing
import Vocabulary

@Suite struct `What becomes of certificates that nobody is known by, in sekisho.yaml` {
    private func deployment(_ links: String) throws -> Deployment {
        let deployment = try Deployment()
        try deployment.edit("sekisho.yaml", "links:\n", "former:\n")
        let text = try deployment.read("sekisho.yaml")
        let kept = text.split(separator: "\n", omittingEmptySubsequences: false).filter {
            !$0.hasPrefix("former:") && !$0.hasPrefix("  unknown-certificate:")
        }
        try deployment.write("sekisho.yaml", kept.joined(separator: "\n") + "\n" + links)
        return deployment
    }

    private func key() throws -> String {
        PEM.encode(try PrivateKey.generate(.ec(.p256)).publicKey.spki, label: "PUBLIC KEY")
    }

    @Test func `asks the citizen where nothing else is said; a fresh folder for development makes them at once`() throws {
        let links = try deployment("").load().links
        #expect(links.unknown == .ask && links.correspondence == nil && links.proofAge == 600 && links.codeLifetime == 90 * 86_400)
        #expect(try Deployment().load().links.unknown == .make)
    }

    @Test func `asks a service whose answers are signed, and that may be asked without being named twice`() throws {
        let deployment = try deployment(
            "links:\n  proof-age: 5m\n  code-lifetime: 30d\n  correspondence:\n    url: http://jlis.example.jp/correspondence\n    timeout: 2s\n"
                + "outbound:\n  hosts: []\n")
        #expect(deployment.problems().map(\.code) == ["file.missing"], "\(deployment.problems())")
        try deployment.write("Keys/correspondence.pub.pem", try key())
        let configuration = try deployment.load()
        #expect(configuration.links.correspondence?.url == "http://jlis.example.jp/correspondence")
        #expect(configuration.links.correspondence?.timeout == 2)
        #expect(configuration.links.proofAge == 300 && configuration.links.codeLifetime == 30 * 86_400)
        #expect(configuration.outbound.hosts?.contains("jlis.example.jp:80") == true)
        try deployment.write("Keys/correspondence.pub.pem", "no key")
        #expect(deployment.problems().map(\.code) == ["key.unreadable"])
    }

    @Test(arguments: [
        ("  unknown-certificate: perhaps\n", "yaml.value"), ("  proof-age: 1d\n", "yaml.value"), ("  code-lifetime: 1m\n", "yaml.value"),
        ("  correspondence:\n    timeout: 3s\n", "yaml.key.missing"), ("  correspondence:\n    url: ftp://x\n", "address.url"),
        ("  corespondence: 1\n", "yaml.key.unknown"), ("  watch: 0s\n", "yaml.value"),
    ]) func `is refused where it is none`(lines: String, code: String) throws {
        #expect(try deployment("links:\n" + lines).problems().map(\.code).contains(code))
    }

    @Test func `never makes strangers in production`() throws {
        let deployment = try Production.deployment()
        #expect(try deployment.load().links.unknown == .ask)
        try deployment.write("sekisho.yaml", try deployment.read("sekisho.yaml") + "\nlinks:\n  unknown-certificate: make\n")
        #expect(deployment.problems().map(\.code) == ["production.unknown-certificate"])
    }
}
