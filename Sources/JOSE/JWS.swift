import Cryptography
package import Vocabulary

/// Why a compact JWS is not believed.
package enum JWSRefusal: Error, Hashable, Sendable {
    case tooLarge(limit: Int)
    /// Not exactly three parts; five are a JWE, which we do not read.
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
    case signature
}

/// A JWS in compact serialization (RFC 7515 §7.1) that someone sent. Reading it believes nothing.
package struct UnverifiedJWS: Sendable {
    /// The protected header. Its `kid` and `typ` help to find out what this claims to be; its keys (`jwk`, `jku`, `x5u`, `x5c`) are
    /// never used (checklist E10).
    package let header: JSON
    package let keyID: String?
    /// For finding the sender's registration only; nothing in it is true until `verified`.
    package let unverifiedPayload: [UInt8]
    private let algorithm: JWSAlgorithm
    private let signature: [UInt8]
    private let signingInput: [UInt8]

    // No header needs more: the largest legitimate ones carry a certificate chain, which we would ignore anyway.
    private static let headerLimit = 8_192
    // A bound on the work of a token without `kid`; registrations have one to three keys.
    private static let tries = 8

    /// Work is linear in `limit`, the most bytes read.
    package init(compact: String, limit: Int = 16_384) throws(JWSRefusal) {
        guard compact.utf8.count <= limit else { throw .tooLarge(limit: limit) }
        // At most four parts are split off, however many dots there are (CVE-2025-30204, checklist E13).
        let parts = compact.split(separator: ".", maxSplits: 3, omittingEmptySubsequences: false)
        guard parts.count == 3 else { throw .parts }
        guard let headerBytes = Base64url.decode(String(parts[0])), let payload = Base64url.decode(String(parts[1])),
            let signature = Base64url.decode(String(parts[2]))
        else { throw .encoding }
        do { header = try JSON(reading: headerBytes, limit: Self.headerLimit, depth: 8) } catch { throw .header(error) }
        guard header.members != nil else { throw .headerMember("") }
        // `crit` lists extensions we must understand, and we have none (RFC 7515 §4.1.11); `b64` and `zip` would change what is signed.
        for member in ["crit", "b64", "zip"] where header[member] != nil { throw .headerMember(member) }
        for member in ["kid", "typ", "cty"] where header[member] != nil && header[member]?.string == nil { throw .headerMember(member) }
        guard let name = header["alg"]?.string else { throw .headerMember("alg") }
        guard let algorithm = JWSAlgorithm(rawValue: name) else { throw .algorithm(name) }
        self.algorithm = algorithm
        self.signature = signature
        keyID = header["kid"]?.string
        unverifiedPayload = payload
        signingInput = Array(compact.utf8.prefix(parts[0].utf8.count + 1 + parts[1].utf8.count))
    }

    /// The proof that the owner of one of `keys` signed this with an algorithm among `allowed`, which is what the sender registered
    /// (RFC 8725 §3.1). A key without `kid` answers to every name. At most eight keys are tried.
    package func verified(by keys: [JWK], allowed: Set<JWSAlgorithm>) throws(JWSRefusal) -> VerifiedJWS {
        guard allowed.contains(algorithm) else { throw .algorithmNotAllowed(algorithm) }
        let candidates = keys.filter { $0.serves(algorithm) && $0.answers(to: keyID) }
        guard !candidates.isEmpty else { throw .keyMissing(keyID: keyID) }
        guard candidates.count <= Self.tries else { throw .tooManyKeys(limit: Self.tries) }
        for candidate in candidates
        where candidate.key.verifies(signature, over: signingInput, algorithm.signature, encoding: .raw) {
            return VerifiedJWS(header: header, payload: unverifiedPayload, key: candidate, algorithm: algorithm)
        }
        throw .signature
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
    package var type: String? {
        guard let type = header["typ"]?.string?.lowercased() else { return nil }
        let prefix = "application/"
        return type.hasPrefix(prefix) && !type.dropFirst(prefix.count).contains("/") ? String(type.dropFirst(prefix.count)) : type
    }
}

extension JWK {
    fileprivate func answers(to name: String?) -> Bool {
        guard let name, let keyID else { return true }
        return name.utf8.elementsEqual(keyID.utf8)
    }
}
