package import Vocabulary

/// Proof that the client is itself and asks for a grant we know. What it wants to redeem is not proven yet: the store's gate decides that,
/// then `tokens(for:…)`, `tokens(refreshing:…)` and their like in `Grants/`.
package struct AuthenticatedTokenRequest: Sendable {
    package let authenticated: AuthenticatedClient
    /// The key that came with the request and that tokens are bound to.
    package let binding: TokenBinding?
    /// What has to be taken once, in the commit that keeps the tokens: an assertion's `jti`, a DPoP proof's (checklist E16).
    package let claims: [AssertionClaim]
    let grant: TokenGrant

    fileprivate init(
        authenticated: AuthenticatedClient, binding: TokenBinding?, claims: [AssertionClaim], grant: TokenGrant
    ) {
        self.authenticated = authenticated
        self.binding = binding
        self.claims = claims
        self.grant = grant
    }

    package var client: Client { authenticated.client }
    package var clientID: MemberID { client.id }
}

extension UnverifiedTokenRequest {
    /// Authenticates the client by the method it registered, proves the key it shows, and reads the grant. `client` is the registration found
    /// under `clientID`.
    ///
    /// `shown` is what was proven until then, also when the rest is refused: the assertion, the proof.
    package func authenticated(
        as client: Client?, at provider: Provider, at now: Timestamp, showing shown: inout [AssertionClaim]
    ) throws(TokenRefusal) -> AuthenticatedTokenRequest {
        let authenticated = try self.client.authenticated(as: client, at: provider, at: now)
        if let replay = authenticated.replay { shown.append(replay) }
        let proof = try DPoPProof.proven(
            evidence.dpop, method: evidence.method, address: evidence.address, accessToken: nil, nonces: provider.nonces, at: now)
        if let proof { shown.append(proof.replay) }
        return AuthenticatedTokenRequest(
            authenticated: authenticated, binding: authenticated.binding(showing: proof), claims: shown,
            grant: try TokenGrant.read(parameters, authenticated.client, provider))
    }

    package func authenticated(as client: Client?, at provider: Provider, at now: Timestamp) throws(TokenRefusal)
        -> AuthenticatedTokenRequest
    {
        var shown: [AssertionClaim] = []
        return try authenticated(as: client, at: provider, at: now, showing: &shown)
    }
}

extension AuthenticatedClient {
    /// What its tokens are bound to. A proof that was sent always binds (RFC 9449 §5); a certificate binds where the registration says so.
    func binding(showing proof: DPoPProof?) -> TokenBinding? {
        if let proof { return proof.binding }
        switch client.senderConstraint {
        case .mtls, .either: return certificateThumbprint.map { .certificate(x5tS256: $0) }
        case .none, .dpop: return nil
        }
    }
}
