import TrustFramework
import Vocabulary

/// Looks at the order of a ladder. The order is its operator's to choose; what is told here is worth a second look and refuses nothing.
struct LadderOrder {
    let ladder: AssuranceLadder
    let lines: [Int]
    let file: String
    let findings: Findings

    func look() {
        for (rank, context) in ladder.contexts.enumerated() {
            let above = ladder.contexts[(rank + 1)...]
            if let weaker = above.first(where: {
                $0.proofingLevel < context.proofingLevel || $0.authenticationLevel < context.authenticationLevel
            }) {
                notice(
                    rank, "ladder.order", "`\(weaker.name)` stands above `\(context.name)` and has a lower level",
                    "who asks for at least `\(context.name)` is satisfied with it; exchange them, or see to the levels")
            }
            // Under a ceiling in between, the lower one is what its terminals reach.
            let ceilings = ladder.ceilings.compactMap { ladder[$0.highest].flatMap(ladder.rank) }
            if let easier = above.first(where: { $0.isAsEasy(as: context) }), let top = ladder.rank(of: easier),
                !ceilings.contains(where: { (rank..<top).contains($0) })
            {
                notice(
                    rank, "ladder.shadowed", "whoever reaches `\(context.name)` reaches `\(easier.name)` too, which stands higher",
                    "`\(context.name)` is told only to members that ask for it by name; raise a floor of `\(easier.name)`, or merge them")
            }
        }
    }

    private func notice(_ rank: Int, _ code: String, _ message: String, _ remedy: String) {
        findings.notice(
            Problem(file: file, line: lines.indices.contains(rank) ? lines[rank] : nil, code: code, message: message, remedy: remedy))
    }
}

extension AssuranceContext {
    /// No floor of this context is above the other's: every login that reaches the other reaches this one.
    fileprivate func isAsEasy(as other: AssuranceContext) -> Bool {
        func admits(_ maximum: Int64?, _ others: Int64?) -> Bool {
            guard let maximum else { return true }
            return others.map { $0 <= maximum } ?? false
        }
        return modes.isSuperset(of: other.modes) && carriers.isSuperset(of: other.carriers) && doors.isSuperset(of: other.doors)
            && statusSources.isSuperset(of: other.statusSources) && (!needsStatement || other.needsStatement)
            && admits(maximumStatusAge, other.maximumStatusAge) && admits(maximumLoginAge, other.maximumLoginAge)
    }
}
