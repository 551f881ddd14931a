package import Settings
import Synchronization
package import Vocabulary

/// Whether the folder as it stands is what is served; else since when not, and what is wrong with it.
package final class SettingsAlarm: Sendable {
    package struct Trouble: Sendable, Hashable {
        package let since: Timestamp
        package let problems: [Problem]
    }

    private let kept = Mutex<Trouble?>(nil)

    package init() {}

    package var current: Trouble? { kept.withLock { $0 } }

    /// The old set goes on. Returns whether this is new: the log need not hear the same thing again.
    package func raise(_ problems: [Problem], at now: Timestamp) -> Bool {
        kept.withLock { kept in
            let isNew = kept?.problems != problems
            kept = Trouble(since: kept?.since ?? now, problems: problems)
            return isNew
        }
    }

    /// The folder is served as it stands. Returns the trouble that is over.
    package func clear() -> Trouble? {
        kept.withLock { kept in
            defer { kept = nil }
            return kept
        }
    }

    /// For a door that strangers may read: codes and counts; no names of files, no texts.
    package var summary: JSON {
        guard let trouble = current else { return .object([("state", "ok")]) }
        return .object([
            ("state", "refused"), ("since", .string(trouble.since.text)), ("problems", .integer(Int64(trouble.problems.count))),
            ("codes", .array(Set(trouble.problems.map(\.code)).sorted().prefix(8).map { .string($0) })),
        ])
    }
}
