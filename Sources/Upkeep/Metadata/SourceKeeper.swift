import Cryptography
package import Logging
import Outbound
import SAML
import ServiceLifecycle
import Settings
import Synchronization
package import Vocabulary

/// Keeps the members that come from metadata sources: fetches each source when it is due, proves what came, compares it with what is in use,
/// puts it on the disk and publishes it. Whatever goes wrong, what was in use stays in use until its own validUntil. Everything that costs
/// more than a moment happens off the pool that answers citizens.
///
/// INVARIANT: an index is published in memory after it is on the disk, so that a restart never knows less than the process before it.
package final class SourceKeeper: Service {
    package static let folderName = "metadata"
    package static let health = "status.json"
    /// Seconds between two writings of the state.
    package static let pace: Int64 = 15

    /// What requests look into; handed to `Federation.following`.
    package let members: PublishedMembers

    let folder: DiskFolder
    let plan: @Sendable () -> MetadataPlan
    let clock: @Sendable () -> Timestamp
    let journal: ChangeJournal
    let orders: OrderBox
    let logger: Logger
    /// Where several nodes share the folder: whose it is to fetch and to write. The others read what that one has put there.
    let chair: FolderChair?
    let random: Mutex<any RandomNumberGenerator & Sendable>
    let state = Mutex(State())

    struct Held: Sendable {
        var source: MetadataSource
        var record: SourceRecord
        var index: EntityIndex?
        var due: Timestamp
        var failures = 0
        var lastTry: Timestamp?
        var trouble: SourceRefusal?
        /// What the disk has was made under other settings; it is for the node in the chair to make it anew.
        var isLeft = false

        func isDue(at now: Timestamp) -> Bool { SourceSchedule.isDue(due, refresh: source.refresh, at: now) }
    }

    struct State {
        var sources: [String: Held] = [:]
        var queries: [String: EntityQuery] = [:]
        /// At work; also sources that are no longer named.
        var busy: Set<String> = []
        var isDirty = false
        /// A command that does one thing leaves the state to servers.
        var isServing = false
        var writtenAt: Timestamp?
    }

    /// `folder` is `metadata/` beside the store; `plan` is asked at every turn.
    package init(
        folder: DiskFolder, plan: @escaping @Sendable () -> MetadataPlan, clock: @escaping @Sendable () -> Timestamp,
        random: any RandomNumberGenerator & Sendable = SystemRandom(), chair: FolderChair? = nil, logger: Logger
    ) {
        self.chair = chair
        self.folder = folder
        self.plan = plan
        self.clock = clock
        self.logger = logger
        self.random = Mutex(random)
        members = PublishedMembers(clock: clock)
        journal = ChangeJournal(folder)
        orders = OrderBox(in: folder)
    }

    // MARK: Turns

    /// Publishes what the disk has, without any network, and then asks the sources that gave nothing yet, for at most `seconds`: a first
    /// start waits for its members, every other one has yesterday's at once.
    package func open(within seconds: Int64 = 30) async {
        let plan = plan()
        guard !plan.sources.isEmpty else { return }
        await follow(plan)
        publish()
        guard chair?.isMine ?? true else { return }
        let missing = take({ $0.index == nil }, atMost: .max)
        guard !missing.isEmpty else { return }
        await withTaskGroup(of: Void.self) { group in
            group.addTask { for name in missing { await self.refresh(name, plan) } }
            group.addTask { try? await Task.sleep(for: .seconds(seconds)) }
            await group.next()
            group.cancelAll()
        }
        publish()
    }

    /// One whole look: takes up changed settings and orders, refreshes every source that is due, publishes, writes the state down.
    package func turn() async {
        let plan = plan(), now = clock()
        await follow(plan)
        publish()
        for name in take({ $0.isDue(at: now) }, atMost: .max) { await refresh(name, plan) }
        await obey(plan)
        for query in state.withLock({ Array($0.queries.values) }) { await query.refresh() }
        publish()
        await write(now: true)
    }

    /// Looks until shutdown, every second. A slow source holds up neither the others nor a reload.
    package func run() async throws {
        state.withLock { $0.isServing = true }
        await cancelWhenGracefulShutdown {
            await withDiscardingTaskGroup { group in
                while !Task.isCancelled {
                    let plan = self.plan(), now = self.clock()
                    await self.follow(plan)
                    for query in self.state.withLock({ Array($0.queries.values) }) { group.addTask { await query.refresh() } }
                    guard self.chair?.isMine ?? true else {
                        await self.catchUp(plan)
                        self.publish()
                        try? await Task.sleep(for: .seconds(1))
                        continue
                    }
                    for source in self.takeLeft() { await self.load(source) }
                    for name in self.take({ $0.isDue(at: now) }, atMost: plan.parallel) {
                        group.addTask { await self.refresh(name, plan) }
                    }
                    await self.obey(plan)
                    self.publish()
                    await self.write(now: false)
                    try? await Task.sleep(for: .seconds(1))
                }
                group.cancelAll()
            }
        }
    }

    /// The gauges of the sources the settings name now, in the order of their names.
    package func gauges() -> [SourceGauge] {
        let now = clock()
        let (sources, queries) = state.withLock { ($0.sources, $0.queries) }
        let gauges =
            sources.values.map { held in
                SourceGauge(
                    held.source, index: held.index, record: held.record, lastTry: held.lastTry, failures: held.failures,
                    trouble: held.trouble, due: held.due, at: now)
            } + queries.values.map(\.gauge)
        return gauges.sorted { $0.source < $1.source }
    }

    // MARK: Settings

    /// Takes up new and changed sources from the disk, and lets go of sources that are no longer named.
    func follow(_ plan: MetadataPlan) async {
        let now = clock()
        var asked: [String] = []
        let loading = state.withLock { state -> [MetadataSource] in
            let named = Set(plan.sources.map(\.name))
            for name in state.sources.keys where !named.contains(name) {
                state.sources[name] = nil
                state.isDirty = true
            }
            for name in state.queries.keys where !named.contains(name) {
                state.queries[name] = nil
                state.isDirty = true
            }
            var loading: [MetadataSource] = []
            for source in plan.sources {
                if source.kind == .mdq {
                    if state.sources.removeValue(forKey: source.name) != nil { state.isDirty = true }
                    guard state.queries[source.name]?.source != source else { continue }
                    let current = self.plan, name = source.name, fallback = source
                    state.queries[source.name] = EntityQuery(
                        source: source, folder: folder,
                        outbound: {
                            let plan = current()
                            return plan.outbound(plan.sources.first { $0.name == name } ?? fallback)
                        }, clock: clock, journal: journal, logger: logger)
                    state.isDirty = true
                    continue
                }
                state.queries[source.name] = nil
                guard let held = state.sources[source.name] else {
                    state.sources[source.name] = Held(source: source, record: SourceRecord(source: source.name), due: now)
                    state.isDirty = true
                    loading.append(source)
                    continue
                }
                guard held.source != source else { continue }
                // Terms, filters and what a document has to say of its end hold from now on; another index is made where a filter or a key
                // decides what is in it.
                state.sources[source.name]?.source = source
                state.isDirty = true
                if held.source.locations != source.locations || held.source.seal != source.seal { state.sources[source.name]?.due = now }
                if held.source.refresh != source.refresh || held.source.validity != source.validity { asked.append(source.name) }
                if held.source.keys != source.keys || held.source.kind != source.kind { state.sources[source.name]?.index = nil }
                if held.source.seal != source.seal { loading.append(source) }
            }
            return loading
        }
        for source in loading { await load(source) }
        // At once, whatever the rhythm was, and whatever was made anew.
        state.withLock { state in for name in asked { state.sources[name]?.due = now } }
    }

    /// Takes up what the node in the chair has put on the disk since.
    private func catchUp(_ plan: MetadataPlan) async {
        for source in plan.sources where source.kind != .mdq {
            let shelf = SourceShelf(source.name, in: folder)
            let kept = await offPool { shelf.record }
            guard let kept, state.withLock({ $0.sources[source.name]?.record != kept }) else { continue }
            let index = await offPool { kept.index.flatMap { try? shelf.open($0) } }
            guard kept.index == nil || index != nil else { continue }
            state.withLock { state in
                state.sources[source.name]?.record = kept
                // What other keys vouched for is not used for a moment.
                if let index, Self.vouches(source, for: index) { state.sources[source.name]?.index = index }
                state.isDirty = true
            }
        }
    }

    /// Sources that were left to a node which had the chair before this one.
    private func takeLeft() -> [MetadataSource] {
        state.withLock { state in
            let left = state.sources.values.filter(\.isLeft).map(\.source)
            for source in left { state.sources[source.name]?.isLeft = false }
            return left
        }
    }

    /// What the disk has: the index in use, or one made anew from the document where the settings have changed and the source was not rolled
    /// back.
    func load(_ source: MetadataSource) async {
        let now = clock()
        let shelf = SourceShelf(source.name, in: folder)
        let found = await offPool { () -> (SourceRecord, EntityIndex?)? in
            guard let record = shelf.record, let name = record.index else { return nil }
            return (record, try? shelf.open(name))
        }
        guard let (record, index) = found else { return }
        if let index, index.facts.seal == source.seal {
            var random = draw()
            let due = SourceSchedule.afterSuccess(
                cacheSeconds: index.facts.cacheSeconds, validUntil: index.facts.validUntil, refresh: source.refresh,
                at: record.lastSuccess ?? now, using: &random)
            state.withLock { state in
                state.sources[source.name]?.record = record
                state.sources[source.name]?.index = index
                // What counts no more by its end is asked for at once.
                state.sources[source.name]?.due =
                    source.validity.allows(index.facts.validUntil, at: now) ? max(now, due) : now
                state.isDirty = true
            }
            return
        }
        state.withLock { state in
            state.sources[source.name]?.record = record
            // What other keys vouched for is not used for a moment; what another filter chose is filtered at each look-up.
            if let index, state.sources[source.name]?.index == nil, Self.vouches(source, for: index) {
                state.sources[source.name]?.index = index
            }
            state.isDirty = true
        }
        guard record.pause == nil else {
            // The document is what the operator went away from: no other index before the source is accepted. Today's filter holds for the
            // state gone back to all the same; a state that no key of today vouches for counts for nothing.
            if state.withLock({ $0.sources[source.name]?.index == nil }) { fail(source.name, Self.rolledBack) }
            return
        }
        guard shelf.hasDocument else { return }
        // INVARIANT: only the node in the chair writes; `catchUp` brings what it makes.
        guard chair?.isMine ?? true else {
            state.withLock { $0.sources[source.name]?.isLeft = true }
            return
        }
        guard state.withLock({ $0.busy.insert(source.name).inserted }) else { return }
        defer { state.withLock { _ = $0.busy.remove(source.name) } }
        await rebuild(source, SourceReading(source: source), why: "the settings changed", event: nil)
    }

    /// Whoever signed what the index was made from is named by the settings still.
    static func vouches(_ source: MetadataSource, for index: EntityIndex) -> Bool {
        guard let signer = index.facts.signer else { return source.keys.isEmpty }
        return source.keys.contains { Hexadecimal.encode(Digest.sha256($0.spki)) == signer }
    }

    // MARK: Publishing

    /// One new value when anything has changed; whoever reads has the old one or the new one, whole.
    func publish() {
        state.withLock { state in
            guard state.isDirty else { return }
            state.isDirty = false
            let views = state.sources.values.sorted { $0.source.name < $1.source.name }.compactMap { held in
                held.index.map { PublishedMembers.View(source: held.source, index: $0) }
            }
            members.publish(views, queries: state.queries.sorted { $0.key < $1.key }.map(\.value))
        }
    }

    /// `status.json`, for the operator's commands and monitoring.
    func write(now isForced: Bool) async {
        let now = clock()
        let isDue = state.withLock { state -> Bool in
            if !isForced, let last = state.writtenAt, last <= now, now.seconds(since: last) < Self.pace { return false }
            guard !state.sources.isEmpty || !state.queries.isEmpty || state.writtenAt != nil else { return false }
            state.writtenAt = now
            return true
        }
        guard isDue else { return }
        let health = MetadataHealth(at: now, sources: gauges())
        let (folder, logger) = (folder, logger)
        await offPool {
            do throws(DiskTrouble) {
                try folder.make()
                try folder.write(Self.health, health.json.bytes)
            } catch { logger.error("metadata state not written", metadata: ["why": "\(error)"]) }
        }
    }

    func draw() -> Draw { Draw(word: random.withLock { random in random.next() }) }
}
