import Cryptography
import Vocabulary

extension TLSSubject {
    /// Whether the name could stand in a certificate at all.
    var isFit: Bool {
        guard !profile.isEmpty else { return false }
        return switch name {
        case .distinguishedName(let name): !name.isEmpty
        case .dns(let host): RedirectURI.isHostName(host.lowercased())
        case .uri(let text): Resource.isFit(text)
        case .address(let bytes): bytes.count == 4 || bytes.count == 16
        case .email(let text): text.split(separator: "@", omittingEmptySubsequences: false).filter { !$0.isEmpty }.count == 2
        }
    }

    /// Why this certificate is not the client's; nil when it is. The name is looked at first: a chain is built for the client's own
    /// certificate only, so that strangers cost no path search.
    func fault(in presented: PresentedCertificate, at now: Timestamp) -> Explanation? {
        guard let certificate = try? Certificate(der: presented.der) else { return .certificateUnreadable }
        guard isNamed(in: certificate) else { return .certificateNamesAnother(expected: form) }
        switch presented.verdict(under: profile, at: now) {
        case .trusted: return nil
        case .refused(let why): return .certificateUntrusted(why, profile: profile)
        }
    }

    private func isNamed(in certificate: Certificate) -> Bool {
        switch name {
        case .distinguishedName(let expected): certificate.subject == expected
        case .dns(let host):
            certificate.alternativeNames.contains { name in
                guard case .dns(let other) = name else { return false }
                return other.lowercased().hasSameBytes(as: host.lowercased())
            }
        case .uri(let text):
            certificate.alternativeNames.contains { name in
                guard case .uri(let other) = name else { return false }
                return other.hasSameBytes(as: text)
            }
        case .address(let bytes): certificate.alternativeNames.contains(.address(bytes))
        case .email(let text):
            certificate.alternativeNames.contains { name in
                guard case .email(let other) = name else { return false }
                return Self.mailbox(other).hasSameBytes(as: Self.mailbox(text))
            }
        }
    }

    /// With a domain in small letters; what stands before the `@` is the mail server's business (RFC 5280 §7.5).
    private static func mailbox(_ text: String) -> String {
        guard let at = text.lastIndex(of: "@") else { return text }
        return text[..<at] + text[at...].lowercased()
    }

    /// The name of the registration's member, for people.
    package var form: String {
        switch name {
        case .distinguishedName: "tls_client_auth_subject_dn"
        case .dns: "tls_client_auth_san_dns"
        case .uri: "tls_client_auth_san_uri"
        case .address: "tls_client_auth_san_ip"
        case .email: "tls_client_auth_san_email"
        }
    }
}

extension Explanation {
    static let noCertificate = Explanation(
        "openid.client.no-certificate", "the connection showed no client certificate", clause: "RFC 8705 §2",
        remedy: "use the addresses under `mtls_endpoint_aliases` of the metadata, with the client's certificate")

    static let certificateUnreadable = Explanation(
        "openid.client.certificate-unreadable", "the client certificate cannot be read", clause: "RFC 5280 §4.1",
        remedy: "use an X.509 certificate of version 3 in DER")

    static func certificateNamesAnother(expected: String) -> Explanation {
        Explanation(
            "openid.client.certificate-name", "the client certificate does not have the registered name",
            compared: [.init("registered", expected)], clause: "RFC 8705 §2.1",
            remedy: "use the certificate of the registration, or have its new name registered")
    }

    static func certificateUntrusted(_ why: String, profile: String) -> Explanation {
        Explanation(
            "openid.client.certificate-untrusted", "the client certificate is not believed: " + why,
            compared: [.init("certificate-profile", profile)], clause: "RFC 8705 §2.1; RFC 5280 §6",
            remedy: "send the whole chain, and have a certificate that the profile believes")
    }

    static func certificateUnknown(_ thumbprint: String) -> Explanation {
        Explanation(
            "openid.client.certificate-unknown", "this certificate is not registered for the client",
            compared: [.init("x5t#S256", thumbprint)], clause: "RFC 8705 §2.2",
            remedy: "use a registered certificate, or have this one registered")
    }
}
