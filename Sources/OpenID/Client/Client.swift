package import JOSE
package import Vocabulary

/// A relying party as it is registered. What is in here has passed the rules for registration (`ClientRule`), the profile's among them.
///
/// A class, because every request takes it up several times and it never changes: one reference is cheaper than a copy of all that is in it.
package final class Client: Sendable {
    package let id: MemberID
    package let profile: ClientProfile
    package let redirectURIs: Set<String>
    package let authentication: ClientAuthentication
    package let grants: Set<GrantType>
    /// Public keys of the client, for its signatures and for what is encrypted to it.
    package let keys: JWKSet?
    package let idTokenAlgorithm: JWSAlgorithm
    package let scopes: Set<String>
    package let requiresNonce: Bool
    package let assertionAudiences: AssertionAudiences
    /// What may sign its assertions.
    package let assertionAlgorithms: Set<JWSAlgorithm>
    /// How far ahead, in seconds, the `exp` of its assertions may lie.
    package let assertionLifetime: Int64
    package let senderConstraint: SenderConstraint
    package let requiresPushedRequests: Bool
    package let pkce: PKCE
    package let requestObjects: RequestObjects
    /// Where a browser may be sent after a logout (OpenID Connect RP-Initiated Logout §3).
    package let postLogoutRedirectURIs: Set<String>
    /// Where logout tokens go (OpenID Connect Back-Channel Logout §2.2).
    package let backchannelLogoutURI: String?
    private let options: ClientOptions

    /// What ID tokens can be signed with; whether the deployment has a key for it is another question.
    package static let idTokenAlgorithms: [JWSAlgorithm] = [.es256, .rs256, .ps256, .es384, .eddsa, .ed25519]
    /// The same for forms, by their names in JOSE.
    package static let idTokenAlgorithmNames = idTokenAlgorithms.map(\.rawValue)
    package var idTokenAlgorithmName: String { idTokenAlgorithm.rawValue }

    /// Refuses a registration with all its faults at once. `development` admits plain-http addresses of this machine. `refreshTokens` adds
    /// the grant to those of `options`; without `assertionAudiences` the profile decides.
    package init(
        id: MemberID, redirectURIs: Set<String>, authentication: ClientAuthentication, idTokenAlgorithm: JWSAlgorithm = .es256,
        scopes: Set<String> = ["openid"], requiresNonce: Bool = false, refreshTokens: Bool = false,
        assertionAudiences: AssertionAudiences? = nil, assertionLifetime: Int64 = 300,
        postLogoutRedirectURIs: Set<String> = [], backchannelLogoutURI: String? = nil, options: ClientOptions = ClientOptions(),
        development: Bool = false
    ) throws(ClientRefusal) {
        let profile = options.profile
        var keys = options.keys
        if keys == nil, case .privateKeyJWT(let own) = authentication { keys = own }
        let draft = ClientDraft(
            redirectURIs: redirectURIs, authentication: authentication,
            grants: (options.grants ?? [.authorizationCode]).union(refreshTokens ? [.refreshToken] : [])
                .union(options.signals == nil ? [] : [.clientCredentials]), keys: keys,
            idTokenAlgorithm: idTokenAlgorithm, scopes: scopes, requiresNonce: requiresNonce,
            assertionAudiences: assertionAudiences ?? profile.assertionAudiences,
            assertionAlgorithms: options.assertionAlgorithm.map { [$0] } ?? profile.algorithms, assertionLifetime: assertionLifetime,
            senderConstraint: options.senderConstraint ?? profile.senderConstraint,
            requiresPushedRequests: options.requiresPushedRequests ?? profile.isFAPI, pkce: options.pkce ?? .required,
            requestObjects: options.requestObjects, postLogoutRedirectURIs: postLogoutRedirectURIs,
            backchannelLogoutURI: backchannelLogoutURI, options: options, development: development)
        let faults = ClientRule.inOrder.flatMap { $0.faults(draft) }
        guard faults.isEmpty else { throw ClientRefusal(faults) }
        self.id = id
        self.profile = profile
        self.redirectURIs = redirectURIs
        self.authentication = authentication
        grants = draft.grants
        self.keys = keys
        self.idTokenAlgorithm = idTokenAlgorithm
        self.scopes = scopes
        self.requiresNonce = requiresNonce
        self.assertionAudiences = draft.assertionAudiences
        assertionAlgorithms = draft.assertionAlgorithms
        self.assertionLifetime = assertionLifetime
        senderConstraint = draft.senderConstraint
        requiresPushedRequests = draft.requiresPushedRequests
        pkce = draft.pkce
        requestObjects = draft.requestObjects
        self.postLogoutRedirectURIs = postLogoutRedirectURIs
        self.backchannelLogoutURI = backchannelLogoutURI
        self.options = options
    }
}

/// What `ClientOptions` says, as it was registered.
extension Client {
    package var requiresPKCE: Bool { pkce == .required }
    package var refreshTokens: Bool { grants.contains(.refreshToken) }
    package var responseTypes: Set<String> { options.responseTypes }
    /// JARM: what signs the authorization answers; nil when the client did not register for it.
    package var authorizationSigning: JWSAlgorithm? { options.authorizationSigning }
    package var authorizationEncryption: Encryption? { options.authorizationEncryption }
    /// Every authorization answer has to be signed (FAPI 2.0 Message Signing §5.4).
    package var requiresSignedAnswers: Bool { profile == .fapi2MessageSigning }
    package var idTokenEncryption: Encryption? { options.idTokenEncryption }
    package var userInfoSigning: JWSAlgorithm? { options.userInfoSigning }
    package var userInfoEncryption: Encryption? { options.userInfoEncryption }
    package var introspectionSigning: JWSAlgorithm? { options.introspectionSigning }
    package var introspectionEncryption: Encryption? { options.introspectionEncryption }
    package var authorizationDetailsTypes: Set<String> { options.authorizationDetailsTypes }
    package var accessTokenFormat: AccessTokenFormat { options.accessTokenFormat }
    package var resources: Set<String> { options.resources }
    package var audiences: Set<String> { options.audiences }
    package var isResourceServer: Bool { !options.audiences.isEmpty }
    package var ciba: BackchannelRegistration? { options.ciba }
    package var deviceUserCode: UserCodeForm { options.deviceUserCode }
    package var exchange: ExchangeRegistration? { options.exchange }
    package var acceptsExchangesFrom: Set<String> { options.acceptsExchangesFrom }
    package var signals: SignalRegistration? { options.signals }
    package var sectorIdentifier: String? { options.sectorIdentifier }
    package var initiateLoginURI: String? { options.initiateLoginURI }
    package var presentation: ClientPresentation { options.presentation }
    package var keysAddress: String? { options.keysAddress }
    package var defaultMaximumAge: Int64? { options.defaultMaximumAge }
    package var defaultContexts: [String] { options.defaultContexts }

    /// A secret that ran out proves nothing (RFC 7591 §3.2.1).
    func secretIsGood(at now: Timestamp) -> Bool { options.secretExpiresAt.map { now < $0 } ?? true }

    /// Whether the client speaks the authorization endpoint at all.
    package var usesRedirects: Bool { grants.contains(.authorizationCode) }
}

/// Proof that a client registered this very address: the only place a browser is ever sent to.
package struct RegisteredRedirect: Hashable, Sendable {
    package let text: String

    fileprivate init(_ text: String) { self.text = text }

    /// The address with the answer's parameters behind what its query has already (RFC 6749 §4.1.2).
    func location(_ parameters: [(name: String, value: String)]) -> String {
        let query = text.utf8.contains(0x3f)
        let separator = !query ? "?" : text.hasSuffix("?") || text.hasSuffix("&") ? "" : "&"
        return text + separator + parameters.formEncoded
    }
}

extension Client {
    /// Byte equality and nothing else: no normalization, no patterns, no free ports (checklist E1). Loopback addresses with a free port
    /// (RFC 8252 §7.3) are for public clients, which we do not have.
    package func redirect(_ asked: String) -> RegisteredRedirect? {
        redirectURIs.contains { $0.hasSameBytes(as: asked) } ? RegisteredRedirect(asked) : nil
    }

    /// As `redirect`, for the addresses registered for after a logout: byte equality (checklist E4).
    package func logoutRedirect(_ asked: String) -> RegisteredRedirect? {
        postLogoutRedirectURIs.contains { $0.hasSameBytes(as: asked) } ? RegisteredRedirect(asked) : nil
    }
}

extension Provider {
    /// Of the scopes that are asked for those that this client can have, each once, in their order; others are passed over (OpenID Connect
    /// Core §3.1.2.1). `offline_access` is one only where a refresh token can follow: a scope in the answer is a promise (§11).
    func scopes(_ asked: [String], givenTo client: Client) -> [String] {
        var seen: Set<String> = []
        return asked.filter { scope in
            guard scope != Scope.offline || refreshTokens && client.refreshTokens else { return false }
            return (scope == "openid" || client.scopes.contains(scope) && scopes.contains(scope)) && seen.insert(scope).inserted
        }
    }
}

/// `scope-token` of RFC 6749 §3.3.
enum Scope {
    static let offline = "offline_access"

    static func isToken(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
    }
}
