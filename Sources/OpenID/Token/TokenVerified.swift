import Cryptography
package import Vocabulary

/// Proof that the client is itself and asks for a grant it may use. What it wants to redeem is not proven yet: the store's gate decides
/// that, then `tokens(for:…)` or `tokens(refreshing:…)`.
package struct AuthenticatedTokenRequest: Sendable {
    package let client: Client
    /// An assertion's `jti`, to be claimed in a `ReplayGuard` before anything else (checklist E16).
    package let replay: AssertionClaim?
    let grant: TokenGrant

    fileprivate init(client: Client, replay: AssertionClaim?, grant: TokenGrant) {
        self.client = client
        self.replay = replay
        self.grant = grant
    }

    package var clientID: MemberID { client.id }

    /// SHA-256 of the code to take out of the store; nil for another grant.
    package var codeDigest: [UInt8]? {
        guard case .code(let redemption) = grant else { return nil }
        return redemption.codeDigest
    }

    /// SHA-256 of the refresh token to exchange; nil for another grant.
    package var refreshDigest: [UInt8]? {
        guard case .refresh(let digest, _) = grant else { return nil }
        return digest
    }
}

/// The grants we know. Another one is a case here and a file beside this one.
enum TokenGrant: Hashable, Sendable {
    case code(CodeRedemption)
    case refresh(digest: [UInt8], scopes: [String]?)

    /// Longest credential that we hand out or read; ours have 43 characters.
    static let longest = 512

    static func read(_ parameters: FormParameters, _ client: Client, _ provider: Provider) throws(TokenRefusal) -> TokenGrant {
        switch parameters["grant_type"] {
        case .none: throw TokenRefusal(.invalidRequest, .missing("grant_type", "authorization_code", "RFC 6749 §4.1.3"))
        case .some("authorization_code"):
            // A verifier of another form fits no challenge (RFC 7636 §4.1).
            let verifier = try required("code_verifier", in: parameters, "RFC 7636 §4.5")
            guard (43...128).contains(verifier.utf8.count), verifier.utf8.allSatisfy(isUnreserved) else {
                throw TokenRefusal(.invalidGrant, .verifierMalformed)
            }
            return .code(
                CodeRedemption(
                    codeDigest: try digest("code", in: parameters),
                    redirectURI: try required("redirect_uri", in: parameters, "RFC 6749 §4.1.3"), verifier: verifier))
        case .some("refresh_token"):
            guard provider.refreshTokens else { throw TokenRefusal(.unsupportedGrantType, .grantType("refresh_token")) }
            guard client.refreshTokens else { throw TokenRefusal(.unauthorizedClient, .refreshOff) }
            return .refresh(digest: try digest("refresh_token", in: parameters), scopes: parameters["scope"]?.words)
        case .some(let other): throw TokenRefusal(.unsupportedGrantType, .grantType(other))
        }
    }

    private static func required(_ name: String, in parameters: FormParameters, _ clause: String) throws(TokenRefusal) -> String {
        guard let value = parameters[name] else { throw TokenRefusal(.invalidRequest, .missing(name, "a value", clause)) }
        return value
    }

    private static func digest(_ name: String, in parameters: FormParameters) throws(TokenRefusal) -> [UInt8] {
        let value = try required(name, in: parameters, "RFC 6749 §4.1.3, §6")
        guard value.utf8.count <= longest else { throw TokenRefusal.codeUnknown }
        return Digest.sha256(Array(value.utf8))
    }

    private static func isUnreserved(_ byte: UInt8) -> Bool { byte.isBase64url || byte == 0x2e || byte == 0x7e }
}

extension UnverifiedTokenRequest {
    /// Authenticates the client by the method it registered, and reads the grant. `client` is the registration found under `clientID`.
    package func authenticated(
        as client: Client?, at provider: Provider, at now: Timestamp
    ) throws(TokenRefusal) -> AuthenticatedTokenRequest {
        guard let client, client.id.text.hasSameBytes(as: clientID.text) else {
            throw TokenRefusal(.invalidClient, .clientUnknown(clientID.text))
        }
        var replay: AssertionClaim?
        switch (client.authentication, credential) {
        case (.privateKeyJWT(let keys), .assertion(let assertion)):
            let (key, until) = try ClientAssertion.proven(assertion, by: keys, client, at: provider, at: now)
            replay = AssertionClaim(scope: "client-assertion " + client.id.text, key: key, until: until)
        case (.clientSecretBasic(let expected), .basic(let given)):
            guard ConstantTime.equal(given, expected) else { throw TokenRefusal(.invalidClient, .secretWrong) }
        case (let registered, let sent):
            throw TokenRefusal(.invalidClient, .methodOther(registered: registered.method, sent: sent.method))
        }
        return AuthenticatedTokenRequest(
            client: client, replay: replay, grant: try TokenGrant.read(parameters, client, provider))
    }
}
