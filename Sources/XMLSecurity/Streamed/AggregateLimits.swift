package import XML

/// What a federation's metadata may cost its reader (checklist C5, D1–D3, M6). None of them bounds memory by the size of the document:
/// at one time one entity, one run of text and the names are held.
package struct AggregateLimits: Sendable {
    package let document: XMLStreamLimits
    /// EntitiesDescriptors inside each other, the root counted.
    package let groups: Int
    package let entities: Int

    package init(document: XMLStreamLimits, groups: Int, entities: Int) {
        self.document = document
        self.groups = groups
        self.entities = entities
    }

    /// eduGAIN of 2025 has near 10,000 entities in 100 MB, in one group; its largest entity is below 100 KB.
    package static let standard = AggregateLimits(document: .aggregate, groups: 8, entities: 200_000)
}
