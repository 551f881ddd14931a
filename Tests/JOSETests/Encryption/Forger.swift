import Cryptography
import JOSE
import Testing
import Vocabulary

/// Makes compact JWEs by hand, correctly encrypted whatever their header says: only the header can be what refuses them. A test may
/// exchange any part afterwards.
struct Forger {
    let reader: DecryptionKey
    var contentKey = [UInt8](repeating: 7, count: 16)
    var vector = [UInt8](repeating: 3, count: 12)

    static func rsa() throws -> Forger { Forger(reader: DecryptionKey(keyID: "e1", key: try .generate(.rsa(bits: 2048)))) }

    func token(header: String, plaintext: String = "hello") throws -> String {
        let encoded = Base64url.encode(header.utf8)
        let sealed = try AES.sealGCM(
            Array(plaintext.utf8), key: Secret(copying: contentKey.span), nonce: vector, additional: Array(encoded.utf8))
        return [
            encoded, Base64url.encode(try transported(contentKey)), Base64url.encode(vector), Base64url.encode(sealed.dropLast(16)),
            Base64url.encode(sealed.suffix(16)),
        ].joined(separator: ".")
    }

    func transported(_ bytes: [UInt8]) throws -> [UInt8] {
        try OAEPEncryptor(to: reader.key.publicKey, OAEP(digest: .sha256, mask: .sha256)).encrypt(Secret(copying: bytes.span))
    }

    func read(_ compact: String) throws(JWERefusal) -> DecryptedJWE {
        try UnverifiedJWE(compact: compact).decrypted(by: [reader], allowed: Set(JWEAlgorithm.allCases))
    }
}

extension String {
    /// The compact text with one of its parts exchanged.
    func exchanging(part: Int, for other: String) -> String {
        var parts = split(separator: ".", omittingEmptySubsequences: false).map(String.init)
        parts[part] = other
        return parts.joined(separator: ".")
    }

    func part(_ index: Int) -> [UInt8] {
        Base64url.decode(String(split(separator: ".", omittingEmptySubsequences: false)[index])) ?? []
    }
}
