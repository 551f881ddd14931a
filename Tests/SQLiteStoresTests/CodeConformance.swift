import OpenID
import SignOn
import Testing
import Vocabulary

extension Promise {
    static let codes = [
        Promise("a code is redeemed once, as it was issued (RFC 6749 §4.1.2, checklist E5)") { (store) async throws in
            let code = try F.code()
            try await store.issue(code)
            #expect(try await store.consume(F.bytes(2, "code"), at: F.now) == .unknown)
            #expect(try await store.consume(code.codeDigest, at: F.now) == .first(code))
            #expect(try await store.consume(code.codeDigest, at: F.now) == .replayed)
        },
        Promise("of 100 that redeem a code one gets it and all others are replays") { (store) async throws in
            let code = try F.code()
            try await store.issue(code)
            let outcomes = try await atOnce { _ in try await store.consume(code.codeDigest, at: F.now) }
            #expect(outcomes.count { $0 == .first(code) } == 1)
            #expect(outcomes.count { $0 == .replayed } == 99)
        },
        Promise("a code ends with its last moment, and that is no replay") { (store) async throws in
            let code = try F.code()
            try await store.issue(code)
            #expect(try await store.consume(code.codeDigest, at: code.expiresAt) == .unknown)
            #expect(try await store.consume(code.codeDigest, at: code.expiresAt) == .unknown)
            #expect(try await store.consume(code.codeDigest, at: code.expiresAt.adding(milliseconds: -1)) == .first(code))
        },
        Promise("a used code is known again after it expired") { (store) async throws in
            let code = try F.code()
            try await store.issue(code)
            _ = try await store.consume(code.codeDigest, at: F.now)
            #expect(try await store.consume(code.codeDigest, at: code.expiresAt.adding(seconds: 1)) == .replayed)
        },
        Promise("a code with the longest text that a request can carry is redeemed") { (store) async throws in
            let code = try F.code(1, nonce: String(repeating: "\u{1}", count: 60_000))
            try await store.issue(code)
            #expect(try await store.consume(code.codeDigest, at: F.now) == .first(code))
        },
        Promise("a code's digest serves once", refused: true) { (store) async throws in
            try await store.issue(try F.code())
            await #expect(throws: (any Error).self) { try await store.issue(try F.code(1, nonce: "other")) }
        },
        Promise("a replay ends the tokens that were made from the code, and no others") { (store) async throws in
            for number in 1...2 {
                try await store.issue(try F.code(number))
                _ = try await store.consume(F.bytes(number, "code"), at: F.now)
                try await store.issue(try F.access(number, of: number))
                try await store.issueRefresh(try F.refresh(number, of: number))
            }
            #expect(try await store.consume(F.bytes(1, "code"), at: F.now) == .replayed)
            #expect(try await store.find(F.bytes(1, "access"), at: F.now) == nil)
            #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) == nil)
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(3, of: 1), at: F.now) == .unknown)
            #expect(try await store.find(F.bytes(2, "access"), at: F.now) == F.access(2, of: 2))
            #expect(try await store.refresh(F.bytes(2, "refresh"), at: F.now) == F.refresh(2, of: 2))
        },
        Promise("a replay also ends the tokens that the first redeemer has not made yet") { (store) async throws in
            try await store.issue(try F.code())
            #expect(try await store.consume(F.bytes(1, "code"), at: F.now) == .first(F.code()))
            #expect(try await store.consume(F.bytes(1, "code"), at: F.now) == .replayed)
            try await store.issue(try F.access())
            try await store.issueRefresh(try F.refresh())
            #expect(try await store.find(F.bytes(1, "access"), at: F.now) == nil)
            #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) == nil)
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(2), at: F.now) == .unknown)
        },
        Promise("a replay at the same moment as the issue leaves no token") { (store) async throws in
            for number in 0..<30 {
                try await store.issue(try F.code(number))
                _ = try await store.consume(F.bytes(number, "code"), at: F.now)
                async let issued: Void = store.issue(try F.access(number, of: number))
                async let refreshable: Void = store.issueRefresh(try F.refresh(number, of: number))
                async let replayed = store.consume(F.bytes(number, "code"), at: F.now)
                #expect(try await replayed == .replayed)
                try await issued
                try await refreshable
                #expect(try await store.find(F.bytes(number, "access"), at: F.now) == nil)
                #expect(try await store.refresh(F.bytes(number, "refresh"), at: F.now) == nil)
            }
        },
    ]

    static let tokens = [
        Promise("an access token is found as it was issued, until its last moment") { (store) async throws in
            let token = try F.access(1, of: nil)
            try await store.issue(token)
            #expect(try await store.find(token.tokenDigest, at: F.now) == token)
            #expect(try await store.find(token.tokenDigest, at: token.expiresAt.adding(milliseconds: -1)) == token)
            #expect(try await store.find(token.tokenDigest, at: token.expiresAt) == nil)
            #expect(try await store.find(F.bytes(2, "access"), at: F.now) == nil)
        },
        Promise("a refresh token is exchanged once, and its successor once") { (store) async throws in
            try await store.issueRefresh(try F.refresh(1))
            #expect(try await store.refresh(F.bytes(1, "refresh"), at: F.now) == F.refresh(1))
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(2), at: F.now) == .rotated)
            #expect(try await store.refresh(F.bytes(2, "refresh"), at: F.now) == F.refresh(2))
            #expect(try await store.rotate(F.bytes(2, "refresh"), to: F.refresh(3), at: F.now) == .rotated)
            #expect(try await store.rotate(F.bytes(9, "refresh"), to: F.refresh(4), at: F.now) == .unknown)
            #expect(try await store.refresh(F.bytes(4, "refresh"), at: F.now) == nil)
        },
        Promise("a refresh token that comes twice ends its family, and no other (RFC 9700 §4.14.2)") { (store) async throws in
            for number in 1...2 {
                try await store.issue(try F.code(number))
                _ = try await store.consume(F.bytes(number, "code"), at: F.now)
                try await store.issue(try F.access(number, of: number))
                try await store.issueRefresh(try F.refresh(number, of: number))
            }
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(3, of: 1), at: F.now) == .rotated)
            try await store.issue(try F.access(3, of: 1))
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(4, of: 1), at: F.now) == .reused)
            for number in [1, 3, 4] { #expect(try await store.refresh(F.bytes(number, "refresh"), at: F.now) == nil) }
            for number in [1, 3] { #expect(try await store.find(F.bytes(number, "access"), at: F.now) == nil) }
            #expect(try await store.rotate(F.bytes(3, "refresh"), to: F.refresh(5, of: 1), at: F.now) == .unknown)
            // The thief's exchange was answered, its access token is on the way: too late.
            try await store.issue(try F.access(5, of: 1))
            #expect(try await store.find(F.bytes(5, "access"), at: F.now) == nil)
            #expect(try await store.find(F.bytes(2, "access"), at: F.now) != nil)
            #expect(try await store.refresh(F.bytes(2, "refresh"), at: F.now) != nil)
        },
        Promise("of 100 that exchange a refresh token one succeeds, and then none has a token") { (store) async throws in
            try await store.issueRefresh(try F.refresh(1000))
            let outcomes = try await atOnce { try await store.rotate(F.bytes(1000, "refresh"), to: F.refresh($0), at: F.now) }
            #expect(outcomes.count { $0 == .rotated } == 1)
            #expect(outcomes.count { $0 == .reused } == 1)
            #expect(outcomes.count { $0 == .unknown } == 98)
            for number in 0..<100 { #expect(try await store.refresh(F.bytes(number, "refresh"), at: F.now) == nil) }
        },
        Promise("a refresh token ends with its last moment") { (store) async throws in
            let token = try F.refresh(1)
            try await store.issueRefresh(token)
            #expect(try await store.refresh(token.tokenDigest, at: token.expiresAt) == nil)
            #expect(try await store.rotate(token.tokenDigest, to: F.refresh(2, expires: F.afterwards), at: token.expiresAt) == .unknown)
            #expect(try await store.rotate(token.tokenDigest, to: F.refresh(3), at: token.expiresAt.adding(milliseconds: -1)) == .rotated)
        },
        Promise("a refresh token is not exchanged for one of another family") { (store) async throws in
            try await store.issueRefresh(try F.refresh(1, of: 1))
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(2, of: 2), at: F.now) == .unknown)
            #expect(try await store.refresh(F.bytes(2, "refresh"), at: F.now) == nil)
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(3, of: 1), at: F.now) == .rotated)
        },
        Promise("a refresh token whose successor cannot be kept stays good", refused: true) { (store) async throws in
            try await store.issueRefresh(try F.refresh(1))
            try await store.issueRefresh(try F.refresh(2, of: 2))
            await #expect(throws: (any Error).self) { try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(2), at: F.now) }
            #expect(try await store.rotate(F.bytes(1, "refresh"), to: F.refresh(3), at: F.now) == .rotated)
        },
    ]
}
