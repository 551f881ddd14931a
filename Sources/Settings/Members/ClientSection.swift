import JOSE
import OpenID
import Vocabulary

/// The `openid:` part of a member's file: the registration of a relying party.
struct ClientSection {
    enum Authentication: String, CaseIterable {
        case privateKeyJWT = "private_key_jwt"
        case clientSecretBasic = "client_secret_basic"
    }

    let terms: MemberFile.Terms
    let certificates: MemberCertificates?
    let section: Section
    let companion: (_ name: String, _ limit: Int) -> [UInt8]?

    func read(_ id: MemberID?) -> (Client, String?)? {
        let redirects = section.texts("redirect-uris", required: true, limit: 2048)
        let method = section.choice("authentication", Authentication.self, required: true)
        let keys = keys(method)
        let digest = digest(method)
        let algorithm: JWSAlgorithm = section.choice("id-token-algorithm", TokenKeyAlgorithm.self)?.algorithm ?? .es256
        let scopes = scopes()
        let requiresNonce = section.flag("require-nonce", default: false)
        let refreshTokens = section.flag("refresh-tokens", default: false)
        let audiences = section.choice("assertion-audience", AssertionAudiences.self) ?? .issuerOrTokenEndpoint
        let lifetime = section.duration("assertion-lifetime", in: 1...3600, default: 300)
        let logoutRedirects = section.texts("post-logout-redirect-uris", limit: 2048) ?? []
        let backchannel = section.text("backchannel-logout-uri", limit: 2048)
        section.finish()
        if refreshTokens, !terms.refreshTokens {
            section.report(
                "member.refresh-tokens", at: section.line(of: "refresh-tokens"), "this deployment gives no refresh tokens",
                "remove the line, or set `openid.refresh-tokens: true` in sekisho.yaml")
        }
        let authentication: ClientAuthentication? =
            switch method {
            case .privateKeyJWT: keys.map { .privateKeyJWT($0.0) }
            case .clientSecretBasic: digest.map { .clientSecretBasic(digest: $0) }
            case nil: nil
            }
        guard let id, let redirects, let authentication else { return nil }
        do {
            return (
                try Client(
                    id: id, redirectURIs: Set(redirects.map(\.text)), authentication: authentication, idTokenAlgorithm: algorithm,
                    scopes: scopes, requiresNonce: requiresNonce, refreshTokens: refreshTokens, assertionAudiences: audiences,
                    assertionLifetime: lifetime, postLogoutRedirectURIs: Set(logoutRedirects.map(\.text)),
                    backchannelLogoutURI: backchannel,
                    development: terms.isDevelopment), keys?.1
            )
        } catch {
            let addresses = redirects + logoutRedirects + (backchannel.map { [($0, section.line(of: "backchannel-logout-uri"))] } ?? [])
            for explanation in error.explanations { section.findings.report(problem(explanation, addresses)) }
            return nil
        }
    }

    /// The address at fault has a line of its own.
    private func problem(_ explanation: Explanation, _ addresses: [(text: String, line: Int)]) -> Problem {
        let named = addresses.first { address in explanation.compared.contains { $0.value == Explanation.redacted(address.text) } }
        return Problem(file: section.file, line: named?.line ?? section.line, explanation)
    }

    private func scopes() -> Set<String> {
        guard let texts = section.texts("scopes", limit: 128) else { return ["openid"] }
        if let known = terms.scopes {
            for (text, line) in texts where !known.contains(text) {
                section.report(
                    "member.scope", at: line, "this deployment has no scope `" + Explanation.redacted(text) + "`",
                    "choose among " + known.sorted().joined(separator: ", ") + ", or add it to `openid.scopes` in sekisho.yaml")
            }
        }
        return Set(texts.map(\.text)).union(["openid"])
    }

    /// The client's public keys, written here or in a file beside.
    private func keys(_ method: Authentication?) -> (JWKSet, String?)? {
        let inline = section.value("jwks")
        let file = section.text("jwks-file", limit: 255).flatMap { companionName($0, "jwks-file", section) }
        guard method == .privateKeyJWT else {
            for key in ["jwks", "jwks-file"] where method != nil && section.has(key) {
                section.report("member.keys", at: section.line(of: key), "keys serve private_key_jwt only", "remove the line")
            }
            return nil
        }
        guard section.has("jwks") != section.has("jwks-file") else {
            section.report("member.keys", at: nil, "private_key_jwt needs the client's keys once", "write either `jwks` or `jwks-file`")
            return nil
        }
        if let inline { return set(inline.json, section.file, inline.line).map { ($0, nil) } }
        guard let file, let bytes = companion(file, Folder.key) else { return nil }
        let path = MemberFile.folder + "/" + file
        do {
            return set(try JSON(reading: bytes, limit: Folder.key), path, nil).map { ($0, file) }
        } catch {
            section.findings.report(
                Problem(
                    file: path, code: "member.keys.json", message: "the key set is no JSON: \(error)", remedy: "ask the member for it anew")
            )
            return nil
        }
    }

    private func set(_ json: JSON, _ file: String, _ line: Int?) -> JWKSet? {
        do {
            let set = try JWKSet(reading: json)
            for (name, why) in set.ignored {
                section.findings.notice(
                    Problem(
                        file: file, line: line, code: "member.keys.ignored",
                        message: "the key `\(Explanation.redacted(name ?? ""))` is passed over: \(why)",
                        remedy: "ask the member for a key of a kind we know, or remove it"))
            }
            guard let certificates else { return set }
            let counting = certificates.counting(set, json, file)
            // A client without a key cannot be registered; each key's reason was told.
            return counting.keys.isEmpty ? nil : counting
        } catch {
            section.findings.report(
                Problem(
                    file: file, line: line, code: "member.keys", message: "the key set cannot be used: \(error)",
                    remedy: "register public keys only: RSA of 2048 bits or more, P-256 or P-384"))
            return nil
        }
    }

    private func digest(_ method: Authentication?) -> [UInt8]? {
        let text = section.text("secret-sha256", required: method == .clientSecretBasic, limit: 128)
        guard method == .clientSecretBasic else {
            if method != nil, section.has("secret-sha256") {
                section.report(
                    "member.secret", at: section.line(of: "secret-sha256"), "a secret serves client_secret_basic only", "remove the line")
            }
            return nil
        }
        guard let text else { return nil }
        guard let digest = Hexadecimal.decode(text), digest.count == 32 else {
            section.report(
                "member.secret", at: section.line(of: "secret-sha256"), "this is no SHA-256 digest in hexadecimal",
                "write the output of `printf %s \"$secret\" | sha256sum`, 64 digits; never the secret itself")
            return nil
        }
        return digest
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
