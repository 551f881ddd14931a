import ServiceLifecycle
import Synchronization
import Vocabulary

/// The rounds of a courier: woken by a bell and every second, it takes what is due from its queue and tells each member by itself, so many at
/// one moment and so many of one member: one that is slow does not use up what the others need.
final class Rounds: Sendable {
    private static let most = 64
    private static let mostPerMember = 8
    /// Whoever took something from the queue and died has it no longer after this many seconds.
    static let lease: Int64 = 30

    private let bell: AsyncStream<Void>.Continuation
    private let bells: AsyncStream<Void>
    private let underway = Mutex<[MemberID: Int]>([:])

    init() {
        (bells, bell) = AsyncStream.makeStream(bufferingPolicy: .bufferingNewest(1))
    }

    /// Something may be due. Returns at once.
    func ring() { bell.yield() }

    /// Until shutdown: asks `due` at each ring and hands what it gives to `tell`, all of it at once.
    func run<Item: Sendable>(
        _ due: @escaping @Sendable () async -> [Item], _ tell: @escaping @Sendable (Item) async -> Void
    ) async {
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                group.addTask {
                    while !Task.isCancelled {
                        self.ring()
                        try? await Task.sleep(for: .seconds(1))
                    }
                }
                for await _ in self.bells {
                    if Task.isCancelled { break }
                    for item in await due() { group.addTask { await tell(item) } }
                }
                group.cancelAll()
            }
        }
    }

    /// How many more may be on their way.
    var free: Int { Self.most - underway.withLock { $0.values.reduce(0, +) } }

    /// False when the member has as many on their way as it may; else `leave` has to follow.
    func enter(_ member: MemberID) -> Bool {
        underway.withLock { underway in
            guard underway[member, default: 0] < Self.mostPerMember else { return false }
            underway[member, default: 0] += 1
            return true
        }
    }

    func leave(_ member: MemberID) {
        underway.withLock { underway in
            let left = (underway[member] ?? 1) - 1
            underway[member] = left > 0 ? left : nil
        }
    }
}
