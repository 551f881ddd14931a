import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Tokens (OpenID Connect Core §2, §3.1.3; checklist C9, C11, C20, E24)` {
    private func answer(
        _ federation: Federation, _ changes: [(String, String?)] = [], client: Client? = nil, session: Session? = nil
    ) throws -> TokenAnswer {
        let (code, record) = try federation.code(changes, client: client, session: session)
        return try federation.tokens(
            record, Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client)
    }

    @Test func `the ID token says who, for whom, when, how and whether with PIN`() throws {
        let federation = try Federation()
        let answer = try answer(federation)
        let (claims, header) = try federation.idTokenClaims(answer)
        #expect(header["typ"]?.string == "JWT")
        #expect(header["alg"]?.string == "ES256")
        #expect(header["kid"]?.string == "p-ec")
        #expect(claims["iss"]?.string == Federation.issuer)
        #expect(claims["sub"]?.string == Federation.pairwise)
        #expect(claims["aud"]?.string == "shop")
        #expect(claims["iat"]?.integer == Federation.now.seconds)
        #expect(claims["exp"]?.integer == Federation.now.seconds + 600)
        #expect(claims["auth_time"]?.integer == Federation.now.seconds - 60)
        #expect(claims["nonce"]?.string == "n-1")
        #expect(claims["acr"]?.string == "urn:x:acr:pin")
        #expect(claims["amr"]?.strings == ["pin", "sc"])
        #expect(claims["pin_used"]?.bool == true)
        #expect(claims["card_mode"]?.string == "pin")
        #expect(claims["sid"]?.string?.isEmpty == false)
        #expect(claims["azp"] == nil)
        #expect(answer.body["expires_in"]?.integer == 600)
        #expect(answer.body["scope"]?.string == "openid")
        #expect(answer.body["refresh_token"] == nil)
    }

    @Test func `at_hash is the left half of the access token's SHA-256 (checklist E23)`() throws {
        let federation = try Federation()
        for algorithm in [JWSAlgorithm.es256, .rs256] {
            let answer = try answer(federation, client: federation.client(algorithm: algorithm))
            let (claims, header) = try federation.idTokenClaims(answer)
            #expect(header["alg"]?.string == algorithm.rawValue)
            let token = try #require(answer.body["access_token"]?.string)
            #expect(claims["at_hash"]?.string == Base64url.encode(Digest.sha256(Array(token.utf8)).prefix(16)))
        }
    }

    @Test(arguments: [(CardMode.pin, true, "urn:x:acr:pin"), (.face, false, "urn:x:acr:face"), (.presence, false, "urn:x:acr:presence")])
    func `the PIN fact, acr and amr follow the card's use`(mode: CardMode, pin: Bool, acr: String) throws {
        let federation = try Federation()
        let answer = try answer(federation, session: federation.session(mode: mode))
        let (claims, _) = try federation.idTokenClaims(answer)
        #expect(claims["pin_used"]?.bool == pin)
        #expect(claims["acr"]?.string == acr)
        #expect(claims["amr"]?.strings?.contains("pin") == pin)
        #expect(claims["amr"]?.strings?.contains("face") == (mode == .face))
    }

    @Test func `nothing is in the tokens that policy did not release`() throws {
        let federation = try Federation(releasing: [])
        let answer = try answer(federation)
        let (claims, _) = try federation.idTokenClaims(answer)
        let allowed: Set = ["iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid"]
        #expect(Set((claims.members ?? []).map(\.0)).isSubset(of: allowed))
        // Neither the serial number, nor the subject we know the citizen by.
        for secret in ["06d1", "subject-of-hanako", "serial"] {
            #expect(!claims.text.contains(secret))
            #expect(!answer.accessToken.json.text.contains(secret))
        }
        let info = try federation.userInfo(answer)
        #expect(info == .object([("sub", .string(Federation.pairwise))]))
    }

    @Test func `released claims cannot replace the protocol's own (checklist H18)`() throws {
        let federation = try Federation()
        let (code, record) = try federation.code()
        var members = try #require(record.json.members)
        let index = try #require(members.firstIndex { $0.0 == "claims" })
        members[index].1 = .object([("sub", "somebody"), ("aud", "other"), ("acr", "x"), ("card_carrier", "phone")])
        let forged = try #require(CodeRecord(json: .object(members)))
        let answer = try federation.tokens(forged, Federation.tokenBody(code, Federation.credential(federation.assertion())))
        let (claims, _) = try federation.idTokenClaims(answer)
        #expect(claims["sub"]?.string == Federation.pairwise)
        #expect((claims.members ?? []).count { $0.0 == "sub" || $0.0 == "aud" || $0.0 == "acr" } == 3)
        #expect(claims["card_carrier"]?.string == "phone")
        #expect(try federation.userInfo(answer)["sub"]?.string == Federation.pairwise)
    }

    @Test func `without a nonce asked there is none answered`() throws {
        let federation = try Federation()
        #expect(try federation.idTokenClaims(answer(federation, [("nonce", nil)])).claims["nonce"] == nil)
        let odd = "\u{0}\"\\\u{1F363}"
        #expect(try federation.idTokenClaims(answer(federation, [("nonce", odd)])).claims["nonce"]?.string == odd)
    }

    /// OpenID Connect Core §5.5.1.1: the answer matches one of the requested values.
    @Test(
        arguments: [
            ([("acr_values", "aal3")], "aal3"), ([("acr_values", "unknown")], "urn:x:acr:pin"), ([("acr_values", "aal1")], "urn:x:acr:pin"),
            ([("claims", #"{"id_token":{"acr":{"essential":true,"values":["aal2","aal3"]}}}"#)], "aal3"),
        ] as [([(String, String?)], String)])
    func `acr is said in the client's word for the context when it has one`(changes: [(String, String?)], acr: String) throws {
        let federation = try Federation()
        #expect(try federation.idTokenClaims(answer(federation, changes)).claims["acr"]?.string == acr)
    }

    @Test func `scopes that are unknown or not registered are left out, and the answer says so`() throws {
        let federation = try Federation()
        let answer = try answer(federation, [("scope", "profile openid email offline_access profile")])
        #expect(answer.body["scope"]?.string == "profile openid")
        #expect(answer.accessToken.scopes == ["profile", "openid"])
    }

    @Test func `an access token has 256 random bits and is stored as a digest`() throws {
        let federation = try Federation()
        let answer = try answer(federation)
        let token = try #require(answer.body["access_token"]?.string)
        #expect(Base64url.decode(token)?.count == 32)
        #expect(answer.accessToken.tokenDigest == Digest.sha256(Array(token.utf8)))
        #expect(!answer.accessToken.json.text.contains(token))
        #expect(answer.accessToken.expiresAt == Federation.now.adding(seconds: 600))
    }

    @Test func `the audit facts name no citizen and no token`() throws {
        let federation = try Federation()
        let answer = try answer(federation)
        let facts = JSON.object(answer.facts.map { ($0.name, $0.value) }).text
        let token = try #require(answer.body["access_token"]?.string)
        #expect(!facts.contains(token))
        #expect(!facts.contains(Federation.pairwise))
        #expect(facts.contains("private_key_jwt"))
    }

    @Test func `without a key for the client's algorithm the fault is ours`() throws {
        let federation = try Federation()
        let provider = Provider(issuer: Federation.issuer, signingKeys: [federation.keys.providerRS256])
        let (code, record) = try federation.code()
        let request = try federation.authenticated(Federation.tokenBody(code, Federation.credential(federation.assertion())))
        var random = SystemRandom()
        do throws(TokenRefusal) {
            _ = try request.tokens(
                for: record, member: try_(federation.member()), policy: federation.policy, at: provider, at: Federation.now, using: &random)
            Issue.record("signed")
        } catch {
            #expect(error.error == .serverError)
            #expect(error.status == 500)
        }
    }

    private func try_(_ member: @autoclosure () throws -> Member) throws(TokenRefusal) -> Member {
        do { return try member() } catch { throw TokenRefusal.codeUnknown }
    }
}
