import Cryptography
import JOSE
import Testing
import Vocabulary

@Suite struct `RFC 7520 and RFC 8037 examples` {
    /// The public half of an example's key: our reader refuses the private members it is printed with.
    static func publicKey(_ json: JSON) throws -> JWK {
        let members = try #require(json.members)
        return try JWK(reading: .object(members.filter { !["d", "p", "q", "dp", "dq", "qi"].contains($0.0) }))
    }

    /// What becomes of each of the 32 files. What we do not claim is refused by this name before any work is done.
    enum Fate: Sendable {
        case signature(JWSAlgorithm)
        case opens(JWEAlgorithm, JWEContent)
        case nested
        case key(JWKRefusal?)
        case noSignature(JWSRefusal)
        case noEncryption(JWERefusal)
        /// RFC 7515 §7.2, RFC 7516 §7.2: not a compact text at all.
        case serialization
    }

    static let files: [(file: String, fate: Fate)] = [
        ("jwk/3_1.ec_public_key", .key(nil)), ("jwk/3_2.ec_private_key", .key(.secret(member: "d"))), ("jwk/3_3.rsa_public_key", .key(nil)),
        ("jwk/3_4.rsa_private_key", .key(.secret(member: "d"))), ("jwk/3_5.symmetric_key_mac_computation", .key(.secret(member: "k"))),
        ("jwk/3_6.symmetric_key_encryption", .key(.secret(member: "k"))), ("jws/4_1.rsa_v15_signature", .signature(.rs256)),
        ("jws/4_2.rsa-pss_signature", .signature(.ps384)), ("jws/4_3.ecdsa_signature", .signature(.es512)),
        ("curve25519/jws", .signature(.eddsa)), ("jws/4_4.hmac-sha2_integrity_protection", .noSignature(.algorithm("HS256"))),
        ("jws/4_5.signature_with_detached_content", .noSignature(.algorithm("HS256"))),
        ("jws/4_6.protecting_specific_header_fields", .serialization), ("jws/4_7.protecting_content_only", .serialization),
        ("jws/4_8.multiple_signatures", .serialization), ("rfc7797/hmac-sha2_b64_false", .noSignature(.headerMember("crit"))),
        ("rfc7797/4.2.hmac-sha2_b64_false", .serialization),
        ("jwe/5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2", .noEncryption(.algorithm("RSA1_5"))),
        ("jwe/5_2.key_encryption_using_rsa-oaep_with_aes-gcm", .opens(.rsaOAEP, .a256GCM)),
        ("jwe/5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2", .noEncryption(.algorithm("PBES2-HS512+A256KW"))),
        (
            "jwe/5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm",
            .opens(.ecdhESA128KW, .a128GCM)
        ), ("jwe/5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2", .opens(.ecdhES, .a128CBCHS256)),
        ("jwe/5_6.direct_encryption_using_aes-gcm", .noEncryption(.algorithm("dir"))),
        ("jwe/5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2", .noEncryption(.algorithm("A256GCMKW"))),
        ("jwe/5_8.key_wrap_using_aes-keywrap_with_aes-gcm", .noEncryption(.algorithm("A128KW"))),
        ("jwe/5_9.compressed_content", .noEncryption(.headerMember("zip"))),
        ("jwe/5_10.including_additional_authentication_data", .serialization),
        ("jwe/5_11.protecting_specific_header_fields", .serialization),
        ("jwe/5_12.protecting_content_only", .serialization), ("jwe/5_13.encrypting_to_multiple_recipients", .serialization),
        ("curve25519/ecdh-es", .opens(.ecdhES, .a128GCM)),
        ("6.nesting_signatures_and_encryption", .nested),
    ]

    @Test func `are read, opened or refused by name, each of the 32 as we claim`() throws {
        var counts: [String: Int] = [:]
        for (file, fate) in Self.files {
            guard let example = try Vectors.json("rfc7520/" + file + ".json", cases: 1) else { return }
            let compact = example["output"]?["compact"]?.string
            switch fate {
            case .signature(let algorithm):
                let key = try Self.publicKey(try #require(example["input"]?["key"]))
                let text = try #require(compact)
                let verified = try UnverifiedJWS(compact: text).verified(by: [key], allowed: [algorithm])
                #expect(verified.algorithm == algorithm)
                #expect(verified.payload == Array(try #require(example["input"]?["payload"]?.string).utf8))
                #expect(throws: JWSRefusal.algorithmNotAllowed(algorithm)) {
                    try UnverifiedJWS(compact: text).verified(
                        by: [key], allowed: Set(JWSAlgorithm.allCases.filter { !$0.isSame(as: algorithm) }))
                }
                counts["agree", default: 0] += 1
            case .opens(let algorithm, let content):
                let plain = try Self.opened(try #require(compact), try #require(example["input"]?["key"]), algorithm, content)
                #expect(plain == Array(try #require(example["input"]?["plaintext"]?.string).utf8), "\(file)")
                counts["agree", default: 0] += 1
            case .nested:
                let signed = try #require(example["sign"]?["output"]?["compact"]?.string)
                let sealed = try #require(example["encrypt"]?["output"]?["compact"]?.string)
                let plain = try Self.opened(sealed, try #require(example["encrypt"]?["input"]?["key"]), .rsaOAEP, .a128GCM)
                #expect(plain == Array(signed.utf8))
                let key = try Self.publicKey(try #require(example["sign"]?["input"]?["key"]))
                let claims = try JWTClaims(UnverifiedJWS(compact: signed).verified(by: [key], allowed: [.ps256]))
                #expect(claims.issuer == "hobbiton.example")
                counts["agree", default: 0] += 1
            case .key(let refusal?):
                #expect(throws: refusal) { try JWK(reading: example) }
                counts["refused by name", default: 0] += 1
            case .key(nil):
                let key = try JWK(reading: example)
                #expect(key.keyID == "bilbo.baggins@hobbiton.example")
                #expect(try JWK(reading: key.json).key == key.key)
                counts["agree", default: 0] += 1
            case .noSignature(let refusal):
                #expect(throws: refusal) { try UnverifiedJWS(compact: try #require(compact)) }
                counts["refused by name", default: 0] += 1
            case .noEncryption(let refusal):
                let reader = DecryptionKey(keyID: "Bob", key: try .generate(.ec(.p256)))
                #expect(throws: refusal) {
                    try UnverifiedJWE(compact: try #require(compact)).decrypted(by: [reader], allowed: Set(JWEAlgorithm.allCases))
                }
                counts["refused by name", default: 0] += 1
            case .serialization:
                #expect(compact == nil || file.hasPrefix("rfc7797"))
                let text = try #require(example["output"]?["json"]).text
                #expect(throws: JWSRefusal.parts) { try UnverifiedJWS(compact: text) }
                #expect(throws: JWERefusal.self) { try UnverifiedJWE(compact: text) }
                counts["skipped: JSON serialization", default: 0] += 1
            }
        }
        #expect(counts.values.reduce(0, +) == 32)
        #expect(counts["agree"] == 11)
        print("RFC 7520 and companions: 32 files, \(counts.map { "\($0.value) \($0.key)" }.sorted().joined(separator: ", ")), 0 differ")
    }

    private static func opened(
        _ compact: String, _ key: JSON, _ algorithm: JWEAlgorithm, _ content: JWEContent
    ) throws -> [UInt8] {
        let reader = try PrivateJWK(reading: key)
        #expect(reader.jwk.serves(algorithm))
        let unverified = try UnverifiedJWE(compact: compact)
        let named = DecryptionKey(keyID: reader.jwk.keyID ?? "", key: reader.key, algorithm: algorithm)
        return try unverified.decrypted(by: [named], allowed: [algorithm], contents: [content]).plaintext
    }
}
