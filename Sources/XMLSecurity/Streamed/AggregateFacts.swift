/// What a whole aggregate turned out to be. Says nothing about who made it.
package struct AggregateFacts: Sendable, Equatable {
    /// The outermost group; for a document of one entity what that entity says of itself.
    package let root: AggregateGroup
    /// The root is an `md:EntitiesDescriptor`.
    package let isGroup: Bool
    /// The root's `ID`.
    package let identifier: String?
    /// Entities handed over.
    package let entities: Int
    /// entityIDs that came more than once: each once, the first hundred of them.
    package let repeated: [String]
    /// Entities left out: no usable entityID.
    package let nameless: Int
    /// Entities left out: longer than the limit. The first hundred entityIDs.
    package let oversized: [String]
    /// Length of the document.
    package let bytes: Int
}
