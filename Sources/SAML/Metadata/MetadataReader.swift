import Cryptography
import Vocabulary
import XML

extension ServiceProvider {
    /// Reads a member's metadata: an `EntityDescriptor` with an `SPSSODescriptor` for SAML 2.0, or an `EntitiesDescriptor` small enough.
    ///
    /// The file is trusted because an operator put it there; its XML signature, if any, is not looked at. `development` lets `http`
    /// addresses pass. Refuses with every problem it found; a document with one bad member gives none.
    package static func read(
        metadata xml: [UInt8], development: Bool = false, limits: MetadataLimits = .standard
    ) throws(MetadataRefusal) -> [ServiceProvider] {
        guard xml.count <= limits.bytes else {
            throw MetadataRefusal(problems: [
                .metadata("size", "the document is too large", [.init("bytes", String(xml.count)), .init("limit", String(limits.bytes))])
            ])
        }
        let document: XMLDocument
        do {
            document = try XMLDocument(
                parsing: xml,
                limits: XMLLimits(
                    bytes: limits.bytes, depth: 40, elements: 100_000, attributesPerElement: 64, namespacesInScope: 128, textBytes: 262_144)
            )
        } catch {
            throw MetadataRefusal(problems: [.metadata("xml", "the document cannot be read", [.init("reason", "\(error)")])])
        }
        var reader = MetadataReader(development: development, limits: limits)
        reader.read(document.root, validUntil: nil, depth: 0)
        if reader.problems.isEmpty, reader.members.isEmpty {
            reader.problems.append(.metadata("role", "no EntityDescriptor with an SPSSODescriptor for SAML 2.0 is in the document"))
        }
        guard reader.problems.isEmpty else { throw MetadataRefusal(problems: reader.problems) }
        return reader.members
    }
}

private struct MetadataReader {
    let development: Bool
    let limits: MetadataLimits
    var members: [ServiceProvider] = []
    var problems: [Explanation] = []
    private var seen: Set<String> = []

    init(development: Bool, limits: MetadataLimits) {
        self.development = development
        self.limits = limits
    }

    mutating func read(_ element: XMLElement, validUntil outer: Timestamp?, depth: Int) {
        let validUntil = earliest(outer, element, in: nil)
        if element.isNamed(.metadata("EntityDescriptor")) { return entity(element, validUntil) }
        guard element.isNamed(.metadata("EntitiesDescriptor")), depth < 8 else {
            problems.append(.metadata("root", "the root is no EntityDescriptor", [.init("element", element.name.local)]))
            return
        }
        for child in element.children
        where child.isNamed(.metadata("EntityDescriptor")) || child.isNamed(.metadata("EntitiesDescriptor")) {
            guard seen.count < limits.entities else {
                problems.append(.metadata("size", "the document has too many entities", [.init("limit", String(limits.entities))]))
                return
            }
            read(child, validUntil: validUntil, depth: depth + 1)
        }
    }

    private mutating func entity(_ element: XMLElement, _ outer: Timestamp?) {
        let name = element.attribute("entityID") ?? ""
        guard let entityID = MemberID(name) else {
            return problem("entity-id", "an entityID is missing or not 1 to 1024 octets long", name, [])
        }
        guard seen.insert(name).inserted else { return problem("entity-id", "an entityID comes twice", name, []) }
        let roles = element.children(.metadata("SPSSODescriptor")).filter {
            ($0.attribute("protocolSupportEnumeration") ?? "").split(whereSeparator: \.isWhitespace).contains { $0 == Namespace.protocol }
        }
        // An identity provider among the entities of an aggregate is none of our members.
        guard let role = roles.first else { return }
        guard roles.count == 1 else { return problem("role", "the entity has two SPSSODescriptors for SAML 2.0", name, []) }
        let consumers = self.consumers(role, name)
        let keys = signingKeys(role, name)
        let authnRequestsSigned = boolean(role, "AuthnRequestsSigned", name) ?? false
        let wantAssertionsSigned = boolean(role, "WantAssertionsSigned", name) ?? false
        if authnRequestsSigned, keys.isEmpty {
            problem("key", "AuthnRequestsSigned is true but there is no key for signing", name, [])
        }
        members.append(
            ServiceProvider(
                entityID: entityID, consumers: consumers, signingKeys: keys, authnRequestsSigned: authnRequestsSigned,
                wantAssertionsSigned: wantAssertionsSigned,
                nameIDFormats: role.children(.metadata("NameIDFormat")).prefix(32).map { Lexical.trimmed($0.text) },
                attributeServices: Set(
                    role.children(.metadata("AttributeConsumingService")).prefix(limits.endpoints).compactMap {
                        $0.attribute("index").flatMap { UInt16($0) }.map(Int.init)
                    }),
                validUntil: earliest(outer, role, in: name), development: development))
    }

    private mutating func consumers(_ role: XMLElement, _ name: String) -> [AssertionConsumer] {
        let elements = role.children(.metadata("AssertionConsumerService"))
        guard elements.count <= limits.endpoints else {
            problem("endpoint", "there are too many AssertionConsumerServices", name, [.init("limit", String(limits.endpoints))])
            return []
        }
        var indices: Set<Int> = []
        var consumers: [AssertionConsumer] = []
        for element in elements {
            let location = Lexical.trimmed(element.attribute("Location") ?? "")
            guard let index = element.attribute("index").flatMap({ UInt16($0) }).map(Int.init), indices.insert(index).inserted else {
                problem("endpoint", "an AssertionConsumerService has no index of its own", name, [.init("location", location)])
                continue
            }
            // Only where an answer can go must the address be one that a browser may be sent to.
            let binding = Lexical.trimmed(element.attribute("Binding") ?? "")
            guard binding != Binding.post || WebAddress.isAllowed(location, development: development) else {
                problem(
                    "endpoint", "an AssertionConsumerService is no \(development ? "http or https" : "https") address", name,
                    [.init("location", location)])
                continue
            }
            consumers.append(
                AssertionConsumer(index: index, binding: binding, location: location, isDefault: boolean(element, "isDefault", name)))
        }
        if !consumers.contains(where: { $0.binding == Binding.post }) {
            problem("endpoint", "no usable AssertionConsumerService takes HTTP-POST", name, [])
        }
        return consumers
    }

    /// The keys whose use is signing, or is not said: that means both uses, never "no key" (checklist A16, IIP-MD11).
    private mutating func signingKeys(_ role: XMLElement, _ name: String) -> [PublicKey] {
        var keys: [PublicKey] = []
        for descriptor in role.children(.metadata("KeyDescriptor")) {
            switch descriptor.attribute("use") {
            case "encryption": continue
            case "signing", nil: break
            case .some(let use):
                problem("key", "a KeyDescriptor has an unknown use", name, [.init("use", use)])
                continue
            }
            do {
                let key = try MetadataKey.read(descriptor)
                if !keys.contains(key) { keys.append(key) }
            } catch {
                problem("key", "a key for signing cannot be used", name, [.init("reason", error.text)])
            }
        }
        if keys.count > limits.signingKeys {
            problem("key", "there are too many keys for signing", name, [.init("limit", String(limits.signingKeys))])
        }
        return keys
    }

    private mutating func boolean(_ element: XMLElement, _ attribute: String, _ name: String) -> Bool? {
        guard let text = element.attribute(attribute) else { return nil }
        guard let value = Lexical.boolean(text) else {
            problem("boolean", "an attribute is no xs:boolean", name, [.init(attribute, text)])
            return nil
        }
        return value
    }

    private mutating func earliest(_ outer: Timestamp?, _ element: XMLElement, in name: String?) -> Timestamp? {
        guard let text = element.attribute("validUntil") else { return outer }
        guard let own = Timestamp(text) else {
            problem("valid-until", "validUntil is no moment", name ?? element.attribute("entityID") ?? "", [.init("validUntil", text)])
            return outer
        }
        return outer.map { min($0, own) } ?? own
    }

    private mutating func problem(_ code: String, _ summary: String, _ entity: String, _ compared: [Explanation.Compared]) {
        guard problems.count < 100 else { return }
        problems.append(.metadata(code, summary, [.init("entity", entity)] + compared))
    }
}

extension Explanation {
    fileprivate static func metadata(_ code: String, _ summary: String, _ compared: [Compared] = []) -> Explanation {
        let (clause, remedy) =
            switch code {
            case "key": ("SAML Metadata §2.4.1.1; IIP-MD07", "publish an RSA key of 2048 bits or more, or a P-256, P-384 or P-521 key")
            case "endpoint": ("SAML Metadata §2.4.4; checklist A26", "publish an https AssertionConsumerService with the HTTP-POST binding")
            case "role": ("SAML Metadata §2.4.4", "send the metadata of a service provider")
            case "entity-id": ("SAML Metadata §2.3.2", "give each entity one entityID of its own")
            case "valid-until": ("SAML Metadata §2.3.2", "write validUntil as an xs:dateTime in UTC")
            case "xml", "root", "size": ("SAML Metadata §2.3", "send one EntityDescriptor in UTF-8 without DOCTYPE")
            default: ("SAML Metadata §2", "repair the value")
            }
        return Explanation("saml.metadata." + code, summary, compared: compared, clause: clause, remedy: remedy)
    }
}
