import OpenID
import Vocabulary

/// The `openid:` part of sekisho.yaml: what the deployment decides for all relying parties.
struct OpenIDPart {
    let code: Int64
    let accessToken: Int64
    let idToken: Int64
    let skew: Int64
    let scopes: Set<String>
    let refreshTokens: Bool
    /// Seconds in which an exchanged refresh token gives the same successor again; 0: not at all.
    let refreshGrace: Int64
    /// Seconds in which a pushed request has to be brought by a browser.
    let pushedLifetime: Int64
    let dpopNonces: DPoPNonces.Mode
    let mutualTLS: MutualTLSPart?
    /// Nil: nobody registers here.
    let registration: RegistrationPart?

    /// What it reads in `Keys/`.
    var files: Set<String> { (mutualTLS?.files ?? []).union(registration?.files ?? []) }

    static func read(_ section: Section?, base: BaseAddress?, mutualTLSPort: Int? = nil) -> OpenIDPart {
        defer { section?.finish() }
        let scopes = section?.texts("scopes", limit: 128)?.map(\.text) ?? []
        return OpenIDPart(
            code: section?.duration("code", in: 1...60) ?? 60, accessToken: section?.duration("access-token", in: 1...3600) ?? 600,
            idToken: section?.duration("id-token", in: 1...3600) ?? 600, skew: section?.duration("skew", in: 0...60) ?? 10,
            scopes: Set(scopes).union(["openid"]), refreshTokens: section?.flag("refresh-tokens", default: false) ?? false,
            refreshGrace: section?.duration("refresh-grace", in: 0...120) ?? 30,
            pushedLifetime: section?.duration("pushed-lifetime", in: 5...90) ?? 60,
            dpopNonces: section?.choice("dpop-nonces", DPoPNonces.Mode.self) ?? .offered,
            mutualTLS: section?.section("mutual-tls").flatMap { MutualTLSPart.read($0, base: base, port: mutualTLSPort) },
            registration: section?.section("registration").map(RegistrationPart.read))
    }
}

/// `openid: mutual-tls:`: where clients show a certificate, and how it reaches us.
struct MutualTLSPart {
    static let certificate = "mutual-tls.crt.pem"
    static let key = "mutual-tls.key.pem"

    let base: BaseAddress
    /// A listener of our own, with its files in `Keys/`; nil when only a proxy asks for certificates.
    let listen: Endpoint?
    let certificateFile: String
    let keyFile: String
    let forwarded: ForwardedCertificate?
    /// The trust profile for clients whose members name none.
    let profile: String?
    let line: Int
    let profileLine: Int

    /// What it reads in `Keys/`.
    var files: Set<String> { listen == nil ? [] : [certificateFile, keyFile] }

    static func read(_ section: Section, base issuer: BaseAddress?, port: Int? = nil) -> MutualTLSPart? {
        let base = section.origin("base-url", required: true)
        let listen = section.has("listen") ? section.endpoint("listen", host: "127.0.0.1", port: 8444) : nil
        let certificate = name("certificate", certificate, section)
        let key = name("key", key, section)
        let forwarded = section.section("forwarded-certificate").flatMap(ForwardedCertificate.read)
        let profile = section.text("certificate-profile", limit: 64)
        section.finish()
        if let base, !base.isSecure {
            section.report("openid.mutual-tls.base-url", at: section.line(of: "base-url"), "this origin is not https", "write https://")
        }
        if listen == nil, !section.has("forwarded-certificate") {
            section.report(
                "openid.mutual-tls.where", at: nil, "nobody asks clients for a certificate",
                "write `listen` for a listener of our own, or `forwarded-certificate` for a proxy that asks")
        }
        if listen != nil, let base, base == issuer {
            section.report(
                "openid.mutual-tls.base-url", at: section.line(of: "base-url"),
                "a listener of its own cannot have the address of the main one",
                "give it a name or a port of its own: browsers would be asked for a certificate at every login")
        }
        guard let base else { return nil }
        return MutualTLSPart(
            base: base, listen: listen.map { Endpoint(host: $0.host, port: port ?? $0.port) }, certificateFile: certificate, keyFile: key,
            forwarded: forwarded, profile: profile,
            line: section.line, profileLine: section.line(of: "certificate-profile"))
    }

    /// A file in `Keys/`.
    private static func name(_ key: String, _ standard: String, _ section: Section) -> String {
        guard let text = section.text(key, limit: 255) else { return standard }
        return companionName(text, key, section) ?? standard
    }
}
