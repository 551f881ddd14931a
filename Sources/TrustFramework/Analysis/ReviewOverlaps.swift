import Vocabulary

/// Rules that others leave nothing of.
extension PolicyReview {
    /// Permits that are forbidden wherever they hold.
    func shadowed(besides dead: Set<Int>) -> (rules: Set<Int>, findings: [PolicyFinding]) {
        let forbids = indexes(.forbid, besides: dead)
        var shadowed: Set<Int> = []
        var found: [PolicyFinding] = []
        for index in indexes(.permit, besides: dead) {
            var budget = Budget("boxes", limit: limits.boxes)
            do throws(BudgetExceeded) {
                let covers = forbids.map { parts[$0] ?? [] }
                guard let needed = try Cover.covering(parts[index] ?? [], by: covers, within: &budget) else { continue }
                let names = needed.map { rules[forbids[$0]].rule.id }.sorted()
                let list = names.map { "`\($0)`" }.joined(separator: " and ")
                shadowed.insert(index)
                found.append(
                    PolicyFinding(
                        .error, "policy.shadowed", rules[index].rule, others: names,
                        "`\(rules[index].rule.id)` permits nothing: \(list) forbid\(names.count == 1 ? "s" : "") it wherever it holds",
                        "write an exception under `unless` of \(list), or remove the permit"))
            } catch {
                found.append(undecided(index, "whether it is forbidden wherever it holds"))
            }
        }
        return (shadowed, found)
    }

    /// Rules without which every answer would be the same. Of two that say the same the later one is told.
    func redundant(besides gone: Set<Int>) -> [PolicyFinding] {
        var idle: Set<Int> = []
        var found: [PolicyFinding] = []
        let forbids = indexes(.forbid, besides: gone)
        for index in rules.indices.reversed() where !gone.contains(index) && parts[index] != nil {
            let rule = rules[index].rule
            let others = rules.indices.filter { other in
                other != index && !gone.contains(other) && !idle.contains(other) && parts[other] != nil && rules[other].rule.says(rule)
            }
            guard !others.isEmpty else { continue }
            var budget = Budget("boxes", limit: limits.boxes)
            do throws(BudgetExceeded) {
                var open = parts[index] ?? []
                if rule.effect == .permit { open = try Cover.rest(of: open, without: forbids.map { parts[$0] ?? [] }, within: &budget) }
                guard let needed = try Cover.covering(open, by: others.map { parts[$0] ?? [] }, within: &budget) else { continue }
                idle.insert(index)
                let names = needed.map { rules[others[$0]].rule.id }.sorted()
                let list = names.map { "`\($0)`" }.joined(separator: " and ")
                found.append(
                    PolicyFinding(
                        .warning, "policy.redundant", rule, others: names,
                        "`\(rule.id)` adds nothing to \(list)" + (rule.effect == .permit ? ": what it permits and asks for, they do" : ""),
                        "remove it, unless its basis shall be told beside theirs"))
            } catch {
                found.append(undecided(index, "whether other rules say the same"))
            }
        }
        return found
    }

    func indexes(_ effect: Rule.Effect, besides dead: Set<Int>) -> [Int] {
        rules.indices.filter { rules[$0].rule.effect == effect && !dead.contains($0) && parts[$0] != nil }
    }
}

extension Rule {
    /// Where both hold, the other one adds nothing to this.
    fileprivate func says(_ other: Rule) -> Bool {
        effect == other.effect
            && (effect == .forbid
                || release.isSuperset(of: other.release) && obligations.joined(with: other.obligations) == obligations
                    && obligations.contradictions(with: other.obligations).isEmpty)
    }
}
