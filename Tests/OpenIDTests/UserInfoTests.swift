import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Userinfo (OpenID Connect Core §5.3, RFC 6750; checklist C8, E11, E24)` {
    private func answer(_ federation: Federation) throws -> TokenAnswer {
        let (code, record) = try federation.code()
        return try federation.tokens(record, Federation.tokenBody(code, Federation.credential(federation.assertion())))
    }

    @Test func `the holder of the token gets sub as in the ID token and what policy released`() throws {
        let federation = try Federation()
        let answer = try answer(federation)
        let token = try #require(answer.body["access_token"]?.string)
        #expect(try UserInfo.bearer(authorization: "Bearer " + token) == answer.accessToken.tokenDigest)
        #expect(try UserInfo.bearer(authorization: "bearer " + token) == answer.accessToken.tokenDigest)
        #expect(try UserInfo.bearer(authorization: nil, form: Array(("access_token=" + token).utf8)) == answer.accessToken.tokenDigest)
        let info = try UserInfo.answer(answer.accessToken, member: federation.member(), at: Federation.now)
        #expect(info["sub"] == (try federation.idTokenClaims(answer).claims["sub"]))
        #expect(info["pin_used"]?.bool == true)
    }

    @Test(arguments: [
        nil, "", "Bearer", "Bearer ", "Basic abc", "Bearer  abc", "Bearer abc def", "Bearer abc\"", "Bearer =", "Bearer a=b", "Bearer ü",
        "Bearer " + String(repeating: "a", count: 513), "abc",
    ])
    func `no token, no answer`(header: String?) {
        do throws(TokenRefusal) {
            _ = try UserInfo.bearer(authorization: header)
            Issue.record("read")
        } catch {
            #expect(error.status == 401)
            #expect(error.authenticateHeader?.hasPrefix("Bearer ") == true)
        }
    }

    @Test func `a token in two places or twice is refused`() {
        for (header, form) in [("Bearer a", "access_token=a"), (nil, "access_token=a&access_token=a"), (nil, "access_token=%")] {
            do throws(TokenRefusal) {
                _ = try UserInfo.bearer(authorization: header, form: Array(form.utf8))
                Issue.record("read")
            } catch {
                #expect(error.error == .invalidRequest)
                #expect(error.status == 400)
            }
        }
    }

    @Test func `a request without a token is told no error code, one with a wrong token is`() {
        #expect(TokenRefusal.tokenUnknown.authenticateHeader?.contains("error=\"invalid_token\"") == true)
        #expect(TokenRefusal.tokenUnknown.status == 401)
        do throws(TokenRefusal) {
            _ = try UserInfo.bearer(authorization: nil)
        } catch {
            #expect(error.authenticateHeader?.contains("error=") == false)
        }
    }

    @Test func `neither ID token, nor code, nor any part of a token opens userinfo (checklist E11, E24)`() async throws {
        let federation = try Federation()
        let store = MemoryStore()
        let (code, record) = try federation.code()
        await store.issue(record)
        let answer = try federation.tokens(record, Federation.tokenBody(code, Federation.credential(federation.assertion())))
        await store.issue(answer.accessToken)
        let token = try #require(answer.body["access_token"]?.string)
        let idToken = try #require(answer.body["id_token"]?.string)
        var attempts = [code] + (1..<token.count).map { String(token.prefix($0)) }
        attempts.append(token + "=")
        for attempt in attempts {
            let digest = try UserInfo.bearer(authorization: "Bearer " + attempt)
            #expect(await store.find(digest, at: Federation.now) == nil)
        }
        #expect(throws: TokenRefusal.self) { try UserInfo.bearer(authorization: "Bearer " + idToken) }
        #expect(await store.find(try UserInfo.bearer(authorization: "Bearer " + token), at: Federation.now) != nil)
    }

    @Test func `an expired token, a member that left, and another member are refused`() throws {
        let federation = try Federation()
        let record = try answer(federation).accessToken
        #expect(throws: Never.self) {
            try UserInfo.answer(record, member: federation.member(), at: Federation.now.adding(seconds: 599))
        }
        #expect(throws: TokenRefusal.self) {
            try UserInfo.answer(record, member: federation.member(), at: Federation.now.adding(seconds: 600))
        }
        #expect(throws: TokenRefusal.self) {
            try UserInfo.answer(record, member: federation.member(state: .withdrawn), at: Federation.now)
        }
        #expect(throws: TokenRefusal.self) { try UserInfo.answer(record, member: federation.member("ministry"), at: Federation.now) }
    }
}
