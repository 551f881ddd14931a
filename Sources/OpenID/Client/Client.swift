package import JOSE
package import Vocabulary

/// How a client proves at the token endpoint that it is itself.
package enum ClientAuthentication: Sendable {
    case privateKeyJWT(JWKSet)
    /// SHA-256 of a random secret of 128 bits or more. A digest without salt or stretching is enough for such a secret, and only for such.
    case clientSecretBasic(digest: [UInt8])

    /// The name in `token_endpoint_auth_method`.
    package var method: String {
        switch self {
        case .privateKeyJWT: "private_key_jwt"
        case .clientSecretBasic: "client_secret_basic"
        }
    }
}

/// Which `aud` a client assertion may carry: profiles contradict each other here (checklist O8), so it is a switch per client.
package enum AssertionAudiences: String, Sendable, CaseIterable {
    /// Issuer or token endpoint, as a string or within an array (OpenID Connect Core §9, デジタル認証アプリ).
    case issuerOrTokenEndpoint = "issuer-or-token-endpoint"
    /// The issuer as the only string (FAPI 2.0 Security Profile §5.3.2.1-8): an assertion made for us is worth nothing elsewhere.
    case issuerOnly = "issuer-only"
}

/// A relying party as it is registered. What is in here has passed the rules for registration.
package struct Client: Sendable {
    package let id: MemberID
    package let redirectURIs: Set<String>
    package let authentication: ClientAuthentication
    package let idTokenAlgorithm: JWSAlgorithm
    package let scopes: Set<String>
    package let requiresNonce: Bool
    package let refreshTokens: Bool
    package let assertionAudiences: AssertionAudiences
    /// How far ahead, in seconds, the `exp` of its assertions may lie.
    package let assertionLifetime: Int64
    /// Where a browser may be sent after a logout (OpenID Connect RP-Initiated Logout §3).
    package let postLogoutRedirectURIs: Set<String>
    /// Where logout tokens go (OpenID Connect Back-Channel Logout §2.2).
    package let backchannelLogoutURI: String?

    /// What ID tokens can be signed with; whether the deployment has a key for it is another question.
    package static let idTokenAlgorithms: [JWSAlgorithm] = [.es256, .rs256, .ps256, .es384, .eddsa]

    /// Refuses a registration with all its faults at once. `development` admits plain-http addresses of this machine.
    package init(
        id: MemberID, redirectURIs: Set<String>, authentication: ClientAuthentication, idTokenAlgorithm: JWSAlgorithm = .es256,
        scopes: Set<String> = ["openid"], requiresNonce: Bool = false, refreshTokens: Bool = false,
        assertionAudiences: AssertionAudiences = .issuerOrTokenEndpoint, assertionLifetime: Int64 = 300,
        postLogoutRedirectURIs: Set<String> = [], backchannelLogoutURI: String? = nil, development: Bool = false
    ) throws(ClientRefusal) {
        var faults = redirectURIs.sorted().compactMap { address in
            RedirectURI.fault(in: address, development: development).map { Explanation.redirectUnfit(address, $0) }
        }
        faults += postLogoutRedirectURIs.sorted().compactMap { address in
            RedirectURI.fault(in: address, development: development).map { Explanation.logoutRedirectUnfit(address, $0) }
        }
        if let address = backchannelLogoutURI, let fault = RedirectURI.fault(in: address, development: development) {
            faults.append(.backchannelUnfit(address, fault))
        }
        if redirectURIs.isEmpty { faults.append(.noRedirect) }
        switch authentication {
        case .privateKeyJWT(let set):
            if !set.keys.contains(where: ClientAssertion.accepts) { faults.append(.keysUnfit) }
        case .clientSecretBasic(let digest):
            if digest.count != 32 { faults.append(.secretUnfit) }
        }
        faults += scopes.sorted().filter { !Scope.isToken($0) }.map(Explanation.scopeUnfit)
        if !Self.idTokenAlgorithms.contains(idTokenAlgorithm) {
            faults.append(.idTokenAlgorithmUnfit(idTokenAlgorithm.rawValue))
        }
        if !(1...3_600).contains(assertionLifetime) { faults.append(.assertionLifetimeUnfit(assertionLifetime)) }
        guard faults.isEmpty else { throw ClientRefusal(faults) }
        self.id = id
        self.redirectURIs = redirectURIs
        self.authentication = authentication
        self.idTokenAlgorithm = idTokenAlgorithm
        self.scopes = scopes
        self.requiresNonce = requiresNonce
        self.refreshTokens = refreshTokens
        self.assertionAudiences = assertionAudiences
        self.assertionLifetime = assertionLifetime
        self.postLogoutRedirectURIs = postLogoutRedirectURIs
        self.backchannelLogoutURI = backchannelLogoutURI
    }
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
}

extension Client {
    /// As `redirect`, for the addresses registered for after a logout: byte equality (checklist E4).
    package func logoutRedirect(_ asked: String) -> RegisteredRedirect? {
        postLogoutRedirectURIs.contains { $0.hasSameBytes(as: asked) } ? RegisteredRedirect(asked) : nil
    }
}

/// `scope-token` of RFC 6749 §3.3.
enum Scope {
    static func isToken(_ text: String) -> Bool {
        (1...128).contains(text.utf8.count)
            && text.utf8.allSatisfy { (0x21...0x7e).contains($0) && $0 != 0x22 && $0 != 0x5c }
    }
}
