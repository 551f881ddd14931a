import Cryptography
package import JOSE
import SignOn
import TrustFramework
package import Vocabulary

/// The provider of test logins: like the real one in everything but its issuer and its keys, which nobody trusts. INVARIANT: neither is the
/// real one's, so that nothing that is made in a rehearsal is worth anything outside (decision 0061).
package struct RehearsalProvider: Sendable {
    let provider: Provider

    /// Nil where the issuer or a key is one of the real one's.
    package init?(like real: Provider, issuer: String, keys: [SigningKey]) {
        let own = Set(real.keys.map(\.jwk.thumbprint))
        guard !issuer.hasSameBytes(as: real.issuer), !keys.contains(where: { own.contains($0.jwk.thumbprint) }) else { return nil }
        provider = Provider(
            issuer: issuer, signingKeys: keys, lifetimes: real.lifetimes, skew: real.skew, scopes: real.scopes,
            refreshTokens: real.refreshTokens
        ).with(offers: real.offers, authorization: real.authorization)
    }

    package var issuer: String { provider.issuer }
    /// The public halves: what a service would fetch.
    package func keys(at now: Timestamp) -> JSON { provider.jwks(at: now) }

    /// A login that this client asks for: every scope it is registered for, at its first address. It comes as if the client had pushed and
    /// signed it, for nobody sent one. Throws what the door would.
    package func request(
        of client: Client, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(AuthorizationRefusal) -> RehearsedAuthorization {
        let scopes = ["openid"] + client.scopes.sorted().filter { $0 != "openid" }
        let verifier = Base64url.encode(random.bytes(32))
        let asked: [(String, JSON)] = [
            ("response_type", "code"), ("client_id", .string(client.id.text)),
            ("redirect_uri", .string(client.redirectURIs.min() ?? "")), ("scope", .string(scopes.joined(separator: " "))),
            ("state", .string("rehearsal-" + Base64url.encode(random.bytes(8)))),
            ("nonce", .string("rehearsal-" + Base64url.encode(random.bytes(8)))),
            ("code_challenge", .string(Base64url.encode(Ticket.digest(of: verifier)))), ("code_challenge_method", "S256"),
        ]
        let binding: TokenBinding? =
            switch client.senderConstraint {
            case .none: nil
            case .dpop, .either: .dpop(jkt: Base64url.encode(random.bytes(32)))
            case .mtls: .certificate(x5tS256: Base64url.encode(random.bytes(32)))
            }
        var thumbprint: String?
        if case .dpop(let shown)? = binding { thumbprint = shown }
        let unverified = try UnverifiedAuthorizationRequest(parameters: "client_id=" + PercentEncoding.encode(client.id.text))
        let verified = try unverified.verified(
            for: client, through: .back(digest: nil, proven: thumbprint), at: provider, at: now,
            asking: AuthorizationParameters(object: .object(asked), beside: nil))
        return RehearsedAuthorization(rehearsal: self, verified: verified, binding: binding)
    }
}
