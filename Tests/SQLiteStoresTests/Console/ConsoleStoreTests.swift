import Cryptography
import SQLiteStores
import SignOn
import Testing
import Vocabulary

@Suite struct `What the console keeps` {
    private static let now = Timestamp(seconds: 1_795_233_600)
    private static let digest = Digest.sha256(Array("ABCDE".utf8))

    private static func code(_ officer: String = "suzuki", seconds: Int64 = 900) -> OfficerCode {
        OfficerCode(digest: digest, officer: officer, expiresAt: now.adding(seconds: seconds))
    }

    private static func record(_ code: OfficerCode) -> Record {
        Record("console.bootstrapped", at: now, [("officer", .string(code.officer))])
    }

    private static func ask(_ name: String, by: String = "suzuki", kind: OfficeAsk.Kind = .policy, seconds: Int64 = 3600) -> OfficeAsk {
        OfficeAsk(
            name: name, kind: kind, by: by, body: .object([("what", .string(name))]), signed: ["one"], askedAt: now,
            expiresAt: now.adding(seconds: seconds))
    }

    private static func noted(_ what: String) -> Record { Record("console." + what, at: now) }

    @Test func `gives a one-time code to one of a hundred`() async throws {
        let room = try Room()
        let store = try room.store()
        try await store.offer(Self.code())
        let won = await withTaskGroup { group in
            for _ in 0..<100 {
                group.addTask { (try? await store.redeem(Self.digest, recording: { Self.record($0) }, at: Self.now)) != nil }
            }
            return await group.reduce(0) { $0 + ($1 ? 1 : 0) }
        }
        #expect(won == 1)
        #expect(try await store.audit(from: 1, limit: 200).count == 1, "and records it once")
    }

    @Test func `takes no code that is unknown, over, or replaced`() async throws {
        let room = try Room()
        let store = try room.store()
        try await store.offer(Self.code(seconds: 5))
        #expect(try await store.redeem(Digest.sha256([1]), recording: { Self.record($0) }, at: Self.now) == nil)
        #expect(try await store.redeem(Self.digest, recording: { Self.record($0) }, at: Self.now.adding(seconds: 5)) == nil)
        #expect(try await store.redeem(Self.digest, recording: { Self.record($0) }, at: Self.now) == nil, "a late try uses it up")
        try await store.offer(Self.code("suzuki"))
        try await store.offer(OfficerCode(digest: Digest.sha256([2]), officer: "tanaka", expiresAt: Self.now.adding(seconds: 900)))
        #expect(try await store.redeem(Self.digest, recording: { Self.record($0) }, at: Self.now) == nil, "the newer one stands")
        #expect(try await store.audit(from: 1, limit: 9).isEmpty)
    }

    @Test func `keeps an ask once, in the place of the asker's older one, and not without end`() async throws {
        let room = try Room()
        let store = try room.store()
        for _ in 1...2 { #expect(try await store.ask(Self.ask("a"), most: 2, recording: Self.noted("asked"), at: Self.now)) }
        #expect(try await store.audit(from: 1, limit: 9).count == 1)
        #expect(try await store.ask(Self.ask("b"), most: 2, recording: Self.noted("asked"), at: Self.now))
        #expect(try await store.asks(.policy, at: Self.now).map(\.name) == ["b"])
        #expect(try await store.ask(Self.ask("c", by: "tanaka"), most: 2, recording: Self.noted("asked"), at: Self.now))
        #expect(try await store.ask(Self.ask("d", by: "kato"), most: 2, recording: Self.noted("asked"), at: Self.now) == false)
        #expect(try await store.asks(.policy, at: Self.now).map(\.name) == ["b", "c"])
        #expect(try await store.asks(.officer, at: Self.now).isEmpty)
        #expect(try await store.asks(.policy, at: Self.now.adding(seconds: 3600)).isEmpty)
        #expect(try await store.sweep(at: Self.now.adding(seconds: 3601)) >= 2)
    }

    @Test func `of cards that wait the oldest that nobody signed gives way to a new one, and what is signed stays`() async throws {
        let room = try Room()
        let store = try room.store()
        func ask(_ name: String, _ seconds: Int64, signed: [String] = []) async throws -> Bool {
            let asked = Self.now.adding(seconds: seconds)
            return try await store.ask(
                OfficeAsk(
                    name: name, kind: .officer, by: "by-" + name, body: .object([]), signed: signed, askedAt: asked,
                    expiresAt: asked.adding(seconds: 3600)), most: 2, displacing: true, recording: Self.noted("asked"), at: asked)
        }
        #expect(try await ask("signed", 0, signed: ["one"]))
        #expect(try await ask("old", 1))
        #expect(try await ask("new", 2))
        #expect(try await store.asks(.officer, at: Self.now).map(\.name) == ["signed", "new"])
        #expect(try await store.sign("new", .officer, with: "two", recording: Self.noted("signed"), at: Self.now) != nil)
        #expect(try await !ask("late", 3), "an officer looked at both")
        #expect(try await store.asks(.officer, at: Self.now).map(\.name) == ["signed", "new"])
    }

    @Test func `collects signatures, each once, until it is closed`() async throws {
        let room = try Room()
        let store = try room.store()
        _ = try await store.ask(Self.ask("a"), most: 9, recording: Self.noted("asked"), at: Self.now)
        for _ in 1...2 {
            let signed = try await store.sign("a", .policy, with: "two", recording: Self.noted("signed"), at: Self.now)
            #expect(signed?.signed == ["one", "two"])
        }
        #expect(try await store.sign("a", .officer, with: "three", recording: Self.noted("signed"), at: Self.now) == nil)
        #expect(try await store.sign("a", .policy, with: "x", recording: Self.noted("signed"), at: Self.now.adding(seconds: 3600)) == nil)
        #expect(try await store.close("a", .policy, recording: Self.noted("closed")))
        #expect(try await store.close("a", .policy, recording: Self.noted("closed")) == false)
        #expect(try await store.audit(from: 1, limit: 9).count == 3)
    }
}

@Suite struct `Metering` {
    private static func moment(_ text: String) throws -> Timestamp { try #require(Timestamp(text)) }

    private static func granted(_ at: Timestamp, login: Timestamp, source: String = "crl", status: Timestamp? = nil) -> Record {
        Record(
            "signon.granted", at: at,
            [
                ("member", "sp"), ("authenticated-at", .string(login.text)), ("status-source", .string(source)),
                ("status-at", .string((status ?? login).text)),
            ])
    }

    @Test func `counts each record of the trail once, by member and month of Japan`() async throws {
        let room = try Room()
        let store = try room.store()
        let last = try Self.moment("2026-10-31T14:59:59Z"), first = try Self.moment("2026-10-31T15:00:00Z")
        try await store.append(Record("card.accepted", at: last, [("member", "sp")]))
        try await store.append(Record("card.accepted", at: first, [("member", "sp")]))
        try await store.append(Record("card.accepted", at: first, [("member", "other")]))
        try await store.append(Record("card.refused", at: first, [("member", "sp")]))
        try await store.append(Record("request.refused", at: first, [("member", .null)]))
        try await store.append(Record("policy.activated", at: first, [("member", "sp")]))
        #expect(try await store.meter(limit: 4) == 4)
        #expect(try await store.meter(limit: 100) == 2)
        #expect(try await store.meter(limit: 100) == 0)
        let usage = try await store.usage(month: nil, member: nil)
        #expect(
            usage.map { "\($0.month) \($0.member.text) \($0.kind.rawValue) \($0.count)" } == [
                "2026-10 sp card-login 1", "2026-11 other card-login 1", "2026-11 sp card-login 1", "2026-11 sp refusal 1",
            ])
        #expect(try await store.usage(month: "2026-11", member: MemberID("sp")).count == 2)
        #expect(try await store.usage(month: "2026-12", member: nil).isEmpty)
    }

    @Test func `tells a login on a session from one with the card, and a status that was asked for it`() async throws {
        let room = try Room()
        let store = try room.store()
        let login = try Self.moment("2026-11-21T04:00:00Z")
        try await store.append(Self.granted(login.adding(seconds: 5), login: login))
        try await store.append(Self.granted(login.adding(seconds: 600), login: login))
        try await store.append(Self.granted(login.adding(seconds: 700), login: login, source: "ocsp", status: login.adding(seconds: 699)))
        _ = try await store.meter(limit: 100)
        let usage = try await store.usage(month: nil, member: nil)
        #expect(usage.map { "\($0.kind.rawValue) \($0.count)" } == ["session-login 2", "status-again 1"])
    }

    @Test func `counts nothing twice when two count at once`() async throws {
        let room = try Room()
        let store = try room.store()
        let now = try Self.moment("2026-11-21T04:00:00Z")
        for _ in 1...200 { try await store.append(Record("card.accepted", at: now, [("member", "sp")])) }
        let other = try room.store()
        await withTaskGroup { group in
            for place in 0..<8 {
                group.addTask {
                    let one = place.isMultiple(of: 2) ? store : other
                    while (try? await one.meter(limit: 30)) ?? 0 > 0 {}
                }
            }
        }
        #expect(try await store.usage(month: nil, member: nil).map(\.count) == [200])
    }
}

@Suite struct `Looking through the trail` {
    private static func filled(_ room: Room) async throws -> SQLiteStore {
        let store = try room.store()
        for number in 1...30 {
            let at = try #require(Timestamp("2026-11-\(number < 10 ? "0" : "")\(number)T04:00:00Z"))
            try await store.append(
                Record(number.isMultiple(of: 3) ? "card.refused" : "card.accepted", at: at, [("number", .string("n\(number)x"))]))
        }
        return store
    }

    @Test func `finds by event, kind of event, texts and days, newest first`() async throws {
        let room = try Room()
        let store = try await Self.filled(room)
        func found(_ question: TrailQuestion) async throws -> [Int64] { try await store.records(question).rows.map(\.sequence) }
        #expect(try await found(TrailQuestion(event: "card.refused", limit: 3)) == [30, 27, 24])
        #expect(try await found(TrailQuestion(event: "card.", limit: 3)) == [30, 29, 28])
        #expect(try await found(TrailQuestion(event: "card", limit: 3)).isEmpty, "a whole event, or a kind with its dot")
        #expect(try await found(TrailQuestion(holding: ["n7x"], limit: 9)) == [7])
        #expect(try await found(TrailQuestion(holding: ["n7x", "n8x"], limit: 9)).isEmpty)
        let from = try #require(Timestamp("2026-11-10T00:00:00Z")), until = try #require(Timestamp("2026-11-12T00:00:00Z"))
        #expect(try await found(TrailQuestion(from: from, until: until, limit: 9)) == [11, 10])
        #expect(try await found(TrailQuestion(event: "card.accepted\" OR 1=1 --", limit: 9)).isEmpty)
    }

    @Test func `goes on where a page ended, and says when that was all`() async throws {
        let room = try Room()
        let store = try await Self.filled(room)
        let first = try await store.records(TrailQuestion(limit: 20))
        #expect(first.rows.first?.sequence == 30 && first.next == 11)
        let second = try await store.records(TrailQuestion(before: first.next, limit: 20))
        let oldest: [Int64] = (1...10).reversed()
        #expect(second.rows.map(\.sequence) == oldest && second.next == nil)
        let broken = second.rows.filter { !$0.isLinked }
        #expect(broken.isEmpty)
        #expect(try await store.record(at: 12)?.isLinked == true)
        #expect(try await store.record(at: 31) == nil)
        guard case .holds(records: 30, let head) = try await store.chain(expecting: nil) else { throw Missing(what: "a chain") }
        #expect(try await store.chain(expecting: (30, head)) == .holds(records: 30, head: head))
        guard case .broken = try await store.chain(expecting: (31, head)) else { throw Missing(what: "a trail that was cut") }
    }
}
