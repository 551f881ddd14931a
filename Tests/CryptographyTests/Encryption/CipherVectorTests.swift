import Cryptography
import Testing
import Vocabulary

@Suite struct `Wycheproof: encryption primitives` {
    @Test func `AES-GCM opens what is authentic and nothing else`() throws {
        guard let json = try KeysVectors.wycheproof("aes_gcm", cases: 316) else { return }
        var (agree, refused) = (0, 0)
        for group in try #require(json["testGroups"]?.array) {
            for test in try #require(group["tests"]?.array) {
                let key = secret(try test.hexadecimal("key"))
                let nonce = try test.hexadecimal("iv")
                let additional = try test.hexadecimal("aad")
                let (message, sealed) = (try test.hexadecimal("msg"), try test.hexadecimal("ct") + test.hexadecimal("tag"))
                guard nonce.count == AES.nonce else {
                    // XML Encryption and JOSE have one nonce length (xmlenc11 §5.2.4, RFC 7518 §5.3).
                    #expect(throws: CipherError.length) { try AES.openGCM(sealed, key: key, nonce: nonce, additional: additional) }
                    refused += 1
                    continue
                }
                let opened = try AES.openGCM(sealed, key: key, nonce: nonce, additional: additional)
                #expect(opened == (test["result"] == "valid" ? message : nil), "case \(test["tcId"]?.integer ?? 0)")
                #expect(try AES.openGCM(sealed, key: key, nonce: nonce, additional: additional + [0]) == nil)
                if test["result"] == "valid" {
                    #expect(try AES.sealGCM(message, key: key, nonce: nonce, additional: additional) == sealed)
                }
                agree += 1
            }
        }
        print("wycheproof aes_gcm: \(agree) agree, \(refused) skipped (a nonce that has not 96 bits: refused by its length)")
        #expect(agree == 197)
    }

    @Test(arguments: ["a128cbc_hs256", "a192cbc_hs384", "a256cbc_hs512"])
    func `AES-CBC with HMAC opens what is authentic and nothing else`(name: String) throws {
        guard let json = try KeysVectors.wycheproof(name, cases: 94) else { return }
        var (opened, refused) = (0, 0)
        for group in try #require(json["testGroups"]?.array) {
            for test in try #require(group["tests"]?.array) {
                let key = secret(try test.hexadecimal("key"))
                let (vector, additional) = (try test.hexadecimal("iv"), try test.hexadecimal("aad"))
                let (message, sealed) = (try test.hexadecimal("msg"), try test.hexadecimal("ct") + test.hexadecimal("tag"))
                let found = try AuthenticatedCBC.open(sealed, key: key, vector: vector, additional: additional)
                #expect(found == (test["result"] == "valid" ? message : nil), "case \(test["tcId"]?.integer ?? 0)")
                if found == nil { refused += 1 } else { opened += 1 }
                if test["result"] == "valid" {
                    #expect(try AuthenticatedCBC.seal(message, key: key, vector: vector, additional: additional) == sealed)
                    #expect(try AuthenticatedCBC.open(sealed, key: key, vector: vector, additional: additional + [0]) == nil)
                }
            }
        }
        print("wycheproof \(name): 94 agree (\(opened) opened, \(refused) refused)")
        #expect(opened == 67 && refused == 27)
    }

    @Test func `AES key wrap unwraps what was wrapped and nothing else`() throws {
        guard let json = try KeysVectors.wycheproof("aes_wrap", cases: 165) else { return }
        var (agree, skipped) = (0, 0)
        for group in try #require(json["testGroups"]?.array) {
            for test in try #require(group["tests"]?.array) {
                let key = secret(try test.hexadecimal("key"))
                let (message, wrapped) = (try test.hexadecimal("msg"), try test.hexadecimal("ct"))
                let opened = shown { try? AES.unwrap(wrapped, with: key) }
                // Acceptable: keys of eight bytes, which RFC 3394 §2 does not wrap.
                let isRight = opened == (test["result"] == "valid" ? message : nil)
                if test["result"] == "acceptable" { skipped += 1 } else { #expect(isRight, "case \(test["tcId"]?.integer ?? 0)") }
                if test["result"] == "valid" { #expect(try AES.wrap(secret(message), with: key) == wrapped) }
                agree += test["result"] == "acceptable" ? 0 : 1
            }
        }
        print("wycheproof aes_wrap: \(agree) agree, \(skipped) skipped (acceptable: 64-bit keys)")
        #expect(agree == 162)
    }

    @Test func `AES-CBC gives back every valid message with its padding`() throws {
        guard let json = try KeysVectors.wycheproof("aes_cbc_pkcs5", cases: 216) else { return }
        var agree = 0
        for group in try #require(json["testGroups"]?.array) {
            for test in try #require(group["tests"]?.array) where test["result"] == "valid" {
                let key = secret(try test.hexadecimal("key"))
                let vector = try test.hexadecimal("iv")
                let (message, sealed) = (try test.hexadecimal("msg"), try test.hexadecimal("ct"))
                let padding = AES.block - message.count % AES.block
                let padded = message + [UInt8](repeating: UInt8(padding), count: padding)
                #expect(try AES.openCBC(sealed, key: key, vector: vector) == padded)
                #expect(try AES.sealCBC(padded, key: key, vector: vector) == sealed)
                agree += 1
            }
        }
        print("wycheproof aes_cbc_pkcs5: \(agree) agree, 144 skipped (PKCS#7 padding, which XML Encryption does not have)")
        #expect(agree == 72)
    }

    @Test(arguments: [("rsa_oaep_2048_sha1_mgf1sha1", DigestAlgorithm.sha1, 36), ("rsa_oaep_2048_sha256_mgf1sha256", .sha256, 37)])
    func `RSA-OAEP decrypts what is valid and nothing else`(name: String, digest: DigestAlgorithm, cases: Int) throws {
        guard let json = try KeysVectors.wycheproof(name, cases: cases) else { return }
        for group in try #require(json["testGroups"]?.array) {
            let key = try PrivateKey(pkcs8: try group.hexadecimal("privateKeyPkcs8"))
            for test in try #require(group["tests"]?.array) {
                let scheme = OAEP(digest: digest, mask: digest, label: try test.hexadecimal("label"))
                let sealed = try test.hexadecimal("ct")
                let opened = try shown { try key.decrypt(sealed, scheme) }
                let expected = test["result"] == "valid" ? try test.hexadecimal("msg") : nil
                #expect(opened == expected, "case \(test["tcId"]?.integer ?? 0): \(test["comment"]?.string ?? "")")
            }
        }
        print("wycheproof \(name): \(cases) agree")
    }

    @Test(arguments: [
        ("ecdh_secp256r1_webcrypto", EllipticCurve.p256, 353), ("ecdh_secp384r1_webcrypto", .p384, 794),
        ("ecdh_secp521r1_webcrypto", .p521, 655),
    ])
    func `ECDH agrees on every valid point and refuses the others`(name: String, curve: EllipticCurve, cases: Int) throws {
        guard let json = try KeysVectors.wycheproof(name, cases: cases) else { return }
        var (agreed, refused) = (0, 0)
        for group in try #require(json["testGroups"]?.array) {
            for test in try #require(group["tests"]?.array) {
                let expected = test["result"] == "valid" ? try test.hexadecimal("shared") : nil
                var found: [UInt8]?
                if let other = try? publicKey(test["public"], curve), let d = coordinate(test["private"], "d"), d.count <= curve.width {
                    let ours = try PrivateKey(pkcs8: pkcs8(curve, [UInt8](repeating: 0, count: curve.width - d.count) + d))
                    found = shown { try? ours.agree(with: other) }
                }
                #expect(found == expected, "case \(test["tcId"]?.integer ?? 0): \(test["comment"]?.string ?? "")")
                if found == nil { refused += 1 } else { agreed += 1 }
            }
        }
        print("wycheproof \(name): \(cases) agree (\(agreed) agreed on a secret, \(refused) refused)")
        #expect(agreed + refused == cases && agreed > 300 && refused > 10)
    }

    private func coordinate(_ key: JSON?, _ name: String) -> [UInt8]? { key?[name]?.string.flatMap(Base64url.decode) }

    private func publicKey(_ key: JSON?, _ curve: EllipticCurve) throws -> PublicKey {
        let name = [EllipticCurve.p256: "P-256", .p384: "P-384", .p521: "P-521"][curve]
        guard key?["crv"]?.string == name else { throw KeyError.unsupported }
        return try PublicKey(
            curve: curve, x: try #require(coordinate(key, "x")), y: try #require(coordinate(key, "y")))
    }

    /// PrivateKeyInfo with the number alone (RFC 5915).
    private func pkcs8(_ curve: EllipticCurve, _ number: [UInt8]) throws -> [UInt8] {
        let object: [UInt8] =
            switch curve {
            case .p256: [6, 8, 0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7]
            case .p384: [6, 5, 0x2b, 0x81, 4, 0, 0x22]
            case .p521: [6, 5, 0x2b, 0x81, 4, 0, 0x23]
            }
        let wrapped = { (tag: UInt8, content: [UInt8]) in [tag, UInt8(content.count)] + content }
        let identifier = wrapped(0x30, [6, 7, 0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1] + object)
        let inner = wrapped(0x30, [2, 1, 1] + wrapped(4, number))
        return wrapped(0x30, [2, 1, 0] + identifier + wrapped(4, inner))
    }
}

func secret(_ bytes: [UInt8]) -> Secret { Secret(copying: bytes.span) }

func bytes(_ secret: borrowing Secret) -> [UInt8] { secret.withBytes { span in span.indices.map { span[$0] } } }

/// The bytes of a secret that there may not be.
func shown(_ make: () throws -> Secret?) rethrows -> [UInt8]? {
    guard let secret = try make() else { return nil }
    return bytes(secret)
}
