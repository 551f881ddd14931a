import Synchronization

/// The newest value of something that changes rarely and is read by every request: metadata, keys, policies, revocation lists.
package final class Published<Value: Sendable>: Sendable {
    private let state: Mutex<Value>

    package init(_ value: Value) { state = Mutex(value) }

    package var current: Value { state.withLock { $0 } }

    package func replace(_ value: Value) { state.withLock { $0 = value } }
}
