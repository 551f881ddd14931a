package import JOSE
package import Vocabulary

/// What a client may ask tokens with; the names of `grant_types`.
package enum GrantType: String, Hashable, Sendable, CaseIterable {
    case authorizationCode = "authorization_code"
    case refreshToken = "refresh_token"
    case deviceCode = "urn:ietf:params:oauth:grant-type:device_code"
    case ciba = "urn:openid:params:grant-type:ciba"
    case tokenExchange = "urn:ietf:params:oauth:grant-type:token-exchange"
    /// For a client's own business with us, never for a citizen's (RFC 6749 §4.4). Comes with `signals`.
    case clientCredentials = "client_credentials"
}

/// What a client's tokens are bound to, so that a copied token is worth nothing (RFC 9449, RFC 8705 §3).
package enum SenderConstraint: String, Hashable, Sendable, CaseIterable {
    case none, dpop, mtls
    /// One of the two, as the token request brings it.
    case either
}

/// Whether a request without a code challenge is answered. Only a confidential `core` client may do without (RFC 9700 §2.1.1): what a
/// challenge would have stopped, its `nonce` has to stop. A challenge that was sent binds all the same, S256 only.
package enum PKCE: String, Hashable, Sendable, CaseIterable {
    case required, optional
}

package enum AccessTokenFormat: String, Hashable, Sendable, CaseIterable {
    /// 256 random bits.
    case opaque
    /// RFC 9068, `at+jwt`; kept by its digest like the other, so that it can be ended.
    case jwt
}

/// Request objects that a client sends (RFC 9101).
package struct RequestObjects: Hashable, Sendable {
    /// What may sign them; empty means that the client sends none.
    package var algorithms: Set<JWSAlgorithm>
    /// A request whose parameters are not in a signed object is refused.
    package var isRequired: Bool
    /// A request object may be encrypted to one of our published keys, in the algorithms that we publish.
    package var isEncryptionRequired: Bool

    package init(algorithms: Set<JWSAlgorithm> = [], isRequired: Bool = false, isEncryptionRequired: Bool = false) {
        self.algorithms = algorithms
        self.isRequired = isRequired
        self.isEncryptionRequired = isEncryptionRequired
    }
}

/// Client-initiated back-channel authentication (CIBA Core §4).
package struct BackchannelRegistration: Hashable, Sendable {
    /// No push: tokens are fetched by whoever authenticates.
    package enum Delivery: String, Hashable, Sendable, CaseIterable { case poll, ping }

    package let delivery: Delivery
    /// Where pings go; there exactly when the client wants pings.
    package let notificationEndpoint: String?
    /// Requests have to be signed with it; nil takes unsigned ones.
    package let requestAlgorithm: JWSAlgorithm?
    /// A request needs the citizen's user code.
    package let userCode: Bool

    package init(
        delivery: Delivery = .poll, notificationEndpoint: String? = nil, requestAlgorithm: JWSAlgorithm? = nil, userCode: Bool = false
    ) {
        self.delivery = delivery
        self.notificationEndpoint = notificationEndpoint
        self.requestAlgorithm = requestAlgorithm
        self.userCode = userCode
    }
}

/// For whom a client may exchange its tokens (RFC 8693).
package struct ExchangeRegistration: Hashable, Sendable {
    /// `audience` or `resource` of the new token, resource addresses or ids of members, each compared byte for byte.
    package let audiences: Set<String>
    /// How many services may act one for another in the new token's `act`, this client included; from 1.
    package let depth: Int

    package init(audiences: Set<String>, depth: Int = 3) {
        self.audiences = audiences
        self.depth = min(max(depth, 1), 8)
    }
}

/// Security events that a client may have (docs/protocols/signals.md).
package struct SignalRegistration: Hashable, Sendable {
    /// Event types, by their addresses.
    package let events: Set<String>
    /// Where they may be pushed to, byte for byte; empty: only by polling.
    package let endpoints: Set<String>
    /// Nil: signed only, which TLS carries.
    package let encryption: Encryption?

    package init(events: Set<String>, endpoints: Set<String> = [], encryption: Encryption? = nil) {
        self.events = events
        self.endpoints = endpoints
        self.encryption = encryption
    }
}

/// What the login page may show of a client, beside its names (OpenID Connect Dynamic Registration §2).
package struct ClientPresentation: Hashable, Sendable {
    package var home: String?
    package var policy: String?
    package var terms: String?
    /// A picture elsewhere: named, never fetched for the citizen.
    package var logo: String?

    package init(home: String? = nil, policy: String? = nil, terms: String? = nil, logo: String? = nil) {
        self.home = home
        self.policy = policy
        self.terms = terms
        self.logo = logo
    }
}

/// What a registration may say beyond the first page: each with the value of a client that says nothing. Nil leaves it to the profile.
package struct ClientOptions: Sendable {
    package var profile = ClientProfile.core
    /// Nil: the authorization code, and refresh tokens where they are asked for.
    package var grants: Set<GrantType>?
    /// Public keys of the client, for its signatures and for what is encrypted to it. Nil: those of `private_key_jwt`.
    package var keys: JWKSet?
    /// What may sign its assertions (`token_endpoint_auth_signing_alg`). Nil: whatever the profile knows.
    package var assertionAlgorithm: JWSAlgorithm?
    package var senderConstraint: SenderConstraint?
    package var requiresPushedRequests: Bool?
    /// Nil: required.
    package var pkce: PKCE?
    package var requestObjects = RequestObjects()
    /// Nothing but `code`: what goes through the browser's address may be read there (RFC 9700 §2.1.2; checklist C2).
    package var responseTypes: Set<String> = ["code"]
    /// Signs its authorization answers (JARM).
    package var authorizationSigning: JWSAlgorithm?
    package var authorizationEncryption: Encryption?
    package var idTokenEncryption: Encryption?
    /// Nil: plain JSON.
    package var userInfoSigning: JWSAlgorithm?
    package var userInfoEncryption: Encryption?
    package var introspectionSigning: JWSAlgorithm?
    package var introspectionEncryption: Encryption?
    /// Types of authorization details it may send (RFC 9396 §10).
    package var authorizationDetailsTypes: Set<String> = []
    package var accessTokenFormat = AccessTokenFormat.opaque
    /// Resources it may ask tokens for (RFC 8707).
    package var resources: Set<String> = []
    /// Resources that this member *is*: it may introspect tokens for them, and only for them.
    package var audiences: Set<String> = []
    package var ciba: BackchannelRegistration?
    /// Which characters its devices show for a citizen to type (RFC 8628 §6.1).
    package var deviceUserCode = UserCodeForm.letters
    package var exchange: ExchangeRegistration?
    /// Ids of members whose exchanged tokens this member takes as one of its `audiences`; empty takes none.
    package var acceptsExchangesFrom: Set<String> = []
    /// Nil: it gets none, and no token for asking.
    package var signals: SignalRegistration?
    /// The host under which pairwise subjects are kept (OpenID Connect Core §8.1). Nil: that of the redirect addresses, or the member.
    package var sectorIdentifier: String?
    package var initiateLoginURI: String?
    package var presentation = ClientPresentation()
    /// The same pages in other languages: judged like those that are shown.
    package var otherPages: [Page] = []
    /// Where the client publishes its keys (`jwks_uri`); `keys` is what stood there last.
    package var keysAddress: String?
    /// Until when a secret is good; nil: as long as it is registered.
    package var secretExpiresAt: Timestamp?
    /// Seconds: `max_age` and the `acr_values` of requests that say nothing (OpenID Connect Dynamic Registration §2).
    package var defaultMaximumAge: Int64?
    package var defaultContexts: [String] = []

    package struct Page: Hashable, Sendable {
        /// `policy_uri` and the like.
        package let member: String
        package let address: String
    }

    package init() {}
}
