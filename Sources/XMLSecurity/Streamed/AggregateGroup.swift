package import Vocabulary

/// What an `md:EntitiesDescriptor` says of everything inside it (SAML Metadata §2.3.1), as far as members inherit it.
package struct AggregateGroup: Sendable, Equatable {
    /// The group's own name, often an address; nil when it has none.
    package let name: String?
    /// Members are not valid longer than this, whatever they say themselves.
    package let validUntil: Timestamp?
    /// `xs:duration` in seconds, a year being 365 days and a month 30: how long to keep the document before asking again. Nil, too, when
    /// it cannot be read.
    package let cacheSeconds: Int64?
    /// `mdattr:EntityAttributes` of the group's Extensions (Entity Attributes 1.0 §2): each holds for each member. White space around
    /// names and values is gone, and so are values with markup.
    package internal(set) var entityAttributes: [Attribute] = []
    /// `mdrpi:RegistrationInfo` of the group's Extensions (MDRPI §2.1).
    package internal(set) var registrationAuthority: String?
    /// The group's `md:Extensions` in canonical form, as a document of its own; nil when it has none.
    package internal(set) var extensions: [UInt8]?

    package struct Attribute: Sendable, Equatable {
        package let name: String
        package let nameFormat: String?
        package let values: [String]
    }
}
