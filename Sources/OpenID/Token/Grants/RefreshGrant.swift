import Cryptography
package import TrustFramework
package import Vocabulary

/// A refresh token of a request, and what less is asked for (RFC 6749 §6).
struct RefreshExchange: Hashable, Sendable {
    let token: PresentedRefreshToken
    let scopes: [String]?
    let narrowing: TokenNarrowing

    var digest: [UInt8] { token.digest }
}

/// A refresh token in its holder's words, for the time of one request: its successor follows from it (docs/decisions/0042).
struct PresentedRefreshToken: Hashable, Sendable, CustomStringConvertible {
    let digest: [UInt8]
    private let bytes: [UInt8]

    init(_ text: String) {
        bytes = Array(text.utf8)
        digest = Digest.sha256(bytes)
    }

    /// The one successor of this token under `seed`. Whoever has only the store, or only the token, cannot compute it.
    func successor(under seed: [UInt8]) -> String {
        Base64url.encode(HMAC.sha256(key: bytes, Array("sekisho refresh token after ".utf8) + seed))
    }

    var description: String { "a refresh token" }
}

extension GrantReader {
    static let refreshToken = GrantReader(type: .refreshToken) {
        parameters, client, provider throws(TokenRefusal) in
        guard provider.refreshTokens else { throw TokenRefusal(.unsupportedGrantType, .grantType("refresh_token")) }
        guard client.refreshTokens else { throw TokenRefusal(.unauthorizedClient, .refreshOff) }
        let token = try required("refresh_token", in: parameters, "RFC 6749 §6")
        guard token.utf8.count <= TokenGrant.longest else { throw TokenRefusal.refreshUnknown }
        return .refresh(
            RefreshExchange(
                token: PresentedRefreshToken(token), scopes: parameters["scope"]?.words, narrowing: TokenNarrowing(parameters)))
    }
}

extension Client {
    /// FAPI 2.0 Security Profile §5.3.2.1-9: no rotation, for the client proves its key each time, and a lost answer would cost the citizen a
    /// login.
    package var rotatesRefreshTokens: Bool { !profile.isFAPI }
}

extension AuthenticatedTokenRequest {
    /// SHA-256 of the refresh token to exchange; nil for another grant.
    package var refreshDigest: [UInt8]? {
        guard case .refresh(let exchange) = grant else { return nil }
        return exchange.digest
    }

    /// Exchanges a refresh token, used or not: the answer counts only after the store said `.rotated`, `.repeated` or `.kept`. The same
    /// token asked with again gives the same new refresh token.
    package func tokens(
        refreshing old: RefreshTokenRecord, member: Member, policy: Policy, hearing word: CitizenWord = .silent, at provider: Provider,
        at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(TokenRefusal) -> TokenAnswer {
        guard case .refresh(let exchange) = grant, ConstantTime.equal(exchange.digest, old.tokenDigest),
            old.client.text.hasSameBytes(as: client.id.text), now < old.expiresAt
        else { throw TokenRefusal.refreshUnknown }
        // Once bound, always bound; to which key a confidential client may change, for it authenticates (RFC 9449 §5, RFC 8705 §6).
        if let bound = old.entitlement.binding, bound.kind != binding?.kind { throw TokenRefusal(.invalidGrant, .boundElsewhere) }
        // Fewer scopes may be asked for, never more (RFC 6749 §6).
        let scopes = exchange.scopes ?? old.scopes
        guard !scopes.isEmpty, scopes.allSatisfy(old.scopes.contains) else {
            throw TokenRefusal(.invalidScope, .value("scope", scopes.joined(separator: " "), accepted: "the scopes granted", "RFC 6749 §6"))
        }
        let granted = old.entitlement.bound(to: nil).narrowed(scopes: old.scopes.filter(scopes.contains))
        let entitlement = try exchange.narrowing.applied(to: granted, for: client, at: provider)
        var order = TokenMint.Order(.refreshToken, root: old.family)
        // What told no level then can tell none now.
        order.withIDToken = !entitlement.acr.isEmpty
        order.withNonce = false
        order.word = word
        order.refresh = client.rotatesRefreshTokens ? successor(of: exchange.token, old, now, &random) : .none
        return try TokenMint.tokens(
            for: entitlement, client: authenticated, member: member, policy: policy, binding: binding, at: provider, at: now,
            using: &random,
            via: order)
    }

    /// It stands for all that the old one did, whatever was asked for this time (RFC 6749 §6), and ends when that one would have.
    private func successor(
        of token: PresentedRefreshToken, _ old: RefreshTokenRecord, _ now: Timestamp, _ random: inout some RandomNumberGenerator
    ) -> TokenMint.Order.Refresh {
        // A token of the first version has no seed: its successor is random, and cannot be given twice.
        let text = token.successor(under: old.seed ?? random.bytes(32))
        return .successor(
            text,
            RefreshTokenRecord(
                tokenDigest: PresentedRefreshToken(text).digest, family: old.family, entitlement: old.entitlement, seed: random.bytes(32),
                issuedAt: now, expiresAt: old.expiresAt))
    }
}
