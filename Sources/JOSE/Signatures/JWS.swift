import Cryptography
package import Vocabulary

/// Why a compact JWS is not believed.
package enum JWSRefusal: Error, Hashable, Sendable {
    case tooLarge(limit: Int)
    /// Not exactly three parts; five are a JWE: see `UnverifiedJWE`.
    case parts
    /// A part that is not base64url in its one spelling.
    case encoding
    case header(JSONRefusal)
    /// A header member of the wrong type, or one that changes the meaning of the message: `crit`, `b64`, `zip`.
    case headerMember(String)
    /// An `alg` that we never accept, `none` and HMAC among them.
    case algorithm(String)
    /// An `alg` that we know, but that this sender did not register.
    case algorithmNotAllowed(JWSAlgorithm)
    /// None of the keys answers to the `kid` and serves the algorithm.
    case keyMissing(keyID: String?)
    case tooManyKeys(limit: Int)
    /// The header's `jwk` is no public key that we take: `verifiedByOwnKey` only.
    case ownKey(JWKRefusal)
    case signature
}

/// A JWS in compact serialization (RFC 7515 §7.1) that someone sent. Reading it believes nothing.
package struct UnverifiedJWS: Sendable {
    /// The protected header. Its `kid` and `typ` help to find out what this claims to be; its keys (`jwk`, `jku`, `x5u`, `x5c`) are
    /// never trusted (checklist E10).
    package let header: JSON
    package let keyID: String?
    package let algorithm: JWSAlgorithm
    /// For finding the sender's registration only; nothing in it is true until `verified`.
    package let unverifiedPayload: [UInt8]
    private let signature: [UInt8]
    private let signingInput: [UInt8]

    // No header needs more: the largest legitimate ones carry a certificate chain, which we would ignore anyway.
    private static let headerLimit = 8_192
    // A bound on the work of a token without `kid`; registrations have one to three keys.
    private static let tries = 8

    /// Work is linear in `limit`, the most bytes read.
    package init(compact: String, limit: Int = 16_384) throws(JWSRefusal) {
        guard compact.utf8.count <= limit else { throw .tooLarge(limit: limit) }
        guard let parts = Compact.parts(of: compact, 3) else { throw .parts }
        guard let headerBytes = Base64url.decode(parts[0]) else { throw .encoding }
        do { header = try JSON(reading: headerBytes, limit: Self.headerLimit, depth: 8) } catch { throw .header(error) }
        guard header.members != nil else { throw .headerMember("") }
        // `crit` lists extensions we must understand, and we have none (RFC 7515 §4.1.11); `b64` and `zip` would change what is signed.
        for member in ["crit", "b64", "zip"] where header[member] != nil { throw .headerMember(member) }
        for member in ["kid", "typ", "cty"] where header[member] != nil && header[member]?.string == nil { throw .headerMember(member) }
        guard let name = header["alg"]?.string else { throw .headerMember("alg") }
        guard let algorithm = JWSAlgorithm(rawValue: name) else { throw .algorithm(name) }
        guard let payload = Base64url.decode(parts[1]), let signature = Base64url.decode(parts[2]) else { throw .encoding }
        self.algorithm = algorithm
        self.signature = signature
        keyID = header["kid"]?.string
        unverifiedPayload = payload
        signingInput = Array(compact.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
    }

    /// The proof that the owner of one of `keys` signed this with an algorithm among `allowed`, which is what the sender registered
    /// (RFC 8725 §3.1). A key without `kid` answers to every name. At most eight keys are tried.
    package func verified(by keys: [JWK], allowed: Set<JWSAlgorithm>) throws(JWSRefusal) -> VerifiedJWS {
        guard allowed.contains(where: algorithm.isSame) else { throw .algorithmNotAllowed(algorithm) }
        let candidates = keys.filter { $0.serves(algorithm) && $0.answers(to: keyID) }
        guard !candidates.isEmpty else { throw .keyMissing(keyID: keyID) }
        guard candidates.count <= Self.tries else { throw .tooManyKeys(limit: Self.tries) }
        for candidate in candidates
        where candidate.key.verifies(signature, over: signingInput, algorithm.signature, encoding: .raw) {
            return VerifiedJWS(header: header, payload: unverifiedPayload, key: candidate, algorithm: algorithm)
        }
        throw .signature
    }

    /// The proof that whoever holds the private half of the header's own `jwk` signed this, and of nothing else: anybody can make such a
    /// token with a fresh key. It is for DPoP (RFC 9449 §4.2), where that key becomes a name, never for finding out who speaks.
    package func verifiedByOwnKey(allowed: Set<JWSAlgorithm>) throws(JWSRefusal) -> VerifiedJWS {
        guard allowed.contains(where: algorithm.isSame) else { throw .algorithmNotAllowed(algorithm) }
        guard let json = header["jwk"] else { throw .headerMember("jwk") }
        let own: JWK
        do { own = try JWK(reading: json) } catch { throw .ownKey(error) }
        guard own.serves(algorithm) else { throw .keyMissing(keyID: own.keyID) }
        guard own.key.verifies(signature, over: signingInput, algorithm.signature, encoding: .raw) else { throw .signature }
        return VerifiedJWS(header: header, payload: unverifiedPayload, key: own, algorithm: algorithm)
    }
}

/// Proof: `payload` was signed by the owner of `key`.
package struct VerifiedJWS: Sendable {
    package let header: JSON
    package let payload: [UInt8]
    package let key: JWK
    package let algorithm: JWSAlgorithm

    fileprivate init(header: JSON, payload: [UInt8], key: JWK, algorithm: JWSAlgorithm) {
        self.header = header
        self.payload = payload
        self.key = key
        self.algorithm = algorithm
    }

    /// `typ`, lower case and without `application/` (RFC 7515 §4.1.9), so that `JWT`, `jwt` and `application/jwt` are one. Kinds of token
    /// are told apart by it (RFC 8725 §3.11, checklist E24).
    package var type: String? { Compact.mediaType(header["typ"]) }
}
