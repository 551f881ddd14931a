import Cryptography
import JOSE
import SignOn
package import Vocabulary

/// The claims of the sandbox's tokens.
enum WrongClaims {
    /// Nobody is called so.
    static let stranger = "https://stranger.example"

    static func made(_ code: SandboxCode, accessToken: String, _ algorithm: JWSAlgorithm, _ sandbox: Provider, _ now: Timestamp) -> JSON {
        let fault = code.fault
        var members: [(String, JSON)] = [
            ("iss", .string(fault == .wrongIssuer ? stranger : sandbox.issuer)),
            ("aud", .string(fault == .wrongAudience ? stranger : code.client.text)),
            ("iat", .integer(now.seconds - (fault == .expired ? 7_200 : 0))),
            ("auth_time", .integer(now.seconds - (fault == .expired ? 7_200 : 0))),
            ("acr", .string(fault == .lowLevel ? "urn:oasis:names:tc:SAML:2.0:ac:classes:PreviousSession" : code.acr)),
            ("at_hash", .string(IDToken.hash(of: fault == .wrongHash ? "somebody else's" : accessToken, algorithm))),
        ]
        if fault != .noSubject { members.append(("sub", .string(code.subject))) }
        if fault != .noExpiry {
            members.append(("exp", .integer(now.seconds + (fault == .expired ? -3_600 : sandbox.lifetimes.idToken))))
        }
        if let nonce = code.nonce, fault != .noNonce {
            members.append(("nonce", .string(fault == .wrongNonce ? nonce + "-of-somebody-else" : nonce)))
        }
        return .object(members + IDToken.released(code.claims))
    }
}

extension AuthenticatedTokenRequest {
    /// Redeems a code of the sandbox: the same proofs as everywhere (the client's own code, address and verifier), and an ID token that is
    /// wrong in the way the code says. The keys of `strangers` are in no key
    /// set. The tokens open nothing but the sandbox's userinfo.
    package func tokens(
        for code: SandboxCode, at sandbox: Provider, strangers: Provider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(TokenRefusal) -> (body: JSON, access: SandboxAccess) {
        guard case .code(let redemption) = grant, code.isFor(redemption, of: client, at: now) else { throw TokenRefusal.codeUnknown }
        if let refusal = code.unbound(for: client, by: binding) { throw refusal }
        guard let key = sandbox.signingKey(for: client.idTokenAlgorithm, at: now),
            let stranger = strangers.signingKey(for: client.idTokenAlgorithm, at: now)
        else { throw TokenRefusal(.serverError, .noSigningKey) }
        let access = Ticket.fresh(using: &random)
        let payload = WrongClaims.made(code, accessToken: access.text, key.algorithm, sandbox, now)
        var idToken: String
        do throws(KeyError) {
            idToken = try Self.token(payload, code.fault, key, stranger)
        } catch {
            throw TokenRefusal(.serverError, .noSigningKey)
        }
        if let encryption = client.idTokenEncryption {
            idToken = try IDToken.encrypted(idToken, encryption, to: client, using: &random)
        }
        let lifetime = sandbox.lifetimes.accessToken
        let body = JSON.object([
            ("access_token", .string(access.text)),
            ("token_type", .string(code.fault == .otherTokenType ? "Bearer" : binding?.tokenType ?? "Bearer")),
            ("expires_in", .integer(lifetime)),
            ("scope", .string(code.scopes.joined(separator: " "))), ("id_token", .string(idToken)),
        ])
        let subject = code.fault == .otherUserInfo ? "sandbox-somebody-else" : code.subject
        return (
            body,
            SandboxAccess(
                digest: access.digest, expiresAt: now.adding(seconds: lifetime),
                userInfo: .object([("sub", .string(subject))] + IDToken.released(code.claims)), binding: binding)
        )
    }

    private static func token(
        _ payload: JSON, _ fault: WrongToken, _ key: SigningKey, _ stranger: SigningKey
    ) throws(KeyError) -> String {
        switch fault {
        case .altered: return try altered(key.signed(payload, type: IDToken.type))
        case .noSignature: return unsigned(payload, "none", key.keyID) + "."
        case .publicSecret:
            let input = unsigned(payload, "HS256", key.keyID)
            return input + "." + Base64url.encode(HMAC.compute(.sha256, key: key.jwk.json.bytes, Array(input.utf8)))
        case .otherKey:
            return try stranger.signed(payload, type: IDToken.type)
        case .sameName:
            return try SigningKey(keyID: key.keyID, algorithm: stranger.algorithm, key: stranger.key).signed(payload, type: IDToken.type)
        default: return try key.signed(payload, type: IDToken.type)
        }
    }

    private static func unsigned(_ payload: JSON, _ algorithm: String, _ keyID: String) -> String {
        let header = JSON.object([("alg", .string(algorithm)), ("kid", .string(keyID)), ("typ", .string(IDToken.type))])
        return Base64url.encode(header.bytes) + "." + Base64url.encode(payload.bytes)
    }

    /// The signature of this token over another's claims.
    private static func altered(_ token: String) -> String {
        let parts = token.split(separator: ".", omittingEmptySubsequences: false)
        guard parts.count == 3, let bytes = Base64url.decode(String(parts[1])), let payload = try? JSON(reading: bytes) else {
            return token
        }
        let members = (payload.members ?? []).map { name, value in (name, name == "sub" ? JSON.string("sandbox-somebody-else") : value) }
        return parts[0] + "." + Base64url.encode(JSON.object(members).bytes) + "." + parts[2]
    }
}

extension SandboxCode {
    /// What RFC 6749 §4.1.3 and RFC 7636 §4.6 ask of whoever shows it.
    fileprivate func isFor(_ redemption: CodeRedemption, of client: Client, at now: Timestamp) -> Bool {
        guard ConstantTime.equal(redemption.codeDigest, digest), client.id.text.hasSameBytes(as: self.client.text), now < expiresAt,
            redemption.redirectURI.hasSameBytes(as: redirectURI)
        else { return false }
        guard let challenge else { return redemption.verifier == nil }
        guard let verifier = redemption.verifier else { return false }
        return ConstantTime.equal(Array(Base64url.encode(Digest.sha256(Array(verifier.utf8))).utf8), Array(challenge.utf8))
    }

    /// As at the platform: the constraint that the client is registered with, and the key that the code was asked for with.
    fileprivate func unbound(for client: Client, by binding: TokenBinding?) -> TokenRefusal? {
        if let refusal = client.unmetConstraint(by: binding) { return refusal }
        guard let thumbprint, binding != .dpop(jkt: thumbprint) else { return nil }
        return TokenRefusal(.invalidGrant, .boundElsewhere)
    }
}
