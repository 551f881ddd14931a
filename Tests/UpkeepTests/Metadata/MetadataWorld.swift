import Cryptography
import Foundation
import Outbound
import SAML
import Settings
import Synchronization
import Testing
import TrustFramework
import Upkeep
import Vocabulary
import XML
import XMLSecurity

/// A federation's registrar of the tests: signs whatever metadata it is asked to, right or wrong.
struct Registrar: Sendable {
    static let shared = Registrar()
    static let other = Registrar()

    let key: PrivateKey
    let pem: [UInt8]

    private init() {
        // INVARIANT: a key of this kind can always be made; a machine where it cannot runs no test at all.
        guard let key = try? PrivateKey.generate(.ec(.p256)) else { fatalError("no key") }
        self.key = key
        pem = Array(
            ("-----BEGIN PUBLIC KEY-----\n" + Base64.encode(key.publicKey.spki) + "\n-----END PUBLIC KEY-----\n").utf8)
    }

    static let metadata = "urn:oasis:names:tc:SAML:2.0:metadata"
    static let post = "urn:oasis:names:tc:SAML:2.0:bindings:HTTP-POST"
    static let saml2 = "urn:oasis:names:tc:SAML:2.0:protocol"

    /// What a test says of one entity.
    struct Entity {
        var id: String
        var acs: String? = "https://sp.example/acs"
        var keys: [PublicKey] = []
        var signed = false
        var name: String?
        var authority: String?
        var categories: [String] = []
        var isIdentityProvider = false
        var validUntil: Timestamp?
        var cacheDuration: String?

        init(_ id: String) { self.id = id }
    }

    static func tag(_ entity: Entity, signing: Bool = false) -> XMLTag {
        func md(_ local: String, _ attributes: [(String, String)] = [], _ children: [XMLNode] = []) -> XMLTag {
            XMLTag("md", metadata, local, attributes: attributes, children: children)
        }
        func ds(_ local: String, _ children: [XMLNode]) -> XMLTag {
            XMLTag("ds", "http://www.w3.org/2000/09/xmldsig#", local, children: children)
        }
        let extensions = Self.extensions(entity.authority, entity.categories)
        var role: [XMLNode] = []
        if let name = entity.name {
            let display = XMLTag(
                "mdui", "urn:oasis:names:tc:SAML:metadata:ui", "DisplayName", attributes: [("xml:lang", "en")], children: [.text(name)])
            role.append(
                .element(
                    md(
                        "Extensions", [],
                        [.element(XMLTag("mdui", "urn:oasis:names:tc:SAML:metadata:ui", "UIInfo", children: [.element(display)]))])))
        }
        role += entity.keys.map { key in
            let value: XMLNode
            if let point = key.ecPoint {
                let curve = XMLTag(
                    "e", "http://www.w3.org/2009/xmldsig11#", "NamedCurve", attributes: [("URI", "urn:oid:1.2.840.10045.3.1.7")])
                let bytes = XMLTag("e", "http://www.w3.org/2009/xmldsig11#", "PublicKey", text: Base64.encode([4] + point.x + point.y))
                value = .element(
                    XMLTag(
                        "e", "http://www.w3.org/2009/xmldsig11#", "ECKeyValue", children: [.element(curve), .element(bytes)]))
            } else {
                value = .text("no key of the tests")
            }
            return .element(
                md("KeyDescriptor", [("use", "signing")], [.element(ds("KeyInfo", [.element(ds("KeyValue", [value]))]))]))
        }
        if let acs = entity.acs {
            role.append(
                .element(md("AssertionConsumerService", [("Binding", post), ("Location", acs), ("index", "0")])))
        }
        var attributes = [("entityID", entity.id)]
        if let until = entity.validUntil { attributes.append(("validUntil", until.text)) }
        if let duration = entity.cacheDuration { attributes.append(("cacheDuration", duration)) }
        if signing { attributes.append(("ID", "_e")) }
        var children: [XMLNode] = extensions.isEmpty ? [] : [.element(md("Extensions", [], extensions))]
        children.append(
            .element(
                md(
                    entity.isIdentityProvider ? "IDPSSODescriptor" : "SPSSODescriptor",
                    [("protocolSupportEnumeration", saml2)] + (entity.signed ? [("AuthnRequestsSigned", "true")] : []), role)))
        return md("EntityDescriptor", attributes, children)
    }

    /// Of an entity, or of a group.
    private static func extensions(_ authority: String?, _ categories: [String]) -> [XMLNode] {
        var extensions: [XMLNode] = []
        if let authority {
            extensions.append(
                .element(
                    XMLTag(
                        "mdrpi", "urn:oasis:names:tc:SAML:metadata:rpi", "RegistrationInfo",
                        attributes: [("registrationAuthority", authority)])))
        }
        if !categories.isEmpty {
            let attribute = XMLTag(
                "saml", "urn:oasis:names:tc:SAML:2.0:assertion", "Attribute",
                attributes: [
                    ("Name", "http://macedir.org/entity-category"), ("NameFormat", "urn:oasis:names:tc:SAML:2.0:attrname-format:uri"),
                ],
                children: categories.map {
                    .element(XMLTag("saml", "urn:oasis:names:tc:SAML:2.0:assertion", "AttributeValue", text: $0))
                })
            extensions.append(
                .element(
                    XMLTag(
                        "mdattr", "urn:oasis:names:tc:SAML:metadata:attribute", "EntityAttributes", children: [.element(attribute)])))
        }
        return extensions
    }

    /// A signed aggregate. `authority` and `categories` are what it says of all its entities.
    func aggregate(
        _ entities: [Entity], validUntil: Timestamp? = ListWorld.start.adding(seconds: 7 * 86_400), cache: String? = nil,
        published: Timestamp? = nil, authority: String? = nil, categories: [String] = [], signer: PrivateKey? = nil
    ) throws -> [UInt8] {
        var attributes = [("ID", "_a"), ("Name", "https://federation.example")]
        if let validUntil { attributes.append(("validUntil", validUntil.text)) }
        if let cache { attributes.append(("cacheDuration", cache)) }
        var children = entities.map { XMLNode.element(Self.tag($0)) }
        var extensions = Self.extensions(authority, categories)
        if let published {
            let information = XMLTag(
                "mdrpi", "urn:oasis:names:tc:SAML:metadata:rpi", "PublicationInfo",
                attributes: [("publisher", "https://federation.example"), ("creationInstant", published.text)])
            extensions.append(.element(information))
        }
        if !extensions.isEmpty { children.insert(.element(XMLTag("md", Self.metadata, "Extensions", children: extensions)), at: 0) }
        let root = XMLTag("md", Self.metadata, "EntitiesDescriptor", attributes: attributes, children: children)
        return try EnvelopedSignature.sign(root, key: signer ?? key, algorithm: .ecdsa(.sha256)).canonicalBytes()
    }

    /// One signed entity, as a query answers.
    func single(_ entity: Entity, signer: PrivateKey? = nil) throws -> [UInt8] {
        try EnvelopedSignature.sign(Self.tag(entity, signing: true), key: signer ?? key, algorithm: .ecdsa(.sha256)).canonicalBytes()
    }

    static func entity(_ number: Int) -> Entity {
        var entity = Entity("https://sp\(number).example/metadata")
        entity.acs = "https://sp\(number).example/acs"
        entity.name = "Service \(number)"
        return entity
    }
}

/// What a keeper of sources stands in: a folder, a clock, settings that may change.
final class MetadataWorld: Sendable {
    let folder: String
    private let clock = Mutex(ListWorld.start)
    private let texts: Mutex<[String: String]>
    private let limit: Int

    init(_ texts: [String: String], folder: String? = nil, limit: Int = 1 << 20) {
        self.folder = folder ?? ListWorld.path()
        self.texts = Mutex(texts)
        self.limit = limit
    }

    static let terms = """
        terms:
          kind: private-verifier
          accreditation: {state: accredited, not-before: 2026-04-01, not-after: 2031-03-31, purposes: [login]}
        """

    /// A source that is fetched from `address`.
    static func url(_ address: String, _ more: String = "") -> String {
        "kind: url\nlocation: \(address)\nsigned-by: registrar.pem\n\(more)\n\(terms)"
    }

    static func query(_ address: String, _ more: String = "") -> String {
        "kind: mdq\nlocation: \(address)\nsigned-by: registrar.pem\n\(more)\n\(terms)"
    }

    static func source(_ name: String, _ text: String) throws -> MetadataSource {
        try Settings.source(
            reading: text, named: name, beside: { $0 == "registrar.pem" ? Registrar.shared.pem : Registrar.other.pem }, development: true)
    }

    var now: Timestamp { clock.withLock { $0 } }
    func pass(seconds: Int64) { clock.withLock { $0 = $0.adding(seconds: seconds) } }
    func change(_ name: String, _ text: String?) { texts.withLock { $0[name] = text } }
    var disk: DiskFolder { DiskFolder(folder) }
    var reading: MetadataDisk { MetadataDisk(disk) }

    var sources: [MetadataSource] {
        texts.withLock { $0 }.compactMap { name, text in
            do { return try Self.source(name, text) } catch {
                Issue.record("\(name): \(error)")
                return nil
            }
        }
    }

    /// A keeper as a process has it after its start.
    func keeper(chair: FolderChair? = nil) -> SourceKeeper {
        let sources = Mutex<(String, [MetadataSource])>(("", []))
        let limit = limit
        return SourceKeeper(
            folder: disk,
            plan: {
                let state = self.texts.withLock { "\($0.sorted { $0.key < $1.key })" }
                let known = sources.withLock { $0.0 == state ? $0.1 : nil }
                let all = known ?? self.sources
                sources.withLock { $0 = (state, all) }
                return MetadataPlan(sources: all) { source in
                    // Long, unless a slow server is meant: a busy machine must not turn an answer into a slow one.
                    let isSlowMeant = source.kind == .mdq && source.query.timeout == 1
                    return Outbound(
                        rules: OutboundRules(
                            hosts: ["127.0.0.1"], allowsPrivateAddresses: true, allowsPlainHTTP: true, limit: min(source.largest, limit),
                            seconds: isSlowMeant ? 1 : 60, redirects: 3))
                }
            }, clock: { self.now }, random: Counting(), chair: chair, logger: ListWorld.silent)
    }
}

extension SourceKeeper {
    var gauge: SourceGauge? { gauges().first }

    func provider(_ id: String) -> ServiceProvider? { Federation().following(members).serviceProvider(id) }
    func member(_ id: String) -> Member? { MemberID(id).flatMap { Federation().following(members).member($0) } }
}
