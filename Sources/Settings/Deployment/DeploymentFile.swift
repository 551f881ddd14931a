import SAML
import Signals
import TrustFramework
import Vocabulary

/// `sekisho.yaml`: what the deployment is, apart from its members, keys and rules.
struct DeploymentFile {
    static let name = "sekisho.yaml"

    let mode: Mode
    let base: BaseAddress
    let listen: Endpoint
    let store: Configuration.Store
    let sessionIdle: Int64
    let sessionAbsolute: Int64
    let transactionLifetime: Int64
    let challengeLifetime: Int64
    let saml: SAMLPart
    let openID: OpenIDPart
    let card: CardPart
    let outbound: Configuration.Outbound
    let members: MembersPart
    /// How many officers have to sign a policy bundle before it may decide; 0: the files in `Policies/` suffice.
    let policySignatures: Int
    let circumstances: Circumstances
    let purposes: PurposesPart
    let care: CarePart
    let metering: MeteringPart
    let links: LinksSection
    let signals: SignalRules
    /// An identity provider for developers, which answers wrongly on purpose, beside the platform.
    let sandbox: Bool
    /// Lines of keys that later checks speak of.
    let lines: [String: Int]

    struct SAMLPart {
        let entityID: MemberID
        let skew: Int64
        let requireSignedRequests: Bool
        let sign: ResponseSigning
        let details: PublishedDetails
        let lifetimes: SAMLLifetimes
    }

    /// An environment may change where the same folder runs, never what it believes.
    static func read(_ text: String, environment: [String: String], to findings: Findings) -> DeploymentFile? {
        guard let whole = Section(reading: text, file: name, to: findings) else { return nil }
        let mode = whole.choice("mode", Mode.self, required: true)
        let isDevelopment = mode == .development
        let written = whole.origin("base-url", required: environment["SEKISHO_BASE_URL"] == nil)
        let base = variable("SEKISHO_BASE_URL", environment, findings) { BaseAddress($0).flatMap { $0.hasPath ? nil : $0 } } ?? written
        var listen = whole.endpoint("listen", host: "127.0.0.1", port: 8080)
        listen = Endpoint(
            host: environment["SEKISHO_LISTEN_HOST"] ?? listen.host,
            port: port("SEKISHO_LISTEN_PORT", environment, findings) ?? listen.port)
        let store = store(whole.section("store"), environment)
        let sessions = whole.section("sessions")
        let idle = sessions?.duration("idle", in: 60...86_400) ?? 1800
        let absolute = sessions?.duration("absolute", in: 60...7 * 86_400) ?? 28_800
        if let sessions, absolute < idle {
            sessions.report(
                "sessions.order", at: sessions.line(of: "absolute"), "a session may stay idle longer than it may last",
                "make `absolute` at least as long as `idle`")
        }
        sessions?.finish()
        let journey = whole.section("journey")
        let transaction = journey?.duration("transaction", in: 60...3600) ?? 900
        let challenge = journey?.duration("challenge", in: 10...600) ?? 180
        journey?.finish()
        let saml = saml(whole.section("saml"), base)
        let openID = OpenIDPart.read(
            whole.section("openid"), base: base, mutualTLSPort: port("SEKISHO_MUTUAL_TLS_LISTEN_PORT", environment, findings))
        let card = CardPart.read(
            whole.section("card"), isDevelopment: isDevelopment, whole, port: port("SEKISHO_CARD_LISTEN_PORT", environment, findings))
        let links = LinksSection.read(whole.section("links"))
        let outbound = outbound(whole.section("outbound"), card, links, isDevelopment)
        let members = MembersPart.read(whole.section("members"))
        let policy = whole.section("policy")
        let policySignatures = policy?.integer("signatures", in: 0...16, default: 0) ?? 0
        policy?.finish()
        let around = whole.section("circumstances")
        let circumstances = Circumstances(load: around?.choice("load", LoadState.self) ?? .normal)
        around?.finish()
        let purposes = PurposesPart.read(whole.section("purposes"))
        let care = CarePart.read(whole.section("care"))
        let metering = MeteringPart.read(whole.section("metering"))
        let sandbox = whole.flag("sandbox", default: false)
        let signals = SignalsPart.read(whole.section("signals"))
        whole.finish()
        guard let mode, let base, let saml, let card else { return nil }
        var lines = card.lines
        for key in ["mode", "base-url", "store", "outbound", "sandbox", "links"] { lines[key] = whole.line(of: key) }
        return DeploymentFile(
            mode: mode, base: base, listen: listen, store: store, sessionIdle: idle, sessionAbsolute: absolute,
            transactionLifetime: transaction, challengeLifetime: challenge, saml: saml, openID: openID, card: card, outbound: outbound,
            members: members,
            policySignatures: policySignatures, circumstances: circumstances, purposes: purposes, care: care, metering: metering,
            links: links, signals: signals,
            sandbox: sandbox, lines: lines)
    }

    private static func port(_ name: String, _ environment: [String: String], _ findings: Findings) -> Int? {
        variable(name, environment, findings) { Int($0).flatMap { (0...65_535).contains($0) ? $0 : nil } }
    }

    private static func variable<Value>(
        _ name: String, _ environment: [String: String], _ findings: Findings, _ read: (String) -> Value?
    ) -> Value? {
        guard let text = environment[name] else { return nil }
        if let value = read(text) { return value }
        findings.report(
            Problem(
                file: "environment", code: "environment.value", message: "\(name) is `" + Explanation.redacted(text) + "`",
                remedy: "correct it, or unset it"))
        return nil
    }

    private static func store(_ section: Section?, _ environment: [String: String]) -> Configuration.Store {
        let path = section?.text("path")
        let synchronous = section?.choice("synchronous", Configuration.Store.Synchronous.self) ?? .full
        let isShared = section?.flag("shared", default: false) ?? false
        section?.finish()
        return Configuration.Store(
            path: environment["SEKISHO_STORE_PATH"] ?? path ?? "State/sekisho.sqlite", synchronous: synchronous, isShared: isShared)
    }

    private static func saml(_ section: Section?, _ base: BaseAddress?) -> SAMLPart? {
        let text = section?.text("entity-id")
        let skew = section?.duration("skew", in: 0...300) ?? 180
        let signed = section?.flag("require-signed-requests", default: false) ?? false
        let sign = section?.choice("sign", ResponseSigning.self) ?? .both
        let own = OwnMetadataSection.read(section?.section("metadata"), of: section, base: base)
        section?.finish()
        guard let name = text ?? base.map({ $0.text + "/saml/metadata" }), let entityID = MemberID(name) else { return nil }
        return SAMLPart(
            entityID: entityID, skew: skew, requireSignedRequests: signed, sign: sign, details: own.details, lifetimes: own.lifetimes)
    }

    private static func outbound(_ section: Section?, _ card: CardPart?, _ links: LinksSection, _ isDevelopment: Bool)
        -> Configuration.Outbound
    {
        let hosts = section?.texts("hosts", limit: 255)
        for (host, line) in hosts ?? [] where host.lowercased() != host || host.contains("/") {
            section?.report(
                "outbound.host", at: line, "`" + Explanation.redacted(host) + "` is no host", "write `host` or `host:port` in lower case")
        }
        let privateAddresses = section?.flag("private-addresses", default: isDevelopment) ?? isDevelopment
        section?.finish()
        // What the revocation settings name may be asked without being named twice.
        let named = (card.map { $0.revocation.hosts } ?? []).union(links.hosts)
        return Configuration.Outbound(
            hosts: hosts.map { Set($0.map(\.text)).union(named) } ?? (isDevelopment ? nil : named), allowsPrivateAddresses: privateAddresses
        )
    }
}
