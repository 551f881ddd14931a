import Testing
import TrustFramework
import Vocabulary

@Suite struct `A planted difference` {
    static func filing(_ id: String = "e-filing", age: Int64 = 900, release: Set<AttributeSource> = [.pinUsed]) throws -> Rule {
        Fixture.permit(
            id, kinds: [.ministry], purposes: [try Fixture.purpose("filing")], floor: "card-pin", maximumStatusAge: age, release: release)
    }

    /// Rules that are the same on both sides, for many purposes.
    static func crowd() throws -> [Rule] {
        var rules = [Fixture.forbid("no-profiling", purposes: [try Fixture.purpose("profiling")])]
        for number in 0..<40 {
            rules.append(
                Fixture.permit(
                    "rule-\(number)", kinds: [MemberKind.allCases[number % 6]], purposes: [try Fixture.purpose("purpose-\(number)")],
                    floor: ["card-presence", "card-face", "card-pin"][number % 3]))
        }
        return rules
    }

    static func impact(_ old: [Rule], _ new: [Rule], _ population: Population = .kinds, reasons: Bool = false) throws -> Impact {
        try Impact(
            from: Fixture.policy(old), to: Fixture.policy(new), population: population, at: Fixture.now, reasons: reasons)
    }

    @Test func `of one number among forty rules is found, told in the words of the rules, and nothing else is`() throws {
        let crowd = try Self.crowd()
        let impact = try Self.impact(crowd + [try Self.filing(age: 900)], [try Self.filing(age: 300)] + crowd.reversed())
        let report = ImpactReport(impact)
        #expect(Set(impact.changes.map(\.direction)) == [.strengthens])
        let words = report.lines.joined(separator: "\n")
        #expect(words.contains("permit card-pin → authenticate card-pin"), "\(words)")
        #expect(words.contains("kind: ministry; purpose: filing"), "\(words)")
        #expect(words.contains("maximum-status-age: over 5m up to 15m"), "\(words)")
        #expect(words.contains("before: by e-filing (basis of e-filing)"), "\(words)")
        // Forty purposes that cannot differ are passed over.
        #expect(impact.decisions < 2000, "\(impact.decisions)")
    }

    @Test func `in a rule for purposes that no member has is named, where the walk over members cannot find it`() throws {
        let members = [try Fixture.member()]
        let (old, new) = (try Self.crowd(), try Self.crowd() + [try Self.filing()])
        #expect(try Self.impact(old, new, .members(members, at: Fixture.now)).isEmpty)
        #expect(try !Self.impact(old, new).isEmpty)
        let named = Impact.unwalked(from: Fixture.policy(old), to: Fixture.policy(new), members: members)
        #expect(named == ["e-filing"])
        #expect(Impact.unwalked(from: Fixture.policy(new), to: Fixture.policy(old), members: members) == named, "also one that goes")
    }

    @Test func `that the walk over members finds is not named beside it, nor a rule that stays`() throws {
        let members = [try Fixture.member(purposes: ["filing"])]
        let (old, new) = (try Self.crowd() + [try Self.filing()], try Self.crowd() + [try Self.filing(age: 300)])
        #expect(Impact.unwalked(from: Fixture.policy(old), to: Fixture.policy(new), members: members).isEmpty)
        #expect(Impact.unwalked(from: Fixture.policy(old), to: Fixture.policy(old), members: []).isEmpty)
        let everywhere = [Fixture.permit("everything")]
        #expect(Impact.unwalked(from: Fixture.policy([]), to: Fixture.policy(everywhere), members: members).isEmpty)
    }

    @Test func `is not there when nothing but order, places and sentences change`() throws {
        let crowd = try Self.crowd()
        let old = try Self.filing()
        let said = Rule(
            id: old.id, effect: .permit, says: ["en": "Filing."], condition: old.condition, release: old.release, basis: old.basis,
            place: RulePlace(file: "other.yaml", line: 7))
        let impact = try Self.impact(crowd + [old], [said] + crowd.shuffled())
        #expect(impact.isEmpty && impact.decisions == 0)
        #expect(ImpactReport(impact).lines.last?.hasPrefix("no decision changes") == true)
    }

    @Test(arguments: [
        ([AttributeSource.pinUsed, .cardMode], Impact.Direction.tellsMore, "tells also card-mode"),
        ([], .tellsLess, "tells no more pin-used"),
    ]) func `in what is told goes the right way`(release: [AttributeSource], direction: Impact.Direction, line: String) throws {
        let impact = try Self.impact([try Self.filing()], [try Self.filing(release: Set(release))])
        #expect(impact.changes.map(\.direction) == [direction])
        #expect(ImpactReport(impact).lines.contains { $0.hasSuffix(line) })
    }

    @Test func `of a rule that comes or goes opens or closes`() throws {
        let opening = try Self.impact([], [try Self.filing()])
        #expect(Set(opening.changes.map(\.direction)) == [.opens])
        let closing = try Self.impact([try Self.filing()], [])
        #expect(Set(closing.changes.map(\.direction)) == [.closes])
        #expect(opening.changes.count == closing.changes.count)
    }

    @Test func `in reasons alone is told when it is asked for, and only then`() throws {
        let (old, new) = ([try Self.filing()], [try Self.filing("renamed")])
        #expect(try Self.impact(old, new).isEmpty)
        let impact = try Self.impact(old, new, reasons: true)
        #expect(Set(impact.changes.map(\.direction)) == [.reasons])
    }

    @Test func `in the ladder alone is found`() throws {
        let rules = [try Self.filing()]
        let high = AssuranceLadder([
            Fixture.presence, Fixture.face, Fixture.context("card-pin", [.pin], level: 3, carriers: [.card], aliases: ["aal3"]),
        ])
        let impact = try Impact(
            from: Fixture.policy(rules), to: Policy(rules: rules, ladder: high, version: "high"), population: .kinds, at: Fixture.now)
        #expect(Set(impact.changes.map(\.direction)) == [.strengthens])
        #expect(ImpactReport(impact).lines.contains { $0.contains("carrier: phone") })
    }

    @Test func `concerns the members that it concerns, of a hundred thousand`() throws {
        var members: [Member] = []
        for number in 0..<100_000 {
            members.append(
                try Fixture.member(
                    number % 4 == 0 ? .ministry : .servedFirm, id: "urn:member:\(number)",
                    state: number % 1000 == 0 ? .suspended : .accredited,
                    purposes: ["filing", "points"]))
        }
        let impact = try Self.impact([try Self.filing()], [], .members(members, at: Fixture.now))
        #expect(impact.space.notInForce == 100 && impact.space.members.count == 2)
        #expect(impact.changes.allSatisfy { $0.members == 24_900 } && !impact.isEmpty)
        #expect(impact.changes.first?.names.count == 5)
    }

    @Test func `past the bound is refused, and nothing is told of a part`() throws {
        var limits = AnalysisLimits()
        limits.decisions = 20
        let filing = try Self.filing()
        #expect(throws: AnalysisRefusal.tooMuch(BudgetExceeded(name: "decisions", limit: 20))) {
            try Impact(from: Fixture.policy([filing]), to: Fixture.policy([]), population: .kinds, at: Fixture.now, limits: limits)
        }
        limits = AnalysisLimits()
        limits.classes = 10
        #expect(throws: AnalysisRefusal.self) {
            try Impact(from: Fixture.policy([filing]), to: Fixture.policy([]), population: .kinds, at: Fixture.now, limits: limits)
        }
    }
}
