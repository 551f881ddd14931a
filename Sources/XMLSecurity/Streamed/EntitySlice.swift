package import Vocabulary

/// One `md:EntityDescriptor` of an aggregate, able to stand alone. **Nothing in it counts before the call that handed it over has
/// returned its `VerifiedAggregate`**: until then a caller may put it aside, no more.
package struct EntitySlice: Sendable {
    /// In document order, from 0.
    package let number: Int
    /// 1 to 1024 octets.
    package let entityID: String
    /// The element as a document of its own: exactly the bytes of it that the signature covers, with the namespace declarations that
    /// the canonical form has further out repeated on it.
    package let bytes: [UInt8]
    /// The groups around it, outermost first; empty when the entity is the document.
    package let groups: [AggregateGroup]
    /// An entity with the same entityID came before in this document. The caller decides; taking the first is safe for both.
    package let isRepeated: Bool

    /// The earliest validUntil of the groups. The entity's own, in `bytes`, may be earlier.
    package var inheritedValidUntil: Timestamp? { groups.compactMap(\.validUntil).min() }

    /// The innermost group's that names one; the entity's own, in `bytes`, comes before it.
    package var inheritedRegistrationAuthority: String? { groups.last { $0.registrationAuthority != nil }?.registrationAuthority }

    /// All of them: entity attributes add up (Entity Attributes 1.0 §2.2).
    package var inheritedAttributes: [AggregateGroup.Attribute] { groups.flatMap(\.entityAttributes) }
}
