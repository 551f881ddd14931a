import HTTPTypes
import OpenID
import SQLiteStores
import Settings
import Signals
import Testing
import Vocabulary
import Web

@Suite struct `The streams' doors (Shared Signals Framework 1.0 §7, §8.1)` {
    @Test func `the metadata names them, and they are there`() async throws {
        let receiving = try await Receiving()
        let answer = try await receiving.call(.get, "/.well-known/ssf-configuration", nil)
        #expect(answer.status == 200 && answer.headers[.accessControlAllowOrigin] == "*")
        #expect(try await receiving.call(.head, "/.well-known/ssf-configuration", nil).status == 200)
        let json = try answer.json
        let base = receiving.house.world.configuration.baseURL
        #expect(json["issuer"]?.string == base && json["jwks_uri"]?.string == base + "/openid/jwks")
        for name in [
            "configuration_endpoint", "status_endpoint", "add_subject_endpoint", "remove_subject_endpoint", "verification_endpoint",
        ] {
            let address = try #require(json[name]?.string)
            try #require(address.hasPrefix(base))
            let method: HTTPRequest.Method = ["configuration_endpoint", "status_endpoint"].contains(name) ? .get : .post
            let closed = try await receiving.call(method, String(address.dropFirst(base.count)), nil, method == .post ? [:] : nil)
            #expect(closed.status == 401, "\(name) \(closed.status)")
            #expect(closed.headers[values: .wwwAuthenticate].contains { $0.has("realm=\"ssf\"") })
        }
    }

    @Test func `a stream is opened, read, changed, replaced and closed`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let opened = try await receiving.call(.post, "/ssf/streams", token, Receiving.asked(push: true))
        #expect(opened.status == 201 && !opened.text.has("their-secret"))
        let id = try #require(try opened.json["stream_id"]?.string)
        #expect(try opened.json["aud"]?.string == Receiving.insurer && opened.json["delivery"]?["endpoint_url"]?.string == Receiving.hook)
        #expect(try opened.json["events_delivered"]?.array?.count == EventType.onRequest.count)
        #expect(try await receiving.call(.get, "/ssf/streams?stream_id=" + id, token).json == opened.json)
        #expect(try await receiving.call(.get, "/ssf/streams", token).json.array == [try opened.json])
        let patched = try await receiving.call(
            .patch, "/ssf/streams", token,
            ["stream_id": .string(id), "events_requested": [.string(EventType.sessionRevoked.rawValue)]])
        #expect(try patched.status == 200 && patched.json["events_delivered"]?.strings == [EventType.sessionRevoked.rawValue])
        #expect(try patched.json["delivery"] == opened.json["delivery"])
        let replaced = try await receiving.call(.put, "/ssf/streams", token, ["stream_id": .string(id), "description": "x"])
        #expect(try replaced.json["delivery"]?["method"]?.string == "urn:ietf:rfc:8936" && replaced.json["description"]?.string == "x")
        #expect(try await receiving.call(.delete, "/ssf/streams?stream_id=" + id, token).status == 204)
        #expect(try await receiving.call(.get, "/ssf/streams?stream_id=" + id, token).status == 404)
        #expect(try await receiving.call(.delete, "/ssf/streams?stream_id=" + id, token).status == 404)
        let events = try await receiving.house.events()
        for event in ["signal.stream-opened", "signal.stream-changed", "signal.stream-closed"] { #expect(events.contains(event)) }
    }

    @Test func `a stream is its member's alone (H17)`() async throws {
        let receiving = try await Receiving()
        let id = try await receiving.open(try await receiving.token())
        let other = try await receiving.token(Receiving.other)
        #expect(try await receiving.call(.get, "/ssf/streams", other).json.array?.isEmpty == true)
        for (method, path, body) in [
            (.get, "/ssf/streams?stream_id=" + id, nil), (.get, "/ssf/status?stream_id=" + id, nil),
            (.delete, "/ssf/streams?stream_id=" + id, nil), (.patch, "/ssf/streams", ["stream_id": .string(id)]),
            (.post, "/ssf/status", ["stream_id": .string(id), "status": "disabled"]), (.post, "/ssf/verify", ["stream_id": .string(id)]),
            (.post, "/ssf/poll/" + id, [:]),
        ] as [(HTTPRequest.Method, String, JSON?)] {
            let answer = try await receiving.call(method, path, other, body)
            #expect(answer.status == 404 && answer.code == "signals.stream.unknown", "\(method) \(path) \(answer.status)")
        }
        #expect(try await receiving.call(.get, "/ssf/streams?stream_id=" + id, try await receiving.token()).status == 200)
    }

    @Test func `who may read may not manage`() async throws {
        let receiving = try await Receiving()
        let id = try await receiving.open(try await receiving.token())
        let reader = try await receiving.token(scope: "ssf.read")
        #expect(try await receiving.call(.get, "/ssf/streams?stream_id=" + id, reader).status == 200)
        #expect(try await receiving.poll(id, reader).status == 200)
        let refused = try await receiving.call(.delete, "/ssf/streams?stream_id=" + id, reader)
        #expect(try refused.status == 403 && refused.json["error"]?.string == "insufficient_scope")
        #expect(refused.headers[values: .wwwAuthenticate].contains { $0.has("scope=\"ssf.manage\"") })
    }

    @Test(arguments: [
        ("https://evil.example/events", "signals.push.endpoint"), ("http://169.254.169.254/", "signals.push.endpoint"),
    ])
    func `nobody has events sent to an address that was not registered (C10, E1)`(address: String, code: String) async throws {
        let receiving = try await Receiving()
        let answer = try await receiving.call(
            .post, "/ssf/streams", try await receiving.token(),
            ["delivery": ["method": "urn:ietf:rfc:8935", "endpoint_url": .string(address)]])
        #expect(answer.status == 400 && answer.code == code)
        #expect(try await receiving.house.store.streams(limit: 9).isEmpty)
    }

    @Test func `there are so many streams and no more, and no body of another kind`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        for _ in 0..<receiving.house.world.configuration.signals.streams { _ = try await receiving.open(token) }
        let more = try await receiving.call(.post, "/ssf/streams", token, [:])
        #expect(more.status == 409 && more.code == "signals.stream.too-many")
        let form = try await receiving.call(.post, "/ssf/streams", token, [:], type: "application/x-www-form-urlencoded")
        #expect(form.status == 400 && form.code == "signals.request.json")
    }

    @Test func `a status is set and read; what is disabled keeps nothing`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        let set = try await receiving.call(
            .post, "/ssf/status", token, ["stream_id": .string(id), "status": "paused", "reason": "maintenance"])
        #expect(try set.status == 200 && set.json["status"]?.string == "paused")
        #expect(try await receiving.call(.get, "/ssf/status?stream_id=" + id, token).json == set.json)
        let (browser, _) = try await receiving.login()
        _ = try await browser.post("/session/end")
        #expect(try receiving.events(try await receiving.poll(id, token)).isEmpty, "it waits")
        _ = try await receiving.call(.post, "/ssf/status", token, ["stream_id": .string(id), "status": "enabled"])
        #expect(try receiving.events(try await receiving.poll(id, token)).count == 1)
        _ = try await receiving.call(.post, "/ssf/status", token, ["stream_id": .string(id), "status": "disabled"])
        _ = try await receiving.call(.post, "/ssf/status", token, ["stream_id": .string(id), "status": "enabled"])
        #expect(try receiving.events(try await receiving.poll(id, token)).isEmpty)
    }

    @Test func `a member that lost its standing has no token any more`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let present = receiving.house.platform.configuration.current
        receiving.house.platform.configuration.replace(
            present.answering(present.federation.removing(try #require(MemberID(Receiving.insurer)))))
        #expect(try await receiving.call(.get, "/ssf/streams", token).status == 401)
    }
}
