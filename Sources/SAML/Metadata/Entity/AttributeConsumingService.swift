/// What a member says it needs to know about a citizen (SAML Metadata §2.4.4.1). A wish: policy decides what it gets.
package struct AttributeConsumingService: Hashable, Sendable {
    package let index: Int
    package let isDefault: Bool?
    /// By language tag.
    package let names: [String: String]
    package let requested: [RequestedAttribute]
}

/// One attribute of such a wish.
package struct RequestedAttribute: Hashable, Sendable {
    package let name: String
    package let nameFormat: String?
    package let friendlyName: String?
    package let isRequired: Bool
    /// The values it takes; empty: any.
    package let values: [String]
}

/// Which identifier the member asks for by the entity attribute `subject-id:req`.
package enum SubjectIDRequirement: String, Hashable, Sendable, CaseIterable {
    /// Not said, or said to be none.
    case none
    case pairwise = "pairwise-id"
    case subject = "subject-id"
    case any
}

extension ServiceProvider {
    /// The service that a request without an index means: the default one, else the first without a word, else the first.
    package var defaultAttributeService: AttributeConsumingService? {
        let all = attributeConsumingServices
        return all.first { $0.isDefault == true } ?? all.first { $0.isDefault == nil } ?? all.first
    }

    package func attributeService(_ index: Int?) -> AttributeConsumingService? {
        guard let index else { return defaultAttributeService }
        return attributeConsumingServices.first { $0.index == index }
    }
}
