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
        /// Never empty.
        package let values: [String]
        /// Of the record: never a value.
        package let label: String
        /// As that would be called in whose place it is told, or whose characters it explains: asked for by its name, it is told by its own,
        /// so that nobody takes it for the whole.
        var whole: (name: String, format: String)?
    }

    package let items: [Item]

    /// The identifier among them, where the member gets one.
    var subjectIdentifier: Item? {
        items.first { $0.name == SubjectIdentifierName.pairwise || $0.name == SubjectIdentifierName.general }
    }

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
            var item = Item(
                name: mapped?.name ?? attribute.source.samlName, format: mapped?.format.uri ?? AttributeNameFormat.uri,
                friendlyName: mapped.map(\.friendlyName) ?? attribute.source.rawValue, values: attribute.texts,
                label: attribute.source.rawValue)
            if let original = grant.original(of: attribute.source) ?? attribute.source.explained {
                let mapped = options.attributeNames[original]
                item.whole = (mapped?.name ?? original.samlName, mapped?.format.uri ?? AttributeNameFormat.uri)
            }
            if Self.isAskedFor(item, service, options.release) { items.append(item) }
        }
        if let scope = identityProvider.scope, let identifier = provider.subjectIdentifier {
            let value: PairwiseID? = identifier == .general ? general : grant.pairwise
            if let value {
                items.append(
                    Item(
                        name: identifier == .general ? SubjectIdentifierName.general : SubjectIdentifierName.pairwise,
                        format: AttributeNameFormat.uri, friendlyName: identifier.rawValue, values: [value.text + "@" + scope],
                        label: identifier.rawValue))
            }
        }
        self.items = items
    }

    private static func isAskedFor(_ item: Item, _ service: AttributeConsumingService?, _ rule: MemberOptions.Release) -> Bool {
        guard rule != .permitted, let service else { return rule != .required }
        return service.requested.contains { wish in
            (rule == .requested || wish.isRequired) && (wish.values.isEmpty || wish.values.contains(where: item.has))
                && item.names.contains { name, format in
                    wish.name.hasSameBytes(as: name)
                        && (wish.nameFormat == nil || wish.nameFormat == format || wish.nameFormat == AttributeNameFormat.unspecified)
                }
        }
    }
}

extension AttributeSource {
    /// The attribute whose substituted characters this one marks.
    fileprivate var explained: AttributeSource? {
        isPersonal ? AttributeSource.allCases.first { $0.companion == self } : nil
    }
}

extension AttributeRelease.Item {
    /// Says this too.
    func has(_ value: String) -> Bool { values.contains { $0.hasSameBytes(as: value) } }

    /// What it may be asked for by.
    var names: [(name: String, format: String)] { whole.map { [(name, format), $0] } ?? [(name, format)] }
}

extension ServiceProvider {
    /// What it asks to be told by this AttributeConsumingService, nil where it has none: the attributes of the person only where they are
    /// named, or where the operator's `release: permitted` says so.
    func wish(by service: AttributeConsumingService?) -> ReleaseWish {
        if options.release == .permitted { return .all }
        guard let service else { return options.release == .required ? .only([]) : .unsaid }
        let asked = AttributeSource.allCases.filter { source in
            let mapped = options.attributeNames[source]
            let (name, format) = (mapped?.name ?? source.samlName, mapped?.format.uri ?? AttributeNameFormat.uri)
            return service.requested.contains { wish in
                wish.name.hasSameBytes(as: name) && (options.release == .requested || wish.isRequired)
                    && (wish.nameFormat == nil || wish.nameFormat == format || wish.nameFormat == AttributeNameFormat.unspecified)
            }
        }
        return .only(Set(asked))
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
