import Logging
import Vocabulary

/// What couriers have in common. A queue in the store outlives the process; in each round a courier takes what is due, as much as may be on its
/// way to one member at a time, and carries it. What each carries, and what comes of it, is its own.
protocol Courier: Sendable {
    associatedtype Item: Sendable
    /// For the log.
    static var queue: String { get }
    var rounds: Rounds { get }
    var clock: @Sendable () -> Timestamp { get }
    var logger: Logger { get }

    /// What is due, `limit` at most, which may be 0; nobody else takes it before `lease`.
    func take(_ limit: Int, lease: Timestamp, at now: Timestamp) async throws -> [Item]
    func receiver(of item: Item) -> MemberID
    /// Its receiver has as many on their way as it may: it is due again at `moment`, and this was no attempt.
    func putBack(_ item: Item, until moment: Timestamp, at now: Timestamp) async throws
    func carry(_ item: Item) async throws
}

extension Courier {
    /// Until shutdown.
    func walk() async { await rounds.run({ await self.due() }, { await self.hand($0) }) }

    /// One round, one after the other.
    func turn() async { for item in await due() { await hand(item) } }

    private func due() async -> [Item] {
        let now = clock()
        var mine: [Item] = []
        do {
            for item in try await take(rounds.free, lease: now.adding(seconds: Rounds.lease), at: now) {
                if rounds.enter(receiver(of: item)) {
                    mine.append(item)
                } else {
                    try await putBack(item, until: now.adding(seconds: 1), at: now)
                }
            }
        } catch {
            // What was taken already is carried; the rest comes round again when its lease is over.
            logger.warning("\(Self.queue)", metadata: ["error": "\(type(of: error))"])
        }
        return mine
    }

    private func hand(_ item: Item) async {
        defer { rounds.leave(receiver(of: item)) }
        do {
            try await carry(item)
        } catch {
            // The store failed: the item comes round again when its lease is over.
            logger.warning("\(Self.queue)", metadata: ["error": "\(type(of: error))"])
        }
    }
}
