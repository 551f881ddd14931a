import Cryptography
import Foundation
import Settings
import Testing
import Trust

@Suite struct `Profiles of certificates` {
    static let names = ["government-bridge", "login", "tls-peer"]

    @Test func `come with a fresh deployment, and are the repository's samples byte for byte`() throws {
        let deployment = try Deployment()
        #expect(try deployment.load().profiles.names == Self.names)
        for name in Self.names {
            let sample = try String(contentsOf: Deployment.repository("Keys/profiles/\(name).yaml"), encoding: .utf8)
            #expect(try deployment.read("Keys/profiles/\(name).yaml") == sample)
        }
    }

    @Test func `say by themselves what login is, when nobody wrote it down`() throws {
        let deployment = try Deployment()
        try deployment.remove("Keys/profiles")
        let profiles = try deployment.load().profiles
        #expect(profiles.names == ["login"] && profiles["login"]?.demand == .required)
        #expect(profiles["login"]?.rules.policies.requireExplicit == true && profiles["tls-peer"] == nil)
    }

    @Test func `are read whole`() throws {
        let deployment = try Deployment()
        let authority = try ImaginaryAuthority("Root"), other = try ImaginaryAuthority("Other")
        try deployment.makeFolder("Keys/anchors-of")
        try deployment.makeFolder("Keys/anchors-of/bridge")
        try deployment.write("Keys/anchors-of/bridge/root.pem", authority.pem)
        try deployment.write("Keys/anchors-of/bridge/other.pem", other.pem)
        try deployment.write(
            "Keys/profiles/bridge.yaml",
            """
            name: bridge
            anchors: ["sha256:\(authority.fingerprint.uppercased())", Keys/anchors-of/bridge/root.pem]
            policies: [1.2.3, 1.2.4]
            explicit-policy: true
            any-policy: false
            mapping-depth: 2
            longest-path: 5
            algorithms: {rsa-bits: 3072, curves: [P-384], digests: [SHA-384, SHA-512], pss: false, ed25519: false}
            algorithms-by-authority:
              - authority: \(authority.fingerprint)
                rsa-bits: 4096
            key-usage: [digitalSignature, nonRepudiation]
            purposes: [clientAuth, 1.2.3.4]
            anchor-rules: [validity]
            issuer-rules: [authority, key-identifiers]
            status: {demand: if-present, order: ocsp-first, maximum-age: 12h}

            """)
        let profile = try #require(try deployment.load().profiles["bridge"])
        #expect(profile.store.anchors.map(\.certificate) == [authority.certificate])
        let rules = profile.rules
        #expect(rules.policies.acceptable.map(\.dotted).sorted() == ["1.2.3", "1.2.4"])
        #expect(rules.policies.requireExplicit && rules.policies.inhibitAnyPolicy && !rules.policies.inhibitMapping)
        #expect(rules.mappingDepth == 2 && rules.longestPath == 5)
        #expect(rules.algorithms.minimumRSABits == 3072 && rules.algorithms.curves == [.p384])
        #expect(rules.algorithms.digests == [.sha384, .sha512] && !rules.algorithms.allowsPSS && !rules.algorithms.allowsEd25519)
        let own = try #require(rules.algorithmsByAuthority[authority.fingerprint])
        #expect(own.minimumRSABits == 4096 && own.curves == [.p384], "what is not said follows the profile's own")
        #expect(rules.keyUsage == [.digitalSignature, .nonRepudiation])
        #expect(rules.purposes.map(\.dotted) == ["1.3.6.1.5.5.7.3.2", "1.2.3.4"])
        #expect(rules.anchors == [.validity] && rules.issuers == [.authority, .keyIdentifiers])
        #expect(profile.demand == .ifPresent && profile.order == .onlineFirst && profile.maximumAge == 43_200)
    }

    @Test func `map nothing unless they say so`() throws {
        let deployment = try Deployment()
        try deployment.write("Keys/profiles/plain.yaml", "policies: [any]\n")
        #expect(try deployment.load().profiles["plain"]?.rules.mappingDepth == 0)
        try deployment.write("Keys/profiles/plain.yaml", "mapping-depth: unlimited\n")
        let rules = try #require(try deployment.load().profiles["plain"]?.rules)
        #expect(rules.mappingDepth == nil && rules.policies.acceptable == [.anyPolicy])
    }

    @Test(arguments: [
        ("name: other", "profile.name"), ("anchors: [anchors/nobody.pem]", "profile.anchor"),
        ("anchors: [\"" + String(repeating: "ab", count: 32) + "\"]", "profile.anchor"), ("policies: [1.2.3, any]", "profile.policy"),
        ("policies: [login]", "profile.policy"), ("mapping-depth: many", "yaml.value"), ("mapping-depth: -1", "yaml.value"),
        ("longest-path: 99", "yaml.value"), ("algorithms: {rsa-bits: 1024}", "yaml.value"),
        ("algorithms: {digests: [SHA-1]}", "yaml.value"),
        ("algorithms: {digests: []}", "profile.algorithms"), ("algorithms: {curves: [P-192]}", "yaml.value"),
        ("algorithms-by-authority: [{authority: abc}]", "profile.fingerprint"),
        ("algorithms-by-authority: [{rsa-bits: 4096}]", "yaml.key.missing"), ("key-usage: [sign]", "profile.key-usage"),
        ("purposes: [server]", "profile.purpose"), ("status: {demand: maybe}", "yaml.value"), ("status: {order: both}", "yaml.value"),
        ("explicit-policy: yes", "yaml.type"), ("polices: [any]", "yaml.key.unknown"), ("anchor-rules: [all]", "yaml.value"),
    ]) func `are refused with file and line`(line: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.write("Keys/profiles/odd.yaml", "# a comment\n" + line + "\n")
        let problems = deployment.problems()
        #expect(problems.map(\.code) == [code], "\(problems)")
        #expect(problems.first?.file == "Keys/profiles/odd.yaml" && problems.first?.line == 2)
    }

    @Test(arguments: [
        ("mapping-depth: 0 ", "mapping-depth: 1 "), ("explicit-policy: true", "explicit-policy: false"),
        ("policies: [card] ", "policies: [any] "), ("key-usage: [digitalSignature]", "key-usage: [digitalSignature, nonRepudiation]"),
        ("demand: required", "demand: none"), ("anchor-rules: [validity, constraints]", "anchor-rules: [validity]"),
        ("issuer-rules: [authority, criticality]", "issuer-rules: [authority]"),
    ]) func `may not say anything else about login than what the platform does`(old: String, new: String) throws {
        let deployment = try Deployment()
        try deployment.edit("Keys/profiles/login.yaml", old, new)
        let problems = deployment.problems()
        #expect(problems.map(\.code) == ["profile.login.fixed"], "\(problems)")
        #expect(problems.first?.line == (try deployment.line(of: new, in: "Keys/profiles/login.yaml")))
    }

    @Test func `and their anchors have places of their own`() throws {
        let deployment = try Deployment()
        let authority = try ImaginaryAuthority("Root")
        try deployment.write("Keys/profiles/notes.txt", "x")
        #expect(deployment.codes() == ["file.unexpected"])
        try deployment.remove("Keys/profiles/notes.txt")
        try deployment.makeFolder("Keys/anchors-of")
        try deployment.makeFolder("Keys/anchors-of/nobody")
        #expect(deployment.codes() == ["profile.anchors"])
        try deployment.remove("Keys/anchors-of/nobody")
        try deployment.makeFolder("Keys/anchors-of/tls-peer")
        try deployment.write("Keys/anchors-of/tls-peer/root.pem", authority.pem)
        let configuration = try deployment.load()
        #expect(configuration.profiles["tls-peer"]?.store.anchors.map(\.certificate) == [authority.certificate])
        #expect(configuration.cards.anchorList.isEmpty, "no card's login believes it")
        #expect(configuration.profiles["login"]?.store.anchors.isEmpty == true)
    }

    @Test func `believe simulated authorities only where simulated cards are believed, and never in production`() throws {
        let deployment = try Deployment()
        try deployment.makeFolder("Keys/anchors-of")
        try deployment.makeFolder("Keys/anchors-of/tls-peer")
        try deployment.write("Keys/anchors-of/tls-peer/a.pem", try ImaginaryAuthority("Root", organization: "Simulated Government").pem)
        #expect(try deployment.load().profiles["tls-peer"]?.store.anchors.count == 1)
        try deployment.edit("sekisho.yaml", "  allow-simulated: true", "  allow-simulated: false")
        #expect(try deployment.load().profiles["tls-peer"]?.store.anchors.isEmpty == true)
        try deployment.edit("sekisho.yaml", "mode: development", "mode: production")
        #expect(deployment.codes().contains("production.simulated-anchor"))
    }
}

extension Deployment {
    func makeFolder(_ name: String) throws {
        try FileManager.default.createDirectory(atPath: path + "/" + name, withIntermediateDirectories: false)
    }
}
