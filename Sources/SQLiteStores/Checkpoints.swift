import Dispatch
import GRDB
import Synchronization

/// Carries what was committed from the log into the file, beside the writer and not in it: whoever commits when the log is full would wait
/// for thousands of pages and two disk writes, and with him everybody behind him.
///
/// A pass from a connection of its own takes over all but what is being committed meanwhile; then the writer takes over that little rest, and
/// the log begins anew. Where no pass gets through, SQLite's own limit (`limit`) does it all in a commit.
package final class Checkpoints: Sendable {
    package struct Rules: Sendable {
        /// Pages of the log after which a commit takes it over whole.
        let limit: Int
        /// Pages of the log from which the writer takes over the rest, so that the log begins anew.
        let worthwhile: Int
        /// Commits between two passes.
        let pace: Int

        package init(limit: Int = 40_000, worthwhile: Int = 4000, pace: Int = 64) {
            self.limit = limit
            self.worthwhile = worthwhile
            self.pace = pace
        }
    }

    private let connection: DatabaseQueue
    private let rules: Rules
    private let queue = DispatchQueue(label: "sekisho.sqlite.checkpoints", qos: .utility)
    private let commits = Atomic<Int>(0)
    private let isUnderWay = Atomic<Bool>(false)
    private let hasRest = Atomic<Bool>(false)

    init(path: String, _ configuration: Configuration, _ rules: Rules) throws {
        connection = try DatabaseQueue(path: path, configuration: configuration)
        self.rules = rules
    }

    /// After each commit, on the writer's thread and connection.
    func note(_ database: Database) throws {
        if hasRest.exchange(false, ordering: .relaxed) {
            // Waits for nobody. Readers of old pages leave a rest for the next time.
            try database.cachedStatement(sql: "PRAGMA wal_checkpoint(PASSIVE)").execute()
        }
        guard commits.add(1, ordering: .relaxed).newValue >= rules.pace, !isUnderWay.exchange(true, ordering: .acquiring) else { return }
        commits.store(0, ordering: .relaxed)
        queue.async { self.pass() }
    }

    private func pass() {
        defer { isUnderWay.store(false, ordering: .releasing) }
        // A pass that fails leaves all to the next one, and in the end to the limit.
        let row = try? connection.inDatabase { try Row.fetchOne($0, sql: "PRAGMA wal_checkpoint(PASSIVE)") }
        guard let pages: Int = row?["log"], pages >= rules.worthwhile else { return }
        hasRest.store(true, ordering: .relaxed)
    }
}
