import Testing
import TrustFramework
import Vocabulary

@Suite struct `What it takes to reach a context` {
    @Test(arguments: [
        (CardMode.pin, true, Carrier.card, Optional("card-pin")), (.pin, false, .card, "card-pin"), (.pin, true, .phone, "card-pin"),
        (.face, true, .card, "card-face"), (.face, false, .card, nil), (.face, true, .phone, nil),
        (.presence, true, .card, "card-presence"), (.presence, false, .phone, "card-presence"),
    ]) func `is the mode, the carrier and, where asked, a statement`(mode: CardMode, stated: Bool, carrier: Carrier, name: String?) {
        let facts = Fixture.facts(mode, stated: stated, carrier: carrier)
        #expect(Fixture.ladder.reached(by: facts)?.name == name)
    }

    @Test func `never is a mode that counts for another`() {
        for mode in CardMode.allCases {
            let reached = Fixture.ladder.contexts.filter { $0.isReached(by: Fixture.facts(mode)) }
            #expect(reached.map(\.modes) == [[mode]])
        }
    }

    @Test func `gives the highest when several are reached`() {
        let twice = AssuranceLadder([Fixture.context("low", [.pin], level: 2), Fixture.context("high", [.pin], level: 3)])
        #expect(twice.reached(by: Fixture.facts(.pin))?.name == "high")
    }
}

/// SAML Core §3.3.2.2.1, checklist S26.
@Suite struct `The four comparisons` {
    static let low = "urn:x-sekisho:ac:card-presence"
    static let middle = "urn:x-sekisho:ac:card-face"
    static let high = "urn:x-sekisho:ac:card-pin"

    @Test(arguments: [
        ([low], Comparison.exact, ["card-presence"]),
        ([middle], .exact, ["card-face"]),
        ([high, low], .exact, ["card-pin", "card-presence"]),
        ([high, high], .exact, ["card-pin"]),
        (["aal3"], .exact, ["card-pin"]),
        (["urn:example:class:aal2"], .exact, ["card-face"]),
        ([low], .minimum, ["card-presence", "card-face", "card-pin"]),
        ([middle], .minimum, ["card-face", "card-pin"]),
        ([high], .minimum, ["card-pin"]),
        ([high, middle], .minimum, ["card-face", "card-pin"]),
        ([low], .maximum, ["card-presence"]),
        ([middle], .maximum, ["card-presence", "card-face"]),
        ([low, high], .maximum, ["card-presence", "card-face", "card-pin"]),
        ([low], .better, ["card-face", "card-pin"]),
        ([low, middle], .better, ["card-pin"]),
        ([high], .better, []),
        (["urn:unknown"], .exact, []), (["urn:unknown"], .minimum, []), (["urn:unknown"], .maximum, []), (["urn:unknown"], .better, []),
        (["urn:unknown", middle], .minimum, ["card-face", "card-pin"]),
        ([], .minimum, []),
    ]) func `give the contexts that satisfy`(values: [String], comparison: Comparison, names: [String]) {
        let requirement = ContextRequirement(values: values, comparison: comparison, essential: true)
        #expect(Fixture.ladder.satisfying(requirement).map(\.name) == names)
    }

    @Test func `compare by the ladder's order, not by names or levels`() {
        let reversed = AssuranceLadder(Fixture.ladder.contexts.reversed())
        let requirement = ContextRequirement(values: [Self.high], comparison: .minimum, essential: true)
        #expect(reversed.satisfying(requirement).map(\.name) == ["card-pin", "card-face", "card-presence"])
    }

    @Test(arguments: Comparison.allCases) func `find nothing on an empty ladder`(comparison: Comparison) {
        let requirement = ContextRequirement(values: [Self.low], comparison: comparison, essential: true)
        #expect(AssuranceLadder([]).satisfying(requirement).isEmpty)
    }
}

@Suite struct `What may be told about a login` {
    @Test(arguments: [
        (AttributeSource.pinUsed, JSON.bool(true), "true"), (.cardMode, "pin", "pin"), (.carrier, "phone", "phone"),
        (.proofingLevel, 3, "3"), (.authenticationLevel, 3, "3"), (.revocationSource, "ocsp", "ocsp"),
        (.revocationTime, "2026-11-21T03:50:00Z", "2026-11-21T03:50:00Z"),
    ]) func `is a fact of the login or of its context`(source: AttributeSource, value: JSON, text: String) {
        let facts = Fixture.facts(.pin, carrier: .phone, source: .ocsp)
        #expect(source.value(from: facts, in: Fixture.pin) == value)
        #expect(ReleasedAttribute(source: source, value: value).text == text)
    }

    @Test(arguments: [(CardMode.pin, true), (.face, false), (.presence, false)])
    func `says whether a PIN was used`(mode: CardMode, used: Bool) {
        #expect(AttributeSource.pinUsed.value(from: Fixture.facts(mode), in: Fixture.pin) == .bool(used))
    }

    @Test func `has one name in each protocol`() {
        #expect(Set(AttributeSource.allCases.map(\.samlName)).count == AttributeSource.allCases.count)
        #expect(Set(AttributeSource.allCases.map(\.claim)).count == AttributeSource.allCases.count)
        #expect(AttributeSource.pinUsed.samlName == "urn:x-sekisho:attribute:pin-used")
        #expect(AttributeSource.pinUsed.claim == "pin_used")
        #expect(AttributeSource.allCases.allSatisfy { !$0.claim.contains("-") })
    }
}
