import Vocabulary

/// Boxes of the picture in the words of the language: `kind: ministry; mode: pin; maximum-status-age: over 15m`. What makes no difference is
/// left out.
package struct SpaceWords {
    /// A fact and its values.
    package typealias Part = (key: String, values: String)

    private let space: Space
    private var logins: [ClassSet: [[Part]]] = [:]
    private var loginTable: Cubes
    /// Cubes for one set; more say less than a number.
    private static let most = 12

    package init(_ space: Space) {
        self.space = space
        loginTable = Cubes(rows: space.logins.rows)
    }

    /// At most `most` lines, and whether they are all.
    package mutating func lines(_ regions: [Region], most: Int) -> (lines: [[Part]], isComplete: Bool) {
        var lines: [[Part]] = []
        for region in regions {
            let fixed = purposes(region) + choices(region) + asked(region)
            for member in members(region) {
                for moment in moments(region.axes[6]) {
                    for login in words(region.axes[7]) {
                        guard lines.count < most else { return (lines, false) }
                        lines.append(member + fixed + login + moment)
                    }
                }
            }
        }
        return (lines, true)
    }

    // MARK: Who asks

    private func members(_ region: Region) -> [[Part]] {
        let facts: [Fact] = [.kind, .member, .sector, .operator, .permission]
        let concerned = space.members.indices.filter { index in
            region.axes[1].members.contains { space.members[index].scope.purposes.contains(space.purposes[$0]) }
        }
        var names: [[String]] = facts.map { _ in [] }
        var places: [[String: Int]] = facts.map { _ in [:] }
        let rows = concerned.map { index in
            facts.enumerated().map { column, fact in
                let word = word(of: fact, space.members[index].member)
                if let place = places[column][word] { return place }
                places[column][word] = names[column].count
                names[column].append(word)
                return names[column].count - 1
            }
        }
        let wanted = Set(concerned.indices.filter { region.axes[0].contains(concerned[$0]) })
        return Cubes(rows: rows).cubes(of: wanted, most: Self.most).cubes.map { cube in
            zip(facts, cube).enumerated().compactMap { column, part in
                part.1.map { (part.0.rawValue, $0.map { names[column][$0] }.sorted().joined(separator: ", ")) }
            }
        }
    }

    private func word(of fact: Fact, _ member: Member) -> String {
        func named(_ word: String) -> String { space.named(fact).contains(word) ? word : space.named(fact).isEmpty ? "" : "any other" }
        switch fact {
        case .kind: return member.kind.rawValue
        case .member: return named(member.id.text)
        case .sector: return named(member.sector)
        case .operator: return named(member.operatedBy?.text ?? Fact.none)
        default:
            guard space.mentioned.contains(.permission) else { return "" }
            let permissions = member.accreditation.permissions.map(\.rawValue).sorted()
            return permissions.isEmpty ? Fact.none : permissions.joined(separator: " and ")
        }
    }

    private func purposes(_ region: Region) -> [Part] {
        let covered = region.axes[0].members.reduce(into: Set<Purpose>()) { $0.formUnion(space.members[$1].scope.purposes) }
        let chosen = region.axes[1].members.map { space.purposes[$0] }
        guard !covered.isSubset(of: chosen) else { return [] }
        let words = chosen.map { space.named(.purpose).contains($0.text) || space.named(.purpose).isEmpty ? $0.text : "any other" }
        return [(Fact.purpose.rawValue, Set(words).sorted().joined(separator: ", "))]
    }

    /// Those that are chosen, or those that are not where they are few.
    private static func list(_ chosen: Set<Int>, of words: [String]) -> String {
        let rest = words.indices.filter { !chosen.contains($0) }
        if words.count > 3, rest.count * 2 < words.count, !rest.isEmpty { return "not " + rest.map { words[$0] }.joined(separator: ", ") }
        return words.indices.filter(chosen.contains).map { words[$0] }.joined(separator: ", ")
    }

    // MARK: What is asked

    private func choices(_ region: Region) -> [Part] {
        func part(_ axis: Int, _ fact: Fact, _ words: [String]) -> [Part] {
            let chosen = region.axes[axis]
            guard chosen.count < words.count else { return [] }
            return [(fact.rawValue, Self.list(Set(chosen.members), of: words))]
        }
        return part(2, .protocol, space.protocols.map { $0?.rawValue ?? "not known" }) + part(3, .path, space.paths.map(\.rawValue))
            + part(4, .actingFor, space.acting.map(\.rawValue)) + part(5, .load, space.loads.map(\.rawValue))
    }

    private func asked(_ region: Region) -> [Part] {
        let parts = space.groups.enumerated().compactMap { index, group -> String? in
            let states = region.axes[8 + index].members.map { group.states[$0] }
            let known = states.filter { $0 != .unknown }
            guard known.count < group.states.count - 1 else { return nil }
            guard !known.isEmpty else { return "not known" }
            let names = group.attributes.count > 6 ? "the other attributes" : group.attributes.map(\.rawValue).joined(separator: ", ")
            return known.map { state in
                switch state {
                case .none: "none of \(names)"
                case .some: "some of \(names)"
                default: (group.attributes.count > 1 ? "all of " : "") + names
                }
            }.joined(separator: " or ")
        }
        return parts.isEmpty
            ? [] : [(Fact.asksFor.rawValue, Set(parts).count == 1 ? parts[0] : parts.filter { $0 != "not known" }.joined(separator: "; "))]
    }

    // MARK: When

    private func moments(_ chosen: ClassSet) -> [[Part]] {
        let moments = space.moments
        guard chosen.count < moments.classes.count else { return [[]] }
        let table = Cubes(rows: moments.classes.map { [$0.days, $0.minutes, $0.weekday ?? -1] })
        return table.cubes(of: Set(chosen.members), most: Self.most).cubes.map { cube in
            var parts: [Part] = []
            if let days = cube[0] { parts.append((Fact.date.rawValue, Self.ranges(days, of: moments.days, .date))) }
            if let minutes = cube[1] { parts.append((Fact.hours.rawValue, Self.ranges(minutes, of: moments.minutes, .hours))) }
            if let weekdays = cube[2] {
                parts.append((Fact.weekday.rawValue, weekdays.sorted().map { Weekday.allCases[$0].rawValue }.joined(separator: ", ")))
            }
            return parts
        }
    }

    /// Neighbouring ranges as one.
    private static func ranges(_ chosen: Set<Int>, of ranges: [ClosedRange<Int64>], _ fact: Fact) -> String {
        var joined: [ClosedRange<Int64>] = []
        for index in chosen.sorted() {
            if let last = joined.last, chosen.contains(index - 1) {
                joined[joined.count - 1] = last.lowerBound...ranges[index].upperBound
            } else {
                joined.append(ranges[index])
            }
        }
        let ends = (ranges.first?.lowerBound ?? 0, ranges.last?.upperBound ?? 0)
        return joined.map { range in
            // The last day and the first are where the picture ends, and no date that a rule knows.
            guard fact == .date else {
                let isAge = fact == .maximumStatusAge || fact == .maximumLoginAge
                return (isAge && range.lowerBound <= 0 ? "up to " : "") + fact.words(from: range.lowerBound, to: range.upperBound)
            }
            return fact.words(
                from: range.lowerBound == ends.0 ? .min : range.lowerBound, to: range.upperBound == ends.1 ? .max : range.upperBound)
        }.joined(separator: " or ")
    }

    // MARK: After which login

    private mutating func words(_ chosen: ClassSet) -> [[Part]] {
        if let known = logins[chosen] { return known }
        let found: [[Part]]
        if chosen.count == space.logins.rows.count {
            found = [[]]
        } else {
            let (cubes, isComplete) = loginTable.cubes(of: Set(chosen.members), most: Self.most)
            found = cubes.map(words) + (isComplete ? [] : [[("login", "others")]])
        }
        logins[chosen] = found
        return found
    }

    private func words(_ cube: Cubes.Cube) -> [Part] {
        let table = space.logins
        func say(_ fact: Fact, _ chosen: Set<Int>, _ words: [String]) -> Part { (fact.rawValue, Self.list(chosen, of: words)) }
        var parts: [Part] = []
        for column in LoginSpace.Column.allCases {
            guard let values = cube[column.rawValue] else { continue }
            let known = Set(values.filter { $0 >= 0 })
            guard !known.isEmpty else { continue }
            switch column {
            case .isThere: parts.append(("login", known == [0] ? "none" : "any"))
            case .mode: parts.append(say(.mode, known, CardMode.allCases.map(\.rawValue)))
            case .carrier: parts.append(say(.carrier, known, Carrier.allCases.map(\.rawValue)))
            case .door: parts.append(say(.door, known, table.doors.map(\.rawValue)))
            case .way: parts += ways(known)
            case .upstream: parts.append(say(.upstream, known, table.upstreams.map { $0?.text ?? Fact.none }))
            case .source: parts.append(say(.statusSource, known, table.sources.map(\.rawValue)))
            case .statusAge:
                parts.append((Fact.maximumStatusAge.rawValue, Self.ranges(known, of: table.statusAges, .maximumStatusAge)))
            case .loginAge: parts.append((Fact.maximumLoginAge.rawValue, Self.ranges(known, of: table.loginAges, .maximumLoginAge)))
            case .signature: parts.append(say(.signatureCertificate, known, table.signatures.map(String.init)))
            case .asked: parts.append(say(.levelAsked, known, table.asked.map(words)))
            }
        }
        // A login that is described needs no word that it is there.
        if parts.count > 1, parts.contains(where: { Fact(rawValue: $0.key)?.isEvidence == true }) { parts.removeAll { $0.key == "login" } }
        return parts
    }

    private func ways(_ chosen: Set<Int>) -> [Part] {
        let ways = chosen.sorted().map { space.logins.ways[$0] }
        let all = space.logins.ways
        if Set(ways) == Set(all.filter(\.isStated)) { return [(Fact.modeStated.rawValue, "true")] }
        if Set(ways) == Set(all.filter { !$0.isStated }) { return [(Fact.modeStated.rawValue, "false")] }
        let words = all.map { $0.terminal ?? ($0.isStated ? "none (mode stated)" : "none") }
        return [(Fact.terminal.rawValue, Self.list(chosen, of: words))]
    }

    private func words(_ requirement: ContextRequirement?) -> String {
        guard let requirement else { return Fact.none }
        let names = requirement.values.map { value in
            space.ladders.compactMap { ladder in ladder.rank(meantBy: value).map { ladder.contexts[$0].name } }.first ?? "an unknown level"
        }
        return (requirement.comparison == .minimum ? "at least " : "") + names.joined(separator: " or ")
    }
}
