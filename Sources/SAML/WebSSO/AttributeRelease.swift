package import SignOn
import TrustFramework
package import Vocabulary
import XML

/// What one member is told about one citizen, by the names that it knows (S46, S49, S59): of what policy released, that which the member asks
/// for. The same for an answer to a sign-on and for an answer to a query.
package struct AttributeRelease: Sendable {
    package struct Item: Sendable {
        package let name: String
        package let format: String
        package let friendlyName: String?
        package let value: String
        /// Of the record: never a value.
        package let label: String
    }

    package let items: [Item]

    /// `service` is the AttributeConsumingService that the request means; nil when the member's metadata has none. `general` is the
    /// citizen's identifier for all members, for those that have it (`ServiceProvider.takesGeneralIdentifier`).
    package init(
        _ grant: Grant, to provider: ServiceProvider, for service: AttributeConsumingService?, general: PairwiseID?,
        from identityProvider: IdentityProvider
    ) {
        let options = provider.options
        var items: [Item] = []
        items.reserveCapacity(grant.attributes.count + 1)
        for attribute in grant.attributes {
            let mapped = options.attributeNames[attribute.source]
            let item = Item(
                name: mapped?.name ?? attribute.source.samlName, format: mapped?.format.uri ?? AttributeNameFormat.uri,
                friendlyName: mapped.map(\.friendlyName) ?? attribute.source.rawValue, value: attribute.text,
                label: attribute.source.rawValue)
            if Self.isAskedFor(item, service, options.release) { items.append(item) }
        }
        if let scope = identityProvider.scope, let identifier = provider.subjectIdentifier {
            let value: PairwiseID? = identifier == .general ? general : grant.pairwise
            if let value {
                items.append(
                    Item(
                        name: identifier == .general ? SubjectIdentifierName.general : SubjectIdentifierName.pairwise,
                        format: AttributeNameFormat.uri, friendlyName: identifier.rawValue, value: value.text + "@" + scope,
                        label: identifier.rawValue))
            }
        }
        self.items = items
    }

    private static func isAskedFor(_ item: Item, _ service: AttributeConsumingService?, _ rule: MemberOptions.Release) -> Bool {
        guard rule != .permitted, let service else { return rule != .required }
        return service.requested.contains { wish in
            wish.name.hasSameBytes(as: item.name) && (rule == .requested || wish.isRequired)
                && (wish.nameFormat == nil || wish.nameFormat == item.format || wish.nameFormat == AttributeNameFormat.unspecified)
                && (wish.values.isEmpty || wish.values.contains { $0.hasSameBytes(as: item.value) })
        }
    }
}

/// SAML V2.0 Subject Identifier Attributes Profile §3, §4.
enum SubjectIdentifierName {
    static let general = "urn:oasis:names:tc:SAML:attribute:subject-id"
    static let pairwise = "urn:oasis:names:tc:SAML:attribute:pairwise-id"
}

extension ServiceProvider {
    /// Which subject identifier it gets: what the operator says, else what its metadata asks for. `any` is served by the one that tells
    /// less; `subject-id`, by which members could compare notes, only by an operator's word.
    var subjectIdentifier: MemberOptions.SubjectIdentifier? {
        switch options.subjectIdentifier {
        case .pairwise: return .pairwise
        case .general: return .general
        case .none: return nil
        case .asDeclared:
            switch subjectIDRequirement {
            case .pairwise, .any: return .pairwise
            case .none, .subject: return nil
            }
        }
    }

    /// The shell has to bring the citizen's identifier in the sector `GeneralIdentifier.sector`.
    package var takesGeneralIdentifier: Bool { options.subjectIdentifier == .general }
}

/// The one identifier of a citizen for all members that get `subject-id`.
package enum GeneralIdentifier {
    /// No member can be in it.
    package static let sector = SubjectIdentifierName.general
}

extension MemberOptions.AttributeName.Format {
    var uri: String {
        switch self {
        case .uri: AttributeNameFormat.uri
        case .basic: AttributeNameFormat.basic
        case .unspecified: AttributeNameFormat.unspecified
        }
    }
}
