import Vocabulary

/// Draws rules into the picture. Whether one condition holds in one class is looked up once, however many rules share it.
struct Picturing {
    private struct Key: Hashable {
        let fact: Fact
        let domain: Domain
    }

    private struct Holding {
        let certainly: ClassSet
        /// Or nobody knows.
        let possibly: ClassSet
    }

    private let space: Space
    private let ladder: AssuranceLadder
    private var known: [Key: Holding] = [:]
    private var values: [Fact: [FactValue]] = [:]

    init(_ space: Space, under ladder: AssuranceLadder) {
        self.space = space
        self.ladder = ladder
    }

    /// INVARIANT: the rule counts at a point if and only if the point lies in its box and in none of its exceptions.
    mutating func pictured(_ rule: Rule) -> Pictured {
        // What is unknown closes: a permit needs certainty that it holds and that no exception does, a forbid needs neither.
        let closes = rule.effect == .forbid
        return Pictured(
            rule: rule, box: region(rule.condition, doubtful: closes),
            exceptions: rule.exceptions.map { exception in
                Pictured.Exception(
                    region: region(exception, doubtful: !closes),
                    turnsOnLogin: exception.domains.keys.contains { $0.isEvidence || $0 == .levelAsked })
            }.filter { !$0.region.isEmpty })
    }

    /// Where a condition holds; with the places where nobody knows when `doubtful` counts.
    mutating func region(_ condition: Condition, doubtful: Bool) -> Region {
        var region = space.whole
        for (fact, domain) in condition.domains {
            if fact == .asksFor {
                for (index, group) in space.groups.enumerated() {
                    let states = group.states(in: domain, doubtful: doubtful)
                    let holding = ClassSet(of: group.states.count) { states.contains(group.states[$0]) }
                    region.axes[8 + index] = region.axes[8 + index].intersection(holding)
                }
                continue
            }
            guard let axis = space.position(of: fact) else { continue }
            let holding = holding(fact, domain, axis)
            region.axes[axis] = region.axes[axis].intersection(doubtful ? holding.possibly : holding.certainly)
        }
        return region
    }

    private mutating func holding(_ fact: Fact, _ domain: Domain, _ axis: Int) -> Holding {
        let key = Key(fact: fact, domain: domain)
        if let known = known[key] { return known }
        let values = values(of: fact, on: axis)
        let holding = Holding(
            certainly: ClassSet(of: values.count) { domain.contains(values[$0]) == true },
            possibly: ClassSet(of: values.count) { domain.contains(values[$0]) != false })
        known[key] = holding
        return holding
    }

    private mutating func values(of fact: Fact, on axis: Int) -> [FactValue] {
        if let known = values[fact] { return known }
        var point = space.sizes.map { _ in 0 }
        let found = (0..<space.sizes[axis]).map { index in
            point[axis] = index
            return space.question(at: point)?.value(of: fact, ladder) ?? .unknown
        }
        values[fact] = found
        return found
    }
}
