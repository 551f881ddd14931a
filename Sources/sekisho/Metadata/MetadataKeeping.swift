import Foundation
import Logging
import Outbound
import Settings
import Upkeep
import Vocabulary

/// The keeper of the metadata sources, on the settings as they are at each moment.
struct MetadataKeeping {
    let keeper: SourceKeeper
    /// Clients that registered themselves; nil in commands.
    let clients: (any ClientBook)?

    /// A federation's aggregate over a slow line.
    private static let seconds: Int64 = 300

    init(configuration: Published<Configuration>, clients: (any ClientBook)? = nil, logger: Logger) {
        self.clients = clients
        keeper = SourceKeeper(
            folder: Self.folder(configuration.current), plan: { Self.plan(configuration.current) }, clock: SystemClock.now,
            chair: Self.chair(configuration.current, "metadata"), logger: logger)
    }

    /// Where several nodes share the folders beside the store; a command writes what it is told to.
    static func chair(_ configuration: Configuration, _ name: String) -> FolderChair? {
        configuration.store.isShared ? FolderChair(configuration.store.path + "." + name) : nil
    }

    /// Beside the store.
    static func folder(_ configuration: Configuration) -> DiskFolder {
        DiskFolder((configuration.store.path as NSString).deletingLastPathComponent + "/" + SourceKeeper.folderName)
    }

    static func plan(_ configuration: Configuration) -> MetadataPlan {
        MetadataPlan(sources: configuration.federation.sources) { source in
            Outbound(
                rules: OutboundRules(
                    hosts: configuration.outbound.hosts.map { $0.union(hosts(source)) },
                    allowsPrivateAddresses: configuration.outbound.allowsPrivateAddresses,
                    // A signature decides, not the line it came over (IIP-MD06).
                    allowsPlainHTTP: !source.keys.isEmpty || configuration.mode == .development, limit: source.largest,
                    seconds: source.kind == .mdq ? source.query.timeout : seconds, redirects: 3,
                    pace: source.kind == .mdq ? nil : TrustKeeping.listPace))
        }
    }

    /// Whoever names a source allows it to be asked.
    private static func hosts(_ source: MetadataSource) -> Set<String> {
        source.kind == .file ? [] : Set(source.locations.compactMap { WebAddress($0)?.host })
    }

    /// For the health door; nil when no source is named.
    var summary: JSON? {
        let gauges = keeper.gauges()
        return gauges.isEmpty ? nil : MetadataHealth(at: SystemClock.now(), sources: gauges).summary
    }

    /// What was read from the folder, answering the sources' members too, and those who registered themselves.
    func joined(_ configuration: Configuration) -> Configuration {
        let federation = configuration.federation.following(keeper.members)
        return configuration.answering(clients.map { federation.following(clients: $0) } ?? federation)
    }
}
