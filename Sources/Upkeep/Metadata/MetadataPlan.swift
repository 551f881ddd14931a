package import Outbound
package import Settings

/// What the keeper of members' metadata is to keep, as the settings have it now. Asked anew at every turn, so that a reload needs no restart.
package struct MetadataPlan: Sendable {
    package let sources: [MetadataSource]
    /// The rules for asking one source: its size and time bound one document.
    package let outbound: @Sendable (MetadataSource) -> Outbound
    /// Sources at work in one moment. A document costs a second of CPU; citizens come first.
    package var parallel = 2

    package init(sources: [MetadataSource], outbound: @escaping @Sendable (MetadataSource) -> Outbound) {
        self.sources = sources.sorted { $0.name < $1.name }
        self.outbound = outbound
    }
}
