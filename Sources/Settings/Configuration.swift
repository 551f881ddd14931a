package import Credentials
package import OpenID
package import SAML
package import SignOn
package import Signals
package import Trust
package import TrustFramework

/// What a deployment is for. Development believes simulated cards and sample keys; production refuses each of them.
package enum Mode: String, Sendable, CaseIterable {
    case development, production
}

/// Where a listener stands.
package struct Endpoint: Hashable, Sendable {
    package let host: String
    /// 0 lets the system choose.
    package let port: Int

    package init(host: String, port: Int) {
        self.host = host
        self.port = port
    }
}

/// A deployment folder that was read and found right: everything a request needs to know, immutable.
/// A class, because every request takes it up several times: one reference is cheaper than a copy of all that is in it.
package final class Configuration: Sendable {
    /// The folder itself, without a slash at its end.
    package let folder: String
    package let mode: Mode
    /// The public origin, without a slash at its end. Never taken from a request (checklist H11).
    package let baseURL: String
    package let isSecure: Bool
    package let listen: Endpoint
    package let tlsDoor: TLSDoor?
    package let store: Store
    /// Whether these settings were read with the secret beside the store, or before there was one.
    package let hasSecret: Bool
    package let sessions: SessionRules
    /// Seconds a paused request waits for the citizen.
    package let transactionLifetime: Int64
    /// Seconds a card challenge may be answered in.
    package let challengeLifetime: Int64
    package let identityProvider: IdentityProvider
    package let openIDProvider: Provider
    /// Where clients show a certificate; nil when nowhere.
    package let mutualTLS: MutualTLSDoor?
    package let policy: Policy
    /// Where it comes from, who stands behind it, and what stands beside it.
    package let policies: PolicyState
    package let federation: Federation
    package let cards: Cards
    /// Whose certificates are believed for what, by name: `Keys/profiles/`.
    package let profiles: TrustProfiles
    package let outbound: Outbound
    /// Whether developers have a sandbox beside the platform; never in production.
    package let hasSandbox: Bool
    /// How members' files change, and what an application has to bring.
    package let members: MembersPart
    /// What citizens read in place of a purpose's code.
    package let purposes: PurposesPart
    /// Where a citizen who lost card or phone turns to.
    package let care: CarePart
    /// What a check costs, for the bills (R24).
    package let metering: MeteringPart
    /// What becomes of certificates that nobody is known by, and of customers' numbers.
    package let links: LinksPart
    /// What the deployment decides for security events.
    package let signals: SignalRules
    /// Our own keys as the folder has them, and with all that is known about each.
    package let keyPlan: KeyPlan
    package let keys: [HeldKey]
    /// Worth an operator's eye, and no reason to stay down; sorted.
    package let notices: [Problem]

    package init(
        folder: String,
        mode: Mode,
        baseURL: String,
        isSecure: Bool,
        listen: Endpoint,
        tlsDoor: TLSDoor?,
        store: Store,
        hasSecret: Bool,
        sessions: SessionRules,
        transactionLifetime: Int64,
        challengeLifetime: Int64,
        identityProvider: IdentityProvider,
        openIDProvider: Provider,
        mutualTLS: MutualTLSDoor?,
        policy: Policy,
        federation: Federation,
        cards: Cards,
        profiles: TrustProfiles,
        outbound: Outbound,
        hasSandbox: Bool = false,
        members: MembersPart = MembersPart(),
        purposes: PurposesPart = PurposesPart(),
        care: CarePart = CarePart(),
        metering: MeteringPart = MeteringPart(),
        links: LinksPart = LinksPart(),
        signals: SignalRules = SignalRules(),
        keyPlan: KeyPlan,
        keys: [HeldKey],
        policies: PolicyState,
        notices: [Problem]
    ) {
        self.folder = folder
        self.mode = mode
        self.baseURL = baseURL
        self.isSecure = isSecure
        self.listen = listen
        self.tlsDoor = tlsDoor
        self.store = store
        self.hasSecret = hasSecret
        self.sessions = sessions
        self.transactionLifetime = transactionLifetime
        self.challengeLifetime = challengeLifetime
        self.identityProvider = identityProvider
        self.openIDProvider = openIDProvider
        self.mutualTLS = mutualTLS
        self.policy = policy
        self.policies = policies
        self.federation = federation
        self.cards = cards
        self.profiles = profiles
        self.outbound = outbound
        self.hasSandbox = hasSandbox
        self.members = members
        self.purposes = purposes
        self.care = care
        self.metering = metering
        self.links = links
        self.signals = signals
        self.keyPlan = keyPlan
        self.keys = keys
        self.notices = notices
    }

    /// Whose signatures make changes count: `Keys/officers`.
    package var officers: Officers { policies.officers }

    /// The same deployment answering others.
    package func answering(_ federation: Federation) -> Configuration { with(federation, policies) }

    /// The same deployment with these officers.
    package func with(officers: Officers) -> Configuration { with(federation, policies.with(officers: officers)) }

    private func with(_ federation: Federation, _ policies: PolicyState) -> Configuration {
        Configuration(
            folder: folder,
            mode: mode,
            baseURL: baseURL,
            isSecure: isSecure,
            listen: listen,
            tlsDoor: tlsDoor,
            store: store,
            hasSecret: hasSecret,
            sessions: sessions,
            transactionLifetime: transactionLifetime,
            challengeLifetime: challengeLifetime,
            identityProvider: identityProvider,
            openIDProvider: openIDProvider,
            mutualTLS: mutualTLS,
            policy: policy,
            federation: federation,
            cards: cards,
            profiles: profiles,
            outbound: outbound,
            hasSandbox: hasSandbox,
            members: members,
            purposes: purposes,
            care: care,
            metering: metering,
            links: links,
            signals: signals,
            keyPlan: keyPlan,
            keys: keys,
            policies: policies,
            notices: notices)
    }
}

extension Configuration {
    /// The listener that asks browsers for the card's certificate.
    package struct TLSDoor: Hashable, Sendable {
        /// Its public origin: `https://card.example.jp`.
        package let origin: String
        package let listen: Endpoint
        /// PEM files: the server's own certificate with its chain, and its key.
        package let certificateFile: String
        package let keyFile: String
    }

    /// How clients show a certificate: to a listener of our own, or to a proxy that passes it on.
    package struct MutualTLSDoor: Hashable, Sendable {
        /// Its public origin.
        package let origin: String
        /// Nil when only a proxy asks.
        package let listen: Endpoint?
        /// PEM files: the server's own certificate with its chain, and its key.
        package let certificateFile: String
        package let keyFile: String
        package let forwarded: ForwardedCertificate?
    }

    package struct Store: Hashable, Sendable {
        package enum Synchronous: String, Sendable, CaseIterable {
            /// Every commit survives a power failure.
            case full
            /// Every commit survives the end of the process; a power failure may take the last ones.
            case normal
        }

        package let path: String
        package let synchronous: Synchronous
        /// Several processes on this machine answer citizens from it.
        package let isShared: Bool
    }

    /// What the platform may ask of others.
    package struct Outbound: Hashable, Sendable {
        /// Nil allows every host (development). Names are `host` or `host:port`, lower case.
        package let hosts: Set<String>?
        package let allowsPrivateAddresses: Bool
    }

    /// What it takes to believe a card.
    package struct Cards: Sendable {
        package let profile: CardProfile
        package let anchors: TrustStore
        /// The same anchors, to list.
        package let anchorList: [TrustAnchor]
        package let allowSimulated: Bool
        /// Rules of the TLS door; used only when there is one.
        package let tlsRules: DoorRules
        package let challengeRules: DoorRules
        /// The login page offers the challenge door to an app on another device.
        package let pairsDevices: Bool
        package let pairing: PairingSeal
        package let terminals: TerminalRegistry
        package let revocation: Revocation
        package let identity: Identity
    }

    /// What it takes to believe a signature certificate, and how long what it said is kept.
    package struct Identity: Sendable {
        package let profile: SignatureProfile
        package let rules: IdentityRules
        /// Seconds.
        package let lifetime: Int64
    }

    /// Where the word about revocation comes from. How old it may be is in the doors' rules.
    package struct Revocation: Hashable, Sendable {
        package enum List: Hashable, Sendable {
            /// An absolute path.
            case file(String)
            case url(String)
        }

        package enum Order: String, Sendable, CaseIterable {
            /// The published lists; on-line only when they do not know.
            case listFirst = "list-first"
            /// On-line; the lists when no answer comes.
            case onlineFirst = "ocsp-first"
        }

        package struct OnLine: Hashable, Sendable {
            /// Asked instead of the address in the certificate.
            package let url: String?
            /// Asked when the first gave no answer that could be believed.
            package let fallback: String?
            /// Seconds a login waits for an answer.
            package let timeout: Int64
            /// Names the issuer in the first request; the other digest is tried when the responder does not know it.
            package let digest: Digest
            package let nonce: Nonce
            /// How `url`, or the address in the certificate, is asked.
            package let method: Method
            package let fallbackMethod: Method
        }

        package enum Method: String, Sendable, CaseIterable {
            case post
            /// Without a nonce, so that caches on the way may answer (RFC 5019 §5).
            case get
        }

        package enum Nonce: String, Sendable, CaseIterable {
            case off
            /// Sent, and compared when one comes back.
            case sent
            /// An answer without it is none.
            case required
        }

        /// The digests of a CertID (RFC 6960 §4.1.1). SHA-1 names a key here and protects nothing.
        package enum Digest: String, Sendable, CaseIterable {
            case sha1, sha256
        }

        /// What a new list may not be, beside the one it replaces.
        package struct ListRules: Hashable, Sendable {
            /// A new list with fewer entries than this share of the old one, in percent, is refused and alarmed; 0 never refuses.
            package let smallestShare: Int
            /// Bytes; more are not read.
            package let largest: Int
        }

        package let lists: [List]
        /// Seconds between two looks at the lists.
        package let refresh: Int64
        package let ages: StatusAges
        /// Nil: on-line status is never asked.
        package let onLine: OnLine?
        package let order: Order

        /// Hosts of the addresses above, as `host:port`.
        let hosts: Set<String>
        /// By how much clocks of authorities and responders may differ from ours, in seconds.
        package let skew: Int64
        package let listRules: ListRules
    }
}
