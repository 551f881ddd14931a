import SAML
package import Settings
import Synchronization
package import Vocabulary

/// The members of all sources, for whoever answers requests: an index by entityID on the disk, and the members that were asked for lately,
/// read. Look-ups take a lock for a few instructions and never wait for a refresh.
package final class PublishedMembers: MemberBook {
    struct View: Sendable {
        let source: MetadataSource
        let index: EntityIndex

        /// Whether the document's end is one that the settings allow now.
        func counts(at now: Timestamp) -> Bool { source.validity.allows(index.facts.validUntil, at: now) }
    }

    private struct Known {
        let registration: Registration
        /// Past its end, and so is what every other document says of it: until a new one is published only a query may know better.
        let isLast: Bool
    }

    /// Members that were asked for lately, in two halves: when the younger is full, the older goes.
    private struct State {
        var views: [View] = []
        var queries: [EntityQuery] = []
        var young: [MemberID: Known] = [:]
        var old: [MemberID: Known] = [:]
        var generation = 0
    }

    /// Of one half. A member has ten to thirty kilobytes.
    package static let half = 256

    private let clock: @Sendable () -> Timestamp
    private let state = Mutex(State())

    package init(clock: @escaping @Sendable () -> Timestamp) { self.clock = clock }

    /// In the order of the sources' names: of two that know an entity the first one counts whose word is not past its end.
    func publish(_ views: [View], queries: [EntityQuery]) {
        state.withLock { state in
            state.views = views
            state.queries = queries
            state.young = [:]
            state.old = [:]
            state.generation += 1
        }
    }

    /// One that is past its end only where nobody knows better: its requests are refused with that word.
    package func registration(_ id: MemberID) -> Registration? {
        let now = clock()
        let (cached, views, queries, generation) = state.withLock {
            state -> (Known?, [View], [EntityQuery], Int) in
            let found = state.young[id] ?? state.old[id]
            if let found, state.young[id] == nil { Self.keep(found, id, &state) }
            return (found, state.views, state.queries, state.generation)
        }
        if let cached, !cached.registration.hasEnded(at: now) { return cached.registration }
        var ended = cached.flatMap { $0.isLast ? $0.registration : nil }
        if ended == nil {
            for view in views where view.counts(at: now) {
                guard let entity = view.index.entity(id, development: view.source.development),
                    let registration = view.source.registration(of: entity)
                else { continue }
                guard registration.hasEnded(at: now) else {
                    remember(Known(registration: registration, isLast: false), id, generation)
                    return registration
                }
                ended = ended ?? registration
            }
            if let ended { remember(Known(registration: ended, isLast: true), id, generation) }
        }
        for query in queries {
            if let registration = query.known(id) { return registration }
        }
        return ended
    }

    /// Unless other members have been published since.
    private func remember(_ known: Known, _ id: MemberID, _ generation: Int) {
        state.withLock { state in
            if state.generation == generation { Self.keep(known, id, &state) }
        }
    }

    private static func keep(_ known: Known, _ id: MemberID, _ state: inout State) {
        if state.young.count >= half {
            state.old = state.young
            state.young = [:]
        }
        state.young[id] = known
    }

    package func issuer(ofArtifactsFrom source: [UInt8]) -> MemberID? {
        let (views, queries) = current
        return views.lazy.compactMap { $0.index.issuer(ofArtifactsFrom: source, development: $0.source.development) }.first
            ?? queries.lazy.compactMap { $0.issuer(ofArtifactsFrom: source) }.first
    }

    package func learn(artifactsFrom source: [UInt8]) async -> MemberID? {
        let queries = state.withLock { $0.queries }
        for query in queries { if let found = await query.learn(artifactsFrom: source) { return found } }
        return nil
    }

    package func learn(_ id: MemberID) async {
        if let known = registration(id), !known.hasEnded(at: clock()) { return }
        let queries = state.withLock { $0.queries }
        for query in queries where await query.learn(id) { return }
    }

    private var current: ([View], [EntityQuery]) {
        let now = clock()
        let (views, queries) = state.withLock { ($0.views, $0.queries) }
        return (views.filter { $0.counts(at: now) }, queries)
    }
}

extension Registration {
    /// Whether its metadata is past its end.
    func hasEnded(at now: Timestamp) -> Bool {
        guard case .saml(let provider) = speech, let end = provider.validUntil else { return false }
        return end <= now
    }
}
