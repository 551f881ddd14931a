import Cryptography
import Signals
import Testing
import Vocabulary

@Suite struct `A request for a stream (Shared Signals Framework §8.1.1)` {
    @Test func `becomes a stream that delivers what is asked for and allowed`() throws {
        let stream = try Sample.open(Sample.pushed)
        #expect(stream.delivery == .push(endpoint: Sample.hook, authorization: "Bearer of-theirs"))
        #expect(stream.delivered(under: Sample.terms) == [.sessionRevoked])
        #expect(stream.takes(.sessionRevoked) && stream.takes(.verification) && !stream.takes(.customerChanged))
        let json = stream.configuration(under: Sample.terms, rules: SignalRules(), from: Sample.issuer)
        #expect(json["stream_id"]?.string == stream.id.text && json["iss"]?.string == Sample.issuer && json["aud"]?.string == "RP00000001")
        #expect(json["events_requested"]?.array?.count == 3, "what is unknown today stays asked for")
        #expect(json["events_delivered"]?.strings == [EventType.sessionRevoked.rawValue])
        #expect(json["events_supported"]?.array?.count == 3)
        #expect(json["delivery"]?["authorization_header"] == nil, "a receiver's secret is not shown")
        #expect(!json.text.contains("of-theirs"))
    }

    @Test func `without a delivery is polled, at an address of ours`() throws {
        let stream = try Sample.open([:])
        #expect(stream.delivery == .poll)
        let delivery = stream.configuration(under: Sample.terms, rules: SignalRules(), from: Sample.issuer)["delivery"]
        #expect(delivery?["method"]?.string == "urn:ietf:rfc:8936")
        #expect(delivery?["endpoint_url"]?.string == Sample.issuer + "/ssf/poll/" + stream.id.text)
    }

    /// C10, E1: nobody has events sent elsewhere by an API call.
    @Test(arguments: [
        "https://insurer.example.jp/events/", "https://INSURER.example.jp/events", "http://insurer.example.jp/events",
        "https://evil.example/events", "https://insurer.example.jp/events?x", "",
    ])
    func `is refused for a push address that is not registered, byte for byte`(address: String) throws {
        let json: JSON = ["delivery": ["method": "urn:ietf:rfc:8935", "endpoint_url": .string(address)]]
        #expect(try Self.code { try Sample.open(json) } == "signals.push.endpoint")
    }

    @Test(arguments: [
        (#"[]"#, "signals.request.json"), (#"{"#, "signals.request.json"), (#""x""#, "signals.request.json"),
        (#"{"a":1,"a":2}"#, "signals.request.json"), (#"{"events_requested":"x"}"#, "signals.request.malformed"),
        (#"{"events_requested":[1]}"#, "signals.request.malformed"), (#"{"delivery":7}"#, "signals.request.malformed"),
        (#"{"delivery":{}}"#, "signals.request.malformed"), (#"{"delivery":{"method":"urn:ietf:rfc:8934"}}"#, "signals.delivery.method"),
        (#"{"delivery":{"method":"urn:ietf:rfc:8935"}}"#, "signals.request.malformed"),
        (#"{"description":7}"#, "signals.request.malformed"),
    ])
    func `is refused when it is none`(text: String, code: String) throws {
        var random = SystemRandom()
        #expect(
            try Self.code {
                try StreamRequest(.create, body: Array(text.utf8))
                    .created(for: try Sample.member(), under: Sample.terms, at: Sample.now, using: &random)
            } == code)
    }

    @Test(arguments: ["x\r\nX-Evil: 1", " x", "x ", "\u{7f}", "", "ä"])
    func `takes no header that is no one line`(header: String) throws {
        let json: JSON = [
            "delivery": ["method": "urn:ietf:rfc:8935", "endpoint_url": .string(Sample.hook), "authorization_header": .string(header)]
        ]
        #expect(try Self.code { try Sample.open(json) } == "signals.request.malformed")
    }

    @Test func `is bounded`() throws {
        let long = JSON.array((0..<65).map { .string("urn:x:\($0)") })
        #expect(try Self.code { try Sample.open(["events_requested": long]) } == "signals.request.malformed")
        let large = Array(("{\"description\": \"" + String(repeating: "x", count: 70_000) + "\"}").utf8)
        #expect(try Self.code { _ = try StreamRequest(.create, body: large) } == "signals.request.json")
    }

    @Test func `to update changes what it names and keeps the rest, the receiver's secret too`() throws {
        let stream = try Sample.open(Sample.pushed)
        let asked: JSON = [
            "stream_id": .string(stream.id.text), "iss": .string(Sample.issuer), "aud": "RP00000001",
            "events_requested": [.string(EventType.customerChanged.rawValue)],
            "delivery": ["method": "urn:ietf:rfc:8935", "endpoint_url": .string(Sample.hook)],
        ]
        let changed = try StreamRequest(.update, body: asked.bytes)
            .changed(stream, under: Sample.terms, rules: SignalRules(), from: Sample.issuer, at: Sample.now)
        #expect(changed.delivery == stream.delivery && changed.description == stream.description)
        #expect(changed.delivered(under: Sample.terms) == [.customerChanged])
    }

    @Test func `to replace deletes what it does not name`() throws {
        let stream = try Sample.open(Sample.pushed)
        let changed = try StreamRequest(.replace, body: JSON.object([("stream_id", .string(stream.id.text))]).bytes)
            .changed(stream, under: Sample.terms, rules: SignalRules(), from: Sample.issuer, at: Sample.now)
        #expect(changed.delivery == .poll && changed.requested.isEmpty && changed.description == nil && changed.id == stream.id)
    }

    @Test(arguments: [("iss", "https://evil.example"), ("aud", "RP00000002")])
    func `cannot change what the transmitter decides`(name: String, value: String) throws {
        let stream = try Sample.open(Sample.pushed)
        let asked = JSON.object([("stream_id", .string(stream.id.text)), (name, .string(value))])
        #expect(
            try Self.code {
                try StreamRequest(.update, body: asked.bytes)
                    .changed(stream, under: Sample.terms, rules: SignalRules(), from: Sample.issuer, at: Sample.now)
            } == "signals.stream.property")
    }

    @Test func `is told after which silence the stream is paused, and cannot change that`() throws {
        let stream = try Sample.open(Sample.pushed)
        let silent = SignalRules(inactivity: 86_400)
        #expect(stream.configuration(under: Sample.terms, rules: SignalRules(), from: Sample.issuer)["inactivity_timeout"] == nil)
        #expect(
            stream.configuration(under: Sample.terms, rules: silent, from: Sample.issuer)["inactivity_timeout"]?.integer == 86_400)
        func changed(_ seconds: Int64) throws -> SignalStream {
            let asked = JSON.object([("stream_id", .string(stream.id.text)), ("inactivity_timeout", .integer(seconds))])
            return try StreamRequest(.update, body: asked.bytes)
                .changed(stream, under: Sample.terms, rules: silent, from: Sample.issuer, at: Sample.now)
        }
        #expect(try Self.code { try changed(1) } == "signals.stream.property")
        #expect(try Self.code { try changed(86_400) } == nil)
    }

    @Test func `names its stream`() throws {
        #expect(try Self.code { _ = try StreamRequest(.update, body: Array("{}".utf8)) } == "signals.request.malformed")
        #expect(try Self.code { _ = try StreamRequest(.update, body: Array(#"{"stream_id":"a b"}"#.utf8)) } == "signals.stream.unknown")
    }

    @Test func `pushes nowhere when the operator has taken the address out`() throws {
        let stream = try Sample.open(Sample.pushed)
        #expect(stream.endpoint(under: Sample.terms) == Sample.hook)
        #expect(stream.endpoint(under: SignalTerms(events: [.sessionRevoked], endpoints: [])) == nil)
    }

    static func code(_ work: () throws -> some Any) throws -> String? {
        do {
            _ = try work()
            return nil
        } catch let refusal as StreamRefusal {
            return refusal.explanation.code
        }
    }
}
