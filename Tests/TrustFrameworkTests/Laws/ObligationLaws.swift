import Testing
import TrustFramework
import Vocabulary

/// Obligations come from rules in no order: joining them must not have one.
@Suite struct `Joined obligations` {
    typealias Join = @Sendable (Obligations, Obligations) -> Obligations
    static let real: Join = { $0.joined(with: $1) }

    static func breach(_ join: Join, pairs: Int) -> String? {
        var random = SeededNumbers(seed: 48)
        for _ in 0..<pairs {
            let (a, b, c) = (Universe.obligations(&random), Universe.obligations(&random), Universe.obligations(&random))
            if join(a, b) != join(b, a) { return "not commutative: \(a.json.text) and \(b.json.text)" }
            if join(a, a) != a { return "not idempotent: \(a.json.text)" }
            if join(join(a, b), c) != join(a, join(b, c)) { return "not associative: \([a, b, c].map(\.json.text))" }
            if join(a, .none) != a { return "not neutral: \(a.json.text)" }
            if join(join(a, b), b) != join(a, b) { return "not absorbing: \(a.json.text) and \(b.json.text)" }
        }
        return nil
    }

    @Test func `are commutative, associative, idempotent, and none changes nothing`() {
        #expect(Self.breach(Self.real, pairs: 3000) == nil)
    }

    @Test func `would be found out if the last one won`() {
        #expect(Self.breach({ $1.isEmpty ? $0 : $1 }, pairs: 3000) != nil)
    }

    @Test func `would be found out if ages were added up`() {
        let adding: Join = { one, other in
            var joined = one.joined(with: other)
            joined.refreshStatus = [one.refreshStatus, other.refreshStatus].compactMap(\.self).reduce(nil) { ($0 ?? 0) + $1 }
            return joined
        }
        #expect(Self.breach(adding, pairs: 3000) != nil)
    }

    /// The strictest wins: whatever meets the join meets both.
    @Test func `are met only by what meets each of them`() {
        var random = SeededNumbers(seed: 49)
        for _ in 0..<2000 {
            let (a, b) = (Universe.obligations(&random), Universe.obligations(&random))
            let both = a.joined(with: b)
            for part in [a, b] {
                #expect(part.consent.isSubset(of: both.consent))
                #expect(!part.writesLedger || both.writesLedger)
                #expect(!part.namesMandate || both.namesMandate)
                #expect(Set(part.derived.keys).isSubset(of: Set(both.derived.keys)))
                if let age = part.refreshStatus { #expect(both.refreshStatus.map { $0 <= age } == true) }
                if let limit = part.session?.lifetime { #expect(both.session?.lifetime.map { $0 <= limit } == true) }
                if part.session?.once == true { #expect(both.session?.once == true) }
                guard let again = part.authenticateAgain else { continue }
                for mode in CardMode.allCases {
                    for age in [0, 60, 61, 300, 301, 3600, 3601] as [Int64] {
                        let facts = Fixture.facts(mode, at: Fixture.now.adding(seconds: -age))
                        let isMet = both.authenticateAgain?.isMet(by: facts, at: Fixture.now) ?? true
                        #expect(!isMet || again.isMet(by: facts, at: Fixture.now))
                    }
                }
            }
        }
    }

    @Test func `say where they contradict each other`() {
        let health = Obligations(derived: [.birthDate: .over18], session: SessionLimit(island: "health"))
        let tax = Obligations(derived: [.birthDate: .birthYear], session: SessionLimit(island: "tax"))
        #expect(health.contradictions(with: tax) == ["session.island: health and tax", "derive.birth-date: birth-year and over-18"])
        #expect(tax.contradictions(with: health) == health.contradictions(with: tax))
        #expect(health.contradictions(with: health).isEmpty)
        #expect(health.contradictions(with: .none).isEmpty)
        #expect(health.joined(with: tax).session?.island == "health+tax")
        #expect(health.joined(with: tax).derived == [.birthDate: .over18])
    }
}
