import Cryptography
import Vocabulary

/// Why nothing was encrypted.
package enum JWEFailure: Error, Hashable, Sendable {
    /// The key is not meant for the algorithm, or does not fit it.
    case key
    case tooLarge(limit: Int)
    /// libcrypto could not do it.
    case failed
}

package enum JWE {
    /// The most bytes of a plaintext: far above any token.
    package static let largest = 1 << 20

    /// A compact JWE that only the owner of `recipient` reads. It proves nothing about us: sign first, and say `cty` `JWT` then
    /// (RFC 7519 §5.2). The key and the vector of the content come from `random`, an ephemeral key from libcrypto.
    package static func encrypt(
        _ plaintext: [UInt8], to recipient: JWK, algorithm: JWEAlgorithm, content: JWEContent, contentType: String? = nil,
        type: String? = nil, using random: inout some RandomNumberGenerator
    ) throws(JWEFailure) -> String {
        guard recipient.serves(algorithm) else { throw .key }
        guard plaintext.count <= largest else { throw .tooLarge(limit: largest) }
        var members: [(String, JSON)] = [("alg", .string(algorithm.rawValue)), ("enc", .string(content.rawValue))]
        if let name = recipient.keyID { members.append(("kid", .string(name))) }
        if let contentType { members.append(("cty", .string(contentType))) }
        if let type { members.append(("typ", .string(type))) }
        let vector = random.bytes(content.vectorLength)
        do {
            switch algorithm.management {
            case .transport(let digest):
                let key = Secret.random(content.keyLength, using: &random)
                let encrypted = try OAEPEncryptor(to: recipient.key, OAEP(digest: digest, mask: digest)).encrypt(key)
                return try sealed(plaintext, members, key, encrypted, vector, content)
            case .agreement:
                let agreed = try agreed(with: recipient, algorithm, content)
                return try sealed(plaintext, members + [("epk", agreed.epk)], agreed.key, [], vector, content)
            case .agreedWrap:
                let agreed = try agreed(with: recipient, algorithm, content)
                let key = Secret.random(content.keyLength, using: &random)
                let wrapped = try AES.wrap(key, with: agreed.key)
                return try sealed(plaintext, members + [("epk", agreed.epk)], key, wrapped, vector, content)
            }
        } catch { throw .failed }
    }

    private struct Agreed: ~Copyable {
        let key: Secret
        let epk: JSON
    }

    private static func agreed(with recipient: JWK, _ algorithm: JWEAlgorithm, _ content: JWEContent) throws -> Agreed {
        let once = try EphemeralKey(for: recipient.key.kind)
        let point = try once.point()
        let shared = try once.agree(with: recipient.key)
        let epk: JSON =
            if case .ec(let curve) = recipient.key.kind {
                .object([
                    ("kty", "EC"), ("crv", .string(curve.joseName)), ("x", .string(Base64url.encode(point[1...curve.width]))),
                    ("y", .string(Base64url.encode(point[(1 + curve.width)...]))),
                ])
            } else {
                // RFC 8037 §3.2.
                .object([("kty", "OKP"), ("crv", "X25519"), ("x", .string(Base64url.encode(point)))])
            }
        return Agreed(key: try Agreement.anonymous.key(shared, for: algorithm, content), epk: epk)
    }

    private static func sealed(
        _ plaintext: [UInt8], _ members: [(String, JSON)], _ key: borrowing Secret, _ encryptedKey: [UInt8], _ vector: [UInt8],
        _ content: JWEContent
    ) throws -> String {
        let header = Base64url.encode(JSON.object(members).bytes)
        let sealed = try content.seal(plaintext, key: key, vector: vector, additional: Array(header.utf8))
        return [
            header, Base64url.encode(encryptedKey), Base64url.encode(vector),
            Base64url.encode(sealed.dropLast(content.tagLength)), Base64url.encode(sealed.suffix(content.tagLength)),
        ].joined(separator: ".")
    }
}
