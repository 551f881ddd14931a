import OpenID
import SignOn
import Testing
import Vocabulary

/// What a redemption or a refresh keeps: all of it in one step, or none.
extension Promise {
    private static let assertion = AssertionClaim(scope: "client-assertion RP00000001", key: "jti-1", until: F.later)
    private static let proof = AssertionClaim(kind: .dpopProof, scope: "dpop key", key: "jti-1", until: F.later)

    private static func issued(_ number: Int, refresh: Int? = nil) throws -> IssuedTokens {
        IssuedTokens(access: try F.access(number), refresh: try refresh.map { try F.refresh($0, of: 1) }, record: F.record(number))
    }

    static let redemptions = [
        Promise("a code's redemption keeps the tokens, and takes assertion and proof") { (store) async throws in
            let code = try F.code()
            try await store.issue(code)
            let outcome = try await store.redeem(
                code.codeDigest, claiming: [assertion, proof], for: try issued(1, refresh: 1), at: F.now)
            #expect(outcome == .first(code))
            #expect(try await store.find(F.bytes(1, "access"), at: F.now) == F.access(1))
            #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) == F.refresh(1, of: 1))
            for claim in [assertion, proof] {
                #expect(try await store.claim(claim.key, scope: claim.scope, until: claim.until, at: F.now) == false)
            }
        },
        Promise("a proof that was shown before leaves the code as it was") { (store) async throws in
            let code = try F.code()
            try await store.issue(code)
            #expect(try await store.claim(proof.key, scope: proof.scope, until: proof.until, at: F.now))
            #expect(try await store.redeem(code.codeDigest, claiming: [assertion, proof], for: try issued(1), at: F.now) == .taken(proof))
            #expect(try await store.find(F.bytes(1, "access"), at: F.now) == nil)
            #expect(try await store.redeem(code.codeDigest, claiming: [], for: try issued(2), at: F.now) == .first(code))
        },
        Promise("of 100 that redeem a code one gets tokens, and then nobody has any (checklist E5)") { (store) async throws in
            let code = try F.code()
            try await store.issue(code)
            let outcomes = try await atOnce { number in
                try await store.redeem(code.codeDigest, claiming: [], for: try issued(number, refresh: number), at: F.now)
            }
            #expect(outcomes.count { $0 == .first(code) } == 1)
            #expect(outcomes.count { $0 == .replayed } == 99)
            for number in 0..<100 {
                #expect(try await store.find(F.bytes(number, "access"), at: F.now) == nil)
                #expect(try await store.refresh(F.bytes(number, "refresh"), at: F.now) == nil)
            }
        },
        Promise("a refresh keeps the successor and the access token, once") { (store) async throws in
            try await store.issueRefresh(try F.refresh(1))
            let outcome = try await store.exchange(
                F.bytes(1, "refresh"), claiming: [assertion], for: try issued(2, refresh: 2), within: 0, at: F.now)
            #expect(outcome == .rotated)
            #expect(try await store.find(F.bytes(2, "access"), at: F.now) == F.access(2))
            #expect(try await store.refresh(F.bytes(2, "refresh"), at: F.now) == F.refresh(2, of: 1))
            let replayed = try await store.exchange(
                F.bytes(2, "refresh"), claiming: [assertion], for: try issued(3, refresh: 3), within: 0, at: F.now)
            #expect(replayed == .taken(assertion))
            #expect(try await store.find(F.bytes(3, "access"), at: F.now) == nil)
            #expect(
                try await store.exchange(F.bytes(2, "refresh"), claiming: [], for: try issued(3, refresh: 3), within: 0, at: F.now)
                    == .rotated)
        },
        Promise("asked again for the same successor within the grace, it is the same one (checklist O17)") { (store) async throws in
            try await store.issueRefresh(try F.refresh(1))
            for (number, expected) in [(11, RefreshRotation.rotated), (12, .repeated), (13, .repeated)] {
                let later = F.now.adding(seconds: Int64(number) - 11)
                let outcome = try await store.exchange(
                    F.bytes(1, "refresh"), claiming: [], for: try issued(number, refresh: 2), within: 30, at: later)
                #expect(outcome == expected)
                #expect(try await store.find(F.bytes(number, "access"), at: F.now) == F.access(number))
            }
            #expect(try await store.refresh(F.bytes(2, "refresh"), at: F.now) == F.refresh(2, of: 1))
            #expect(try await store.rotate(F.bytes(2, "refresh"), to: F.refresh(3, of: 1), at: F.now) == .rotated)
        },
        Promise("after the grace, or with another successor, it ends the family (RFC 9700 §4.14.2)") { (store) async throws in
            for (number, grace, after, successor) in [(1, 30, 30, 101), (2, 30, 0, 999), (3, 0, 0, 103)] as [(Int, Int64, Int64, Int)] {
                try await store.issueRefresh(try F.refresh(number, of: number))
                let kept = try F.refresh(100 + number, of: number)
                #expect(try await store.rotate(F.bytes(number, "refresh"), to: kept, within: grace, at: F.now) == .rotated)
                let again = try F.refresh(successor, of: number)
                let outcome = try await store.rotate(
                    F.bytes(number, "refresh"), to: again, within: grace, at: F.now.adding(seconds: after))
                #expect(outcome == .reused)
                #expect(try await store.refresh(F.bytes(100 + number, "refresh"), at: F.now) == nil)
            }
        },
        Promise("once the successor was used nobody gets it again") { (store) async throws in
            try await store.issueRefresh(try F.refresh(1))
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(2, of: 1), within: 30, at: F.now) == .rotated)
            #expect(try await store.rotate(F.bytes(2, "refresh"), to: F.refresh(3, of: 1), within: 30, at: F.now) == .rotated)
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(2, of: 1), within: 30, at: F.now) == .reused)
            #expect(try await store.refresh(F.bytes(3, "refresh"), at: F.now) == nil)
        },
        Promise("of 100 that refresh at once all get the one successor") { (store) async throws in
            try await store.issueRefresh(try F.refresh(1000, of: 1))
            let outcomes = try await atOnce { number in
                try await store.exchange(
                    F.bytes(1000, "refresh"), claiming: [], for: try issued(number, refresh: 2), within: 30, at: F.now)
            }
            #expect(outcomes.count { $0 == .rotated } == 1)
            #expect(outcomes.count { $0 == .repeated } == 99)
            #expect(try await store.refresh(F.bytes(2, "refresh"), at: F.now) == F.refresh(2, of: 1))
        },
        Promise("one that is not rotated stays, until it ends") { (store) async throws in
            try await store.issueRefresh(try F.refresh(1))
            for number in 1...3 {
                let outcome = try await store.exchange(F.bytes(1, "refresh"), claiming: [], for: try issued(number), within: 0, at: F.now)
                #expect(outcome == .kept)
                #expect(try await store.find(F.bytes(number, "access"), at: F.now) == F.access(number))
            }
            #expect(try await store.exchange(F.bytes(9, "refresh"), claiming: [], for: try issued(9), within: 0, at: F.now) == .unknown)
            #expect(try await store.exchange(F.bytes(1, "refresh"), claiming: [], for: try issued(9), within: 0, at: F.later) == .unknown)
            #expect(try await store.find(F.bytes(9, "access"), at: F.now) == nil)
            // One that was rotated away is not good for it either.
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(2, of: 1), at: F.now) == .rotated)
            #expect(try await store.exchange(F.bytes(1, "refresh"), claiming: [], for: try issued(9), within: 30, at: F.now) == .reused)
        },
    ]
}
