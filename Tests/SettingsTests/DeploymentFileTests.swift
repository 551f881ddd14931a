import Credentials
import Cryptography
import OpenID
import SAML
import Settings
import SignOn
import Testing
import Vocabulary

@Suite struct `What is wrong in sekisho.yaml` {
    static let name = "sekisho.yaml"

    @Test(arguments: [
        // mode and addresses
        ("mode: development", "mode: devel", "yaml.value", "mode: devel"),
        ("mode: development", "mode:", "yaml.value.missing", "mode:"),
        ("mode: development", "mode: [development]", "yaml.type", "mode: ["),
        ("mode: development", "modes: development", "yaml.key.unknown", "modes:"),
        ("\"http://127.0.0.1:8080\"", "http://127.0.0.1:8080/", "address.origin", "base-url"),
        ("\"http://127.0.0.1:8080\"", "http://127.0.0.1:8080/idp", "address.origin", "base-url"),
        ("\"http://127.0.0.1:8080\"", "http://127.0.0.1:99999", "address.origin", "base-url"),
        ("\"http://127.0.0.1:8080\"", "http://user@127.0.0.1", "address.origin", "base-url"),
        ("\"http://127.0.0.1:8080\"", "http://EXAMPLE.jp", "address.origin", "base-url"),
        ("  port: 8080", "  port: eighty", "yaml.value", "port: eighty"),
        ("  port: 8080", "  port: 65536", "yaml.value", "port: 65536"),
        ("  port: 8080", "  port: \"8080\"", "yaml.value", "port: \"8080\""),
        ("  port: 8080", "  prot: 8080", "yaml.key.unknown", "prot:"),
        // store, sessions, journey
        ("#  synchronous: full ", "  synchronous: off ", "yaml.value", "synchronous: off"),
        ("#sessions:\n#  idle: 30m", "sessions:\n  idle: 30", "yaml.value", "idle: 30"),
        ("#sessions:\n#  idle: 30m", "sessions:\n  idle: 30 minutes", "yaml.value", "idle: 30"),
        ("#sessions:\n#  idle: 30m", "sessions:\n  idle: 10s", "yaml.value", "idle: 10s"),
        ("#sessions:\n#  idle: 30m\n#  absolute: 8h", "sessions:\n  idle: 9h\n  absolute: 8h", "sessions.order", "absolute: 8h"),
        ("#sessions:\n#  idle: 30m", "sessions: none\n#", "yaml.type", "sessions: none"),
        ("#journey:\n#  transaction: 15m ", "journey:\n  transaction: 2h ", "yaml.value", "transaction: 2h"),
        // saml, openid
        ("#saml:\n#  entity-id", "saml:\n  entityid", "yaml.key.unknown", "entityid"),
        ("#  sign: both ", "saml:\n  sign: none ", "yaml.value", "sign: none"),
        ("#  require-signed-requests: false", "saml:\n  require-signed-requests: no", "yaml.type", "require-signed-requests: no"),
        ("#openid:                        # the issuer is base-url\n#  code: 60s", "openid:\n  code: 61s", "yaml.value", "code: 61s"),
        ("#  refresh-tokens: false", "openid:\n  refresh-tokens: \"true\"", "yaml.type", "refresh-tokens: \"true\""),
        // card
        ("  allow-simulated: true", "  allow-simulated: yes", "yaml.type", "allow-simulated: yes"),
        ("#  algorithms: [RS256, ES384]", "  algorithms: [RS512]", "yaml.value", "algorithms: [RS512]"),
        ("#  algorithms: [RS256, ES384]", "  algorithms: []", "card.algorithms", "algorithms: []"),
        (
            "#  signature-policies: [1.2.392.200149.8.5.1.1.20, 1.2.392.200149.8.5.1.0.20]", "  signature-policies: [1.2.x]", "card.policy",
            "[1.2.x]"
        ),
        ("    challenge:\n      weakest-mode: presence", "    challenge:\n      weakest-mode: face", "yaml.value", "weakest-mode: face"),
        ("origin: \"https://127.0.0.1:8443\"", "origin: http://127.0.0.1:8443", "card.door.tls", "origin: http:"),
        ("origin: \"https://127.0.0.1:8443\"", "weakest: presence", "yaml.key.unknown", "weakest: presence"),
        ("    ocsp: on", "    ocsp: off", "card.revocation.none", "revocation:"),
        ("    ocsp: on", "    ocsp: off\n    lists: [x.crl]\n    ocsp-timeout: 3s", "card.revocation.ocsp", "ocsp-timeout: 3s"),
        ("    ocsp: on", "    lists: [\"ldap://x/y\"]", "address.url", "ldap"),
        ("    ocsp: on", "    ocsp-url: http://ocsp.example.jp/?a=b", "address.url", "ocsp-url: http://ocsp.example.jp/?"),
        ("#outbound:\n#  hosts: [] ", "outbound:\n  hosts: [\"https://x\"] ", "outbound.host", "hosts: [\"https"),
        ("#outbound:\n#  hosts: [] ", "outbound:\n  hosts: [a, a] ", "yaml.value.duplicate", "hosts: [a, a]"),
    ]) func `is told with its line and a code`(old: String, new: String, code: String, place: String) throws {
        let deployment = try Deployment()
        try deployment.edit(Self.name, old, new)
        let problems = deployment.problems()
        let line = try deployment.line(of: place, in: Self.name)
        let found = problems.first { $0.code == code }
        #expect(found?.file == Self.name && found?.line == line, "\(problems)")
        #expect(problems.allSatisfy { !$0.remedy.isEmpty && !$0.message.isEmpty })
    }

    @Test(arguments: [
        ("modes: development", "did you mean `mode`?"), ("base-ulr: x", "did you mean `base-url`?"), ("zzz: 1", "known keys:"),
    ]) func `is answered with the nearest key, when one is near`(line: String, remedy: String) throws {
        let deployment = try Deployment()
        try deployment.write(Self.name, try deployment.read(Self.name) + line + "\n")
        let problem = try #require(deployment.problems().first { $0.code == "yaml.key.unknown" })
        #expect(problem.remedy.hasPrefix(remedy))
    }

    @Test func `is told all at once, over all files, sorted`() throws {
        let deployment = try Deployment()
        try deployment.edit(Self.name, "mode: development", "mode: developement")
        try deployment.edit(Self.name, "  port: 8080", "  prot: 8080")
        try deployment.edit(Self.name, "    ocsp: on", "    ocsp: perhaps")
        try deployment.edit("Policies/rules.yaml", "floor: card-face", "floor: card-fcae")
        try deployment.edit("Policies/ladder.yaml", "amr: [user]", "amr: []")
        try deployment.remove("Keys/openid-rs256.key.pem")
        try deployment.addShop(openid: "  scopes: [address]\n  nonce: true\n")
        try deployment.write("Keys/notes.txt", "x")
        let problems = deployment.problems()
        #expect(
            problems.map(\.code) == [
                "file.unexpected", "file.missing", "yaml.key.unknown", "ladder.context", "yaml.value", "yaml.key.unknown", "yaml.value",
            ], "\(problems)")
        #expect(problems.map(\.file) == problems.map(\.file).sorted())
        try deployment.edit("Policies/ladder.yaml", "amr: []", "amr: [user]")
        #expect(deployment.codes().contains("rules.floor.unknown"), "the floor is looked up once there is a ladder")
    }

    @Test func `is written so that an editor can jump to it`() throws {
        let deployment = try Deployment()
        try deployment.edit(Self.name, "  port: 8080", "  port: x")
        let line = try deployment.line(of: "port: x", in: Self.name)
        let problem = try #require(deployment.problems().first)
        #expect(problem.description.hasPrefix("sekisho.yaml:\(line): `listen.port` is no whole number"))
        #expect(problem.description.hasSuffix("[yaml.value]; write digits only"))
    }

    @Test func `may be the lack of the file or of the folder`() throws {
        let deployment = try Deployment()
        try deployment.remove(Self.name)
        #expect(deployment.codes() == ["file.missing"])
        #expect(Deployment(emptyAt: deployment.path + "-none").codes() == ["folder.missing"])
    }
}

@Suite struct `What may be set in sekisho.yaml` {
    @Test func `arrives in the configuration`() throws {
        let deployment = try Deployment()
        try deployment.write(
            "sekisho.yaml",
            """
            mode: development
            base-url: https://login.example.jp
            listen: {host: 0.0.0.0, port: 0}
            store: {path: /var/lib/sekisho/store.sqlite, synchronous: normal}
            sessions: {idle: 10m, absolute: 1h}
            journey: {transaction: 5m, challenge: 60s}
            saml: {entity-id: "urn:example:idp", skew: 1m, require-signed-requests: true, sign: assertion}
            openid: {code: 30s, access-token: 5m, id-token: 2m, skew: 0s, scopes: [openid, address], refresh-tokens: true}
            card:
              login-policies: {card: [1.2.3], phone: [1.2.4]}
              algorithms: [ES384]
              doors:
                challenge: {weakest-mode: pin}
              revocation:
                lists: [Lists/auth.crl, "http://crl.example.jp/auth.crl"]
                refresh: 10m
                list-maximum-age: 12h
                ocsp-maximum-age: 15m
                ocsp-url: http://ocsp.example.jp:8888/a
                ocsp-timeout: 2s
                order: ocsp-first
            outbound: {hosts: [mds.example.jp], private-addresses: false}

            """)
        let configuration = try deployment.load()
        #expect(configuration.isSecure && configuration.tlsDoor == nil)
        #expect(configuration.listen == Endpoint(host: "0.0.0.0", port: 0))
        #expect(configuration.store.path == "/var/lib/sekisho/store.sqlite" && configuration.store.synchronous == .normal)
        #expect(configuration.sessions.idle == 600 && configuration.sessions.absolute == 3600)
        #expect(configuration.transactionLifetime == 300 && configuration.challengeLifetime == 60)
        #expect(configuration.identityProvider.entityID.text == "urn:example:idp")
        #expect(configuration.identityProvider.skew == 60 && configuration.identityProvider.wantAuthnRequestsSigned)
        #expect(configuration.openIDProvider.lifetimes.code == 30 && configuration.openIDProvider.lifetimes.idToken == 120)
        #expect(configuration.openIDProvider.scopes == ["openid", "address"] && configuration.openIDProvider.refreshTokens)
        let cards = configuration.cards
        #expect(!cards.allowSimulated)
        #expect(cards.profile.loginPolicies[.phone]?.map(\.dotted) == ["1.2.4"] && cards.profile.allowedAlgorithms == [.es384])
        #expect(cards.challengeRules.weakestMode == .pin && cards.challengeRules.ages == cards.revocation.ages)
        #expect(
            cards.revocation.lists == [.file(deployment.path + "/Lists/auth.crl"), .url("http://crl.example.jp/auth.crl")])
        #expect(cards.revocation.refresh == 600 && cards.revocation.order == .onlineFirst)
        #expect(cards.revocation.ages.list == 43_200 && cards.revocation.ages.answer == 900)
        #expect(cards.revocation.onLine?.url == "http://ocsp.example.jp:8888/a" && cards.revocation.onLine?.timeout == 2)
        #expect(configuration.outbound.hosts == ["mds.example.jp", "crl.example.jp:80", "ocsp.example.jp:8888"])
        #expect(!configuration.outbound.allowsPrivateAddresses)
    }

    @Test func `may come from the environment, where it says where the folder runs`() throws {
        let deployment = try Deployment()
        let configuration = try deployment.load([
            "SEKISHO_BASE_URL": "https://login.example.jp", "SEKISHO_LISTEN_HOST": "::", "SEKISHO_LISTEN_PORT": "9000",
            "SEKISHO_STORE_PATH": "/tmp/x.sqlite", "SEKISHO_MODE": "production", "PATH": "/bin",
        ])
        #expect(configuration.baseURL == "https://login.example.jp")
        #expect(configuration.openIDProvider.issuer == "https://login.example.jp")
        #expect(configuration.listen == Endpoint(host: "::", port: 9000))
        #expect(configuration.store.path == "/tmp/x.sqlite")
        #expect(configuration.mode == .development, "what the folder believes is not for the environment to say")
    }

    @Test(arguments: [("SEKISHO_BASE_URL", "login.example.jp"), ("SEKISHO_LISTEN_PORT", "-1"), ("SEKISHO_LISTEN_PORT", "x")])
    func `is refused from the environment when it is wrong`(name: String, value: String) throws {
        let problems = try Deployment().problems([name: value])
        #expect(problems.map(\.code) == ["environment.value"])
        #expect(problems.first?.message.contains(name) == true)
    }
}
