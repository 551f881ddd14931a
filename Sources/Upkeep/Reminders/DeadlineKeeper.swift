package import Logging
package import Settings
import Synchronization
package import Vocabulary

/// Looks once an hour at everything that ends (`Configuration.deadlines`), and tells each reminder once: a line in the log at 30, 14 and 3
/// days, and when it is over. What was told is kept in `State/reminders.json`, so that a restart repeats nothing.
package final class DeadlineKeeper: Sendable {
    private let configuration: Published<Configuration>
    private let disk: DiskFolder
    private let clock: @Sendable () -> Timestamp
    private let logger: Logger
    private let found = Mutex<[Deadline]>([])

    static let file = "reminders.json"
    /// Endings that are remembered as told.
    static let most = 20_000

    /// `folder`: where what was told is kept, beside the store.
    package init(
        configuration: Published<Configuration>, folder: String, clock: @escaping @Sendable () -> Timestamp, logger: Logger
    ) {
        self.configuration = configuration
        disk = DiskFolder(folder)
        self.clock = clock
        self.logger = logger
    }

    /// As of the last look, soonest first.
    package var deadlines: [Deadline] { found.withLock { $0 } }

    /// For a door that strangers may read: counts, no names.
    package var summary: JSON {
        let now = clock()
        let reminders = deadlines.compactMap { $0.reminder(at: now) }
        return .object(
            [("over", .integer(Int64(reminders.count { $0 == 0 })))]
                + Deadline.reminders.reversed().map { days in
                    ("within-\(days)d", .integer(Int64(reminders.count { (1...days).contains($0) })))
                })
    }

    /// One look. Returns what was told now.
    @discardableResult package func round() -> [Deadline] {
        let now = clock()
        let all = configuration.current.deadlines()
        found.withLock { $0 = all }
        let before = told()
        var after: [String: Int64] = [:]
        var news: [Deadline] = []
        for deadline in all.prefix(Self.most) {
            guard let reminder = deadline.reminder(at: now) else { continue }
            after[deadline.key] = reminder
            guard before[deadline.key].map({ reminder < $0 }) ?? true else { continue }
            news.append(deadline)
            logger.warning(
                reminder == 0 ? "it has ended" : "it ends soon",
                metadata: [
                    "kind": "\(deadline.kind.rawValue)", "name": "\(deadline.name)", "at": "\(deadline.at.text)",
                    "days": "\(max(0, deadline.at.seconds(since: now) / 86_400))",
                ])
        }
        guard after != before else { return news }
        let json = JSON.object(after.sorted { $0.key < $1.key }.map { ($0.key, .integer($0.value)) })
        do {
            try disk.make()
            try disk.write(Self.file, json.bytes)
        } catch { logger.error("reminders cannot be kept, and will be repeated", metadata: ["error": "\(error)"]) }
        return news
    }

    private func told() -> [String: Int64] {
        guard let bytes = try? disk.read(Self.file, limit: 8 << 20), let json = try? JSON(reading: bytes, limit: 8 << 20),
            case .object(let members) = json
        else { return [:] }
        return Dictionary(members.compactMap { member in member.1.integer.map { (member.0, $0) } }) { first, _ in first }
    }
}
