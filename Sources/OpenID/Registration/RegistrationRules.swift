package import JOSE
import Vocabulary

/// What a deployment decides for clients that register themselves (`openid.registration` in sekisho.yaml). Nobody registers where a provider
/// has none of these (docs/decisions/0045).
package struct RegistrationRules: Sendable {
    /// By what a request shows that it may register.
    package enum Way: String, Hashable, Sendable, CaseIterable {
        /// An initial access token that the registrar handed out (RFC 7591 §3).
        case token
        /// A software statement that the registrar signed (RFC 7591 §2.3).
        case statement
        /// Nothing: development only.
        case anybody
    }

    /// Whose software statements count.
    package struct Registrar: Sendable {
        /// Byte for byte what stands in `iss`.
        package let issuer: String
        package let keys: JWKSet

        package init(issuer: String, keys: JWKSet) {
            self.issuer = issuer
            self.keys = keys
        }
    }

    /// Empty: the clients that are there stay, and nobody comes.
    package let ways: Set<Way>
    package let registrar: Registrar?
    /// For whoever shows nothing.
    package let open: RegistrationTerms?
    package let bounds: RegistrationBounds
    /// Seconds that a client's secret is good for.
    package let secretLifetime: Int64
    /// Seconds without use after which a registration is swept.
    package let unusedLifetime: Int64
    /// Seconds after which a fetched key set is fetched anew.
    package let keysLifetime: Int64
    /// The trust profile for certificates of `tls_client_auth` clients; nil when there is none to believe them by.
    package let certificateProfile: String?
    /// Plain http on this machine may be registered and fetched.
    package let isDevelopment: Bool
    /// Documents of clients are fetched from every public host.
    package let fetchesFromAnyHost: Bool

    package init(
        ways: Set<Way>, registrar: Registrar? = nil, open: RegistrationTerms? = nil, bounds: RegistrationBounds = .init(),
        secretLifetime: Int64 = 180 * 86_400, unusedLifetime: Int64 = 90 * 86_400, keysLifetime: Int64 = 86_400,
        certificateProfile: String? = nil, isDevelopment: Bool = false, fetchesFromAnyHost: Bool = false
    ) {
        self.ways = ways
        self.registrar = registrar
        self.open = open
        self.bounds = bounds
        self.secretLifetime = secretLifetime
        self.unusedLifetime = unusedLifetime
        self.keysLifetime = keysLifetime
        self.certificateProfile = certificateProfile
        self.isDevelopment = isDevelopment
        self.fetchesFromAnyHost = fetchesFromAnyHost
    }
}

/// How many registrations a deployment keeps, and takes.
package struct RegistrationBounds: Hashable, Sendable {
    package let most: Int
    package let mostOfSponsor: Int
    /// New ones of one sponsor in any hour.
    package let perHour: Int

    package init(most: Int = 1_000, mostOfSponsor: Int = 100, perHour: Int = 60) {
        self.most = most
        self.mostOfSponsor = mostOfSponsor
        self.perHour = perHour
    }
}
