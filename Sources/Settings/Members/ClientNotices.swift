import JOSE
import OpenID
import Vocabulary

/// What an operator should know about a registration that is right all the same.
struct ClientNotices {
    let client: Client
    let section: Section

    func tell() {
        if !client.requiresPKCE {
            notice(
                "pkce", "member.pkce", "a stolen code is stopped by this client's nonce alone",
                "write `pkce: required` as soon as the client sends a code_challenge")
        }
        if case .clientSecretPost = client.authentication {
            notice(
                "authentication", "member.client-secret-post", "the secret stands in the body of every request, where logs may keep it",
                "let the client use private_key_jwt, or client_secret_basic")
        }
        if client.isResourceServer, client.accessTokenFormat == .jwt, client.grants.isEmpty {
            notice(
                "access-token-format", "member.access-token-format", "the client gets no access tokens whose format it could choose",
                "remove the line: a resource's own clients choose")
        }
        if client.profile != .core, client.assertionLifetime > 300 {
            notice(
                "assertion-lifetime", "member.assertion-lifetime", "a stolen assertion that was never used is good for long",
                "use 5m or less")
        }
    }

    private func notice(_ key: String, _ code: String, _ message: String, _ remedy: String) {
        section.findings.notice(Problem(file: section.file, line: section.line(of: key), code: code, message: message, remedy: remedy))
    }
}

extension Client {
    /// What the registration comes to, in one line for `sekisho check`.
    package var summary: String {
        var parts = [profile.rawValue, authentication.method]
        if case .privateKeyJWT = authentication { parts[1] += " (aud " + assertionAudiences.rawValue + ")" }
        parts.append(grants.map(\.shortName).sorted().joined(separator: "+"))
        if usesRedirects {
            parts.append(pkce == .required ? "PKCE" : "PKCE if sent")
            if requiresPushedRequests { parts.append("pushed requests only") }
            if requestObjects.isRequired { parts.append("signed requests only") }
            if let signing = authorizationSigning { parts.append("answers " + signing.rawValue) }
            parts.append("ID token " + idTokenAlgorithm.rawValue + (idTokenEncryption.map { " in " + $0.algorithm.rawValue } ?? ""))
        }
        if !grants.isEmpty {
            parts.append(
                accessTokenFormat.rawValue + " access tokens, "
                    + (senderConstraint == .none ? "unbound" : "bound: " + senderConstraint.rawValue))
        }
        if isResourceServer { parts.append("resource server for " + audiences.sorted().joined(separator: " ")) }
        return parts.filter { !$0.isEmpty }.joined(separator: "; ")
    }
}

extension GrantType {
    fileprivate var shortName: String {
        switch self {
        case .deviceCode: "device"
        case .tokenExchange: "exchange"
        case .ciba: "ciba"
        default: rawValue
        }
    }
}
