import Cryptography
import JOSE
import SignOn
import TrustFramework
import Vocabulary

/// Where tokens are made, all of them: the named checks first, for every grant alike.
enum TokenMint {
    /// What a grant wants made of an entitlement.
    struct Order: Sendable {
        let grant: GrantType
        /// Digest of the code, device code or CIBA request it all goes back to: the family that ends together. Nil: it ends with its own time.
        let root: [UInt8]?
        var withIDToken = true
        /// The ID token of a refresh has none (OpenID Connect Core §12.2).
        var withNonce = true
        var refresh = Refresh.first
        /// What a first refresh token stands for, when the access token is for less; nil: for the same.
        var kept: Entitlement?
        /// Who acts for the citizen (RFC 8693 §4.1).
        var act: JSON?
        /// Nil: as the client registered.
        var format: AccessTokenFormat?
        /// No later than this, whatever the lifetimes say.
        var end: Timestamp?
        /// Members for the answer beyond those of RFC 6749 §5.1.
        var members: [(String, JSON)] = []
        /// Claims for the ID token beside those of the protocol: CIBA's `urn:openid:params:jwt:claim:auth_req_id`.
        var idTokenClaims: [(String, JSON)] = []
        /// What the citizen's side says now.
        var word = CitizenWord.silent

        enum Refresh: Sendable {
            case none
            /// The first of a family, if registration, deployment and scope want one.
            case first
            /// This text, already made, takes the place of the one before. It ends when that one would have.
            case successor(String, RefreshTokenRecord)
        }

        init(_ grant: GrantType, root: [UInt8]?) {
            self.grant = grant
            self.root = root
        }
    }

    /// Judges the entitlement again and makes the tokens. `binding` is the key that came with this request. Nothing counts before the
    /// store has kept it.
    static func tokens(
        for entitlement: Entitlement, client authenticated: AuthenticatedClient, member: Member, policy: Policy, binding: TokenBinding?,
        at provider: Provider, at now: Timestamp, using random: inout some RandomNumberGenerator, via order: Order
    ) throws(TokenRefusal) -> TokenAnswer {
        try tokens(
            for: entitlement, of: authenticated.client, member: member, policy: policy, binding: binding, at: provider, at: now,
            using: &random, via: order)
    }

    /// The same for a client that needs no proof: in a rehearsal (`RehearsalProvider`) nobody is given what is made.
    static func tokens(
        for entitlement: Entitlement, of client: Client, member: Member, policy: Policy, binding: TokenBinding?, at provider: Provider,
        at now: Timestamp, using random: inout some RandomNumberGenerator, via order: Order
    ) throws(TokenRefusal) -> TokenAnswer {
        let question = IssuanceCheck.Question(
            entitlement: entitlement, grant: order.grant, client: client, member: member, policy: policy, binding: binding,
            word: order.word, now: now)
        let verdict = try IssuanceCheck.verdict(question)
        let entitlement = verdict.entitlement
        let access = try AccessToken.made(
            for: entitlement, client: client, binding: binding, at: provider, at: now, using: &random, order)
        let refresh = refreshToken(for: order.kept ?? entitlement, client, binding, provider, now, &random, order)
        let idToken =
            order.withIDToken && entitlement.scopes.contains("openid")
            ? try IDToken.made(for: entitlement, accessToken: access.text, client: client, order, at: provider, at: now, using: &random)
            : nil
        var body: [(String, JSON)] = [
            ("access_token", .string(access.text)), ("token_type", .string(binding?.tokenType ?? "Bearer")),
            ("expires_in", .integer(access.record.expiresAt.seconds(since: now))),
        ]
        // A scope has one word at least (RFC 6749 §3.3); a token exchange may leave none.
        if !entitlement.scopes.isEmpty { body.append(("scope", .string(entitlement.scopes.joined(separator: " ")))) }
        if let refresh { body.append(("refresh_token", .string(refresh.text))) }
        if let idToken { body.append(("id_token", .string(idToken))) }
        if let details = entitlement.authorizationDetails { body.append(("authorization_details", details)) }
        body += order.members
        var facts: [(name: String, value: JSON)] = [
            ("grant", .string(order.grant.rawValue)), ("client-authentication", .string(client.authentication.method)),
            ("scopes", .texts(entitlement.scopes)),
            ("id-token", idToken == nil ? .null : .string(client.idTokenAlgorithm.rawValue)),
        ]
        if let binding { facts.append(("bound", .string(binding.kind))) }
        if !entitlement.resources.isEmpty { facts.append(("resources", .texts(entitlement.resources))) }
        return TokenAnswer(
            body: .object(body), accessToken: access.record, refreshToken: refresh?.record, facts: facts, ledger: verdict.ledger,
            decided: PolicyAnswer(question.decision, of: question.asked))
    }

    private static func refreshToken(
        for entitlement: Entitlement, _ client: Client, _ binding: TokenBinding?, _ provider: Provider, _ now: Timestamp,
        _ random: inout some RandomNumberGenerator, _ order: Order
    ) -> (text: String, record: RefreshTokenRecord)? {
        switch order.refresh {
        case .none: return nil
        case .successor(let text, let record): return (text, record)
        case .first:
            guard provider.refreshTokens, client.grants.contains(.refreshToken), entitlement.scopes.contains(Scope.offline),
                let root = order.root
            else { return nil }
            let ticket = Ticket.fresh(using: &random)
            let record = RefreshTokenRecord(
                tokenDigest: ticket.digest, family: root, entitlement: entitlement.bound(to: binding), seed: random.bytes(32),
                issuedAt: now,
                expiresAt: min(entitlement.sessionExpires, now.adding(seconds: provider.lifetimes.refreshToken)))
            return (ticket.text, record)
        }
    }
}

extension TokenBinding {
    /// For the audit trail: how, never to which key.
    var kind: String {
        switch self {
        case .dpop: "dpop"
        case .certificate: "mtls"
        }
    }
}
