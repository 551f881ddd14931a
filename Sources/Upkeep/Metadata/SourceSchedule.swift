import Settings
import Vocabulary

/// When a source is looked at again. A function of what is known and of chance, nothing else.
enum SourceSchedule {
    /// The part of a wait that chance may take away: a thousand nodes do not ask in one second.
    private static let jitter = 0.1
    /// When this part of what is left of a document's life is over, the next one is looked for.
    private static let lifetime = 0.75
    private static let firstRetry: Int64 = 30
    private static let longestRetry: Int64 = 1800

    /// After a document came, or the one before was said to stand: as its `cacheDuration` says, within the settings' bounds, and sooner when
    /// its end is near.
    static func afterSuccess(
        cacheSeconds: Int64?, validUntil: Timestamp?, refresh: MetadataSource.Refresh, at now: Timestamp,
        using random: inout some RandomNumberGenerator
    ) -> Timestamp {
        var wait = min(max(cacheSeconds ?? refresh.every, refresh.least), refresh.every)
        if let validUntil {
            let left = max(validUntil.seconds(since: now), 0)
            wait = min(wait, max(Int64(Double(left) * lifetime), min(refresh.least, 60)))
        }
        return now.adding(milliseconds: moment(max(wait, 1), from: 1 - jitter, using: &random))
    }

    /// After failure number `failures`, from 1: doubling, never beyond the longest wait, at a random moment of the second half of it, so that
    /// those who failed together do not return together.
    static func afterFailure(
        _ failures: Int, refresh: MetadataSource.Refresh, at now: Timestamp, using random: inout some RandomNumberGenerator
    ) -> Timestamp {
        let doublings = Int64(min(max(failures - 1, 0), 10))
        let wait = min(firstRetry << doublings, longestRetry, refresh.every)
        return now.adding(milliseconds: moment(max(wait, 1), from: 0.5, using: &random))
    }

    /// No wait is longer than the longest of the settings: what a clock said that was ahead does not hold when it is right again.
    static func isDue(_ due: Timestamp, refresh: MetadataSource.Refresh, at now: Timestamp) -> Bool {
        due <= now || due.seconds(since: now) > max(refresh.every, 1)
    }

    private static func moment(_ seconds: Int64, from least: Double, using random: inout some RandomNumberGenerator) -> Int64 {
        let most = min(seconds, 90 * 86_400) * 1000
        return Int64.random(in: Int64(Double(most) * least)...most, using: &random)
    }
}
