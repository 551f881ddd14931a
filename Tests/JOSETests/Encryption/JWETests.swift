import Cryptography
import JOSE
import Testing
import Vocabulary

@Suite struct `JSON Web Encryption, RFC 7516` {
    static let every = Set(JWEAlgorithm.allCases)
    static let kinds: [KeyKind] = [.rsa(bits: 2048), .ec(.p256), .ec(.p384), .ec(.p521), .x25519]
    static let message = Array("The true sign of intelligence is not knowledge but imagination.".utf8)

    @Test(arguments: kinds)
    func `goes both ways by every algorithm that fits the key, with every content encryption, and to no other key`(kind: KeyKind) throws {
        let reader = DecryptionKey(keyID: "e1", key: try .generate(kind))
        let stranger = DecryptionKey(keyID: "e1", key: try .generate(kind))
        var random = SystemRandom()
        let algorithms = JWEAlgorithm.allCases.filter { $0.fits(kind) }
        #expect(algorithms.count == 4)
        for algorithm in algorithms {
            for content in JWEContent.allCases {
                let compact = try JWE.encrypt(
                    Self.message, to: reader.jwk, algorithm: algorithm, content: content, contentType: "JWT", using: &random)
                let found = try UnverifiedJWE(compact: compact).decrypted(by: [reader], allowed: [algorithm], contents: [content])
                #expect(found.plaintext == Self.message)
                #expect(found.keyID == "e1" && found.algorithm == algorithm && found.content == content)
                #expect(found.contentType == "jwt" && found.type == nil)
                #expect(throws: JWERefusal.undecryptable) {
                    try UnverifiedJWE(compact: compact).decrypted(by: [stranger], allowed: Self.every)
                }
                #expect(throws: JWERefusal.algorithmNotAllowed(algorithm)) {
                    try UnverifiedJWE(compact: compact).decrypted(by: [reader], allowed: Self.every.subtracting([algorithm]))
                }
                #expect(throws: JWERefusal.contentNotAllowed(content)) {
                    try UnverifiedJWE(compact: compact).decrypted(
                        by: [reader], allowed: [algorithm], contents: Set(JWEContent.allCases).subtracting([content]))
                }
            }
        }
    }

    @Test(arguments: [0, 1, 15, 16, 17, 31, 32, 5000]) func `keeps every length of content`(length: Int) throws {
        let reader = DecryptionKey(keyID: "e", key: try .generate(.ec(.p256)))
        var random = SystemRandom()
        let message = random.bytes(length)
        for content in JWEContent.allCases {
            let compact = try JWE.encrypt(message, to: reader.jwk, algorithm: .ecdhES, content: content, using: &random)
            #expect(try UnverifiedJWE(compact: compact).decrypted(by: [reader], allowed: [.ecdhES]).plaintext == message)
        }
    }

    @Test func `never says the same thing twice, and says who shall read it`() throws {
        let reader = DecryptionKey(keyID: "e", key: try .generate(.ec(.p256)))
        var random = SystemRandom()
        let two = try (0..<2).map { _ in
            try JWE.encrypt([1], to: reader.jwk, algorithm: .ecdhESA128KW, content: .a128GCM, type: "at+jwt", using: &random)
        }
        for part in 0..<5 { #expect(two[0].part(part) != two[1].part(part)) }
        let read = try UnverifiedJWE(compact: two[0])
        #expect(read.keyID == "e" && read.algorithm == .ecdhESA128KW && read.content == .a128GCM)
        #expect(read.header["epk"]?["d"] == nil && read.header["epk"]?["crv"] == "P-256")
        #expect(try read.decrypted(by: [reader], allowed: [.ecdhESA128KW]).type == "at+jwt")
    }

    // RFC 7519 §5.2 and OpenID Connect Core §10.2: signed, then encrypted.
    @Test func `carries a signed token, whose signature alone says who speaks`() throws {
        let signer = SigningKey(keyID: "s", algorithm: .es256, key: try .generate(.ec(.p256)))
        let reader = DecryptionKey(keyID: "e", key: try .generate(.rsa(bits: 2048)))
        var random = SystemRandom()
        let signed = try signer.signed(["sub": "x"])
        let compact = try JWE.encrypt(
            Array(signed.utf8), to: reader.jwk, algorithm: .rsaOAEP256, content: .a256GCM, contentType: "JWT", using: &random)
        #expect(throws: JWSRefusal.parts) { try UnverifiedJWS(compact: compact) }
        #expect(throws: JWERefusal.parts) { try UnverifiedJWE(compact: signed) }
        let opened = try UnverifiedJWE(compact: compact).decrypted(by: [reader], allowed: [.rsaOAEP256])
        let inner = try UnverifiedJWS(compact: try #require(opened.text)).verified(by: [signer.jwk], allowed: [.es256])
        #expect(inner.payload == Array(#"{"sub":"x"}"#.utf8))
        // Anybody can encrypt to us: the same container around a stranger's token opens as well and proves nothing.
        let stranger = SigningKey(keyID: "s", algorithm: .es256, key: try .generate(.ec(.p256)))
        let forged = try JWE.encrypt(
            Array(stranger.signed(["sub": "x"]).utf8), to: reader.jwk, algorithm: .rsaOAEP256, content: .a256GCM, using: &random)
        let text = try #require(try UnverifiedJWE(compact: forged).decrypted(by: [reader], allowed: [.rsaOAEP256]).text)
        #expect(throws: JWSRefusal.signature) { try UnverifiedJWS(compact: text).verified(by: [signer.jwk], allowed: [.es256]) }
    }

    @Test func `finds its key by name, use and algorithm`() throws {
        let (one, two) = (try PrivateKey.generate(.rsa(bits: 2048)), try PrivateKey.generate(.rsa(bits: 2048)))
        let old = DecryptionKey(keyID: "old", key: one)
        let new = DecryptionKey(keyID: "new", key: two, algorithm: .rsaOAEP256)
        var random = SystemRandom()
        let toNew = try JWE.encrypt([1], to: new.jwk, algorithm: .rsaOAEP256, content: .a128GCM, using: &random)
        #expect(try UnverifiedJWE(compact: toNew).decrypted(by: [old, new], allowed: Self.every).keyID == "new")
        #expect(throws: JWERefusal.keyMissing(keyID: "new")) { try UnverifiedJWE(compact: toNew).decrypted(by: [old], allowed: Self.every) }
        #expect(throws: JWERefusal.keyMissing(keyID: "new")) { try UnverifiedJWE(compact: toNew).decrypted(by: [], allowed: Self.every) }
        // A key bound to one algorithm does not serve another, on either side.
        #expect(throws: JWEFailure.key) { try JWE.encrypt([1], to: new.jwk, algorithm: .rsaOAEP, content: .a128GCM, using: &random) }
        let free = JWK(two.publicKey, keyID: "new", encryption: nil)
        let misused = try JWE.encrypt([1], to: free, algorithm: .rsaOAEP, content: .a128GCM, using: &random)
        #expect(throws: JWERefusal.keyMissing(keyID: "new")) {
            try UnverifiedJWE(compact: misused).decrypted(by: [old, new], allowed: Self.every)
        }
        // Without a name at most four keys are tried.
        let nameless = try JWK(reading: .object((free.json.members ?? []).filter { $0.0 != "kid" }))
        let anonymous = try JWE.encrypt([1], to: nameless, algorithm: .rsaOAEP256, content: .a128GCM, using: &random)
        #expect(try UnverifiedJWE(compact: anonymous).decrypted(by: [old, new], allowed: Self.every).keyID == "new")
        #expect(throws: JWERefusal.tooManyKeys(limit: 4)) {
            try UnverifiedJWE(compact: anonymous).decrypted(by: [old, old, old, old, new], allowed: Self.every)
        }
    }

    @Test func `is not made for a key that signs, nor of more than a mebibyte`() throws {
        let key = try PrivateKey.generate(.ec(.p256)).publicKey
        var random = SystemRandom()
        #expect(throws: JWEFailure.key) {
            try JWE.encrypt([1], to: JWK(key, keyID: "k", algorithm: .es256), algorithm: .ecdhES, content: .a128GCM, using: &random)
        }
        let reader = JWK(key, keyID: "k", encryption: nil)
        #expect(throws: JWEFailure.key) { try JWE.encrypt([1], to: reader, algorithm: .rsaOAEP, content: .a128GCM, using: &random) }
        let huge = [UInt8](repeating: 0, count: JWE.largest + 1)
        #expect(throws: JWEFailure.tooLarge(limit: JWE.largest)) {
            try JWE.encrypt(huge, to: reader, algorithm: .ecdhES, content: .a128GCM, using: &random)
        }
        let edge = try JWE.encrypt(huge.dropLast(), to: reader, algorithm: .ecdhES, content: .a128GCM, using: &random)
        #expect(throws: JWERefusal.tooLarge(limit: 32_768)) { try UnverifiedJWE(compact: edge) }
        #expect(throws: Never.self) { try UnverifiedJWE(compact: edge, limit: 2 << 20) }
    }

    // RFC 7518 §4.6.1.2, §4.6.1.3: what both sides say about themselves goes into the key.
    @Test func `derives another key for other apu and apv`() throws {
        let reader = DecryptionKey(keyID: "e", key: try .generate(.ec(.p256)))
        let once = try EphemeralKey(on: .p256)
        let point = try once.point()
        let epk: JSON = .object([
            ("kty", "EC"), ("crv", "P-256"), ("x", .string(Base64url.encode(point[1...32]))),
            ("y", .string(Base64url.encode(point[33...]))),
        ])
        let length: (Int) -> [UInt8] = { [0, 0, UInt8($0 >> 8), UInt8($0 & 255)] }
        let (apu, apv) = (Array("Alice".utf8), Array("Bob".utf8))
        let information = length(7) + Array("A128GCM".utf8) + length(apu.count) + apu + length(apv.count) + apv + length(128)
        let key = try ConcatKDF.derive(once.agree(with: reader.key.publicKey), .sha256, knowing: information, length: 16)
        func token(_ parties: [(String, JSON)]) throws -> String {
            let header = Base64url.encode(JSON.object([("alg", "ECDH-ES"), ("enc", "A128GCM"), ("epk", epk)] + parties).bytes)
            let sealed = try AES.sealGCM(
                [1, 2, 3], key: key, nonce: [UInt8](repeating: 0, count: 12), additional: Array(header.utf8))
            return [
                header, "", Base64url.encode([UInt8](repeating: 0, count: 12)), Base64url.encode(sealed.dropLast(16)),
                Base64url.encode(sealed.suffix(16)),
            ].joined(separator: ".")
        }
        let right: [(String, JSON)] = [("apu", .string(Base64url.encode(apu))), ("apv", .string(Base64url.encode(apv)))]
        #expect(try UnverifiedJWE(compact: token(right)).decrypted(by: [reader], allowed: [.ecdhES]).plaintext == [1, 2, 3])
        for wrong: [(String, JSON)] in [[], [right[0]], [("apu", right[1].1), ("apv", right[0].1)]] {
            #expect(throws: JWERefusal.undecryptable) {
                try UnverifiedJWE(compact: token(wrong)).decrypted(by: [reader], allowed: [.ecdhES])
            }
        }
        for bad: JSON in [1, "a=", "é", .string(String(repeating: "A", count: 1000)), .null] {
            #expect(throws: JWERefusal.headerMember("apu")) { try UnverifiedJWE(compact: token([("apu", bad)])) }
        }
    }
}
