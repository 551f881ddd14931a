import Cryptography

/// How the content is encrypted (RFC 7518 §5); all of them authenticate it.
package enum JWEContent: String, Hashable, Sendable, CaseIterable {
    case a128GCM = "A128GCM"
    case a192GCM = "A192GCM"
    case a256GCM = "A256GCM"
    case a128CBCHS256 = "A128CBC-HS256"
    case a192CBCHS384 = "A192CBC-HS384"
    case a256CBCHS512 = "A256CBC-HS512"

    /// Bytes of the content key.
    package var keyLength: Int {
        switch self {
        case .a128GCM: 16
        case .a192GCM: 24
        case .a256GCM, .a128CBCHS256: 32
        case .a192CBCHS384: 48
        case .a256CBCHS512: 64
        }
    }

    var isGCM: Bool {
        switch self {
        case .a128GCM, .a192GCM, .a256GCM: true
        case .a128CBCHS256, .a192CBCHS384, .a256CBCHS512: false
        }
    }

    var vectorLength: Int { isGCM ? AES.nonce : AES.block }

    var tagLength: Int { isGCM ? AES.block : keyLength / 2 }

    /// Ciphertext and tag.
    func seal(
        _ plaintext: [UInt8], key: borrowing Secret, vector: [UInt8], additional: [UInt8]
    ) throws(CipherError) -> [UInt8] {
        try isGCM
            ? AES.sealGCM(plaintext, key: key, nonce: vector, additional: additional)
            : AuthenticatedCBC.seal(plaintext, key: key, vector: vector, additional: additional)
    }

    /// Nil unless everything is as it was sealed with this key.
    func open(
        _ sealed: [UInt8], key: borrowing Secret, vector: [UInt8], additional: [UInt8]
    ) throws(CipherError) -> [UInt8]? {
        try isGCM
            ? AES.openGCM(sealed, key: key, nonce: vector, additional: additional)
            : AuthenticatedCBC.open(sealed, key: key, vector: vector, additional: additional)
    }
}
