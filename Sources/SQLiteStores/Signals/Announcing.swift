import Foundation
import GRDB
import SignOn
import Signals
import Synchronization
import Vocabulary

/// Announcements on their way into somebody's commit.
final class Announcing {
    private let rules: SignalRules
    private let tail: AuditTail
    private let database: Database
    fileprivate private(set) var queued = 0

    fileprivate init(_ rules: SignalRules, _ tail: AuditTail, _ database: Database) {
        self.rules = rules
        self.tail = tail
        self.database = database
    }

    /// Behind the change that they are about, and only where it was one.
    func tell(_ announcements: [Announcement]) throws {
        for announcement in announcements {
            let taken = try SignalRow.queue(announcement.signals, rules, database)
            guard taken > 0 else { continue }
            queued += taken
            try SQLiteStore.append(announcement.record.json.text, after: tail, to: database)
        }
    }
}

extension SQLiteStore {
    /// A commit in which something may be told; polls that wait and the courier hear of it behind the commit.
    func announcing<Value: Sendable>(
        _ work: @escaping @Sendable (Database, Announcing) throws -> Value
    ) async throws -> Value {
        let rules = signalRules.current
        let (value, queued) = try await write { [tail = writer.tail] database in
            let announcing = Announcing(rules, tail, database)
            return (try work(database, announcing), announcing.queued)
        }
        if queued > 0 { signalsQueued.add(1, ordering: .relaxed) }
        return value
    }
}
