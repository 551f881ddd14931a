import Cryptography
import OpenID
import SAML
import Settings
import Signals
import Testing
import Vocabulary

@Suite struct `Security events in the settings` {
    @Test func `are offered when nothing is said`() throws {
        let rules = try Deployment().load().signals
        #expect(rules == SignalRules() && rules.isOffered)
    }

    @Test func `are as sekisho.yaml says`() throws {
        let deployment = try Deployment()
        try deployment.write(
            "sekisho.yaml",
            try deployment.read("sekisho.yaml")
                + "signals: {keep: 2d, queue: 500, streams: 2, verification-interval: 5m, poll-wait: 20s, inactivity-timeout: 7d}\n"
        )
        let rules = try deployment.load().signals
        #expect(rules == SignalRules(keep: 172_800, queue: 500, streams: 2, verification: 300, wait: 20, inactivity: 604_800))
    }

    @Test(arguments: [
        ("signals: {keep: 1m}", "yaml.value"), ("signals: {queue: 5}", "yaml.value"), ("signals: {poll-wait: 5m}", "yaml.value"),
        ("signals: {inactivity-timeout: 5m}", "yaml.value"), ("signals: {kept: 1d}", "yaml.key.unknown"),
        ("signals: {offered: maybe}", "yaml.type"),
        ("signals: {offered: false, keep: 1d}", "signals.off-but-set"),
    ])
    func `are told what is wrong with them`(text: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.write("sekisho.yaml", try deployment.read("sekisho.yaml") + text + "\n")
        #expect(deployment.problems().contains { $0.code == code })
    }

    // MARK: A member's terms

    @Test func `a member has the events that its file names, at the addresses that it names`() throws {
        let deployment = try Deployment()
        try deployment.addShop(
            openid: "  signals: {events: [session-revoked, customer-changed], push: [\"https://shop.example.jp/events\"]}\n")
        let client = try #require(try deployment.load().federation.client("shop"))
        let terms = try #require(client.signalTerms)
        #expect(terms.events == [.sessionRevoked, .customerChanged] && terms.endpoints == ["https://shop.example.jp/events"])
        #expect(client.grants.contains(.clientCredentials), "and may have tokens for itself")
    }

    @Test func `a member that says nothing has none`() throws {
        let deployment = try Deployment()
        try deployment.addShop(openid: "")
        let client = try #require(try deployment.load().federation.client("shop"))
        #expect(client.signalTerms == nil && !client.grants.contains(.clientCredentials))
    }

    @Test(arguments: [
        ("{events: [verification]}", "member.signals.event"), ("{events: [sessions]}", "member.signals.event"),
        ("{push: [\"https://shop.example.jp/events\"]}", "yaml.key.missing"),
        ("{events: [session-revoked], pull: true}", "yaml.key.unknown"),
        ("{events: [session-revoked], encryption: {alg: RSA1_5}}", "yaml.value"),
        ("{events: [session-revoked], encryption: {alg: RSA-OAEP-256}}", "openid.client.encryption-key"),
        ("{events: [session-revoked], push: [\"http://shop.example.jp/events\"]}", "openid.client.address"),
        ("{events: [session-revoked], push: [\"https://shop.example.jp/events#x\"]}", "openid.client.address"),
    ])
    func `is told what is wrong with its terms`(text: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.addShop(openid: "  signals: " + text + "\n")
        #expect(deployment.problems().contains { $0.code == code })
    }

    // MARK: A member of SAML

    private static func key() throws -> String {
        let point = try #require(try PrivateKey.generate(.ec(.p256)).publicKey.ecPoint)
        return "{keys: [{kty: EC, crv: P-256, kid: one, x: \(Base64url.encode(point.x)), y: \(Base64url.encode(point.y))}]}"
    }

    private static func ministry(_ events: String, _ more: String = "") throws -> String {
        "  signals: {events: [\(events)], authentication: private_key_jwt, jwks: \(try key()), push: [\"https://ministry.example/events\"]}\n"
            + more
    }

    @Test func `has events by a credential of its own, which is good for nothing else`() throws {
        let deployment = try Deployment()
        try deployment.addMinistry(yaml: try Self.ministry("session-revoked, customer-changed"))
        let settings = try deployment.load()
        let id = try #require(MemberID("https://ministry.example/sp"))
        let receiver = try #require(settings.signalReceiver(id))
        #expect(receiver.terms.events == [.sessionRevoked, .customerChanged])
        #expect(receiver.terms.endpoints == ["https://ministry.example/events"])
        #expect(receiver.naming == SubjectNaming(issuer: settings.identityProvider.entityID.text))
        #expect(receiver.client.grants == [.clientCredentials] && receiver.client.redirectURIs.isEmpty)
        #expect(settings.federation.client(id) == nil && settings.federation.serviceProvider(id) != nil)
        #expect(settings.federation.removing(id).receiver(id) == nil)
        let report = try #require(settings.memberReport(of: id, at: Deployment.now)).lines
        for line in ["Security events", "Events are pushed to", "Keys for its events"] {
            #expect(report.contains { $0.title.en == line }, "whoever approves it sees it: \(line)")
        }
    }

    @Test func `is written for without events as before`() throws {
        let deployment = try Deployment()
        try deployment.addMinistry()
        let id = try #require(MemberID("https://ministry.example/sp"))
        #expect(try deployment.load().signalReceiver(id) == nil)
    }

    @Test func `that knows citizens for one session hears of sessions`() throws {
        let deployment = try Deployment()
        try deployment.addMinistry(yaml: try Self.ministry("session-revoked", "  name-id: transient\n"))
        let settings = try deployment.load()
        let id = try #require(MemberID("https://ministry.example/sp"))
        #expect(settings.signalReceiver(id)?.naming.suffix == nil)
        try deployment.addMinistry(yaml: try Self.ministry("session-revoked, customer-changed", "  name-id: transient\n"))
        #expect(deployment.codes() == ["member.signals.name"])
    }

    @Test(arguments: [
        ("{events: [session-revoked]}", "yaml.key.missing"),
        ("{events: [session-revoked], authentication: private_key_jwt}", "member.keys"),
        ("{events: [session-revoked], authentication: client_secret_basic, secret-sha256: SHA}", "member.signals.authentication"),
        (
            "{events: [session-revoked], authentication: private_key_jwt, jwks: KEY, redirect-uris: [\"https://ministry.example/cb\"]}",
            "yaml.key.unknown"
        ),
        (
            "{events: [session-revoked], authentication: private_key_jwt, jwks: KEY, push: [\"http://ministry.example/events\"]}",
            "openid.client.address"
        ),
        ("{events: [session-revoked], authentication: private_key_jwt, jwks: KEY, jwks-file: x.json}", "member.keys"),
        ("{events: [sessions], authentication: private_key_jwt, jwks: KEY}", "member.signals.event"),
    ])
    func `of SAML is told what is wrong with its terms`(text: String, code: String) throws {
        let deployment = try Deployment()
        let filled = text.replacing("KEY", with: try Self.key()).replacing("SHA", with: String(repeating: "ab", count: 32))
        try deployment.addMinistry(yaml: "  signals: " + filled + "\n")
        #expect(deployment.codes().contains(code), "\(deployment.codes())")
    }
}
