package import Settings
import Synchronization
package import Vocabulary

/// The members of all sources, for whoever answers requests: an index by entityID on the disk, and the members that were asked for lately,
/// read. Look-ups take a lock for a few instructions and never wait for a refresh.
package final class PublishedMembers: MemberBook {
    struct View: Sendable {
        let source: MetadataSource
        let index: EntityIndex
    }

    /// Members that were asked for lately, in two halves: when the younger is full, the older goes.
    private struct State {
        var views: [View] = []
        var queries: [EntityQuery] = []
        var young: [MemberID: Registration] = [:]
        var old: [MemberID: Registration] = [:]
        var generation = 0
    }

    /// Of one half. A member has ten to thirty kilobytes.
    package static let half = 256

    private let state = Mutex(State())

    package init() {}

    /// In the order of the sources' names: of two that know an entity the first one counts.
    func publish(_ views: [View], queries: [EntityQuery]) {
        state.withLock { state in
            state.views = views
            state.queries = queries
            state.young = [:]
            state.old = [:]
            state.generation += 1
        }
    }

    package func registration(_ id: MemberID) -> Registration? {
        let (cached, views, queries, generation) = state.withLock {
            state -> (Registration?, [View], [EntityQuery], Int) in
            if let found = state.young[id] { return (found, [], [], 0) }
            if let found = state.old[id] {
                Self.keep(found, id, &state)
                return (found, [], [], 0)
            }
            return (nil, state.views, state.queries, state.generation)
        }
        if let cached { return cached }
        for view in views {
            guard let entity = view.index.entity(id, development: view.source.development),
                let registration = view.source.registration(of: entity)
            else { continue }
            state.withLock { state in
                if state.generation == generation { Self.keep(registration, id, &state) }
            }
            return registration
        }
        for query in queries {
            if let registration = query.known(id) { return registration }
        }
        return nil
    }

    private static func keep(_ registration: Registration, _ id: MemberID, _ state: inout State) {
        if state.young.count >= half {
            state.old = state.young
            state.young = [:]
        }
        state.young[id] = registration
    }

    package func issuer(ofArtifactsFrom source: [UInt8]) -> MemberID? {
        let (views, queries) = state.withLock { ($0.views, $0.queries) }
        return views.lazy.compactMap { $0.index.issuer(ofArtifactsFrom: source, development: $0.source.development) }.first
            ?? queries.lazy.compactMap { $0.issuer(ofArtifactsFrom: source) }.first
    }

    package func learn(artifactsFrom source: [UInt8]) async -> MemberID? {
        let queries = state.withLock { $0.queries }
        for query in queries { if let found = await query.learn(artifactsFrom: source) { return found } }
        return nil
    }

    package func learn(_ id: MemberID) async {
        let queries = state.withLock { $0.queries }
        for query in queries where await query.learn(id) { return }
    }

    package var count: Int {
        let (views, queries) = state.withLock { ($0.views, $0.queries) }
        return views.reduce(0) { $0 + $1.index.count } + queries.reduce(0) { $0 + $1.count }
    }
}
