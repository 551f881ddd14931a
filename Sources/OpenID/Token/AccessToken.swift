import Cryptography
import JOSE
import SignOn
import Vocabulary

/// The access token itself, and the record it is known by.
struct AccessToken {
    let text: String
    let record: AccessTokenRecord

    /// `typ` of the JWT form (RFC 9068 §2.1), which no other token of ours has (checklist E24).
    static let type = "at+jwt"

    /// It ends with its time, with the session, and no later than `order.end`.
    static func made(
        for entitlement: Entitlement, client: Client, binding: TokenBinding?, at provider: Provider, at now: Timestamp,
        using random: inout some RandomNumberGenerator, _ order: TokenMint.Order
    ) throws(TokenRefusal) -> AccessToken {
        let end = min(
            now.adding(seconds: provider.lifetimes.accessToken), min(entitlement.sessionExpires, order.end ?? entitlement.sessionExpires))
        switch order.format ?? client.accessTokenFormat {
        case .opaque:
            let ticket = Ticket.fresh(using: &random)
            return AccessToken(
                text: ticket.text, record: record(ticket.digest, nil, entitlement, client, binding, now, end, order))
        case .jwt:
            let identifier = Base64url.encode(random.bytes(20))
            let text = try signed(entitlement, client, binding, identifier, provider, now, end, order)
            return AccessToken(
                text: text, record: record(Ticket.digest(of: text), identifier, entitlement, client, binding, now, end, order))
        }
    }

    private static func record(
        _ digest: [UInt8], _ identifier: String?, _ entitlement: Entitlement, _ client: Client, _ binding: TokenBinding?, _ now: Timestamp,
        _ end: Timestamp, _ order: TokenMint.Order
    ) -> AccessTokenRecord {
        AccessTokenRecord(
            tokenDigest: digest, codeDigest: order.root, client: entitlement.client, pairwise: entitlement.pairwise,
            scopes: entitlement.scopes, claims: entitlement.userInfoClaims, sid: entitlement.sid, issuedAt: now, expiresAt: end,
            binding: binding, audience: entitlement.resources, authorizationDetails: entitlement.authorizationDetails, act: order.act,
            acr: entitlement.acr.isEmpty ? nil : entitlement.acr, authenticatedAt: entitlement.authenticatedAt, tokenID: identifier,
            // Only what may be exchanged, or tells of the person, is judged again.
            assurance: client.grants.contains(.tokenExchange) || !entitlement.resources.isEmpty || entitlement.citizen != nil
                ? entitlement.assurance : nil,
            citizen: entitlement.citizen)
    }

    /// RFC 9068 §2.2. Nothing of the citizen but who, how and when: resources that need more ask userinfo or introspection.
    private static func signed(
        _ entitlement: Entitlement, _ client: Client, _ binding: TokenBinding?, _ identifier: String, _ provider: Provider,
        _ now: Timestamp, _ end: Timestamp, _ order: TokenMint.Order
    ) throws(TokenRefusal) -> String {
        guard let key = provider.signingKey(for: client.idTokenAlgorithm, at: now) else { throw TokenRefusal(.serverError, .noSigningKey) }
        let resources = entitlement.resources
        let audience: JSON = resources.count > 1 ? .texts(resources) : .string(resources.first ?? provider.issuer)
        var members: [(String, JSON)] = [
            ("iss", .string(provider.issuer)), ("sub", .string(subject(entitlement, order))), ("aud", audience),
            ("client_id", .string(client.id.text)), ("exp", .integer(end.seconds)), ("iat", .integer(now.seconds)),
            ("jti", .string(identifier)), ("scope", .string(entitlement.scopes.joined(separator: " "))),
            ("auth_time", .integer(entitlement.authenticatedAt.seconds)),
        ]
        if !entitlement.acr.isEmpty { members.append(("acr", .string(entitlement.acr))) }
        if !entitlement.amr.isEmpty { members.append(("amr", .texts(entitlement.amr))) }
        if let binding { members.append(("cnf", binding.cnf)) }
        // Each reader is told what concerns it (RFC 9396 §9.1).
        if let details = entitlement.authorizationDetails {
            let visible = resources.isEmpty ? details.array ?? [] : ConsentedDetails(details).visible(to: Set(resources))
            if !visible.isEmpty { members.append(("authorization_details", .array(visible))) }
        }
        if let act = order.act { members.append(("act", act)) }
        do throws(KeyError) {
            return try key.signed(.object(members), type: type)
        } catch {
            throw TokenRefusal(.serverError, .noSigningKey)
        }
    }

    /// Who the citizen is to the readers of the token. Where none is named it is the client's identifier; for named resources a name that
    /// serves these resources from this client only, from which nobody gets back to the client's (RFC 9068 §6). Exchanged tokens have the
    /// identifier of the agency already.
    static func subject(_ entitlement: Entitlement, _ order: TokenMint.Order) -> String {
        guard !entitlement.resources.isEmpty, order.grant != .tokenExchange else { return entitlement.pairwise.text }
        let parts = ["sekisho at+jwt sub", entitlement.pairwise.text] + entitlement.resources.sorted()
        return Base32.encode(Digest.sha256(Array(JSON.texts(parts).text.utf8)).prefix(20))
    }
}
