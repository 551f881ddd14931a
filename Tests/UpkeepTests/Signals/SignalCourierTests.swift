import JOSE
import OpenID
import Outbound
import SQLiteStores
import Settings
import SignOn
import Signals
import Testing
import Upkeep
import Vocabulary

/// RFC 8935: events are pushed outside of any request, from a queue that outlives the process.
@Suite struct `The signal courier` {
    private static func scene(_ count: Int = 1, header: String? = "Bearer theirs") async throws -> (SignalScene, SignalStream) {
        let scene = try await SignalScene()
        let stream = try await scene.stream(push: true, header: header)
        for number in 0..<count {
            _ = try await scene.store.enqueue(
                [Signal(.attributesChanged, to: stream.member, about: "hanako-\(number)-000000000000", at: scene.now)], recording: nil)
        }
        return (scene, stream)
    }

    @Test func `pushes each event once, signed, with the receiver's own header`() async throws {
        let (scene, stream) = try await Self.scene(3)
        let courier = scene.courier()
        await courier.round()
        await courier.round()
        #expect(scene.requests.count == 3)
        let keys = try JWKSet(reading: scene.configuration.current.openIDProvider.jwks(at: scene.now)).keys
        for request in scene.requests {
            #expect(request.address.description == SignalWorld.hook)
            #expect(request.headers.contains { $0.name == "Authorization" && $0.value == "Bearer theirs" })
            let token = try UnverifiedJWS(compact: String(decoding: request.body, as: UTF8.self)).verified(by: keys, allowed: [.es256])
            let claims = try JSON(reading: token.payload)
            #expect(token.type == "secevent+jwt" && claims["aud"]?.string == SignalWorld.insurer)
            #expect(claims["events"]?[EventType.customerChanged.rawValue] != nil)
        }
        #expect(try await scene.waiting(stream).isEmpty)
        let taken = try await scene.trail().filter { $0.contains("signal.taken") }
        #expect(taken.count == 3 && !taken.joined().contains("hanako-"), "the trail names no citizen by the member's name")
    }

    /// SSF 1.0 §8.1.1, §8.1.5.
    @Test func `pauses a stream whose receiver is silent for too long, and says so`() async throws {
        let scene = try await SignalScene()
        let (pushed, polled) = (try await scene.stream(push: true), try await scene.stream(SignalWorld.shop))
        let courier = scene.courier()
        scene.pass(7_200)
        await courier.round()
        #expect(try await scene.status(pushed) == .enabled, "no deployment says how long")
        scene.configuration.replace(scene.world.impatient)
        await courier.round()
        #expect(try await scene.status(pushed) == .enabled, "a minute is left, for a word that is known to the minute")
        try await scene.store.heard(from: polled.id, of: polled.member, at: scene.now)
        scene.pass(61)
        await courier.round()
        #expect(try await scene.status(pushed) == .paused)
        #expect(try await scene.status(polled) == .enabled)
        let token = try #require(scene.requests.first)
        let said = try JSON(reading: UnverifiedJWS(compact: String(decoding: token.body, as: UTF8.self)).unverifiedPayload)
        let event = said["events"]?[EventType.streamUpdated.rawValue]
        #expect(event?["status"]?.string == "paused" && event?["reason"]?.string == "inactivity_timeout")
        _ = try await scene.store.enqueue(
            [Signal(.attributesChanged, to: pushed.member, about: "hanako-000000000000", at: scene.now)], recording: nil)
        await courier.round()
        #expect(scene.requests.count == 1, "nothing else goes out")
        #expect(try await scene.words(pushed) == ["customer-changed"], "it waits")
        #expect(try await scene.trail().count { $0.contains("\"by\":\"silence\"") } == 1)
    }

    @Test func `tries a receiver that is down again, ever more seldom, with the same event`() async throws {
        let (scene, stream) = try await Self.scene()
        scene.answers(0)
        let courier = scene.courier()
        var attempts: [Int] = []
        for seconds in [0, 1, 1, 9, 1, 30] as [Int64] {
            scene.pass(seconds)
            await courier.round()
            attempts.append(scene.requests.count)
        }
        #expect(attempts == [1, 1, 2, 2, 3, 4])
        let ids = try Set(
            scene.requests.map { request -> String in
                let token = try UnverifiedJWS(compact: String(decoding: request.body, as: UTF8.self))
                return try JSON(reading: token.unverifiedPayload)["jti"]?.string ?? ""
            })
        #expect(ids.count == 1, "a receiver knows it for the same")
        scene.answers(202)
        scene.pass(120)
        await courier.round()
        #expect(try await scene.waiting(stream).isEmpty)
    }

    @Test(arguments: [(400, true), (503, false), (401, false), (302, false), (200, true)])
    func `a receiver's no is final only where another try would not change it`(status: Int, isGone: Bool) async throws {
        let (scene, stream) = try await Self.scene()
        scene.answers(status)
        await scene.courier().round()
        #expect(try await scene.waiting(stream).isEmpty == isGone)
        if status == 400 { #expect(try await scene.trail().contains { $0.contains("signal.refused") && $0.contains("invalid_audience") }) }
    }

    /// Nobody reads what is beyond the limit; the status was heard all the same.
    @Test(arguments: [(202, true), (500, false), (400, false)])
    func `too long an answer takes the event under a good status only`(status: Int, isGone: Bool) async throws {
        let (scene, stream) = try await Self.scene()
        scene.answers(status, isTooLong: true)
        await scene.courier().round()
        #expect(try await scene.waiting(stream).isEmpty == isGone)
    }

    @Test func `after kill -9 in the middle of a push the next process pushes it again`() async throws {
        let (scene, stream) = try await Self.scene()
        _ = try await scene.store.takeSignals(lease: scene.now.adding(seconds: 30), limit: 9, at: scene.now)
        let reopened = try SQLiteStore(path: scene.path, durability: .normal)
        await scene.courier(on: reopened).round()
        #expect(scene.requests.isEmpty, "the lease still holds")
        scene.pass(30)
        await scene.courier(on: reopened).round()
        #expect(scene.requests.count == 1)
        #expect(try await scene.waiting(stream).isEmpty)
    }

    @Test func `gives up when the event is no longer kept, counts it and says so`() async throws {
        let (scene, stream) = try await Self.scene()
        scene.answers(503)
        let courier = scene.courier()
        await courier.round()
        scene.pass(8 * 86_400)
        await courier.round()
        #expect(try await scene.waiting(stream).isEmpty)
        #expect(try await scene.store.stream(stream.id, of: stream.member)?.dropped == 1)
        #expect(try await scene.trail().contains { $0.contains("signal.expired") })
    }

    @Test func `sends nothing to a member that is not what it was when the event was queued`() async throws {
        let (scene, stream) = try await Self.scene()
        scene.configuration.replace(
            scene.configuration.current.answering(scene.configuration.current.federation.removing(stream.member)))
        await scene.courier().round()
        #expect(scene.requests.isEmpty)
        #expect(try await scene.trail().contains { $0.contains("signal.withheld") && $0.contains("not-registered") })
    }

    @Test func `leaves polled and paused streams alone`() async throws {
        let scene = try await SignalScene()
        let polled = try await scene.stream()
        let paused = try await scene.stream(push: true)
        var next = paused
        next.status = .paused
        next.changedAt = scene.now.adding(seconds: 1)
        #expect(try await scene.store.change(next, knowing: paused, telling: nil, recording: Record("x.y", at: scene.now)))
        _ = try await scene.store.enqueue(
            [Signal(.linkEnded, to: polled.member, about: "hanako-000000000000", at: scene.now)], recording: nil)
        await scene.courier().round()
        #expect(scene.requests.isEmpty)
        #expect(try await scene.waiting(polled).count == 1)
        #expect(try await scene.waiting(next).count == 1)
    }

    @Test func `runs until it is told to stop, and is rung by what is queued`() async throws {
        let (scene, stream) = try await Self.scene(0)
        let courier = scene.courier()
        let service = Task { try await courier.run() }
        try await Task.sleep(for: .milliseconds(100))
        _ = try await scene.store.enqueue(
            [Signal(.linkEnded, to: stream.member, about: "hanako-000000000000", at: scene.now)], recording: nil)
        let start = ContinuousClock.now
        while scene.requests.isEmpty, start.duration(to: .now) < .seconds(60) { try await Task.sleep(for: .milliseconds(10)) }
        #expect(scene.requests.count == 1)
        service.cancel()
        _ = await service.result
    }
}
