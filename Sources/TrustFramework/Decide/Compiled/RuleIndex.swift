import Vocabulary

/// All rules of a policy, made ready once: shelves to find those that could speak, exceptions as tests of numbers, and for each rule the
/// logins it speaks of. What it says is what `Domain.contains` says of the question's values; a law of the tests.
final class RuleIndex: Sendable {
    /// One rule. Ranges point into the flat arrays below, so that looking at a rule counts no references.
    struct Entry: Sendable {
        let isForbid: Bool
        let hasEvidence: Bool
        /// In `logins`, as a multiple of its width.
        let logins: Int32
        let exceptions: Range<Int32>
        /// What it releases, and what it turns on, as bits.
        let release: UInt64
        let facts: UInt32
        let isObliging: Bool
    }

    struct Exception: Sendable {
        let hasEvidence: Bool
        let logins: Int32
        let tests: Range<Int32>
        let evidence: Range<Int32>
    }

    private struct Test {
        let place: Int32
        /// In `allowed`: one bit for each number of the fact.
        let offset: Int32
        /// For `asks-for` only.
        let asked: AskedBits
    }

    /// Sorted by id.
    let rules: [Rule]
    let ladder: AssuranceLadder
    let releases: ReleaseSets
    /// All contexts from one on, by the bits of their ranks.
    let upper: [UInt64: [AssuranceContext]]
    let entries: [Entry]
    let exceptions: [Exception]
    let table: FactTable
    let reach: ReachTable
    let logins: LoginTable
    /// Sets of logins, each as wide as the table of logins; the first is all of them.
    let parts: [UInt64]
    private let tests: [Test]
    private let allowed: [UInt64]
    private let members: [ExactText: Shelf]
    private let purposes: [Purpose: Shelf]
    private let general: Shelf?
    private let asksFor = Int32(Fact.asksFor.place)

    init(_ rules: [Rule], _ ladder: AssuranceLadder) {
        let rules = rules.sorted { $0.id < $1.id }
        let table = FactTable(rules, ladder)
        let reach = ReachTable(ladder)
        let logins = LoginTable(rules, ladder, reach)
        var parts = LoginParts(logins, table, ladder)
        var writer = Writer(table: table)
        var entries: [Entry] = []
        for rule in rules {
            let first = Int32(writer.exceptions.count)
            for exception in rule.exceptions { writer.write(exception, parts.part(exception)) }
            entries.append(
                Entry(
                    isForbid: rule.effect == .forbid, hasEvidence: rule.condition.facts.contains(where: \.isEvidence),
                    logins: parts.part(rule.condition), exceptions: first..<Int32(writer.exceptions.count),
                    release: AttributeBits.of(rule.release), facts: rule.facts.reduce(0) { $0 | $1.bit },
                    isObliging: !rule.obligations.isEmpty))
        }
        self.rules = rules
        self.ladder = ladder
        releases = ReleaseSets(rules)
        let counted = ladder.contexts.prefix(ReachTable.most)
        upper = Dictionary(
            uniqueKeysWithValues: counted.indices.map { first in
                (counted.indices[first...].reduce(UInt64(0)) { $0 | 1 << UInt64($1) }, Array(counted[first...]))
            })
        self.entries = entries
        self.table = table
        self.reach = reach
        self.logins = logins
        self.parts = parts.words
        exceptions = writer.exceptions
        tests = writer.tests
        allowed = writer.allowed

        var byMember: [ExactText: [(Int32, Rule)]] = [:]
        var byPurpose: [Purpose: [(Int32, Rule)]] = [:]
        var rest: [(Int32, Rule)] = []
        for (position, rule) in rules.enumerated() {
            if case .among(let words) = rule.condition[.member] {
                for word in words { byMember[ExactText(text: word), default: []].append((Int32(position), rule)) }
            } else if case .among(let words) = rule.condition[.purpose] {
                for purpose in words.compactMap({ Purpose($0) }) { byPurpose[purpose, default: []].append((Int32(position), rule)) }
            } else {
                rest.append((Int32(position), rule))
            }
        }
        members = byMember.mapValues { Shelf($0, table, skipping: .member) }
        purposes = byPurpose.mapValues { Shelf($0, table, skipping: .purpose) }
        general = rest.isEmpty ? nil : Shelf(rest, table, skipping: nil)
    }

    /// The shelves on which a rule for this question can stand. No rule stands on two of them.
    @inline(__always)
    func shelves(_ question: Question) -> (Shelf?, Shelf?, Shelf?) {
        (
            general, purposes.isEmpty ? nil : purposes[question.purpose],
            members.isEmpty ? nil : members[ExactText(text: question.member.id.text)]
        )
    }

    // MARK: Exceptions

    enum Truth { case yes, no, unsure }

    @inline(__always)
    func truth(_ exception: Exception, _ codes: borrowing FactCodes, withEvidence: Bool) -> Truth {
        let other = truth(exception.tests, codes)
        guard withEvidence, other != .no else { return other }
        switch truth(exception.evidence, codes) {
        case .no: return .no
        case .yes: return other
        case .unsure: return .unsure
        }
    }

    private func truth(_ range: Range<Int32>, _ codes: borrowing FactCodes) -> Truth {
        var result = Truth.yes
        for index in range {
            let test = tests[Int(index)]
            if test.place == asksFor {
                if !codes.isAskedKnown { result = .unsure } else if !test.asked.holds(codes.asked) { return .no }
                continue
            }
            let code = Int(codes[Int(test.place)])
            if code < 0 {
                result = .unsure
            } else if allowed[Int(test.offset) + code / 64] & (1 << UInt64(code % 64)) == 0 {
                return .no
            }
        }
        return result
    }

    /// Writes exceptions into flat arrays.
    private struct Writer {
        let table: FactTable
        var exceptions: [Exception] = []
        var tests: [Test] = []
        var allowed: [UInt64] = []

        mutating func write(_ condition: Condition, _ part: Int32) {
            let facts = condition.facts
            let first = Int32(tests.count)
            for fact in facts where !fact.isEvidence { write(fact, condition) }
            let middle = Int32(tests.count)
            for fact in facts where fact.isEvidence { write(fact, condition) }
            exceptions.append(
                Exception(
                    hasEvidence: facts.contains(where: \.isEvidence), logins: part, tests: first..<middle,
                    evidence: middle..<Int32(tests.count)))
        }

        private mutating func write(_ fact: Fact, _ condition: Condition) {
            guard let domain = condition[fact] else { return }
            let place = fact.place
            guard fact != .asksFor else {
                tests.append(Test(place: Int32(place), offset: 0, asked: AskedBits(domain)))
                return
            }
            tests.append(Test(place: Int32(place), offset: Int32(allowed.count), asked: .nothing))
            let values = table.values[place]
            var words = Array(repeating: UInt64(0), count: (values.count + 63) / 64)
            for (code, value) in values.enumerated() where domain.contains(value) == true { words[code / 64] |= 1 << UInt64(code % 64) }
            allowed += words
        }
    }
}

/// For what conditions say of evidence: the logins for which it holds. Conditions that say the same share a set.
private struct LoginParts {
    private let logins: LoginTable
    private let table: FactTable
    private let ladder: AssuranceLadder
    private(set) var words: [UInt64]
    private var known: [Condition: Int32] = [:]
    private var held: [Pair: [UInt64]] = [:]
    private var codes: [Fact: [Int32]] = [:]

    init(_ logins: LoginTable, _ table: FactTable, _ ladder: AssuranceLadder) {
        self.logins = logins
        self.table = table
        self.ladder = ladder
        words = (0..<logins.width).map { word in
            let left = logins.logins.count - word * 64
            return left >= 64 ? .max : (1 << UInt64(left)) - 1
        }
        known[.always] = 0
    }

    mutating func part(_ condition: Condition) -> Int32 {
        let evidence = Condition(condition.domains.filter { $0.key.isEvidence })
        if let part = known[evidence] { return part }
        let part = Int32(words.count / max(logins.width, 1))
        known[evidence] = part
        var bits = Array(words[0..<logins.width])
        for (fact, domain) in evidence.domains {
            let holding = holding(fact, domain)
            for word in bits.indices { bits[word] &= holding[word] }
        }
        words += bits
        return part
    }

    /// The logins whose value of one fact is in the domain: found by numbers, so that each value is looked at once.
    private mutating func holding(_ fact: Fact, _ domain: Domain) -> [UInt64] {
        let key = Pair(fact: fact, domain: domain)
        if let bits = held[key] { return bits }
        let place = fact.place
        let codes =
            self.codes[fact]
            ?? logins.logins.map { login in
                FactCodes.evidence(fact, place, login.facts, Timestamp(milliseconds: 0), login.rank, table, ladder)
            }
        self.codes[fact] = codes
        let allowed = table.values[place].map { domain.contains($0) == true }
        var bits = Array(repeating: UInt64(0), count: logins.width)
        for (index, code) in codes.enumerated() where allowed[Int(code)] { bits[index / 64] |= 1 << UInt64(index % 64) }
        held[key] = bits
        return bits
    }

    private struct Pair: Hashable {
        let fact: Fact
        let domain: Domain
    }
}
