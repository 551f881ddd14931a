import Cryptography
package import Logging
import ServiceLifecycle
import Settings
import Synchronization
package import Vocabulary

/// The watch over the trust store: gauges, unknown issuers, the feed of changes, and the health that all of it comes to. Written to the disk
/// at every turn, so that the operator's hand needs no door into the server.
package final class WatchBook: Service {
    package static let health = "health.json"
    /// Days before its end at which an authority is told.
    package static let notice: Int64 = 180
    /// Seconds between two turns.
    package static let pace: Int64 = 15

    package let unknownIssuers: UnknownIssuers

    private let folder: DiskFolder
    private let plan: @Sendable () -> ListPlan
    private let lists: @Sendable () -> [ListGauge]
    private let responders: @Sendable () -> StatusHealth
    private let clock: @Sendable () -> Timestamp
    private let authorities: AuthorityBook
    private let logger: Logger
    /// Where several nodes share the folder: whose it is to write.
    private let chair: FolderChair?
    private let trouble = Mutex<String?>(nil)
    private let told = Mutex(TrustHealth.State.ok)

    package init(
        folder: DiskFolder, plan: @escaping @Sendable () -> ListPlan, feed: TrustFeed, lists: @escaping @Sendable () -> [ListGauge],
        responders: @escaping @Sendable () -> StatusHealth = { StatusHealth() }, clock: @escaping @Sendable () -> Timestamp,
        chair: FolderChair? = nil,
        logger: Logger
    ) {
        self.chair = chair
        self.folder = folder
        self.plan = plan
        self.lists = lists
        self.responders = responders
        self.clock = clock
        self.logger = logger
        unknownIssuers = UnknownIssuers(folder: folder)
        authorities = AuthorityBook(folder: folder, feed: feed)
    }

    /// As of now, from memory: cheap enough for a health door.
    package func health() -> TrustHealth {
        let plan = plan(), now = clock()
        return TrustHealth(
            at: now, lists: lists(), responders: responders(),
            authorities: plan.anchors.map { AuthorityGauge($0, .anchor, notice: Self.notice, at: now) }
                + plan.intermediates.map { AuthorityGauge($0, .intermediate, notice: Self.notice, at: now) },
            unknownIssuers: unknownIssuers.rows, unknownDropped: unknownIssuers.dropped, trouble: trouble.withLock { $0 })
    }

    /// One look: tells changes of the trust store and writes everything down.
    package func turn() async {
        let plan = plan(), now = clock()
        guard chair?.isMine ?? true else { return tell(health()) }
        let outcome = await offPool { [self] in
            Self.attempt { () throws(DiskTrouble) in
                try folder.make()
                try authorities.look(plan, at: now)
                try unknownIssuers.save()
            }
        }
        trouble.withLock { $0 = outcome?.what }
        let health = health()
        let written = await offPool { [self] in
            Self.attempt { () throws(DiskTrouble) in try folder.write(Self.health, health.json().bytes) }
        }
        if outcome == nil, let written { trouble.withLock { $0 = written.what } }
        if let bad = outcome ?? written { logger.error("trust watch not written", metadata: ["why": "\(bad)"]) }
        tell(health)
    }

    /// The state in the log when it changes.
    private func tell(_ health: TrustHealth) {
        let before = told.withLock { told in
            defer { told = health.state }
            return told
        }
        guard before != health.state else { return }
        let codes = Set(health.reasons.map(\.code)).sorted().joined(separator: " ")
        logger.log(
            level: health.state == .ok ? .notice : health.state == .stale ? .error : .warning, "trust store",
            metadata: ["state": "\(health.state.rawValue)", "before": "\(before.rawValue)", "reasons": "\(codes)"])
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            while !Task.isCancelled {
                await self.turn()
                try? await Task.sleep(for: .seconds(Self.pace))
            }
        }
        // The last counts.
        await turn()
    }

    /// nil: done.
    private static func attempt(_ work: () throws(DiskTrouble) -> Void) -> DiskTrouble? {
        do {
            try work()
            return nil
        } catch { return error }
    }
}
