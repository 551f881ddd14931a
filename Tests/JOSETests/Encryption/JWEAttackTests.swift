import Cryptography
import JOSE
import Testing
import Vocabulary

@Suite struct `JWE attacks` {
    static let rsa = try? Forger.rsa()

    private func forger() throws -> Forger { try #require(Self.rsa) }

    @Test(arguments: [
        "RSA1_5", "dir", "none", "", "A128KW", "A192KW", "A256KW", "A128GCMKW", "A256GCMKW", "PBES2-HS256+A128KW", "PBES2-HS384+A192KW",
        "PBES2-HS512+A256KW", "rsa-oaep", "RSA-OAEP-1", "ECDH-1PU", "ECDH-SS", "HS256", "RS256",
    ]) func `by an algorithm that we never take are refused by name, before anything is done (checklist E9, E13)`(name: String) throws {
        // Two thousand million rounds, were anybody to do them.
        let header = #"{"alg":"\#(name)","enc":"A128GCM","kid":"e1","p2c":2000000000,"p2s":"AAAAAAAAAAA"}"#
        #expect(throws: JWERefusal.algorithm(name)) { try forger().read(forger().token(header: header)) }
        #expect(throws: Never.self) { try forger().read(forger().token(header: #"{"alg":"RSA-OAEP-256","enc":"A128GCM","kid":"e1"}"#)) }
    }

    @Test(arguments: ["A128CBC", "A256CBC+HS512", "none", "a128gcm", "XC20P", "A128GCMKW"])
    func `with a content encryption that we never take are refused by name`(name: String) throws {
        #expect(throws: JWERefusal.content(name)) {
            try forger().read(forger().token(header: #"{"alg":"RSA-OAEP-256","enc":"\#(name)"}"#))
        }
    }

    @Test(arguments: [
        (#","crit":["exp"],"exp":1"#, "crit"), (#","crit":[]"#, "crit"), (#","crit":null"#, "crit"), (#","zip":"DEF""#, "zip"),
        (#","zip":null"#, "zip"), (#","kid":7"#, "kid"), (#","cty":[]"#, "cty"), (#","typ":{}"#, "typ"),
    ]) func `whose header asks for more than we follow are refused (checklist E12, E13)`(more: String, member: String) throws {
        let header = #"{"alg":"RSA-OAEP-256","enc":"A128GCM"\#(more)}"#
        #expect(throws: JWERefusal.headerMember(member)) { try forger().read(forger().token(header: header)) }
    }

    @Test(arguments: [
        (#"{"enc":"A128GCM"}"#, "alg"), (#"{"alg":"RSA-OAEP-256"}"#, "enc"), (#"{"alg":["RSA-OAEP-256"],"enc":"A128GCM"}"#, "alg"),
        (#"{"alg":"RSA-OAEP-256","enc":1}"#, "enc"), (#"[]"#, ""),
    ]) func `without a header that says how are refused`(header: String, member: String) throws {
        #expect(throws: JWERefusal.headerMember(member)) { try forger().read(forger().token(header: header)) }
    }

    @Test func `whose header is not strict JSON are refused: duplicates, garbage, depth (checklist E12, E13)`() throws {
        let forger = try forger()
        let good = #""alg":"RSA-OAEP-256","enc":"A128GCM""#
        let deep = String(repeating: "[", count: 3000) + String(repeating: "]", count: 3000)
        for (header, refusal): (String, JSONRefusal) in [
            ("{\(good),\"enc\":\"A256GCM\"}", .duplicateMember("enc")), ("{\(good),\"x\":\(deep)}", .tooDeep(limit: 8)),
            ("{\(good)} ", .syntax(at: 0)), ("{\(good),}", .syntax(at: 0)), ("", .syntax(at: 0)),
            ("{\(good),\"x\":\"\(String(repeating: "a", count: 8192))\"}", .tooLarge(limit: 8192)),
        ] {
            let compact = try forger.token(header: header)
            switch refusal {
            case .syntax where header.hasSuffix(" "):
                // White space is JSON; the bytes that were sent are what is authenticated.
                #expect(throws: Never.self) { try forger.read(compact) }
            case .syntax:
                do throws(JWERefusal) {
                    _ = try forger.read(compact)
                    Issue.record("accepted \(header)")
                } catch {
                    guard case .header(.syntax) = error else {
                        Issue.record("\(error)")
                        continue
                    }
                }
            default: #expect(throws: JWERefusal.header(refusal)) { try forger.read(compact) }
            }
        }
    }

    @Test(arguments: ["jwk", "jku", "x5u", "x5c"]) func `never open with a key that came with them (checklist E10)`(member: String) throws {
        let stranger = DecryptionKey(keyID: "e1", key: try .generate(.rsa(bits: 2048)))
        let value: JSON = member == "jwk" ? stranger.jwk.json : member == "x5c" ? ["AAAA"] : "https://evil.example/keys"
        let header = JSON.object([("alg", "RSA-OAEP-256"), ("enc", "A128GCM"), (member, value)]).text
        #expect(throws: JWERefusal.undecryptable) { try forger().read(Forger(reader: stranger).token(header: header)) }
        // To our own key it is an ordinary token: the member is not looked at.
        #expect(try forger().read(forger().token(header: header)).text == "hello")
    }

    @Test func `cut anywhere or with one bit flipped are refused (checklist E11)`() throws {
        let reader = DecryptionKey(keyID: "e", key: try .generate(.ec(.p256)))
        var random = SystemRandom()
        for content in [JWEContent.a128GCM, .a128CBCHS256] {
            let compact = try JWE.encrypt([1, 2, 3], to: reader.jwk, algorithm: .ecdhESA128KW, content: content, using: &random)
            let open = { (text: String) throws(JWERefusal) in
                try UnverifiedJWE(compact: text).decrypted(by: [reader], allowed: [.ecdhESA128KW])
            }
            #expect(throws: Never.self) { try open(compact) }
            for length in 0..<compact.utf8.count { #expect(throws: JWERefusal.self) { try open(String(compact.prefix(length))) } }
            for part in 0..<5 {
                let bytes = compact.part(part)
                for bit in 0..<bytes.count * 8 {
                    var flipped = bytes
                    flipped[bit / 8] ^= 1 << (bit % 8)
                    let changed = compact.exchanging(part: part, for: Base64url.encode(flipped))
                    #expect(throws: JWERefusal.self) { try open(changed) }
                    // Beyond the header every change reads alike.
                    if part > 0 { #expect(throws: JWERefusal.undecryptable) { try open(changed) } }
                }
            }
        }
    }

    @Test func `with a shorter or longer tag, vector or wrapped key are refused before any work`() throws {
        let reader = DecryptionKey(keyID: "e", key: try .generate(.ec(.p256)))
        var random = SystemRandom()
        for content in JWEContent.allCases {
            for algorithm in [JWEAlgorithm.ecdhES, .ecdhESA256KW] {
                let compact = try JWE.encrypt([1, 2, 3], to: reader.jwk, algorithm: algorithm, content: content, using: &random)
                for (part, name) in [(1, "encrypted_key"), (2, "iv"), (4, "tag")] {
                    let bytes = compact.part(part)
                    for other in [bytes + [0], Array(bytes.dropLast()), [UInt8](repeating: 0, count: bytes.count + 8), [0]]
                    where other != bytes {
                        #expect(throws: JWERefusal.length(part: name)) {
                            try UnverifiedJWE(compact: compact.exchanging(part: part, for: Base64url.encode(other)))
                        }
                    }
                }
            }
        }
    }

    // Manger, Bleichenbacher and the "Million Message" family: whatever is wrong behind the key, one answer.
    @Test func `of every kind that a private key has to find out are one refusal`() throws {
        let forger = try forger()
        let header = #"{"alg":"RSA-OAEP-256","enc":"A128GCM","kid":"e1"}"#
        let good = try forger.token(header: header)
        #expect(try forger.read(good).text == "hello")
        let modulus = try #require(forger.reader.key.publicKey.rsaComponents).modulus
        var wrongs: [String] = []
        // A block that is none, one larger than the modulus, one too short, none at all.
        for block in [
            [UInt8](repeating: 0x41, count: 256), modulus, [UInt8](repeating: 0xff, count: 256), [UInt8](repeating: 0, count: 256),
            Array(good.part(1).dropLast()), good.part(1) + [0], [], [1],
        ] { wrongs.append(good.exchanging(part: 1, for: Base64url.encode(block))) }
        // Content keys of other lengths, well encrypted; the right length and another value; SHA-1 where SHA-256 was said.
        for length in [0, 1, 15, 17, 24, 32] {
            wrongs.append(
                good.exchanging(part: 1, for: Base64url.encode(try forger.transported([UInt8](repeating: 7, count: length)))))
        }
        wrongs.append(good.exchanging(part: 1, for: Base64url.encode(try forger.transported([UInt8](repeating: 8, count: 16)))))
        let old = try OAEPEncryptor(to: forger.reader.key.publicKey, OAEP(digest: .sha1, mask: .sha1))
            .encrypt(Secret(copying: forger.contentKey.span))
        wrongs.append(good.exchanging(part: 1, for: Base64url.encode(old)))
        // Ciphertext and tag.
        wrongs.append(good.exchanging(part: 3, for: ""))
        wrongs.append(good.exchanging(part: 4, for: Base64url.encode([UInt8](repeating: 0, count: 16))))
        for wrong in wrongs { #expect(throws: JWERefusal.undecryptable) { try forger.read(wrong) } }
    }

    // A reader that goes on with a known key when the real one does not come out would take this for genuine.
    @Test(arguments: [UInt8(0), 0xff, 7]) func `sealed with a key that anybody may guess to be the stand-in are refused`(byte: UInt8) throws
    {
        var forger = try forger()
        forger.contentKey = [UInt8](repeating: byte, count: 16)
        let compact = try forger.token(header: #"{"alg":"RSA-OAEP-256","enc":"A128GCM"}"#)
        #expect(try forger.read(compact).text == "hello")
        for block in [[UInt8](repeating: 0x41, count: 256), [], [UInt8](repeating: 0xff, count: 256)] {
            #expect(throws: JWERefusal.undecryptable) { try forger.read(compact.exchanging(part: 1, for: Base64url.encode(block))) }
        }
    }

    // Vaudenay: the tag speaks before the padding does.
    @Test func `whose padding is wrong read like those whose tag is wrong`() throws {
        let forger = try forger()
        let header = Base64url.encode(#"{"alg":"RSA-OAEP-256","enc":"A128CBC-HS256"}"#.utf8)
        let key = [UInt8](repeating: 9, count: 32)
        let vector = [UInt8](repeating: 1, count: 16)
        func token(lastBlock: [UInt8]) throws -> String {
            let encrypting = Array(key[16...])
            let sealed = try AES.sealCBC(lastBlock, key: Secret(copying: encrypting.span), vector: vector)
            let bits = UInt64(header.utf8.count * 8)
            let length = (0..<8).map { UInt8(truncatingIfNeeded: bits >> UInt64(56 - 8 * $0)) }
            let tag = HMAC.sha256(key: Array(key[..<16]), Array(header.utf8) + vector + sealed + length).prefix(16)
            return [
                header, Base64url.encode(try forger.transported(key)), Base64url.encode(vector), Base64url.encode(sealed),
                Base64url.encode(tag),
            ].joined(separator: ".")
        }
        let padded: [UInt8] = Array("hello".utf8) + [UInt8](repeating: 11, count: 11)
        #expect(try forger.read(token(lastBlock: padded)).text == "hello")
        for wrong in [Array(padded.dropLast()) + [12], Array(padded.dropLast()) + [0], [UInt8](repeating: 17, count: 16), []] {
            #expect(throws: JWERefusal.undecryptable) { try forger.read(token(lastBlock: wrong)) }
        }
        var flipped = try token(lastBlock: padded).part(3)
        flipped[15] ^= 1
        let oracle = try token(lastBlock: padded).exchanging(part: 3, for: Base64url.encode(flipped))
        #expect(throws: JWERefusal.undecryptable) { try forger.read(oracle) }
    }

    // CVE-2016-9121 and its family: points of small order on another curve give the private key away, a few bits each.
    @Test func `with an ephemeral key off the curve are refused before the private key is used`() throws {
        let reader = DecryptionKey(keyID: "e", key: try .generate(.ec(.p256)))
        let other = try PrivateKey.generate(.ec(.p384))
        let good = reader.jwk.json
        let member = { (name: String) in good[name] ?? .null }
        let wrongs: [(JSON, JWERefusal)] = [
            (
                ["kty": "EC", "crv": "P-256", "x": member("x"), "y": member("x")], .ephemeralKey(.key(.malformed))
            ),
            (
                [
                    "kty": "EC", "crv": "P-256", "x": "gTlTqD_-7PJ2mJhNIJjhFUR5mVwV7vFQs-gIMOqyFI8",
                    "y": "5-Cdc_tGvH8HE6Gtb2Q4DgD0sfjJ3kYYr_-tqyL7vfA",
                ], .ephemeralKey(.key(.malformed))
            ),
            (
                [
                    "kty": "EC", "crv": "P-256", "x": .string(Base64url.encode([UInt8](repeating: 0, count: 32))),
                    "y": .string(Base64url.encode([UInt8](repeating: 0, count: 32))),
                ], .ephemeralKey(.key(.malformed))
            ),
            (
                ["kty": "EC", "crv": "P-256", "x": .string(Base64url.encode([UInt8](repeating: 0xff, count: 32))), "y": member("y")],
                .ephemeralKey(.key(.malformed))
            ),
            (["kty": "EC", "crv": "P-256", "x": "AA", "y": "AA"], .ephemeralKey(.malformed(member: "x"))),
            (["kty": "EC", "crv": "P-256", "x": member("x")], .ephemeralKey(.malformed(member: "y"))),
            (JWK(other.publicKey, keyID: "o", encryption: nil).json, .ephemeralKey(.contradiction(member: "crv"))),
            (try #require(Self.rsa).reader.jwk.json, .ephemeralKey(.contradiction(member: "crv"))),
            (
                ["kty": "EC", "crv": "secp256k1", "x": member("x"), "y": member("y")],
                .ephemeralKey(.unsupported(member: "crv", value: "secp256k1"))
            ),
            (["kty": "OKP", "crv": "X25519", "x": member("x")], .ephemeralKey(.contradiction(member: "crv"))),
            (["kty": "OKP", "crv": "X448", "x": member("x")], .ephemeralKey(.unsupported(member: "crv", value: "X448"))),
            (
                ["kty": "EC", "crv": "P-256", "x": member("x"), "y": member("y"), "d": member("x")], .ephemeralKey(.secret(member: "d"))
            ),
            ("key", .ephemeralKey(.malformed(member: ""))), (.null, .ephemeralKey(.malformed(member: ""))),
        ]
        var random = SystemRandom()
        for algorithm in [JWEAlgorithm.ecdhES, .ecdhESA128KW] {
            let compact = try JWE.encrypt([1], to: reader.jwk, algorithm: algorithm, content: .a128GCM, using: &random)
            let members = try #require(try UnverifiedJWE(compact: compact).header.members)
            let with: (JSON?) -> String = { epk in
                let header = JSON.object(members.filter { $0.0 != "epk" } + (epk.map { [("epk", $0)] } ?? []))
                return compact.exchanging(part: 0, for: Base64url.encode(header.bytes))
            }
            for (epk, refusal) in wrongs {
                #expect(throws: refusal) { try UnverifiedJWE(compact: with(epk)).decrypted(by: [reader], allowed: [algorithm]) }
            }
            #expect(throws: JWERefusal.headerMember("epk")) {
                try UnverifiedJWE(compact: with(nil)).decrypted(by: [reader], allowed: [algorithm])
            }
            // A point on the curve that is not the sender's agrees on another key.
            #expect(throws: JWERefusal.undecryptable) {
                try UnverifiedJWE(compact: with(reader.jwk.json)).decrypted(by: [reader], allowed: [algorithm])
            }
        }
    }

    // A token (PKCS#11) that is away is our fault: the answer says so, alike for what is genuine and for what is not.
    @Test func `to a key whose token does not answer say nothing about the message`() throws {
        let forger = try forger()
        let uri = try TokenURI("pkcs11:token=Away;object=e1")
        let token = Token.at(module: "/nowhere/no-module.so", uri, rules: Token.Rules(patience: 500, sessions: 1)) { nil }
        let away = DecryptionKey(
            keyID: "e1", key: PrivateKey(TokenKey(token, uri, for: .decryption), publicKey: forger.reader.key.publicKey))
        let good = try forger.token(header: #"{"alg":"RSA-OAEP-256","enc":"A128GCM"}"#)
        let every = Set(JWEAlgorithm.allCases)
        for text in [good, good.exchanging(part: 1, for: ""), good.exchanging(part: 3, for: "AAAA")] {
            #expect(throws: JWERefusal.unavailable) { try UnverifiedJWE(compact: text).decrypted(by: [away], allowed: every) }
        }
        // Another key that opens it is enough, and what none of ours opens stays one refusal.
        #expect(try UnverifiedJWE(compact: good).decrypted(by: [away, forger.reader], allowed: every).text == "hello")
        #expect(throws: JWERefusal.undecryptable) { try forger.read(good.exchanging(part: 3, for: "AAAA")) }
    }

    @Test func `of any size and any number of dots are refused at their limit (checklist E13)`() throws {
        for dots in [0, 1, 2, 3, 5, 6, 32_768] {
            #expect(throws: JWERefusal.parts) { try UnverifiedJWE(compact: String(repeating: ".", count: dots)) }
        }
        #expect(throws: JWERefusal.header(.syntax(at: 0))) { try UnverifiedJWE(compact: "....") }
        #expect(throws: JWERefusal.tooLarge(limit: 32_768)) { try UnverifiedJWE(compact: String(repeating: ".", count: 32_769)) }
        let clock = ContinuousClock()
        let huge = String(repeating: ".", count: 50_000_000)
        let taken = clock.measure { #expect(throws: JWERefusal.tooLarge(limit: 32_768)) { try UnverifiedJWE(compact: huge) } }
        #expect(taken < .seconds(10))
        for text in ["", "a.b.c.d.e", "e30=.a.b.c.d", "e30.e30.e30.e30.e30\n", "{}", "é.é.é.é.é"] {
            #expect(throws: JWERefusal.self) { try UnverifiedJWE(compact: text) }
        }
    }
}
