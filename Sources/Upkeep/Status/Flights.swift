import Synchronization

/// Of several callers that want the same thing at one time, one fetches it and all have it.
final class Flights<Key: Hashable & Sendable, Value: Sendable>: Sendable {
    private enum Seat {
        case pilot
        case passenger(Value?)
    }

    private let waiting = Mutex<[Key: [CheckedContinuation<Seat, Never>]]>([:])

    /// The value and whether another caller fetched it. `fetch` gives nil when its own caller left; then one of those who wait flies again.
    func share(_ key: Key, _ fetch: () async -> Value?) async -> (value: Value?, isShared: Bool) {
        while true {
            switch await seat(key) {
            case .pilot:
                let value = await fetch()
                for passenger in waiting.withLock({ $0.removeValue(forKey: key) ?? [] }) { passenger.resume(returning: .passenger(value)) }
                return (value, false)
            case .passenger(let value):
                if let value { return (value, true) }
                guard !Task.isCancelled else { return (nil, true) }
            }
        }
    }

    private func seat(_ key: Key) async -> Seat {
        await withCheckedContinuation { continuation in
            let isFirst = waiting.withLock { waiting in
                guard waiting[key] != nil else {
                    waiting[key] = []
                    return true
                }
                waiting[key]?.append(continuation)
                return false
            }
            if isFirst { continuation.resume(returning: .pilot) }
        }
    }
}
