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

    @Test(arguments: [
        ("rfc7520/jws/4_1.rsa_v15_signature.json", JWSAlgorithm.rs256), ("rfc7520/jws/4_2.rsa-pss_signature.json", .ps384),
        ("rfc7520/jws/4_3.ecdsa_signature.json", .es512), ("rfc7520/curve25519/jws.json", .eddsa),
    ]) func `signatures by algorithms we claim verify`(file: String, algorithm: JWSAlgorithm) throws {
        guard let example = try Vectors.json(file, cases: 1) else { return }
        let key = try Self.publicKey(try #require(example["input"]?["key"]))
        let compact = try #require(example["output"]?["compact"]?.string)
        let verified = try UnverifiedJWS(compact: compact).verified(by: [key], allowed: [algorithm])
        #expect(verified.algorithm == algorithm)
        #expect(verified.payload == Array(try #require(example["input"]?["payload"]?.string).utf8))
        #expect(throws: JWSRefusal.algorithmNotAllowed(algorithm)) {
            try UnverifiedJWS(compact: compact).verified(by: [key], allowed: Set(JWSAlgorithm.allCases).subtracting([algorithm]))
        }
    }

    @Test(arguments: [
        ("rfc7520/jws/4_4.hmac-sha2_integrity_protection.json", JWSRefusal.algorithm("HS256")),
        ("rfc7520/jws/4_5.signature_with_detached_content.json", .algorithm("HS256")),
        ("rfc7520/jws/4_6.protecting_specific_header_fields.json", .parts),
        ("rfc7520/jws/4_7.protecting_content_only.json", .parts), ("rfc7520/jws/4_8.multiple_signatures.json", .parts),
        ("rfc7520/rfc7797/hmac-sha2_b64_false.json", .encoding),
        ("rfc7520/rfc7797/4.2.hmac-sha2_b64_false.json", .parts),
        ("rfc7520/6.nesting_signatures_and_encryption.json", .parts),
    ]) func `what we do not claim is refused by name: HMAC, JSON serialization, detached and unencoded payloads`(
        file: String, refusal: JWSRefusal
    ) throws {
        guard let example = try Vectors.json(file, cases: 1) else { return }
        let output = try #require(example["output"] ?? example["encrypt"]?["output"] ?? example["sign"]?["output"])
        let text = output["compact"]?.string ?? output["json"]?.text ?? output.text
        #expect(throws: refusal) { try UnverifiedJWS(compact: text) }
    }

    @Test(arguments: [
        "5_1.key_encryption_using_rsa_v15_and_aes-hmac-sha2", "5_2.key_encryption_using_rsa-oaep_with_aes-gcm",
        "5_3.key_wrap_using_pbes2-aes-keywrap_with-aes-cbc-hmac-sha2",
        "5_4.key_agreement_with_key_wrapping_using_ecdh-es_and_aes-keywrap_with_aes-gcm",
        "5_5.key_agreement_using_ecdh-es_with_aes-cbc-hmac-sha2", "5_6.direct_encryption_using_aes-gcm",
        "5_7.key_wrap_using_aes-gcm_keywrap_with_aes-cbc-hmac-sha2", "5_8.key_wrap_using_aes-keywrap_with_aes-gcm",
        "5_9.compressed_content", "5_10.including_additional_authentication_data", "5_11.protecting_specific_header_fields",
        "5_12.protecting_content_only", "5_13.encrypting_to_multiple_recipients",
    ]) func `JWE, PBES2 and compression among it, is refused before any work is done (checklist E13)`(name: String) throws {
        guard let example = try Vectors.json("rfc7520/jwe/" + name + ".json", cases: 1) else { return }
        let output = try #require(example["output"])
        let text = output["compact"]?.string ?? output["json"]?.text ?? output.text
        #expect(throws: JWSRefusal.parts) { try UnverifiedJWS(compact: text) }
    }

    @Test(arguments: [
        ("3_1.ec_public_key", JWKRefusal?.none), ("3_3.rsa_public_key", nil), ("3_2.ec_private_key", .secret(member: "d")),
        ("3_4.rsa_private_key", .secret(member: "d")), ("3_5.symmetric_key_mac_computation", .secret(member: "k")),
        ("3_6.symmetric_key_encryption", .secret(member: "k")),
    ]) func `public keys are read, private and symmetric ones refused`(name: String, refusal: JWKRefusal?) throws {
        guard let json = try Vectors.json("rfc7520/jwk/" + name + ".json", cases: 1) else { return }
        if let refusal {
            #expect(throws: refusal) { try JWK(reading: json) }
        } else {
            let key = try JWK(reading: json)
            #expect(key.keyID == "bilbo.baggins@hobbiton.example")
            #expect(try JWK(reading: key.json).key == key.key)
        }
    }
}
