package import Vocabulary

/// How the members' metadata fares at one moment: what `status.json` says and `sekisho metadata status` prints.
package struct MetadataHealth: Hashable, Sendable {
    package enum State: String, Sendable, CaseIterable {
        case ok
        /// Members are answered as they should; somebody has to look.
        case degraded
        /// Members of some source are refused.
        case stale
    }

    package let at: Timestamp
    package let sources: [SourceGauge]

    package init(at: Timestamp, sources: [SourceGauge]) {
        self.at = at
        self.sources = sources
    }

    package var state: State {
        if sources.contains(where: { $0.state == .absent || $0.state == .expired }) { return .stale }
        return sources.contains { $0.state == .aging || $0.held > 0 || $0.pause != nil } ? .degraded : .ok
    }

    package var json: JSON {
        .object([
            ("format", 1), ("at", .string(at.text)), ("state", .string(state.rawValue)), ("sources", .array(sources.map(\.json))),
        ])
    }

    /// For a door that strangers may read: the state and counts, no names.
    package var summary: JSON {
        .object([
            ("state", .string(state.rawValue)), ("sources", .integer(Int64(sources.count))),
            ("members", .integer(Int64(sources.reduce(0) { $0 + $1.entities }))),
            ("alarms", .integer(Int64(sources.count(where: \.isAlarm)))),
        ])
    }
}
