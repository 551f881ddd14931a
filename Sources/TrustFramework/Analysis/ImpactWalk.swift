package import Vocabulary

extension Impact {
    /// Compares two policies on every question of a population from one moment on, and gives every decision that changes.
    ///
    /// Exact: the picture tells every value apart that either policy does, a rule that has left a region cannot matter in it, and the answers
    /// themselves come from `Policy.decide`. Bounded by `limits`, and refused when they do not suffice. `reasons` also finds answers that stay
    /// the same for other reasons, which costs more.
    package init(
        from old: Policy, to new: Policy, population: Population, at now: Timestamp, reasons: Bool = false,
        limits: AnalysisLimits = AnalysisLimits()
    ) throws(AnalysisRefusal) {
        let space = try Space(of: [old, new], population: population, from: now, limits: limits)
        var walk = Walk(space: space, old: old, new: new, reasons: reasons)
        let splitting = Splitting(
            players: walk.players(), late: Walk.late, differsAnyway: !old.ladder.decides(like: new.ladder))
        var budget = Budget("decisions", limit: limits.decisions)
        do throws(BudgetExceeded) {
            try splitting.walk(space.whole, within: &budget) { piece, budget throws(BudgetExceeded) in
                try walk.take(piece, splitting.players, within: &budget)
            }
            var boxes = Budget("boxes", limit: limits.boxes)
            self.init(space: space, changes: try walk.changes(within: &boxes), decisions: walk.decisions)
        } catch {
            throw .tooMuch(error)
        }
    }
}

/// One comparison under way.
private struct Walk {
    struct Pair: Hashable {
        let before: Answer
        let after: Answer
    }

    static let late = 7

    let space: Space
    let old: Policy
    let new: Policy
    let reasons: Bool
    private var found: [Pair: [Region]] = [:]
    private var logins: [Set<LoginSpace.Column>: [(row: Int, stands: [Int])]] = [:]
    private(set) var decisions = 0

    init(space: Space, old: Policy, new: Policy, reasons: Bool) {
        self.space = space
        self.old = old
        self.new = new
        self.reasons = reasons
    }

    /// The rules of both, each once.
    func players() -> [Splitting.Player] {
        let (before, after) = (Set(old.rules.map(\.meaning)), Set(new.rules.map(\.meaning)))
        // Which classes of terminals there are is read off all rules: where one names a new one, `not: [..]` elsewhere takes in more.
        let terminalsDiffer = old.terminalClasses != new.terminalClasses
        var pictures = (Picturing(space, under: old.ladder), Picturing(space, under: new.ladder))
        let sameLadder = old.ladder.decides(like: new.ladder)
        func touched(_ rule: Rule) -> Bool {
            terminalsDiffer
                && ([rule.condition] + rule.exceptions).contains { if case .besides? = $0[.terminal] { true } else { false } }
        }
        func player(_ rule: Rule, in picture: inout Picturing, isShared: Bool) -> Splitting.Player {
            let isShared = isShared && sameLadder && !touched(rule)
            return Splitting.Player(
                pictured: picture.pictured(rule), isChanged: !isShared, closes: isShared && !reasons && rule.effect == .forbid)
        }
        return old.rules.map { player($0, in: &pictures.0, isShared: after.contains($0.meaning)) }
            + new.rules.filter { !sameLadder || !before.contains($0.meaning) }.map { player($0, in: &pictures.1, isShared: false) }
    }

    mutating func take(_ piece: Splitting.Piece, _ players: [Splitting.Player], within budget: inout Budget) throws(BudgetExceeded) {
        let facts = piece.players.reduce(into: Set<Fact>()) { $0.formUnion(players[$1].pictured.rule.facts) }
        let columns = space.logins.columns(for: facts, under: space.ladders)
        let logins = self.logins[columns] ?? space.logins.representatives(in: columns)
        self.logins[columns] = logins
        var byScope: [MemberGroup.Scope: [Int]] = [:]
        for member in piece.region.axes[0].members { byScope[space.members[member].scope, default: []].append(member) }
        for (scope, members) in byScope {
            guard let region = within(scope, members, piece.region), let point = point(of: region) else { continue }
            try compare(point, region, logins, within: &budget)
        }
    }

    /// The part of a region in which the accreditation of these members lets the rules speak. Outside of it both policies deny alike.
    private func within(_ scope: MemberGroup.Scope, _ members: [Int], _ region: Region) -> Region? {
        var region = region
        region.axes[0] = ClassSet(members, of: space.sizes[0])
        region.axes[1] = region.axes[1].intersection(ClassSet(of: space.sizes[1]) { scope.purposes.contains(space.purposes[$0]) })
        if let attributes = scope.attributes {
            for (index, group) in space.groups.enumerated() where !attributes.isSuperset(of: group.attributes) {
                region.axes[8 + index] = region.axes[8 + index].intersection(
                    ClassSet(of: group.states.count) { [.none, .unknown].contains(group.states[$0]) })
            }
        }
        return region.isEmpty ? nil : region
    }

    /// A point of the region whose classes go together.
    private func point(of region: Region) -> [Int]? {
        var point = region.axes.map { $0.first ?? 0 }
        var unknown = point
        var isKnown = true
        var isUnknown = true
        for (index, group) in space.groups.enumerated() {
            let states = region.axes[8 + index].members
            if let known = states.first(where: { group.states[$0] != .unknown }) { point[8 + index] = known } else { isKnown = false }
            if let open = states.first(where: { group.states[$0] == .unknown }) { unknown[8 + index] = open } else { isUnknown = false }
        }
        return isKnown ? point : isUnknown ? unknown : nil
    }

    private mutating func compare(
        _ point: [Int], _ region: Region, _ logins: [(row: Int, stands: [Int])], within budget: inout Budget
    ) throws(BudgetExceeded) {
        var rows: [Pair: ClassSet] = [:]
        var point = point
        for (row, stands) in logins {
            try budget.spend(2)
            point[Self.late] = row
            guard let question = space.question(at: point) else { continue }
            decisions += 2
            let (before, after) = (old.decide(question), new.decide(question))
            guard reasons || !before.isPlainDenial || !after.isPlainDenial else { continue }
            let pair = Pair(before: Answer(before), after: Answer(after))
            guard reasons ? pair.before != pair.after : !pair.before.saysTheSame(as: pair.after) else { continue }
            for stand in stands { rows[pair, default: ClassSet(noneOf: space.sizes[Self.late])].insert(stand) }
        }
        for (pair, rows) in rows {
            var changed = region
            changed.axes[Self.late] = rows
            found[pair, default: []].append(changed)
        }
    }

    func changes(within budget: inout Budget) throws(BudgetExceeded) -> [Impact.Change] {
        var changes: [Impact.Change] = []
        for (pair, regions) in found {
            let members = regions.reduce(ClassSet(noneOf: space.sizes[0])) { $0.union($1.axes[0]) }.members.map { space.members[$0] }
            let merged = regions.sorted { $0.order.lexicographicallyPrecedes($1.order) }.merged(within: &budget)
            changes.append(
                Impact.Change(
                    before: pair.before, after: pair.after, regions: merged,
                    members: members.reduce(0) { $0 + $1.count },
                    names: Array(members.flatMap(\.names).sorted().prefix(MemberGroup.mostNames))))
        }
        return changes.map { ($0, $0.order) }.sorted { $0.1 < $1.1 }.map(\.0)
    }
}

extension Decision {
    /// Two of these say the same, whatever their reasons.
    fileprivate var isPlainDenial: Bool { if case .deny = outcome { true } else { false } }
}

extension Policy {
    /// Classes of terminals that rules or ladder name: those that a login could come from.
    fileprivate var terminalClasses: Set<String> {
        var named = Set(ladder.terminalClasses)
        for rule in rules {
            for condition in [rule.condition] + rule.exceptions { named.formUnion(condition[.terminal]?.named ?? []) }
        }
        return named.subtracting([Fact.none, AssuranceLadder.unclassified])
    }
}

extension AssuranceLadder {
    /// Everything but the sentences that explain it.
    fileprivate func decides(like other: AssuranceLadder) -> Bool {
        Set(ceilings) == Set(other.ceilings) && contexts.map(\.wordless) == other.contexts.map(\.wordless)
    }
}

extension AssuranceContext {
    fileprivate var wordless: AssuranceContext {
        AssuranceContext(
            name: name, samlClasses: samlClasses, acrValues: acrValues, amr: amr, proofingLevel: proofingLevel,
            authenticationLevel: authenticationLevel, modes: modes, carriers: carriers, needsStatement: needsStatement, doors: doors,
            statusSources: statusSources, maximumStatusAge: maximumStatusAge, maximumLoginAge: maximumLoginAge)
    }
}

extension Region {
    fileprivate var order: [Int] { axes.map { $0.first ?? 0 } }
}

extension Impact.Change {
    /// A total order that does not depend on how the walk went.
    fileprivate var order: String {
        let grave = Impact.Direction.allCases.firstIndex(of: direction) ?? 0
        let few = String(Int.max - members)
        return [
            "\(grave)", String(repeating: "0", count: max(0, 20 - few.utf8.count)) + few, before.words, after.words,
            before.rules.joined(separator: ","), after.rules.joined(separator: ","),
            before.obligations.words.joined(separator: ","), after.obligations.words.joined(separator: ","),
            before.release.map(\.rawValue).sorted().joined(separator: ","), after.release.map(\.rawValue).sorted().joined(separator: ","),
            before.bases.joined(separator: ","), after.bases.joined(separator: ","),
        ].joined(separator: "\u{1}")
    }
}

extension Rule {
    /// The rule without the place it stands in and the sentence that explains it.
    fileprivate var meaning: Rule {
        Rule(
            id: id, effect: effect, condition: condition, exceptions: exceptions, release: release, obligations: obligations, basis: basis)
    }
}
