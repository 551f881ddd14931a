package import Vocabulary

/// The highest context that what comes from one upstream or one class of terminal can reach, whatever it says of itself.
package struct AssuranceCeiling: Hashable, Sendable {
    package enum Source: Hashable, Sendable {
        /// An identity provider that authenticates citizens in our place.
        case upstream(MemberID)
        /// The `class` of terminals in `Keys/terminals`.
        case terminal(String)
    }

    package let source: Source
    /// The name of a context.
    package let highest: String

    package init(_ source: Source, highest: String) {
        self.source = source
        self.highest = highest
    }
}

/// What the ceilings of a ladder mean for one of its contexts.
struct CeilingReach: Hashable, Sendable {
    /// An upstream without a ceiling reaches nothing: nobody said what its word is worth.
    var upstreams: Set<MemberID> = []
    /// Nil: the ladder lists no class of terminals and has no say about them.
    var terminals: Set<String>?

    /// A ladder that lists classes bars those that it does not list, so that taking a class out never lifts its ceiling. Terminals without a
    /// class are as before there were any, unless the ladder speaks of them.
    func bars(_ terminal: String) -> Bool { terminals.map { !$0.contains(terminal) } ?? false }
}
