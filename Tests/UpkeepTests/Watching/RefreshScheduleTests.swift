import Testing
import Upkeep
import Vocabulary

@Suite struct `The schedule of a list` {
    private static let made = ListWorld.start
    private static let day: Int64 = 86_400

    private static func waits(
        rules: ListRules, next: Int64? = day, after seconds: Int64 = 0, times: Int = 200
    ) -> [Int64] {
        var random = Counting()
        let now = made.adding(seconds: seconds)
        return (0..<times).map { _ in
            RefreshSchedule.afterSuccess(
                thisUpdate: made, nextUpdate: next.map { made.adding(seconds: $0) }, rules: rules, at: now, using: &random
            ).seconds(since: now)
        }
    }

    struct Case: Sendable {
        let interval: Int64
        let lifetime: Int64?
        let since: Int64
        let longest: Int64

        init(_ interval: Int64, _ lifetime: Int64?, _ since: Int64, _ longest: Int64) {
            self.interval = interval
            self.lifetime = lifetime
            self.since = since
            self.longest = longest
        }
    }

    /// Interval, lifetime, seconds since thisUpdate, the longest wait.
    static let cases = [
        Case(3600, 86_400, 0, 3600), Case(3600, nil, 0, 3600),
        // An interval longer than the list: the next one is looked for when four fifths of its life are over.
        Case(864_000, 86_400, 0, 69_120), Case(864_000, 86_400, 3600, 65_520),
        // The authority is late.
        Case(3600, 86_400, 77_760, 900),
        // Not beyond half of what is left.
        Case(3600, 86_400, 85_400, 500), Case(3600, 86_400, 86_390, 15),
        // Over: at the pace of the longest retry.
        Case(3600, 86_400, 172_800, 900), Case(10, 86_400, 0, 10), Case(10, 86_400, 172_800, 10), Case(1, 0, 0, 1),
    ]

    @Test(arguments: cases)
    func `follows the interval and the list's own life, and chance only shortens it`(wanted: Case) {
        let waits = Self.waits(rules: ListRules(interval: wanted.interval), next: wanted.lifetime, after: wanted.since)
        let least = Int64(Double(wanted.longest) * 0.9) - 1
        #expect(waits.allSatisfy { (least...wanted.longest).contains($0) }, "\(waits.min() ?? 0)…\(waits.max() ?? 0)")
    }

    @Test func `spreads those that ask`() {
        #expect(Set(Self.waits(rules: ListRules(interval: 3600))).count > 50)
        var still = ListRules(interval: 3600)
        still.jitter = 0
        #expect(Set(Self.waits(rules: still)) == [3600])
    }

    @Test(arguments: [
        (1, 15 as Int64), (2, 30), (3, 60), (4, 120), (5, 240), (6, 480), (7, 900), (8, 900), (63, 900), (1_000_000, 900), (0, 15),
        (-5, 15),
    ])
    func `backs off after failures, doubling up to its end`(failures: Int, longest: Int64) {
        var random = Counting()
        let waits = (0..<200).map { _ in
            RefreshSchedule.afterFailure(failures, rules: ListRules(interval: 3600), at: Self.made, using: &random)
                .milliseconds - Self.made.milliseconds
        }
        #expect(waits.allSatisfy { (longest * 500...longest * 1000).contains($0) })
        #expect(Set(waits).count > 100, "in the second half of the wait, never twice the same")
    }

    @Test func `never waits longer after a failure than the interval`() {
        var random = Counting()
        for failures in 1...20 {
            let next = RefreshSchedule.afterFailure(failures, rules: ListRules(interval: 10), at: Self.made, using: &random)
            #expect((5000...10_000).contains(next.milliseconds - Self.made.milliseconds))
        }
    }

    @Test func `survives numbers that make no sense`() {
        var rules = ListRules(interval: .max)
        rules.jitter = .nan
        rules.lifetime = -3
        rules.firstRetry = 0
        rules.longestRetry = -1
        var random = Counting()
        let next = RefreshSchedule.afterSuccess(
            thisUpdate: Self.made, nextUpdate: Timestamp(milliseconds: .max), rules: rules, at: Self.made, using: &random)
        #expect(next > Self.made)
        #expect(RefreshSchedule.afterFailure(5, rules: rules, at: Self.made, using: &random) > Self.made)
    }
}
