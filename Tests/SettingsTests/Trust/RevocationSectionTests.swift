import Credentials
import Settings
import Testing

@Suite struct `The ladder of status in sekisho.yaml` {
    private static func revocation(_ lines: String) throws -> Configuration.Revocation {
        let deployment = try Deployment()
        try deployment.edit("sekisho.yaml", "    ocsp: on\n", lines)
        return try deployment.load().cards.revocation
    }

    @Test func `has careful defaults`() throws {
        let revocation = try Self.revocation("    ocsp: on\n")
        let onLine = try #require(revocation.onLine)
        #expect(onLine.url == nil && onLine.fallback == nil && onLine.digest == .sha256 && onLine.nonce == .sent && onLine.timeout == 3)
        #expect(revocation.order == .listFirst && revocation.skew == 60)
        #expect(revocation.listRules.smallestShare == 80 && revocation.listRules.largest == 2 << 30)
    }

    @Test func `may ask one responder by GET and the other by POST`() throws {
        let deployment = try Deployment()
        try deployment.edit(
            "sekisho.yaml", "    ocsp: on\n",
            "    ocsp: on\n    ocsp-fallback-url: http://ocsp2.example.jp\n    ocsp-fallback-method: get\n")
        let onLine = try #require(try deployment.load().cards.revocation.onLine)
        #expect(onLine.method == .post && onLine.fallbackMethod == .get)
    }

    @Test func `is what the operator says`() throws {
        let deployment = try Deployment()
        try deployment.edit(
            "sekisho.yaml", "    ocsp: on\n",
            """
                ocsp: on
                ocsp-url: http://ocsp.example.jp
                ocsp-fallback-url: http://ocsp2.example.jp:8080/a
                ocsp-digest: sha1
                ocsp-nonce: required
                clock-skew: 5s
                order: ocsp-first
                list-smallest-share: 95
                list-largest-mib: 4

            """)
        try deployment.edit("sekisho.yaml", "#outbound:\n", "outbound: {hosts: []}\n#outbound:\n")
        let configuration = try deployment.load()
        let revocation = configuration.cards.revocation
        #expect(revocation.onLine?.fallback == "http://ocsp2.example.jp:8080/a" && revocation.onLine?.digest == .sha1)
        #expect(revocation.onLine?.nonce == .required && revocation.skew == 5 && revocation.order == .onlineFirst)
        #expect(revocation.listRules.smallestShare == 95 && revocation.listRules.largest == 4 << 20)
        #expect(
            configuration.outbound.hosts == ["ocsp.example.jp:80", "ocsp2.example.jp:8080"], "they may be asked without being named twice")
    }

    @Test(arguments: [
        ("ocsp: on\n    ocsp-digest: md5", "yaml.value"), ("ocsp: on\n    clock-skew: 1h", "yaml.value"),
        ("ocsp: on\n    unknown: allow", "yaml.key.unknown"), ("ocsp: on\n    ocsp-nonce: true", "yaml.value"),
        ("ocsp: on\n    list-smallest-share: 101", "yaml.value"), ("ocsp: on\n    ocsp-fallback-url: ldap://x", "address.url"),
        ("ocsp: on\n    ocsp-url: http://a.example\n    ocsp-fallback-url: http://a.example", "card.revocation.fallback"),
        ("ocsp: off\n    lists: [x.crl]\n    ocsp-fallback-url: http://a.example", "card.revocation.ocsp"),
        ("ocsp: off\n    lists: [x.crl]\n    order: ocsp-first", "card.revocation.ocsp"), ("ocsp: on\n    ocsp-method: put", "yaml.value"),
        ("ocsp: on\n    ocsp-nonce: required\n    ocsp-method: get", "card.revocation.method"),
        ("ocsp: on\n    ocsp-fallback-method: get", "card.revocation.method"),
        ("ocsp: off\n    lists: [x.crl]\n    ocsp-method: get", "card.revocation.ocsp"),
    ]) func `refuses what cannot be`(lines: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.edit("sekisho.yaml", "    ocsp: on", "    " + lines)
        let problems = deployment.problems()
        #expect(problems.map(\.code) == [code], "\(problems)")
        let last = String(lines.split(separator: "\n").last ?? "")
        #expect(problems.first?.line == (try deployment.line(of: last, in: "sekisho.yaml")))
    }
}
