package import Vocabulary
import XML

/// One `EntityDescriptor` that stands alone, read for whoever keeps many of them.
package struct MetadataEntity: Sendable {
    package enum Role: String, Hashable, Sendable, CaseIterable {
        case serviceProvider = "sp"
        case identityProvider = "idp"
        case attributeAuthority = "aa"
        case other
    }

    package let entityID: MemberID
    package let roles: Set<Role>
    /// Nil when it is no service provider for SAML 2.0.
    package let provider: ServiceProvider?
    /// What was left out.
    package let notes: [Explanation]

    /// Reads the element that `xml` is. Tolerant: an endpoint or key that cannot be used is left out, as long as no protection goes with it.
    /// Refuses what is no EntityDescriptor, and a service provider that cannot be answered or that protects itself in ways we cannot follow.
    ///
    /// Says nothing about who vouches for it: that was decided where the bytes came from.
    package static func read(
        _ xml: [UInt8], inherited: InheritedMetadata = InheritedMetadata(), development: Bool = false,
        reading: MetadataReading = .tolerant, limits: MetadataLimits = .standard
    ) throws(MetadataRefusal) -> MetadataEntity {
        let root = try MetadataDocument.root(of: xml, limits: limits)
        guard root.isNamed(.metadata("EntityDescriptor")) else {
            throw MetadataRefusal(problems: [
                .metadata("root", "the root is no EntityDescriptor", [.init("element", root.name.local)])
            ])
        }
        var reader = EntityReader(development: development, limits: limits, reading: reading)
        let provider = reader.serviceProvider(root, inherited)
        guard reader.findings.problems.isEmpty, let entityID = MemberID(reader.name) else {
            throw MetadataRefusal(problems: reader.findings.problems)
        }
        return MetadataEntity(entityID: entityID, roles: roles(root), provider: provider, notes: reader.findings.notes)
    }

    private static func roles(_ entity: XMLElement) -> Set<Role> {
        var roles: Set<Role> = []
        for child in entity.children {
            if child.isNamed(.metadata("SPSSODescriptor")) {
                roles.insert(.serviceProvider)
            } else if child.isNamed(.metadata("IDPSSODescriptor")) {
                roles.insert(.identityProvider)
            } else if child.isNamed(.metadata("AttributeAuthorityDescriptor")) {
                roles.insert(.attributeAuthority)
            } else if child.name.local.hasSuffix("Descriptor") {
                roles.insert(.other)
            }
        }
        return roles
    }
}
