import XML

/// The `md:Extensions` of a group: what its members inherit (Entity Attributes 1.0 §2.1, MDRPI §2.1).
enum GroupExtensions {
    private static let attributes = "urn:oasis:names:tc:SAML:metadata:attribute"
    private static let registration = "urn:oasis:names:tc:SAML:metadata:rpi"
    private static let assertion = "urn:oasis:names:tc:SAML:2.0:assertion"

    /// One group's few; a trust-mark list of a national federation has some hundred KB.
    private static let limits = XMLLimits(
        bytes: 4_194_304, depth: 40, elements: 100_000, attributesPerElement: 256, namespacesInScope: 256, textBytes: 1_048_576)

    static func read(_ bytes: [UInt8], into group: inout AggregateGroup) throws(AggregateRefusal) {
        let extensions: XMLElement
        do { extensions = try XMLDocument(parsing: bytes, limits: limits).root } catch { throw .extensions }
        group.extensions = bytes
        for holder in extensions.children(XMLName(attributes, "EntityAttributes")) {
            for attribute in holder.children(XMLName(assertion, "Attribute")) {
                guard let name = attribute.attribute("Name").map(XMLWhiteSpace.trimmed), !name.isEmpty else { continue }
                let values = attribute.children(XMLName(assertion, "AttributeValue")).filter(\.hasOnlyText)
                group.entityAttributes.append(
                    AggregateGroup.Attribute(
                        name: name, nameFormat: attribute.attribute("NameFormat").map(XMLWhiteSpace.trimmed),
                        values: values.map { XMLWhiteSpace.trimmed($0.text) }))
            }
        }
        let registrations = extensions.children(XMLName(registration, "RegistrationInfo"))
        guard registrations.count <= 1 else { throw .extensions }
        group.registrationAuthority = registrations.first?.attribute("registrationAuthority")
    }
}
