import Synchronization
package import Vocabulary

/// Which list was in use from when to when, so that a decision can be explained as of a past date. The lists themselves lie on the shelf
/// by their digests; this journal says when each was published and replaced.
package final class ListEvidence: Sendable {
    package struct Interval: Hashable, Sendable {
        package let source: String
        package let facts: ListFacts
        package let from: Timestamp
        /// nil: in use still.
        package fileprivate(set) var until: Timestamp?
    }

    package static let name = "evidence.jsonl"
    /// Two thousand lists a day for a quarter of a year, at 500 bytes a line, and as much again.
    private static let longest = 256 << 20

    private let folder: DiskFolder
    private let shelf: ListShelf
    /// Digests of what is in use, by source; nil until the journal was read. The past stays on the disk.
    private let open = Mutex<[String: String]?>(nil)

    package init(folder: DiskFolder, shelf: ListShelf) {
        self.folder = folder
        self.shelf = shelf
    }

    /// All intervals, the oldest first. What is no whole line is skipped: the end of a journal may have been cut by a power failure.
    /// Changes nothing: other programs may ask while the server runs.
    package static func read(_ folder: DiskFolder) -> [Interval] {
        guard let bytes = try? folder.read(name, limit: longest) else { return [] }
        var intervals: [Interval] = []
        var open: [String: Int] = [:]
        for line in bytes.split(separator: 0x0a) {
            guard let json = try? JSON(reading: Array(line)), let source = json["source"]?.string,
                let at = json["at"]?.string.flatMap({ Timestamp($0) })
            else { continue }
            if let position = open.removeValue(forKey: source) { intervals[position].until = at }
            if json["event"]?.string == "used", let facts = ListFacts(reading: json) {
                let until = json["until"]?.string.flatMap { Timestamp($0) }
                if until == nil { open[source] = intervals.count }
                intervals.append(Interval(source: source, facts: facts, from: at, until: until))
            }
        }
        return intervals
    }

    /// What was in use at that moment.
    package static func inUse(_ intervals: [Interval], at moment: Timestamp) -> [Interval] {
        intervals.filter { $0.from <= moment && $0.until.map { moment < $0 } ?? true }
    }

    /// A list of this source is in use from now on; the one before is not. Reads the journal when it is the first to ask.
    func use(_ facts: ListFacts, of source: String, at now: Timestamp) throws(DiskTrouble) {
        guard replace(source, by: facts.digest) != facts.digest else { return }
        do { try folder.append(Self.name, line: Self.line(source, at: now, until: nil, facts)) } catch {
            // Told again when the list is used again.
            replace(source, by: nil)
            throw error
        }
    }

    /// No list of this source is in use any more.
    func end(_ source: String, at now: Timestamp) throws(DiskTrouble) {
        guard replace(source, by: nil) != nil else { return }
        try folder.append(Self.name, line: JSON.object([("event", "ended"), ("source", .string(source)), ("at", .string(now.text))]).text)
    }

    /// The digest that was in use before.
    @discardableResult private func replace(_ source: String, by digest: String?) -> String? {
        open.withLock { open in
            var known = open ?? Self.inUse(Self.read(folder))
            defer { open = known }
            let before = known[source]
            known[source] = digest
            return before
        }
    }

    private static func inUse(_ intervals: [Interval]) -> [String: String] {
        Dictionary(intervals.filter { $0.until == nil }.map { ($0.source, $0.facts.digest) }) { _, last in last }
    }

    /// Forgets what is older than the rules keep, and the oldest beyond their bytes. What is in use stays.
    func prune(rules: ListRules, at now: Timestamp) throws(DiskTrouble) {
        let oldest = now.adding(seconds: -rules.evidenceDays * 86_400)
        let all = Self.read(folder)
        var bytes = 0
        var kept: [Interval] = []
        // From the newest: what is in use and what ended last has the first claim on the space.
        for interval in all.sorted(by: { ($0.until ?? now, $0.from) > ($1.until ?? now, $1.from) }) {
            bytes = bytes.addingReportingOverflow(interval.facts.bytes).partialValue
            if interval.until.map({ $0 >= oldest && bytes <= rules.evidenceBytes }) ?? true { kept.append(interval) }
        }
        if kept.count < all.count {
            kept.sort { $0.from < $1.from }
            let lines = kept.map { Self.line($0.source, at: $0.from, until: $0.until, $0.facts) + "\n" }
            try folder.write(Self.name, Array(lines.joined().utf8))
        }
        let needed = Set(kept.map(\.facts.digest))
        shelf.remove(Set(all.map(\.facts.digest)).subtracting(needed))
        shelf.sweep(keeping: needed, at: now)
    }

    private static func line(_ source: String, at from: Timestamp, until: Timestamp?, _ facts: ListFacts) -> String {
        var members: [(String, JSON)] = [("event", "used"), ("source", .string(source)), ("at", .string(from.text))]
        if let until { members.append(("until", .string(until.text))) }
        return JSON.object(members + facts.members).text
    }
}
