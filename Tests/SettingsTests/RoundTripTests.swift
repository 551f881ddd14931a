import Credentials
import Cryptography
import Foundation
import JOSE
import OpenID
import SAML
import Settings
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `A fresh deployment` {
    @Test func `is read back as it was planned`() throws {
        let configuration = try Deployment().load()
        #expect(configuration.mode == .development)
        #expect(configuration.baseURL == "http://127.0.0.1:8080")
        #expect(!configuration.isSecure)
        #expect(configuration.listen == Endpoint(host: "127.0.0.1", port: 8080))
        #expect(configuration.tlsDoor?.origin == "https://127.0.0.1:8443")
        #expect(configuration.tlsDoor?.listen.port == 8443)
        #expect(configuration.sessions.idle == 1800 && configuration.sessions.absolute == 28_800)
        #expect(configuration.store.path.hasSuffix("/State/sekisho.sqlite") && configuration.store.synchronous == .full)
        #expect(configuration.identityProvider.entityID.text == "http://127.0.0.1:8080/saml/metadata")
        #expect(configuration.identityProvider.singleSignOnPost == "http://127.0.0.1:8080/saml/sso")
        #expect(configuration.openIDProvider.issuer == configuration.baseURL)
        #expect(Set(configuration.openIDProvider.algorithms(at: Deployment.now)) == [.es256, .rs256])
        #expect(Set(configuration.openIDProvider.keys.map(\.jwk.keyID)).count == 2)
        #expect(configuration.federation.members.isEmpty)
        #expect(configuration.cards.allowSimulated)
        #expect(configuration.cards.tlsRules.weakestMode == .presence)
        #expect(configuration.cards.challengeRules.weakestMode == .presence)
        #expect(configuration.cards.revocation.onLine != nil)
        #expect(configuration.notices.map(\.code) == ["anchor.none"], "nobody can log in yet, and the operator hears of it")
    }

    @Test func `for production lacks only what its operator has to bring`() throws {
        #expect(try Deployment(.production).codes() == ["anchor.none"])
    }

    @Test func `has the ladder and the rules of the repository's Policies folder, byte for byte`() throws {
        let deployment = try Deployment()
        for name in ["Policies/ladder.yaml", "Policies/rules.yaml"] {
            let sample = try String(contentsOf: Deployment.repository(name), encoding: .utf8)
            #expect(try deployment.read(name) == sample)
        }
    }

    @Test func `has keys that nobody else may read`() throws {
        let deployment = try Deployment()
        for name in ["Keys", "State"] {
            let facts = try FileManager.default.attributesOfItem(atPath: deployment.path + "/" + name)
            #expect((facts[.posixPermissions] as? NSNumber)?.intValue == 0o700)
        }
        for name in try FileManager.default.contentsOfDirectory(atPath: deployment.path + "/Keys") where name.hasSuffix(".key.pem") {
            let facts = try FileManager.default.attributesOfItem(atPath: deployment.path + "/Keys/" + name)
            #expect((facts[.posixPermissions] as? NSNumber)?.intValue == 0o600, "\(name)")
        }
    }

    @Test func `has keys of its own`() throws {
        let (one, other) = (Deployment(emptyAt: Deployment.fresh()), Deployment(emptyAt: Deployment.fresh()))
        for deployment in [one, other] { _ = try Settings.initialise(deployment.path, Deployment.development, at: Deployment.now) }
        for name in ["saml-signing", "openid-es256", "openid-rs256", "tls-door"] {
            #expect(try one.read("Keys/\(name).key.pem") != other.read("Keys/\(name).key.pem"))
        }
    }

    @Test func `is refused where something is already`() throws {
        let deployment = try Deployment()
        let before = try deployment.read("Keys/saml-signing.key.pem")
        #expect { try Settings.initialise(deployment.path, Deployment.development, at: Deployment.now) } throws: {
            ($0 as? SettingsProblems)?.problems.map(\.code) == ["init.not-empty"]
        }
        #expect(try deployment.read("Keys/saml-signing.key.pem") == before)
    }

    @Test func `may be made in an empty folder`() throws {
        let deployment = Deployment(emptyAt: Deployment.fresh())
        try FileManager.default.createDirectory(atPath: deployment.path, withIntermediateDirectories: true)
        #expect(try Settings.initialise(deployment.path, Deployment.development, at: Deployment.now).contains("sekisho.yaml"))
        #expect(deployment.problems().isEmpty)
    }

    @Test(arguments: [
        ("http://login.example.jp", Mode.production), ("https://localhost", .production), ("login.example.jp", .development),
        ("https://login.example.jp/", .development), ("https://login.example.jp/idp", .development), ("ftp://x", .development),
        ("https://LOGIN.example.jp", .development), ("https://a\"b", .development),
    ]) func `is not made at an address that could not be served`(address: String, mode: Mode) {
        let deployment = Deployment(emptyAt: Deployment.fresh())
        let plan = DeploymentPlan(mode: mode, baseURL: address, listen: Endpoint(host: "127.0.0.1", port: 1))
        #expect(throws: SettingsProblems.self) { try Settings.initialise(deployment.path, plan, at: Deployment.now) }
        #expect(!FileManager.default.fileExists(atPath: deployment.path), "nothing was written")
    }

    @Test func `without a TLS door has no key for one`() throws {
        let deployment = Deployment(emptyAt: Deployment.fresh())
        let plan = DeploymentPlan(mode: .development, baseURL: "http://localhost:1", listen: Endpoint(host: "127.0.0.1", port: 1))
        let files = try Settings.initialise(deployment.path, plan, at: Deployment.now)
        #expect(!files.contains("Keys/tls-door.key.pem"))
        #expect(try deployment.load().tlsDoor == nil)
    }

    @Test func `knows from the start where lists are and what phones have`() throws {
        let deployment = Deployment(emptyAt: Deployment.fresh())
        let plan = DeploymentPlan(
            mode: .development, baseURL: "http://localhost:1", listen: Endpoint(host: "127.0.0.1", port: 1),
            revocationLists: ["http://127.0.0.1:8700/crl/user/1/full.crl", "/var/lists/a.crl"], phonePolicies: ["1.2.3", "1.2.4"])
        _ = try Settings.initialise(deployment.path, plan, at: Deployment.now)
        let cards = try deployment.load().cards
        #expect(cards.revocation.lists == [.url("http://127.0.0.1:8700/crl/user/1/full.crl"), .file("/var/lists/a.crl")])
        #expect(cards.profile.loginPolicies[.phone]?.map(\.dotted) == ["1.2.3", "1.2.4"])
        #expect(cards.profile.loginPolicies[.card]?.count == 1)
    }

    @Test(arguments: [(["ldap://x"], []), (["a\nb"], []), ([], ["phone"])] as [([String], [String])])
    func `is not made of what could not be read`(lists: [String], policies: [String]) {
        let deployment = Deployment(emptyAt: Deployment.fresh())
        let plan = DeploymentPlan(
            mode: .development, baseURL: "http://localhost:1", listen: Endpoint(host: "127.0.0.1", port: 1), revocationLists: lists,
            phonePolicies: policies)
        #expect(throws: SettingsProblems.self) { try Settings.initialise(deployment.path, plan, at: Deployment.now) }
    }

    @Test func `whose clients all ask for the PIN says so at the TLS door`() throws {
        let deployment = Deployment(emptyAt: Deployment.fresh())
        let door = DeploymentPlan.Door(
            origin: "https://localhost:8443", listen: Endpoint(host: "::1", port: 8443), everyClientAsksForThePIN: true)
        let plan = DeploymentPlan(
            mode: .development, baseURL: "http://localhost:8080", listen: Endpoint(host: "127.0.0.1", port: 8080), tlsDoor: door)
        _ = try Settings.initialise(deployment.path, plan, at: Deployment.now)
        let configuration = try deployment.load()
        #expect(configuration.cards.tlsRules.weakestMode == .pin)
        #expect(configuration.cards.challengeRules.weakestMode == .presence)
        let facts = AssuranceFacts(
            mode: .pin, modeIsStated: false, carrier: .card, door: .tls, statusSource: .crl, statusAt: Deployment.now,
            authenticatedAt: Deployment.now)
        #expect(configuration.policy.ladder.reached(by: facts)?.name == "card-pin")
    }
}

@Suite struct `The repository's own folders` {
    /// `Metadata`, `Keys` and `Policies` as they are checked in, under a development deployment's sekisho.yaml.
    static func deployment(_ mode: Mode) throws -> Deployment {
        let deployment = try Deployment(mode)
        for name in ["Metadata", "Keys", "Policies"] {
            try deployment.remove(name)
            try FileManager.default.copyItem(atPath: Deployment.repository(name).path, toPath: deployment.path + "/" + name)
        }
        return deployment
    }

    @Test func `are a deployment, with a sample member of each protocol`() throws {
        let configuration = try Self.deployment(.development).load()
        let ministry = try #require(MemberID("https://ministry.example/saml/metadata")), shop = try #require(MemberID("sample-shop"))
        #expect(configuration.federation.members.map(\.id) == [ministry, shop])
        #expect(configuration.federation.serviceProvider(ministry)?.authnRequestsSigned == true)
        #expect(configuration.federation.serviceProvider(ministry)?.signing == .both)
        #expect(configuration.federation.client(shop)?.redirect("https://shop.example/callback") != nil)
        #expect(configuration.federation.client(ministry) == nil && configuration.federation.serviceProvider(shop) == nil)
        #expect(configuration.federation.member(shop)?.defaultPurpose.text == "points")
    }

    @Test func `are refused in production, every one of their keys and certificates`() throws {
        let problems = try Self.deployment(.production).problems()
        let keys = problems.filter { $0.code == "production.development-key" }.map(\.file)
        for name in ["openid-es256.key", "openid-rs256.key", "saml-signing.key", "saml-signing.crt", "tls-door.key", "tls-door.crt"] {
            #expect(keys.contains("Keys/\(name).pem"), "\(name)")
        }
        #expect(problems.filter { $0.code == "production.development-certificate" }.count == 2)
    }

    @Test func `reach and need what the standard ladder and rules mean`() throws {
        let policy = try Deployment().load().policy
        #expect(policy.ladder.contexts.map(\.name) == ["card-presence", "card-face", "card-pin"])
        #expect(policy.ladder["card-pin"]?.samlClasses.first == "urn:oasis:names:tc:SAML:2.0:ac:classes:SmartcardPKI")
        #expect(policy.ladder["card-pin"]?.amr.contains("pin") == true)
        func reached(_ mode: CardMode, stated: Bool, _ door: Door, _ carrier: Carrier = .card) -> String? {
            policy.ladder.reached(
                by: AssuranceFacts(
                    mode: mode, modeIsStated: stated, carrier: carrier, door: door, statusSource: .crl, statusAt: Deployment.now,
                    authenticatedAt: Deployment.now))?.name
        }
        #expect(reached(.pin, stated: true, .challenge) == "card-pin")
        #expect(reached(.pin, stated: true, .challenge, .phone) == "card-pin")
        #expect(reached(.face, stated: true, .challenge) == "card-face")
        #expect(reached(.face, stated: false, .challenge) == nil, "nobody but an attended terminal says so")
        #expect(reached(.presence, stated: false, .tls) == "card-presence")
        #expect(reached(.presence, stated: false, .tls, .phone) == "card-presence")
    }
}
