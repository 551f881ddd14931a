import Synchronization

/// What was read from the file lately, so that a request that follows another reads nothing. The file stays the truth: whoever changes a
/// row forgets it here before and after the commit, and a read that began before a change is not kept.
///
/// INVARIANT: one process owns the file. What another process changed in it would not be seen here; where several nodes share the file,
/// whatever may change in a row has a memory that keeps nothing.
final class Memory<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private struct State {
        var kept: [Key: Value] = [:]
        /// Grows with every change; a value read under an older generation may be stale.
        var generation: UInt64 = 0
    }

    private let state = Mutex(State())
    private let capacity: Int

    /// Beyond `capacity` values it starts anew; with 0 it keeps none.
    init(capacity: Int) { self.capacity = capacity }

    /// The value kept for `key`, else what `read` finds; nil is not kept.
    func value(_ key: Key, orRead read: () async throws -> Value?) async throws -> Value? {
        let (kept, generation) = state.withLock { ($0.kept[key], $0.generation) }
        if let kept { return kept }
        guard let found = try await read() else { return nil }
        guard capacity > 0 else { return found }
        state.withLock { state in
            guard state.generation == generation else { return }
            if state.kept.count >= capacity { state.kept.removeAll(keepingCapacity: true) }
            state.kept[key] = found
        }
        return found
    }

    /// The value kept for `key`, without reading.
    func kept(_ key: Key) -> Value? { state.withLock { $0.kept[key] } }

    /// Keeps what was just written, for a row that never changes.
    func keep(_ value: Value, for key: Key) {
        guard capacity > 0 else { return }
        state.withLock { state in
            if state.kept.count >= capacity { state.kept.removeAll(keepingCapacity: true) }
            state.kept[key] = value
        }
    }

    /// Runs a change of the row behind `key`; nobody keeps what it was.
    func changing<Result>(_ key: Key?, _ change: () async throws -> Result) async throws -> Result {
        forget(key)
        defer { forget(key) }
        return try await change()
    }

    private func forget(_ key: Key?) {
        guard let key else { return }
        state.withLock { state in
            state.kept[key] = nil
            state.generation &+= 1
        }
    }
}
