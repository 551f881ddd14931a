/// The rules of one purpose, of one member, or of all: for each value of each fact the rules that it lets through, as bits. A question is
/// answered by cutting these sets, 64 rules at a step, whatever the rules say.
final class Shelf: Sendable {
    /// What one fact does to the rules of the shelf.
    private struct Test {
        let place: Int32
        /// Where its rows begin: first the rules that speak of the fact, then, for each value, the rules that it leaves.
        let offset: Int32
    }

    private struct AskTest {
        let bits: AskedBits
        /// Where the row of rules begins that need it.
        let offset: Int32
    }

    /// Positions in the index, by bit.
    let rules: [Int32]
    let width: Int
    /// The facts that the rules turn on, exceptions included, as bits by place.
    let facts: UInt32
    private let tests: [Test]
    private let evidence: [Test]
    private let asks: [AskTest]
    private let rows: [UInt64]

    /// `skipping`: a fact that all rules of the shelf share, by which it was found.
    init(_ rules: [(position: Int32, rule: Rule)], _ table: FactTable, skipping: Fact?) {
        self.rules = rules.map(\.position)
        width = (rules.count + 63) / 64
        facts = rules.reduce(0) { mask, item in item.rule.facts.reduce(mask) { $0 | $1.bit } }
        var rows: [UInt64] = []
        let width = width
        func row(_ holds: (Rule) -> Bool) {
            var words = Array(repeating: UInt64(0), count: width)
            for (index, item) in rules.enumerated() where holds(item.rule) { words[index / 64] |= 1 << UInt64(index % 64) }
            rows += words
        }
        /// A row for each word that is named. Most rules say the same of most words, so each rule only touches the words that it names.
        func named(_ fact: Fact, _ place: Int) {
            let start = rows.count
            row { $0.condition[fact]?.contains(.word(FactTable.otherWord)) ?? true }
            let other = Array(rows[start...])
            for _ in table.values[place].dropFirst() { rows += other }
            for (index, item) in rules.enumerated() {
                let isNamed: Bool
                switch item.rule.condition[fact] {
                case .among: isNamed = true
                case .besides: isNamed = false
                default: continue
                }
                for word in item.rule.condition[fact]?.named ?? [] {
                    let code = Int(table.word(place, word))
                    // The row of a word that no file can hold is that of all the words nobody names.
                    guard code > 0 else { continue }
                    let bit = UInt64(1) << UInt64(index % 64)
                    if isNamed { rows[start + code * width + index / 64] |= bit } else { rows[start + code * width + index / 64] &= ~bit }
                }
            }
        }
        row { _ in true }
        var tests: [Test] = []
        var evidence: [Test] = []
        var asks: [AskTest] = []
        for (place, fact) in Fact.inOrder.enumerated() where fact != skipping {
            guard rules.contains(where: { $0.rule.condition[fact] != nil }) else { continue }
            if fact == .asksFor {
                let domains = rules.compactMap { $0.rule.condition[fact].map { AskedBits($0) } }
                for bits in Set(domains) {
                    asks.append(AskTest(bits: bits, offset: Int32(rows.count)))
                    row { $0.condition[fact].map { AskedBits($0) } == bits }
                }
                continue
            }
            let test = Test(place: Int32(place), offset: Int32(rows.count))
            row { $0.condition[fact] != nil }
            // The contexts are numbered by the ladder, not by the words that rules name.
            if case .word(nil) = fact.kind, fact != .levelAsked {
                named(fact, place)
            } else {
                for value in table.values[place] { row { $0.condition[fact]?.contains(value) ?? true } }
            }
            if fact.isEvidence { evidence.append(test) } else { tests.append(test) }
        }
        self.tests = tests
        self.evidence = evidence
        self.asks = asks
        self.rows = rows
    }

    /// The 64 rules of one word whose conditions may hold, and those of them of which nobody knows.
    @inline(__always)
    func possible(_ word: Int, _ codes: borrowing FactCodes, withEvidence: Bool) -> (possible: UInt64, unsure: UInt64) {
        var possible = rows[word]
        var unsure: UInt64 = 0
        for test in tests {
            let code = codes[Int(test.place)]
            let row = rows[Int(test.offset) + (Int(code) + 1) * width + word]
            if code < 0 { unsure |= row } else { possible &= row }
        }
        for test in asks {
            let row = rows[Int(test.offset) + word]
            if !codes.isAskedKnown { unsure |= row } else if !test.bits.holds(codes.asked) { possible &= ~row }
        }
        if withEvidence, possible != 0 {
            for test in evidence {
                let code = codes[Int(test.place)]
                let row = rows[Int(test.offset) + (Int(code) + 1) * width + word]
                if code < 0 { unsure |= row } else { possible &= row }
            }
        }
        return (possible, unsure & possible)
    }
}
