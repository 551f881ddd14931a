import JOSE
import Vocabulary

/// What the store knows of the token to be revoked.
package enum RevocableToken: Sendable {
    case access(AccessTokenRecord)
    case refresh(RefreshTokenRecord)
}

/// Proof that a client ends what is its own, and what has to end.
package enum VerifiedRevocation: Sendable {
    /// Nothing is there to end: unknown, expired, ended before (RFC 7009 §2.2: no error).
    case nothing
    /// One access token, with what was exchanged for it.
    case accessToken([UInt8])
    /// A refresh token, with all the tokens of its login (RFC 7009 §2.1).
    case family([UInt8])

    /// For the trail.
    package var kind: String {
        switch self {
        case .nothing: "nothing"
        case .accessToken: "access-token"
        case .family: "family"
        }
    }
}

extension AuthenticatedClient {
    /// `found` is what the store found under the token's digest.
    package func revoking(
        _ token: TokenReference, _ found: RevocableToken?, at provider: Provider
    ) throws(TokenRefusal) -> VerifiedRevocation {
        switch found {
        case .access(let record):
            guard record.client.text.hasSameBytes(as: client.id.text) else { throw TokenRefusal(.invalidGrant, .otherClientsToken) }
            return .accessToken(record.tokenDigest)
        case .refresh(let record):
            guard record.client.text.hasSameBytes(as: client.id.text) else { throw TokenRefusal(.invalidGrant, .otherClientsToken) }
            return .family(record.family)
        case nil:
            // ID tokens and logout tokens are statements: once given they cannot be taken back (RFC 7009 §2.2.1).
            if token.isStatement(of: provider) { throw TokenRefusal(.unsupportedTokenType, .irrevocable) }
            return .nothing
        }
    }
}

extension TokenReference {
    /// Whether it is a JWT that one of our keys signed as something else than an access token.
    fileprivate func isStatement(of provider: Provider) -> Bool {
        guard
            let verified = try? UnverifiedJWS(compact: text).verified(
                by: provider.verificationKeys, allowed: Set(provider.verificationKeys.compactMap(\.algorithm)))
        else { return false }
        return verified.type != "at+jwt"
    }
}

extension Explanation {
    static let otherClientsToken = Explanation(
        "openid.revocation.other-client", "the token was issued to another client", clause: "RFC 7009 §2.1",
        remedy: "revoke only your own tokens; tell the operator where this one came from")

    static let irrevocable = Explanation(
        "openid.revocation.type", "a token of this kind cannot be revoked", clause: "RFC 7009 §2.2.1",
        remedy: "revoke the access or refresh token; to end the session, log the citizen out")

    static let revocationUnavailable = Explanation(
        "openid.revocation.unavailable", "the store failed; the token may still live", clause: "RFC 7009 §2.2.1; checklist E19",
        remedy: "send the same request again in a moment, until it is answered with 200")
}

extension TokenRefusal {
    /// Nothing was ended: never a success (CVE-2020-15223; checklist E19).
    package static let revocationUnavailable = TokenRefusal(.serverError, .revocationUnavailable, status: 503)
}
