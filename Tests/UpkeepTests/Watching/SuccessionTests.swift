import Testing
import Upkeep
import Vocabulary

@Suite struct `A list after another` {
    static func facts(
        digest: String = "new", issuer: String = "CN=A", number: String? = "10", made: Int64 = 0, entries: Int = 1000, delta: Bool = false,
        scope: String = "everything"
    ) -> ListFacts {
        ListFacts(
            digest: digest, bytes: 1, issuer: issuer, number: number, thisUpdate: ListWorld.start.adding(seconds: made),
            nextUpdate: nil, entries: entries, isDelta: delta, scope: scope)
    }

    private static let old = facts(digest: "old")

    @Test(arguments: [
        facts(number: "11", made: 1), facts(number: "11"), facts(number: "0100", made: 86_400), facts(number: "ff", made: 86_400),
        // An authority that forgot to count made it later all the same.
        facts(number: "10", made: 1),
        facts(number: "11", made: 1, entries: 800), facts(number: "11", made: 1, entries: 100_000),
        // The same bytes again, whatever is said of them.
        facts(digest: "old", number: "1", made: -5, entries: 0),
    ])
    func `is taken`(new: ListFacts) {
        #expect(ListSuccession.refusal(of: new, after: Self.old, rules: ListRules(interval: 1)) == nil)
    }

    @Test(arguments: [
        (facts(number: "0f", made: 1), "list.number-back"), (facts(number: "9", made: 1), "list.number-back"),
        (facts(number: nil, made: 1), "list.number-back"), (facts(number: "00", made: 1), "list.number-back"),
        (facts(number: "11", made: -1), "list.time-back"), (facts(number: "10"), "list.twin"),
        (facts(number: "11", made: 1, entries: 799), "list.shrunk"), (facts(number: "11", made: 1, entries: 0), "list.shrunk"),
        (facts(issuer: "CN=B", number: "11", made: 1), "list.other-authority"),
        (facts(number: "11", made: 1, scope: "users only"), "list.other-scope"),
        (facts(number: "11", made: 1, delta: true), "list.other-scope"),
    ])
    func `is refused by name`(new: ListFacts, code: String) {
        let refusal = ListSuccession.refusal(of: new, after: Self.old, rules: ListRules(interval: 1))
        #expect(refusal?.code == code)
        #expect(refusal?.isAlarm == true && refusal?.isAcceptable == true)
    }

    @Test func `may lose what the rules say, and short ones and lists of changes may lose everything`() {
        var rules = ListRules(interval: 1)
        rules.shrink = 0.5
        rules.shrinkFrom = 10
        func refusal(_ from: Int, _ to: Int, delta: Bool = false) -> ListRefusal? {
            ListSuccession.refusal(
                of: Self.facts(number: "11", made: 1, entries: to, delta: delta),
                after: Self.facts(digest: "old", entries: from, delta: delta),
                rules: rules)
        }
        #expect(refusal(10, 5) == nil)
        #expect(refusal(10, 4) == .shrunk(from: 10, to: 4))
        #expect(refusal(9, 0) == nil)
        #expect(refusal(1000, 0, delta: true) == nil)
        #expect(refusal(1000, 0) == .shrunk(from: 1000, to: 0))
    }

    @Test func `needs no number when the one before had none`() {
        let before = Self.facts(digest: "old", number: nil)
        #expect(ListSuccession.refusal(of: Self.facts(number: nil, made: 1), after: before, rules: ListRules(interval: 1)) == nil)
        #expect(ListSuccession.refusal(of: Self.facts(number: "1", made: 1), after: before, rules: ListRules(interval: 1)) == nil)
    }
}
