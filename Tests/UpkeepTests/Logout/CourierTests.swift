import Cryptography
import Foundation
import OpenID
import Outbound
import SAML
import SQLiteStores
import Settings
import SignOn
import Testing
import Upkeep
import Vocabulary

/// S10, C14, checklist §1.4: members are told outside of the request, from a queue that outlives the process.
@Suite struct `The logout courier` {
    private static let all = [LogoutWorld.clinic, LogoutWorld.surgery, LogoutWorld.cafe]

    @Test func `tells every member in its own tongue, and believes what it can prove`() async throws {
        let scene = try await LogoutScene()
        let logout = try await scene.begun(Self.all)
        await scene.courier().round()
        #expect(
            try await scene.results(logout) == [LogoutWorld.clinic: "ended", LogoutWorld.surgery: "ended", LogoutWorld.cafe: "ended"])
        #expect(scene.requests.count == 3)
        await scene.courier().round()
        #expect(scene.requests.count == 3, "what is settled is left alone")
    }

    @Test func `one broken member does not stop the rest, and is tried again, ever more seldom`() async throws {
        let scene = try await LogoutScene { (scene, request) throws(OutboundRefusal) in
            if request.address.description == LogoutWorld.clinicSOAP { throw .tooSlow(seconds: 5) }
            return try await LogoutScene.well(scene, request)
        }
        let logout = try await scene.begun(Self.all)
        let courier = scene.courier()
        await courier.round()
        #expect(
            try await scene.results(logout) == [
                LogoutWorld.clinic: "open unreachable", LogoutWorld.surgery: "ended", LogoutWorld.cafe: "ended",
            ])
        var attempts = [scene.requests(to: LogoutWorld.clinicSOAP).count]
        for seconds in [4, 1, 19, 1, 60] as [Int64] {
            scene.pass(seconds)
            await courier.round()
            attempts.append(scene.requests(to: LogoutWorld.clinicSOAP).count)
        }
        #expect(attempts == [1, 1, 2, 2, 3, 4])
        let bodies = Set(scene.requests(to: LogoutWorld.clinicSOAP).map(\.body))
        #expect(bodies.count == 4, "each attempt is a fresh message with an ID of its own")
        scene.answers(LogoutScene.well)
        scene.pass(180)
        await courier.round()
        #expect(try await scene.results(logout)[LogoutWorld.clinic] == "ended")
    }

    @Test func `gives up when the logout runs out, and says so`() async throws {
        let scene = try await LogoutScene { (_, _) throws(OutboundRefusal) in throw .unknownHost("clinic.example.jp") }
        let logout = try await scene.begun([LogoutWorld.clinic])
        let courier = scene.courier()
        for _ in 0..<400 {
            await courier.round()
            if try await scene.results(logout)[LogoutWorld.clinic]?.hasPrefix("failed") == true { break }
            scene.pass(10)
        }
        #expect(try await scene.results(logout)[LogoutWorld.clinic] == "failed expired")
        #expect((5...20).contains(scene.requests.count), "\(scene.requests.count) attempts")
        let records = try await scene.store.audit(from: 1, limit: 50).map(\.body)
        #expect(records.contains { $0.contains("logout.member") && $0.contains("expired") })
    }

    @Test func `a member with more that wait than fit on the way holds up nobody`() async throws {
        let scene = try await LogoutScene { (scene, request) throws(OutboundRefusal) in
            if request.address.description == LogoutWorld.clinicSOAP { throw .tooSlow(seconds: 5) }
            return try await LogoutScene.well(scene, request)
        }
        for seed: UInt8 in 1...70 { _ = try await scene.begun([LogoutWorld.clinic], seed: seed) }
        let last = try await scene.begun([LogoutWorld.surgery], seed: 99)
        await scene.courier().round()
        #expect(try await scene.results(last) == [LogoutWorld.surgery: "ended"])
        #expect(scene.requests(to: LogoutWorld.clinicSOAP).count == 8, "as many as may be on their way to one member")
    }

    @Test func `who never had a turn before the logout ran out is recorded, and the sweep waits for it`() async throws {
        let scene = try await LogoutScene()
        _ = try await scene.begun([LogoutWorld.clinic, LogoutWorld.cafe])
        scene.pass(Logout.lifetime)
        _ = try await scene.store.sweep(at: scene.now)
        func records() async throws -> Int {
            try await scene.store.audit(from: 1, limit: 50).count { $0.body.contains("logout.member") && $0.body.contains("expired") }
        }
        #expect(try await records() == 0)
        for _ in 0..<2 {
            await scene.courier().round()
            #expect(try await records() == 2)
        }
        #expect(scene.requests.isEmpty, "nobody is told of a logout that is over")
        _ = try await scene.store.sweep(at: scene.now)
        #expect(try await scene.store.counts()["logout_legs"] == 0)
    }

    @Test(arguments: [
        ("Responder", "failed refused"), ("Requester", "failed refused"), ("Success", "ended"),
    ])
    func `a member's own no is final`(status: String, result: String) async throws {
        let scene = try await LogoutScene { (scene, request) throws(OutboundRefusal) in
            guard let answer = try? scene.soap(request, status) else { throw .failed(what: "test") }
            return answer
        }
        let logout = try await scene.begun([LogoutWorld.clinic])
        await scene.courier().round()
        #expect(try await scene.results(logout)[LogoutWorld.clinic] == result)
    }

    @Test(arguments: ["another's issuer", "another request", "no SOAP", "HTML", "a fault", "an error"])
    func `an answer that is not proven to be the member's own ends nothing`(how: String) async throws {
        let scene = try await LogoutScene { (scene, request) throws(OutboundRefusal) in
            do {
                switch how {
                case "another's issuer": return try scene.soap(request, "Success", from: LogoutWorld.surgery)
                case "another request": return try scene.soap(request, "Success", inResponseTo: "_other")
                case "no SOAP": return try scene.answer(request, 200, [])
                case "HTML": return try scene.answer(request, 200, Array("<html/>".utf8))
                case "a fault":
                    return try scene.answer(request, 500, SOAPEnvelope.fault(.notAnEnvelope("x")))
                default: return try scene.answer(request, 503, [])
                }
            } catch {
                throw .failed(what: "test")
            }
        }
        let logout = try await scene.begun([LogoutWorld.clinic])
        await scene.courier().round()
        #expect(try await scene.results(logout)[LogoutWorld.clinic]?.hasPrefix("open ") == true)
    }

    @Test(arguments: [(200, "ended"), (204, "ended"), (400, "failed refused"), (503, "open bad-answer"), (302, "open bad-answer")])
    func `an OpenID client's answer is read as Back-Channel Logout §2.8 says`(status: Int, result: String) async throws {
        let scene = try await LogoutScene { (scene, request) throws(OutboundRefusal) in
            guard let answer = try? scene.answer(request, status, []) else { throw .failed(what: "test") }
            return answer
        }
        let logout = try await scene.begun([LogoutWorld.cafe])
        await scene.courier().round()
        #expect(try await scene.results(logout)[LogoutWorld.cafe] == result)
    }

    @Test(arguments: [(200, "ended"), (400, "failed refused"), (500, "open bad-answer")])
    func `an answer too long to be read counts by its status, and proves nothing of a SAML member`(
        status: Int, result: String
    ) async throws {
        let scene = try await LogoutScene { (_, _) throws(OutboundRefusal) in throw .tooLarge(limit: 262_144, status: status) }
        let logout = try await scene.begun([LogoutWorld.cafe, LogoutWorld.clinic])
        await scene.courier().round()
        #expect(try await scene.results(logout) == [LogoutWorld.cafe: result, LogoutWorld.clinic: "open bad-answer"])
    }

    @Test func `after kill -9 in the middle of a message the next process tells the member again`() async throws {
        let scene = try await LogoutScene()
        let logout = try await scene.begun([LogoutWorld.clinic])
        // The process took the leg, noted the message and died before the answer.
        let taken = try await scene.store.takeDue(of: nil, lease: scene.now.adding(seconds: 30), limit: 9, at: scene.now)
        _ = try await scene.store.ask(try #require(taken.first).leg.id, by: "_lost", at: scene.now)
        let reopened = try SQLiteStore(path: scene.path, durability: .normal)
        await scene.courier(on: reopened).round()
        #expect(scene.requests.isEmpty, "the lease still holds")
        scene.pass(30)
        await scene.courier(on: reopened).round()
        #expect(try await scene.results(logout)[LogoutWorld.clinic] == "ended")
    }

    @Test func `a request waits for its own members and not for a slow one`() async throws {
        let scene = try await LogoutScene { (scene, request) throws(OutboundRefusal) in
            if request.address.description == LogoutWorld.clinicSOAP { try? await Task.sleep(for: .seconds(30)) }
            return try await LogoutScene.well(scene, request)
        }
        let courier = scene.courier()
        let service = Task { try await courier.run() }
        let logout = try await scene.begun([LogoutWorld.surgery, LogoutWorld.cafe])
        var start = ContinuousClock.now
        await courier.deliver(logout.id)
        #expect(ContinuousClock.now - start < .seconds(25))
        for member in [LogoutWorld.surgery, LogoutWorld.cafe] { try await scene.wait(for: member, in: logout) }
        #expect(try await scene.results(logout) == [LogoutWorld.surgery: "ended", LogoutWorld.cafe: "ended"])
        let slow = try await scene.begun([LogoutWorld.clinic, LogoutWorld.surgery], seed: 2)
        start = ContinuousClock.now
        await courier.deliver(slow.id)
        #expect(ContinuousClock.now - start < .seconds(25))
        try await scene.wait(for: LogoutWorld.surgery, in: slow)
        #expect(try await scene.results(slow) == [LogoutWorld.clinic: "asked", LogoutWorld.surgery: "ended"])
        service.cancel()
        _ = await service.result
    }

    @Test func `a member without registration is settled as failed`() async throws {
        let scene = try await LogoutScene()
        let session = try scene.session(1)
        try await scene.store.start(session, replacing: nil, expires: scene.now.adding(seconds: 28_800))
        try await scene.join(session, "https://gone.example/sp")
        let logout = Logout(
            id: try #require(LogoutID("logout-0000000000-9")), browser: nil, origin: .administrator, message: [], initiator: nil,
            propagates: true, startedAt: scene.now, expiresAt: scene.now.adding(seconds: 60))
        _ = try await scene.store.begin(logout, ending: [session.thread], recording: Record("session.ended", at: scene.now)) { _ in
            LogoutPlan(.back)
        }
        await scene.courier().round()
        #expect(try await scene.results(logout) == ["https://gone.example/sp": "failed not-registered"])
    }

    /// eGov 2.0 §2.7.2.
    @Test(arguments: [true, false])
    func `an administrator's order ends sessions and tells the members, saying why`(byThread: Bool) async throws {
        let scene = try await LogoutScene()
        let sessions = [try scene.session(1), try scene.session(2)]
        for session in sessions {
            try await scene.store.start(session, replacing: nil, expires: scene.now.adding(seconds: 28_800))
            try await scene.join(session, LogoutWorld.clinic)
        }
        let id = try #require(LogoutID("order-0000000000-1"))
        try await scene.store.order(
            LogoutOrder(id: id, target: byThread ? .thread(sessions[0].thread) : .subject(sessions[0].subject), at: scene.now),
            until: scene.now.adding(seconds: 60))
        await scene.courier().round()
        let progress = try #require(try await scene.store.progress(of: id, at: scene.now))
        #expect(progress.outcome == .complete)
        #expect(progress.legs.count == 1)
        #expect(try await scene.store.session(sessions[0].id, at: scene.now) == nil)
        #expect(try await scene.store.session(sessions[1].id, at: scene.now) != nil)
        let body = String(decoding: try #require(scene.requests.first).body, as: UTF8.self)
        #expect(body.contains("urn:oasis:names:tc:SAML:2.0:logout:admin"))
        #expect(try await scene.store.orders(limit: 9, at: scene.now).isEmpty)
    }

    /// Checklist C14: addresses of members lead nowhere into our own network.
    @Test func `the rules for members' addresses`() async throws {
        let rules = try await LogoutWorld.shared().configuration.logoutRules
        #expect(rules.redirects == 0)
        #expect(rules.seconds == 5)
        #expect(rules.limit <= 262_144)
        #expect(rules.hosts == nil)
    }
}
