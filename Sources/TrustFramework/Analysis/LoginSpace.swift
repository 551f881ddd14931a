import Vocabulary

/// Every login that rules and ladders tell apart, with every level that a request may ask for: one row each. They hang together, because
/// the context that a login reaches depends on what was asked.
struct LoginSpace: Sendable {
    enum Column: Int, CaseIterable {
        case isThere, mode, carrier, door, way, upstream, source, statusAge, loginAge, signature, asked
    }

    /// How the mode came to be known.
    struct Way: Hashable, Sendable {
        let isStated: Bool
        let terminal: String?
    }

    let ways: [Way]
    let upstreams: [MemberID?]
    let doors: [Door]
    let sources: [StatusSource]
    let statusAges: [ClosedRange<Int64>]
    let loginAges: [ClosedRange<Int64>]
    let signatures: [Bool]
    let asked: [ContextRequirement?]
    /// For each row its value in each column, as a position in the lists above; -1 where there was no login.
    let rows: [[Int]]

    private static let longest: Int64 = 100 * 365 * 86_400

    init(_ policies: [Policy], _ mentioned: Mentioned, most: Int) throws(AnalysisRefusal) {
        let contexts = policies.flatMap(\.ladder.contexts)
        func tells(_ fact: Fact) -> Bool { mentioned.facts.contains(fact) }
        doors = tells(.door) || contexts.askForDoor ? Door.allCases : [.challenge]
        sources =
            tells(.statusSource) || contexts.contains { $0.statusSources.count < 2 } ? [.crl, .ocsp] : [.crl]
        let classes = Set(policies.flatMap(\.ladder.terminalClasses)).union(mentioned.named(.terminal))
            .subtracting([Fact.none, AssuranceLadder.unclassified]).sorted()
        var other = "any-other"
        while classes.contains(other) { other += "-x" }
        // A stated mode without a class comes first: it stands for all terminals where nothing tells them apart.
        ways =
            [Way(isStated: false, terminal: nil), Way(isStated: true, terminal: nil)]
            + (classes.isEmpty && !tells(.terminal)
            ? [] : ([AssuranceLadder.unclassified] + classes + [other]))
            .map { Way(isStated: true, terminal: $0) }
        let named = Set(policies.flatMap(\.ladder.upstreams)).union(mentioned.named(.upstream).compactMap { MemberID($0) })
            .filter { $0.text != Fact.none }.sorted { $0.text < $1.text }
        upstreams =
            [nil]
            + (named.isEmpty && !tells(.upstream)
                ? [] : (named + [MemberID(mentioned.other(.upstream, "urn:x-sekisho:any-upstream"))].compactMap(\.self)))
        statusAges = mentioned.ranges(.maximumStatusAge, from: 0, to: Self.longest)
        loginAges = mentioned.ranges(.maximumLoginAge, from: 0, to: Self.longest)
        signatures = tells(.signatureCertificate) ? [false, true] : [false]
        asked = Self.requirements(policies.map(\.ladder), inPairs: tells(.levelAsked))
        let counts = [
            1, 3, 2, doors.count, ways.count, upstreams.count, sources.count, statusAges.count, loginAges.count, signatures.count,
        ]
        let total = counts.reduce(asked.count) { total, count in
            let (product, overflow) = total.multipliedReportingOverflow(by: count)
            return overflow ? .max : product
        }
        guard total <= most else { throw .tooManyClasses(facts: Fact.allCases.filter { $0.isEvidence } + [.levelAsked], limit: most) }
        rows = Self.rows(counts + [asked.count], ways)
    }

    private static func rows(_ counts: [Int], _ ways: [Way]) -> [[Int]] {
        var rows = (0..<(counts.last ?? 0)).map { asked in
            [0] + Array(repeating: -1, count: Column.allCases.count - 2) + [asked]
        }
        var logins: [[Int]] = [[1]]
        for column in Column.allCases.dropFirst() {
            logins = logins.flatMap { row in (0..<counts[column.rawValue]).map { row + [$0] } }
        }
        // Whoever logged in elsewhere stood before none of our terminals.
        rows += logins.filter { $0[Column.upstream.rawValue] == 0 || ways[$0[Column.way.rawValue]].terminal == nil }
        return rows
    }

    /// A request asks for nothing, for one context, for at least one, or for something that nobody knows; where rules turn on what was asked
    /// also for one of two.
    private static func requirements(_ ladders: [AssuranceLadder], inPairs: Bool) -> [ContextRequirement?] {
        func exact(_ values: [String]) -> ContextRequirement { ContextRequirement(values: values, comparison: .exact, essential: true) }
        var seen: Set<[Int]> = []
        var values: [String] = []
        for value in ladders.flatMap({ $0.contexts.flatMap { $0.acrValues.prefix(1) + $0.samlClasses + $0.acrValues } }) {
            let meanings = ladders.map { $0.rank(meantBy: value) ?? -1 }
            if seen.insert(meanings).inserted { values.append(value) }
        }
        var found: [ContextRequirement?] = [nil]
        found += values.map { exact([$0]) }
        found += values.map { ContextRequirement(values: [$0], comparison: .minimum, essential: true) }
        if inPairs {
            for (index, one) in values.enumerated() { found += values[(index + 1)...].map { exact([one, $0]) } }
        }
        return found + [exact(["urn:x-sekisho:no-such-level"])]
    }
}

extension LoginSpace {
    /// The login of a row, at a moment; nil when there was none.
    func facts(_ row: Int, at now: Timestamp) -> AssuranceFacts? {
        let values = rows[row]
        func at(_ column: Column) -> Int { values[column.rawValue] }
        guard at(.isThere) == 1 else { return nil }
        let authenticated = now.adding(seconds: -loginAges[at(.loginAge)].lowerBound)
        return AssuranceFacts(
            mode: CardMode.allCases[at(.mode)], modeIsStated: ways[at(.way)].isStated, carrier: Carrier.allCases[at(.carrier)],
            door: doors[at(.door)], statusSource: sources[at(.source)],
            statusAt: authenticated.adding(seconds: -statusAges[at(.statusAge)].lowerBound), authenticatedAt: authenticated,
            terminalClass: ways[at(.way)].terminal, upstream: upstreams[at(.upstream)], signatureCertificate: signatures[at(.signature)])
    }

    func requirement(_ row: Int) -> ContextRequirement? { asked[rows[row][Column.asked.rawValue]] }
}

extension LoginSpace {
    /// Columns that matter to rules which speak of `facts`; the ladder's own always do.
    func columns(for facts: Set<Fact>, under ladders: [AssuranceLadder]) -> Set<Column> {
        var columns: Set<Column> = [.isThere, .mode, .carrier, .asked]
        let contexts = ladders.flatMap(\.contexts)
        if facts.contains(.door) || contexts.askForDoor { columns.insert(.door) }
        if facts.contains(.terminal) || ladders.contains(where: { !$0.terminalClasses.isEmpty }) { columns.insert(.way) }
        // Without a ceiling an upstream reaches nothing, so it matters under every ladder.
        columns.insert(.upstream)
        if facts.contains(.statusSource) || contexts.contains(where: { $0.statusSources.count < 2 }) { columns.insert(.source) }
        if facts.contains(.maximumStatusAge) || contexts.contains(where: { $0.maximumStatusAge != nil }) { columns.insert(.statusAge) }
        if facts.contains(.maximumLoginAge) || contexts.contains(where: { $0.maximumLoginAge != nil }) { columns.insert(.loginAge) }
        if facts.contains(.signatureCertificate) { columns.insert(.signature) }
        return columns
    }

    /// The rows that differ in these columns, each with all rows that it stands for.
    func representatives(in columns: Set<Column>) -> [(row: Int, stands: [Int])] {
        var index: [[Int]: Int] = [:]
        var members: [[Int]] = []
        for (number, row) in rows.enumerated() {
            var key = row
            for column in Column.allCases where !columns.contains(column) && row[column.rawValue] > 0 {
                // Of how the mode came to be known, whether it was stated always matters.
                key[column.rawValue] = column == .way ? 1 : 0
            }
            if let place = index[key] {
                members[place].append(number)
            } else {
                index[key] = members.count
                members.append([number])
            }
        }
        return members.compactMap { numbers in numbers.first.map { ($0, numbers) } }
    }
}
