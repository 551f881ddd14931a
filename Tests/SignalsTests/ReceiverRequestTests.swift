import Signals
import Testing
import Vocabulary

@Suite struct `What a receiver asks of its stream (Shared Signals Framework §8.1.2 to §8.1.4)` {
    @Test(arguments: StreamStatus.allCases) func `is a status`(status: StreamStatus) throws {
        let body = JSON.object([("stream_id", "stream-0123456789"), ("status", .string(status.rawValue)), ("reason", "night")]).bytes
        let asked = try StatusRequest(body: body)
        #expect(asked.status == status && asked.reason == "night")
    }

    @Test(arguments: [#"{"stream_id":"stream-0123456789","status":"stopped"}"#, #"{"stream_id":"stream-0123456789"}"#])
    func `is no other status`(text: String) throws {
        #expect(try `A request for a stream (Shared Signals Framework §8.1.1)`.code { try StatusRequest(body: Array(text.utf8)) } != nil)
    }

    /// §8.1.2.2: 403.
    @Test(arguments: [StreamStatus.paused, .disabled], StreamStatus.allCases)
    func `does not undo what an operator stopped`(stopped: StreamStatus, wish: StreamStatus) throws {
        let stream = try Sample.open(Sample.pushed).set(stopped, "maintenance", by: .operator, at: Sample.now)
        let body = JSON.object([("stream_id", .string(stream.id.text)), ("status", .string(wish.rawValue)), ("reason", "mine")]).bytes
        let asked = try StatusRequest(body: body)
        if wish == stopped {
            #expect(try asked.changed(stream, at: Sample.now.adding(seconds: 9)) == stream, "it is so already, by the operator's word")
        } else {
            let refusal = #expect(throws: StreamRefusal.self) { try asked.changed(stream, at: Sample.now) }
            #expect(refusal?.status == 403 && refusal?.explanation.code == "signals.stream.held")
        }
    }

    @Test(arguments: [StatusAuthor.receiver, .silence]) func `undoes what it stopped itself, and what its silence did`(author: StatusAuthor)
        throws
    {
        let stream = try Sample.open(Sample.pushed).set(.paused, nil, by: author, at: Sample.now)
        let body = JSON.object([("stream_id", .string(stream.id.text)), ("status", "enabled")]).bytes
        let next = try StatusRequest(body: body).changed(stream, at: Sample.now)
        #expect(next.status == .enabled && next.statusBy == .receiver)
        let started = stream.set(.enabled, nil, by: .operator, at: Sample.now)
        let pause = try StatusRequest(body: JSON.object([("stream_id", .string(stream.id.text)), ("status", "paused")]).bytes)
        #expect(try pause.changed(started, at: Sample.now).statusBy == .receiver, "what an operator started is the receiver's to stop")
    }

    private static func subject(_ format: String, _ iss: String, _ sub: String) -> [UInt8] {
        JSON.object([
            ("stream_id", "stream-0123456789"),
            ("subject", .object([("format", .string(format)), ("iss", .string(iss)), ("sub", .string(sub))])), ("verified", true),
        ]).bytes
    }

    @Test func `is a subject by our issuer and its own identifier`() throws {
        let asked = try SubjectRequest(
            body: Self.subject("iss_sub", Sample.issuer, "pairwise-0123456789"), naming: SubjectNaming(issuer: Sample.issuer))
        #expect(asked.subject.text == "pairwise-0123456789")
    }

    @Test(arguments: [
        ("email", Sample.issuer, "pairwise-0123456789", "signals.subject.format"),
        ("iss_sub", "https://evil.example", "pairwise-0123456789", "signals.subject.unknown"),
        ("iss_sub", Sample.issuer, "short", "signals.subject.unknown"),
    ])
    func `is no other subject`(format: String, iss: String, sub: String, code: String) throws {
        #expect(
            try `A request for a stream (Shared Signals Framework §8.1.1)`.code {
                try SubjectRequest(body: Self.subject(format, iss, sub), naming: SubjectNaming(issuer: Sample.issuer))
            } == code)
    }

    @Test func `is a verification, with a state or without`() throws {
        let with = try VerificationRequest(body: Array(#"{"stream_id":"stream-0123456789","state":"abc"}"#.utf8))
        #expect(with.event["state"]?.string == "abc")
        let without = try VerificationRequest(body: Array(#"{"stream_id":"stream-0123456789"}"#.utf8))
        #expect(without.event == .object([]))
    }

    @Test func `or finds the transmitter described`() {
        let json = TransmitterMetadata(issuer: Sample.issuer).json(keys: Sample.issuer + "/openid/jwks")
        #expect(json["spec_version"]?.string == "1_0" && json["issuer"]?.string == Sample.issuer)
        #expect(json["delivery_methods_supported"]?.strings == ["urn:ietf:rfc:8935", "urn:ietf:rfc:8936"])
        #expect(json["authorization_schemes"]?.array?.first?["spec_urn"]?.string == "urn:ietf:rfc:6749")
        #expect(json["default_subjects"]?.string == "ALL")
    }

    @Test func `scopes: who manages may read, who reads may not manage`() {
        #expect(SignalScope.read.isIn(["ssf.manage"]) && SignalScope.read.isIn(["ssf.read"]) && SignalScope.manage.isIn(["ssf.manage"]))
        #expect(!SignalScope.manage.isIn(["ssf.read"]) && !SignalScope.read.isIn(["openid"]) && !SignalScope.read.isIn([]))
    }
}

@Suite struct `A poll (RFC 8936)` {
    @Test func `says what was taken, what was not understood and how much is wanted`() throws {
        let text = #"{"maxEvents":5,"returnImmediately":true,"ack":["a","b"],"setErrs":{"c":{"err":"invalid_key","description":"x"}}}"#
        let poll = try PollRequest(body: Array(text.utf8))
        #expect(poll.most == 5 && poll.returnsImmediately && poll.acknowledged == ["a", "b"])
        #expect(poll.refused.count == 1 && poll.refused.first?.id == "c" && poll.refused.first?.code == "invalid_key")
    }

    @Test func `with nothing in it wants a hundred and waits`() throws {
        let poll = try PollRequest(body: Array("{}".utf8))
        #expect(poll.most == 100 && !poll.returnsImmediately && poll.acknowledged.isEmpty && poll.refused.isEmpty)
        #expect(try PollRequest(body: Array(#"{"maxEvents":100000}"#.utf8)).most == 100)
        #expect(try PollRequest(body: Array(#"{"maxEvents":0}"#.utf8)).most == 0)
    }

    @Test(arguments: [
        #"{"maxEvents":-1}"#, #"{"maxEvents":"5"}"#, #"{"ack":"a"}"#, #"{"ack":[1]}"#, #"{"setErrs":[]}"#, #"{"setErrs":{"a":{}}}"#,
        #"{"returnImmediately":1}"#, "", "[]",
    ])
    func `that is none is refused`(text: String) {
        #expect(throws: StreamRefusal.self) { try PollRequest(body: Array(text.utf8)) }
    }

    /// A receiver's words are kept as one of the known codes, never as its text.
    @Test func `a code that nobody knows is one word`() throws {
        let poll = try PollRequest(body: Array(#"{"setErrs":{"a":{"err":"\u001b[31mHELLO"}}}"#.utf8))
        #expect(poll.refused.first?.code == "other")
    }

    @Test func `is answered with tokens by their ids`() {
        let json = PollAnswer(sets: [("a", "x.y.z")], more: true).json
        #expect(json["sets"]?["a"]?.string == "x.y.z" && json["moreAvailable"]?.bool == true)
    }
}

@Suite struct `The answer to a push (RFC 8935 §2.2 to §2.4)` {
    @Test(arguments: [200, 202, 204]) func `is that it was taken`(status: Int) {
        #expect(PushVerdict(status: status, body: []) == .delivered)
    }

    @Test(arguments: ["invalid_request", "invalid_issuer", "invalid_audience", "jwtParse", "invalid_state"])
    func `is a no that another try does not change`(code: String) {
        #expect(PushVerdict(status: 400, body: Array("{\"err\":\"\(code)\"}".utf8)) == .refused(code: code))
    }

    @Test(arguments: ["invalid_key", "authentication_failed", "access_denied"])
    func `is a no that a new key or credential may change`(code: String) {
        #expect(PushVerdict(status: 400, body: Array("{\"err\":\"\(code)\"}".utf8)) == .tryAgain(code: code))
    }

    @Test(arguments: [(400, ""), (400, "<html>"), (401, ""), (403, ""), (404, ""), (429, ""), (500, ""), (503, ""), (302, "")])
    func `is trouble on the way`(status: Int, body: String) {
        #expect(PushVerdict(status: status, body: Array(body.utf8)) == .tryAgain(code: nil))
    }

    @Test func `and then it is tried soon, and ever more seldom`() {
        let pauses = (1...8).map(SignalRetry.pause)
        #expect(pauses == pauses.sorted() && pauses.first == 2 && pauses.last == 3_600)
    }
}
