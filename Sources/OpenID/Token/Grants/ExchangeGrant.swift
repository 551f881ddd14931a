import Cryptography
package import TrustFramework
package import Vocabulary

/// What a token exchange asks for (RFC 8693 §2.1), read strictly: one access token of ours for one service.
package struct TokenExchange: Hashable, Sendable {
    /// SHA-256 of the subject token.
    package let subjectDigest: [UInt8]
    /// `resource` or `audience`: a resource of the agency, or the agency itself. One token is for one agency.
    package let target: String
    let scopes: [String]?
    let details: String?

    /// RFC 8693 §3. Only access tokens are exchanged, and only for access tokens: an ID token says who logged in, not what was agreed to
    /// (checklist E24).
    static let accessToken = "urn:ietf:params:oauth:token-type:access_token"
}

extension GrantReader {
    static let tokenExchange = GrantReader(type: .tokenExchange) {
        parameters, client, provider throws(TokenRefusal) in
        guard parameters["actor_token"] == nil, parameters["actor_token_type"] == nil else {
            throw TokenRefusal(.invalidRequest, .actorToken)
        }
        let type = try required("subject_token_type", in: parameters, "RFC 8693 §2.1")
        guard type == TokenExchange.accessToken else { throw TokenRefusal(.invalidRequest, .exchangeType("subject_token_type", type)) }
        if let wanted = parameters["requested_token_type"], wanted != TokenExchange.accessToken {
            throw TokenRefusal(.invalidRequest, .exchangeType("requested_token_type", wanted))
        }
        let subject = try required("subject_token", in: parameters, "RFC 8693 §2.1")
        guard subject.utf8.count <= PresentedToken.longest else { throw TokenRefusal(.invalidRequest, .subjectTokenUnknown) }
        let targets = parameters.all("resource") + parameters.all("audience")
        guard let target = targets.first, targets.count == 1 else { throw TokenRefusal(.invalidTarget, .oneTarget(targets.count)) }
        return .exchange(
            TokenExchange(
                subjectDigest: Digest.sha256(Array(subject.utf8)), target: target, scopes: parameters["scope"]?.words,
                details: parameters["authorization_details"]))
    }
}

extension AuthenticatedTokenRequest {
    /// Nil for another grant.
    package var exchange: TokenExchange? {
        guard case .exchange(let exchange) = grant else { return nil }
        return exchange
    }

    /// Proves the exchange of `parent`, which the store found under `subjectDigest`, between these parties: whether the client may, whether
    /// the agency takes it, whether the citizen agreed, and whether the login suffices there.
    package func delegation(
        of parent: AccessTokenRecord, among parties: ExchangeParties, under policy: Policy, at now: Timestamp
    ) throws(TokenRefusal) -> VerifiedExchange {
        guard let exchange else { throw TokenRefusal(.unsupportedGrantType, .grantType("")) }
        return try VerifiedExchange.proven(
            ExchangeCheck.Question(
                exchange: exchange, parent: parent, client: authenticated, binding: binding, parties: parties, policy: policy, now: now))
    }
}
