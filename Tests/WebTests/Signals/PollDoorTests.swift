import HTTPTypes
import OpenID
import SQLiteStores
import Settings
import SignOn
import Signals
import Testing
import Vocabulary
import Web

@Suite struct `The poll's door (RFC 8936)` {
    @Test func `a citizen who logs out is told of, by the receiver's own names, until that is acknowledged`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        let (browser, subject) = try await receiving.login()
        #expect(try receiving.events(try await receiving.poll(id, token)).isEmpty)
        _ = try await browser.post("/session/end")
        let answer = try await receiving.poll(id, token)
        let claims = try #require(try receiving.events(answer).first)
        #expect(claims["sub_id"]?["user"]?["sub"]?.string == subject)
        let event = claims["events"]?[EventType.sessionRevoked.rawValue]
        #expect(event?["initiating_entity"]?.string == "user")
        #expect(try receiving.events(try await receiving.poll(id, token)).count == 1, "what was not acknowledged comes again")
        let jti = try #require(claims["jti"]?.string)
        let taken = try await receiving.poll(id, token, ["ack": [.string(jti)], "maxEvents": 0])
        #expect(try taken.json["sets"]?.members?.isEmpty == true && taken.json["moreAvailable"]?.bool == false)
        #expect(try receiving.events(try await receiving.poll(id, token)).isEmpty)
        #expect(try await receiving.house.events().contains("signal.taken"))
    }

    @Test func `what the receiver refuses goes, with its code in the trail`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        _ = try await receiving.call(.post, "/ssf/verify", token, ["stream_id": .string(id), "state": "s"])
        let jti = try #require(try receiving.events(try await receiving.poll(id, token)).first?["jti"]?.string)
        _ = try await receiving.poll(
            id, token, ["setErrs": .object([(jti, .object([("err", "invalid_key"), ("description", "x")]))]), "maxEvents": 0])
        #expect(try receiving.events(try await receiving.poll(id, token)).isEmpty)
        let record = try #require(try await receiving.house.trail().first { $0.has("signal.refused") })
        #expect(record.has("invalid_key"))
    }

    @Test func `so many at once, oldest first, and more is said`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        let member = try #require(MemberID(Receiving.insurer))
        for number in 0..<3 {
            _ = try await receiving.house.store.enqueue(
                [Signal(.linkEnded, to: member, about: "somebody-\(number)-000000000000", at: receiving.house.now)], recording: nil)
        }
        let answer = try await receiving.poll(id, token, ["maxEvents": 2, "returnImmediately": true])
        #expect(
            try receiving.events(answer).map { $0["sub_id"]?["sub"]?.string ?? "" } == [
                "somebody-0-000000000000", "somebody-1-000000000000",
            ])
        #expect(try answer.json["moreAvailable"]?.bool == true)
    }

    @Test func `what the member may no longer have goes, and holds nothing back that it may`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        let member = try #require(MemberID(Receiving.insurer))
        for event in [SignalEvent.linkEnded, .linkEnded, .sessionRevoked(.user)] {
            _ = try await receiving.house.store.enqueue(
                [Signal(event, to: member, about: "somebody-000000000000", at: receiving.house.now)], recording: nil)
        }
        try await receiving.narrow(to: [.sessionRevoked])
        let answer = try await receiving.poll(id, token, ["maxEvents": 1, "returnImmediately": true])
        #expect(try receiving.events(answer).map { $0["events"]?.members?.first?.0 } == [EventType.sessionRevoked.rawValue])
        #expect(try answer.json["moreAvailable"]?.bool == false)
        let withheld = try await receiving.house.trail().filter { $0.has("signal.withheld") }
        #expect(withheld.count == 1 && withheld.first?.has("not-allowed") == true)
    }

    @Test func `a poll that waits is answered when something comes`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        let member = try #require(MemberID(Receiving.insurer))
        let (now, store) = (receiving.house.now, receiving.house.store)
        async let later: Int = {
            try await Task.sleep(for: .milliseconds(300))
            return try await store.enqueue(
                [Signal(.linkEnded, to: member, about: "somebody-000000000000", at: now)], recording: nil)
        }()
        let answer = try await receiving.poll(id, token, [:])
        #expect(try receiving.events(answer).count == 1)
        #expect(try await later == 1)
    }

    @Test func `of polls that wait there are so many of one member, and one more is told to come again`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        let waiting = Task {
            try await withThrowingTaskGroup(of: Int.self) { group in
                for _ in 0..<4 { group.addTask { try await receiving.poll(id, token, [:]).status } }
                return try await group.reduce(into: []) { $0.append($1) }
            }
        }
        for _ in 0..<2_000 where receiving.house.platform.waitingPolls < 4 { try await Task.sleep(for: .milliseconds(10)) }
        let more = try await receiving.poll(id, token, [:])
        #expect(more.status == 429 && more.code == "signals.poll.too-many" && more.headers[.retryAfter] == "5")
        #expect(try await receiving.poll(id, token).status == 200, "who does not wait is answered")
        _ = try await receiving.call(.post, "/ssf/verify", token, ["stream_id": .string(id)])
        #expect(try await waiting.value == [200, 200, 200, 200])
    }

    @Test func `a stream that is pushed is not polled`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token, push: true)
        let answer = try await receiving.poll(id, token)
        #expect(answer.status == 404 && answer.code == "signals.poll.push-stream")
        #expect(try await receiving.poll("not-a-stream", token).code == "signals.stream.unknown")
        #expect(try await receiving.call(.post, "/ssf/poll/" + id, nil, [:]).status == 401)
    }

    @Test func `a verification is an event, and is asked for now and then`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        #expect(try await receiving.call(.post, "/ssf/verify", token, ["stream_id": .string(id), "state": "abc"]).status == 204)
        let often = try await receiving.call(.post, "/ssf/verify", token, ["stream_id": .string(id)])
        #expect(often.status == 429 && often.code == "signals.verification.too-often" && often.headers[.retryAfter] == "60")
        let claims = try #require(try receiving.events(try await receiving.poll(id, token)).first)
        #expect(claims["events"]?[EventType.verification.rawValue]?["state"]?.string == "abc")
        #expect(claims["sub_id"]?["format"]?.string == "opaque" && claims["sub_id"]?["id"]?.string == id)
        receiving.house.pass(60)
        #expect(try await receiving.call(.post, "/ssf/verify", token, ["stream_id": .string(id)]).status == 204)
    }

    @Test func `a citizen who was taken out is not told of, and nobody takes out another's (H17)`() async throws {
        let receiving = try await Receiving()
        let token = try await receiving.token()
        let id = try await receiving.open(token)
        let (browser, subject) = try await receiving.login()
        let (_, foreign) = try await receiving.login("taro", Receiving.other)
        func body(_ sub: String) -> JSON {
            [
                "stream_id": .string(id),
                "subject": [
                    "format": "iss_sub", "iss": .string(receiving.house.world.configuration.openIDProvider.issuer), "sub": .string(sub),
                ],
            ]
        }
        #expect(try await receiving.call(.post, "/ssf/subjects/remove", token, body(foreign)).code == "signals.subject.unknown")
        #expect(try await receiving.call(.post, "/ssf/subjects/remove", token, body("unknown-000000000000")).status == 404)
        #expect(try await receiving.call(.post, "/ssf/subjects/remove", token, body(subject)).status == 204)
        _ = try await browser.post("/session/end")
        #expect(try receiving.events(try await receiving.poll(id, token)).isEmpty)
        #expect(try await receiving.call(.post, "/ssf/subjects/add", token, body(subject)).status == 200)
        let (again, _) = try await receiving.login()
        _ = try await again.post("/session/end")
        #expect(try receiving.events(try await receiving.poll(id, token)).count == 1)
    }

    @Test func `what is told is for the member that it is about, and for nobody else`() async throws {
        let receiving = try await Receiving()
        let (one, two) = (try await receiving.token(), try await receiving.token(Receiving.other))
        let (mine, theirs) = (try await receiving.open(one), try await receiving.open(two))
        let (_, subject) = try await receiving.login()
        let pairwise = try #require(PairwiseID(subject))
        let owner = try #require(try await receiving.house.store.owner(of: pairwise)).subject
        let member = try #require(MemberID(Receiving.insurer))
        let (platform, now) = (receiving.house.platform, receiving.house.now)
        let said = try await platform.announcements(of: .linkEnded, about: owner, to: member, at: now)
        #expect(said.map(\.signals.count) == [1])
        #expect(try await platform.announcements(of: .attributesChanged, about: owner, at: now).isEmpty, "no consent")
        #expect(try await platform.announcements(of: .linkEnded, about: owner, at: now).isEmpty, "about nobody")
        for one in said { _ = try await receiving.house.store.enqueue(one.signals, recording: one.record) }
        #expect(try receiving.events(try await receiving.poll(mine, one)).count == 1)
        #expect(try receiving.events(try await receiving.poll(theirs, two)).isEmpty)
    }
}
