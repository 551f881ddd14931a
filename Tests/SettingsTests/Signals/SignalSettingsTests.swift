import OpenID
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
            try deployment.read("sekisho.yaml") + "signals: {keep: 2d, queue: 500, streams: 2, verification-interval: 5m, poll-wait: 20s}\n"
        )
        let rules = try deployment.load().signals
        #expect(rules == SignalRules(keep: 172_800, queue: 500, streams: 2, verification: 300, wait: 20))
    }

    @Test(arguments: [
        ("signals: {keep: 1m}", "yaml.value"), ("signals: {queue: 5}", "yaml.value"), ("signals: {poll-wait: 5m}", "yaml.value"),
        ("signals: {kept: 1d}", "yaml.key.unknown"), ("signals: {offered: maybe}", "yaml.type"),
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
        ("{events: [session-revoked], push: [\"http://shop.example.jp/events\"]}", "openid.client.address"),
        ("{events: [session-revoked], push: [\"https://shop.example.jp/events#x\"]}", "openid.client.address"),
    ])
    func `is told what is wrong with its terms`(text: String, code: String) throws {
        let deployment = try Deployment()
        try deployment.addShop(openid: "  signals: " + text + "\n")
        #expect(deployment.problems().contains { $0.code == code })
    }
}
