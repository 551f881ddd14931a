import Cryptography
import JOSE
import Vocabulary

/// The ID token (OpenID Connect Core §2, §3.1.3.6). No `azp`: its audience is the client alone (§2; OpenID Connect Core errata 2).
enum IDToken {
    /// `typ`, so that nothing else we sign can pass for one (RFC 8725 §3.11; checklist E24).
    static let type = "JWT"
    /// Claims that the protocol itself sets. Nothing released may set them (checklist H18).
    static let claims = [
        "iss", "sub", "aud", "exp", "iat", "auth_time", "nonce", "acr", "amr", "at_hash", "sid",
    ]
    /// Never released either, though discovery does not name them: readers give them a meaning.
    private static let reserved: Set<String> = Set(claims).union([
        "azp", "c_hash", "s_hash", "nbf", "jti", "cnf", "act", "client_id", "scope", "events",
    ])

    /// Signed in the client's algorithm, then encrypted where it registered that (§10.2, §16.14).
    static func made(
        for entitlement: Entitlement, accessToken: String, client: Client, _ order: TokenMint.Order, at provider: Provider,
        at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(TokenRefusal) -> String {
        let signed = try signed(for: entitlement, accessToken: accessToken, client: client, order, at: provider, at: now)
        guard let encryption = client.idTokenEncryption else { return signed }
        return try encrypted(signed, encryption, to: client, using: &random)
    }

    /// The token before it is encrypted: a test login shows it beside the other.
    static func signed(
        for entitlement: Entitlement, accessToken: String, client: Client, _ order: TokenMint.Order, at provider: Provider,
        at now: Timestamp
    ) throws(TokenRefusal) -> String {
        guard let key = provider.signingKey(for: client.idTokenAlgorithm, at: now) else { throw TokenRefusal(.serverError, .noSigningKey) }
        do throws(KeyError) {
            return try key.signed(
                payload(for: entitlement, accessToken: accessToken, algorithm: key.algorithm, order, provider, now), type: type)
        } catch {
            throw TokenRefusal(.serverError, .noSigningKey)
        }
    }

    /// A JWS within a JWE, `cty` `JWT` (RFC 7519 §5.2). Without a key of the client it is not given in the open.
    static func encrypted(
        _ signed: String, _ encryption: Encryption, to client: Client, using random: inout some RandomNumberGenerator
    ) throws(TokenRefusal) -> String {
        guard let recipient = client.keys?.encryptionKey(for: encryption.algorithm) else {
            throw TokenRefusal(.serverError, SealingFault.noRecipientKey(encryption.algorithm).explanation)
        }
        do throws(JWEFailure) {
            return try JWE.encrypt(
                Array(signed.utf8), to: recipient, algorithm: encryption.algorithm, content: encryption.content, contentType: "JWT",
                using: &random)
        } catch {
            throw TokenRefusal(.serverError, SealingFault.noRecipientKey(encryption.algorithm).explanation)
        }
    }

    private static func payload(
        for entitlement: Entitlement, accessToken: String, algorithm: JWSAlgorithm, _ order: TokenMint.Order, _ provider: Provider,
        _ now: Timestamp
    ) -> JSON {
        var members: [(String, JSON)] = []
        members.reserveCapacity(20)
        members += [
            ("iss", .string(provider.issuer)), ("sub", .string(entitlement.pairwise.text)), ("aud", .string(entitlement.client.text)),
            ("exp", .integer(now.adding(seconds: provider.lifetimes.idToken).seconds)), ("iat", .integer(now.seconds)),
            ("auth_time", .integer(entitlement.authenticatedAt.seconds)),
        ]
        if order.withNonce, let nonce = entitlement.nonce { members.append(("nonce", .string(nonce))) }
        members += [
            ("acr", .string(entitlement.acr)), ("amr", .texts(entitlement.amr)), ("at_hash", .string(hash(of: accessToken, algorithm))),
        ]
        if let sid = entitlement.sid { members.append(("sid", .string(sid))) }
        members += order.idTokenClaims
        members += released(entitlement.claims)
        if let citizen = entitlement.citizen { members += order.word.claims(citizen.idToken) }
        return .object(members)
    }

    static func released(_ claims: JSON) -> [(String, JSON)] {
        (claims.members ?? []).filter { !reserved.contains($0.0) }
    }

    /// The left half of the digest that goes with the signature's algorithm: `at_hash`, `c_hash`, `s_hash` (Core §3.1.3.6, §3.3.2.11;
    /// FAPI 1.0 Advanced §5.1).
    static func hash(of text: String, _ algorithm: JWSAlgorithm) -> String {
        let bytes = Digest.compute(algorithm.tokenHash, Array(text.utf8))
        return Base64url.encode(bytes.prefix(bytes.count / 2))
    }
}
