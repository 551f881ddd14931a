package import JOSE

/// What may be encrypted to us: request objects, and ID tokens that come back as hints.
package enum JWEForm {
    /// Published as `request_object_encryption_alg_values_supported`. RSA-OAEP with SHA-1 is left out: nobody needs it with us.
    package static let algorithms: Set<JWEAlgorithm> = [.rsaOAEP256, .ecdhES, .ecdhESA128KW, .ecdhESA256KW]
    static let contents: Set<JWEContent> = [.a128GCM, .a256GCM, .a128CBCHS256, .a256CBCHS512]

    /// Five parts are a JWE, three a JWS (RFC 7516 §9).
    static func isOne(_ compact: String) -> Bool { compact.utf8.count(where: { $0 == 0x2e }) == 4 }
}
