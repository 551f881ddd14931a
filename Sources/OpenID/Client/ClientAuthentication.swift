package import Cryptography
package import JOSE

/// How a client proves, at every endpoint where it has to, that it is itself. One registration has one method.
package enum ClientAuthentication: Sendable {
    case privateKeyJWT(JWKSet)
    /// SHA-256 of a random secret of 128 bits or more. A digest without salt or stretching is enough for such a secret, and only for such.
    case clientSecretBasic(digest: [UInt8])
    /// The same secret in the form body (RFC 6749 §2.3.1): for libraries that cannot do better, and only where it was registered.
    case clientSecretPost(digest: [UInt8])
    /// A certificate of an authority that a trust profile believes, with this name in it (RFC 8705 §2.1).
    case tlsClientAuth(TLSSubject)
    /// One of these very certificates, by `x5t#S256`, whoever issued them (RFC 8705 §2.2).
    case selfSignedTLS(thumbprints: Set<String>)

    /// The name in `token_endpoint_auth_method`.
    package var method: String {
        switch self {
        case .privateKeyJWT: Method.privateKeyJWT.rawValue
        case .clientSecretBasic: Method.clientSecretBasic.rawValue
        case .clientSecretPost: Method.clientSecretPost.rawValue
        case .tlsClientAuth: Method.tlsClientAuth.rawValue
        case .selfSignedTLS: Method.selfSignedTLS.rawValue
        }
    }

    /// The names of OpenID Connect Core §9 and RFC 8705 §2. `client_secret_jwt` would need the secret itself, `none` proves nothing.
    package enum Method: String, Sendable, CaseIterable {
        case privateKeyJWT = "private_key_jwt"
        case clientSecretBasic = "client_secret_basic"
        case clientSecretPost = "client_secret_post"
        case tlsClientAuth = "tls_client_auth"
        case selfSignedTLS = "self_signed_tls_client_auth"

        /// Needs a connection that shows a certificate.
        package var isTLS: Bool { self == .tlsClientAuth || self == .selfSignedTLS }
    }

    var isTLS: Bool {
        switch self {
        case .tlsClientAuth, .selfSignedTLS: true
        case .privateKeyJWT, .clientSecretBasic, .clientSecretPost: false
        }
    }

    /// Everything a `self_signed_tls_client_auth` client registers: the first certificate of each key's `x5c` (RFC 8705 §2.2.2), which
    /// holds that key. Empty when there is none.
    package static func thumbprints(in keys: JWKSet) -> Set<String> {
        Set(keys.keys.compactMap { $0.certificates.first.map(PresentedCertificate.thumbprint) })
    }
}

/// What a client certificate has to name, and who has to have issued it (RFC 8705 §2.1.2).
package struct TLSSubject: Hashable, Sendable {
    /// One name; a certificate with several passes when this one is among them.
    package enum Name: Hashable, Sendable {
        /// `tls_client_auth_subject_dn`: the whole subject, compared as RFC 5280 §7.1 compares names.
        case distinguishedName(DistinguishedName)
        /// `tls_client_auth_san_dns`: without regard to letter case; a wildcard is a name like any other, never a pattern.
        case dns(String)
        /// `tls_client_auth_san_uri`: byte for byte.
        case uri(String)
        /// `tls_client_auth_san_ip`: four or sixteen bytes.
        case address([UInt8])
        /// `tls_client_auth_san_email`: the domain without regard to letter case.
        case email(String)
    }

    package let name: Name
    /// The trust profile of the deployment (`Keys/profiles/`) that has to believe the chain.
    package let profile: String

    package init(_ name: Name, profile: String) {
        self.name = name
        self.profile = profile
    }
}

/// Which `aud` a client assertion may carry: profiles contradict each other here (checklist O8), so it is a switch per client.
package enum AssertionAudiences: String, Sendable, CaseIterable {
    /// Issuer, token endpoint, or the endpoint the assertion is sent to, as a string or within an array (OpenID Connect Core §9, RFC 9126
    /// §2, CIBA Core §7.1, デジタル認証アプリ).
    case issuerOrTokenEndpoint = "issuer-or-token-endpoint"
    /// The issuer as the only string (FAPI 2.0 Security Profile §5.3.2.1-8): an assertion made for us is worth nothing elsewhere.
    case issuerOnly = "issuer-only"
}
