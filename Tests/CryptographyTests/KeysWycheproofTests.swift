import Cryptography
import Testing
import Vocabulary

@Suite struct `Wycheproof: signature and MAC primitives` {
    struct File: Sendable, CustomTestStringConvertible {
        let name: String
        let cases: Int
        let algorithm: SignatureAlgorithm
        var encoding = SignatureEncoding.der
        var testDescription: String { name }
    }

    static let files = [
        File(name: "rsa_signature_2048_sha256", cases: 259, algorithm: .rsaPKCS1(.sha256)),
        File(name: "rsa_signature_2048_sha384", cases: 258, algorithm: .rsaPKCS1(.sha384)),
        File(name: "rsa_signature_2048_sha512", cases: 259, algorithm: .rsaPKCS1(.sha512)),
        File(name: "rsa_signature_3072_sha256", cases: 259, algorithm: .rsaPKCS1(.sha256)),
        File(name: "rsa_signature_4096_sha512", cases: 259, algorithm: .rsaPKCS1(.sha512)),
        File(name: "rsa_pss_2048_sha256_mgf1_32", cases: 108, algorithm: .rsaPSS(.sha256)),
        File(name: "rsa_pss_2048_sha384_mgf1_48", cases: 141, algorithm: .rsaPSS(.sha384)),
        File(name: "rsa_pss_3072_sha256_mgf1_32", cases: 108, algorithm: .rsaPSS(.sha256)),
        File(name: "rsa_pss_4096_sha512_mgf1_64", cases: 179, algorithm: .rsaPSS(.sha512)),
        File(name: "ecdsa_secp256r1_sha256", cases: 484, algorithm: .ecdsa(.sha256)),
        File(name: "ecdsa_secp384r1_sha384", cases: 504, algorithm: .ecdsa(.sha384)),
        File(name: "ecdsa_secp256r1_sha256_p1363", cases: 262, algorithm: .ecdsa(.sha256), encoding: .raw),
        File(name: "ecdsa_secp384r1_sha384_p1363", cases: 280, algorithm: .ecdsa(.sha384), encoding: .raw),
        File(name: "ecdsa_secp521r1_sha512_p1363", cases: 318, algorithm: .ecdsa(.sha512), encoding: .raw),
        File(name: "ed25519", cases: 151, algorithm: .ed25519),
    ]

    // "acceptable" are PKCS#1 v1.5 signatures whose DigestInfo lacks the NULL: a second spelling, which we refuse.
    @Test(arguments: files) func `every valid signature verifies and nothing else does`(file: File) throws {
        guard let json = try KeysVectors.wycheproof(file.name, cases: file.cases) else { return }
        var accepted = 0
        var refused = 0
        for group in try #require(json["testGroups"]?.array) {
            let key = try PublicKey(spki: try group.hexadecimal("publicKeyDer"))
            for test in try #require(group["tests"]?.array) {
                let verifies = key.verifies(
                    try test.hexadecimal("sig"), over: try test.hexadecimal("msg"), file.algorithm, encoding: file.encoding)
                let expected = test["result"] == "valid"
                #expect(verifies == expected, "case \(test["tcId"]?.integer ?? 0): \(test["comment"]?.string ?? "")")
                if verifies { accepted += 1 } else { refused += 1 }
            }
        }
        #expect(accepted + refused == file.cases)
        #expect(accepted > 0 && refused > 0)
        print("wycheproof \(file.name): \(file.cases) agree (\(accepted) verified, \(refused) refused)")
    }

    @Test(arguments: [("hmac_sha256", DigestAlgorithm.sha256), ("hmac_sha384", .sha384), ("hmac_sha512", .sha512)])
    func `every valid MAC is ours and no modified one is`(name: String, algorithm: DigestAlgorithm) throws {
        guard let json = try KeysVectors.wycheproof(name, cases: 174) else { return }
        for group in try #require(json["testGroups"]?.array) {
            let length = Int(try #require(group["tagSize"]?.integer)) / 8
            for test in try #require(group["tests"]?.array) {
                let tag = HMAC.compute(algorithm, key: try test.hexadecimal("key"), try test.hexadecimal("msg"))
                let matches = ConstantTime.equal(Array(tag.prefix(length)), try test.hexadecimal("tag"))
                #expect(matches == (test["result"] == "valid"), "case \(test["tcId"]?.integer ?? 0)")
            }
        }
        print("wycheproof \(name): 174 agree")
    }

    @Test func `keys of a curve we do not claim are refused by name: Ed448`() throws {
        guard let json = try KeysVectors.wycheproof("ed448", cases: 87) else { return }
        for group in try #require(json["testGroups"]?.array) {
            let spki = try group.hexadecimal("publicKeyDer")
            #expect(throws: KeyError.unsupported) { try PublicKey(spki: spki) }
        }
    }
}
