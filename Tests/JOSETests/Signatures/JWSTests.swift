import Cryptography
import JOSE
import Testing
import Vocabulary

@Suite struct `JSON Web Signatures, RFC 7515` {
    static let every = Set(JWSAlgorithm.allCases)

    let key: SigningKey
    let stranger: SigningKey

    init() throws {
        key = SigningKey(keyID: "k1", algorithm: .es256, key: try .generate(.ec(.p256)))
        stranger = SigningKey(keyID: "k1", algorithm: .es256, key: try .generate(.ec(.p256)))
    }

    /// A token with any header, signed correctly by our key: only the header can be what refuses it.
    func token(header: String, payload: String = "{}") throws -> String {
        let input = Base64url.encode(header.utf8) + "." + Base64url.encode(payload.utf8)
        let signature = try key.key.sign(Array(input.utf8), .ecdsa(.sha256), encoding: .raw)
        return input + "." + Base64url.encode(signature)
    }

    func verified(_ compact: String) throws(JWSRefusal) -> VerifiedJWS {
        try UnverifiedJWS(compact: compact).verified(by: [key.jwk], allowed: Self.every)
    }

    @Test(arguments: [
        (JWSAlgorithm.rs256, KeyKind.rsa(bits: 2048)), (.rs384, .rsa(bits: 2048)), (.rs512, .rsa(bits: 2048)), (.ps256, .rsa(bits: 2048)),
        (.ps384, .rsa(bits: 2048)), (.ps512, .rsa(bits: 2048)), (.es256, .ec(.p256)), (.es384, .ec(.p384)), (.es512, .ec(.p521)),
        (.eddsa, .ed25519), (.ed25519, .ed25519),
    ]) func `by every algorithm we claim verify with their key and no other`(algorithm: JWSAlgorithm, kind: KeyKind) throws {
        let signer = SigningKey(keyID: "s", algorithm: algorithm, key: try .generate(kind))
        let compact = try signer.signed(["sub": "x"])
        let verified = try UnverifiedJWS(compact: compact).verified(by: [signer.jwk], allowed: [algorithm])
        #expect(verified.payload == Array(#"{"sub":"x"}"#.utf8))
        #expect(verified.algorithm == algorithm)
        #expect(verified.key.keyID == "s")
        #expect(verified.type == "jwt")
        let other = SigningKey(keyID: "s", algorithm: algorithm, key: try .generate(kind))
        #expect(throws: JWSRefusal.signature) { try UnverifiedJWS(compact: compact).verified(by: [other.jwk], allowed: [algorithm]) }
        for wrong in JWSAlgorithm.allCases where !wrong.isSame(as: algorithm) {
            #expect(throws: JWSRefusal.algorithmNotAllowed(algorithm)) {
                try UnverifiedJWS(compact: compact).verified(by: [signer.jwk], allowed: [wrong])
            }
        }
    }

    @Test func `are ours however the payload is typed, and carry the type asked for`() throws {
        #expect(try verified(key.signed(["a": 1], type: nil)).type == nil)
        #expect(try verified(key.signed(["a": 1], type: "at+jwt")).type == "at+jwt")
        #expect(try verified(token(header: #"{"alg":"ES256","typ":"application/AT+JWT"}"#)).type == "at+jwt")
        #expect(try verified(key.signed(bytes: [0, 255])).payload == [0, 255])
    }

    // A key that cannot serve the algorithm it was paired with signs nothing.
    @Test func `are not made by a key that does not fit the algorithm`() throws {
        let misfit = SigningKey(keyID: "m", algorithm: .es384, key: key.key)
        #expect(throws: KeyError.unsupported) { try misfit.signed([:]) }
    }

    @Test(arguments: [
        "none", "None", "NONE", "nOnE", "", "HS256", "HS512", "RS1", "ES256K", "es256", "dir", "PBES2-HS256+A128KW", "A128KW",
    ])
    func `with an algorithm we never accept are refused by name, signed or not (checklist E9)`(name: String) throws {
        let header = #"{"alg":"\#(name)"}"#
        #expect(throws: JWSRefusal.algorithm(name)) { try verified(token(header: header)) }
        #expect(throws: JWSRefusal.algorithm(name)) { try verified(Base64url.encode(header.utf8) + ".e30.") }
    }

    @Test(arguments: [#"{}"#, #"{"alg":null}"#, #"{"alg":["ES256"]}"#, #"{"alg":1}"#, #"{"ALG":"ES256"}"#])
    func `without an algorithm are refused`(header: String) throws {
        #expect(throws: JWSRefusal.headerMember("alg")) { try verified(token(header: header)) }
    }

    // CVE-2017-11424 and its family: the RSA public key's text as an HMAC secret; RSA key asked to do ECDSA and the reverse.
    @Test func `never let the header choose how a key is used (checklist E9)`() throws {
        let rsa = SigningKey(keyID: "r", algorithm: .rs256, key: try .generate(.rsa(bits: 2048)))
        let input = Base64url.encode(#"{"alg":"HS256","kid":"r"}"#.utf8) + ".e30"
        for secret in [PEM.encode(rsa.key.publicKey.spki, label: "PUBLIC KEY"), rsa.jwk.json.text] {
            let forged = input + "." + Base64url.encode(HMAC.sha256(key: Array(secret.utf8), Array(input.utf8)))
            #expect(throws: JWSRefusal.algorithm("HS256")) {
                try UnverifiedJWS(compact: forged).verified(by: [rsa.jwk], allowed: Self.every)
            }
        }
        // The key is registered for RS256; the same key's genuine PS256 signature is not its owner's word.
        let pss = try SigningKey(keyID: "r", algorithm: .ps256, key: rsa.key).signed([:])
        #expect(throws: JWSRefusal.keyMissing(keyID: "r")) {
            try UnverifiedJWS(compact: pss).verified(by: [rsa.jwk], allowed: Self.every)
        }
        #expect(throws: JWSRefusal.keyMissing(keyID: "r")) {
            try UnverifiedJWS(compact: rsa.signed([:])).verified(by: [key.jwk], allowed: Self.every)
        }
    }

    @Test(arguments: ["jwk", "jku", "x5u", "x5c"])
    func `never verify by a key that came with them (checklist E10)`(member: String) throws {
        let value: JSON =
            switch member {
            case "jwk": stranger.jwk.json
            case "x5c": [.string(Base64.encode(try certificate(of: stranger.key)))]
            default: "https://evil.example/keys"
            }
        let header: JSON = .object([("alg", "ES256"), (member, value)])
        let input = Base64url.encode(header.bytes) + ".e30"
        let signature = try stranger.key.sign(Array(input.utf8), .ecdsa(.sha256), encoding: .raw)
        #expect(throws: JWSRefusal.signature) { try verified(input + "." + Base64url.encode(signature)) }
        // The same header under the registered key is an ordinary token: the member is not looked at.
        #expect(throws: Never.self) { try verified(token(header: header.text)) }
        #expect(throws: JWSRefusal.keyMissing(keyID: nil)) {
            try UnverifiedJWS(compact: input + "." + Base64url.encode(signature)).verified(by: [], allowed: Self.every)
        }
    }

    func certificate(of key: PrivateKey) throws -> [UInt8] {
        try SelfSigned.certificate(for: key, commonName: "evil", notBefore: Timestamp(seconds: 0), notAfter: Timestamp(seconds: 1 << 31))
    }

    @Test func `cut anywhere or with one bit flipped are refused (checklist E11)`() throws {
        let compact = try key.signed(["sub": "x"])
        #expect(throws: Never.self) { try verified(compact) }
        for length in 0..<compact.utf8.count {
            #expect(throws: JWSRefusal.self) { try verified(String(compact.prefix(length))) }
        }
        let parts = compact.split(separator: ".").map(String.init)
        for part in 0..<3 {
            let bytes = try #require(Base64url.decode(parts[part]))
            for bit in 0..<bytes.count * 8 {
                var flipped = bytes
                flipped[bit / 8] ^= 1 << (bit % 8)
                var other = parts
                other[part] = Base64url.encode(flipped)
                #expect(throws: JWSRefusal.self) { try verified(other.joined(separator: ".")) }
            }
        }
        #expect(throws: JWSRefusal.signature) { try verified(parts[0] + "." + parts[1] + ".") }
        #expect(throws: JWSRefusal.signature) { try verified(parts[0] + ".." + parts[2]) }
    }

    @Test(arguments: [
        #"{"alg":"ES256","crit":["exp"],"exp":1}"#, #"{"alg":"ES256","crit":[]}"#, #"{"alg":"ES256","crit":null}"#,
        #"{"alg":"ES256","crit":["b64"],"b64":false}"#,
    ]) func `with crit are refused (checklist E12)`(header: String) throws {
        #expect(throws: JWSRefusal.headerMember("crit")) { try verified(token(header: header)) }
    }

    @Test(arguments: [
        (#"{"alg":"ES256","b64":false}"#, "b64"), (#"{"alg":"ES256","zip":"DEF"}"#, "zip"), (#"{"alg":"ES256","kid":1}"#, "kid"),
        (#"{"alg":"ES256","typ":["JWT"]}"#, "typ"), (#"["ES256"]"#, ""), (#""ES256""#, ""),
    ]) func `with a header that means something else are refused (checklist E12, E13)`(header: String, member: String) throws {
        #expect(throws: JWSRefusal.headerMember(member)) { try verified(token(header: header)) }
    }

    static let deep = #"{"alg":"ES256","x":"# + String(repeating: "[", count: 2000) + String(repeating: "]", count: 2000) + "}"
    static let long = #"{"alg":"ES256","x":""# + String(repeating: "a", count: 9000) + #""}"#
    static let loose: [(String, JSONRefusal)] = [
        (#"{"alg":"ES256","alg":"none"}"#, .duplicateMember("alg")), (#"{"alg":"none","\u0061lg":"ES256"}"#, .duplicateMember("alg")),
        (#"{"alg":"ES256"}x"#, .syntax(at: 15)), (#"{"alg":"ES256",}"#, .syntax(at: 15)), ("", .syntax(at: 0)),
        (deep, .tooDeep(limit: 8)),
        (long, .tooLarge(limit: 8192)),
    ]

    @Test(arguments: loose) func `whose header is not strict JSON are refused: duplicates, garbage, depth, size (checklist E12, E13)`(
        header: String, refusal: JSONRefusal
    ) throws {
        #expect(throws: JWSRefusal.header(refusal)) { try verified(token(header: header)) }
    }

    @Test func `of any size are refused at their limit, before they are taken apart (checklist E13)`() throws {
        let dots = String(repeating: ".", count: 16_384)
        #expect(throws: JWSRefusal.parts) { try UnverifiedJWS(compact: dots) }
        #expect(throws: JWSRefusal.tooLarge(limit: 16_384)) { try UnverifiedJWS(compact: dots + ".") }
        let clock = ContinuousClock()
        let huge = String(repeating: ".", count: 50_000_000)
        let taken = clock.measure { #expect(throws: JWSRefusal.tooLarge(limit: 16_384)) { try UnverifiedJWS(compact: huge) } }
        #expect(taken < .seconds(10))
        let long = try key.signed(["x": .string(String(repeating: "a", count: 20_000))])
        #expect(throws: JWSRefusal.tooLarge(limit: 16_384)) { try verified(long) }
        #expect(throws: Never.self) { try UnverifiedJWS(compact: long, limit: 32_768) }
    }

    @Test(arguments: [
        "", ".", "a.b", "a.b.c.d", "a.b.c.d.e", "{}", "e30 .e30.AA", "e30.e30.A", "e30=.e30.AA", "e30.e31.AA", "e30.e3+.AA", "é.é.é",
        "a\0.b.c",
    ])
    func `that are not three strict base64url parts are refused`(text: String) {
        #expect(throws: JWSRefusal.self) { try UnverifiedJWS(compact: text) }
        #expect(throws: JWSRefusal.self) { try UnverifiedJWS(compact: text + "\n") }
    }

    @Test func `find their key by name, and never by a name that nobody registered`() throws {
        let compact = try key.signed([:])
        let second = SigningKey(keyID: "k2", algorithm: .es256, key: key.key)
        #expect(throws: JWSRefusal.keyMissing(keyID: "k1")) {
            try UnverifiedJWS(compact: compact).verified(by: [second.jwk], allowed: Self.every)
        }
        let nameless = try JWK(reading: .object((key.jwk.json.members ?? []).filter { $0.0 != "kid" }))
        #expect(throws: Never.self) { try UnverifiedJWS(compact: compact).verified(by: [stranger.jwk, nameless], allowed: Self.every) }
        let anonymous = try token(header: #"{"alg":"ES256"}"#)
        #expect(throws: Never.self) { try UnverifiedJWS(compact: anonymous).verified(by: [stranger.jwk, key.jwk], allowed: Self.every) }
        #expect(throws: JWSRefusal.tooManyKeys(limit: 8)) {
            try UnverifiedJWS(compact: anonymous).verified(by: Array(repeating: stranger.jwk, count: 8) + [key.jwk], allowed: Self.every)
        }
    }

    @Test func `give out nothing when nothing is allowed`() throws {
        let compact = try key.signed([:])
        #expect(throws: JWSRefusal.algorithmNotAllowed(.es256)) { try UnverifiedJWS(compact: compact).verified(by: [key.jwk], allowed: []) }
    }
}
