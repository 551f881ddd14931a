import Settings
import Testing
import TrustFramework
import Vocabulary

/// What several servers on one store, and the safe ends of it, take in the folder (decision 0063).
@Suite struct `Settings of several nodes` {
    private func loaded(_ old: String, _ new: String, _ environment: [String: String] = [:]) throws -> Configuration {
        let deployment = try Deployment()
        let text = try deployment.read("sekisho.yaml")
        try #require(text.contains(old))
        try deployment.write("sekisho.yaml", text.replacing(old, with: new))
        return try deployment.load(environment)
    }

    @Test func `a store is one server's unless the folder says otherwise`() throws {
        #expect(try !Deployment().load().store.isShared)
        #expect(try loaded("\nstore:\n", "\nstore:\n  shared: true\n").store.isShared)
    }

    @Test func `a node has its own port for cards, and no other part of the door`() throws {
        let plain = try #require(try Deployment().load().tlsDoor)
        let node = try #require(try Deployment().load(["SEKISHO_CARD_LISTEN_PORT": "9443"]).tlsDoor)
        #expect(node.listen == Endpoint(host: plain.listen.host, port: 9443))
        #expect(node.origin == plain.origin)
        #expect(try Deployment().problems(["SEKISHO_CARD_LISTEN_PORT": "70000"]).map(\.code) == ["environment.value"])
    }

    @Test func `a record is taken over by one card unless the folder says otherwise`() throws {
        #expect(try Deployment().load().links.relinkTie == .card)
        #expect(try loaded("  unknown-certificate: make\n", "  unknown-certificate: make\n  relink-tie: keys\n").links.relinkTie == .keys)
    }

    /// The shipped ladder names no door, and so does not name the one of other devices.
    @Test func `no context of the shipped ladder is reached from another device`() throws {
        for context in try Deployment().load().policy.ladder.contexts { #expect(context.doors == Door.ownDevice) }
    }

    @Test func `an address for an app is known by the secret it was made with only`() {
        let (ours, theirs) = (PairingSeal(key: [1]), PairingSeal(key: [2]))
        let mark = ours.mark("a visit")
        #expect(mark.utf8.count == 16)
        #expect(ours.marks("a visit", with: mark))
        #expect(!ours.marks("another visit", with: mark))
        #expect(!theirs.marks("a visit", with: mark))
        #expect(!ours.marks("a visit", with: ""))
    }
}
