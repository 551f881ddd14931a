import OpenID
import SQLiteStores
import Testing
import Vocabulary

/// Two processes, each with a store of its own on one file: the gates are the file's, not a process's.
@Suite struct `Two stores on one file have one winner (checklist E5, E16, O17)` {
    private typealias F = Fixture

    private func issued(_ number: Int, refresh: Int? = nil) throws -> IssuedTokens {
        IssuedTokens(access: try F.access(number), refresh: try refresh.map { try F.refresh($0, of: 1) }, record: F.record(number))
    }

    @Test func `of two redemptions of a code one gets tokens`() async throws {
        let room = try Room()
        let (one, two) = (try room.store(), try room.store())
        for number in 1...20 {
            let code = try F.code(number)
            // Known to both: one has it in memory, the other has read it.
            try await one.issue(code, recording: F.record(number))
            #expect(try await two.code(code.codeDigest) == code)
            async let left = one.redeem(code.codeDigest, claiming: [], for: try issued(2 * number), at: F.now)
            async let right = two.redeem(code.codeDigest, claiming: [], for: try issued(2 * number + 1), at: F.now)
            let outcomes = try await [left, right]
            #expect(outcomes.count { $0 == .first(code) } == 1)
            #expect(outcomes.count { $0 == .replayed } == 1)
        }
    }

    @Test func `an assertion and a proof are taken once`() async throws {
        let room = try Room()
        let (one, two) = (try room.store(), try room.store())
        for (number, kind) in [(1, AssertionClaim.Kind.clientAssertion), (2, .dpopProof)] {
            let claim = AssertionClaim(kind: kind, scope: "s", key: "\(number)", until: F.later)
            try await one.issue(try F.code(number))
            try await one.issue(try F.code(number + 10))
            async let left = one.redeem(F.bytes(number, "code"), claiming: [claim], for: try issued(number), at: F.now)
            async let right = two.redeem(F.bytes(number + 10, "code"), claiming: [claim], for: try issued(number + 10), at: F.now)
            let outcomes = try await [left, right]
            #expect(outcomes.count { $0 == .taken(claim) } == 1)
        }
    }

    @Test func `two refreshes get one successor, and after the grace the second is theft`() async throws {
        let room = try Room()
        let (one, two) = (try room.store(), try room.store())
        try await one.issueRefresh(try F.refresh(1))
        async let left = one.exchange(F.bytes(1, "refresh"), claiming: [], for: try issued(2, refresh: 2), within: 30, at: F.now)
        async let right = two.exchange(F.bytes(1, "refresh"), claiming: [], for: try issued(3, refresh: 2), within: 30, at: F.now)
        let outcomes = try await [left, right]
        #expect(Set(outcomes) == [.rotated, .repeated])
        for store in [one, two] {
            #expect(try await store.refresh(F.bytes(2, "refresh"), at: F.now) == F.refresh(2, of: 1))
            for number in [2, 3] { #expect(try await store.find(F.bytes(number, "access"), at: F.now) != nil) }
        }
        let late = F.now.adding(seconds: 31)
        #expect(
            try await two.exchange(F.bytes(1, "refresh"), claiming: [], for: try issued(4, refresh: 2), within: 30, at: late) == .reused)
        for store in [one, two] {
            #expect(try await store.refresh(F.bytes(2, "refresh"), at: F.now) == nil)
            for number in [2, 3, 4] { #expect(try await store.find(F.bytes(number, "access"), at: F.now) == nil) }
        }
    }

    @Test func `a code is redeemed after a restart, and its second use is known for one after another (checklist E5)`() async throws {
        let room = try Room()
        let code = try F.code()
        try await room.store().issue(code, recording: F.record(1))
        #expect(try await room.store().redeem(code.codeDigest, claiming: [], for: try issued(1), at: F.now) == .first(code))
        for seconds in [1, 30, 3_000] as [Int64] {
            let later = F.now.adding(seconds: seconds)
            #expect(try await room.store().redeem(code.codeDigest, claiming: [], for: try issued(2), at: later) == .replayed)
        }
        #expect(try await room.store().find(F.bytes(1, "access"), at: F.now) == nil)
    }

    @Test func `what the version before wrote is redeemed and refreshed`() async throws {
        let room = try Room()
        let store = try room.store()
        // The fixtures are in the words of the first version.
        #expect(try F.code().entitlement.assurance == nil)
        #expect(try F.refresh().seed == nil)
        try await store.issue(try F.code())
        #expect(
            try await room.store().redeem(F.bytes(1, "code"), claiming: [], for: try issued(1, refresh: 1), at: F.now) == .first(F.code()))
        #expect(try await room.store().refresh(F.bytes(1, "refresh"), at: F.now) == F.refresh(1, of: 1))
    }
}
