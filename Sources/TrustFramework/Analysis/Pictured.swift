import Vocabulary

/// A rule in the finite picture of all questions: the box of its conditions, less the boxes of its exceptions.
struct Pictured: Sendable {
    let rule: Rule
    /// Where the rule counts if no exception does: for a permit where every condition is known to hold, for a forbid where none is known to
    /// fail. What is unknown closes.
    let box: Region
    /// Where it does not count after all.
    let exceptions: [Exception]

    struct Exception: Sendable {
        let region: Region
        /// It speaks of the login or of the level asked for: then a decision counts the rule as one that another login may bring into play.
        let turnsOnLogin: Bool
    }

    /// The questions for which it counts, in boxes that share no point.
    func parts(within budget: inout Budget) throws(BudgetExceeded) -> [Region] {
        var parts = box.isEmpty ? [] : [box]
        for exception in exceptions { parts = try parts.subtracting(exception.region, within: &budget) }
        return parts
    }
}

/// The search for what a set of boxes leaves open.
enum Cover {
    /// Which of `covers` together take up all of `parts`: as few of them as leaving out one after the other gives. Nil when something is left
    /// open.
    static func covering(
        _ parts: [Region], by covers: [[Region]], within budget: inout Budget
    ) throws(BudgetExceeded) -> [Int]? {
        var needed = covers.indices.filter { index in covers[index].contains { cover in parts.contains { $0.intersects(cover) } } }
        guard try rest(of: parts, without: needed.map { covers[$0] }, within: &budget).isEmpty else { return nil }
        for candidate in needed {
            let others = needed.filter { $0 != candidate }
            if try rest(of: parts, without: others.map { covers[$0] }, within: &budget).isEmpty { needed = others }
        }
        return needed
    }

    /// What is left of `parts`.
    static func rest(
        of parts: [Region], without covers: [[Region]], within budget: inout Budget
    ) throws(BudgetExceeded) -> [Region] {
        var left = parts
        for cover in covers {
            for box in cover {
                guard !left.isEmpty else { return [] }
                left = try left.subtracting(box, within: &budget)
            }
        }
        return left
    }
}
