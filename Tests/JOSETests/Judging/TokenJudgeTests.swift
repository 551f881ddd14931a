import Cryptography
import JOSE
import Testing
import Vocabulary

@Suite struct `The judge of tokens` {
    static let moment = Timestamp(seconds: 1_790_000_300)

    let signer: SigningKey
    let reader: DecryptionKey

    init() throws {
        signer = SigningKey(keyID: "s", algorithm: .es256, key: try .generate(.ec(.p256)))
        reader = DecryptionKey(keyID: "e", key: try .generate(.ec(.p256)))
    }

    private func rules(_ change: (inout TokenRules) -> Void = { _ in }) -> TokenRules {
        var rules = TokenRules()
        rules.keys = [signer.jwk]
        rules.decryptionKeys = [reader]
        change(&rules)
        return rules
    }

    private func code(_ token: String, _ change: (inout TokenRules) -> Void = { _ in }) -> String? {
        TokenJudge(rules(change)).verdict(on: token, at: Self.moment).refusal?.explanation.code
    }

    private func sealed(_ text: String, cty: String? = "JWT") throws -> String {
        var random = SystemRandom()
        return try JWE.encrypt(
            Array(text.utf8), to: reader.jwk, algorithm: .ecdhES, content: .a256GCM, contentType: cty, using: &random)
    }

    @Test func `takes what a registered key signed, and says what it did not compare`() throws {
        let verdict = TokenJudge(rules()).verdict(on: try signer.signed(["iss": "a"]), at: Self.moment)
        #expect(verdict.isAccepted && verdict.form == .signed && verdict.verified?.key.keyID == "s")
        #expect(verdict.unchecked == ["claims"])
        let judged = TokenJudge(rules { $0.areClaimsDue = true }).verdict(on: try signer.signed(["iss": "a"]), at: Self.moment)
        #expect(judged.isAccepted && judged.unchecked == ["iss", "sub", "nonce", "aud", "exp"])
        let stranger = SigningKey(keyID: "s", algorithm: .es256, key: try .generate(.ec(.p256)))
        #expect(code(try stranger.signed(["iss": "a"])) == "jose.signature.value")
    }

    @Test func `compares every claim that it was told, at the moment it was told`() throws {
        let token = try signer.signed([
            "iss": "a", "sub": "b", "aud": ["c", "d"], "nonce": "n", "nbf": 1_790_000_000, "iat": 1_790_000_000, "exp": 1_790_000_600,
        ])
        let all: (inout TokenRules) -> Void = {
            ($0.areClaimsDue, $0.issuer, $0.subject, $0.audience, $0.nonce) = (true, "a", "b", "d", "n")
        }
        #expect(code(token, all) == nil)
        let wrongs: [(String, (inout TokenRules) -> Void)] = [
            ("jose.claims.other", { $0.issuer = "A" }), ("jose.claims.other", { $0.subject = "" }),
            ("jose.claims.other", { $0.nonce = "m" }),
            ("jose.claims.audience", { $0.audience = "cd" }), ("jose.claims.type", { $0.type = "at+jwt" }),
        ]
        for (expected, change) in wrongs {
            let found = code(token) {
                all(&$0)
                change(&$0)
            }
            #expect(found == expected)
        }
        #expect(code(token) { $0.type = "jwt" } == nil)
        let judge = TokenJudge(rules(all))
        for (seconds, expected): (Int64, String?) in [
            (1_789_999_999, "jose.claims.early"), (1_790_000_000, nil), (1_790_000_599, nil), (1_790_000_600, "jose.claims.expired"),
        ] { #expect(judge.verdict(on: token, at: Timestamp(seconds: seconds)).refusal?.explanation.code == expected) }
        let patient = TokenJudge(
            rules {
                all(&$0)
                $0.skew = 60
            })
        #expect(patient.verdict(on: token, at: Timestamp(seconds: 1_790_000_659)).isAccepted)
        #expect(!patient.verdict(on: token, at: Timestamp(seconds: 1_790_000_660)).isAccepted)
        #expect(code(try signer.signed(bytes: Array("[]".utf8)), all) == "jose.claims.not-an-object")
        #expect(code(try signer.signed(["exp": "soon"]), all) == "jose.claims.malformed")
        #expect(code(try signer.signed(bytes: Array("{".utf8)), all) == "jose.claims.payload")
    }

    /// Unicode has two spellings of é; to those who compare bytes they are two names (checklist E1).
    @Test func `compares bytes, not what reads alike`() throws {
        let (composed, decomposed) = ("caf\u{e9}", "cafe\u{301}")
        let claims: JSON = .object(["iss", "sub", "aud", "nonce"].map { ($0, JSON.string(composed)) })
        let token = try signer.signed(claims, type: composed)
        let cases: [(String, (inout TokenRules, String) -> Void)] = [
            ("jose.claims.other", { $0.issuer = $1 }), ("jose.claims.other", { $0.subject = $1 }), ("jose.claims.other", { $0.nonce = $1 }),
            ("jose.claims.audience", { $0.audience = $1 }), ("jose.claims.type", { $0.type = $1 }),
        ]
        for (expected, change) in cases {
            for (text, found): (String, String?) in [(composed, nil), (decomposed, expected)] {
                let judged = code(token) {
                    $0.areClaimsDue = true
                    change(&$0, text)
                }
                #expect(judged == found)
            }
        }
    }

    @Test func `opens what is encrypted and asks for a signature inside`() throws {
        let inner = try signer.signed(["iss": "a"])
        let verdict = TokenJudge(rules()).verdict(on: try sealed(inner), at: Self.moment)
        #expect(verdict.isAccepted && verdict.form == .encrypted && verdict.opened?.keyID == "e")
        #expect(verdict.verified?.payload == Array(#"{"iss":"a"}"#.utf8))
        #expect(code(try sealed(#"{"iss":"a"}"#)) == "jose.signature.absent")
        #expect(code(try sealed(sealed(inner))) == "jose.signature.absent")
        #expect(code(try sealed("a.b.c")) == "jose.signature.encoding")
        #expect(code(try sealed("a.b", cty: nil)) == "jose.signature.absent")
        #expect(code(try sealed(inner)) { $0.decryptionKeys = [] } == "jose.encryption.key")
        #expect(code(try sealed(inner)) { $0.keys = [] } == "jose.signature.key")
        let opened = TokenJudge(rules()).opening(try sealed("hello"))
        #expect(opened.isAccepted && opened.opened?.text == "hello" && !opened.notes.isEmpty)
        #expect(TokenJudge(rules()).opening(inner).refusal?.explanation.code == "jose.encryption.parts")
    }

    @Test func `believes the key inside a token only when it was asked for possession`() throws {
        let fresh = try PrivateKey.generate(.ec(.p256))
        let jwk = JWK(unnamed: fresh.publicKey).json
        let input = Base64url.encode(JSON.object([("alg", "ES256"), ("jwk", jwk)]).bytes) + ".e30"
        let token = input + "." + Base64url.encode(try fresh.sign(Array(input.utf8), .ecdsa(.sha256), encoding: .raw))
        #expect(code(token) == "jose.signature.value")
        let proven = TokenJudge(rules { $0.isByOwnKey = true }).verdict(on: token, at: Self.moment)
        #expect(proven.isAccepted && proven.notes.contains { $0.contains("the key inside") })
    }

    /// Every refusal has a layer and a code of its own family, and says nothing that the token does not show.
    @Test func `names the layer that refused`() throws {
        let good = try signer.signed(["iss": "a"])
        let none = Base64url.encode(#"{"alg":"none"}"#.utf8) + ".e30."
        let cases: [(String, TokenLayer)] = [
            ("", .decode), ("a.b", .decode), (none, .header), (good + "=", .decode), (good.exchanging(part: 2, for: "AA"), .signature),
            (try sealed(good).exchanging(part: 4, for: Base64url.encode([UInt8](repeating: 0, count: 16))), .decryption),
        ]
        for (token, layer) in cases {
            #expect(TokenJudge(rules()).verdict(on: token, at: Self.moment).refusal?.layer == layer, "\(token)")
        }
        let other = SigningKey(keyID: "other", algorithm: .es256, key: signer.key)
        #expect(TokenJudge(rules()).verdict(on: try other.signed([:]), at: Self.moment).refusal?.layer == .key)
        #expect(TokenJudge(rules { $0.algorithms = [.rs256] }).verdict(on: good, at: Self.moment).refusal?.layer == .algorithm)
    }
}

@Suite struct `Pasted tokens` {
    static let token = Base64url.encode(#"{"alg":"none"}"#.utf8) + "." + Base64url.encode(#"{"iss":"a"}"#.utf8) + "."

    @Test(arguments: [
        ("", ""), ("Authorization: Bearer ", "\r\n"), ("https://shop.example/cb?state=a.b.c&id_token=", "&x=1"),
        ("{\"id_token\": \"", "\"}"),
        ("client_assertion_type=urn%3Aietf&client_assertion=", ""), ("2026-11-21 12:00:00 got token '", "' from 10.0.0.1"),
        ("\n\n  ", "\n"),
    ]) func `are found in whatever stands around them`(before: String, after: String) throws {
        let found = try PastedToken(Array((before + Self.token + after).utf8))
        #expect(found.text == Self.token && found.form == .signed && found.others == 0)
        let name = before.contains("id_token") ? "id_token" : before.contains("client_assertion=") ? "client_assertion" : nil
        if let name { #expect(found.name == name) }
    }

    @Test func `are put together when their lines were broken, and counted when there are several`() throws {
        let broken = Self.token.enumerated().map { $0.offset % 7 == 6 ? "\($0.element)\n  " : "\($0.element)" }.joined()
        #expect(try PastedToken(Array(broken.utf8)).text == Self.token)
        #expect(try PastedToken(Array((Self.token + " " + Self.token).utf8)).others == 1)
        let five = "eyJhbGciOiJkaXIifQ.a.b.c.d"
        #expect(try PastedToken(Array(five.utf8)).form == .encrypted)
    }

    @Test(arguments: [
        ("", PastedTokenRefusal.empty), (" \n", .empty), ("hello", .nothing), ("a.b.c", .nothing), ("www.example.com", .nothing),
        ("<a/>", .xml),
        ("ZXlK.e30.AA", .nothing), (String(repeating: ".", count: 100_000), .nothing),
    ]) func `that are none are refused by name`(text: String, refusal: PastedTokenRefusal) {
        #expect(throws: refusal) { try PastedToken(Array(text.utf8)) }
    }

    @Test func `are bounded and have to be text`() {
        #expect(throws: PastedTokenRefusal.tooLarge(limit: 1 << 20)) { try PastedToken([UInt8](repeating: 0x41, count: 1 << 20 + 1)) }
        #expect(throws: PastedTokenRefusal.notText) { try PastedToken([0xff, 0xfe]) }
        let clock = ContinuousClock()
        let hostile = Array(String(repeating: "eyJ.a.b ", count: 100_000).utf8)
        #expect(clock.measure { _ = try? PastedToken(hostile) } < .seconds(10))
    }

    @Test func `are explained without telling about persons`() {
        #expect(TokenGuide.isShown("iss") && TokenGuide.isShown("exp"))
        for name in ["sub", "name", "address", "birthdate", "nonce", "jti", "state", "code", "sid", "login_hint"] {
            #expect(!TokenGuide.isShown(name))
        }
        #expect(TokenGuide.claim("acr") != nil && TokenGuide.header("alg", in: .encrypted) != TokenGuide.header("alg", in: .signed))
        #expect(TokenGuide.type("dpop+jwt")?.contains("9449") == true && TokenGuide.type("x") == nil)
        #expect(TokenGuide.warnings(["alg": "RS256", "jku": "x"], in: .signed).count == 3)
        #expect(TokenGuide.warnings(["alg": "ES256", "typ": "JWT"], in: .signed).isEmpty)
    }
}
