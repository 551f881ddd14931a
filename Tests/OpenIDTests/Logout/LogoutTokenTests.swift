import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

/// OpenID Connect Back-Channel Logout 1.0 §2.4–§2.8; checklist C14, E24.
@Suite struct `Logout tokens` {
    private static let address = "https://shop.example/backchannel"

    private func participation(_ federation: Federation) throws -> Participation {
        let session = try federation.session()
        let member = try federation.member()
        return Participation(
            thread: session.thread, subject: session.subject, member: member.id, name: .subject(Federation.pairwise),
            sessionIndex: session.tie.index(for: member.id), joinedAt: Federation.now, expiresAt: Federation.now.adding(seconds: 3600))
    }

    private func token(_ federation: Federation, algorithm: JWSAlgorithm = .es256) throws -> (LogoutToken, VerifiedJWS, JSON) {
        var random = SystemRandomNumberGenerator()
        let made = try LogoutToken(
            telling: federation.client(algorithm: algorithm, backchannel: Self.address), of: participation(federation),
            from: federation.provider, at: Federation.now, using: &random)
        let token = try #require(made)
        let form = String(decoding: token.form, as: UTF8.self)
        try #require(form.hasPrefix("logout_token="))
        let keys = try JWKSet(reading: federation.provider.jwks(at: Federation.now))
        let verified = try UnverifiedJWS(compact: String(form.dropFirst(13))).verified(by: keys.keys, allowed: [algorithm])
        return (token, verified, try JSON(reading: verified.payload))
    }

    @Test(arguments: [JWSAlgorithm.es256, .rs256])
    func `it says what §2.4 asks for, in the algorithm of the client's ID tokens`(algorithm: JWSAlgorithm) throws {
        let federation = try Federation()
        let (token, verified, claims) = try token(federation, algorithm: algorithm)
        #expect(verified.type == "logout+jwt")
        #expect(token.address == Self.address)
        #expect(claims["iss"]?.string == Federation.issuer)
        #expect(claims["aud"]?.string == "shop")
        #expect(claims["jti"]?.string == token.id)
        #expect(claims["sub"]?.string == Federation.pairwise)
        #expect(claims["iat"]?.integer == Federation.now.seconds)
        #expect(claims["exp"]?.integer == Federation.now.seconds + 120)
        #expect(claims["events"]?.members?.map(\.0) == ["http://schemas.openid.net/event/backchannel-logout"])
        #expect(claims["events"]?["http://schemas.openid.net/event/backchannel-logout"]?.members?.isEmpty == true)
        #expect(claims["nonce"] == nil, "a nonce would let it pass for an ID token (§2.4)")
    }

    @Test(arguments: [(JWEAlgorithm.ecdhESA256KW, KeyKind.x25519), (.ecdhES, .ec(.p256)), (.rsaOAEP256, .rsa(bits: 2048))])
    func `a client whose ID tokens are encrypted gets it encrypted in the same way, signed inside`(
        algorithm: JWEAlgorithm, kind: KeyKind
    ) throws {
        let federation = try Federation()
        let key = DecryptionKey(keyID: "enc", key: try .generate(kind))
        let (token, compact) = try encrypted(federation, to: key.jwk, algorithm)
        let opened = try UnverifiedJWE(compact: compact).decrypted(by: [key], allowed: [algorithm])
        #expect(opened.contentType == "jwt" && opened.content == .a256GCM)
        let keys = try JWKSet(reading: federation.provider.jwks(at: Federation.now))
        let inner = try UnverifiedJWS(compact: try #require(opened.text)).verified(by: keys.keys, allowed: [.es256])
        #expect(inner.type == "logout+jwt")
        #expect(try JSON(reading: inner.payload)["jti"]?.string == token.id)
        let other = DecryptionKey(keyID: "enc", key: try .generate(kind))
        #expect(throws: JWERefusal.undecryptable) {
            try UnverifiedJWE(compact: compact).decrypted(by: [other], allowed: [algorithm])
        }
    }

    @Test func `without a key for that it cannot be registered, so that none goes in the open`() throws {
        let federation = try Federation()
        let signing = try PrivateKey.generate(.ec(.p256)).publicKey
        #expect(throws: ClientRefusal.self) { try encrypted(federation, to: JWK(signing, keyID: "s", algorithm: .es256), .ecdhES) }
    }

    private func encrypted(_ federation: Federation, to key: JWK, _ algorithm: JWEAlgorithm) throws -> (LogoutToken, String) {
        var options = ClientOptions()
        options.keys = JWKSet([key])
        options.idTokenEncryption = Encryption(algorithm: algorithm, content: .a256GCM)
        let client = try Client(
            id: Federation.memberID("shop"), redirectURIs: [Federation.callback],
            authentication: .privateKeyJWT(federation.keys.set([federation.keys.shopES256])), scopes: ["openid"],
            backchannelLogoutURI: Self.address, options: options)
        var random = SystemRandomNumberGenerator()
        let made = try LogoutToken(
            telling: client, of: participation(federation), from: federation.provider, at: Federation.now, using: &random)
        let token = try #require(made)
        let form = String(decoding: token.form, as: UTF8.self)
        return (token, String(form.dropFirst(13)))
    }

    @Test func `its sid is the one of the ID token`() throws {
        let federation = try Federation()
        let (code, record) = try federation.code()
        let answer = try federation.tokens(record, Federation.tokenBody(code, Federation.credential(federation.assertion())))
        let compact = try #require(answer.body["id_token"]?.string)
        let claims = try JSON(reading: UnverifiedJWS(compact: compact).unverifiedPayload)
        #expect(try token(federation).2["sid"] == claims["sid"])
        #expect(claims["sid"] != nil)
    }

    @Test func `every one is another`() throws {
        let federation = try Federation()
        #expect(try token(federation).0.id != token(federation).0.id)
    }

    @Test func `a client without an address for it gets none, and is planned as one that stays open`() throws {
        let federation = try Federation()
        var random = SystemRandomNumberGenerator()
        let token = try LogoutToken(
            telling: federation.client(), of: participation(federation), from: federation.provider, at: Federation.now, using: &random)
        #expect(token == nil)
        #expect(try federation.client().logoutPlan == LogoutPlan(.none, .noService))
        #expect(try federation.client(backchannel: Self.address).logoutPlan == LogoutPlan(.back))
    }

    /// A key in a token may be away for a second: that is no reason to tell the client never.
    @Test func `a key that does not sign is another thing than a client that is told nothing`() throws {
        let federation = try Federation()
        let broken = SigningKey(keyID: "p-ec", algorithm: .es256, key: federation.keys.providerRS256.key)
        let provider = Provider(issuer: Federation.issuer, signingKeys: [broken])
        #expect(throws: KeyError.unsupported) {
            var random = SystemRandomNumberGenerator()
            _ = try LogoutToken(
                telling: federation.client(backchannel: Self.address), of: participation(federation), from: provider, at: Federation.now,
                using: &random)
        }
        let keyless = Provider(issuer: Federation.issuer, signingKeys: [])
        var random = SystemRandomNumberGenerator()
        let token = try LogoutToken(
            telling: federation.client(backchannel: Self.address), of: participation(federation), from: keyless, at: Federation.now,
            using: &random)
        #expect(token == nil)
    }

    @Test(arguments: [
        (200, LogoutToken.Verdict.ended), (204, .ended), (400, .refused), (501, .refused), (404, .tryAgain), (500, .tryAgain),
        (503, .tryAgain), (302, .tryAgain), (201, .tryAgain),
    ])
    func `answers are read as §2.8 says`(status: Int, verdict: LogoutToken.Verdict) {
        #expect(LogoutToken.verdict(status: status) == verdict)
    }

    /// The same rules as for redirect addresses: nobody else's machine is asked by a slip of the pen.
    @Test(arguments: [
        ("https://shop.example/bc", true), ("http://shop.example/bc", false), ("https://shop.example/bc#x", false), ("shop", false),
        ("https://user@shop.example/bc", false), ("javascript:alert(1)", false), ("", false),
    ])
    func `an address for logout is registered only when it is fit`(address: String, isFit: Bool) throws {
        let federation = try Federation()
        if isFit {
            #expect(try federation.client(afterLogout: [address], backchannel: address).backchannelLogoutURI == address)
            return
        }
        let refusal = #expect(throws: ClientRefusal.self) { try federation.client(afterLogout: [address], backchannel: address) }
        #expect(
            refusal?.explanations.map(\.code) == ["openid.client.post-logout-redirect-uri", "openid.client.backchannel-logout-uri"])
    }
}
