import Cryptography
import Vocabulary

/// The certificates in a JWK (RFC 7517 §4.7, §4.9). They have to be of the key they stand beside; whom they name, nobody asks here.
enum JWKCertificates {
    // The longest chain we judge elsewhere has eight (profile `login`).
    private static let most = 8
    private static let longest = 16_384

    static func read(_ json: JSON, of key: PublicKey) throws(JWKRefusal) -> [[UInt8]] {
        guard let value = json["x5c"] else { return [] }
        guard let texts = value.strings, (1...most).contains(texts.count) else { throw .malformed(member: "x5c") }
        var certificates: [[UInt8]] = []
        for text in texts {
            guard text.utf8.count <= longest, let der = Base64.decode(text), !der.isEmpty else { throw .malformed(member: "x5c") }
            certificates.append(der)
        }
        let first: Certificate
        do { first = try Certificate(der: certificates[0]) } catch { throw .malformed(member: "x5c") }
        guard first.publicKey == key else { throw .contradiction(member: "x5c") }
        return certificates
    }

    static func thumbprint(_ json: JSON, of certificates: [[UInt8]]) throws(JWKRefusal) -> String? {
        let computed = certificates.first.map { Base64url.encode(Digest.sha256($0)) }
        guard json["x5t#S256"] != nil else { return computed }
        guard try json.bytes("x5t#S256").count == DigestAlgorithm.sha256.length else { throw .malformed(member: "x5t#S256") }
        let given = try json.text("x5t#S256")
        guard computed == nil || computed == given else { throw .contradiction(member: "x5t#S256") }
        return given
    }
}
