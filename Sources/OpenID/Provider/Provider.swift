package import Cryptography
package import JOSE
package import Vocabulary

/// Who we are to relying parties.
package struct Provider: Sendable {
    /// Seconds that things live.
    package struct Lifetimes: Hashable, Sendable {
        /// At most 60 (FAPI 2.0 Security Profile §5.3.2.1-11).
        package let code: Int64
        package let accessToken: Int64
        package let idToken: Int64
        package let refreshToken: Int64
        /// How long a refresh token that was exchanged gives the same successor again, for answers that got lost (docs/decisions/0042).
        package let refreshGrace: Int64

        /// Values outside the bounds (code 1…60, ID token 1…3,600, access token 1…3,600, refresh token 1…30 days, grace 0…120) are brought
        /// inside.
        package init(
            code: Int64 = 60, accessToken: Int64 = 600, idToken: Int64 = 600, refreshToken: Int64 = 86_400, refreshGrace: Int64 = 30
        ) {
            self.code = min(max(code, 1), 60)
            self.accessToken = min(max(accessToken, 1), 3_600)
            self.idToken = min(max(idToken, 1), 3_600)
            self.refreshToken = min(max(refreshToken, 1), 30 * 86_400)
            self.refreshGrace = min(max(refreshGrace, 0), 120)
        }
    }

    /// Byte for byte what stands in `iss`; no slash at its end.
    package let issuer: String
    /// In the order of the folder; of several current ones of one algorithm the first signs.
    package let keys: [ProviderKey]
    package let lifetimes: Lifetimes
    /// Seconds that a client's clock may differ from ours.
    package let skew: Int64
    package let scopes: Set<String>
    /// Whether any client may have refresh tokens; off unless the deployment says so.
    package let refreshTokens: Bool
    /// What may be encrypted to us: request objects, hints. The first of a kind is the newest.
    package private(set) var decryptionKeys: [DecryptionKey] = []
    /// By `kid`. A key without dates is current; the others decrypt, and only a current one is published: what is published is used.
    private var decryptionLives: [String: KeyLife] = [:]
    /// Where the same endpoints are served to clients that show a certificate; nil when nowhere.
    package private(set) var mutualTLS: MutualTLSAddresses?
    /// What the registered clients can do here beyond the code flow.
    package private(set) var offers = ProviderOffers()
    /// Ours, for DPoP proofs.
    package private(set) var nonces = DPoPNonces.off
    /// What the deployment decides for the authorization endpoint.
    package private(set) var authorization = AuthorizationRules()
    /// What it takes to register here; nil: nobody registers.
    package private(set) var registration: RegistrationRules?
    /// Ours, to recognise ID tokens that come back as hints long after their key stepped back; none that was revoked.
    let verificationKeys: [JWK]

    package init(
        issuer: String, keys: [ProviderKey], lifetimes: Lifetimes = Lifetimes(), skew: Int64 = 10, scopes: Set<String> = ["openid"],
        refreshTokens: Bool = false
    ) {
        self.issuer = issuer
        self.keys = keys
        self.lifetimes = lifetimes
        self.skew = min(max(skew, 0), 60)
        self.scopes = scopes.union(["openid"])
        self.refreshTokens = refreshTokens
        verificationKeys = keys.filter { $0.life.revoked == nil }.map(\.jwk)
    }

    /// Keys without dates: the first of each algorithm signs, those behind it and the retired ones are published only.
    package init(
        issuer: String, signingKeys: [SigningKey], retiredKeys: [JWK] = [], lifetimes: Lifetimes = Lifetimes(), skew: Int64 = 10,
        scopes: Set<String> = ["openid"], refreshTokens: Bool = false
    ) {
        var seen: Set<JWSAlgorithm> = []
        let keys = signingKeys.map { ProviderKey($0, life: seen.insert($0.algorithm).inserted ? .always : .waiting) }
        let stepped = KeyLife(from: Timestamp(milliseconds: .min), succeeded: Timestamp(milliseconds: .min))
        self.init(
            issuer: issuer, keys: keys + retiredKeys.map { ProviderKey($0, life: stepped) }, lifetimes: lifetimes, skew: skew,
            scopes: scopes, refreshTokens: refreshTokens)
    }

    /// The same provider with what the deployment adds to it.
    package func with(
        decryptionKeys: [DecryptionKey]? = nil, decryptionLives: [String: KeyLife]? = nil, mutualTLS: MutualTLSAddresses? = nil,
        offers: ProviderOffers? = nil,
        nonces: DPoPNonces? = nil, authorization: AuthorizationRules? = nil, registration: RegistrationRules? = nil
    ) -> Provider {
        var copy = self
        if let registration { copy.registration = registration }
        if let decryptionKeys { copy.decryptionKeys = decryptionKeys }
        if let decryptionLives { copy.decryptionLives = decryptionLives }
        if let mutualTLS { copy.mutualTLS = mutualTLS }
        if let offers { copy.offers = offers }
        if let nonces { copy.nonces = nonces }
        if let authorization { copy.authorization = authorization }
        return copy
    }

    package var authorizationEndpoint: String { issuer + "/openid/authorize" }
    package var tokenEndpoint: String { issuer + "/openid/token" }
    package var userInfoEndpoint: String { issuer + "/openid/userinfo" }
    package var endSessionEndpoint: String { issuer + "/openid/logout" }
    package var pushedAuthorizationEndpoint: String { issuer + "/openid/par" }
    package var introspectionEndpoint: String { issuer + "/openid/introspect" }
    package var revocationEndpoint: String { issuer + "/openid/revoke" }
    package var deviceAuthorizationEndpoint: String { issuer + "/openid/device_authorization" }
    /// For citizens: short enough to be typed.
    package var deviceVerification: String { issuer + "/device" }
    package var backchannelAuthenticationEndpoint: String { issuer + "/openid/ciba" }
    package var registrationEndpoint: String { issuer + "/openid/register" }
    package var jwksEndpoint: String { issuer + "/openid/jwks" }
    /// Where a citizen finds the requests that were put to him.
    package var approvalPage: String { issuer + "/approve" }

    /// How long the key set may be kept, in seconds (`max-age`), and so how long a new key is published before it may sign (C12).
    package static let keySetAge: Int64 = 3600

    /// The key set (RFC 7517 §5): public keys only, the current ones first, for readers that take the first of a kind;
    /// behind them what may be encrypted to us.
    package func jwks(at now: Timestamp) -> JSON {
        let states: [KeyLife.State] = [.current, .next, .retiring]
        let published = states.flatMap { state in keys.filter { $0.life.state(at: now) == state } }
        return .object([("keys", .array(published.map(\.jwk.json) + publishedDecryptionKeys(at: now).map(\.jwk.json)))])
    }

    /// What may be encrypted to at this moment.
    func publishedDecryptionKeys(at now: Timestamp) -> [DecryptionKey] {
        decryptionKeys.filter { key in (key.keyID.flatMap { decryptionLives[$0] }?.state(at: now) ?? .current) == .current }
    }

    /// What signs in this algorithm at this moment. Nil when the deployment has no such key.
    package func signingKey(for algorithm: JWSAlgorithm, at now: Timestamp) -> SigningKey? {
        let key = keys.first {
            $0.jwk.algorithm?.isSame(as: algorithm) == true && $0.signing != nil && $0.life.state(at: now) == .current
        }?.signing
        return key?.algorithm == algorithm ? key : key?.named(algorithm)
    }

    /// The `kid` in ID tokens for this client.
    package func signingKeyID(for client: Client, at now: Timestamp) -> String? {
        signingKey(for: client.idTokenAlgorithm, at: now)?.keyID
    }

    /// Algorithms that we sign with at this moment; a key that has two names there serves under both.
    package func algorithms(at now: Timestamp) -> [JWSAlgorithm] {
        JWSAlgorithm.allCases.filter { signingKey(for: $0, at: now) != nil }
    }
}
