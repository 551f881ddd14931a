import HTTPTypes
import SQLiteStores
import Settings
import Signals
import Testing
import Vocabulary
import Web

/// An operator's word about a stream stands against its receiver's (Shared Signals Framework 1.0 §8.1.2.2).
@Suite struct `A stream that the operator stopped` {
    /// As `sekisho signal pause`, `disable` and `enable` do it.
    private static func set(_ status: StreamStatus, _ id: String, in receiving: Receiving) async throws {
        let store = receiving.house.store
        let known = try #require(try await store.streams(limit: 9).first { $0.id.text == id })
        let next = known.set(status, "maintenance", by: .operator, at: receiving.house.now)
        var random = SystemRandomNumberGenerator()
        let event = next.event(.streamUpdated, next.updated, keep: 3_600, at: receiving.house.now, using: &random)
        let isChanged = try await store.change(
            next, knowing: known, telling: event, recording: Record("signal.stream-changed", at: receiving.house.now))
        #expect(isChanged)
    }

    private static func ask(_ status: String, _ id: String, _ token: String, _ receiving: Receiving) async throws -> Answer {
        try await receiving.call(.post, "/ssf/status", token, ["stream_id": .string(id), "status": .string(status)])
    }

    @Test(arguments: [StreamStatus.paused, .disabled]) func `stays stopped until the operator starts it`(stopped: StreamStatus) async throws
    {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        try await Self.set(stopped, id, in: receiving)
        for wish in StreamStatus.allCases where wish != stopped {
            let refused = try await Self.ask(wish.rawValue, id, token, receiving)
            #expect(refused.status == 403 && refused.code == "signals.stream.held", "\(wish)")
        }
        let same = try await Self.ask(stopped.rawValue, id, token, receiving)
        #expect(try same.status == 200 && same.json["reason"]?.string == "maintenance", "the operator's reason stays")
        #expect(try await receiving.call(.get, "/ssf/status?stream_id=" + id, token).json["status"]?.string == stopped.rawValue)
        try await Self.set(.enabled, id, in: receiving)
        #expect(try await Self.ask("paused", id, token, receiving).status == 200)
        #expect(try await Self.ask("enabled", id, token, receiving).status == 200, "what the receiver paused it starts")
    }

    @Test func `is not closed, nor is another opened in its place`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        try await Self.set(.paused, id, in: receiving)
        let closed = try await receiving.call(.delete, "/ssf/streams?stream_id=" + id, token)
        #expect(closed.status == 403 && closed.code == "signals.stream.held")
        let opened = try await receiving.call(.post, "/ssf/streams", token, Receiving.asked())
        #expect(opened.status == 403 && opened.code == "signals.stream.held")
        _ = try await receiving.open(try await receiving.token(Receiving.other))
        #expect(try await receiving.call(.delete, "/ssf/streams?stream_id=" + id, try await receiving.token(Receiving.other)).status == 404)
        try await Self.set(.enabled, id, in: receiving)
        #expect(try await receiving.call(.delete, "/ssf/streams?stream_id=" + id, token).status == 204)
    }

    @Test(arguments: [(StreamStatus.paused, 1), (.disabled, 0)])
    func `says that it is stopped, and nothing else`(stopped: StreamStatus, kept: Int) async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        try await Self.set(stopped, id, in: receiving)
        let (browser, _) = try await receiving.login()
        _ = try await browser.post("/session/end")
        let said = try receiving.events(try await receiving.poll(id, token))
        #expect(said.count == 1 && said.first?["events"]?[EventType.streamUpdated.rawValue]?["status"]?.string == stopped.rawValue)
        let jti = try #require(said.first?["jti"]?.string)
        _ = try await receiving.poll(id, token, ["ack": [.string(jti)], "maxEvents": 0])
        #expect(try receiving.events(try await receiving.poll(id, token)).isEmpty)
        try await Self.set(.enabled, id, in: receiving)
        let types = try receiving.events(try await receiving.poll(id, token)).flatMap { $0["events"]?.members?.map(\.0) ?? [] }
        #expect(types.count { $0 == EventType.sessionRevoked.rawValue } == kept)
        #expect(types.contains(EventType.streamUpdated.rawValue))
    }

    @Test func `whoever is heard of is known to be there, to the minute`() async throws {
        let receiving = try await Receiving()
        let (house, token) = (receiving.house, try await receiving.token())
        let id = try await receiving.open(token)
        let opened = house.now
        func active() async throws -> Timestamp? { try await house.store.streams(limit: 1).first?.activeAt }
        house.pass(59)
        _ = try await receiving.poll(id, token)
        #expect(try await active() == opened)
        house.pass(1)
        _ = try await receiving.poll(id, token)
        #expect(try await active() == house.now)
        house.pass(120)
        _ = try await receiving.call(.get, "/ssf/streams", token)
        #expect(try await active() == house.now.adding(seconds: -120), "a list names no stream")
        _ = try await receiving.call(.get, "/ssf/status?stream_id=" + id, token)
        #expect(try await active() == house.now)
    }
}
