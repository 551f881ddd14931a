import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `JWT access tokens (RFC 9068; checklist O19, E24)` {
    private let federation: Federation
    init() throws { federation = try Federation(refreshTokens: true) }

    private static let resource = "https://api.example/records"

    private func answer(
        _ format: AccessTokenFormat = .jwt, resources: [String] = [], dpop: ProofMaker? = nil
    ) throws -> TokenAnswer {
        let client = try federation.optionsClient {
            $0.accessTokenFormat = format
            $0.resources = [Self.resource, "https://api.example/tax"]
        }
        let (code, record) = try federation.code(client: client)
        let body =
            Federation.tokenBody(code, Federation.credential(try federation.assertion()))
            + Array(resources.map { "&resource=" + Federation.encode($0) }.joined().utf8)
        var random = SystemRandomNumberGenerator()
        return try federation.authenticated(body, client: client, dpop: try dpop.map { [try $0.proof()] } ?? []).tokens(
            for: record, member: federation.member(), policy: federation.policy, at: federation.provider, at: Federation.now, using: &random
        )
    }

    private func token(_ answer: TokenAnswer) throws -> VerifiedJWS {
        let keys = try JWKSet(reading: federation.provider.jwks(at: Federation.now))
        return try UnverifiedJWS(compact: answer.body["access_token"]?.string ?? "").verified(by: keys.keys, allowed: [.es256])
    }

    @Test func `it says who, for whom, from whom and how, and is kept by its digest`() throws {
        let maker = try ProofMaker()
        let answer = try answer(dpop: maker)
        let token = try token(answer)
        #expect(token.header["typ"]?.string == "at+jwt")
        #expect(token.header["kid"]?.string == "p-ec")
        let claims = try JSON(reading: token.payload)
        #expect(claims["iss"]?.string == Federation.issuer)
        #expect(claims["aud"]?.string == Federation.issuer)
        #expect(claims["sub"]?.string == Federation.pairwise)
        #expect(claims["client_id"]?.string == "shop")
        #expect(claims["exp"]?.integer == Federation.now.seconds + 600)
        #expect(claims["iat"]?.integer == Federation.now.seconds)
        #expect(claims["auth_time"]?.integer == Federation.now.seconds - 60)
        #expect(claims["acr"]?.string == "urn:x:acr:pin")
        #expect(claims["amr"]?.strings == ["pin", "sc"])
        #expect(claims["scope"]?.string == "openid")
        #expect(claims["jti"]?.string == answer.accessToken.tokenID)
        #expect(claims["cnf"]?["jkt"]?.string == maker.thumbprint)
        #expect(claims["pin_used"] == nil, "what policy released is for userinfo and introspection")
        let text = try #require(answer.body["access_token"]?.string)
        #expect(answer.accessToken.tokenDigest == Digest.sha256(Array(text.utf8)))
        #expect(answer.accessToken.json.text.contains(text) == false)
    }

    @Test func `an opaque one stays the default`() throws {
        #expect(ClientOptions().accessTokenFormat == .opaque)
        let answer = try answer(.opaque)
        #expect(answer.body["access_token"]?.string?.utf8.count == 43)
        #expect(answer.accessToken.tokenID == nil)
    }

    @Test func `two tokens of one moment have two names`() throws {
        #expect(try answer().accessToken.tokenID != answer().accessToken.tokenID)
    }

    @Test func `a resource gets a name of the citizen from which nobody gets to the client's (RFC 9068 §6)`() throws {
        let one = try JSON(reading: token(answer(resources: [Self.resource])).payload)
        let same = try JSON(reading: token(answer(resources: [Self.resource])).payload)
        let other = try JSON(reading: token(answer(resources: ["https://api.example/tax"])).payload)
        #expect(one["aud"]?.string == Self.resource)
        #expect(one["sub"]?.string != Federation.pairwise)
        #expect(one["sub"] == same["sub"])
        #expect(one["sub"] != other["sub"])
        #expect(PairwiseID(one["sub"]?.string ?? "") != nil)
        let both = try JSON(reading: token(answer(resources: [Self.resource, "https://api.example/tax"])).payload)
        #expect(both["aud"]?.strings == [Self.resource, "https://api.example/tax"])
    }

    @Test func `an access token is no ID token, and an ID token no access token (checklist E24)`() throws {
        let answer = try answer()
        let access = try token(answer)
        let idToken = try federation.idTokenClaims(answer)
        #expect(access.type == "at+jwt")
        #expect(idToken.header["typ"]?.string == "JWT")
        // As a hint, an access token is no ID token of ours.
        let text = try #require(answer.body["access_token"]?.string)
        let client = try federation.optionsClient()
        let accepted = answer.body["id_token"]?.string ?? ""
        #expect(try federation.refusal(Federation.query([("id_token_hint", accepted)]), client: client) == nil)
        #expect(try federation.refusal(Federation.query([("id_token_hint", text)]), client: client) != nil)
    }
}

@Suite struct `Encrypted ID tokens and their algorithms (OpenID Connect Core §10; checklist C11)` {
    private static let keys = Result {
        (
            try PrivateKey.generate(.rsa(bits: 2048)), try PrivateKey.generate(.ec(.p256)), try PrivateKey.generate(.ed25519),
            try PrivateKey.generate(.ec(.p384))
        )
    }

    private func federation() throws -> (Federation, Provider) {
        let federation = try Federation()
        let own = try Self.keys.get()
        let provider = Provider(
            issuer: Federation.issuer,
            signingKeys: [
                federation.keys.providerES256, federation.keys.providerRS256,
                SigningKey(keyID: "p-pss", algorithm: .ps256, key: federation.keys.providerRS256.key),
                SigningKey(keyID: "p-384", algorithm: .es384, key: own.3), SigningKey(keyID: "p-ed", algorithm: .eddsa, key: own.2),
            ], scopes: ["openid"])
        return (federation, provider)
    }

    private func idToken(_ provider: Provider, _ federation: Federation, _ client: Client) throws -> (String, TokenAnswer) {
        let (code, record) = try federation.code(client: client)
        var random = SystemRandomNumberGenerator()
        let answer = try federation.authenticated(
            Federation.tokenBody(code, Federation.credential(federation.assertion())), client: client, provider: provider
        ).tokens(for: record, member: federation.member(), policy: federation.policy, at: provider, at: Federation.now, using: &random)
        return (try #require(answer.body["id_token"]?.string), answer)
    }

    @Test(
        arguments: [
            (JWSAlgorithm.rs256, DigestAlgorithm.sha256), (.ps256, .sha256), (.es256, .sha256), (.es384, .sha384), (.eddsa, .sha512),
            (.ed25519, .sha512),
        ])
    func `every algorithm signs, and at_hash goes with its digest`(algorithm: JWSAlgorithm, digest: DigestAlgorithm) throws {
        let (federation, provider) = try federation()
        let client = try federation.optionsClient(algorithm: algorithm, scopes: ["openid"], refreshTokens: false)
        let (text, answer) = try idToken(provider, federation, client)
        let keys = try JWKSet(reading: provider.jwks(at: Federation.now))
        let verified = try UnverifiedJWS(compact: text).verified(by: keys.keys, allowed: [algorithm])
        #expect(verified.header["alg"]?.string == algorithm.rawValue)
        let token = try #require(answer.body["access_token"]?.string)
        let hash = Digest.compute(digest, Array(token.utf8))
        #expect(try JSON(reading: verified.payload)["at_hash"]?.string == Base64url.encode(hash.prefix(hash.count / 2)))
    }

    @Test(
        arguments: [
            (JWEAlgorithm.rsaOAEP256, JWEContent.a256GCM), (.rsaOAEP, .a128CBCHS256), (.ecdhES, .a128GCM), (.ecdhESA256KW, .a256CBCHS512),
        ])
    func `a client that registered encryption gets a JWS within a JWE, to its own key`(algorithm: JWEAlgorithm, content: JWEContent) throws
    {
        let (federation, provider) = try federation()
        let own = try Self.keys.get()
        let key = algorithm.rawValue.hasPrefix("RSA") ? own.0 : own.1
        let client = try federation.optionsClient(scopes: ["openid"], refreshTokens: false) {
            $0.keys = JWKSet([JWK(key.publicKey, keyID: "enc", encryption: algorithm)])
            $0.idTokenEncryption = Encryption(algorithm: algorithm, content: content)
        }
        let (text, _) = try idToken(provider, federation, client)
        let jwe = try UnverifiedJWE(compact: text)
        #expect(jwe.header["alg"]?.string == algorithm.rawValue)
        #expect(jwe.header["enc"]?.string == content.rawValue)
        #expect(jwe.keyID == "enc")
        let opened = try jwe.decrypted(by: [DecryptionKey(keyID: "enc", key: key)], allowed: [algorithm])
        #expect(opened.contentType == "jwt")
        let keys = try JWKSet(reading: provider.jwks(at: Federation.now))
        let verified = try UnverifiedJWS(compact: opened.text ?? "").verified(by: keys.keys, allowed: [.es256])
        #expect(try JSON(reading: verified.payload)["sub"]?.string == Federation.pairwise)
    }

    @Test func `the claims of the ID token and of userinfo may differ`() throws {
        let federation = try Federation()
        let (code, record) = try federation.code()
        let split = record.json.with([("claims", .object([("pin_used", true)])), ("info", .object([("card_mode", "pin")]))])
        let answer = try federation.tokens(
            try #require(CodeRecord(json: split)), Federation.tokenBody(code, Federation.credential(federation.assertion())))
        let claims = try federation.idTokenClaims(answer).claims
        #expect(claims["pin_used"] == true && claims["card_mode"] == nil)
        #expect(try federation.userInfo(answer) == .object([("sub", .string(Federation.pairwise)), ("card_mode", "pin")]))
    }

    @Test(arguments: ["azp", "c_hash", "s_hash", "nbf", "cnf", "act", "client_id", "sub"])
    func `no released claim sets what readers give a meaning to (checklist H18)`(name: String) throws {
        let federation = try Federation()
        let (code, record) = try federation.code()
        let claims: [(String, JSON)] = [(name, "x"), ("card_mode", "pin")]
        let forged = record.json.with("claims", .object(claims))
        let answer = try federation.tokens(
            try #require(CodeRecord(json: forged)), Federation.tokenBody(code, Federation.credential(federation.assertion())))
        let told = try federation.idTokenClaims(answer).claims
        #expect(told[name]?.string != "x")
        #expect(told["card_mode"]?.string == "pin")
    }
}
