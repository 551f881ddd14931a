import Testing
import Trust
import Upkeep
import Vocabulary

@Suite(.serialized) struct `The desk under load` {
    @Test(.timeLimit(.minutes(5))) func `fetches once for all who ask about one certificate at one time`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let server = RespondingServer(authority, ["/main": .held])
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            let desk = form.desk
            let verdicts = try await withThrowingTaskGroup(of: StatusVerdict?.self) { group in
                for _ in 0..<50 { group.addTask { await desk.status(of: chain, at: Small.now).first?.verdict } }
                while server.asked.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
                try await Task.sleep(for: .milliseconds(100))
                server.set("/main", .answers(.init()))
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts.count == 50 && verdicts.allSatisfy { $0 == .good })
            #expect(server.count("/main") == 1)
            #expect(desk.health.counts.shared + desk.health.counts.kept == 49)
        }
    }

    @Test(.timeLimit(.minutes(5))) func `gives others their answer when the one who fetches leaves`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let server = RespondingServer(authority, ["/main": .held])
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            let desk = form.desk
            let first = Task { await desk.status(of: chain, at: Small.now).first?.verdict }
            while server.asked.isEmpty { try await Task.sleep(for: .milliseconds(5)) }
            let second = Task { await desk.status(of: chain, at: Small.now).first?.verdict }
            try await Task.sleep(for: .milliseconds(50))
            first.cancel()
            #expect(await first.value == .unknown)
            server.set("/main", .answers(.init()))
            #expect(await second.value == .good)
            let gauge = try #require(desk.health.responders.first)
            #expect(gauge.failures.isEmpty && gauge.answered == 1)
        }
    }

    @Test func `keeps an answer until its own nextUpdate, and no longer than it would be believed`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let server = RespondingServer(authority, ["/main": .answers(.init())])
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            let desk = form.desk
            for seconds: Int64 in [0, 60, 299] {
                let status = await desk.status(of: chain, at: Small.now.adding(seconds: seconds)).first
                #expect(status?.verdict == .good && status?.age == 600 + seconds)
            }
            #expect(server.count("/main") == 1 && desk.health.counts.kept == 2 && desk.health.held == 1)
            _ = await desk.status(of: chain, at: Small.minutes(5))
            #expect(server.count("/main") == 2)
            // Good for a day by its own account, for an hour by our rules.
            server.set("/main", .answers(.init(nextUpdate: Small.days(1))))
            let fresh = form.desk
            _ = await fresh.status(of: chain, at: Small.now)
            _ = await fresh.status(of: chain, at: Small.minutes(49))
            #expect(server.count("/main") == 3)
            _ = await fresh.status(of: chain, at: Small.minutes(50))
            #expect(server.count("/main") == 4)
        }
    }

    @Test(arguments: [(nil, 0), (3600, 0), (960, 0), (959, 1), (900, 1)] as [(Int64?, Int)])
    func `asks again for whoever wants a newer word than the one that was kept`(age: Int64?, again: Int) async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let server = RespondingServer(
            authority, ["/main": .answers(.init(thisUpdate: Small.minutes(-16), nextUpdate: Small.days(1)))])
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            let desk = form.desk
            _ = await desk.status(of: chain, at: Small.now)
            server.set("/main", .answers(.init(thisUpdate: Small.now, nextUpdate: Small.days(1))))
            // What was asked for is kept in its turn.
            for _ in 1...2 {
                let status = await desk.status(of: chain, notOlderThan: age, at: Small.now).first
                #expect(status?.verdict == .good && status?.age == (again == 0 ? 960 : 0))
                #expect(server.count("/main") == 1 + again)
            }
        }
    }

    @Test(arguments: [SmallAuthority.Answer(nextUpdate: nil), .init(status: .unknown)]) func `does not keep what may change at any time`(
        answer: SmallAuthority.Answer
    ) async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let server = RespondingServer(authority, ["/main": .answers(answer)])
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            let desk = form.desk
            _ = await desk.status(of: chain, at: Small.now)
            let asked = server.count("/main")
            _ = await desk.status(of: chain, at: Small.now)
            #expect(server.count("/main") == 2 * asked && desk.health.held == 0)
        }
    }

    @Test func `holds a bounded number of answers and drops the oldest`() async throws {
        let authority = try Small.shared.get()
        let chains = try (UInt8(1)...6).map { try authority.chain($0) }
        let server = RespondingServer(authority, ["/main": .answers(.init())])
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            form.capacity = 4
            let desk = form.desk
            for chain in chains { _ = await desk.status(of: chain, at: Small.now) }
            #expect(desk.health.held == 4 && server.count("/main") == 6)
            for chain in chains.suffix(4) { _ = await desk.status(of: chain, at: Small.now) }
            #expect(server.count("/main") == 6)
            _ = await desk.status(of: chains[0], at: Small.now)
            #expect(server.count("/main") == 7 && desk.health.held == 4)
        }
    }
}

@Suite(.serialized) struct `A dead responder` {
    @Test func `is passed over after a few failures, and tried again later`() async throws {
        let authority = try Small.shared.get()
        let server = RespondingServer(authority, ["/main": .status(503), "/other": .answers(.init())])
        let chains = try (UInt8(1)...9).map { try authority.chain($0) }
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            form.fallBack = base + "/other"
            form.rest = .init(failures: 2, first: 600, longest: 1000)
            let desk = form.desk
            func isGood(_ card: Int, after seconds: Int64) async -> Bool {
                await desk.status(of: chains[card], at: Small.now.adding(seconds: seconds)).first?.verdict == .good
            }
            for card in 0..<4 { #expect(await isGood(card, after: 0)) }
            #expect(server.count("/main") == 2 && server.count("/other") == 4)
            let main = try #require(desk.health.responders.first { $0.role == .main })
            #expect(main.asked == 2 && main.answered == 0 && main.passedOver == 2 && main.failures == [.status: 2])
            #expect(main.lastFailureCode == .status && main.lastSuccess == nil && main.newestAnswer == nil)
            let until = try #require(main.restsUntil)
            #expect((600...700).contains(until.seconds(since: Small.now)))
            // The rest is over: one tries, and fails, and the rest is longer.
            server.set("/other", .answers(.init(nextUpdate: Small.days(1))))
            #expect(await isGood(4, after: 800))
            #expect(server.count("/main") == 3)
            #expect(await isGood(5, after: 1700))
            #expect(server.count("/main") == 3)
            // Back again.
            server.set("/main", .answers(.init(nextUpdate: Small.days(1))))
            #expect(await isGood(6, after: 2000))
            #expect(await isGood(7, after: 2000))
            let back = try #require(desk.health.responders.first { $0.role == .main })
            #expect(server.count("/main") == 5 && back.restsUntil == nil && back.answered == 2)
            #expect(back.newestAnswer == Small.minutes(-10) && back.age(at: Small.now) == 600 && back.givesNonce == true)
        }
    }

    @Test(.timeLimit(.minutes(5))) func `that is slow costs a few logins its timeout, and then none`() async throws {
        let authority = try Small.shared.get()
        let server = RespondingServer(authority, ["/main": .held])
        let chains = try (UInt8(1)...5).map { try authority.chain($0) }
        let lists = try authority.lists()
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            form.lists = Published(lists)
            form.order = .onlineFirst
            form.seconds = 1
            form.rest = .init(failures: 2)
            let desk = form.desk
            for chain in chains { #expect(await desk.status(of: chain, at: Small.now).first?.source == .crl) }
            let main = try #require(desk.health.responders.first)
            #expect(main.asked == 2 && main.passedOver == 3 && main.failures == [.slow: 2])
            // The time that was spent waiting counts: the rest begins when the failure is known.
            #expect(try #require(main.restsUntil) >= Small.now.adding(seconds: 6))
        }
    }

    @Test(.timeLimit(.minutes(5))) func `holds up no more logins at once than it may`() async throws {
        let authority = try Small.shared.get()
        let chains = try (UInt8(1)...12).map { try authority.chain($0) }
        let server = RespondingServer(authority, ["/main": .held])
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            form.rest = .init(mostAtOnce: 3)
            let desk = form.desk
            let verdicts = try await withThrowingTaskGroup(of: StatusVerdict?.self) { group in
                for chain in chains {
                    group.addTask { await desk.status(of: chain, at: Small.now).first?.verdict }
                }
                while desk.health.responders.first?.passedOver != 9 { try await Task.sleep(for: .milliseconds(5)) }
                server.set("/main", .answers(.init()))
                return try await group.reduce(into: []) { $0.append($1) }
            }
            #expect(verdicts.count { $0 == .good } == 3 && verdicts.count { $0 == .unknown } == 9)
            #expect(server.count("/main") == 3)
        }
    }

    @Test func `does not rest for longer because a clock was set back`() async throws {
        let authority = try Small.shared.get()
        let chain = try authority.chain()
        let server = RespondingServer(authority, ["/main": .status(500)])
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            let desk = form.desk
            for _ in 0..<5 { _ = await desk.status(of: chain, at: Small.now) }
            #expect(server.count("/main") == 3)
            _ = await desk.status(of: chain, at: Small.days(-1))
            #expect(server.count("/main") == 4)
        }
    }

    @Test(arguments: [
        RespondingServer.Behaviour.answers(.init(hasRightSignature: false)), .answers(.init(nextUpdate: Small.minutes(-2))),
        .bytes([1, 2, 3]),
    ]) func `is not one that answers quickly and wrongly`(behaviour: RespondingServer.Behaviour) async throws {
        let authority = try Small.shared.get()
        let chains = try (UInt8(1)...5).map { try authority.chain($0) }
        let server = RespondingServer(authority, ["/main": behaviour])
        try await server.serving { base in
            var form = DeskForm()
            form.main = base + "/main"
            let desk = form.desk
            for chain in chains { #expect(await desk.status(of: chain, at: Small.now).first?.verdict == .unknown) }
            #expect(server.count("/main") == 5)
            #expect(desk.health.responders.first?.restsUntil == nil)
            #expect(desk.health.responders.first?.failures.values.reduce(0, +) == 5)
        }
    }

    @Test(.timeLimit(.minutes(5))) func `refuses connections, and that has a name`() async throws {
        let authority = try Small.shared.get()
        var form = DeskForm()
        form.main = "http://127.0.0.1:1/ocsp"
        form.seconds = 2
        let desk = form.desk
        for serial in UInt8(1)...5 {
            #expect(await desk.status(of: try authority.chain(serial), at: Small.now).first?.verdict == .unknown)
        }
        let gauge = try #require(desk.health.responders.first)
        #expect(gauge.name == "http://127.0.0.1:1/ocsp" && gauge.asked == 3 && gauge.passedOver == 2)
        #expect(gauge.failures.keys.allSatisfy { $0 == .unreachable || $0 == .slow })
        #expect(desk.health.counts.unknown == 5)
    }
}
