import Credentials
import Cryptography
import Logging
import Outbound
import Settings
import Trust
import Upkeep
import Vocabulary

/// The services that keep the trust store, on the settings as they are at each moment: a reload needs no restart.
struct TrustKeeping {
    let lists: ListKeeper

    private let folder: DiskFolder
    private let plan: @Sendable () -> ListPlan
    private let feed: TrustFeed
    private let chair: FolderChair?
    private let logger: Logger

    /// The folder lies beside the store, where it was when the process began.
    init(configuration: Published<Configuration>, logger: Logger) {
        folder = DiskFolder(KeptTrust.folder(beside: configuration.current.store.path))
        plan = { Self.plan(configuration.current) }
        feed = TrustFeed(folder: folder)
        chair = MetadataKeeping.chair(configuration.current, "trust")
        let store = configuration.current.store
        lists = ListKeeper(
            folder: folder, plan: plan, feed: feed, clock: SystemClock.now, turns: store.isShared ? ListTurns(store.path + ".list") : nil,
            logger: logger)
        self.logger = logger
    }

    func watch(responders: @escaping @Sendable () -> StatusHealth) -> WatchBook {
        WatchBook(
            folder: folder, plan: plan, feed: feed, lists: { [lists] in lists.gauges() }, responders: responders, clock: SystemClock.now,
            chair: chair, logger: logger)
    }

    /// A whole nation's list over a slow line.
    private static let listSeconds: Int64 = 900
    /// Bytes per second that a list, or a federation's metadata, is written with: a nation's in half a minute, and commits beside it do not
    /// wait.
    static let listPace = 16 << 20

    private static func plan(_ configuration: Configuration) -> ListPlan {
        let revocation = configuration.cards.revocation
        var rules = ListRules(interval: revocation.refresh)
        rules.maximumAge = revocation.ages.list
        rules.shrink = Double(100 - revocation.listRules.smallestShare) / 100
        rules.largest = revocation.listRules.largest
        return ListPlan(
            sources: revocation.lists.map {
                switch $0 {
                case .file(let path): .file(path)
                case .url(let url): .url(url)
                }
            }, anchors: anchors(of: configuration), intermediates: configuration.profiles.intermediates, rules: rules,
            outbound: Outbound(rules: configuration.outboundRules(seconds: listSeconds, limit: rules.largest, pace: listPace)))
    }

    /// The anchors of cards and of every profile, each once.
    private static func anchors(of configuration: Configuration) -> [Certificate] {
        var seen: Set<Certificate> = []
        let all = configuration.cards.anchorList + configuration.profiles.all.flatMap(\.store.anchors)
        return all.map(\.certificate).filter { seen.insert($0).inserted }
    }
}
