import JOSE
import OpenID
import Vocabulary

/// The `openid:` part of a member's file: the registration of a relying party. Every key is read before anything is missing, so that all
/// that is wrong comes at once; what the registration as a whole must be is the room `OpenID`'s to say (`ClientRule`).
struct ClientSection {
    let terms: MemberFile.Terms
    let certificates: MemberCertificates?
    let section: Section
    let companion: (_ name: String, _ limit: Int) -> [UInt8]?

    func read(_ id: MemberID?) -> (Client, String?)? {
        var options = ClientOptions()
        options.profile = section.choice("profile", ClientProfile.self) ?? .core
        let grants = grants(&options)
        let redirects = section.texts("redirect-uris", required: grants.contains(.authorizationCode), limit: 2048) ?? []
        let method = section.choice("authentication", ClientAuthentication.Method.self, required: true)
        let keys = ClientKeys(certificates: certificates, section: section, companion: companion).read(isRequired: method == .privateKeyJWT)
        options.keys = keys?.set
        let authentication = ClientCredentials(terms: terms, certificates: certificates, section: section).read(method, keys: keys?.set)
        let algorithm = section.choice("id-token-algorithm", TokenAlgorithm.self)?.algorithm ?? .es256
        let scopes = scopes()
        let requiresNonce = section.flag("require-nonce", default: options.profile == .digitalAuthApp)
        let audiences = section.choice("assertion-audience", AssertionAudiences.self)
        let lifetime = section.duration("assertion-lifetime", in: 1...3600, default: 300)
        let logoutRedirects = section.texts("post-logout-redirect-uris", limit: 2048) ?? []
        let backchannel = section.text("backchannel-logout-uri", limit: 2048)
        ClientSettings(terms: terms, section: section).read(into: &options)
        section.finish()
        // Each key's own fault was told.
        guard let id, let authentication, keys != nil || !(section.has("jwks") || section.has("jwks-file")) else { return nil }
        do {
            let client = try Client(
                id: id, redirectURIs: Set(redirects.map(\.text)), authentication: authentication, idTokenAlgorithm: algorithm,
                scopes: scopes, requiresNonce: requiresNonce, refreshTokens: false, assertionAudiences: audiences,
                assertionLifetime: lifetime, postLogoutRedirectURIs: Set(logoutRedirects.map(\.text)),
                backchannelLogoutURI: backchannel, options: options, development: terms.isDevelopment)
            ClientNotices(client: client, section: section).tell()
            return (client, keys?.file)
        } catch {
            let addresses = redirects + logoutRedirects
            for explanation in error.explanations { section.findings.report(problem(explanation, addresses)) }
            return nil
        }
    }

    /// What is at fault has a line of its own: the address, or the key that the explanation names.
    private func problem(_ explanation: Explanation, _ addresses: [(text: String, line: Int)]) -> Problem {
        let named = addresses.first { address in explanation.compared.contains { $0.value == Explanation.redacted(address.text) } }
        let key = explanation.compared.lazy.compactMap { compared in
            section.keys.first { key in
                [Self.keys[compared.name], compared.name, compared.value, compared.name.replacing("_", with: "-")].contains(key)
                    || compared.value.hasPrefix(key + ".")
            }
        }.first
        return Problem(file: section.file, line: named?.line ?? key.map { section.line(of: $0) } ?? section.line, explanation)
    }

    /// Where files say otherwise than the specifications' registrations.
    private static let keys = [
        "token_endpoint_auth_signing_alg": "assertion-signing-alg", "request_object_signing_alg": "request-objects",
        "id_token_signed_response_alg": "id-token-algorithm", "id_token_encrypted_response_alg": "id-token-encryption",
        "userinfo_encrypted_response_alg": "userinfo-encryption", "authorization_encrypted_response_alg": "authorization-encryption",
        "introspection_encrypted_response_alg": "introspection-encryption", "backchannel_client_notification_endpoint": "ciba",
        "backchannel_authentication_request_signing_alg": "ciba", "grant_type": "grants",
        "sector": "sector-identifier", "resource": "resources",
    ]

    /// `grants`, and `refresh-tokens: true`, which is older and says the same of one of them.
    private func grants(_ options: inout ClientOptions) -> Set<GrantType> {
        var found: Set<GrantType> = section.choices("grants", GrantWord.self).map { Set($0.map(\.type)) } ?? [.authorizationCode]
        if section.flag("refresh-tokens", default: false) { found.insert(.refreshToken) }
        if found.contains(.refreshToken), !terms.clients.refreshTokens {
            let key = section.has("refresh-tokens") ? "refresh-tokens" : "grants"
            section.report(
                "member.refresh-tokens", at: section.line(of: key), "this deployment gives no refresh tokens",
                "remove it, or set `openid.refresh-tokens: true` in sekisho.yaml")
        }
        options.grants = found
        return found
    }

    private func scopes() -> Set<String> {
        guard let texts = section.texts("scopes", limit: 128) else { return ["openid"] }
        if let known = terms.clients.scopes {
            for (text, line) in texts where !known.contains(text) {
                section.report(
                    "member.scope", at: line, "this deployment has no scope `" + Explanation.redacted(text) + "`",
                    "choose among " + known.sorted().joined(separator: ", ") + ", or add it to `openid.scopes` in sekisho.yaml")
            }
        }
        return Set(texts.map(\.text)).union(["openid"])
    }
}

/// `grants` in files: short words, or the names that `grant_types` has.
private enum GrantWord: String, CaseIterable {
    case authorizationCode = "authorization_code"
    case refreshToken = "refresh_token"
    case deviceCode = "device_code"
    case ciba
    case tokenExchange = "token_exchange"
    case deviceCodeName = "urn:ietf:params:oauth:grant-type:device_code"
    case cibaName = "urn:openid:params:grant-type:ciba"
    case tokenExchangeName = "urn:ietf:params:oauth:grant-type:token-exchange"

    var type: GrantType {
        switch self {
        case .authorizationCode: .authorizationCode
        case .refreshToken: .refreshToken
        case .deviceCode, .deviceCodeName: .deviceCode
        case .ciba, .cibaName: .ciba
        case .tokenExchange, .tokenExchangeName: .tokenExchange
        }
    }
}

/// What may sign something between a client and us, by the names that JOSE has for it. Which of them a profile takes, its rules say.
enum TokenAlgorithm: String, CaseIterable {
    case es256 = "ES256"
    case rs256 = "RS256"
    case ps256 = "PS256"
    case es384 = "ES384"
    case eddsa = "EdDSA"
    case ed25519 = "Ed25519"

    var algorithm: JWSAlgorithm {
        switch self {
        case .es256: .es256
        case .rs256: .rs256
        case .ps256: .ps256
        case .es384: .es384
        case .eddsa: .eddsa
        case .ed25519: .ed25519
        }
    }
}

extension YAML {
    /// The same value as JSON. A key set's members are texts; a plain `true` stays one.
    var json: JSON {
        switch value {
        case .scalar("true", isPlain: true): .bool(true)
        case .scalar("false", isPlain: true): .bool(false)
        case .scalar(let text, _): isAbsent ? .null : .string(text)
        case .list(let items): .array(items.map(\.json))
        case .map(let pairs): .object(pairs.map { ($0.key, $0.value.json) })
        }
    }
}
