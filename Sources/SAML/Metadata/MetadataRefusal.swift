package import Vocabulary

/// Why a metadata document cannot be used: everything that is wrong in it, so that an operator repairs it in one go.
package struct MetadataRefusal: Error, Hashable, Sendable {
    /// Never empty. Codes begin with `saml.metadata.`.
    package let problems: [Explanation]

    package var explanation: Explanation {
        problems.first ?? Explanation("saml.metadata", "the metadata cannot be used", clause: "SAML Metadata §2", remedy: "replace it")
    }
}

/// What a metadata document may cost. An aggregate of a whole federation is not for this reader.
package struct MetadataLimits: Sendable {
    package var bytes = 4_194_304
    package var entities = 200
    /// Keys tried for each message: the bound of what a wrong signature can cost.
    package var signingKeys = 8
    package var endpoints = 64
    package var requestedAttributes = 128

    package init() {}

    package static let standard = MetadataLimits()
}
