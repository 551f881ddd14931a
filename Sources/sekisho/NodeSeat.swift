import Foundation
import Settings
import Upkeep
import Vocabulary

/// The right to answer citizens from a store: one server's alone, or, under `store: shared: true`, that of several on this machine. It is a
/// lock of the system, so a server that was killed has let it go.
struct NodeSeat: Sendable {
    private let lock: FileLock

    /// Seconds that a server waits for the one before it to end.
    private static let patience = 10

    /// Held by a server on its way into the store: of several that start at once one makes the file, migrates it and writes down what begins.
    static func gate(_ store: Configuration.Store) throws -> FileLock {
        guard let gate = FileLock.waiting(for: store.path + ".start", .alone, seconds: 6 * patience) else {
            throw Taken.starting(store.path)
        }
        return gate
    }

    init(_ store: Configuration.Store) throws {
        let lock = FileLock.waiting(for: store.path + ".nodes", store.isShared ? .shared : .alone, seconds: Self.patience)
        guard let lock else { throw store.isShared ? Taken.byOneAlone(store.path) : Taken.byAnother(store.path) }
        self.lock = lock
    }

    enum Taken: Error, CustomStringConvertible {
        case starting(String)
        case byAnother(String)
        case byOneAlone(String)

        var description: String {
            switch self {
            case .starting(let path): "another server has been starting on \(path) for a minute"
            case .byAnother(let path):
                "another server answers from \(path): stop it, or write `store: {shared: true}` into sekisho.yaml for all of them"
            case .byOneAlone(let path):
                "a server without `store: {shared: true}` answers from \(path) and would not see what this one changes: stop it first"
            }
        }
    }
}
