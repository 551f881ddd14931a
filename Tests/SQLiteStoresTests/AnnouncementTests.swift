import Credentials
import SQLiteStores
import SignOn
import Signals
import Testing
import TrustFramework
import Vocabulary

/// Something that is told to members, and how it happens.
struct ToldCase: Sendable, CustomTestStringConvertible {
    let testDescription: String
    let prepare: @Sendable (SQLiteStore) async throws -> Void
    let act: @Sendable (SQLiteStore, [Announcement]) async throws -> Void
    let isDone: @Sendable (SQLiteStore) async throws -> Bool

    static let all = [
        ToldCase(
            testDescription: "a loss",
            prepare: { _ = try await Care.life($0) },
            act: { store, told in _ = try await store.report(try Care.report(), telling: told) { _ in F.record(2) } },
            isDone: { try await $0.block(of: F.certificate(Care.phone)) != nil }),
        ToldCase(
            testDescription: "a block that is lifted",
            prepare: { store in
                _ = try await Care.life(store)
                _ = try await store.report(try Care.report()) { _ in F.record(2) }
            },
            act: { store, told in
                _ = try await store.lift(F.certificate(Care.phone), of: try F.subject(), telling: told, recording: F.record(3))
            },
            isDone: { try await $0.block(of: F.certificate(Care.phone)) == nil }),
        ToldCase(
            testDescription: "the end of a customer's link",
            prepare: { store in
                let pairwise = try await store.pairwise(try F.subject(), sector: "a", orElse: try F.pairwise(), at: F.now)
                _ = try await Knot.propose([try Knot.line(1, .citizen(pairwise))], to: store)
                _ = try await store.confirm(
                    [try Knot.customer()], of: try Knot.member(), by: try F.subject(), recording: Knot.trace, at: F.now)
            },
            act: { store, told in
                _ = try await store.end(
                    try Knot.customer(), of: try Knot.member(), by: try F.subject(), telling: told, recording: F.record(3), at: F.now)
            },
            isDone: { try await $0.customers(of: try F.subject(), member: try Knot.member()).isEmpty }),
        ToldCase(
            testDescription: "a certificate that becomes a citizen's",
            prepare: { _ in },
            act: { store, told in
                _ = try await store.link(
                    F.certificate(5), by: try Knot.evidence(.bothSeen, 1, 5, earlier: 1), card: nil, telling: told, recording: F.record(3))
            },
            isDone: { try await $0.certificateLink(F.certificate(5)) != nil }),
        ToldCase(
            testDescription: "a merge",
            prepare: { store in
                _ = try await Knot.link(1, of: 1, in: store)
                _ = try await Knot.link(2, of: 2, in: store)
            },
            act: { store, told in
                _ = try await store.merge(
                    try Knot.merge(), try F.subject(2), into: try F.subject(1), keeping: [],
                    evidence: try Knot.evidence(.merged, 1, 2, earlier: 1), telling: told, recording: F.record(3), at: F.now)
            },
            isDone: { try await $0.present(try F.subject(2)) == F.subject(1) }),
    ]
}

@Suite struct `What is told is in the commit of what happened` {
    private static func announced() throws -> [Announcement] {
        [Announcement([try Sig.signal()], recording: Record("signal.queued", at: F.now))]
    }

    private static func told(_ store: SQLiteStore) async throws -> Int {
        try await store.audit(from: 1, limit: 100).count { $0.body.contains("signal.queued") }
    }

    @Test(arguments: ToldCase.all) func `both or neither`(example: ToldCase) async throws {
        let room = try Room()
        let store = try room.store()
        #expect(try await store.open(try Sig.stream(), most: 4, recording: F.record(1)))
        try await example.prepare(store)
        // The queue takes nothing: as when the process dies between the two.
        try room.tamper("CREATE TRIGGER stop BEFORE INSERT ON signals BEGIN SELECT RAISE(ABORT, 'stopped'); END")
        let announced = try Self.announced()
        await #expect(throws: (any Error).self) { try await example.act(store, announced) }
        #expect(try await !example.isDone(store), "nothing happened")
        #expect(try await store.queues(at: F.now).isEmpty)
        #expect(try await Self.told(store) == 0)
        try room.tamper("DROP TRIGGER stop")
        let before = store.signalled
        try await example.act(store, announced)
        #expect(try await example.isDone(store))
        #expect(try await store.queues(at: F.now).map(\.waiting) == [1])
        #expect(try await Self.told(store) == 1)
        #expect(store.signalled > before, "whoever waits for events hears of it")
    }

    @Test(arguments: ToldCase.all) func `the same again tells nobody`(example: ToldCase) async throws {
        let room = try Room()
        let store = try room.store()
        #expect(try await store.open(try Sig.stream(), most: 4, recording: F.record(1)))
        try await example.prepare(store)
        let announced = try Self.announced()
        for _ in 1...2 { try await example.act(store, announced) }
        #expect(try await store.queues(at: F.now).map(\.waiting) == [1])
        #expect(try await Self.told(store) == 1)
    }

    @Test func `a proposal that is refused was no link, and its member is not told`() async throws {
        let room = try Room()
        let store = try room.store()
        #expect(try await store.open(try Sig.stream(), most: 4, recording: F.record(1)))
        let pairwise = try await store.pairwise(try F.subject(), sector: "a", orElse: try F.pairwise(), at: F.now)
        _ = try await Knot.propose([try Knot.line(1, .citizen(pairwise))], to: store)
        let ended = try await store.end(
            try Knot.customer(), of: try Knot.member(), by: try F.subject(), telling: try Self.announced(), recording: F.record(3),
            at: F.now)
        #expect(ended?.state == .ended)
        #expect(try await store.queues(at: F.now).isEmpty)
    }

    @Test func `where no stream takes it the change stands and no word of telling is recorded`() async throws {
        let room = try Room()
        let store = try room.store()
        let example = try #require(ToldCase.all.first)
        try await example.prepare(store)
        try await example.act(store, try Self.announced())
        #expect(try await example.isDone(store))
        #expect(try await Self.told(store) == 0)
    }
}
