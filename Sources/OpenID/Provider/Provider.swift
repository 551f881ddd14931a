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

        /// Values outside the bounds (code 1…60, ID token 1…3,600, access token 1…3,600, refresh token 1…30 days) are brought inside.
        package init(code: Int64 = 60, accessToken: Int64 = 600, idToken: Int64 = 600, refreshToken: Int64 = 86_400) {
            self.code = min(max(code, 1), 60)
            self.accessToken = min(max(accessToken, 1), 3_600)
            self.idToken = min(max(idToken, 1), 3_600)
            self.refreshToken = min(max(refreshToken, 1), 30 * 86_400)
        }
    }

    /// Byte for byte what stands in `iss`; no slash at its end.
    package let issuer: String
    package let signingKeys: [SigningKey]
    /// Public keys that no longer sign but that tokens in circulation were signed with; published too (checklist C12).
    package let retiredKeys: [JWK]
    package let lifetimes: Lifetimes
    /// Seconds that a client's clock may differ from ours.
    package let skew: Int64
    package let scopes: Set<String>
    /// Whether any client may have refresh tokens; off unless the deployment says so.
    package let refreshTokens: Bool
    /// Ours, to recognise ID tokens that come back as hints.
    let verificationKeys: [JWK]
    private let published: JSON

    /// `signingKeys` has one current key per algorithm; of several the first signs, and all are published.
    package init(
        issuer: String, signingKeys: [SigningKey], retiredKeys: [JWK] = [], lifetimes: Lifetimes = Lifetimes(), skew: Int64 = 10,
        scopes: Set<String> = ["openid"], refreshTokens: Bool = false
    ) {
        self.issuer = issuer
        self.signingKeys = signingKeys
        self.retiredKeys = retiredKeys
        self.lifetimes = lifetimes
        self.skew = min(max(skew, 0), 60)
        self.scopes = scopes.union(["openid"])
        self.refreshTokens = refreshTokens
        verificationKeys = signingKeys.map(\.jwk) + retiredKeys
        published = .object([("keys", .array(verificationKeys.map(\.json)))])
    }

    package var authorizationEndpoint: String { issuer + "/openid/authorize" }
    package var tokenEndpoint: String { issuer + "/openid/token" }
    package var userInfoEndpoint: String { issuer + "/openid/userinfo" }
    package var jwksEndpoint: String { issuer + "/openid/jwks" }

    /// The key set (RFC 7517 §5): public keys only.
    package func jwks() -> JSON { published }

    func signingKey(for algorithm: JWSAlgorithm) -> SigningKey? { signingKeys.first { $0.algorithm == algorithm } }
}
