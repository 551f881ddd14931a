import Cryptography
import JOSE
import SignOn
package import TrustFramework
package import Vocabulary

/// What goes out and what must be kept first. `Cache-Control: no-store` is the shell's (RFC 6749 §5.1).
package struct TokenAnswer: Sendable {
    package let body: JSON
    package let accessToken: AccessTokenRecord
    /// To be kept with `issueRefresh` after a code, with `rotate` after a refresh token; nil when there is none.
    package let refreshToken: RefreshTokenRecord?
    /// For the audit record; no token, no identifier of the citizen.
    package let facts: [(name: String, value: JSON)]
}

extension AuthenticatedTokenRequest {
    /// Redeems a code that the store gave out as `.first`: checks that it is this client's, this redirect_uri's and this verifier's, that
    /// it lives, and that the member's accreditation is still in force; then signs.
    package func tokens(
        for code: CodeRecord, member: Member, at provider: Provider, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) throws(TokenRefusal) -> TokenAnswer {
        guard case .code(let redemption) = grant else { throw TokenRefusal.codeUnknown }
        let question = RedemptionCheck.Question(redemption: redemption, code: code, client: client, member: member, now: now)
        for check in RedemptionCheck.inOrder {
            if let fault = check.fault(question) { throw TokenRefusal(.invalidGrant, fault) }
        }
        let access = Ticket.fresh(using: &random)
        let refresh =
            provider.refreshTokens && client.refreshTokens && code.scopes.contains("offline_access")
            ? Ticket.fresh(using: &random) : nil
        let idToken = try signed(code, access, provider, now)
        let family = Family(
            root: code.codeDigest, client: code.client, pairwise: code.pairwise, scopes: code.scopes, claims: code.claims, sid: code.sid,
            end: min(code.sessionExpires, now.adding(seconds: provider.lifetimes.refreshToken)))
        return answer(family, access, refresh, idToken: idToken, provider, now, via: "authorization_code")
    }

    /// Exchanges a refresh token. The answer counts only after the store said `.rotated` for its new refresh token.
    package func tokens(
        refreshing old: RefreshTokenRecord, member: Member, at provider: Provider, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) throws(TokenRefusal) -> TokenAnswer {
        guard case .refresh(let digest, let asked) = grant, ConstantTime.equal(digest, old.tokenDigest),
            old.client.text.hasSameBytes(as: client.id.text),
            now < old.expiresAt
        else { throw TokenRefusal.refreshUnknown }
        if let fault = Explanation.memberFault(member, client.id, now) { throw TokenRefusal(.invalidGrant, fault) }
        // Fewer scopes may be asked for, never more (RFC 6749 §6).
        let scopes = asked ?? old.scopes
        guard !scopes.isEmpty, scopes.allSatisfy(old.scopes.contains) else {
            throw TokenRefusal(.invalidScope, .value("scope", scopes.joined(separator: " "), accepted: "the scopes granted", "RFC 6749 §6"))
        }
        let family = Family(
            root: old.family, client: old.client, pairwise: old.pairwise, scopes: scopes, claims: old.claims, sid: old.sid,
            end: old.expiresAt)
        let (access, refresh) = (Ticket.fresh(using: &random), Ticket.fresh(using: &random))
        return answer(family, access, refresh, idToken: nil, provider, now, via: "refresh_token")
    }

    private func signed(
        _ code: CodeRecord, _ access: Ticket, _ provider: Provider, _ now: Timestamp
    ) throws(TokenRefusal) -> String {
        guard let key = provider.signingKey(for: client.idTokenAlgorithm, at: now) else { throw TokenRefusal(.serverError, .noSigningKey) }
        do {
            return try key.signed(
                IDToken.payload(for: code, accessToken: access.text, algorithm: key.algorithm, provider: provider, at: now),
                type: IDToken.type)
        } catch {
            throw TokenRefusal(.serverError, .noSigningKey)
        }
    }

    private func answer(
        _ family: Family, _ access: Ticket, _ refresh: Ticket?, idToken: String?, _ provider: Provider, _ now: Timestamp, via grant: String
    ) -> TokenAnswer {
        var body: [(String, JSON)] = [
            ("access_token", .string(access.text)), ("token_type", "Bearer"), ("expires_in", .integer(provider.lifetimes.accessToken)),
            ("scope", .string(family.scopes.joined(separator: " "))),
        ]
        if let refresh { body.append(("refresh_token", .string(refresh.text))) }
        if let idToken { body.append(("id_token", .string(idToken))) }
        return TokenAnswer(
            body: .object(body),
            accessToken: AccessTokenRecord(
                tokenDigest: access.digest, codeDigest: family.root, client: family.client, pairwise: family.pairwise,
                scopes: family.scopes, claims: family.claims, sid: family.sid, issuedAt: now,
                expiresAt: now.adding(seconds: provider.lifetimes.accessToken)),
            refreshToken: refresh.map {
                RefreshTokenRecord(
                    tokenDigest: $0.digest, family: family.root, client: family.client, pairwise: family.pairwise,
                    scopes: family.scopes, claims: family.claims, sid: family.sid, issuedAt: now, expiresAt: family.end)
            },
            facts: [
                ("grant", .string(grant)), ("client-authentication", .string(client.authentication.method)),
                ("scopes", .texts(family.scopes)), ("id-token", idToken == nil ? .null : .string(client.idTokenAlgorithm.rawValue)),
            ])
    }
}

/// All tokens that follow from one code.
private struct Family {
    let root: [UInt8]
    let client: MemberID
    let pairwise: PairwiseID
    let scopes: [String]
    let claims: JSON
    let sid: String?
    let end: Timestamp
}
