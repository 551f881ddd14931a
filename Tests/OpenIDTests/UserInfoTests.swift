import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import TrustFramework
import Vocabulary

@Suite struct `Userinfo (OpenID Connect Core §5.3, RFC 6750, RFC 9449 §7; checklist C8)` {
    private let agencies: Agencies
    init() throws { agencies = try Agencies() }

    private func refusal(_ body: () throws -> Void) throws -> ResourceRefusal {
        do {
            try body()
        } catch let refusal as ResourceRefusal {
            return refusal
        }
        throw Missing()
    }

    private func verified(
        _ token: PresentedToken, _ record: AccessTokenRecord, client: Client? = nil, member: Member? = nil,
        evidence: ClientEvidence = ClientEvidence(), nonces: DPoPNonces = .off, at now: Timestamp = Agencies.now
    ) throws -> VerifiedUserInfoRequest {
        try token.verified(
            as: record, of: client ?? agencies.portalClient(), member ?? agencies.member(Agencies.portal), with: evidence, nonces: nonces,
            at: agencies.provider, at: now)
    }

    private func bearer(_ token: String = Agencies.token) throws -> PresentedToken {
        try PresentedToken(authorization: "Bearer " + token)
    }

    @Test(arguments: ["Bearer", "bearer", "BEARER", "dpop", "DPoP", "dPoP"])
    func `the scheme has no letter case, and the token is known by its digest`(scheme: String) throws {
        let presented = try PresentedToken(authorization: scheme + " " + Agencies.token)
        #expect(presented.digest == Agencies.digest(Agencies.token))
        #expect(presented.scheme == (scheme.lowercased() == "dpop" ? .dpop : .bearer))
        // RFC 6750 §2.1: one space or more.
        #expect(try PresentedToken(authorization: scheme + "   " + Agencies.token).digest == presented.digest)
    }

    @Test func `a form body carries a token too`() throws {
        let presented = try PresentedToken(authorization: nil, form: Array("access_token=\(Agencies.token)&x=1".utf8))
        #expect(presented.digest == Agencies.digest(Agencies.token))
    }

    @Test(arguments: [nil, "", "Bearer", "Bearer ", "Bearer   ", " Bearer abc", "Basic abc", "abc", "Bearer\tabc", "Mac x"])
    func `without a token the answer names every scheme and no error code`(header: String?) throws {
        let refusal = try refusal { _ = try PresentedToken(authorization: header) }
        #expect(refusal.status == 401)
        let challenges = refusal.challenges(metadata: "https://login.example/meta")
        #expect(challenges.map { $0.split(separator: " ").first } == ["Bearer", "DPoP"])
        #expect(challenges.allSatisfy { !$0.contains("error=") && $0.contains("resource_metadata=\"https://login.example/meta\"") })
        #expect(challenges.last?.contains("algs=\"ES256") == true)
    }

    @Test(arguments: ["Bearer \tabc", "Bearer abc def", "Bearer abc\"", "Bearer =", "Bearer a=b", "Bearer ü", "DPoP a,b"])
    func `what no token looks like is none`(header: String) throws {
        let refusal = try refusal { _ = try PresentedToken(authorization: header) }
        #expect(refusal.status == 401 && refusal.error == .invalidToken)
        #expect(refusal.challenges(metadata: nil).first?.contains("error=\"invalid_token\"") == true)
    }

    @Test(arguments: [
        ("Bearer a", "access_token=a", ""), (nil, "access_token=a&access_token=a", ""), (nil, "access_token=%", ""),
        (nil, nil, "access_token=a"), ("Bearer a", nil, "access_token=a"), ("Bearer a", nil, "x=1&access%5Ftoken=a"),
        ("Bearer a", nil, "access_token"), ("Bearer a", nil, "access_token=a&access_token=b"),
    ])
    func `a token in two places, twice, or in the query is refused (FAPI 2.0 §5.3.4)`(header: String?, form: String?, query: String) throws
    {
        let refusal = try refusal {
            _ = try PresentedToken(authorization: header, form: form.map { Array($0.utf8) }, query: query)
        }
        #expect(refusal.error == .invalidRequest && refusal.status == 400)
    }

    @Test func `the holder gets sub and what policy released, and nothing released sets a claim of the protocol (H18)`() throws {
        var random = SystemRandom()
        let answer = try verified(bearer(), Agencies.record()).answer(at: agencies.provider, at: Agencies.now, using: &random)
        #expect(answer == .json(["sub": .string(Agencies.subject), "pin_used": true]))
    }

    @Test func `no other token's record answers for a token, and no prefix of a token is one (E11)`() throws {
        let record = try Agencies.record()
        for length in 1..<Agencies.token.count {
            let presented = try bearer(String(Agencies.token.prefix(length)))
            #expect(presented.digest != record.tokenDigest)
            #expect(throws: ResourceRefusal.self) { try verified(presented, record) }
        }
        #expect(throws: ResourceRefusal.self) { try verified(bearer(Agencies.token + "="), record) }
        #expect(throws: Never.self) { try verified(bearer(), record) }
    }

    private static let strangers: [(String, JSON, TokenError)] = [
        ("expires", .integer(Agencies.now.milliseconds), .invalidToken), ("resources", [.string(Agencies.townResource)], .invalidToken),
        ("act", ["sub": "portal"], .invalidToken), ("scopes", ["filing"], .insufficientScope), ("client", "town", .invalidToken),
    ]

    @Test(arguments: strangers)
    func `a token that is expired, for an agency, acted with, without openid or another's is refused`(
        member: String, value: JSON, error: TokenError
    ) throws {
        let record = try Agencies.record(Agencies.token, [(member, value)])
        let refusal = try refusal { _ = try verified(bearer(), record) }
        #expect(refusal.error == error)
        #expect(refusal.status == (error == .insufficientScope ? 403 : 401))
    }

    @Test(arguments: ["https://login.example", "https://login.example/openid/userinfo"])
    func `an audience that includes us is for here`(audience: String) throws {
        let record = try Agencies.record(Agencies.token, [("resources", ["https://town.example/api", .string(audience)])])
        #expect(throws: Never.self) { try verified(bearer(), record) }
    }

    @Test func `a member that is suspended, has left, or another member gets nothing`() throws {
        let record = try Agencies.record()
        for state in [Accreditation.State.suspended, .withdrawn, .applied] {
            #expect(throws: ResourceRefusal.self) { try verified(bearer(), record, member: agencies.member(Agencies.portal, state: state)) }
        }
        #expect(throws: ResourceRefusal.self) { try verified(bearer(), record, member: agencies.member("town")) }
        #expect(throws: ResourceRefusal.self) { try verified(bearer(), record, client: agencies.townClient()) }
    }

    @Test func `a step-up challenge says what is needed (RFC 9470 §3)`() {
        let why = Explanation("x.y", "too weak", clause: "RFC 9470 §3", remedy: "log in again")
        let refusal = ResourceRefusal.stepUp(why, acrValues: ["urn:x:acr:pin", "aal3"], maximumAge: 300, by: .dpop)
        #expect(refusal.status == 401)
        let challenge = refusal.challenges(metadata: nil).first ?? ""
        #expect(challenge.hasPrefix("DPoP realm=\"userinfo\", error=\"insufficient_user_authentication\""))
        #expect(challenge.contains("acr_values=\"urn:x:acr:pin aal3\", max_age=\"300\""))
    }
}

@Suite struct `Userinfo with sender-constrained tokens (RFC 9449 §7, RFC 8705 §3; FAPI 2.0 §5.3.4)` {
    private let agencies: Agencies
    private let key: SigningKey
    private let address: String

    init() throws {
        agencies = try Agencies()
        key = agencies.federation.keys.shopES256
        address = agencies.provider.userInfoEndpoint
    }

    private func bound(_ cnf: JSON) throws -> AccessTokenRecord { try Agencies.record(Agencies.token, [("cnf", cnf)]) }

    private func error(
        _ scheme: String, _ record: AccessTokenRecord, dpop: [String] = [], certificate: PresentedCertificate? = nil,
        nonces: DPoPNonces = .off
    ) throws -> ResourceRefusal? {
        let client = try agencies.portalClient()
        let member = try agencies.member(Agencies.portal)
        do throws(ResourceRefusal) {
            let verified = try PresentedToken(authorization: scheme + " " + Agencies.token).verified(
                as: record, of: client, member, with: ClientEvidence(dpop: dpop, certificate: certificate, method: "GET", address: address),
                nonces: nonces,
                at: agencies.provider, at: Agencies.now)
            #expect((verified.replay != nil) == (scheme == "DPoP"))
            return nil
        } catch {
            return error
        }
    }

    @Test func `a token bound to a DPoP key comes with a proof of that key and of itself`() throws {
        let record = try bound(["jkt": .string(key.jwk.thumbprint)])
        let good = try Agencies.proof(of: key, "GET", address, token: Agencies.token)
        #expect(try error("DPoP", record, dpop: [good]) == nil)
        let stranger = agencies.federation.keys.strangerES256
        let wrong: [(String, [String], TokenError)] = [
            ("none", [], .invalidDPoPProof), ("two", [good, good], .invalidDPoPProof),
            ("no ath", [try Agencies.proof(of: key, "GET", address)], .invalidDPoPProof),
            ("ath of another token", [try Agencies.proof(of: key, "GET", address, token: "other")], .invalidDPoPProof),
            ("another method", [try Agencies.proof(of: key, "POST", address, token: Agencies.token)], .invalidDPoPProof),
            (
                "another address", [try Agencies.proof(of: key, "GET", agencies.provider.tokenEndpoint, token: Agencies.token)],
                .invalidDPoPProof
            ),
            ("another key", [try Agencies.proof(of: stranger, "GET", address, token: Agencies.token)], .invalidToken),
            ("garbage", ["a.b.c"], .invalidDPoPProof),
        ]
        for (name, proofs, expected) in wrong {
            let refusal = try error("DPoP", record, dpop: proofs)
            #expect(refusal?.error == expected && refusal?.status == 401, "\(name)")
            #expect(refusal?.challenges(metadata: nil).first?.hasPrefix("DPoP ") == true, "\(name)")
        }
    }

    @Test func `a bound token is never a bearer token, and a bearer token never takes a proof (RFC 9449 §7.2)`() throws {
        let proof = try Agencies.proof(of: key, "GET", address, token: Agencies.token)
        let stolen = try error("Bearer", bound(["jkt": .string(key.jwk.thumbprint)]), dpop: [proof])
        #expect(stolen?.error == .invalidToken && stolen?.challenges(metadata: nil).first?.hasPrefix("DPoP ") == true)
        #expect(try error("DPoP", Agencies.record(), dpop: [proof])?.error == .invalidToken)
        #expect(try error("Bearer", Agencies.record()) == nil)
    }

    @Test func `a proof without the server's nonce is told one`() throws {
        let nonces = DPoPNonces(.required, secret: [UInt8](repeating: 1, count: 32))
        let record = try bound(["jkt": .string(key.jwk.thumbprint)])
        let first = try error("DPoP", record, dpop: [Agencies.proof(of: key, "GET", address, token: Agencies.token)], nonces: nonces)
        #expect(first?.error == .useDPoPNonce && first?.status == 401)
        let nonce = try #require(first?.nonce)
        let second = try Agencies.proof(of: key, "GET", address, token: Agencies.token, nonce: nonce, jti: "p-2")
        #expect(try error("DPoP", record, dpop: [second], nonces: nonces) == nil)
    }

    @Test func `a token bound to a certificate is good on connections with that certificate only`() throws {
        let own = PresentedCertificate(der: [1, 2, 3])
        let record = try bound(["x5t#S256": .string(own.thumbprint)])
        #expect(try error("Bearer", record, certificate: own) == nil)
        #expect(try error("Bearer", record, certificate: PresentedCertificate(der: [1, 2, 4]))?.error == .invalidToken)
        #expect(try error("Bearer", record)?.error == .invalidToken)
    }
}

@Suite struct `Userinfo as a JWT (OpenID Connect Core §5.3.2; checklist C8, C11, E24)` {
    private func answer(_ configure: (inout ClientOptions) -> Void) throws -> (SealedAnswer, Agencies) {
        let agencies = try Agencies()
        let client = try agencies.portalClient(configure)
        let verified = try PresentedToken(authorization: "Bearer " + Agencies.token).verified(
            as: Agencies.record(), of: client, agencies.member(Agencies.portal), with: ClientEvidence(), nonces: .off,
            at: agencies.provider, at: Agencies.now)
        var random = SystemRandom()
        return (try verified.answer(at: agencies.provider, at: Agencies.now, using: &random), agencies)
    }

    private func opened(_ text: String, _ agencies: Agencies) throws -> (JSON, String?) {
        let keys = try JWKSet(reading: agencies.provider.jwks(at: Agencies.now))
        let verified = try UnverifiedJWS(compact: text).verified(by: keys.keys, allowed: [.es256, .rs256])
        return (try JSON(reading: verified.payload), verified.type)
    }

    @Test(arguments: [JWSAlgorithm.es256, .rs256])
    func `signed, with issuer and audience, and no ID token`(algorithm: JWSAlgorithm) throws {
        let (answer, agencies) = try answer { $0.userInfoSigning = algorithm }
        guard case .compact(let text) = answer else { throw Missing() }
        let (claims, type) = try opened(text, agencies)
        #expect(claims["iss"]?.string == Federation.issuer && claims["aud"]?.string == Agencies.portal)
        #expect(claims["sub"]?.string == Agencies.subject && claims["pin_used"]?.bool == true)
        #expect(type == nil, "Core names none, and libraries refuse one that they do not know")
        // What takes ID tokens takes `typ: JWT` only (E24).
        let hint = try agencies.federation.refusal(Federation.query([("client_id", "shop"), ("id_token_hint", text)]))
        #expect(hint?.explanation.summary.contains("it is no ID token") == true)
    }

    @Test func `nested: signed, then encrypted to the client's own key`() throws {
        let reader = EncryptionKeys.client
        let (answer, agencies) = try answer { options in
            options.userInfoSigning = .es256
            options.userInfoEncryption = Encryption(algorithm: .ecdhESA128KW, content: .a128CBCHS256)
            options.keys = try? JWKSet(reading: .object([("keys", [reader.jwk.json, Keys.shared.get().shopES256.jwk.json])]))
        }
        guard case .compact(let text) = answer else { throw Missing() }
        #expect(text.utf8.count { $0 == 0x2e } == 4)
        let opened = try UnverifiedJWE(compact: text).decrypted(by: [reader], allowed: [.ecdhESA128KW])
        #expect(opened.contentType == "jwt")
        let (claims, _) = try self.opened(try #require(opened.text), agencies)
        #expect(claims["sub"]?.string == Agencies.subject)
        #expect(throws: JWERefusal.self) {
            try UnverifiedJWE(compact: text).decrypted(by: [EncryptionKeys.provider], allowed: [.ecdhESA128KW])
        }
    }

    @Test func `with no key to sign with, there is no answer instead of a plain one`() throws {
        #expect(throws: Never.self) { try answer { $0.userInfoSigning = .es256 } }
        // The deployment has no key for PS256.
        #expect(throws: ResourceRefusal.self) { try answer { $0.userInfoSigning = .ps256 } }
    }
}
