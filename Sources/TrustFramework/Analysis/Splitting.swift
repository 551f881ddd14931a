import Vocabulary

/// Splits the picture of all questions on facts until every rule that plays a part is settled, and passes over whatever no change can touch.
///
/// One axis is `late`: the login at hand. It is never split here, because a decision also looks at the logins that the citizen could make
/// instead; whoever takes up the pieces walks it.
struct Splitting {
    struct Player {
        let pictured: Pictured
        /// Only one of the two policies has it.
        let isChanged: Bool
        /// Both have it, and where it counts both answer no.
        let closes: Bool
    }

    /// A region in which each rule in `players` counts, or not, for all questions with the same login alike.
    struct Piece {
        let region: Region
        let players: [Int]
    }

    let players: [Player]
    let late: Int
    /// The two policies differ by more than rules: then nothing may be passed over for want of a changed rule.
    let differsAnyway: Bool

    /// Every region of a `piece` costs one of `budget`, as does every region on the way to it.
    func walk(
        _ region: Region, within budget: inout Budget, _ take: (Piece, inout Budget) throws(BudgetExceeded) -> Void
    ) throws(BudgetExceeded) {
        try walk(region, Array(players.indices), within: &budget, take)
    }

    private func walk(
        _ region: Region, _ candidates: [Int], within budget: inout Budget,
        _ take: (Piece, inout Budget) throws(BudgetExceeded) -> Void
    ) throws(BudgetExceeded) {
        try budget.spend()
        guard !region.isEmpty else { return }
        var inPlay: [(index: Int, exceptions: [Region])] = []
        for index in candidates {
            let pictured = players[index].pictured
            // Whatever login is at hand: a permit that holds for none still makes a denial another one.
            var part = pictured.box.intersection(region)
            part.axes[late] = region.axes[late]
            guard !part.isEmpty else { continue }
            let exceptions = pictured.exceptions.filter { $0.region.intersects(part) }
            guard !exceptions.contains(where: { !$0.turnsOnLogin && part.isCovered(by: $0.region) }) else { continue }
            if players[index].closes, exceptions.isEmpty, region.isCovered(by: pictured.box) { return }
            inPlay.append((index, exceptions.map(\.region)))
        }
        guard differsAnyway || inPlay.contains(where: { players[$0.index].isChanged }) else { return }
        let changed = inPlay.filter { players[$0.index].isChanged }
        let indexes = inPlay.map(\.index)
        guard let (axis, parts) = split(region, changed) ?? split(region, inPlay) else {
            return try take(Piece(region: region, players: indexes), &budget)
        }
        for part in parts {
            var smaller = region
            smaller.axes[axis] = part
            try walk(smaller, indexes, within: &budget, take)
        }
    }

    /// The axis that settles the rules in the fewest parts.
    private func split(_ region: Region, _ rules: [(index: Int, exceptions: [Region])]) -> (axis: Int, parts: [ClassSet])? {
        var best: (axis: Int, parts: [ClassSet])?
        for axis in region.axes.indices where axis != late {
            var cuts: Set<ClassSet> = []
            for (index, exceptions) in rules {
                cuts.insert(players[index].pictured.box.axes[axis])
                for exception in exceptions { cuts.insert(exception.axes[axis]) }
            }
            let parts = Self.parts(of: region.axes[axis], cut: cuts)
            if parts.count > 1, parts.count < best?.parts.count ?? .max { best = (axis, parts) }
        }
        return best
    }

    /// The smallest parts that no cut divides, in the order of their lowest classes.
    static func parts(of whole: ClassSet, cut cuts: Set<ClassSet>) -> [ClassSet] {
        var parts = [whole]
        for cut in cuts {
            parts = parts.flatMap { part in [part.intersection(cut), part.subtracting(cut)].filter { !$0.isEmpty } }
        }
        return parts.sorted { ($0.first ?? 0) < ($1.first ?? 0) }
    }
}
