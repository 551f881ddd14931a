package import Vocabulary

/// When a source is looked at again. A function of what is known and of chance, nothing else.
package enum RefreshSchedule {
    /// After a list came, or the old one was said to stand: at the interval, and sooner when the list's lifetime is nearly over. While
    /// the authority is late with the next one, at the pace of the longest retry.
    package static func afterSuccess(
        thisUpdate: Timestamp, nextUpdate: Timestamp?, rules: ListRules, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) -> Timestamp {
        var wait = rules.interval
        if let nextUpdate {
            let lifetime = max(nextUpdate.seconds(since: thisUpdate), 0)
            let wanted = thisUpdate.adding(seconds: Int64(Double(lifetime) * share(rules.lifetime)))
            if now < wanted {
                wait = min(wait, wanted.seconds(since: now))
            } else {
                wait = min(wait, max(rules.longestRetry, 1))
                // The last look before the list ends shall not come after it.
                let left = nextUpdate.seconds(since: now)
                if left > 0 { wait = min(wait, max(left / 2, rules.firstRetry)) }
            }
        }
        wait = max(wait, 1)
        return now.adding(milliseconds: milliseconds(wait, from: 1 - share(rules.jitter), using: &random))
    }

    /// After failure number `failures`, from 1: doubling, never beyond the longest retry nor the interval, and at a random moment of the
    /// second half of that wait, so that those who failed together do not return together.
    package static func afterFailure(
        _ failures: Int, rules: ListRules, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) -> Timestamp {
        let doublings = min(max(failures - 1, 0), 20)
        let wait = min(max(rules.firstRetry, 1) << Int64(doublings), max(rules.longestRetry, 1), max(rules.interval, 1))
        return now.adding(milliseconds: milliseconds(wait, from: 0.5, using: &random))
    }

    /// A moment between `least` of the wait and the whole of it.
    private static func milliseconds(_ seconds: Int64, from least: Double, using random: inout some RandomNumberGenerator) -> Int64 {
        let most = min(seconds, 30 * 86_400) * 1000
        return Int64.random(in: Int64(Double(most) * least)...most, using: &random)
    }

    private static func share(_ value: Double) -> Double { value.isFinite ? min(max(value, 0), 1) : 0 }
}
