import OpenID
import SQLiteStores
import Testing
import Vocabulary

@Suite struct `The sweep` {
    /// One of everything, expired at `later` or alive until `afterwards`.
    static func fill(_ store: SQLiteStore, _ number: Int, expires: Timestamp) async throws {
        try await store.open(try F.transaction(number, expires: expires))
        try await store.start(try F.session(number), replacing: nil, expires: expires)
        try await store.issue(try F.handover(number, expires: expires))
        _ = try await store.claim("\(number)", scope: "s", until: expires, at: F.now)
        try await store.issue(try F.code(number, expires: expires))
        try await store.issue(try F.access(number, of: nil, expires: expires))
        try await store.issueRefresh(try F.refresh(number, of: number, expires: expires))
        try await store.issue(try F.challenge(expires: expires == F.later ? 60 : 600))
    }

    static let ages = F.now.adding(seconds: 5000)

    @Test func `takes what expired, a bounded number at a time, and nothing that lives`() async throws {
        let room = try Room()
        let store = try room.store()
        _ = try await atOnce(30) { try await Self.fill(store, $0, expires: F.later) }
        _ = try await atOnce(10) { try await Self.fill(store, 100 + $0, expires: F.afterwards) }
        try await store.append(F.record(1))
        _ = try await store.link(F.certificate(), to: F.subject(), at: F.now)
        _ = try await store.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(), at: F.now)
        #expect(try await store.sweep(at: F.later.adding(milliseconds: -1), limit: 1000) == 0)

        // Challenges alone live ten minutes at most, so all forty have run out.
        var swept: [Int] = []
        while true {
            let last = try await store.sweep(at: Self.ages, limit: 7)
            if last == 0 { break }
            swept.append(last)
        }
        #expect(swept.allSatisfy { $0 <= 7 * 8 })
        let all = swept.reduce(0, +)
        #expect(all == 250)
        let left: [String: Int] = [
            "transactions": 10, "sessions": 10, "challenges": 0, "handovers": 10, "artifacts": 0, "claims": 10, "codes": 10,
            "access_tokens": 10, "refresh_tokens": 10, "revocations": 0, "participations": 0, "logouts": 0, "logout_legs": 0,
            "logout_orders": 0, "pushed_requests": 0, "awaited": 0, "exchanges": 0, "initial_access": 0, "identity_records": 0,
            "identity_challenges": 0, "officer_codes": 0, "office_asks": 0, "newcomers": 0, "service_tokens": 0,
            "signature_watches": 0, "passing": 0, "links": 1, "pairwise": 1, "audit": 1,
        ]
        #expect(try await store.counts() == left)
        #expect(try await store.session(try F.sessionID(100), at: Self.ages) != nil)
        #expect(try await !store.claim("100", scope: "s", until: F.afterwards, at: Self.ages))
        #expect(try await store.consume(F.bytes(100, "code"), at: Self.ages) == .first(F.code(100, expires: F.afterwards)))
    }

    @Test func `never takes the trail, the links and the identifiers`() async throws {
        let room = try Room()
        let store = try room.store()
        for number in 0..<20 { try await store.append(F.record(number)) }
        _ = try await store.link(F.certificate(), to: F.subject(), at: F.now)
        _ = try await store.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(), at: F.now)
        #expect(try await store.sweep(at: Timestamp(milliseconds: .max)) == 0)
        guard case .holds(records: 20, _) = try await store.verifyAudit() else { throw Missing(what: "20 records") }
        #expect(try await store.subject(linkedTo: F.certificate()) == F.subject())
        #expect(try await store.pairwise(try F.subject(), sector: "a", orElse: F.pairwise(2), at: F.now) == F.pairwise())
    }

    @Test(arguments: [true, false]) func `leaves a used code as long as a token from it lives`(isRefresh: Bool) async throws {
        let room = try Room()
        let store = try room.store()
        try await store.issue(try F.code())
        _ = try await store.consume(F.bytes(1, "code"), at: F.now)
        if isRefresh {
            try await store.issueRefresh(try F.refresh(1, expires: Self.ages))
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(2, expires: F.afterwards), at: F.now) == .rotated)
        } else {
            try await store.issue(try F.access(2, expires: F.afterwards))
        }
        let last = F.afterwards.adding(milliseconds: -1)
        _ = try await store.sweep(at: last)
        #expect(try await store.consume(F.bytes(1, "code"), at: last) == .replayed)
        #expect(try await store.find(F.bytes(2, "access"), at: last) == nil)
        #expect(try await store.refresh(F.bytes(2, "refresh"), at: last) == nil)
        _ = try await store.sweep(at: F.afterwards)
        #expect(try await store.counts()["codes"] == 0)
    }
}
