import Cryptography
package import Vocabulary

/// Why a compact JWE is not read. Everything that depends on a private key is one case, `undecryptable`: a sender learns from us neither
/// whether the key, the tag nor the padding was wrong (Bleichenbacher, Manger, Vaudenay). The others say what anybody sees.
package enum JWERefusal: Error, Hashable, Sendable {
    case tooLarge(limit: Int)
    /// Not exactly five parts; three are a JWS.
    case parts
    /// A part that is not base64url in its one spelling.
    case encoding
    case header(JSONRefusal)
    /// A header member of the wrong type, or one that we never follow: `crit`, `zip`.
    case headerMember(String)
    /// An `alg` that we never take: `RSA1_5`, `dir`, `PBES2-…`, `A128KW` among them.
    case algorithm(String)
    /// An `enc` that we never take.
    case content(String)
    case algorithmNotAllowed(JWEAlgorithm)
    case contentNotAllowed(JWEContent)
    /// A vector, tag or encrypted key of a length that the algorithm does not have.
    case length(part: String)
    /// `epk` is no public key on a curve of ours, or one of small order: the invalid-curve attack, for one.
    case ephemeralKey(JWKRefusal)
    /// None of our keys has this name and serves the algorithm.
    case keyMissing(keyID: String?)
    case tooManyKeys(limit: Int)
    /// The key is in a token that does not answer, whatever it is asked: our fault, and no word about the message.
    case unavailable
    case undecryptable
}

/// A JWE in compact serialization (RFC 7516 §7.1) that someone sent. Reading it deciphers nothing.
package struct UnverifiedJWE: Sendable {
    /// The protected header, which is not secret. Keys in it (`jwk`, `jku`, `x5u`, `x5c`) are never used.
    package let header: JSON
    package let keyID: String?
    package let algorithm: JWEAlgorithm
    package let content: JWEContent
    private let agreement: Agreement
    private let encryptedKey: [UInt8]
    private let vector: [UInt8]
    /// Ciphertext and tag.
    private let sealed: [UInt8]
    /// The protected header as it came, which is authenticated with the content (RFC 7516 §5.1 step 14).
    private let additional: [UInt8]

    private static let headerLimit = 8_192
    // A bound on the work of a token without `kid`: each is an operation with a private key. We publish one to three.
    private static let tries = 4

    /// Work is linear in `limit`, the most bytes read; the default holds a signed request object of the size that `UnverifiedJWS` reads.
    package init(compact: String, limit: Int = 32_768) throws(JWERefusal) {
        guard compact.utf8.count <= limit else { throw .tooLarge(limit: limit) }
        guard let parts = Compact.parts(of: compact, 5) else { throw .parts }
        guard let headerBytes = Base64url.decode(parts[0]) else { throw .encoding }
        do { header = try JSON(reading: headerBytes, limit: Self.headerLimit, depth: 8) } catch { throw .header(error) }
        guard header.members != nil else { throw .headerMember("") }
        // No extension is known to us; what inflates is measured by its sender (CVE-2024-28180, checklist E13).
        for member in ["crit", "zip"] where header[member] != nil { throw .headerMember(member) }
        for member in ["kid", "typ", "cty"] where header[member] != nil && header[member]?.string == nil { throw .headerMember(member) }
        guard let name = header["alg"]?.string else { throw .headerMember("alg") }
        guard let algorithm = JWEAlgorithm(rawValue: name) else { throw .algorithm(name) }
        guard let name = header["enc"]?.string else { throw .headerMember("enc") }
        guard let content = JWEContent(rawValue: name) else { throw .content(name) }
        guard let encryptedKey = Base64url.decode(parts[1]), let vector = Base64url.decode(parts[2]),
            let ciphertext = Base64url.decode(parts[3]), let tag = Base64url.decode(parts[4])
        else { throw .encoding }
        // A shorter tag would be guessed sooner (RFC 7518 §5.2, §5.3: the algorithm fixes it).
        guard tag.count == content.tagLength else { throw .length(part: "tag") }
        guard vector.count == content.vectorLength else { throw .length(part: "iv") }
        switch algorithm.management {
        case .agreement where !encryptedKey.isEmpty: throw .length(part: "encrypted_key")
        case .agreedWrap where encryptedKey.count != content.keyLength + 8: throw .length(part: "encrypted_key")
        default: break
        }
        if case .transport = algorithm.management { agreement = .anonymous } else { agreement = try Agreement(header) }
        keyID = header["kid"]?.string
        self.algorithm = algorithm
        self.content = content
        self.encryptedKey = encryptedKey
        self.vector = vector
        sealed = ciphertext + tag
        additional = Array(parts[0].utf8)
    }

    /// What was encrypted to one of `keys` by algorithms among those allowed. At most four keys are tried.
    package func decrypted(
        by keys: [DecryptionKey], allowed: Set<JWEAlgorithm>, contents: Set<JWEContent> = Set(JWEContent.allCases)
    ) throws(JWERefusal) -> DecryptedJWE {
        guard allowed.contains(algorithm) else { throw .algorithmNotAllowed(algorithm) }
        guard contents.contains(content) else { throw .contentNotAllowed(content) }
        var candidates = keys.filter { $0.jwk.serves(algorithm) && $0.jwk.answers(to: keyID) }
        guard !candidates.isEmpty else { throw .keyMissing(keyID: keyID) }
        var point: PublicKey?
        if case .transport = algorithm.management {
        } else {
            let sender = try ephemeral()
            candidates.removeAll { $0.key.publicKey.kind != sender.kind }
            guard !candidates.isEmpty else { throw .ephemeralKey(.contradiction(member: "crv")) }
            point = sender
        }
        guard candidates.count <= Self.tries else { throw .tooManyKeys(limit: Self.tries) }
        var isAway = false
        for candidate in candidates {
            switch open(by: candidate.key, point) {
            case .plaintext(let plaintext):
                return DecryptedJWE(
                    header: header, plaintext: plaintext, keyID: candidate.keyID, algorithm: algorithm, content: content)
            case .closed: break
            case .away: isAway = true
            }
        }
        throw isAway ? .unavailable : .undecryptable
    }

    /// The sender's point, proven to be on its curve.
    private func ephemeral() throws(JWERefusal) -> PublicKey {
        guard let json = header["epk"] else { throw .headerMember("epk") }
        do { return try JWK(reading: json).key } catch { throw .ephemeralKey(error) }
    }

    private enum Opening {
        case plaintext([UInt8])
        case closed
        case away
    }

    /// `closed` for every failure alike, after the same work: should the content key not come out, a stand-in opens the content, and what
    /// that gives is never believed (RFC 7516 §11.5).
    private func open(by key: PrivateKey, _ point: PublicKey?) -> Opening {
        let isGenuine: Bool
        let contentKey: Secret
        do throws(KeyError) {
            if let found = try contentKeyFound(by: key, point) {
                contentKey = found
                isGenuine = true
            } else {
                contentKey = standIn
                isGenuine = false
            }
        } catch {
            // INVARIANT: a token's fault does not depend on what it was given (`TokenKey.decrypt`).
            if case .token = error { return .away }
            contentKey = standIn
            isGenuine = false
        }
        let plaintext = try? content.open(sealed, key: contentKey, vector: vector, additional: additional)
        guard isGenuine, let plaintext else { return .closed }
        return .plaintext(plaintext)
    }

    private var standIn: Secret { Secret(copying: [UInt8](repeating: 0, count: content.keyLength).span) }

    private func contentKeyFound(by key: PrivateKey, _ point: PublicKey?) throws(KeyError) -> Secret? {
        switch (algorithm.management, point) {
        case (.transport(let digest), _):
            guard let found = try key.decrypt(encryptedKey, OAEP(digest: digest, mask: digest)), found.count == content.keyLength else {
                return nil
            }
            return found
        case (.agreement, let point?):
            let shared = try key.agree(with: point)
            return try? agreement.key(shared, for: algorithm, content)
        case (.agreedWrap, let point?):
            let shared = try key.agree(with: point)
            guard let outer = try? agreement.key(shared, for: algorithm, content),
                let found = try? AES.unwrap(encryptedKey, with: outer), found.count == content.keyLength
            else { return nil }
            return found
        case (_, nil): return nil
        }
    }
}

/// What came out of a JWE: proof that whoever made it knew our public key, which everybody does. Who speaks, a signature inside has to
/// say.
package struct DecryptedJWE: Sendable {
    package let header: JSON
    package let plaintext: [UInt8]
    /// Of our key that opened it.
    package let keyID: String?
    package let algorithm: JWEAlgorithm
    package let content: JWEContent

    fileprivate init(header: JSON, plaintext: [UInt8], keyID: String?, algorithm: JWEAlgorithm, content: JWEContent) {
        self.header = header
        self.plaintext = plaintext
        self.keyID = keyID
        self.algorithm = algorithm
        self.content = content
    }

    /// `typ`, lower case and without `application/`.
    package var type: String? { Compact.mediaType(header["typ"]) }

    /// `cty`, in the same form: `jwt` when the plaintext is a token itself (RFC 7519 §5.2).
    package var contentType: String? { Compact.mediaType(header["cty"]) }

    /// The plaintext as text, when it is UTF-8: a nested token.
    package var text: String? { String(validating: plaintext, as: UTF8.self) }
}
