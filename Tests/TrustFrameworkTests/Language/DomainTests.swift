import Testing
import TrustFramework
import Vocabulary

@Suite struct `A domain` {
    @Test(arguments: [
        (Domain.among(["a", "b"]), FactValue.word("a"), Optional(true)), (.among(["a"]), .word("c"), false),
        (.among([]), .word("a"), false),
        (.besides(["a"]), .word("a"), false), (.besides(["a"]), .word("none"), true), (.besides([]), .word("a"), true),
        (.range(least: 1, most: 3), .number(1), true), (.range(least: 1, most: 3), .number(3), true),
        (.range(least: 1, most: 3), .number(4), false), (.range(least: .min, most: 3), .number(.min), true),
        (.includes(["a"]), .words(["a", "b"]), true), (.includes(["a", "c"]), .words(["a", "b"]), false), (.includes([]), .words([]), true),
        (.only(["a"]), .words([]), true), (.only(["a"]), .words(["a"]), true), (.only(["a"]), .words(["a", "b"]), false),
        (.between(includes: ["a"], only: ["a", "b"]), .words(["a", "b"]), true),
        (.between(includes: ["a"], only: ["a", "b"]), .words(["b"]), false),
        (.between(includes: ["a"], only: ["a"]), .words(["a", "c"]), false),
        (.among(["a"]), .unknown, nil), (.besides(["a"]), .unknown, nil), (.range(least: 0, most: 1), .unknown, nil),
        (.includes(["a"]), .unknown, nil), (.only(["a"]), .unknown, nil),
        // Kinds that do not go together never hold, and never trap.
        (.among(["1"]), .number(1), false), (.range(least: 0, most: 9), .word("1"), false), (.includes(["a"]), .word("a"), false),
    ]) func `holds some values`(domain: Domain, value: FactValue, holds: Bool?) {
        #expect(domain.contains(value) == holds)
    }

    /// Checklist E1.
    @Test func `compares byte for byte`() {
        let kelvin = "https://\u{212A}.example"
        #expect(Domain.among(["https://K.example"]).contains(.word(kelvin)) == false)
        #expect(Domain.besides(["https://K.example"]).contains(.word(kelvin)) == true)
        #expect(Domain.among([kelvin]).contains(.word(kelvin)) == true)
    }

    static let samples: [Domain] = [
        .among(["a", "b"]), .among([]), .besides(["a"]), .besides(["b", "c"]), .range(least: 1, most: 5), .range(least: 4, most: .max),
        .includes(["a"]), .includes(["b"]), .only(["a", "b"]), .only([]), .between(includes: ["a"], only: ["a", "c"]),
    ]
    static let values: [FactValue] =
        ["a", "b", "c", "d"].map { .word($0) } + [0, 1, 4, 5, 6].map { .number($0) }
        + [[], ["a"], ["b"], ["a", "b"], ["a", "c"], ["c"]].map { .words($0) } + [.unknown]

    @Test(arguments: samples, samples) func `meets another in what both hold`(one: Domain, other: Domain) {
        let both = one.intersection(other)
        for value in Self.values {
            let expected = one.contains(value).flatMap { a in other.contains(value).map { a && $0 } }
            if let both {
                #expect(both.contains(value) == expected, "\(value)")
                #expect(!both.isEmpty || both.contains(value) != true)
            } else {
                #expect(expected != true, "what does not go together holds nothing")
            }
        }
        #expect(both == other.intersection(one))
    }
}

@Suite struct `The facts of a question` {
    static func question(_ facts: AssuranceFacts?, _ requirement: ContextRequirement? = nil, at now: Timestamp = Fixture.now) throws
        -> Question
    {
        try Fixture.question(try Fixture.member(sector: "health"), facts: facts, requirement: requirement, at: now)
    }

    @Test(arguments: [
        (Fact.kind, FactValue.word("ministry")), (.member, .word("https://ministry.example/sp")), (.sector, .word("health")),
        (.operator, .word("none")), (.permission, .words([])), (.purpose, .word("procedure")), (.protocol, .unknown),
        (.path, .word("sign-on")), (.asksFor, .unknown), (.levelAsked, .word("none")), (.actingFor, .word("nobody")),
        (.mode, .word("face")),
        (.carrier, .word("card")), (.door, .word("challenge")), (.terminal, .word("none")), (.modeStated, .word("true")),
        (.floor, .words(["card-presence", "card-face"])), (.proofingLevel, .number(3)), (.authenticationLevel, .number(2)),
        (.upstream, .word("none")), (.statusSource, .word("crl")), (.maximumStatusAge, .number(600)), (.maximumLoginAge, .number(0)),
        (.signatureCertificate, .word("false")), (.date, .number(20_778)), (.hours, .number(780)), (.weekday, .word("saturday")),
        (.load, .word("normal")),
    ]) func `have their words`(fact: Fact, value: FactValue) throws {
        #expect(try Self.question(Fixture.facts(.face)).value(of: fact, Fixture.ladder) == value)
    }

    @Test(arguments: Fact.allCases.filter(\.isEvidence)) func `are open before a login`(fact: Fact) throws {
        #expect(try Self.question(nil).value(of: fact, Fixture.ladder) == .unknown)
    }

    @Test(arguments: [
        ("2026-03-31T14:59:59Z", Int64(20_543), Int64(1439), Weekday.tuesday), ("2026-03-31T15:00:00Z", 20_544, 0, .wednesday),
        ("1969-12-31T15:00:00Z", 0, 0, .thursday), ("1969-12-31T14:59:00Z", -1, 1439, .wednesday),
        ("0001-01-01T00:00:00Z", -719_162, 540, .monday),
    ]) func `of time are Japan's`(text: String, day: Int64, minute: Int64, weekday: Weekday) throws {
        let now = try #require(Timestamp(text))
        let question = try Self.question(nil, at: now)
        #expect(question.value(of: .date, Fixture.ladder) == .number(day))
        #expect(question.value(of: .hours, Fixture.ladder) == .number(minute))
        #expect(question.value(of: .weekday, Fixture.ladder) == .word(weekday.rawValue))
    }

    @Test(arguments: [
        (["aal2", "aal3"], Comparison.exact, true, FactValue.word("card-face")), (["aal2"], .better, true, .word("card-pin")),
        (["strange"], .exact, false, .word("none")), (["strange"], .exact, true, .unknown),
        (["aal3"], .maximum, true, .word("card-presence")),
    ]) func `tell the lowest level that is asked`(values: [String], comparison: Comparison, essential: Bool, value: FactValue) throws {
        let requirement = ContextRequirement(values: values, comparison: comparison, essential: essential)
        #expect(try Self.question(nil, requirement).value(of: .levelAsked, Fixture.ladder) == value)
    }
}
