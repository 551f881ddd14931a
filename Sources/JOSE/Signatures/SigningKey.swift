package import Cryptography
package import Vocabulary

/// One of our keys, ready to sign tokens: bound to one algorithm and one name for life.
package struct SigningKey: Sendable {
    package let keyID: String
    package let algorithm: JWSAlgorithm
    package let key: PrivateKey
    /// `base64url(header).` for the two headers that nearly every token has.
    private let plainHeader: [UInt8]
    private let jwtHeader: [UInt8]

    /// Settings checks that the algorithm fits the key; should it not, every signature is refused.
    package init(keyID: String, algorithm: JWSAlgorithm, key: PrivateKey) {
        self.keyID = keyID
        self.algorithm = algorithm
        self.key = key
        plainHeader = Self.header(algorithm, keyID, type: nil)
        jwtHeader = Self.header(algorithm, keyID, type: "JWT")
    }

    /// The same key under another name of its algorithm, for a client that registered that one: `Ed25519` for `EdDSA`. Nil when the
    /// two are not one algorithm.
    package func named(_ algorithm: JWSAlgorithm) -> SigningKey? {
        guard self.algorithm != algorithm else { return self }
        return self.algorithm.isSame(as: algorithm) ? SigningKey(keyID: keyID, algorithm: algorithm, key: key) : nil
    }

    /// The public half, as we publish it.
    package var jwk: JWK { JWK(key.publicKey, keyID: keyID, algorithm: algorithm) }

    /// A compact JWS. `type` becomes `typ`: `JWT`, `at+jwt`, `logout+jwt`. `unsupported` when the key cannot serve the algorithm.
    package func signed(_ payload: JSON, type: String? = "JWT") throws(KeyError) -> String {
        try signed(bytes: payload.bytes, type: type)
    }

    package func signed(bytes payload: [UInt8], type: String? = "JWT") throws(KeyError) -> String {
        guard algorithm.fits(key.publicKey.kind) else { throw .unsupported }
        var text =
            switch type {
            case nil: plainHeader
            case "JWT": jwtHeader
            case .some(let type): Self.header(algorithm, keyID, type: type)
            }
        text += Base64url.encode(payload).utf8
        let signature = try key.sign(text, algorithm.signature, encoding: .raw)
        text.append(0x2e)
        text += Base64url.encode(signature).utf8
        return String(decoding: text, as: UTF8.self)
    }

    private static func header(_ algorithm: JWSAlgorithm, _ keyID: String, type: String?) -> [UInt8] {
        var members: [(String, JSON)] = [("alg", .string(algorithm.rawValue)), ("kid", .string(keyID))]
        if let type { members.append(("typ", .string(type))) }
        return Array((Base64url.encode(JSON.object(members).bytes) + ".").utf8)
    }
}
