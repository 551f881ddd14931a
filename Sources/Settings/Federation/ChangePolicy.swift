package import SAML

/// What happens when a member that is known already comes with other metadata.
package struct ChangePolicy: Hashable, Sendable {
    package enum Word: String, Sendable, CaseIterable {
        /// Taken up at once; the difference is written down.
        case automatic
        /// What touches the member's security waits until the operator has seen it; everything else passes.
        case held = "held-for-approval"
    }

    package let word: Word
    /// What waits.
    package let held: Set<MetadataChange.Subject>
    /// Earlier states of each source that can be taken back.
    package let generations: Int

    /// Any of these is held.
    package func holds(_ changes: [MetadataChange]) -> Bool {
        word == .held && changes.contains { held.contains($0.subject) }
    }
}
