import Cryptography
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
    /// Held by the node that adds a line or prunes.
    package static let lock = "evidence.lock"
    /// Two thousand lists a day for a quarter of a year, at 500 bytes a line, and as much again.
    private static let longest = 256 << 20

    private let folder: DiskFolder
    private let shelf: ListShelf
    /// Seconds for which another node may have the journal.
    private let patience: Int
    /// Digests of what is in use, by source; nil until the journal was read. The past stays on the disk.
    ///
    /// INVARIANT: whoever adds a line or prunes has this, and `lock` beside it: a line that came between the reading and the replacing of
    /// the journal would be gone, and the list it names with it.
    private let open = Mutex<[String: String]?>(nil)

    package init(folder: DiskFolder, shelf: ListShelf, patience: Int = 30) {
        self.folder = folder
        self.shelf = shelf
        self.patience = patience
    }

    /// All intervals, the oldest first. What is no whole line is skipped: the end of a journal may have been cut by a power failure.
    /// Changes nothing: other programs may ask while the server runs.
    package static func read(_ folder: DiskFolder) -> [Interval] { (try? intervals(folder)) ?? [] }

    private static func intervals(_ folder: DiskFolder) throws(DiskTrouble) -> [Interval] {
        guard let bytes = try folder.read(name, limit: longest) else { return [] }
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

    /// Writes down what this source has in use, nil for nothing, when that is something else than before; on trouble the next call does.
    /// `held` is asked when nobody else in this process writes, so that of two calls the later one has the last word. May wait for as long
    /// as a prune takes.
    package func note(_ source: String, at now: Timestamp, _ held: () -> ListFacts?) throws(DiskTrouble) {
        try open.withLock { open throws(DiskTrouble) in
            var known = open ?? Self.inUse(Self.read(folder))
            defer { open = known }
            let facts = held()
            guard known[source] != facts?.digest else { return }
            // A line that stands beside a prune is better than none.
            let lock = claimed()
            defer { withExtendedLifetime(lock) {} }
            try folder.append(Self.name, line: facts.map { Self.line(source, at: now, until: nil, $0) } ?? Self.ended(source, at: now))
            known[source] = facts?.digest
        }
    }

    /// Nil when another node has it for longer than `patience`, and at once where no lock can lie.
    private func claimed() -> FileLock? {
        guard PrivateFile.make(folder.path(of: Self.lock)) || folder.has(Self.lock) else { return nil }
        return FileLock.waiting(for: folder.path(of: Self.lock), .alone, seconds: patience)
    }

    private static func inUse(_ intervals: [Interval]) -> [String: String] {
        Dictionary(intervals.filter { $0.until == nil }.map { ($0.source, $0.facts.digest) }) { _, last in last }
    }

    /// Forgets what is older than the rules keep, and the oldest beyond their bytes. What is in use stays. Nothing while another node has
    /// the journal: it is no matter of one day.
    package func prune(rules: ListRules, at now: Timestamp) throws(DiskTrouble) {
        let needed = try open.withLock { _ throws(DiskTrouble) -> Set<String>? in
            guard let lock = claimed() else { return nil }
            defer { withExtendedLifetime(lock) {} }
            // A journal that cannot be read says of no list that nobody needs it.
            let all = try Self.intervals(folder)
            let kept = Self.kept(all, rules: rules, at: now)
            if kept.count < all.count {
                let lines = kept.map { Self.line($0.source, at: $0.from, until: $0.until, $0.facts) + "\n" }
                try folder.write(Self.name, Array(lines.joined().utf8))
            }
            let needed = Set(kept.map(\.facts.digest))
            shelf.remove(Set(all.map(\.facts.digest)).subtracting(needed))
            return needed
        }
        if let needed { shelf.sweep(keeping: needed, at: now) }
    }

    /// The oldest first.
    private static func kept(_ all: [Interval], rules: ListRules, at now: Timestamp) -> [Interval] {
        let oldest = now.adding(seconds: -rules.evidenceDays * 86_400)
        var bytes = 0
        var kept: [Interval] = []
        // From the newest: what is in use and what ended last has the first claim on the space.
        for interval in all.sorted(by: { ($0.until ?? now, $0.from) > ($1.until ?? now, $1.from) }) {
            bytes = bytes.addingReportingOverflow(interval.facts.bytes).partialValue
            if interval.until.map({ $0 >= oldest && bytes <= rules.evidenceBytes }) ?? true { kept.append(interval) }
        }
        return kept.sorted { $0.from < $1.from }
    }

    private static func ended(_ source: String, at now: Timestamp) -> String {
        JSON.object([("event", "ended"), ("source", .string(source)), ("at", .string(now.text))]).text
    }

    private static func line(_ source: String, at from: Timestamp, until: Timestamp?, _ facts: ListFacts) -> String {
        var members: [(String, JSON)] = [("event", "used"), ("source", .string(source)), ("at", .string(from.text))]
        if let until { members.append(("until", .string(until.text))) }
        return JSON.object(members + facts.members).text
    }
}
