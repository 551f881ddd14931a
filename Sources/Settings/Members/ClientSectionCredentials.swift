import Cryptography
import JOSE
import OpenID
import Vocabulary

/// What a client authenticates with, and the keys of the file that belong to the method it chose.
struct ClientCredentials {
    let terms: MemberFile.Terms
    let certificates: MemberCertificates?
    let section: Section

    func read(_ method: ClientAuthentication.Method?, keys: JWKSet?) -> ClientAuthentication? {
        let digest = digest(method)
        let subject = subject(method)
        let thumbprints = thumbprints(method)
        if let method, method.isTLS, !terms.clients.mutualTLS {
            section.report(
                "member.mutual-tls", at: section.line(of: "authentication"), "clients cannot show a certificate to this deployment",
                "write `openid.mutual-tls` in sekisho.yaml, or let the client use private_key_jwt")
        }
        switch method {
        case .privateKeyJWT: return keys.map { .privateKeyJWT($0) }
        case .clientSecretBasic: return digest.map { .clientSecretBasic(digest: $0) }
        case .clientSecretPost: return digest.map { .clientSecretPost(digest: $0) }
        case .tlsClientAuth: return subject.map { .tlsClientAuth($0) }
        case .selfSignedTLS:
            let registered = thumbprints.union(keys.map { ClientAuthentication.thumbprints(in: $0) } ?? [])
            guard registered.isEmpty, !section.has("certificates-sha256") else { return .selfSignedTLS(thumbprints: registered) }
            section.report(
                "member.certificates", at: section.line(of: "authentication"), "no certificate of the client is registered",
                "write `certificates-sha256`, or keys with `x5c` under `jwks`")
            return nil
        case nil: return nil
        }
    }

    private func digest(_ method: ClientAuthentication.Method?) -> [UInt8]? {
        let hasSecret = method == .clientSecretBasic || method == .clientSecretPost
        let text = section.text("secret-sha256", required: hasSecret, limit: 128)
        guard hasSecret else {
            refuse("secret-sha256", "member.secret", "a secret serves client_secret_basic and client_secret_post only", method)
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

    private func subject(_ method: ClientAuthentication.Method?) -> TLSSubject? {
        guard let part = section.section("tls-client-auth", required: method == .tlsClientAuth) else { return nil }
        defer { part.finish() }
        let names: [(key: String, name: (String) -> TLSSubject.Name?)] = [
            ("subject-dn", { TLSSubject.Name(distinguishedName: $0) }), ("san-dns", { .dns($0) }), ("san-uri", { .uri($0) }),
            ("san-ip", { TLSSubject.Name(address: $0) }), ("san-email", { .email($0) }),
        ]
        let given = names.compactMap { key, name in part.text(key, limit: 1024).map { (key, $0, name) } }
        let profile = part.text("certificate-profile", limit: 64) ?? certificates?.profile.name ?? terms.clients.certificateProfile
        guard method == .tlsClientAuth else {
            refuse("tls-client-auth", "member.tls-client-auth", "a name in a certificate serves tls_client_auth only", method)
            return nil
        }
        guard let (key, text, read) = given.first, given.count == 1 else {
            part.report(
                "member.tls-client-auth", at: nil, "a client certificate is known by exactly one name (RFC 8705 §2.1.2)",
                "write one of " + names.map(\.key).joined(separator: ", "))
            return nil
        }
        guard let name = read(text) else {
            part.report(
                "member.tls-client-auth", at: part.line(of: key), "`" + part.name(key) + "` cannot be read",
                key == "subject-dn"
                    ? "write it as `openssl x509 -subject -nameopt RFC2253` does: CN=…,O=…,C=JP" : "write one address without a mask")
            return nil
        }
        guard let profile else {
            part.report(
                "member.tls-client-auth", at: nil, "nobody says whose certificates are believed",
                "write `certificate-profile` here, or under `openid.mutual-tls` in sekisho.yaml")
            return nil
        }
        if let known = terms.profiles, known[profile] == nil {
            part.report(
                "member.certificate-profile", at: part.line(of: "certificate-profile"),
                "there is no profile `\(Explanation.redacted(profile))` that could be read",
                known.names.isEmpty ? "write Keys/profiles/\(profile).yaml" : "choose among " + known.names.joined(separator: ", "))
            return nil
        }
        return TLSSubject(name, profile: profile)
    }

    /// SHA-256 of certificates in DER, as `openssl x509 -fingerprint -sha256` prints them; with or without colons.
    private func thumbprints(_ method: ClientAuthentication.Method?) -> Set<String> {
        guard let texts = section.texts("certificates-sha256", limit: 128) else { return [] }
        guard method == .selfSignedTLS else {
            refuse("certificates-sha256", "member.certificates", "certificates serve self_signed_tls_client_auth only", method)
            return []
        }
        var found: Set<String> = []
        for (text, line) in texts {
            guard let digest = Hexadecimal.decode(text.replacing(":", with: "")), digest.count == 32 else {
                section.report(
                    "member.certificates", at: line, "this is no SHA-256 digest in hexadecimal",
                    "write what `openssl x509 -fingerprint -sha256 -noout` prints behind the =")
                continue
            }
            found.insert(Base64url.encode(digest))
        }
        return found
    }

    private func refuse(_ key: String, _ code: String, _ message: String, _ method: ClientAuthentication.Method?) {
        guard method != nil, section.has(key) else { return }
        section.report(code, at: section.line(of: key), message, "remove the line, or choose that `authentication`")
    }
}
