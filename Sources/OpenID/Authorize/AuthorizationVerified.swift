package import SignOn
package import Vocabulary

/// Proof that a registered client asks, in order, and that there is a registered address to answer to.
package struct VerifiedAuthorizationRequest: Sendable {
    package let ask: Ask
    package let client: Client
    package let redirect: RegisteredRedirect
    let state: String?
    let nonce: String?
    let codeChallenge: String
    /// Asked, registered and supported, in the request's order.
    let scopes: [String]

    fileprivate init(
        ask: Ask, client: Client, redirect: RegisteredRedirect, state: String?, nonce: String?, codeChallenge: String, scopes: [String]
    ) {
        self.ask = ask
        self.client = client
        self.redirect = redirect
        self.state = state
        self.nonce = nonce
        self.codeChallenge = codeChallenge
        self.scopes = scopes
    }
}

extension UnverifiedAuthorizationRequest {
    /// Proves the request. `client` is the registration found under `clientID`, nil when there is none; `now` is when the request came,
    /// also when a paused one is proven again.
    package func verified(
        for client: Client?, at provider: Provider, at now: Timestamp
    ) throws(AuthorizationRefusal) -> VerifiedAuthorizationRequest {
        guard let client, client.id.text.hasSameBytes(as: clientID.text) else { throw .page(.clientUnknown(clientID.text)) }
        guard !parameters.repeated.contains("redirect_uri") else { throw .page(.repeated("redirect_uri")) }
        guard let asked = parameters["redirect_uri"] else { throw .page(.redirectMissing) }
        guard let redirect = client.redirect(asked) else {
            throw .page(.redirectUnregistered(asked, registered: client.redirectURIs.count))
        }
        // From here on every refusal travels to `redirect`.
        do throws(AuthorizationFault) {
            for check in AuthorizationCheck.inOrder {
                if let fault = check.fault(parameters, client) { throw fault }
            }
            return VerifiedAuthorizationRequest(
                ask: try ask(of: client, at: provider, at: now), client: client, redirect: redirect, state: parameters["state"],
                nonce: parameters["nonce"], codeChallenge: parameters["code_challenge"] ?? "",
                scopes: scopes(of: client, at: provider))
        } catch {
            let state = parameters["state"].flatMap { $0.utf8.count <= AuthorizationCheck.longestState ? $0 : nil }
            throw .redirect(to: redirect, error.error, state: state, error.explanation)
        }
    }

    private func ask(of client: Client, at provider: Provider, at now: Timestamp) throws(AuthorizationFault) -> Ask {
        let prompts = try Prompt.read(parameters["prompt"])
        let maximumAge = try MaximumAge.read(parameters["max_age"])
        let claims = try RequestedClaims.read(parameters)
        let hinted = try Hint.read(parameters["id_token_hint"], for: client, at: provider)
        if let hinted, let subject = claims.subject, !hinted.hasSameBytes(as: subject) { throw .nobody }
        let expected = try (hinted ?? claims.subject).map { text throws(AuthorizationFault) in
            guard let id = PairwiseID(text) else { throw .nobody }
            return id
        }
        return Ask(
            member: client.id,
            // `max_age=0` means `prompt=login` (OpenID Connect Core §3.1.2.1).
            forceAuthentication: maximumAge == 0 || !prompts.isDisjoint(with: [.login, .consent, .selectAccount]),
            passive: prompts.contains(.none), maximumAge: maximumAge, requirement: claims.requirement, expected: expected, askedAt: now)
    }

    /// Unknown scopes are passed over (OpenID Connect Core §3.1.2.1).
    private func scopes(of client: Client, at provider: Provider) -> [String] {
        var seen: Set<String> = []
        return (parameters["scope"]?.words ?? []).filter { scope in
            (scope == "openid" || client.scopes.contains(scope) && provider.scopes.contains(scope)) && seen.insert(scope).inserted
        }
    }
}

extension AuthorizationFault {
    fileprivate static let nobody = AuthorizationFault(
        .loginRequired,
        Explanation(
            "openid.request.subject", "the request names a citizen who cannot be here", clause: "OpenID Connect Core §3.1.2.2, §5.5.1",
            remedy: "leave the hint out and let the citizen log in"))
}
