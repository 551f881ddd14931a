import Cryptography
import Foundation
import GRDB

/// A copy of a store for a backup, made while others write into it. The files of a store that is open are not copied otherwise: what was
/// committed last stands beside the file, and the file itself changes meanwhile.
package enum StoreCopy {
    package enum Refusal: Error, Hashable, Sendable, CustomStringConvertible {
        case absent(path: String)
        case taken(path: String)
        /// What SQLite finds wrong with the copy. It is left where it is.
        case damaged([String])
        /// The copy is the store as it was, and its trail was changed. It is left where it is.
        case trail(at: Int64, String)

        package var code: String {
            switch self {
            case .absent: "backup.store.absent"
            case .taken: "backup.store.taken"
            case .damaged: "backup.store.damaged"
            case .trail: "backup.store.trail"
            }
        }

        /// Whether it is a finding about a copy that was made.
        package var leavesCopy: Bool {
            switch self {
            case .damaged, .trail: true
            case .absent, .taken: false
            }
        }

        package var description: String {
            switch self {
            case .absent(let path): "there is no store at `\(path)`"
            case .taken(let path): "`\(path)` is there already, or cannot be made"
            case .damaged(let faults): "the copy of the store is damaged: \(faults.joined(separator: "; "))"
            case .trail(let sequence, let why): "the audit trail is broken at record \(sequence): \(why)"
            }
        }
    }

    /// Copies the store at `path` as it is at one moment into the new file `target`, examines what was written and tells the head of its
    /// trail. Throws `StoreFileRefusal` when there is no store of ours or a newer one's at `path`. Migrates neither.
    package static func make(of path: String, at target: String) throws -> AuditHead {
        guard FileManager.default.fileExists(atPath: path) else { throw Refusal.absent(path: path) }
        let source = try StoreFile.patiently { try StoreFile.examined(path, waiting: .timeout(5)) }
        defer { try? source.close() }
        guard PrivateFile.make(target) else { throw Refusal.taken(path: target) }
        let copy = try DatabaseQueue(path: target)
        do {
            defer { try? copy.close() }
            // In one step, which is one read. In several, each commit of a server meanwhile would begin the copy anew.
            try source.backup(to: copy)
        }
        return try head(of: target)
    }

    /// Reads every page back through a connection of its own: what it finds is what the disk was given.
    private static func head(of path: String) throws -> AuditHead {
        let copy = try DatabaseQueue(path: path)
        // The last connection takes its side files with it.
        defer { try? copy.close() }
        let faults: [String]
        do { faults = try copy.read { try String.fetchAll($0, sql: "PRAGMA integrity_check(20)") } } catch let error as DatabaseError
            where error.resultCode == .SQLITE_CORRUPT
        { throw Refusal.damaged([error.message ?? "\(error.resultCode)"]) }
        guard faults == ["ok"] else { throw Refusal.damaged(faults) }
        var walk = AuditWalk()
        while true {
            switch try copy.read({ try walk.take(AuditWalk.page, of: $0) }) {
            case .holds(let records, let hash): return AuditHead(records: records, hash: hash)
            case .broken(let sequence, let why): throw Refusal.trail(at: sequence, why)
            case nil: continue
            }
        }
    }
}
