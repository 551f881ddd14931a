package import Vocabulary

/// An impact for people, in groups, and for machines. The same impact gives the same text.
package struct ImpactReport: Sendable {
    package struct Entry: Sendable {
        package let change: Impact.Change
        /// In which cases, in the words of the language.
        package let cases: [[SpaceWords.Part]]
        /// Not all of them fit.
        package let hasMore: Bool
    }

    package let impact: Impact
    package let entries: [Entry]

    /// With at most `most` cases for each change.
    package init(_ impact: Impact, most: Int = 12) {
        var words = SpaceWords(impact.space)
        self.impact = impact
        entries = impact.changes.map { change in
            let (lines, isComplete) = words.lines(change.regions, most: most)
            return Entry(change: change, cases: lines, hasMore: !isComplete)
        }
    }

    // MARK: For people

    package var lines: [String] {
        var lines: [String] = []
        for direction in Impact.Direction.allCases {
            let group = entries.filter { $0.change.direction == direction }
            guard !group.isEmpty else { continue }
            lines.append("\(direction.heading): \(group.count) change\(group.count == 1 ? "" : "s")")
            for entry in group { lines += Self.lines(entry) + [concerned(entry.change)] }
            lines.append("")
        }
        return lines + [summary]
    }

    package var summary: String {
        let members = impact.space.members.reduce(0) { $0 + $1.count }
        let aside = impact.space.notInForce > 0 ? ", beside \(impact.space.notInForce) not in force" : ""
        let count = entries.count
        let people =
            impact.space.isOfKinds
            ? "\(members) sorts of members, none of them registered" : "\(members) members in \(impact.space.members.count) groups\(aside)"
        return
            "\(count == 0 ? "no decision changes" : "\(count) change\(count == 1 ? "" : "s")"); \(people); \(impact.decisions) decisions made"
    }

    private static func lines(_ entry: Entry) -> [String] {
        let change = entry.change
        var lines = ["  \(change.before.words) → \(change.after.words)"]
        for part in entry.cases {
            lines.append("    when " + (part.isEmpty ? "always" : part.map { "\($0.key): \($0.values)" }.joined(separator: "; ")))
        }
        if entry.hasMore { lines.append("    and in more cases like these") }
        let (less, more) = (
            change.before.release.subtracting(change.after.release), change.after.release.subtracting(change.before.release)
        )
        if change.before.outcome == change.after.outcome || change.after.outcome == .permit {
            if !more.isEmpty { lines.append("    tells also " + list(more.map(\.rawValue))) }
            if !less.isEmpty { lines.append("    tells no more " + list(less.map(\.rawValue))) }
        }
        if change.after.outcome == .permit, change.before.obligations != change.after.obligations {
            let (old, new) = (change.before.obligations.words, change.after.obligations.words)
            let (gone, come) = (old.filter { !new.contains($0) }, new.filter { !old.contains($0) })
            if !come.isEmpty { lines.append("    asks also " + come.joined(separator: "; ")) }
            if !gone.isEmpty { lines.append("    asks no more " + gone.joined(separator: "; ")) }
        }
        lines.append("    before: " + by(change.before))
        lines.append("    after:  " + by(change.after))
        return lines
    }

    private func concerned(_ change: Impact.Change) -> String {
        let many = change.members == 1 ? "" : "s"
        guard !impact.space.isOfKinds else { return "    \(change.members) sort\(many) of members" }
        let rest = change.members - change.names.count
        return "    \(change.members) member\(many): " + change.names.joined(separator: ", ") + (rest > 0 ? " and \(rest) more" : "")
    }

    private static func by(_ answer: Answer) -> String {
        answer.rules.isEmpty
            ? "by no rule" : "by " + answer.rules.joined(separator: ", ") + " (" + answer.bases.joined(separator: "; ") + ")"
    }

    private static func list(_ words: [String]) -> String { words.sorted().joined(separator: ", ") }

    // MARK: For machines

    package var json: JSON {
        let counts = Impact.Direction.allCases.map { direction in
            (direction.rawValue, JSON.integer(Int64(entries.count { $0.change.direction == direction })))
        }
        return .object([
            ("changed", .bool(!impact.isEmpty)), ("counts", .object(counts)),
            ("members", .integer(Int64(impact.space.members.reduce(0) { $0 + $1.count }))),
            ("groups", .integer(Int64(impact.space.members.count))), ("registered", .bool(!impact.space.isOfKinds)),
            ("not-in-force", .integer(Int64(impact.space.notInForce))),
            ("decisions", .integer(Int64(impact.decisions))),
            (
                "changes",
                .array(
                    entries.map { entry in
                        .object([
                            ("direction", .string(entry.change.direction.rawValue)), ("before", entry.change.before.json),
                            ("after", entry.change.after.json),
                            (
                                "when",
                                .array(
                                    entry.cases.map { part in .object(part.map { ($0.key, .string($0.values)) }) })
                            ), ("complete", .bool(!entry.hasMore)), ("members", .integer(Int64(entry.change.members))),
                            ("first", .array(entry.change.names.map { .string($0) })),
                        ])
                    })
            ),
        ])
    }
}

extension Impact.Direction {
    /// What the group is to whoever has to answer for it.
    fileprivate var heading: String {
        switch self {
        case .opens: "Opens what was denied"
        case .weakens: "Permits with a weaker login than before"
        case .tellsMore: "Tells more"
        case .alters: "Permits under other conditions"
        case .tellsLess: "Tells less"
        case .strengthens: "Asks for a stronger login"
        case .closes: "Closes what was open"
        case .reasons: "Answers the same for other reasons"
        }
    }
}

extension Answer {
    package var json: JSON {
        func list(_ words: [String]) -> JSON { .array(words.map { .string($0) }) }
        return .object([
            ("outcome", .string(outcome.rawValue)), ("contexts", list(contexts)),
            ("denial", denial.map { .string($0.words) } ?? .null), ("release", list(release.map(\.rawValue).sorted())),
            ("obligations", list(obligations.words)), ("signature-certificate", .bool(needsSignature)), ("rules", list(rules)),
            ("bases", list(bases)),
        ])
    }
}
