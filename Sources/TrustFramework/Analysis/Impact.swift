/// Every decision that changes when one policy takes the place of another.
package struct Impact: Sendable {
    /// Which way a change goes, the gravest first.
    package enum Direction: String, Sendable, CaseIterable {
        /// Permitted, or permitted after a login, where it was denied.
        case opens
        /// Permitted with a login that did not do before.
        case weakens
        /// More is told.
        case tellsMore = "tells-more"
        /// Other or fewer obligations, or another context.
        case alters
        case tellsLess = "tells-less"
        /// A login that did before does no more.
        case strengthens
        /// Denied where it was not.
        case closes
        /// The same answer for other reasons.
        case reasons
    }

    package struct Change: Sendable {
        package let before: Answer
        package let after: Answer
        /// The questions, in boxes that share no point.
        package let regions: [Region]
        /// Members of the population that it concerns, and the first of them.
        package let members: Int
        package let names: [String]

        package var direction: Direction { Direction(from: before, to: after) }

        /// Whether the question at this point changes so.
        package func contains(_ point: [Int]) -> Bool { regions.contains { $0.contains(point) } }
    }

    package let space: Space
    /// By direction, then by how many members they concern; stable.
    package let changes: [Change]
    /// Decisions that were made to find them, under both policies.
    package let decisions: Int

    package var isEmpty: Bool { changes.isEmpty }
}

extension Impact.Direction {
    init(from before: Answer, to after: Answer) {
        if before.saysTheSame(as: after) {
            self = .reasons
        } else if before.outcome != after.outcome {
            switch (before.outcome, after.outcome) {
            case (.deny, _): self = .opens
            case (_, .deny): self = .closes
            case (_, .permit): self = .weakens
            default: self = .strengthens
            }
        } else if before.outcome == .authenticate {
            let (old, new) = (Set(before.contexts), Set(after.contexts))
            self = new.isSubset(of: old) && old != new ? .strengthens : old.isSubset(of: new) && old != new ? .weakens : .alters
        } else if before.release != after.release {
            self = after.release.isSubset(of: before.release) ? .tellsLess : .tellsMore
        } else {
            self = .alters
        }
    }
}
