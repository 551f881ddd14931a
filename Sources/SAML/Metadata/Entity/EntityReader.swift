import Cryptography
package import Vocabulary
import XML

/// What an entity inherits from the `EntitiesDescriptor` elements around it.
package struct InheritedMetadata: Hashable, Sendable {
    /// The earliest of them (SAML Metadata §2.3.1).
    package var validUntil: Timestamp?
    package var registrationAuthority: String?
    package var entityAttributes: [String: Set<String>] = [:]

    package init(validUntil: Timestamp? = nil, registrationAuthority: String? = nil, entityAttributes: [String: Set<String>] = [:]) {
        self.validUntil = validUntil
        self.registrationAuthority = registrationAuthority
        self.entityAttributes = entityAttributes
    }

    /// With what a group says of all its entities.
    func within(_ group: XMLElement, _ findings: inout MetadataFindings) -> InheritedMetadata {
        var inner = self
        let name = group.attribute("Name") ?? ""
        inner.validUntil = EntityReader.earliest(validUntil, group, name, &findings)
        guard let extensions = group.child(.metadata("Extensions")) else { return inner }
        if let authority = ExtensionReader.registration(extensions)?.attribute("registrationAuthority") {
            inner.registrationAuthority = authority
        }
        for (name, values) in ExtensionReader.entityAttributes(extensions) { inner.entityAttributes[name, default: []].formUnion(values) }
        return inner
    }
}

/// Reads one `EntityDescriptor` (SAML Metadata §2.3.2).
struct EntityReader {
    let development: Bool
    let limits: MetadataLimits
    var findings: MetadataFindings
    /// The entityID, for messages.
    private(set) var name = ""

    init(development: Bool, limits: MetadataLimits, reading: MetadataReading) {
        self.development = development
        self.limits = limits
        findings = MetadataFindings(reading)
    }

    /// Nil when the entity has no role of a service provider for SAML 2.0, and when there is a problem.
    mutating func serviceProvider(_ element: XMLElement, _ inherited: InheritedMetadata) -> ServiceProvider? {
        name = element.attribute("entityID") ?? ""
        guard let entityID = MemberID(name) else {
            findings.problem("entity-id", "an entityID is missing or not 1 to 1024 octets long", name)
            return nil
        }
        let roles = element.children(.metadata("SPSSODescriptor")).filter(Self.speaksSAML2)
        guard let role = roles.first else { return nil }
        guard roles.count == 1 else {
            findings.problem("role", "the entity has two SPSSODescriptors for SAML 2.0", name)
            return nil
        }
        let inner = Self.earliest(inherited.validUntil, element, name, &findings)
        let validUntil = Self.earliest(inner, role, name, &findings)
        let consumers = self.consumers(role)
        let signingKeys = self.signingKeys(role)
        let encryptionKeys = self.encryptionKeys(role)
        let authnRequestsSigned = boolean(role, "AuthnRequestsSigned") ?? false
        let wantAssertionsSigned = boolean(role, "WantAssertionsSigned") ?? false
        if authnRequestsSigned, signingKeys.isEmpty {
            findings.problem("key", "AuthnRequestsSigned is true but there is no key for signing", name)
        }
        let facts = self.facts(element, role, inherited)
        guard findings.problems.isEmpty else { return nil }
        return ServiceProvider(
            entityID: entityID, consumers: consumers, signingKeys: signingKeys, encryptionKeys: encryptionKeys,
            authnRequestsSigned: authnRequestsSigned, wantAssertionsSigned: wantAssertionsSigned,
            nameIDFormats: role.children(.metadata("NameIDFormat")).prefix(32).map { Lexical.trimmed($0.text) }, validUntil: validUntil,
            facts: facts, development: development)
    }

    static func speaksSAML2(_ role: XMLElement) -> Bool {
        (role.attribute("protocolSupportEnumeration") ?? "").split(whereSeparator: \.isWhitespace).contains { $0 == Namespace.protocol }
    }

    mutating func boolean(_ element: XMLElement, _ attribute: String) -> Bool? {
        guard let text = element.attribute(attribute) else { return nil }
        guard let value = Lexical.boolean(text) else {
            findings.problem("boolean", "an attribute is no xs:boolean", name, [.init(attribute, text)])
            return nil
        }
        return value
    }

    static func earliest(_ outer: Timestamp?, _ element: XMLElement, _ name: String, _ findings: inout MetadataFindings) -> Timestamp? {
        guard let text = element.attribute("validUntil") else { return outer }
        guard let own = Timestamp(Lexical.trimmed(text)) else {
            findings.problem("valid-until", "validUntil is no moment", name, [.init("validUntil", text)])
            return outer
        }
        return outer.map { min($0, own) } ?? own
    }
}
