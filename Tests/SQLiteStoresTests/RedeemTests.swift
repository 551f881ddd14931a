import OpenID
import SQLiteStores
import Testing
import Vocabulary

/// RFC 6749 §4.1.2, RFC 7523 §3: the assertion, the code, the tokens and their trace are one commit.
@Suite struct `Redeeming a code for tokens` {
    private typealias F = Fixture

    private static let claim = AssertionClaim(scope: "client-assertion RP00000001", key: "jti-1", until: F.later)

    private func issued(_ number: Int = 1, refresh: Bool = false) throws -> IssuedTokens {
        IssuedTokens(access: try F.access(number), refresh: refresh ? try F.refresh(number) : nil, record: F.record(number))
    }

    @Test func `keeps the tokens and their trace for the first who comes`() async throws {
        let room = try Room()
        let store = try room.store()
        let code = try F.code()
        try await store.issue(code)
        #expect(try await store.redeem(code.codeDigest, claiming: [Self.claim], for: try issued(refresh: true), at: F.now) == .first(code))
        #expect(try await store.find(F.bytes(1, "access"), at: F.now) == (try F.access()))
        #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) == (try F.refresh()))
        #expect(try await store.audit(from: 1, limit: 9).count == 1)
    }

    @Test func `gives nothing to the second, and ends what the first got`() async throws {
        let room = try Room()
        let store = try room.store()
        let code = try F.code()
        try await store.issue(code)
        _ = try await store.redeem(code.codeDigest, claiming: [], for: try issued(), at: F.now)
        #expect(try await store.redeem(code.codeDigest, claiming: [], for: try issued(2), at: F.now) == .replayed)
        #expect(try await store.find(F.bytes(1, "access"), at: F.now) == nil)
        #expect(try await store.find(F.bytes(2, "access"), at: F.now) == nil)
        #expect(try await store.audit(from: 1, limit: 9).count == 1)
    }

    @Test func `leaves the code as it was when the assertion was used before`() async throws {
        let room = try Room()
        let store = try room.store()
        let code = try F.code()
        try await store.issue(code)
        #expect(try await store.claim("jti-1", scope: Self.claim.scope, until: F.later, at: F.now))
        #expect(try await store.redeem(code.codeDigest, claiming: [Self.claim], for: try issued(), at: F.now) == .taken(Self.claim))
        #expect(try await store.consume(code.codeDigest, claiming: [Self.claim], at: F.now) == .taken(Self.claim))
        #expect(try await store.find(F.bytes(1, "access"), at: F.now) == nil)
        #expect(try await store.redeem(code.codeDigest, claiming: [], for: try issued(), at: F.now) == .first(code))
    }

    @Test func `knows nothing of a code that was never issued, or is over`() async throws {
        let room = try Room()
        let store = try room.store()
        let code = try F.code()
        #expect(try await store.code(code.codeDigest) == nil)
        #expect(try await store.redeem(code.codeDigest, claiming: [], for: try issued(), at: F.now) == .unknown)
        try await store.issue(code)
        #expect(try await store.redeem(code.codeDigest, claiming: [], for: try issued(), at: F.afterwards) == .unknown)
        #expect(try await store.find(F.bytes(1, "access"), at: F.now) == nil)
    }

    @Test func `tells what a code stands for, from memory and from the file, used or not`() async throws {
        let room = try Room()
        let store = try room.store()
        let code = try F.code()
        try await store.issue(code, recording: F.record(1))
        #expect(try await store.code(code.codeDigest) == code)
        #expect(try await room.store().code(code.codeDigest) == code)
        _ = try await store.consume(code.codeDigest, at: F.now)
        #expect(try await store.code(code.codeDigest) == code)
    }

    @Test func `of a hundred at once one is the first`() async throws {
        let room = try Room()
        let store = try room.store()
        let code = try F.code()
        try await store.issue(code)
        let outcomes = try await atOnce { number in
            try await store.redeem(code.codeDigest, claiming: [], for: try issued(number), at: F.now)
        }
        #expect(outcomes.count { $0 == .first(code) } == 1)
        guard case .holds(records: 1, _) = try await store.verifyAudit() else { throw Missing(what: "one record") }
    }
}
