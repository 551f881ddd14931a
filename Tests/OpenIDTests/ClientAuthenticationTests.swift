import Cryptography
import JOSE
import OpenID
import SignOn
import Testing
import Vocabulary

@Suite struct `Client authentication (checklist O8, O9, E9–E12, E15, E16, E24)` {
    private func refusal(
        _ federation: Federation, _ changes: [(String, String?)], authorization: String? = nil, client: Client? = nil, bare: Bool = false
    ) throws -> TokenRefusal? {
        let client = try client ?? federation.client()
        do throws(TokenRefusal) {
            let request = try UnverifiedTokenRequest(body: Federation.tokenBody("c", changes), authorization: authorization)
            _ = try request.authenticated(as: bare ? nil : client, at: federation.provider, at: Federation.now)
            return nil
        } catch {
            return error
        }
    }

    // MARK: private_key_jwt

    @Test(arguments: ["es256", "rs256", "ps256", "es384"])
    func `an assertion by the registered key is accepted, and its jti is to be claimed`(algorithm: String) throws {
        let federation = try Federation()
        let keys = federation.keys
        let key = ["es256": keys.shopES256, "rs256": keys.shopRS256, "ps256": keys.shopPS256][algorithm] ?? keys.shopES384
        let client = try federation.client(authentication: .privateKeyJWT(keys.set([key])))
        let request = try federation.authenticated(
            Federation.tokenBody("c", Federation.credential(federation.assertion(key: key))), client: client)
        let replay = try #require(request.authenticated.replay)
        #expect(replay.key == "jti-1")
        #expect(replay.scope.contains("shop"))
        #expect(replay.until > Federation.now.adding(seconds: 120), "the claim outlives the assertion, skew included")
        #expect(request.clientID.text == "shop")
    }

    struct Fault: CustomTestStringConvertible, Sendable {
        let claim: String
        let value: JSON?
        let code: String
        var testDescription: String { claim + ": " + (value?.text ?? "absent") }
    }

    static let faults = [
        Fault(claim: "iss", value: nil, code: "assertion-iss"), Fault(claim: "iss", value: "other", code: "assertion-iss"),
        Fault(claim: "sub", value: nil, code: "assertion-sub"), Fault(claim: "sub", value: "shop2", code: "contradicted"),
        Fault(claim: "aud", value: nil, code: "assertion-aud"), Fault(claim: "aud", value: "https://other.example", code: "assertion-aud"),
        Fault(claim: "aud", value: [], code: "assertion-aud"), Fault(claim: "aud", value: "https://login.example/", code: "assertion-aud"),
        Fault(claim: "aud", value: "https://login.example/openid/userinfo", code: "assertion-aud"),
        Fault(claim: "exp", value: nil, code: "assertion-exp"),
        Fault(claim: "exp", value: .integer(Federation.now.seconds - 11), code: "assertion-exp"),
        Fault(claim: "exp", value: .integer(Federation.now.seconds + 311), code: "assertion-exp"),
        Fault(claim: "nbf", value: .integer(Federation.now.seconds + 61), code: "assertion-nbf"),
        Fault(claim: "iat", value: .integer(Federation.now.seconds + 61), code: "assertion-iat"),
        Fault(claim: "jti", value: nil, code: "assertion-jti"), Fault(claim: "jti", value: "", code: "assertion-jti"),
        Fault(claim: "jti", value: .string(String(repeating: "j", count: 256)), code: "assertion-jti"),
    ]

    @Test(arguments: faults)
    func `an assertion with a faulty claim is refused, and the refusal says which`(fault: Fault) throws {
        let federation = try Federation()
        let assertion = try federation.assertion([(fault.claim, fault.value)])
        let refusal = try #require(
            try self.refusal(federation, Federation.credential(assertion) + [("client_id", "shop")]))
        #expect(refusal.explanation.code == "openid.client." + fault.code)
        #expect(refusal.body["explanation"]?["code"]?.string == refusal.explanation.code)
        if refusal.error == .invalidClient {
            #expect(refusal.status == 401)
            #expect(refusal.authenticateHeader?.hasPrefix("Basic ") == true)
        }
    }

    @Test(arguments: [
        ("exp", JSON.integer(Federation.now.seconds + 300)), ("exp", .integer(Federation.now.seconds - 5)),
        ("nbf", .integer(Federation.now.seconds + 8)), ("aud", .string(Federation.issuer)),
        ("aud", .array([.string(Federation.issuer), .string(Federation.issuer + "/openid/token")])),
        ("aud", .array(["https://other.example", .string(Federation.issuer)])),
    ])
    func `an assertion at the edge of the rules is accepted`(claim: String, value: JSON) throws {
        let federation = try Federation()
        #expect(try refusal(federation, Federation.credential(federation.assertion([(claim, value)]))) == nil)
    }

    /// Checklist E16: an assertion made for somebody else as well can be used by somebody else.
    @Test(arguments: [
        (JSON.string(Federation.issuer), true), (.array([.string(Federation.issuer)]), false),
        (.string(Federation.issuer + "/openid/token"), false), (.array(["https://other.example", .string(Federation.issuer)]), false),
    ])
    func `the strict profile accepts the issuer as the only string`(audience: JSON, accepted: Bool) throws {
        let federation = try Federation()
        let client = try federation.client(audiences: .issuerOnly)
        let refusal = try self.refusal(federation, Federation.credential(federation.assertion([("aud", audience)])), client: client)
        #expect((refusal == nil) == accepted)
    }

    @Test func `another key, even under the same kid, is refused`() throws {
        let federation = try Federation()
        let refusal = try refusal(federation, Federation.credential(federation.assertion(key: federation.keys.strangerES256)))
        #expect(refusal?.explanation.code == "openid.client.assertion-signature")
    }

    @Test(arguments: [
        #"{"alg":"none"}"#, #"{"alg":"None"}"#, #"{"alg":""}"#, #"{"alg":"HS256"}"#, #"{"alg":"HS256","kid":"s-ec"}"#, #"{"alg":"RS256"}"#,
        #"{"alg":"ES256","crit":["b64"],"b64":false}"#, #"{"alg":"ES256","crit":["x"],"x":1}"#, #"{"alg":"ES256","alg":"none"}"#, "{}",
        "[]",
        "x", #"{"alg":"ES256K"}"#, #"{"alg":"ES384"}"#, #"{"alg":["ES256"]}"#,
    ])
    func `a header that chooses its own rules is refused (checklist E9, E12)`(header: String) throws {
        let federation = try Federation()
        let signed = Base64url.encode(Array(header.utf8)) + "." + Base64url.encode(federation.assertionClaims().bytes)
        let key = federation.keys.shopES256
        // Also HMAC with the public key as its secret, the classic confusion.
        let genuine = try key.key.sign(Array(signed.utf8), .ecdsa(.sha256), encoding: .raw)
        for signature in [[], genuine, HMAC.sha256(key: key.key.publicKey.spki, Array(signed.utf8))] {
            let refusal = try refusal(federation, Federation.credential(signed + "." + Base64url.encode(signature)))
            #expect(refusal?.error == .invalidClient)
        }
    }

    @Test func `a key inside the header is not a key (checklist E10)`() throws {
        let federation = try Federation()
        let stranger = federation.keys.strangerES256
        let jwk = JWK(stranger.key.publicKey, keyID: "s-ec", algorithm: .es256).json
        let header = JSON.object([("alg", "ES256"), ("typ", "JWT"), ("jwk", jwk), ("jku", "https://evil.example/jwks")])
        let signed = Base64url.encode(header.bytes) + "." + Base64url.encode(federation.assertionClaims().bytes)
        let signature = try stranger.key.sign(Array(signed.utf8), .ecdsa(.sha256), encoding: .raw)
        let refusal = try refusal(federation, Federation.credential(signed + "." + Base64url.encode(signature)))
        #expect(refusal?.error == .invalidClient)
    }

    @Test(arguments: [
        ("JWT", true), ("client-authentication+jwt", true), (nil, true), ("at+jwt", false), ("logout+jwt", false),
        ("sekisho-mode+jwt", false),
    ])
    func `only an assertion's typ, or none, is an assertion (checklist E24)`(type: String?, accepted: Bool) throws {
        let federation = try Federation()
        let refusal = try refusal(federation, Federation.credential(federation.assertion(type: type)))
        #expect((refusal == nil) == accepted)
    }

    @Test func `our own ID token is no assertion (checklist E24)`() throws {
        let federation = try Federation()
        let (code, record) = try federation.code()
        let answer = try federation.tokens(record, Federation.tokenBody(code, Federation.credential(federation.assertion())))
        let token = try #require(answer.body["id_token"]?.string)
        #expect(try refusal(federation, Federation.credential(token) + [("client_id", "shop")]) != nil)
    }

    @Test func `every truncation and every flipped bit of an assertion is refused (checklist E11)`() throws {
        let federation = try Federation()
        let assertion = try federation.assertion()
        #expect(try refusal(federation, Federation.credential(assertion)) == nil)
        for length in stride(from: 0, to: assertion.utf8.count, by: 7) {
            #expect(try refusal(federation, Federation.credential(String(assertion.prefix(length)))) != nil)
        }
        for index in stride(from: 0, to: assertion.utf8.count, by: 11) {
            var bytes = Array(assertion.utf8)
            bytes[index] ^= 1
            #expect(try refusal(federation, Federation.credential(String(decoding: bytes, as: UTF8.self))) != nil)
        }
    }

    @Test(arguments: ["", "urn:ietf:params:oauth:client-assertion-type:saml2-bearer", "jwt-bearer"])
    func `another assertion type is refused`(type: String) throws {
        let federation = try Federation()
        let credential = [("client_assertion", Optional(try federation.assertion())), ("client_assertion_type", type)]
        #expect(try refusal(federation, credential)?.explanation.code == "openid.client.assertion-type")
    }

    @Test func `an assertion is used once (checklist E16)`() {
        let refusal = TokenRefusal.assertionReplayed
        #expect(refusal.error == .invalidClient)
        #expect(refusal.status == 401)
        #expect(refusal.authenticateHeader != nil)
    }

    // MARK: client_secret_basic

    @Test func `id and secret are form-encoded before Base64`() throws {
        let federation = try Federation()
        let header = Federation.basic("shop", Federation.secret)
        #expect(try refusal(federation, [], authorization: header, client: federation.secretClient()) == nil)
        let spellings: [String] = ["basic" + header.dropFirst(5), "Basic   " + header.dropFirst(6)]
        for spelling in spellings {
            #expect(try refusal(federation, [], authorization: spelling, client: federation.secretClient()) == nil)
        }
        let request = try federation.authenticated(Federation.tokenBody("c"), authorization: header, client: federation.secretClient())
        #expect(request.authenticated.replay == nil)
    }

    @Test func `every prefix of the secret is wrong (checklist E11, E15)`() throws {
        let federation = try Federation()
        for length in 0..<Federation.secret.count {
            let header = Federation.basic("shop", String(Federation.secret.prefix(length)))
            let refusal = try refusal(federation, [], authorization: header, client: federation.secretClient())
            #expect(refusal?.error == .invalidClient)
            #expect(refusal?.body.text.contains(Federation.secret.prefix(8)) == false)
        }
    }

    @Test(arguments: [
        "Basic", "Basic ", "Basic x", "Basic !!!!", "Basic c2hvcA==", "Bearer abc", "Digest x", "Basic c2hvcDp4\r\n", "Basic  c2hvcDp4", "",
        "Basic /zo/", "Basic " + String(repeating: "A", count: 5_000),
    ])
    func `a malformed header is refused`(header: String) throws {
        let federation = try Federation()
        let refusal = try refusal(federation, [], authorization: header, client: federation.secretClient())
        #expect(refusal?.error == .invalidClient)
        #expect(refusal?.status == 401)
    }

    // MARK: Which method

    @Test func `two methods at once are refused, whichever two`() throws {
        let federation = try Federation()
        let assertion = Federation.credential(try federation.assertion())
        let basic = Federation.basic("shop", Federation.secret)
        for (changes, header) in [
            (assertion, Optional(basic)), (assertion + [("client_secret", Federation.secret)], nil),
            ([("client_secret", Federation.secret)], basic),
        ] {
            for client in [try federation.client(), try federation.secretClient()] {
                let refusal = try refusal(federation, changes, authorization: header, client: client)
                #expect(refusal?.error == .invalidRequest)
                #expect(refusal?.explanation.code == "openid.client.several-methods")
            }
        }
    }

    @Test func `the method that is not registered is refused even with a right credential`() throws {
        let federation = try Federation()
        let basic = Federation.basic("shop", Federation.secret)
        #expect(try refusal(federation, [], authorization: basic)?.explanation.code == "openid.client.method")
        let assertion = Federation.credential(try federation.assertion())
        #expect(try refusal(federation, assertion, client: federation.secretClient())?.explanation.code == "openid.client.method")
    }

    @Test func `a secret in the body and no credential at all are refused`() throws {
        let federation = try Federation()
        let inBody = try refusal(
            federation, [("client_id", "shop"), ("client_secret", Federation.secret)], client: federation.secretClient())
        #expect(inBody?.explanation.code == "openid.client.method")
        #expect(inBody?.error == .invalidClient)
        #expect(try refusal(federation, [("client_id", "shop")])?.explanation.code == "openid.client.no-credential")
        #expect(try refusal(federation, [])?.explanation.code == "openid.client.no-credential")
    }

    @Test func `an unknown client, another's registration, and a contradicting client_id are refused`() throws {
        let federation = try Federation()
        let credential = Federation.credential(try federation.assertion())
        #expect(try refusal(federation, credential, bare: true)?.explanation.code == "openid.request.client-unknown")
        #expect(try refusal(federation, credential, client: federation.client("other"))?.error == .invalidClient)
        #expect(try refusal(federation, credential + [("client_id", "other")])?.explanation.code == "openid.client.contradicted")
        #expect(try refusal(federation, credential + [("client_id", "shop")]) == nil)
    }

    @Test func `a client whose keys can sign nothing we accept is not registered`() throws {
        let federation = try Federation()
        let key = SigningKey(keyID: "512", algorithm: .es512, key: try PrivateKey.generate(.ec(.p521)))
        #expect(throws: ClientRefusal.self) { try federation.client(authentication: .privateKeyJWT(federation.keys.set([key]))) }
        #expect(throws: ClientRefusal.self) { try federation.client(authentication: .privateKeyJWT(federation.keys.set([]))) }
        #expect(throws: ClientRefusal.self) { try federation.client(authentication: .clientSecretBasic(digest: [1, 2, 3])) }
    }
}
