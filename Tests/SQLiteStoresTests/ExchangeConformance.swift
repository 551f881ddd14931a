import Foundation
import OpenID
import SignOn
import Testing
import Vocabulary

/// Tokens that were exchanged for others, and tokens that are ended before their time.
extension Promise {
    private static let assertion = AssertionClaim(scope: "client-assertion RP00000001", key: "jti-9", until: F.later)

    /// A token that somebody acts with.
    private static func acting(_ number: Int, of code: Int? = 1, expires: Timestamp = F.later) throws -> AccessTokenRecord {
        let plain = try F.access(number, of: code, expires: expires)
        guard let members = plain.json.members,
            let record = AccessTokenRecord(json: .object(members + [("act", ["sub": "RP00000001"])]))
        else { throw Missing(what: "a token with act") }
        return record
    }

    /// A login's own token, one exchanged for it, and one exchanged for that.
    private static func chain(_ store: any Stores) async throws {
        try await store.issue(try F.code())
        try await store.issue(try F.access(1))
        let first = try acting(2)
        let second = try acting(3)
        let link = F.bytes(1, "access")
        try #require(try await store.issue(first, exchangedFor: link, claiming: [], recording: F.record(2), at: F.now) == .issued)
        let next = first.tokenDigest
        try #require(try await store.issue(second, exchangedFor: next, claiming: [], recording: F.record(3), at: F.now) == .issued)
    }

    /// Which of the three are found.
    private static func living(_ store: any Stores, at now: Timestamp = F.now) async throws -> [Int] {
        var found: [Int] = []
        for number in 1...3 where try await store.living(F.bytes(number, "access"), at: now) != nil { found.append(number) }
        return found
    }

    static let exchanges = [
        Promise("a token exchanged for another is found while that one lives") { (store) async throws in
            try await chain(store)
            #expect(try await living(store) == [1, 2, 3])
            #expect(try await store.living(F.bytes(3, "access"), at: F.now) == acting(3))
            #expect(try await living(store, at: F.later) == [])
            #expect(try await store.living(F.bytes(4, "access"), at: F.now) == nil)
        },
        Promise("the end of a chain ends alone (checklist E18)") { (store) async throws in
            try await chain(store)
            try await store.revoke(accessToken: F.bytes(3, "access"), recording: F.record(9), at: F.now)
            #expect(try await living(store) == [1, 2])
        },
        Promise("the middle of a chain ends its end") { (store) async throws in
            try await chain(store)
            try await store.revoke(accessToken: F.bytes(2, "access"), recording: F.record(9), at: F.now)
            #expect(try await living(store) == [1])
        },
        Promise("the beginning of a chain ends it whole") { (store) async throws in
            try await chain(store)
            try await store.revoke(accessToken: F.bytes(1, "access"), recording: F.record(9), at: F.now)
            #expect(try await living(store) == [])
        },
        Promise("a code that comes again ends what was exchanged too (checklist E5)") { (store) async throws in
            try await chain(store)
            _ = try await store.consume(F.bytes(1, "code"), at: F.now)
            #expect(try await store.consume(F.bytes(1, "code"), at: F.now) == .replayed)
            #expect(try await living(store) == [])
        },
        Promise("a family that is revoked is over: its tokens, what was exchanged, and what its code might still bring") {
            (store) async throws in
            try await chain(store)
            try await store.issueRefresh(try F.refresh(1))
            #expect(try await store.isFresh(refreshToken: F.bytes(1, "refresh"), at: F.now))
            try await store.revoke(family: F.bytes(1, "code"), recording: F.record(9), at: F.now)
            #expect(try await living(store) == [])
            #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) == nil)
            #expect(try await store.isFresh(refreshToken: F.bytes(1, "refresh"), at: F.now) == false)
            try await store.issue(try F.access(4))
            #expect(try await store.find(F.bytes(4, "access"), at: F.now) == nil)
        },
        Promise("another family stays") { (store) async throws in
            try await chain(store)
            try await store.revoke(family: F.bytes(7, "code"), recording: F.record(9), at: F.now)
            #expect(try await living(store) == [1, 2, 3])
        },
        Promise("nothing is exchanged for what lives no longer, and nothing kept") { (store) async throws in
            let gone = F.bytes(8, "access")
            #expect(try await store.issue(acting(2), exchangedFor: gone, claiming: [], recording: F.record(2), at: F.now) == .parentEnded)
            #expect(try await store.find(F.bytes(2, "access"), at: F.now) == nil)
            try await store.issue(try F.access(1, of: nil))
            let over = F.bytes(1, "access")
            #expect(try await store.issue(acting(2), exchangedFor: over, claiming: [], recording: F.record(2), at: F.later) == .parentEnded)
        },
        Promise("a request that was shown before exchanges nothing") { (store) async throws in
            try await store.issue(try F.access(1, of: nil))
            let parent = F.bytes(1, "access")
            #expect(try await store.claim(assertion.key, scope: assertion.scope, until: assertion.until, at: F.now))
            let outcome = try await store.issue(
                acting(2, of: nil), exchangedFor: parent, claiming: [assertion], recording: F.record(2), at: F.now)
            #expect(outcome == .replayed(assertion))
            #expect(try await store.find(F.bytes(2, "access"), at: F.now) == nil)
            #expect(
                try await store.issue(acting(2, of: nil), exchangedFor: parent, claiming: [], recording: F.record(2), at: F.now) == .issued)
        },
        Promise("a token that somebody acts with, and that nothing is behind, is none") { (store) async throws in
            try await store.issue(try acting(2, of: nil))
            #expect(try await store.living(F.bytes(2, "access"), at: F.now) == nil)
        },
        Promise("an identifier leads back to its citizen and sector, inside the platform") { (store) async throws in
            let subject = try F.subject()
            let id = try await store.pairwise(subject, sector: "town", orElse: try F.pairwise(), at: F.now)
            #expect(try await store.owner(of: id) == PairwiseOwner(subject: subject, sector: "town"))
            #expect(try await store.owner(of: F.pairwise(2)) == nil)
        },
        Promise("a used refresh token is not fresh") { (store) async throws in
            try await store.issueRefresh(try F.refresh(1))
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(2, of: 1), at: F.now) == .rotated)
            #expect(try await store.isFresh(refreshToken: F.bytes(1, "refresh"), at: F.now) == false)
            #expect(try await store.isFresh(refreshToken: F.bytes(2, "refresh"), at: F.now))
            #expect(try await store.isFresh(refreshToken: F.bytes(2, "refresh"), at: F.afterwards) == false)
        },
    ]
}
